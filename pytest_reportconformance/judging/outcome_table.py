"""The one table of outcomes and verdicts: order, group, and the name of each in every format.

Rule: a module that needs a list of outcomes reads it from this table at run time and holds no list of its own. A new
outcome is a new row here; tests hold results.schema.json and docs/outcomes.md equal to the table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Group = Literal["violated", "accepted", "noted", "undecided", "held", "unjudged"]


@dataclass(frozen=True)
class Outcome:
    """One outcome: of a check, and of a requirement; those of the group `unjudged` of requirements without a check.

    `pytest` is what pytest shows, `junit` the element of a test case (None: none), `earl` and `ctrf` the names there,
    `tone` a color of the page's style sheet, `color` one of the terminal. `level` is the level whose violation this
    is, `verdict` the verdict of a run in which a MUST requirement has this outcome (None: it does not matter).
    """

    name: str
    group: Group
    means: str
    pytest: Literal["failed", "xfailed", "skipped", "passed"]
    junit: Literal["failure", "error", "skipped"] | None
    earl: Literal["passed", "failed", "cantTell", "inapplicable", "untested"]
    ctrf: Literal["passed", "failed", "skipped", "other"]
    tone: str
    color: str
    level: str | None = None
    verdict: str | None = None


@dataclass(frozen=True)
class VerdictName:
    """A verdict: its exit code, and its color on the page and on the badge."""

    name: str
    exit_code: int
    tone: str


CONFORMANT, KNOWN, PARTIAL = "conformant", "conformant with known deviations", "partial"
NOT_CONFORMANT, INCOMPLETE, ERROR = "not conformant", "incomplete", "error"
WORSE = "worse than the baseline"

VERDICTS = (
    VerdictName(CONFORMANT, 0, "good"),
    VerdictName(KNOWN, 0, "note"),
    VerdictName(PARTIAL, 0, "none"),
    VerdictName(NOT_CONFORMANT, 1, "bad"),
    VerdictName(WORSE, 1, "bad"),
    VerdictName(INCOMPLETE, 6, "doubt"),
    VerdictName(ERROR, 7, "ours"),
)

OUTCOMES: tuple[Outcome, ...] = (
    Outcome(
        name="failed",
        group="violated",
        means="A MUST requirement is violated.",
        pytest="failed",
        junit="failure",
        earl="failed",
        ctrf="failed",
        tone="bad",
        color="red",
        level="MUST",
        verdict=NOT_CONFORMANT,
    ),
    Outcome(
        name="error",
        group="undecided",
        means="The suite failed, or the target is unreachable.",
        pytest="failed",
        junit="error",
        earl="cantTell",
        ctrf="failed",
        tone="ours",
        color="red",
        verdict=ERROR,
    ),
    Outcome(
        name="warned",
        group="violated",
        means="A SHOULD requirement is violated.",
        pytest="xfailed",
        junit="skipped",
        earl="failed",
        ctrf="other",
        tone="doubt",
        color="yellow",
        level="SHOULD",
    ),
    Outcome(
        name="waived",
        group="accepted",
        means="Violated; a waiver of the operator accepts it.",
        pytest="xfailed",
        junit="skipped",
        earl="failed",
        ctrf="other",
        tone="doubt",
        color="yellow",
    ),
    Outcome(
        name="deviation",
        group="accepted",
        means="Violated; a known deviation of the product.",
        pytest="xfailed",
        junit="skipped",
        earl="failed",
        ctrf="other",
        tone="doubt",
        color="yellow",
        verdict=KNOWN,
    ),
    Outcome(
        name="noted",
        group="noted",
        means="The server does not do what a MAY permits.",
        pytest="passed",
        junit=None,
        earl="passed",
        ctrf="passed",
        tone="note",
        color="cyan",
        level="MAY",
    ),
    Outcome(
        name="blocked",
        group="undecided",
        means="A step that the check needs did not succeed.",
        pytest="skipped",
        junit="skipped",
        earl="cantTell",
        ctrf="skipped",
        tone="doubt",
        color="yellow",
        verdict=INCOMPLETE,
    ),
    Outcome(
        name="inconclusive",
        group="undecided",
        means="The situation that the check needs did not occur.",
        pytest="skipped",
        junit="skipped",
        earl="cantTell",
        ctrf="skipped",
        tone="doubt",
        color="yellow",
        verdict=INCOMPLETE,
    ),
    Outcome(
        name="untested",
        group="undecided",
        means="The target lacks what the check needs.",
        pytest="skipped",
        junit="skipped",
        earl="untested",
        ctrf="skipped",
        tone="doubt",
        color="yellow",
        verdict=INCOMPLETE,
    ),
    Outcome(
        name="passed",
        group="held",
        means="The requirement holds.",
        pytest="passed",
        junit=None,
        earl="passed",
        ctrf="passed",
        tone="good",
        color="green",
    ),
    Outcome(
        name="not applicable",
        group="held",
        means="Its condition never arises on this target.",
        pytest="skipped",
        junit="skipped",
        earl="inapplicable",
        ctrf="skipped",
        tone="none",
        color="white",
    ),
    Outcome(
        name="unchecked",
        group="unjudged",
        means="No check exists; the register gives the reason.",
        pytest="skipped",
        junit="skipped",
        earl="untested",
        ctrf="skipped",
        tone="none",
        color="white",
    ),
    Outcome(
        name="not selected",
        group="unjudged",
        means="Its checks were not selected for this run.",
        pytest="skipped",
        junit="skipped",
        earl="untested",
        ctrf="skipped",
        tone="none",
        color="white",
    ),
)
"""All outcomes, worst first: in this order the worst names a group of checks."""


def find(name: str) -> Outcome:
    """The outcome of a name. Raises KeyError."""
    for outcome in OUTCOMES:
        if outcome.name == name:
            return outcome
    raise KeyError(name)


def names(*groups: Group) -> tuple[str, ...]:
    """The names of the outcomes of some groups (without any: of all), worst first."""
    return tuple(outcome.name for outcome in OUTCOMES if not groups or outcome.group in groups)


def checked() -> tuple[str, ...]:
    """The names of the outcomes that a check can have, worst first."""
    return tuple(outcome.name for outcome in OUTCOMES if outcome.group != "unjudged")


def leading_to(verdict: str) -> tuple[str, ...]:
    """The names of the outcomes of a MUST requirement that lead to a verdict."""
    return tuple(outcome.name for outcome in OUTCOMES if outcome.verdict == verdict)


def violation(level: str) -> str:
    """What the violation of a requirement of that level is called."""
    return next(outcome.name for outcome in OUTCOMES if outcome.level == level)


def exit_code(verdict: str) -> int:
    """The exit code of a verdict."""
    return next(one.exit_code for one in VERDICTS if one.name == verdict)


def tone(verdict: str) -> str:
    """The color of a verdict."""
    return next(one.tone for one in VERDICTS if one.name == verdict)
