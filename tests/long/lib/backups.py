"""`mineward backup` and `restore` as commands, and what a backup must hold, compared with a ledger and with the node it was taken of."""
import hashlib
import os
import pathlib
import sqlite3
import subprocess

from ledger import Ledger
from node import PROGRAM, Node, World, verify
from upload_files import rfc3339


def command(*words, crash_at=""):
    """(exit code, text); -9 when it was killed."""
    environment = dict(os.environ, MINEWARD_CRASH_AT=crash_at) if crash_at else None
    done = subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True, check=False, env=environment)
    return done.returncode, done.stdout + done.stderr


def log_head(folder):
    """(seq, hash) of the newest entry of the change log."""
    with sqlite3.connect(f"file:{folder}/records.db?mode=ro", uri=True) as db:
        return db.execute("SELECT seq, hash FROM change_log ORDER BY seq DESC LIMIT 1").fetchone()


def log_hash(folder, seq):
    with sqlite3.connect(f"file:{folder}/records.db?mode=ro", uri=True) as db:
        row = db.execute("SELECT hash FROM change_log WHERE seq = ?", (seq,)).fetchone()
        return row[0] if row else None


def samples_of(node, begin, end):
    """{point code: [(at, value, state)]} of everything between two seconds, over HTTP."""
    county, out = node.client("county", timeout=120, patient=True), {}
    for mine in node.world.mines:
        for row in county.records("point", **{"f.mine": mine.id}):
            found, at = [], begin
            while at < end:
                piece = county.get(f"/api/v1/points/{row['id']}/series", **{"from": rfc3339(at), "to": rfc3339(min(end, at + 21600)), "width": "0s"})
                assert not piece.get("cut_short")
                found += [tuple(sample) for sample in piece["samples"]]
                at += 21600
            out[row["fields"]["code"]] = found
    county.close()
    return out


def digest(samples):
    return hashlib.sha256(repr(samples).encode()).hexdigest()


def restored(world, archive, folder):
    """(world over the restored folder, faults)."""
    code, text = command("restore", "--data", folder, archive)
    if code != 0:
        return None, [f"restore of {archive.name}: exit {code}: {text.strip()}"]
    return World(pathlib.Path(folder), world.mines, world.tokens, world.passwords), []


def compare_restored(world, archive, folder, told_before, now, live=None, live_log=None, span=None):
    """What is wrong with a backup: it opens, verifies, holds everything in the ledger file `told_before`; its log is the beginning of the
    log of `live_log` (a data folder), its samples the beginning of those of `live` (a node), each point by itself. Also gives figures."""
    there, faults = restored(world, archive, folder)
    figures = {"files": 0, "samples": 0, "log": 0, "points": 0}
    if faults:
        return faults, figures
    seq, hash_ = log_head(folder)
    figures["log"] = seq
    if live_log is not None and log_hash(live_log, seq) != hash_:
        faults.append(f"{archive.name}: the log head at {seq} is not that of the live node")
    code, text = verify(folder)
    if code != 0:
        faults.append(f"{archive.name}: verify: {text.strip()}")
    node = Node(there)
    try:
        node.start(now=now)
        book = Ledger(told_before)
        faults += [f"{archive.name}: {fault}" for fault in book.compare(node)]
        figures["files"], figures["samples"] = len(book.uploads), book.samples
        if live is not None:
            there_samples, live_samples = samples_of(node, *span), samples_of(live, *span)
            for code, have in there_samples.items():
                figures["points"] += 1
                if digest(have) != digest(live_samples.get(code, [])[:len(have)]):
                    faults.append(f"{archive.name}: the samples of {code} are not the first {len(have)} of the live node")
        if node.stop() != 0:
            faults.append(f"{archive.name}: the restored node did not end with 0")
    finally:
        node.end()
    return faults, figures
