"""Page sizes that show the most about a result with few pages.

Rule: pure functions over numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

PAGES = 4
UNKNOWN = 24
"""The assumed number of rows of a result of unknown size."""


def not_a_multiple(rows: int) -> int:
    """A page size that gives about four pages, the last of them not full if that is possible."""
    size = max(1, -(-rows // PAGES))
    while size < rows and rows % size == 0:
        size += 1
    return size if size < rows else max(1, rows - 1)


def pages(rows: int, size: int) -> int:
    """The number of pages of a result: at least one."""
    return max(1, -(-rows // size))


def narrowed(facts: Mapping[str, Any], most: int) -> int:
    """`most`, or the lower limit that the facts already have."""
    limit = facts.get("limit")
    return min(most, limit) if isinstance(limit, int) else most
