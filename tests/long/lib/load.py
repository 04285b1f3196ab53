"""The files that a region of mines sends, decided by a seed alone, and threads that send them and write down what they were told."""
import random
import threading
import time

from client import Gone, Refused
from upload_files import cddy, cdss, ryss

STORY_SPAN = 3000   # seconds of event time before T0 that a story fills: below the hour after which readings count as late


class Story:
    """All files of one mine in the order in which it sends them. Methane rises above its limits now and then."""

    def __init__(self, mine, seed, t0, steps):
        self.mine = mine
        self.files = []   # (name, bytes, [(point code, second, value)])
        rng = random.Random(f"{seed}/{mine.code}")
        spacing = max(1, STORY_SPAN // steps)
        first = t0 - spacing * steps
        name, body = cddy(mine.code, mine.points, first - 20)
        self.files.append((name, body, []))
        episodes = {p.code: self._episodes(rng, first, t0) for p in mine.points if p.type_code == "0001"}
        for step in range(steps):
            at = first + spacing * step
            rows = []
            for p in mine.points:
                over = next((peak for begin, end, peak in episodes.get(p.code, ()) if begin <= at < end), None)
                value = over + rng.randrange(-5, 6) / 100 if over else {"0001": 0.3, "0002": 2.5, "0003": 22.0}[p.type_code] + rng.randrange(0, 25) / 100
                rows.append((p, round(value, 2)))
            name, body = cdss(mine.code, rows, at)
            self.files.append((name, body, [(p.code, at, v) for p, v in rows]))
            if step % 20 == 10:
                cards = [f"{mine.code}{n:05d}" for n in range(rng.randrange(3, 12))]
                self.files.append((*ryss(mine.code, cards, at), []))

    @staticmethod
    def _episodes(rng, first, t0):
        out, at = [], first + rng.randrange(60, 900)
        while at < t0:
            end = at + rng.randrange(60, 240)
            out.append((at, end, rng.choice([1.2, 1.3, 1.7, 2.2, 3.2])))
            at = end + rng.randrange(300, 1500)
        return out


class Gate:
    """Open while the node runs. `round` counts its starts."""

    def __init__(self):
        self.changed = threading.Condition()
        self.is_open = self.over = False

    def open(self):
        with self.changed:
            self.is_open = True
            self.changed.notify_all()

    def shut(self):
        with self.changed:
            self.is_open = False

    def finish(self):
        with self.changed:
            self.over = True
            self.changed.notify_all()

    def wait(self):
        """False when all is over."""
        with self.changed:
            self.changed.wait_for(lambda: self.is_open or self.over)
            return not self.over


class Poster(threading.Thread):
    """Sends one mine's story over one connection, each file until it is acknowledged; up to `allowed` files."""

    def __init__(self, node, book, story, gate, told):
        super().__init__(daemon=True)
        self.node, self.book, self.story, self.gate, self.told = node, book, story, gate, told
        self.allowed = self.sent = self.resent = self.refused = 0
        self.more = threading.Condition()
        self.fault = None

    def allow(self, count):
        with self.more:
            self.allowed = min(count, len(self.story.files))
            self.more.notify_all()

    def done(self):
        return self.sent >= self.allowed

    def run(self):
        client = self.node.client(f"up{self.story.mine.index}", timeout=30)
        again = False
        while self.sent < len(self.story.files):
            with self.more:
                if not self.more.wait_for(lambda: self.sent < self.allowed or self.gate.over, timeout=1):
                    continue
            if self.gate.over or not self.gate.wait():
                return
            name, body, readings = self.story.files[self.sent]
            try:
                self.resent += again
                receipt = client.upload(name, body)
                self.book.note_upload(self.story.mine.code, name, readings, receipt)
            except Gone:
                again = True
                time.sleep(0.01)
                continue
            except Refused as e:
                if e.status not in (429, 503):
                    self.fault = f"{name}: {e}"
                    return
                self.refused += 1
                again = True
                time.sleep(min(e.retry_after or 1, 1))
                continue
            except ValueError as e:   # not taken
                self.fault = str(e)
                return
            again = False
            self.sent += 1
            self.told()
        client.close()


class Dropper(threading.Thread):
    """Puts one mine's story into the drop folder, as an FTP server would: a temporary name, then the real one. A file that has
    come to done/ counts as acknowledged."""

    def __init__(self, folder, book, story, gate):
        super().__init__(daemon=True)
        self.incoming, self.kept = folder / "incoming", folder / "done"
        self.folder, self.book, self.story, self.gate = folder, book, story, gate
        self.allowed = self.offered = self.acknowledged = 0
        self.fault = None

    def allow(self, count):
        self.allowed = min(count, len(self.story.files))

    def done(self):
        return self.acknowledged >= self.allowed

    def run(self):
        while self.acknowledged < len(self.story.files) and not self.gate.over:
            while self.offered < self.allowed:
                name, body, _ = self.story.files[self.offered]
                part = self.incoming / ("." + name + ".part")
                try:
                    part.write_bytes(body)
                    part.rename(self.incoming / name)
                except OSError as e:   # no space: like a full FTP server, later
                    self.fault = str(e)
                    break
                self.offered += 1
            self.collect()
            time.sleep(0.05)

    def collect(self):
        while self.acknowledged < self.offered:
            name, _, readings = self.story.files[self.acknowledged]
            if not (self.kept / name).exists():
                return
            self.book.note_upload(self.story.mine.code, name, readings, {"verdict": "accepted"})
            self.acknowledged += 1

    def lost(self):
        """Offered files that are neither waiting nor taken."""
        out = []
        for name, _, _ in self.story.files[self.acknowledged:self.offered]:
            if not (self.incoming / name).exists() and not (self.kept / name).exists():
                out.append(name + (" was rejected" if (self.folder / "rejected" / name).exists() else " is gone"))
        return out


class Person(threading.Thread):
    """Works as people of one mine do: makes hazards, grades them, attaches notes, acknowledges alarms; waits a little between."""

    def __init__(self, node, book, mine, gate, seed, told, pause=0.02):
        super().__init__(daemon=True)
        self.node, self.book, self.mine, self.gate, self.told, self.pause = node, book, mine, gate, told, pause
        self.rng = random.Random(f"{seed}/person/{mine.code}")
        self.tried = self.done_count = 0
        self.faults = []

    def run(self):
        disp, safe = (self.node.client(f"{who}{self.mine.index}", timeout=30) for who in ("disp", "safe"))
        while self.gate.wait():
            self.tried += 1
            try:
                self._act(disp, safe)
                self.done_count += 1
                self.told()
            except Gone:
                pass
            except Refused as e:
                if e.status not in (409, 429, 503):
                    self.faults.append(str(e))
            time.sleep(self.rng.random() * self.pause)
        disp.close()
        safe.close()

    def _act(self, disp, safe):
        what = self.rng.randrange(4)
        if what == 0:
            fields = {"mine": self.mine.id, "title": f"隐患 {self.mine.index}-{self.tried}", "description": f"说明 {self.rng.random()}", "origin": "self_check"}
            made = disp.post("/api/v1/records/hazard", {"fields": fields})
            self.book.note_record("hazard", made, fields)
        elif what == 1:
            body = ("检查记录 " + self.rng.randbytes(self.rng.randrange(100, 10000)).hex()).encode()
            stored = disp.attach("note.txt", body)
            self.book.note_attachment(f"disp{self.mine.index}", stored, body)
        elif what == 2:
            for row in safe.get("/api/v1/records/hazard", limit=1, sort="-found_at", **{"f.state": "found", "f.mine": self.mine.id})["records"]:
                graded = safe.post(f"/api/v1/records/hazard/{row['id']}/steps/grade", {"version": row["version"], "fields": {"level": "ordinary"}})
                self.book.note_record("hazard", graded, step="grade")
        else:
            for row in disp.get("/api/v1/records/alarm", limit=1, sort="begin_at", **{"f.state": "raised", "f.mine": self.mine.id})["records"]:
                seen = disp.post(f"/api/v1/records/alarm/{row['id']}/steps/acknowledge", {"version": row["version"]})
                self.book.note_record("alarm", seen, step="acknowledge")
