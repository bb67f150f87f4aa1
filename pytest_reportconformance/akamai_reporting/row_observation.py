"""What the rows of an answer hold: digests, faults, the values of filtered columns, the order.

Rule: pure functions over parsed JSON. An observation is small for any number of rows; what was not found is left out.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pytest_reportconformance.akamai_reporting import row_order
from pytest_reportconformance.transcript import parsing

Facts = Mapping[str, Any]
Row = dict[str, Any]
LONGEST_SAMPLE = 16 * 1024
MOST_VALUES = 20
DIGITS = 12
"""Significant digits of a fraction that count: a sum in another order may differ in the digits after these."""
ENCODER = json.JSONEncoder(sort_keys=True)


@dataclass(frozen=True)
class Requested:
    """The expectations of a request about its rows: columns, sort order, filtered dimensions."""

    dimensions: tuple[str, ...]
    metrics: tuple[str, ...]
    orders: tuple[tuple[str, str], ...]
    filtered: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that the request names."""
        return (*self.dimensions, *self.metrics)

    @property
    def all_columns(self) -> tuple[str, ...]:
        """All columns of a row if the request names dimensions and metrics; empty otherwise."""
        return self.columns if self.dimensions and self.metrics else ()


def requested(facts: Facts) -> Requested:
    """The expectations of a request with those facts about its rows."""
    return Requested(
        tuple(facts.get("dimensions", ())),
        tuple(facts.get("metrics", ())),
        tuple((str(one["name"]), str(one["sortOrder"])) for one in facts.get("sort_bys", ())),
        tuple(str(one["dimensionName"]) for one in facts.get("filters", ()) if "dimensionName" in one),
    )


def observed(data: Sequence[Any], request: Requested) -> dict[str, Any]:
    """The observation of the rows in `data`."""
    rows = [row for row in data if isinstance(row, dict)]
    findings = {
        "odd": _first_that_is_no_object(data),
        "lacking": _first_that_lacks_columns(rows, request.columns),
        "texts": _metrics_that_are_no_numbers(rows, request.metrics),
        "fractions": _metrics_with_fractions(rows, request.metrics),
        "values": _values_of(rows, request.filtered),
        "order": row_order.of(rows, request.orders) if request.orders else None,
        "sample": _sample(rows),
        "shared": _shared(rows),
    }
    digests = {"rows": [digest(row, request.all_columns) for row in data]}
    return digests | {name: finding for name, finding in findings.items() if finding is not None}


def _first_that_is_no_object(data: Iterable[Any]) -> str | None:
    return next((parsing.excerpt(row) for row in data if not isinstance(row, dict)), None)


def _first_that_lacks_columns(rows: Iterable[Row], columns: Sequence[str]) -> dict[str, Any] | None:
    wanted = frozenset(columns)
    row = next((row for row in rows if not row.keys() >= wanted), None)
    if row is None:
        return None
    return {"columns": [name for name in columns if name not in row], "row": parsing.excerpt(row)}


def _metrics_that_are_no_numbers(rows: Iterable[Row], metrics: Sequence[str]) -> dict[str, str] | None:
    """An excerpt of the first such value of each metric; of each column if the request names no metrics."""
    found: dict[str, str] = {}
    for row in rows:
        for name in metrics or row:
            if _is_no_number(row.get(name)):
                found.setdefault(name, parsing.excerpt(row[name]))
    return found or None


def _is_no_number(value: Any) -> bool:
    return isinstance(value, str | bool | list | dict)


def _metrics_with_fractions(rows: Iterable[Row], metrics: Sequence[str]) -> dict[str, float] | None:
    """The first fraction of each metric; of each column if the request names no metrics."""
    found: dict[str, float] = {}
    for row in rows:
        for name in metrics or row:
            value = row.get(name)
            if isinstance(value, float) and not value.is_integer():
                found.setdefault(name, value)
    return found or None


def _values_of(rows: Sequence[Row], columns: Iterable[str]) -> dict[str, list[str]] | None:
    found = {name: sorted({_text(row.get(name)) for row in rows})[:MOST_VALUES] for name in columns}
    return found or None


def _sample(rows: Sequence[Row]) -> Row | None:
    """The first row, unless it is large."""
    return rows[0] if rows and len(json.dumps(rows[0])) < LONGEST_SAMPLE else None


def _shared(rows: Sequence[Row]) -> dict[str, int] | None:
    """How many rows have the text of the first row, for each of its first columns with a text."""
    columns = [name for name, value in rows[0].items() if isinstance(value, str)] if rows else []
    return {name: sum(row.get(name) == rows[0][name] for row in rows) for name in columns[:MOST_VALUES]} or None


def digest(row: Any, columns: Sequence[str] = ()) -> str:
    """A row as 16 hexadecimal digits: equal for equal rows, in any order of members and any form of numbers.

    `columns` are the members that count, if the row has any of them; without them all members count.
    """
    if isinstance(row, dict):
        row = {name: _plain(row[name]) for name in (columns or row) if name in row} or row
    return hashlib.blake2b(ENCODER.encode(row).encode(), digest_size=8).hexdigest()


def _plain(value: Any) -> Any:
    if not isinstance(value, float):
        return value
    short = float(f"{value:.{DIGITS}g}")
    return int(short) if short.is_integer() else short


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(_plain(value))
