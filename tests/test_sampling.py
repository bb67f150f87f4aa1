"""The default run keeps a seeded share of the long tables; a named path and --whole run all of them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
TABLE = "tests/circumstances/test_circumstances.py::test_no_circumstance_is_a_violation"


def collected(*arguments: str) -> set[str]:
    """The rows of the table of circumstances that are collected."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--collect-only",
        "-q",
        "-o",
        f"testpaths={Path(TABLE).parent}",
        *arguments,
    ]
    shown = subprocess.run(command, check=True, cwd=ROOT, capture_output=True, text=True, timeout=120).stdout
    return {line for line in shown.splitlines() if line.startswith(TABLE)}


def test_a_seed_chooses_the_rows_of_the_default_run() -> None:
    rows = collected("--whole")
    one, again, two = collected(), collected(), collected("--sample-seed", "2")
    assert len(rows) >= 60
    assert one == again < rows
    assert two < rows
    assert one != two
    assert collected(TABLE) == rows


def test_workers_run_all_rows_of_a_named_path() -> None:
    options, rows = ("-q", "-p", "no:cacheprovider", "-n", "1"), "akamai_reporting and gateway and 50"
    command = [sys.executable, "-m", "pytest", *options, "tests/circumstances", "-k", rows]
    shown = subprocess.run(command, check=True, cwd=ROOT, capture_output=True, text=True, timeout=300).stdout
    assert "3 passed" in shown
