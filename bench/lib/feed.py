"""What is fed to all: the values of 40 mines of 500 points, as upload files and as line protocol.

bench/intake_bench.cpp makes both from the same walks; here they are cut into requests.
"""
import datetime
import pathlib

from machine import run, say

MINES, POINTS = 40, 500
PERIOD_MS = 30_000
DAY_PERIODS = 2880
LINES_A_REQUEST = 10_000
REQUESTS_A_PERIOD = MINES * POINTS // LINES_A_REQUEST
DAY_MS = 86_400_000


def beijing(ms):
    zone = datetime.timezone(datetime.timedelta(hours=8))
    return datetime.datetime.fromtimestamp(ms / 1000, zone)


def a_past_day(now_s):
    """The UTC day before yesterday: past enough for every clock, young enough for every retention."""
    return int(now_s * 1000) // DAY_MS * DAY_MS - 2 * DAY_MS


class Feed:
    """`periods` files a mine, one every 30 s, the first of them 30 s after begin_ms."""

    def __init__(self, build, folder, periods, begin_ms):
        self.periods, self.begin_ms = periods, begin_ms
        self._build, self._files, self._lines = build, folder / "files", folder / "lines"

    def make(self, lines=True):
        say(f"makes {self.periods * MINES * POINTS:,} samples as files" + (" and as lines" if lines else ""))
        common = ["--periods", self.periods, "--mines", MINES, "--points", POINTS,
                  "--begin", beijing(self.begin_ms).strftime("%Y-%m-%d %H:%M:%S")]
        run(self._build / "intake_bench", "--write-files", self._files, *common)
        if lines:
            whole = self._lines.with_suffix(".all")
            self._lines.mkdir()
            run(self._build / "intake_bench", "--write-lines", whole, *common)
            run("split", "-l", LINES_A_REQUEST, "-a", 6, "-d", whole, str(self._lines) + "/")
            whole.unlink()
        run("sync")

    def mines(self):
        return sorted({p.name.split("_")[0] for p in self._files.glob("*_CDDY_*.txt")})

    def definition_file(self, mine):
        return next(self._files.glob(f"{mine}_CDDY_*.txt"))

    def time_of(self, period):
        return self.begin_ms + PERIOD_MS * (period + 1)

    def sample_file(self, mine, period):
        return self._files / f"{mine}_CDSS_{beijing(self.time_of(period)).strftime('%Y%m%d%H%M%S')}.txt"

    def definitions(self, node):
        """Manifest of the definition files."""
        return [self._upload(node, lane, mine, self.definition_file(mine)) for lane, mine in enumerate(self.mines())]

    def uploads(self, node, first, last):
        """Manifest of the sample files of periods [first, last), each mine on a lane of its own."""
        return [self._upload(node, lane, mine, self.sample_file(mine, period))
                for period in range(first, last) for lane, mine in enumerate(self.mines())]

    @staticmethod
    def _upload(node, lane, mine, file):
        return (lane, node.upload_target(file.name), node.tokens[mine], file)

    def lines(self, peer, first, last):
        """Manifest of the same samples as requests of line protocol; a point keeps to one lane."""
        return [(i % REQUESTS_A_PERIOD, peer.write_target(), "", self._lines / f"{i:06}")
                for i in range(first * REQUESTS_A_PERIOD, last * REQUESTS_A_PERIOD)]

    def point_codes(self):
        """Codes of all points, from the definition files."""
        out = []
        for mine in self.mines():
            records = self.definition_file(mine).read_text(encoding="utf-8").split("~")[1:]
            out += [r.split(";")[0] for r in records if ";" in r]
        return out


def write_manifest(path, jobs):
    text = "".join("\t".join(str(field) for field in job) + "\n" for job in jobs)
    pathlib.Path(path).write_text(text, encoding="utf-8")
    return path
