"""Attributing failures: what a check raises, and to whom it attributes the failure.

`Missing` and `Broken` are failures of the server, `NotReached` is a failure of neither side; any other exception is an
error of ours. Rule: exceptions alone, without I/O.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pytest_reportconformance.transcript.exchange import Exchange

Outcome = Literal["failed", "error", "blocked", "inconclusive", "untested", "not applicable"]
"""What a check comes to if a step has no result: those of `judging.outcome_table` that can arise while recording."""


class Broken(AssertionError):
    """The server violates a requirement. `expected` and `actual` are sentences or values; `exchange` shows it.

    `walk` has the exchanges that led to it, `exchange` among them, if that one alone does not show it. `others` are
    further exchanges that show a violation of the same requirement.
    """

    def __init__(self, expected: str, actual: str, exchange: Exchange | None = None) -> None:
        super().__init__(f"expected {expected}; actual: {actual}")
        self.expected = expected
        self.actual = actual
        self.exchange = exchange
        self.walk: tuple[Exchange, ...] = ()
        self.others: tuple[Exchange, ...] = ()


class Missing(Broken):
    """The server omitted something required: a header field, a member, an answer."""


class NotReached(Exception):
    """A failure of neither side: a step was not made, or its result is unknown. `by` is the blocking requirement."""

    def __init__(self, outcome: Outcome, reason: str, by: str | None = None) -> None:
        super().__init__(reason)
        self.outcome = outcome
        self.reason = reason
        self.by = by


class TooLate(NotReached):
    """The server finished before the steps that need it running: if it is played again, the scenario may succeed."""

    def __init__(self, reason: str) -> None:
        super().__init__("inconclusive", reason)


class UnknownStep(LookupError):
    """No such scenario has a step of this name: a mistake in a test, never in the server."""

    def __init__(self, scenario: str, name: str, known: Iterable[str]) -> None:
        names = sorted(known)
        near = difflib.get_close_matches(name, names, n=1)
        listed = ", ".join(names) if len(names) <= 12 else f"one of {len(names)}"
        hint = f"did you mean {near[0]!r}?" if near else "'reportconformance docs steps' prints docs/steps.md"
        super().__init__(f"{scenario} has no step {name!r}; it has {listed}: {hint}")
