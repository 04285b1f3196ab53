"""Row b, second half: bytes a sample of the real longwall series (examples/longwall; test input only).

One mine's series is 80,000 samples: files of databases are hardly filled by it. So forty mines send it, as many as a county
has; no store here packs the series of one mine with the help of another's.
"""
import datetime

from feed import DAY_MS, beijing, write_manifest
from machine import ROOT, run, say
from ours import Mineward
from peers import InfluxDB, VictoriaMetrics
from rows_store import size_rows

LINES_A_FILE = 10_000
ROWS_A_FILE = 500
DAYS_BEFORE = 10  # the series is not five days long; all of it lies in the past then
FIRST_MINE = "990101000001"  # of the mapping file


def _mapping(folder, mine, now_s):
    """The mapping file with another mine, and a start that every store still keeps."""
    start = beijing(int(now_s * 1000) // DAY_MS * DAY_MS - DAYS_BEFORE * DAY_MS).strftime("%Y-%m-%d %H:%M:%S")
    lines = (ROOT / "examples/longwall/mapping.yaml").read_text(encoding="utf-8").replace(FIRST_MINE, mine).splitlines()
    path = folder / "mapping.yaml"
    path.write_text("\n".join(f"start: {start}" if line.startswith("start:") else line for line in lines), encoding="utf-8")
    return path


def _make_files(build, folder, mine, now_s):
    files = folder / "longwall" / mine
    run(build / "example_files", "longwall", ROOT / "examples/longwall/methane-train.arff", "--mapping", _mapping(folder, mine, now_s),
        "--out", files, "--rows-per-file", ROWS_A_FILE)
    for path in files.glob("*_KGBH_*"):
        path.unlink()  # switch changes, which the readings have too; the peers get the readings only
    return sorted(files.glob("*_CDDY_*")) + sorted(files.glob("*_CDSS_*"))


def _lines_of(files):
    """The readings with a value as line protocol."""
    out = []
    zone = datetime.timezone(datetime.timedelta(hours=8))
    for path in files:
        if "_CDSS_" not in path.name:
            continue
        for record in path.read_text(encoding="utf-8").split("~")[1:]:
            fields = record.split(";")
            if len(fields) < 7 or not fields[3]:
                continue
            at = datetime.datetime.fromisoformat(fields[6]).replace(tzinfo=zone)
            out.append(f"m,point={fields[0]} v={fields[3]} {int(at.timestamp())}000000000\n")
    return out


def _post(store, build, folder, jobs, *expected):
    run(build / "post_files", store.port, 4, write_manifest(folder / "manifest", jobs), *expected)


def _feed_ours(ours, build, folder, files):
    jobs = [(lane, ours.upload_target(path.name), ours.tokens[mine], path)
            for lane, (mine, paths) in enumerate(files.items()) for path in paths]
    _post(ours, build, folder, jobs, '"verdict":"accepted"')


def _feed_peer(peer, build, folder, lines):
    jobs = []
    for i in range(0, len(lines), LINES_A_FILE):
        path = folder / f"lines-{i}"
        path.write_text("".join(lines[i:i + LINES_A_FILE]), encoding="utf-8")
        jobs.append((0, peer.write_target(), "", path))
    _post(peer, build, folder, jobs)


def longwall(build, folder, now_s):
    say("size of the real longwall series")
    stores = [kind(folder) for kind in (VictoriaMetrics, InfluxDB)] + [Mineward(folder, build)]
    try:
        *peers, ours = stores
        files = {mine: _make_files(build, folder, mine, now_s) for mine in ours.tokens}
        lines = _lines_of([path for paths in files.values() for path in paths])
        _feed_ours(ours, build, folder, files)
        for peer in peers:
            _feed_peer(peer, build, folder, lines)
        for store in stores:
            store.settle()
        return size_rows(f"real longwall series ({len(lines) / 1e6:.1f} M)", ours, peers, len(lines))
    finally:
        for store in stores:
            store.stop()
