"""A node under test: the real `build/mineward serve` as a process, in a data folder of its own.

    world = make_world(folder, mines=20, points=30)   # organisations, mines, accounts, bearer tokens; no uploads yet
    node = Node(world)
    node.start()                                      # waits until /readyz answers
    node.kill()                                       # SIGKILL; start() again on the same folder
    node.stop()                                       # SIGTERM, waits for the end

World.tokens: account name -> bearer token. Accounts: "admin" (system_admin), "auditor", "county" (county_officer), and for mine
number i (from 0) "up<i>" (uploader), "disp<i>" (dispatcher), "safe<i>" (safety_officer).
"""
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import time
from dataclasses import dataclass, field

from client import Client, Gone, Refused
from upload_files import gas_points, rfc3339

TREE = pathlib.Path(__file__).resolve().parent.parent.parent.parent
PROGRAM = os.environ.get("MW_PROGRAM", str(TREE / "build/mineward"))


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


@dataclass
class Mine:
    index: int
    code: str
    points: list
    id: str = ""


@dataclass
class World:
    folder: pathlib.Path
    mines: list = field(default_factory=list)
    tokens: dict = field(default_factory=dict)
    passwords: dict = field(default_factory=dict)

    def save(self, file):
        file.write_text(json.dumps({"tokens": self.tokens, "passwords": self.passwords, "mines": [
            {"index": m.index, "code": m.code, "id": m.id, "points": len(m.points)} for m in self.mines]}))

    @staticmethod
    def load(folder, file):
        raw = json.loads(file.read_text())
        mines = [Mine(m["index"], m["code"], gas_points(m["code"], m["points"]), m["id"]) for m in raw["mines"]]
        return World(pathlib.Path(folder), mines, raw["tokens"], raw["passwords"])


class Node:
    def __init__(self, world, log=None, wrapper=(), environment=None):
        self.world = world
        self.port = free_port()
        self.process = None
        self.log = log or (world.folder.parent / (world.folder.name + ".log"))
        self.wrapper, self.environment = list(wrapper), environment

    def start(self, now=None, ready=True, deadline=60.0):
        command = [*self.wrapper, PROGRAM, "serve", "--data", str(self.world.folder), "--listen", f"127.0.0.1:{self.port}"]
        if now is not None:
            command += ["--now", rfc3339(int(now))]
        self.logfile = open(self.log, "ab")
        self.process = subprocess.Popen(command, stdout=self.logfile, stderr=self.logfile, env=self.environment)
        if ready:
            self.wait_ready(deadline)

    def wait_ready(self, deadline=60.0):
        until = time.monotonic() + deadline
        while time.monotonic() < until:
            if self.process.poll() is not None:
                raise RuntimeError(f"the node ended with {self.process.returncode}: {self.tail()}")
            try:
                status, _, _ = Client(self.port, timeout=5).raw("GET", "/readyz")
                if status == 200:
                    return
            except Gone:
                pass
            time.sleep(0.01)
        raise RuntimeError(f"the node was not ready within {deadline} s: {self.tail()}")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.logfile.close()

    def stop(self, deadline=60.0):
        """Exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(deadline)
        self.logfile.close()
        return code

    def end(self):
        if self.process and self.process.poll() is None:
            self.kill()

    def tail(self, size=3000):
        return pathlib.Path(self.log).read_bytes()[-size:].decode("utf-8", "replace")

    def client(self, account="", timeout=60.0, patient=False):
        return Client(self.port, self.world.tokens.get(account, ""), timeout, patient=patient)

    def memory_kib(self, kind="VmRSS"):
        """`kind`: VmRSS = all, RssAnon = what the program asked for, RssFile = mapped files, which the kernel can take back."""
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith(kind + ":"):
                return int(line.split()[1])
        return 0


def verify(folder):
    """(exit code, text) of `mineward verify` on a node that does not run."""
    done = subprocess.run([PROGRAM, "verify", "--data", str(folder)], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def _region_yaml(mines):
    out = ["regions:",
           '  - {code: "990000", name: 测试省, level: province}',
           '  - {code: "990100", name: 测试市, level: city, parent: "990000"}',
           '  - {code: "990101", name: 测试县, level: county, parent: "990100"}',
           "organisations:",
           '  - {code: "990101-YJ", name: 测试县局, kind: regulator, level: county, region: "990101"}']
    for m in mines:
        out.append(f'  - {{code: "{m.code}", name: 测试矿{m.index}公司, kind: mine, level: mine, region: "990101", parent: "990101-YJ"}}')
    out += ["mines: []", "people: []", "accounts:",
            '  - {name: admin, display_name: 系统管理员, organisation: "990101-YJ", roles: [system_admin]}',
            '  - {name: auditor, display_name: 审计员, organisation: "990101-YJ", roles: [auditor]}',
            '  - {name: county, display_name: 县监管员, organisation: "990101-YJ", roles: [county_officer]}']
    for m in mines:
        for name, title, role in (("up", "上传", "uploader"), ("disp", "调度员", "dispatcher"), ("safe", "安全员", "safety_officer")):
            out.append(f'  - {{name: {name}{m.index}, display_name: {title}{m.index}, organisation: "{m.code}", roles: [{role}]}}')
    return "\n".join(out) + "\n"


def make_world(folder, mines=20, points=30, config=""):
    """A fresh data folder `folder` (made by `mineward demo` from a region of our own, without readings)."""
    folder = pathlib.Path(folder)
    world = World(folder)
    for i in range(mines):
        code = f"9901010{i + 1:05d}"
        world.mines.append(Mine(i, code, gas_points(code, points)))
    examples = folder.parent / (folder.name + ".region")
    examples.mkdir(parents=True)
    (examples / "region.yaml").write_text(_region_yaml(world.mines))
    (examples / "month.yaml").write_text("routines: []\n")
    (examples / "month-photo.png").write_bytes((TREE / "examples/month-photo.png").read_bytes())
    (examples / "longwall").symlink_to(TREE / "examples/longwall")
    subprocess.run([PROGRAM, "demo", "--no-serve", "--examples", str(examples), "--data", str(folder), "--hours", "0.1"], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    shutil.rmtree(examples)
    world.passwords = {row["name"]: row["password"] for row in json.loads((folder / "sign-in.json").read_text())}
    (folder / "config.yaml").write_text(
        "server:\n  requests_per_minute: 1000000\nlog:\n  level: warning\n" + config)
    node = Node(world)
    node.start()
    try:
        admin = node.client()
        admin.sign_in("admin", world.passwords["admin"])
        ids = {row["fields"]["name"]: row["id"] for row in admin.records("account")}
        for name, account in ids.items():
            world.tokens[name] = admin.post(f"/api/v1/accounts/{account}/token")["token"]
        organisations = {row["fields"]["code"]: row["id"] for row in admin.records("organisation")}
        county = node.client("county")
        for m in world.mines:
            m.id = county.post("/api/v1/records/mine", {"fields": {
                "code": m.code, "name": f"测试矿{m.index}", "organisation": organisations[m.code], "kind": "coal", "status": "producing",
                "gas_class": "high", "headcount_quota": 150, "stay_limit": 12}})["id"]
    finally:
        node.stop()
    return world


__all__ = ["Node", "World", "Mine", "make_world", "verify", "Client", "Gone", "Refused", "TREE"]
