"""What one request selects in a report, with the report's defaults filled in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zlib import crc32

from pytest_reportconformance.akamai_reporting.reference.catalogue import Report


@dataclass(frozen=True)
class Period:
    """From `start` to `end`, both with a time zone. Equal labels mean equal data."""

    start: datetime
    end: datetime
    label: str

    @property
    def days(self) -> float:
        """Its length in days."""
        return (self.end - self.start).total_seconds() / 86400

    @property
    def seed(self) -> int:
        """The number that makes one period's data differ from another's."""
        return crc32(self.label.encode())


@dataclass(frozen=True)
class Filter:
    """A condition on a dimension (`expressions` are alternatives) or on a metric (one expression)."""

    name: str
    operator: str
    expressions: tuple[str, ...]
    on_metric: bool = False


@dataclass(frozen=True)
class SortBy:
    """A column and its direction, ASCENDING or DESCENDING."""

    name: str
    order: str


@dataclass(frozen=True)
class Selection:
    """A valid request. `limit` None means all rows; `body` is what was sent, for the echo in the metadata."""

    report: Report
    period: Period
    metrics: tuple[str, ...]
    dimensions: tuple[str, ...]
    filters: tuple[Filter, ...]
    sort_bys: tuple[SortBy, ...]
    limit: int | None
    page_size: int
    body: dict[str, Any]

    @property
    def columns(self) -> tuple[str, ...]:
        """The members of each row: dimensions before metrics."""
        return self.dimensions + self.metrics
