"""The machine, the tree and the folder that a run works in."""
import datetime
import pathlib
import platform
import shutil
import socket
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


def say(text):
    """Progress, for whoever waits; results go to stdout."""
    print(f"bench: {text}", file=sys.stderr, flush=True)


def run(*command, **more):
    """Output of a command that must succeed."""
    command = [str(part) for part in command]
    result = subprocess.run(command, capture_output=True, text=True, check=False, **more)
    if result.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: exit {result.returncode}\n{result.stdout[-2000:]}{result.stderr[-2000:]}")
    return result.stdout


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def size_below(folder, without=()):
    """Bytes of all files below a folder; those with a path part named in `without` are left out."""
    paths = (p for p in pathlib.Path(folder).rglob("*") if p.is_file() and not set(without) & set(p.parts))
    return sum(p.stat().st_size for p in paths)


class Scratch:
    """A temporary folder for a `with` statement; removed at the end, whatever happens."""

    def __enter__(self):
        self.path = pathlib.Path(tempfile.mkdtemp(prefix="mw-bench."))
        return self.path

    def __exit__(self, *_):
        shutil.rmtree(self.path, ignore_errors=True)


def _first(path, key):
    for line in pathlib.Path(path).read_text(encoding="utf-8").splitlines():
        if line.startswith(key):
            return line.split(":", 1)[1].strip()
    return "unknown"


def _version(package):
    return run("dpkg-query", "-W", "-f", "${Version}", package)


def describe():
    """What every figure depends on, as (name, value) pairs."""
    cores = run("nproc").strip()
    memory = int(_first("/proc/meminfo", "MemTotal").split()[0]) / 1024 / 1024
    commit = run("git", "-C", ROOT, "rev-parse", "--short=12", "HEAD").strip()
    if run("git", "-C", ROOT, "status", "--porcelain", "--untracked-files=no").strip():
        commit += " and changes that are not committed"
    return [
        ("processor", f"{_first('/proc/cpuinfo', 'model name')}, {cores} cores"),
        ("memory", f"{memory:.0f} GiB"),
        ("kernel", f"{platform.system()} {platform.release()}"),
        ("date", datetime.datetime.now().astimezone().strftime("%Y-%m-%d %H:%M %z")),
        ("commit", commit),
        ("VictoriaMetrics", _version("victoria-metrics")),
        ("InfluxDB", _version("influxdb")),
    ]


def stolen_seconds():
    """Processor time that the host took from this machine since it started."""
    fields = pathlib.Path("/proc/stat").read_text(encoding="ascii").split("\n", 1)[0].split()
    return int(fields[8]) / 100
