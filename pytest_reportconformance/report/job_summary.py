"""The summary of a CI job: `summary.md` is appended to the file that `GITHUB_STEP_SUMMARY` names.

Rule: nothing is appended that holds a secret, or that is longer than GitHub accepts.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pytest_reportconformance.report.renderings import FORMATS
from pytest_reportconformance.transcript import files

VARIABLE = "GITHUB_STEP_SUMMARY"
LONGEST = 1024 * 1024
"""How many bytes GitHub accepts of one step."""


def append(folder: Path, record: Mapping[str, Any]) -> str | None:
    """Append the summary of a run; returns what a reader of the log has to know, None if there is nothing to append."""
    given = os.environ.get(VARIABLE)
    summary = folder / FORMATS["markdown"].file
    if not given or record["leaks"] or not summary.is_file():
        return None
    path = Path(given)
    try:
        content = summary.read_bytes()
        if (path.stat().st_size if path.exists() else 0) + len(content) > LONGEST:
            return f"{VARIABLE}: the summary of the job would be too long; {summary} is complete"
        with path.open("ab") as file:
            file.write(content + b"\n")
    except OSError as error:
        return f"{VARIABLE}: nothing was appended: {files.sentence(error)}"
    return f"summary appended to the job's: {summary}"
