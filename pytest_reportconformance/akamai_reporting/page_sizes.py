"""Which page sizes tell most about a result of so many rows, at the price of few pages.

Rule: pure functions over numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

PAGES = 4
UNKNOWN = 24
"""How many rows are assumed where a result does not tell."""


def not_a_multiple(rows: int) -> int:
    """A page size that gives about four pages, the last of them not full where that is possible."""
    size = max(1, -(-rows // PAGES))
    while size < rows and rows % size == 0:
        size += 1
    return size if size < rows else max(1, rows - 1)


def pages(rows: int, size: int) -> int:
    """How many pages so many rows fill: one at least."""
    return max(1, -(-rows // size))


def narrowed(facts: Mapping[str, Any], most: int) -> int:
    """A limit of so many rows, or the tighter one that the facts already have."""
    told = facts.get("limit")
    return min(most, told) if isinstance(told, int) else most
