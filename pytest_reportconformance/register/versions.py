"""Version ranges: ``*`` or comma-separated comparisons such as ``>=6.2.1,<=8.2``, compared number by number."""

from __future__ import annotations

import operator
import re

_COMPARISON = re.compile(r"\s*(>=|<=|==|!=|>|<)\s*(\d+(?:\.\d+)*)\s*")
_NUMBER = re.compile(r"\d+(?:\.\d+)*")
_OPERATORS = {
    ">=": operator.ge,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
}


def is_range(text: str) -> bool:
    """Whether a text is a version range."""
    return text == "*" or all(_COMPARISON.fullmatch(part) for part in text.split(","))


def lies_in(version: str | None, range: str) -> bool:
    """Whether a version is in a range; an unknown version is only in ``*``.

    A bound covers all versions that start with it: 8.2.1 is ``<=8.2`` and not ``>8.2``. The text after the first
    dotted number of the version is ignored.
    """
    if range == "*":
        return True
    number = _NUMBER.search(version or "")
    return number is not None and all(
        _OPERATORS[sign](_shaped(number[0], like=bound), _parts(bound)) for sign, bound in _COMPARISON.findall(range)
    )


def _shaped(version: str, like: str) -> tuple[int, ...]:
    length = len(_parts(like))
    return (_parts(version) + (0,) * length)[:length]


def _parts(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
