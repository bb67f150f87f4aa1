"""A table, CSV (RFC 4180): one line for each check, and one for each requirement without.

Rule: a cell that a spreadsheet would take for a formula is quoted by an apostrophe, because servers write some.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from pytest_reportconformance.report.stored import Stored
from pytest_reportconformance.transcript.parsing import visible

COLUMNS = (
    "requirement",
    "level",
    "operation",
    "outcome",
    "says",
    "check",
    "check_outcome",
    "reason",
    "expected",
    "actual",
    "exchange",
    "answer",
    "source",
    "url",
)
FORMULA = ("=", "+", "-", "@", "\\t", "\\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def render(stored: Stored) -> Iterator[str]:
    """The table, line by line."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(COLUMNS)
    for requirement in stored.requirements:
        for check in requirement["checks"] or [None]:
            writer.writerow([_cell(value) for value in _row(requirement, check)])
    yield buffer.getvalue()


def _row(requirement: dict[str, Any], check: dict[str, Any] | None) -> list[Any]:
    source = requirement["source"]
    head = [requirement[name] for name in ("id", "level", "operation", "outcome", "says")]
    if check is None:
        cells = ["", "", requirement["reason"], "", "", "", ""]
    else:
        cells = [check[name] for name in ("name", "outcome", "reason", "expected", "actual")]
        cells += [check["evidence"]["exchange"] or "", check["answer"] or ""]
    return [*head, *cells, f"{source['title']}, {source['section']}", source["url"]]


def _cell(value: Any) -> str:
    text = visible(str(value))
    return "'" + text if text.lstrip().startswith(FORMULA) else text
