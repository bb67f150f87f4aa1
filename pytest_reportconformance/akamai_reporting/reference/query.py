"""One submitted request with its result, frozen when it was submitted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pytest_reportconformance.akamai_reporting.reference.catalogue import Row
from pytest_reportconformance.akamai_reporting.reference.selection import Selection


@dataclass
class Query:
    """A query of an account. `ready_at` is a reading of the server's clock; `polls` and `fetches` count its GETs."""

    token: str
    account: str
    selection: Selection
    rows: Sequence[Row]
    ready_at: float
    request_time: datetime
    number: int
    polls: int = 0
    fetches: int = 0

    @property
    def page_size(self) -> int:
        """How many rows a full page has."""
        return self.selection.page_size

    @property
    def page_count(self) -> int:
        """How many pages the result has: one at least."""
        return max(1, -(-len(self.rows) // self.page_size))
