"""A Mineward node over a data folder, used from outside: through its command line and over HTTP."""
import datetime
import json
import urllib.parse

from machine import free_port, run, size_below
from server import Server
from web import Web

OFFICE = "990101-YJ"  # the county of bench/intake_bench.cpp
PASSWORD = "a long phrase for measuring"


class Mineward:
    name = "Mineward"

    def __init__(self, folder, build):
        """A new node with the mines of intake_bench, one uploader a mine (as in service), and a county officer."""
        self.folder, self.port = folder / "node", free_port()
        self._program = build / "mineward"
        officer = self._prepare(build)
        admin_password = run(self._program, "user", "add", "bench-admin", "--data", self.folder, "--display-name", "测速管理员",
                             "--organisation", OFFICE, "--role", "system_admin").strip()
        # One address stands for forty mines and an office here: the limit for one address would be measured.
        (self.folder / "config.yaml").write_text("server:\n  requests_per_minute: 1000000\n", encoding="utf-8")
        self.start()
        self.tokens = self._make_uploaders(self._sign_in("bench-admin", admin_password, change=True))
        self.officer = self._sign_in(*officer)
        self._points = None

    def _prepare(self, build):
        for line in run(build / "intake_bench", "--prepare", self.folder).splitlines():
            if line.startswith("officer "):
                return line.split()
        raise RuntimeError("intake_bench --prepare names no officer")

    def start(self):
        command = [self._program, "serve", "--data", self.folder, "--listen", f"127.0.0.1:{self.port}"]
        self.server = Server(self.name, command, self.folder.with_suffix(".log"), self._is_ready)

    def _is_ready(self):
        return Web(self.port).ask("GET", "/readyz")[0] == 200

    def _sign_in(self, name, password, change=False):
        """A browser's connection: cookie and CSRF token."""
        web = Web(self.port)
        body = json.dumps({"name": name, "password": password})
        status, answer, headers = web.ask("POST", "/api/v1/session", body, {"Content-Type": "application/json"})
        if status != 200:
            raise RuntimeError(f"sign-in of {name}: {status} {answer[:300]!r}")
        web.headers = {"Cookie": headers["Set-Cookie"].split(";")[0], "X-CSRF-Token": json.loads(answer)["csrf"]}
        if change:
            web.json("POST", "/api/v1/session/password", {"old": password, "new": PASSWORD})
        return web

    def _make_uploaders(self, admin):
        tokens = {}
        for mine in admin_list(admin, "mine"):
            code = mine["fields"]["code"]
            fields = {"name": f"uploader-{code}", "display_name": "上传机", "organisation": mine["fields"]["organisation"],
                      "roles": ["uploader"]}
            account = admin.json("POST", "/api/v1/records/account", {"fields": fields})
            tokens[code] = "Bearer " + admin.json("POST", f"/api/v1/accounts/{account['id']}/token", {})["token"]
        return tokens

    def upload_target(self, name):
        return "/api/v1/upload?" + urllib.parse.urlencode({"name": name})

    def points(self):
        """{point code: record id}, of every mine."""
        if self._points is None:
            self._points = {p["fields"]["code"]: p["id"] for p in admin_list(self.officer, "point")}
        return self._points

    def samples_of(self, point, begin_ms, end_ms):
        query = urllib.parse.urlencode({"from": rfc3339(begin_ms), "to": rfc3339(end_ms), "width": "0"})
        return self.officer.get(f"/api/v1/points/{self.points()[point]}/series?{query}")

    @staticmethod
    def read_samples(body):
        return [(at, value) for at, value, _state in json.loads(body)["samples"]]

    def latest(self, _at_ms):
        return self.officer.get("/api/v1/latest")

    def read_latest(self, body):
        codes = {id_: code for code, id_ in self.points().items()}
        return {codes[p[0]]: p[1] for mine in json.loads(body)["mines"] for p in mine["points"]}

    def settle(self):
        """A clean stop seals all samples in blocks and cuts the journal."""
        self.server.stop()
        self.start()

    def size(self):
        return size_below(self.folder / "history/blocks")

    def whole(self):
        """With the five-minute statistics, the keys of uploads and the journal; the records lie elsewhere."""
        return size_below(self.folder / "history")

    def stop(self):
        self.server.stop()


def admin_list(web, record_type):
    """Every record of a type that the account may see."""
    out, after = [], ""
    while after is not None:
        page = web.json("GET", f"/api/v1/records/{record_type}?limit=500&sort=id&after={urllib.parse.quote(after)}")
        out += page["records"]
        after = page["next"]
    return out


def rfc3339(ms):
    zone = datetime.timezone(datetime.timedelta(hours=8))
    return datetime.datetime.fromtimestamp(ms / 1000, zone).isoformat(timespec="milliseconds")
