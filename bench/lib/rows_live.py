"""Row d: from a mine's file to the message in a browser, while forty mines stream."""
import collections
import dataclasses
import datetime
import json
import threading
import time

from feed import MINES, PERIOD_MS, POINTS, beijing
from machine import say
from table import Row, below
from web import LiveSocket, Web

SAMPLES_A_SECOND = 7000
FILES_A_SECOND = SAMPLES_A_SECOND / POINTS
RAISE_EVERY = 4  # one file in so many makes an alarm
OVER = "1.25"
ALARM_RULE = "G-1"  # two samples above the limit: the second file raises it
MOST_MS = 250
STRAGGLERS_SECONDS = 10
CALM_PERIODS = 60  # an event is over for good when its point was calm for so long


class MineStream:
    """The next files of one mine, made of its last one: same values, later times, now and then one above its limit."""

    def __init__(self, code, feed):
        self.code, self.first_ms = code, feed.time_of(feed.periods)
        head, *_ = feed.sample_file(code, feed.periods - 1).read_text(encoding="utf-8").split("~")
        self._head, self._records = head.split(";"), self._fields(feed.sample_file(code, feed.periods - 1))
        busy = {f[0] for period in range(max(0, feed.periods - CALM_PERIODS), feed.periods)
                for f in self._fields(feed.sample_file(code, period)) if f[3] == OVER}
        self._gas = [f[0] for f in self._fields(feed.definition_file(code)) if self._is_gas(f) and f[0] not in busy]

    @staticmethod
    def _fields(path):
        """The records of a file, without its header."""
        return [r.split(";") for r in path.read_text(encoding="utf-8").split("~")[1:] if ";" in r]

    @staticmethod
    def _is_gas(fields):
        return len(fields) > 8 and fields[3] == "0001" and fields[8] == "1.00"

    def file(self, tick):
        """(name, bytes, time of the readings in ms, code of the point whose alarm this file raises or None)"""
        turn, step = divmod(tick, RAISE_EVERY)
        # Above the limit in the last two files of a turn; the second of them is the one that counts.
        point = self._gas[turn % len(self._gas)] if step >= RAISE_EVERY - 2 else None
        at_ms = self.first_ms + tick * PERIOD_MS
        at = beijing(at_ms)
        when = at.strftime("%Y-%m-%d %H:%M:%S")
        records = [[f[0], f[1], f[2], OVER if f[0] == point else f[3], f[4], f[5], when] for f in self._records]
        text = "~".join([";".join([*self._head[:-1], when])] + [";".join(r) for r in records]) + "~||"
        return (f"{self.code}_CDSS_{at.strftime('%Y%m%d%H%M%S')}.txt", text.encode(), at_ms,
                point if step == RAISE_EVERY - 1 else None)


@dataclasses.dataclass
class Sent:
    mine: str
    name: str
    began: float
    at_ms: int
    raises: str | None  # point


class Browser(threading.Thread):
    """A signed-in browser on the live page of one mine: notes when each message came. As the web interface does, it connects again when
    it is closed for being too slow (1013: thousands of alarms of the day that was fed climb at once), and reads over HTTP what it missed."""

    def __init__(self, node, watched, since_ms):
        super().__init__(daemon=True)
        self._node, self._watched, self._since_ms = node, watched, since_ms
        self.uploads, self.values = {}, {}
        self.alarms = collections.defaultdict(list)
        self.closed_as_slow, self._over = 0, False
        self._socket = self._connect()
        self.start()

    def _connect(self):
        headers = {"Cookie": self._node.officer.headers["Cookie"], "Origin": f"http://127.0.0.1:{self._node.port}"}
        made = LiveSocket(self._node.port, "/api/v1/live", headers)
        made.send(json.dumps({"watch": [self._watched]}))
        return made

    def run(self):
        while not self._over:
            try:
                text = self._socket.receive()
            except OSError as e:
                if self._over:
                    return  # closed at the end
                if "1013" not in str(e):
                    raise
                self.closed_as_slow += 1
                self._socket = self._connect()
                self._read_missed()
                continue
            self._note(time.perf_counter(), json.loads(text))

    def _read_missed(self):
        page = self._node.officer.json("GET", f"/api/v1/records/alarm?limit=500&sort=-begin_at&f.rule={ALARM_RULE}")
        for alarm in page["records"]:
            if datetime.datetime.fromisoformat(alarm["fields"]["begin_at"]).timestamp() * 1000 >= self._since_ms:
                self.alarms[alarm["fields"]["point"]].append(time.perf_counter())

    def _note(self, now, message):
        if message["kind"] == "upload":
            self.uploads[message["row"]["file_name"]] = now
        elif message["kind"] == "values":
            at = datetime.datetime.fromisoformat(message["at"])
            self.values[int(at.timestamp() * 1000)] = now
        elif message["kind"] == "alarm" and message["alarm"]["fields"]["rule"] == ALARM_RULE:
            self.alarms[message["alarm"]["fields"]["point"]].append(now)

    def close(self):
        self._over = True
        self._socket.close()


class Sender(threading.Thread):
    """One mine: posts a file whenever one is due, over its own connection."""

    def __init__(self, node, stream, ticks, start, offset):
        super().__init__(daemon=True)
        self._web = Web(node.port, {"Authorization": node.tokens[stream.code]})
        self._node, self._stream, self._ticks = node, stream, ticks
        self._start, self._offset = start, offset
        self.sent = []
        self.fault = None
        self.start()

    def run(self):
        for n, tick in enumerate(self._ticks):
            name, body, at_ms, point = self._stream.file(tick)
            due = self._start + (n * MINES + self._offset) / FILES_A_SECOND
            waited = due > time.perf_counter()
            time.sleep(max(0.0, due - time.perf_counter()))
            # When the file before had no answer yet, this one is late for the mine, too: its time runs from when it was due.
            began = time.perf_counter() if waited else due
            status, answer, _ = self._web.ask("POST", self._node.upload_target(name), body)
            if status != 200 or b'"verdict":"accepted"' not in answer:
                self.fault = f"{name}: {status} {answer[:300]!r}"
                return
            self.sent.append(Sent(self._stream.code, name, began, at_ms, point))


def _send_all(node, streams, ticks):
    """Posts what is due; what was sent, and the samples a second that this came to."""
    start = time.perf_counter() + 0.5
    senders = [Sender(node, stream, ticks, start, i) for i, stream in enumerate(streams)]
    for sender in senders:
        sender.join()
        if sender.fault:
            raise RuntimeError(sender.fault)
    sent = [job for sender in senders for job in sender.sent]
    return sent, len(sent) * POINTS / (time.perf_counter() - start)


def _one_round(node, streams, mine_id, first_tick, seconds):
    ticks = range(first_tick, first_tick + max(RAISE_EVERY, round(seconds * FILES_A_SECOND / MINES)))
    browser = Browser(node, mine_id, streams[0].first_ms + first_tick * PERIOD_MS)
    sent, rate = _send_all(node, streams, ticks)
    raising = [(node.points()[job.raises], job.began) for job in sent if job.raises]
    deadline = time.monotonic() + STRAGGLERS_SECONDS
    while time.monotonic() < deadline and (len(browser.uploads) < len(sent)
                                           or not all(browser.alarms.get(point) for point, _ in raising)):
        time.sleep(0.02)
    browser.close()
    return {
        "rate": rate, "ticks": len(ticks), "raised": len(raising), "closed": browser.closed_as_slow,
        "alarms": [(browser.alarms[point][0] - began) * 1000 for point, began in raising if browser.alarms.get(point)],
        "rows": [(browser.uploads[job.name] - job.began) * 1000 for job in sent if job.name in browser.uploads],
        "values": [(browser.values[job.at_ms] - job.began) * 1000 for job in sent
                   if job.mine == streams[0].code and job.at_ms in browser.values],
    }


def _quantile(values, q):
    return sorted(values)[min(len(values) - 1, int(q * len(values)))]


def live(node, feed, rounds, seconds):
    """`feed.periods` periods of the node are there already; the stream goes on from there."""
    streams = [MineStream(mine, feed) for mine in feed.mines()]
    mines = {m["fields"]["code"]: m["id"] for m in node.officer.json("GET", "/api/v1/records/mine?limit=500")["records"]}
    node.points()  # before the clock runs
    results, tick = [], 0
    for n in range(rounds):
        say(f"stream of {SAMPLES_A_SECOND:,} samples a second for {seconds} s, round {n + 1} of {rounds}")
        results.append(_one_round(node, streams, mines[streams[0].code], tick, seconds))
        tick += results[-1]["ticks"]
    return _rows(results)


def _rows(results):
    raised, came = sum(r["raised"] for r in results), sum(len(r["alarms"]) for r in results)
    rates = [r["rate"] for r in results]
    out = [
        Row("stream from 40 mines meanwhile", "samples/s", rates, f">= {SAMPLES_A_SECOND:,}", min(rates) >= SAMPLES_A_SECOND * 0.98),
        Row(f"alarms in the browser, of {raised} raised", "alarms", [came], f"= {raised}", came == raised),
        Row("the browser was closed as too slow and read the rest over HTTP", "times", [sum(r["closed"] for r in results)]),
    ]
    for kind, what in (("alarms", "its alarm"), ("values", "its values"), ("rows", "its row in the ledger")):
        for name, q in (("p50", 0.5), ("p99", 0.99)):
            values = [_quantile(r[kind], q) for r in results]
            out.append(below(f"file posted to {what} in the browser, {name}", "ms", values, MOST_MS))
    return out
