"""Whether rows are in the order that sortBys requests.

Rule: the collation of texts is not documented, so that any of the usual ones is accepted, the same one for all rows.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

Key = tuple[int, Any]


def _number(value: Any) -> Key | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return (0, float(value))
    except ValueError:
        return None


def _by_code_point(value: Any) -> Key:
    return (0, value) if isinstance(value, int | float) else (1, str(value))


def _by_letter(value: Any) -> Key:
    if isinstance(value, int | float):
        return (0, value)
    plain = unicodedata.normalize("NFKD", str(value)).casefold()
    return (1, "".join(char for char in plain if char.isalnum()))


def _by_case(value: Any) -> Key:
    return (0, value) if isinstance(value, int | float) else (1, str(value).casefold())


def _by_utf16(value: Any) -> Key:
    return (0, value) if isinstance(value, int | float) else (1, str(value).encode("utf-16-be", "surrogatepass"))


def _by_number(value: Any) -> Key:
    return _number(value) or (1, str(value))


COLLATIONS: dict[str, Callable[[Any], Key]] = {
    "code point": _by_code_point,
    "letter": _by_letter,
    "case": _by_case,
    "utf-16": _by_utf16,
    "number": _by_number,
}


def of(rows: Sequence[Mapping[str, Any]], orders: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """How rows are ordered: `broken` maps each collation to the index of the first row out of order (None: none),
    `ties` is true if neighbors are equal, `edges` are the values of the first and the last row."""
    values = [[row.get(name) for name, _ in orders] for row in rows]
    directions = [direction for _, direction in orders]
    broken = {name: _broken(values, directions, key) for name, key in COLLATIONS.items()}
    ties = any(one == other for one, other in pairwise(values))
    return {
        "broken": broken,
        "ties": ties,
        "directions": directions,
        "edges": [values[0], values[-1]] if values else [],
    }


def _broken(values: Sequence[Sequence[Any]], directions: Sequence[str], key: Callable[[Any], Key]) -> int | None:
    pairs = enumerate(pairwise(values), 1)
    return next((at for at, (one, other) in pairs if not _in_order(one, other, directions, key)), None)


def _in_order(one: Sequence[Any], other: Sequence[Any], directions: Sequence[str], key: Callable[[Any], Key]) -> bool:
    for left, right, direction in zip(one, other, directions, strict=True):
        if left is None or right is None:
            return True  # the position of rows without a value is not documented
        before, after = key(left), key(right)
        if before != after:
            return (before < after) == (direction == "ASCENDING")
    return True


def first_fault(pages: Sequence[Mapping[str, Any]]) -> str | None:
    """Where pages of rows, one after another, leave the order under every collation; None if one collation fits."""
    faults = [_fault(pages, name) for name in COLLATIONS]
    return None if None in faults else faults[0]


def _fault(pages: Sequence[Mapping[str, Any]], collation: str) -> str | None:
    last: Sequence[Any] | None = None
    for number, page in enumerate(pages, 1):
        at = page["broken"][collation]
        if at is not None:
            return f"row {at + 1} of page {number} is out of order"
        if not page["edges"]:
            continue
        first, end = page["edges"]
        if last is not None and not _in_order(last, first, page["directions"], COLLATIONS[collation]):
            return f"the first row of page {number}, {first}, comes after {last}"
        last = end
    return None
