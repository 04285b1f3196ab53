"""Rows a to c: one day of 20,000 points into all three stores, its size there, and questions about it."""
import json
import os
import random
import statistics
import subprocess

from feed import DAY_PERIODS, MINES, POINTS, Feed, write_manifest
from machine import run, say
from ours import Mineward
from peers import InfluxDB, VictoriaMetrics
from table import Row, below
from web import timed

LINE_CONNECTIONS = 2
QUERIES = 200  # a round; fewer of a peer that takes longer than PATIENCE_MS for them
PATIENCE_MS = 15_000
LEAST_QUERIES = 10
CHECKED_POINTS = 20


class Stores:
    """The three servers over one feed. At most one of them is awake."""

    def __init__(self, build, folder, periods, begin_ms):
        self.build, self.folder = build, folder
        self.feed = Feed(build, folder, periods, begin_ms)
        self.feed.make()
        self.ours = Mineward(folder, build)
        self.all = [self.ours]
        self._post(self.ours, self.feed.definitions(self.ours), MINES)
        self.ours.server.freeze()
        for kind in (VictoriaMetrics, InfluxDB):
            self.all.append(kind(folder))
            self.all[-1].server.freeze()
        self.peers = self.all[1:]

    def _post(self, store, manifest, connections):
        path = write_manifest(self.folder / "manifest", manifest)
        expected = '"verdict":"accepted"' if store is self.ours else ""
        result = subprocess.run([self.build / "post_files", str(store.port), str(connections), path, expected],
                                capture_output=True, text=True, check=False)
        if result.returncode != 0:
            raise RuntimeError(f"{store.name}: {result.stdout}{result.stderr}")
        return json.loads(result.stdout)

    def post_periods(self, store, first, last):
        """Feeds periods [first, last) to one store: seconds, processor seconds."""
        ours = store is self.ours
        manifest = self.feed.uploads(store, first, last) if ours else self.feed.lines(store, first, last)
        os.sync()
        with Awake(store):
            before = store.server.cpu_seconds()
            seconds = self._post(store, manifest, MINES if ours else LINE_CONNECTIONS)["seconds"]
            return seconds, store.server.cpu_seconds() - before

    def stop(self):
        for store in self.all:
            store.stop()


class Awake:
    """Lets one store run."""

    def __init__(self, store):
        self.server = store.server

    def __enter__(self):
        self.server.thaw()

    def __exit__(self, *_):
        self.server.freeze()


# ---- a. ingest


def _in_process(stores, periods):
    os.sync()
    out = run(stores.build / "intake_bench", "--periods", periods, "--mines", MINES, "--points", POINTS, "--keep",
              stores.folder / "in-process")
    run("rm", "-rf", stores.folder / "in-process")
    return json.loads(out.strip().splitlines()[-1])


def ingest(stores, rounds):
    share = stores.feed.periods // rounds
    samples = share * MINES * POINTS
    rate = {store.name: [] for store in stores.all}
    cpu = {store.name: [] for store in stores.all}
    inside = []
    for n in range(rounds):
        contenders = [None, *stores.all]
        for store in contenders[n % 4:] + contenders[:n % 4]:
            say(f"ingest, round {n + 1} of {rounds}: {store.name if store else 'Mineward in process'}")
            if store is None:
                inside.append(_in_process(stores, share))
                continue
            seconds, used = stores.post_periods(store, n * share, (n + 1) * share)
            rate[store.name].append(samples / seconds)
            cpu[store.name].append(used / samples * 1e6)
    return _ingest_rows(stores, samples, rate, cpu, inside)


def _ingest_rows(stores, samples, rate, cpu, inside):
    peers = {p.name: rate[p.name] for p in stores.peers}
    least = statistics.median(rate["VictoriaMetrics"])
    process = [run["samples_per_second"] for run in inside]
    limit = ">= VictoriaMetrics"
    peak = {p.name: [p.server.peak_mib()] for p in stores.peers}
    cpu_inside = [(r["cpu_user_seconds"] + r["cpu_system_seconds"]) / r["samples"] * 1e6 for r in inside]
    cpu_peers = {p.name: cpu[p.name] for p in stores.peers}
    each = f"{samples / 1e6:.1f} M a round"
    return [
        Row(f"ingest from CDSS files in process, {each}", "samples/s", process, limit,
            statistics.median(process) >= least, peers, True),
        Row(f"ingest of CDSS files over HTTP, {each}", "samples/s", rate["Mineward"], limit,
            statistics.median(rate["Mineward"]) >= least, peers, True),
        Row("processor time for it, in process", "s a million", cpu_inside, peers=cpu_peers),
        Row("processor time for it, over HTTP", "s a million", cpu["Mineward"], peers=cpu_peers),
        below("most memory, in process", "MiB", [r["peak_memory_mib"] for r in inside], 600, peak),
        below("most memory, over HTTP", "MiB", [stores.ours.server.peak_mib()], 600, peak),
    ]


# ---- b. size


def disk(stores, rounds):
    samples = stores.feed.periods // rounds * rounds * MINES * POINTS
    for store in stores.all:
        say(f"size of {store.name}, once it has merged")
        store.server.thaw()
        store.settle()
        store.server.freeze()
    return size_rows(f"simulated two-decimal data ({samples / 1e6:.1f} M)", stores.ours, stores.peers, samples)


def size_rows(data, ours, peers, samples):
    """Samples alone, which the limit is for; and with all that each store keeps beside them."""
    part = lambda store, measure: [getattr(store, measure)() / samples]
    return [
        below(f"on disk, {data}", "bytes a sample", part(ours, "size"), 1.0, {p.name: part(p, "size") for p in peers}),
        Row("all that is kept beside it, too", "bytes a sample", part(ours, "whole"), peers={p.name: part(p, "whole") for p in peers}),
    ]


# ---- c. questions


def _quantile(values, q):
    return sorted(values)[min(len(values) - 1, int(q * len(values)))]


def _ask(store, questions):
    """Milliseconds of each question, until they are all asked or the patience is at an end."""
    times = []
    for question in questions:
        times.append(timed(question)[0])
        if sum(times) > PATIENCE_MS and len(times) >= LEAST_QUERIES:
            break
    return times


def _check_same(stores, points, begin_ms, end_ms):
    """All three must give the same answers, else their times cannot be compared."""
    answers, latest = {}, {}
    for store in stores.all:
        with Awake(store):
            answers[store.name] = [store.read_samples(store.samples_of(p, begin_ms, end_ms)) for p in points]
            latest[store.name] = store.read_latest(store.latest(end_ms - 1))
    for store in stores.peers:
        if answers[store.name] != answers["Mineward"]:
            raise RuntimeError(f"{store.name} gives other samples than Mineward")
        if latest[store.name] != latest["Mineward"]:
            raise RuntimeError(f"{store.name} gives other latest values than Mineward")
    return len(latest["Mineward"])


def query(stores, rounds):
    feed = stores.feed
    begin_ms = feed.begin_ms
    end_ms = feed.time_of(feed.periods // rounds * rounds - 1) + 1
    dice = random.Random(1)
    codes = feed.point_codes()
    latest_points = _check_same(stores, dice.sample(codes, CHECKED_POINTS), begin_ms, end_ms)
    say(f"{CHECKED_POINTS} series and {latest_points} latest values are equal in all three stores")
    day, latest = {}, {}
    for n in range(rounds):
        points = dice.sample(codes, QUERIES)
        for store in stores.all:
            say(f"questions, round {n + 1} of {rounds}: {store.name}")
            with Awake(store):
                store.latest(end_ms - 1)  # the first one after a start reads what the others find in memory
                times = _ask(store, [lambda p=p: store.samples_of(p, begin_ms, end_ms) for p in points])
                day.setdefault(store.name, []).append(times)
                times = _ask(store, [lambda: store.latest(end_ms - 1)] * QUERIES)
                latest.setdefault(store.name, []).append(times)
    length = "day" if feed.periods == DAY_PERIODS else f"{feed.periods * 30 // 60} min"
    return (_question_rows(stores, f"one point, one {length} at 30 s", day, 5)
            + _question_rows(stores, f"latest values of {latest_points:,} points", latest, 20))


def _question_rows(stores, what, times, most):
    out = []
    for name, q in (("p50", 0.5), ("p99", 0.99)):
        values = {store: [_quantile(t, q) for t in rounds] for store, rounds in times.items()}
        peers = {p.name: values[p.name] for p in stores.peers}
        out.append(below(f"{what}, {name}", "ms", values["Mineward"], most, peers))
    return out
