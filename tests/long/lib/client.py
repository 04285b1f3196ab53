"""A client of a node over HTTP, as a mine's upload host or a person's browser would be: one connection, kept open."""
import http.client
import json
import socket
import time
import urllib.parse


class Gone(Exception):
    """No answer: the connection broke or could not be made. What was asked for may or may not have been done."""


class Refused(Exception):
    def __init__(self, status, body, headers):
        error = body.get("error", {}) if isinstance(body, dict) else {}
        super().__init__(f"{status} {error.get('code', '')} {error.get('message', '')} {error.get('faults', '') or ''}".strip())
        self.status, self.body, self.headers = status, body, headers
        self.code = error.get("code", "")
        self.retry_after = int(headers.get("Retry-After") or error.get("retry_after") or 0)


class Client:
    """Not for several threads at once. `ask` gives the parsed JSON of a 2xx (and 422 of an upload) and raises otherwise."""

    def __init__(self, port, token="", timeout=60.0, host="127.0.0.1", patient=False):
        """`patient`: waits and asks again when told that it asked too often (429)."""
        self.host, self.port, self.token, self.timeout, self.patient = host, port, token, timeout, patient
        self.connection = None
        self.cookie = self.csrf = ""

    def close(self):
        if self.connection:
            self.connection.close()
            self.connection = None

    def raw(self, method, path, body=b"", content_type="application/json", headers=None):
        """(status, headers, bytes)."""
        while True:
            status, answered, data = self._once(method, path, body, content_type, headers)
            if not (self.patient and status == 429):
                return status, answered, data
            time.sleep(min(1.0, float(answered.get("Retry-After") or 1)))

    def _once(self, method, path, body, content_type, headers):
        sent = dict(headers or {})
        if self.token:
            sent["Authorization"] = "Bearer " + self.token
        if self.cookie:
            sent["Cookie"] = self.cookie
            sent["X-CSRF-Token"] = self.csrf
        if body:
            sent["Content-Type"] = content_type
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection(self.host, self.port, timeout=self.timeout)
                self.connection.connect()
                self.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.connection.request(method, path, body=body, headers=sent)
            answer = self.connection.getresponse()
            data = answer.read()
        except (OSError, http.client.HTTPException) as e:
            self.close()
            raise Gone(repr(e)) from e
        if answer.getheader("Connection", "").lower() == "close":
            self.close()
        return answer.status, answer.headers, data

    def ask(self, method, path, body=None, also=()):
        data = json.dumps(body).encode() if isinstance(body, (dict, list)) else (body or b"")
        kind = "application/json" if isinstance(body, (dict, list)) else "application/octet-stream"
        status, headers, answer = self.raw(method, path, data, kind)
        try:
            parsed = json.loads(answer) if answer else {}
        except ValueError:
            parsed = {"text": answer.decode("utf-8", "replace")}
        if 200 <= status < 300 or status in also:
            return parsed
        raise Refused(status, parsed, headers)

    def get(self, path, **query):
        return self.ask("GET", path + ("?" + urllib.parse.urlencode(query) if query else ""))

    def post(self, path, body=None):
        return self.ask("POST", path, {} if body is None else body)

    def patch(self, path, body):
        return self.ask("PATCH", path, body)

    def sign_in(self, name, password):
        """By cookie, as a browser."""
        status, headers, data = self.raw("POST", "/api/v1/session", json.dumps({"name": name, "password": password}).encode())
        if status != 200:
            raise Refused(status, json.loads(data), headers)
        self.cookie = headers["Set-Cookie"].split(";")[0]
        self.csrf = json.loads(data)["csrf"]

    def upload(self, name, body):
        """The receipt, also of a file that was rejected (its `verdict` says so)."""
        return self.ask("POST", "/api/v1/upload?name=" + urllib.parse.quote(name), body, also=(422,))

    def attach(self, name, body):
        return self.ask("POST", "/api/v1/attachments?name=" + urllib.parse.quote(name), body)

    def pages(self, path, field, cursor_in, cursor_out="next", **query):
        """All rows of a list that has a cursor."""
        after = None
        while True:
            page = self.get(path, **query, **({cursor_in: after} if after else {}))
            yield from page[field]
            after = page.get(cursor_out)
            if not after:
                return

    def records(self, kind, **query):
        return self.pages(f"/api/v1/records/{kind}", "records", "after", limit=200, **query)
