"""Rows of results: limit beside measurement, peers beside ours, losers named."""
import dataclasses
import statistics


def number(value):
    """Three figures that matter, with thousands marked."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def spread(values):
    """Median, and the least and most of the rounds."""
    text = number(statistics.median(values))
    return text if len(values) == 1 else f"{text} ({number(min(values))}..{number(max(values))})"


@dataclasses.dataclass
class Row:
    what: str
    unit: str
    ours: list  # one value a round
    limit: str = ""  # as a person reads it; empty = none
    held: bool | None = None  # None = there is no limit
    peers: dict = dataclasses.field(default_factory=dict)  # name: one value a round
    more_is_better: bool = False

    def verdict(self):
        return {None: "", True: "held", False: "LOST"}[self.held]

    def ratio(self, peer):
        """Our median over the peer's, and whether that is worse than the peer."""
        if not self.peers.get(peer):
            return ""
        ours, theirs = statistics.median(self.ours), statistics.median(self.peers[peer])
        if not theirs:
            return ""
        loses = ours < theirs if self.more_is_better else ours > theirs
        return f"{number(ours / theirs)} x" + (", LOST" if loses else "")

    def cells(self):
        peer = lambda name: spread(self.peers[name]) if self.peers.get(name) else ""
        return [self.what, self.unit, self.limit, spread(self.ours), self.verdict(), peer("VictoriaMetrics"),
                self.ratio("VictoriaMetrics"), peer("InfluxDB"), self.ratio("InfluxDB")]


HEAD = ["what", "unit", "limit", "Mineward", "", "VictoriaMetrics", "ours : theirs", "InfluxDB", "ours : theirs"]


def below(what, unit, values, most, peers=None, limit=None):
    """A row whose median must stay under a limit."""
    return Row(what, unit, values, limit or f"< {number(most)}", statistics.median(values) < most, peers or {})


def as_text(rows):
    lines = [HEAD] + [row.cells() for row in rows]
    widths = [max(len(line[i]) for line in lines) for i in range(len(HEAD))]
    rendered = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip() for line in lines]
    return "\n".join([rendered[0], "-" * len(rendered[0])] + rendered[1:])


def as_markdown(rows):
    lines = ["| " + " | ".join(HEAD) + " |", "|" + " --- |" * len(HEAD)]
    for row in rows:
        cells = [cell.replace("LOST", "**LOST**") for cell in row.cells()]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)
