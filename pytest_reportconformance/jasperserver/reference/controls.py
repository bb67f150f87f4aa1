"""The input controls of the reports, and the values that they accept."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from pytest_reportconformance.jasperserver.reference.faults import Fault
from pytest_reportconformance.jasperserver.reference.options import Values

Rule = Callable[[list[str]], str | None]
"""Returns what is wrong with the values; None if nothing is."""


def whole(values: Values, name: str) -> int | None:
    """The whole number given for a parameter; None if there is none."""
    given = [text for text in values.get(name, []) if text]
    return int(given[0]) if given else None


def one_of(*allowed: str) -> Rule:
    """Each value is on the list."""

    def rule(values: list[str]) -> str | None:
        wrong = [text for text in values if text not in allowed]
        return f"{wrong[0]!r} is not on the list." if wrong else None

    return rule


def number(low: int, high: int | None = None) -> Rule:
    """A whole number within limits."""

    def rule(values: list[str]) -> str | None:
        for text in values:
            if not re.fullmatch(r"-?\d{1,9}", text):
                return "Give a whole number."
            if int(text) < low or (high is not None and int(text) > high):
                return f"Give a number from {low} to {high}." if high is not None else f"Give a number from {low}."
        return None

    return rule


def day(values: list[str]) -> str | None:
    """A date as yyyy-MM-dd."""
    for text in values:
        try:
            date.fromisoformat(text)
        except ValueError:
            return "Give a date as yyyy-MM-dd."
    return None


CONTROLS: dict[str, dict[str, Rule]] = {
    "params": {
        "city": one_of("Oslo", "Rome", "Turku"),
        "tags": one_of("a", "b", "c", "d"),
        "count": number(1, 100),
        "since": day,
        "flag": one_of("true", "false"),
    },
    "slow": {"seconds": number(0)},
    "slowpages": {"millis": number(0)},
}


def rejected(design: str, values: Values) -> Fault | None:
    """Why a report of this design does not accept the values; an empty text counts as no value."""
    reasons = []
    for name, rule in CONTROLS.get(design, {}).items():
        reason = rule([text for text in values.get(name, []) if text])
        if reason:
            reasons.append(f"{name}: {reason}")
    if not reasons:
        return None
    return Fault("input.controls.validation.error", "A parameter has a wrong value.", tuple(reasons))
