"""JSON that this suite wrote and others may have edited: read strictly, and printed so that no terminal obeys it.

Rule: whatever is wrong with a text is a ValueError that says what. `parsing` reads what servers sent.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from pytest_reportconformance.transcript.parsing import DEEPEST, is_deep, pointer

Shape = Mapping[str, tuple[type, ...]]
"""The types that each member of an object may have."""

MOST_LEVELS = 2 * DEEPEST
"""A document of a server may be a member of ours."""
NUMBER = (int, float)
LARGEST = 10.0**12
"""The largest time in seconds or milliseconds, and the largest size."""


def loads(text: str | bytes) -> Any:
    """JSON without duplicate members, without numbers that are none, not nested too deeply. Raises ValueError."""
    text = text.decode("utf-8") if isinstance(text, bytes) else text
    try:
        value = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_number, parse_float=_finite)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    if text.count("[") + text.count("{") > MOST_LEVELS and is_deep(value, MOST_LEVELS):
        raise ValueError("it is nested too deeply")
    return value


def printable(text: str) -> str:
    """JSON whose strings have escapes for everything that is not printable; its value is the same."""
    if text.isascii() and "\x7f" not in text:
        return text
    return "".join(char if char == "\n" or char.isprintable() else _escape(char) for char in text)


def dumps(value: Any, indent: int | None = None) -> str:
    """A value as printable JSON."""
    return printable(json.dumps(value, indent=indent, ensure_ascii=False))


def fitting(value: Any, shape: Shape, at: str) -> dict[str, Any]:
    """The value, if it is an object with all members of a shape and every number is possible. Raises ValueError."""
    if type(value) is not dict:
        raise ValueError(f"{at}: found {_kind(value)}; allowed: an object")
    for name, kinds in shape.items():
        if name not in value:
            raise ValueError(f"{at}: the member {name!r} is missing")
        found = value[name]
        if type(found) not in kinds:
            allowed = " or ".join(_NAMES[kind] for kind in kinds)
            raise ValueError(f"{pointer([at, name])}: found {_kind(found)}; allowed: {allowed}")
        if type(found) in NUMBER and abs(found) > LARGEST:
            raise ValueError(f"{pointer([at, name])}: found a number larger than {LARGEST:g}")
    return value


def items(value: list[Any], read: Callable[[Any, str], Any], at: str) -> tuple[Any, ...]:
    """The elements of a list, each read by a function that is given its place."""
    return tuple(read(one, f"{at}[{number}]") for number, one in enumerate(value))


_NAMES: Mapping[type, str] = {
    str: "a string",
    bool: "true or false",
    int: "a number",
    float: "a number",
    dict: "an object",
    list: "a list",
    type(None): "null",
}


def _kind(value: Any) -> str:
    return _NAMES[type(value)]


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        name = next(name for number, (name, _) in enumerate(pairs) if name in dict(pairs[:number]))
        raise ValueError(f"the member {name!r} is there twice")
    return found


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is not a number in JSON")


def _finite(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise ValueError(f"the number {text[:20]} is beyond what a double can hold")
    return value


def _escape(char: str) -> str:
    units = char.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))
