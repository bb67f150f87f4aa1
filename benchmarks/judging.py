"""Measures how many checks of a stored report are judged per second of processor time.

    python benchmarks/judging.py [DIR] [--runs 5]

DIR is the report; without it, the embedded jasperserver is run once. Reading the transcripts and judging all
checks is measured in a new process each time. Prints each run, and the best.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any


def judge(folder: Path) -> dict[str, Any]:
    """The number of checks of a stored report, and the seconds of processor time to read and to judge it."""
    from pytest_reportconformance.report import rejudge
    from pytest_reportconformance.report.stored import Stored

    started = time.process_time()
    found = rejudge.judge(Stored.read(folder))
    return {"checks": len(found.judgements), "seconds": time.process_time() - started}


def measure(folder: Path) -> dict[str, Any]:
    """The same in a new process, which has read nothing yet."""
    command = [sys.executable, __file__, str(folder), "--once"]
    found: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return found


def play(folder: str) -> Path:
    """Run the embedded jasperserver, and return the folder of its report."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--target", "embedded:jasperserver"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return next(Path(folder).rglob("results.json")).parent


def compare(folder: Path, runs: int) -> None:
    """Measure, and print each run and the best one."""
    best = 0.0
    for number in range(1, runs + 1):
        found = measure(folder)
        rate = found["checks"] / found["seconds"]
        best = max(best, rate)
        print(f"run {number}: {found['checks']} checks in {found['seconds']:.2f} s, {rate:.0f} per second", flush=True)
    print(f"best of {runs} runs: {best:.0f} checks per second")


def main() -> None:
    """Read the command line: measure, or be one of the measured processes."""
    parser = argparse.ArgumentParser(description="Measure how many checks are judged per second of processor time.")
    parser.add_argument(
        "folder", nargs="?", type=Path, metavar="DIR", help="judge the report in DIR (default: run one)"
    )
    parser.add_argument("--runs", type=int, default=5, help="measure this number of runs (default: 5)")
    parser.add_argument("--once", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.once:
        print(json.dumps(judge(options.folder)))
        return
    with tempfile.TemporaryDirectory() as scratch:
        compare(options.folder or play(scratch), options.runs)


if __name__ == "__main__":
    main()
