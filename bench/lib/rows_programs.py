"""Rows e and f: the programs that measure lists and starts print one JSON object a row."""
import json
import os
import subprocess

from machine import ROOT, say
from table import Row

LIST_MOST_MS, START_MOST_S = 30, 3
SLOWEST_SHOWN = 5


def _rows_of(command, rows, **environment):
    """Adds to `rows` what a program prints, each as it comes: those of a program that does not end are kept.
    Exit 1 says that a limit was missed: the rows show it."""
    with subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, text=True,
                          env=os.environ | environment) as program:
        for line in program.stdout:
            if line.startswith("{"):
                rows.append(json.loads(line))
                say("  " + ", ".join(f"{key} {value}" for key, value in rows[-1].items()))
    if program.returncode not in (0, 1) or not rows:
        raise RuntimeError(f"{command[0]}: exit {program.returncode}, {len(rows)} rows")


def _list_rows(database, count, rows):
    """The sum of all, if the program came to it, every row that was lost, and the slowest of the others."""
    whole = [r for r in rows if r["name"] == "every row"]
    each = sorted((r for r in rows if r["name"] != "every row"), key=lambda r: -r["p99_ms"])
    lost = [r for r in each if r["p99_ms"] >= LIST_MOST_MS]
    out = []
    for row in whole + lost + each[len(lost):len(lost) + SLOWEST_SHOWN]:
        name = f"all {len(each)} filters" if row["name"] == "every row" else row["name"]
        what = f"50 of {count:,} hazards, {database}: {name}, "
        out.append(Row(what + "p50", "ms", [row["p50_ms"]], f"< {LIST_MOST_MS}", row["p50_ms"] < LIST_MOST_MS))
        out.append(Row(what + "p99", "ms", [row["p99_ms"]], f"< {LIST_MOST_MS}", row["p99_ms"] < LIST_MOST_MS))
    return out


def lists(build, quick):
    count = 100_000 if quick else 1_000_000
    program = [build / "list_bench", "--rows", count] + (["--runs", 1] if quick else ["--runs", 3])
    out, failed = [], []
    for database, command in (("SQLite", [*program, "sqlite"]), ("PostgreSQL", [ROOT / "tools/with-postgres", *program, "postgres"])):
        say(f"lists of {count:,} hazards on {database}")
        rows = []
        try:
            _rows_of(command, rows, MW_POSTGRES_BUFFERS="2GB")
        except (RuntimeError, OSError) as fault:  # what was measured is shown, and the other one
            say(fault)
            failed.append(f"lists on {database}")
        out += _list_rows(database, count, rows)
    return out, failed


def start(build, quick):
    records, samples, runs = (100_000, 20_000_000, 3) if quick else (1_000_000, 1_000_000_000, 5)
    say(f"starts on {records:,} records and {samples:,} samples")
    command = [ROOT / "bench/start_bench", "--records", records, "--samples", samples, "--runs", runs, "--build", build]
    if quick:
        command += ["--journal", 500_000]
    out, rows = [], []
    _rows_of(command, rows)
    for row in rows:
        # The limit is for a start after a clean stop; after a kill the journal is read again, and the very first start of such
        # a folder computes all duties: those take as long as they take.
        limited = "clean" in row["name"]
        out.append(Row(f"{row['name']}: {records:,} records, {samples:,} samples", "s", [row["median_s"]],
                       f"< {START_MOST_S}" if limited else "", row["median_s"] < START_MOST_S if limited else None))
    return out
