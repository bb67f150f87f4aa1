"""No circumstance leads to a violation: each row has a correct server, and what is odd is not its fault."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.circumstances.circumstance import ACCUSED, Circumstance
from tests.circumstances.table import ROWS
from tests.hostile.hostile_run import describe


def played(row: Circumstance, folder: Path) -> tuple[int, str, dict[str, Any]]:
    """Play a run: its exit code, its output, and its record (empty if there is none)."""
    reference = row.made()
    with row.serve(reference, folder) as url:
        text = row.target(describe(reference, url, ""), folder)
        if text is not None:
            (folder / "target.toml").write_text(text, encoding="utf-8")
        target = url if text is None else "target.toml"
        command = [sys.executable, "-m", "pytest", "--target", target, "--conformance-report", "report", "-q"]
        done = subprocess.run(
            [*command, "-p", "no:cacheprovider", *row.arguments],
            cwd=folder,
            env={**os.environ, "XDG_STATE_HOME": str(folder / "state"), **row.environment(url, folder)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=row.seconds,
            check=False,
        )
    results = folder / "report" / "results.json"
    record = json.loads(results.read_text(encoding="utf-8")) if results.is_file() else {}
    return done.returncode, done.stdout.decode("utf-8", "replace"), record


@pytest.mark.sampled(0.12)
@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.api}: {row.name}")
def test_no_circumstance_is_a_violation(row: Circumstance, tmp_path: Path) -> None:
    code, output, record = played(row, tmp_path)
    outcomes = {check["outcome"] for one in record.get("requirements", []) for check in one["checks"]}
    assert "Traceback" not in output, output
    assert outcomes & ACCUSED == set(), output
    assert code == row.code, output
    assert re.search(row.sentence, output), output
    assert outcomes <= row.outcomes | {"inconclusive"} or not row.outcomes, (outcomes, output)


def test_the_table_is_long_enough_and_names_each_row_once() -> None:
    names = [(row.api, row.name) for row in ROWS]
    assert len(names) == len(set(names))
