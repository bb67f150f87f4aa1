"""Ids of executions that do not exist, in the shape of one that does.

Rule: pure functions over texts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import cycle

DIGITS = str.maketrans("0123456789abcdef", "123456789abcdef0")
UNCOUNTED = 8
"""A number of so many digits is beyond what a server reaches by counting its executions."""


def unknown(id: str, known: Iterable[str] = ()) -> str:
    """An unused id of the same shape: every digit differs, and there are too many to be reached by counting."""
    taken: Collection[str] = {id, *known}
    other = id.translate(DIGITS)
    changes = [(new, new != old) for old, new in zip(id, other, strict=True)]
    changed, more = sum(is_new for _, is_new in changes), cycle(changes)
    while 0 < changed < UNCOUNTED:
        character, is_new = next(more)
        other, changed = other + character, changed + is_new
    while other in taken:
        other += "0"
    return other
