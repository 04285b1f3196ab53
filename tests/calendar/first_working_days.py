#!/usr/bin/env python3
"""The first five working days of every month, worked out another way than the program does.

    tests/calendar/first_working_days.py [--from 2007] [--to 2026]    prints "YYYY-MM d1 d2 d3 d4 d5", one month a line

Straight from the notices (tests/data/cn-holidays/*.json) with the standard library only; it reads no pack and no code of
the program. expected.txt beside it is its output; a test compares the program's calendar with it line by line. On purpose
slow and obvious: for each day it reads through all notices.
"""
import argparse
import datetime
import json
import pathlib
import sys

NOTICES = pathlib.Path(__file__).resolve().parent.parent / "data/cn-holidays"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--from", dest="first", type=int, default=2007)
    parser.add_argument("--to", dest="last", type=int, default=2026)
    years = parser.parse_args()

    # Every line of every notice: a notice speaks of days of other years too.
    named = []
    for path in sorted(NOTICES.glob("[0-9][0-9][0-9][0-9].json")):
        named += json.loads(path.read_text(encoding="utf-8"))["days"]

    def is_worked(day):
        said = {entry["isOffDay"] for entry in named if entry["date"] == day.isoformat()}
        if len(said) > 1:
            sys.exit(f"{day} is both off and worked")
        if said:
            return not said.pop()
        return day.isoweekday() <= 5

    for year in range(years.first, years.last + 1):
        for month in range(1, 13):
            day, found = datetime.date(year, month, 1), []
            while len(found) < 5:
                if is_worked(day):
                    found.append(day.day)
                day += datetime.timedelta(days=1)
            print(f"{year}-{month:02}", *found)


if __name__ == "__main__":
    main()
