"""A keep-alive HTTP client, and a WebSocket client (RFC 6455), as far as the measurements and tests/long need them."""
import base64
import http.client
import json
import os
import socket
import struct
import time


class Web:
    """One connection to a server of this machine. A connection that the server has closed is opened again."""

    def __init__(self, port, headers=None):
        self.port = port
        self.headers = dict(headers or {})
        self._connection = None

    def _connect(self):
        self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        self._connection.connect()
        self._connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, method, target, body=None, headers=None):
        """(status, body, headers)"""
        if self._connection is None:
            self._connect()
        try:
            return self._exchange(method, target, body, headers)
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            self._connect()
            return self._exchange(method, target, body, headers)

    def _exchange(self, method, target, body, headers):
        self._connection.request(method, target, body=body, headers={**self.headers, **(headers or {})})
        answer = self._connection.getresponse()
        return answer.status, answer.read(), answer.headers

    def get(self, target):
        """The body of an answer that must be a 2xx."""
        status, body, _ = self.ask("GET", target)
        if status // 100 != 2:
            raise RuntimeError(f"GET {target}: {status} {body[:500]!r}")
        return body

    def json(self, method, target, body=None):
        text = None if body is None else json.dumps(body)
        headers = {"Content-Type": "application/json"} if text else None
        status, answer, _ = self.ask(method, target, text, headers)
        if status // 100 != 2:
            raise RuntimeError(f"{method} {target}: {status} {answer[:500]!r}")
        return json.loads(answer) if answer else None


def timed(ask):
    """Milliseconds that a call took, and what it gave."""
    began = time.perf_counter()
    answer = ask()
    return (time.perf_counter() - began) * 1000, answer


class LiveSocket:
    """A WebSocket as a browser opens it. receive() gives one text message; it answers pings itself. When it raises TimeoutError it may
    be called again: nothing is lost."""

    def __init__(self, port, target, headers, seconds=30):
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=seconds)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [f"GET {target} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Upgrade: websocket", "Connection: Upgrade",
                 "Sec-WebSocket-Version: 13", f"Sec-WebSocket-Key: {key}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        self._socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        self._buffer = b""
        while b"\r\n\r\n" not in self._buffer:
            self._more()
        head, self._buffer = self._buffer.split(b"\r\n\r\n", 1)
        if b" 101 " not in head.split(b"\r\n", 1)[0]:
            raise RuntimeError(f"no WebSocket: {head[:300]!r}")

    def _more(self):
        piece = self._socket.recv(1 << 16)
        if not piece:
            raise ConnectionError("the server closed the WebSocket")
        self._buffer += piece

    def _need(self, count):
        while len(self._buffer) < count:
            self._more()

    def _frame(self):
        """Takes nothing from the buffer before all of a frame is there."""
        self._need(2)
        length, head = self._buffer[1] & 127, 2
        if length >= 126:
            size, kind = (2, ">H") if length == 126 else (8, ">Q")
            self._need(2 + size)
            length, head = struct.unpack_from(kind, self._buffer, 2)[0], 2 + size
        self._need(head + length)
        opcode, data = self._buffer[0] & 15, self._buffer[head:head + length]
        self._buffer = self._buffer[head + length:]
        return opcode, data

    def send(self, text, opcode=1):
        data, mask = text.encode() if isinstance(text, str) else text, os.urandom(4)
        if len(data) > 65535:
            raise ValueError("longer than a browser would send here")
        size = bytes([128 | len(data)]) if len(data) < 126 else bytes([128 | 126]) + struct.pack(">H", len(data))
        self._socket.sendall(bytes([128 | opcode]) + size + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(data)))

    def receive(self):
        while True:
            opcode, data = self._frame()
            if opcode == 1:
                return data.decode()
            if opcode == 9:
                self.send(data, 10)
            if opcode == 8:
                raise ConnectionError(f"the server closed the WebSocket with {int.from_bytes(data[:2], 'big')}")

    def close(self):
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self._socket.close()
