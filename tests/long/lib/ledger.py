"""What a client was told, kept outside the program under test, and the comparison with what the store says later.

    book = Ledger(file)                       # appends JSON lines, each synced before note_* returns
    book.note_upload(mine, name, readings, receipt)     # readings: (point code, event second, value) of a file that was acknowledged
    book.note_record(kind, id, version, state, fields)  # a record change that was acknowledged
    book.note_step(kind, id, step, version)             # a workflow step that was acknowledged
    book.note_attachment(account, stored, body)
    faults = book.compare(node)               # list of texts, empty = everything acknowledged is there, once, with its value

Another process may read the file back: Ledger(file) loads what is there. Any thread.
"""
import hashlib
import json
import os
import threading
from collections import Counter, defaultdict

from client import Refused
from upload_files import rfc3339

TAKEN = ("accepted", "partial", "correction", "stale")


class Ledger:
    def __init__(self, file):
        self.lock = threading.Lock()
        self.uploads = {}       # (mine code, name) -> readings
        self.records = {}       # (kind, id) -> newest version known, state
        self.fields = {}        # (kind, id) -> fields given when it was made
        self.changes = []       # (kind, id, version)
        self.steps = defaultdict(list)   # (kind, id) -> steps
        self.attachments = {}   # sha256 -> (account, size)
        self.acknowledged = 0
        self.samples = 0
        try:
            with open(file, "rb") as old:
                for line in old:
                    self._take(json.loads(line))
        except FileNotFoundError:
            pass
        self.out = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def _note(self, entry):
        with self.lock:
            os.write(self.out, (json.dumps(entry, ensure_ascii=False) + "\n").encode())
            os.fdatasync(self.out)
            self._take(entry)

    def _take(self, e):
        kind = e["kind"]
        self.acknowledged += 1
        if kind == "upload":
            self.uploads[(e["mine"], e["name"])] = [tuple(r) for r in e["readings"]]
            self.samples += len(e["readings"])
        elif kind == "record":
            key = (e["type"], e["id"])
            self.records[key] = (e["version"], e["state"])
            if e.get("fields"):
                self.fields[key] = e["fields"]
            self.changes.append((e["type"], e["id"], e["version"]))
            if e.get("step"):
                self.steps[key].append(e["step"])
        elif kind == "attachment":
            self.attachments[e["sha256"]] = (e["account"], e["size"])

    def note_upload(self, mine, name, readings, receipt):
        if receipt["verdict"] not in TAKEN + ("duplicate",):
            raise ValueError(f"{name} was not taken: {receipt}")
        self._note({"kind": "upload", "mine": mine, "name": name, "verdict": receipt["verdict"],
                    "readings": [[p, at, v] for p, at, v in readings]})

    def note_record(self, kind, record, fields=None, step=None):
        self._note({"kind": "record", "type": kind, "id": record["id"], "version": record["version"], "state": record.get("state"),
                    "fields": fields, "step": step})

    def note_attachment(self, account, stored, body):
        """A file that no record names yet is shown to nobody but its sender: `account` asks for it later."""
        assert stored["sha256"] == hashlib.sha256(body).hexdigest()
        self._note({"kind": "attachment", "sha256": stored["sha256"], "size": len(body), "account": account})

    # ---- comparison

    def compare(self, node, newest=None):
        """`newest`: a cheap check of so many uploads and records instead of everything."""
        faults = []
        county = node.client("county", patient=True)
        self._compare_uploads(node, county, faults, newest)
        self._compare_records(county, faults, newest)
        if newest is None:
            self._compare_samples(node, county, faults)
            self._compare_log(node, faults)
            readers = {account: node.client(account, patient=True) for account, _ in self.attachments.values()}
            for sha, (account, size) in self.attachments.items():
                status, _, body = readers[account].raw("GET", f"/api/v1/attachments/{sha}")
                if status != 200 or len(body) != size or hashlib.sha256(body).hexdigest() != sha:
                    faults.append(f"attachment {sha} was acknowledged and is {f'not there: {status}' if status != 200 else 'different'}")
            for reader in readers.values():
                reader.close()
        county.close()
        return faults

    def _compare_uploads(self, node, county, faults, newest):
        by_mine = defaultdict(list)
        for mine, name in self.uploads:
            by_mine[mine].append(name)
        for mine in node.world.mines:
            wanted = by_mine.get(mine.code, [])
            if not wanted:
                continue
            if newest is not None:
                rows = county.get("/api/v1/uploads", mine=mine.id, limit=500)["rows"]
                wanted = wanted[-newest:]
            else:
                rows = county.pages("/api/v1/uploads", "rows", "before", mine=mine.id, limit=500)
            taken = Counter(row["file_name"] for row in rows if row["verdict"] in TAKEN)
            for name in wanted:
                if taken[name] == 0:
                    faults.append(f"upload {name} was acknowledged and is not in the upload ledger")
            for name, times in taken.items():
                if times > 1:
                    faults.append(f"upload {name} stands {times} times in the upload ledger as taken")

    def _compare_records(self, county, faults, newest):
        keys = list(self.records) if newest is None else list(self.records)[-newest:]
        for kind, id in keys:
            version, state = self.records[(kind, id)]
            try:
                found = county.get(f"/api/v1/records/{kind}/{id}")
            except Refused as e:
                faults.append(f"{kind} {id} was acknowledged and is gone: {e}")
                continue
            if found["version"] < version:
                faults.append(f"{kind} {id}: version {version} was acknowledged, found {found['version']}")
            if found["version"] == version and state and found["state"] != state:
                faults.append(f"{kind} {id}: state {state} was acknowledged, found {found['state']}")
            if kind == "alarm" and "acknowledge" in self.steps.get((kind, id), ()) and found["state"] == "raised":
                faults.append(f"alarm {id} was acknowledged by a person and stands unanswered")
            for name, value in self.fields.get((kind, id), {}).items():
                if name in ("title", "description") and found["fields"].get(name) != value:
                    faults.append(f"{kind} {id}: {name} was {value!r}, found {found['fields'].get(name)!r}")

    def _compare_samples(self, node, county, faults):
        """Every reading of every acknowledged file, by range queries of single samples."""
        wanted = defaultdict(dict)
        for (mine, _), readings in self.uploads.items():
            for point, at, value in readings:
                wanted[point][at * 1000] = value
        for mine in node.world.mines:
            ids = {row["fields"]["code"]: row["id"] for row in county.records("point", **{"f.mine": mine.id})}
            for p in mine.points:
                want = wanted.get(p.code)
                if not want:
                    continue
                if p.code not in ids:
                    faults.append(f"point {p.code} of an acknowledged file is not defined")
                    continue
                have = {}
                begin, end = min(want) // 1000, max(want) // 1000 + 1
                while begin < end:   # pieces that stay below the most that one answer holds
                    piece = county.get(f"/api/v1/points/{ids[p.code]}/series", **{"from": rfc3339(begin), "to": rfc3339(min(end, begin + 21600)), "width": "0s"})
                    if piece.get("cut_short"):
                        faults.append(f"point {p.code}: the range query was cut short")
                    for at, value, _ in piece["samples"]:
                        if at in have:
                            faults.append(f"point {p.code}: two samples at {at}")
                        have[at] = value
                    begin += 21600
                for at, value in want.items():
                    if at not in have:
                        faults.append(f"sample of {p.code} at {at} was acknowledged and is missing")
                    elif have[at] is None or abs(have[at] - value) > 1e-9:
                        faults.append(f"sample of {p.code} at {at}: sent {value}, found {have[at]}")

    def _compare_log(self, node, faults):
        """Every acknowledged change stands in the change log, and its numbers rise without a gap."""
        auditor = node.client("auditor", timeout=300, patient=True)
        seen, last = set(), None
        for change in auditor.pages("/api/v1/log", "changes", "before", limit=500):
            seen.add((change["type"], change["id"], change["version"]))
            seq = int(change["seq"])
            if last is not None and seq != last - 1:
                faults.append(f"change log: {seq} follows {last} from above")
            last = seq
        for kind, id, version in self.changes:
            if (kind, id, version) not in seen:
                faults.append(f"{kind} {id} version {version} was acknowledged and is not in the change log")
        auditor.close()


def alarms_of(node, rules_left_out=("C-1",)):
    """What must be equal between two runs over the same files: {(mine code, rule, subject, begin): (cleared, grade, peak, samples)}, and
    the keys that occur twice. Silence (C-1) is counted by arrival and left out."""
    codes = {m.id: m.code for m in node.world.mines}
    found, twice = {}, []
    county = node.client("county", timeout=120, patient=True)
    points = {}
    for mine in node.world.mines:
        for row in county.records("point", **{"f.mine": mine.id}):
            points[row["id"]] = row["fields"]["code"]
    for row in county.records("alarm", sort="begin_at"):
        f = row["fields"]
        if f["rule"] in rules_left_out or f["mine"] not in codes:
            continue
        key = (codes[f["mine"]], f["rule"], points.get(f.get("point"), f.get("subject") or ""), f["begin_at"])
        if key in found:
            twice.append(key)
        found[key] = (f.get("cleared_at"), f["grade"], f.get("peak"), f.get("samples"), f.get("late"), f.get("planned"))
    county.close()
    return found, twice
