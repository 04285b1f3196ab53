"""Runs cases of the unit test programs in their long form and passes on the lines that say what was counted."""
import os
import pathlib
import re
import subprocess
import time

TREE = pathlib.Path(__file__).resolve().parent.parent.parent.parent
BUILD = pathlib.Path(os.environ.get("MW_BUILD", TREE / "build"))


def run_cases(programs, word, environment=None):
    """`programs`: (program, filter). Prints every line that begins with "<word>: "; gives (passed, failed, those lines, seconds)."""
    passed = failed = 0
    lines, began = [], time.monotonic()
    for program, cases in programs:
        done = subprocess.run([str(BUILD / program), f"--gtest_filter={cases}", "--gtest_brief=0"], capture_output=True, text=True,
                              check=False, env=dict(os.environ, **(environment or {})), errors="replace")
        good = len(re.findall(r"^\[       OK \]", done.stdout, re.M))
        bad = len(set(re.findall(r"^\[  FAILED  \] (\S+?)(?:,| \()", done.stdout, re.M)))
        if done.returncode != 0 and bad == 0:
            bad = 1
        if good + bad == 0:
            bad = 1
            print(f"FAILED {program} {cases}: no case ran")
        if bad:
            print(done.stdout[-4000:], done.stderr[-2000:])
        found = [line for line in done.stdout.splitlines() if line.startswith(word + ": ")]
        print("\n".join(found), flush=True)
        lines += found
        passed, failed = passed + good, failed + bad
    return passed, failed, lines, time.monotonic() - began
