#!/usr/bin/env python3
"""What the gas rules must raise on a longwall table, computed another way.

Straight from the ARFF or CSV file, with the standard library only, and on purpose slow and obvious: each rule goes over
the list of samples as a whole and cuts it into events, while the program sees one sample at a time. Written from the
text of the rules (packs/national/rules, monitoring.md 3.2), not from the program. Prints JSON:

    {"G-1": [{"begin": ms, "end": ms or null, "peak": x, "peak_at": ms}, ...], "G-2": [...], "T-1": [...],
     "T-1 of the neighbour": [...], "T-5": [...]}

    oracle.py FILE [--column MM116] [--alarm 1.0] [--cut 1.5] [--restore 1.0]
              [--start "2026-01-12 00:00:00"] [--period 30] [--calibration-rows FIRST-LAST] [--neighbour MM31]
"""
import argparse
import datetime
import json
import math
import sys

CONFIRM_SAMPLES = 2          # G-1, G-2: so many in a row ...
CONFIRM_MS = 20_000          # ... or so long
APART_MS = 10 * 60_000       # calm for longer than this ends an event
FLAT_MS = 4 * 3600_000       # T-1
FLAT_RANGE = 0.01
FLAT_SIGMA = 0.005
NEIGHBOUR_MOVES = 0.05
NEAR_ALARM = 0.8             # T-5
NEAR_MS = 5 * 60_000


def read_table(path):
    """(column names, rows of text) of an ARFF or CSV file."""
    names, rows, in_data = [], [], False
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            line = line.strip()
            if not line or line.startswith("%"):
                continue
            lower = line.lower()
            if lower.startswith("@attribute"):
                names.append(line.split(None, 2)[1].strip("'\""))
            elif lower.startswith("@data"):
                in_data = True
            elif lower.startswith("@"):
                continue
            elif names and in_data:
                rows.append(line.split(","))
            elif not names:
                names, in_data = [n.strip().strip("'\"") for n in line.split(",")], True
            else:
                rows.append(line.split(","))
    return names, rows


def column(names, rows, name):
    """The numbers of a column; None where there is none."""
    if name not in names:
        sys.exit(f"oracle: no column {name}; the file has {', '.join(names)}")
    i = names.index(name)
    return [None if row[i].strip() in ("", "?") else float(row[i]) for row in rows]


class Sample:
    def __init__(self, at, value, calibrating):
        self.at, self.value, self.calibrating = at, value, calibrating


def over_limit_events(samples, limit, restore):
    """Events of one point against one limit, as the packs' examples tell it.

    Calibrating samples and empty ones say nothing; calibration also breaks a run that is not yet confirmed. First come
    the confirmed beginnings: two over-limit samples in a row (or 20 s of them). From there the event goes on until the
    value is below `restore` and stays there for longer than ten minutes; it ends where that calm begins.
    """
    events = []
    i = 0
    while i < len(samples):
        begin = confirmed_run(samples, i, limit)
        if begin is None:
            i += 1
            continue
        end_index, end_at = find_end(samples, begin, restore)
        inside = [s for s in samples[begin:end_index] if usable(s)]
        peak = max(s.value for s in inside)
        events.append({"begin": samples[begin].at, "end": end_at, "peak": peak,
                       "peak_at": next(s.at for s in inside if s.value == peak)})
        i = end_index
    return events


def usable(sample):
    return sample.value is not None and not sample.calibrating


def confirmed_run(samples, i, limit):
    """i, if a confirmed run of over-limit samples begins exactly there."""
    if not usable(samples[i]) or samples[i].value < limit:
        return None
    count = 0
    for s in samples[i:]:
        if s.calibrating:
            return None
        if s.value is None:
            continue
        if s.value < limit:
            return None
        count += 1
        if count >= CONFIRM_SAMPLES or s.at - samples[i].at >= CONFIRM_MS:
            return i
    return None


def find_end(samples, begin, restore):
    """(index after the event's last sample, time of the end or None) for the event that begins at index `begin`."""
    calm_from = None
    for i in range(begin, len(samples)):
        s = samples[i]
        if not usable(s):
            continue
        if calm_from is not None and s.at - samples[calm_from].at > APART_MS:
            return calm_from, samples[calm_from].at
        if s.value < restore:
            if calm_from is None:
                calm_from = i
        else:
            calm_from = None
    return len(samples), None


def flat_events(samples, neighbours):
    """T-1: stretches of four hours or more in which the value stands still while a neighbour moves."""
    events = []
    points = [s for s in samples if usable(s)]
    i = 0
    while i < len(points):
        j = i
        low = high = points[i].value
        while j + 1 < len(points) and max(high, points[j + 1].value) - min(low, points[j + 1].value) <= FLAT_RANGE + 1e-9:
            j += 1
            low, high = min(low, points[j].value), max(high, points[j].value)
        # Judged anew with every sample from four hours on; once it was flat it stays one event until the value moves.
        long_enough = [k for k in range(i, j + 1) if points[k].at - points[i].at >= FLAT_MS]
        if any(is_flat(points[i:k + 1], neighbours) for k in long_enough):
            stretch = points[i:j + 1]
            events.append({"begin": stretch[0].at, "end": points[j + 1].at if j + 1 < len(points) else None})
        i = j + 1
    return events


def is_flat(stretch, neighbours):
    return deviation([s.value for s in stretch]) < FLAT_SIGMA and moves(neighbours, stretch)


def deviation(values):
    mean = sum(values) / len(values)
    return math.sqrt(sum((v - mean) ** 2 for v in values) / len(values))


def moves(neighbours, stretch):
    seen = [s.value for s in neighbours if usable(s) and stretch[0].at <= s.at <= stretch[-1].at]
    return bool(seen) and max(seen) - min(seen) >= NEIGHBOUR_MOVES - 1e-9


def calibration_events(samples, alarm):
    """T-5: no calibration is planned here, so each run of calibrating samples is one event; near = it followed high gas."""
    events = []
    for i, s in enumerate(samples):
        if not s.calibrating or (i > 0 and samples[i - 1].calibrating):
            continue
        before = [b for b in samples[:i] if b.value is not None and s.at - b.at <= NEAR_MS]
        events.append({"begin": s.at, "near": any(b.value > NEAR_ALARM * alarm for b in before)})
    return events


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file")
    parser.add_argument("--column", default="MM116")
    parser.add_argument("--neighbour", default="MM31")
    parser.add_argument("--alarm", type=float, default=1.0)
    parser.add_argument("--cut", type=float, default=1.5)
    parser.add_argument("--restore", type=float)
    parser.add_argument("--start", default="2026-01-12 00:00:00", help="Beijing time of row 0")
    parser.add_argument("--period", type=float, default=30, help="seconds between rows")
    parser.add_argument("--calibration-rows", help="FIRST-LAST, counted from 0, sent with the calibration state")
    o = parser.parse_args()

    beijing = datetime.timezone(datetime.timedelta(hours=8))
    start = int(datetime.datetime.strptime(o.start, "%Y-%m-%d %H:%M:%S").replace(tzinfo=beijing).timestamp() * 1000)
    first, last = (int(x) for x in o.calibration_rows.split("-")) if o.calibration_rows else (1, 0)
    names, rows = read_table(o.file)
    restore = o.restore if o.restore is not None else min(1.0, o.alarm)

    def series(name, calibrated):
        values = column(names, rows, name)
        return [Sample(start + int(i * o.period * 1000), v, calibrated and first <= i <= last) for i, v in enumerate(values)]

    samples = series(o.column, True)
    neighbours = series(o.neighbour, False) if o.neighbour in names and o.neighbour != o.column else []
    json.dump({"G-1": over_limit_events(samples, o.alarm, o.alarm),
               "G-2": over_limit_events(samples, o.cut, restore),
               "T-1": flat_events(samples, neighbours),
               "T-1 of the neighbour": flat_events(neighbours, samples),
               "T-5": calibration_events(samples, o.alarm)}, sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
