"""Whether a change of outcome is worse, better or neither for those who use the server.

Rule: a pure function over the table of outcomes. Worse is only what was observed: a requirement that is not decided any
more makes a run incomplete, but shows nothing about the server.
"""

from __future__ import annotations

from typing import Literal

from pytest_reportconformance.judging import outcome_table
from pytest_reportconformance.judging.outcome_table import KNOWN

Direction = Literal["worse", "better", "other"]
DIRECTIONS: tuple[Direction, ...] = ("worse", "better", "other")

_VIOLATED, _DEVIATION, _UNDECIDED, _HELD = range(4)
_WAIVED = -1
"""What the operator accepts with a reason is beside the order."""


def direction(before: str | None, after: str | None) -> Direction | None:
    """The direction of a change of outcome; None: of a requirement that is not there. None if nothing changed.

    An outcome that was violated before is never worse: that another name accepts it, or does not decide it, is other.
    """
    if before == after or not (judged(before) or judged(after)):
        return None
    if not (judged(before) and judged(after)):
        return "other"
    old, new = _rank(before), _rank(after)
    if new == _HELD > old:
        return "better"
    if old == _WAIVED or new in (_WAIVED, _UNDECIDED) or new >= old:
        return "other"
    return "worse"


def judged(outcome: str | None) -> bool:
    """Whether a requirement with this outcome was judged."""
    return outcome is not None and outcome_table.find(outcome).group != "unjudged"


def violated(outcome: str) -> bool:
    """Whether a requirement with this outcome is violated, accepted or not."""
    return outcome_table.find(outcome).group in ("violated", "accepted")


def undecided(outcome: str) -> bool:
    """Whether a check with this outcome decides nothing."""
    return outcome_table.find(outcome).group == "undecided"


def deviates(outcome: str | None) -> bool:
    """Whether the outcome is that of a known deviation."""
    return outcome in outcome_table.leading_to(KNOWN)


def _rank(outcome: str | None) -> int:
    assert outcome is not None
    match outcome_table.find(outcome).group:
        case "violated":
            return _VIOLATED
        case "accepted":
            return _DEVIATION if deviates(outcome) else _WAIVED
        case "undecided":
            return _UNDECIDED
    return _HELD
