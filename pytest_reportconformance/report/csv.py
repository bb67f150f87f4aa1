"""A table, CSV (RFC 4180): one line for each check, and one for each requirement without.

Rule: a cell that a spreadsheet would take for a formula is quoted by an apostrophe, because servers write some of them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from pytest_reportconformance.report.stored import Stored

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
    "source",
    "url",
)
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def render(stored: Stored) -> Iterator[str]:
    """The table, line by line."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(COLUMNS)
    for requirement in stored.record["requirements"]:
        for check in requirement["checks"] or [None]:
            writer.writerow([_cell(value) for value in _row(requirement, check)])
    yield buffer.getvalue()


def _row(requirement: dict[str, Any], check: dict[str, Any] | None) -> list[Any]:
    source = requirement["source"]
    head = [requirement[name] for name in ("id", "level", "operation", "outcome", "says")]
    told = ["", "", requirement["reason"], "", "", ""]
    if check is not None:
        told = [check[name] for name in ("name", "outcome", "reason", "expected", "actual")]
        told.append(check["evidence"]["exchange"] or "")
    return [*head, *told, f"{source['title']}, {source['section']}", source["url"]]


def _cell(value: Any) -> str:
    text = str(value)
    return "'" + text if text.startswith(FORMULA) else text
