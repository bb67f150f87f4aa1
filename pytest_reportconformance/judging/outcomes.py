"""The outcome of each check and requirement.

Rule: pure functions over data; this module does not know pytest. The table of outcomes is `outcome_table`, the verdict
of a run `verdicts`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Any

from pytest_reportconformance.judging import outcome_table
from pytest_reportconformance.judging.outcome_table import INCOMPLETE
from pytest_reportconformance.register.products import Deviation
from pytest_reportconformance.register.register import Register, Requirement
from pytest_reportconformance.transcript import answer, curl
from pytest_reportconformance.transcript.failures import Broken, NotReached
from pytest_reportconformance.transcript.parsing import visible

LONGEST = 4000


@dataclass(frozen=True)
class Judgement:
    """What one check found.

    `exchange` is the request that shows it, `step` its name, `started` its time, `answer` what was answered. `by` is
    the requirement that blocks it. `seconds` is how long the check took.
    """

    requirement: str
    check: str
    outcome: str
    reason: str = ""
    expected: str = ""
    actual: str = ""
    transcripts: tuple[str, ...] = ()
    exchange: str | None = None
    step: str | None = None
    started: float | None = None
    answer: str | None = None
    curl: str | None = None
    by: str | None = None
    deviation: str | None = None
    seconds: float = 0.0


@dataclass(frozen=True)
class Waived:
    """A failure that the operator accepts, as far as judging needs it."""

    pattern: str
    reason: str


@dataclass(frozen=True)
class Context:
    """What a judgement depends on besides the transcripts: facts of the target and of the run. JSON both ways."""

    api: str
    product: str | None = None
    version: str | None = None
    edition: str | None = None
    absent: Mapping[str, str] = field(default_factory=dict)
    waived: tuple[Waived, ...] = ()

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> Context:
        """From JSON values."""
        waived = tuple(Waived(**waiver) for waiver in values.get("waived", ()))
        return cls(**{**values, "waived": waived})


def judge(
    requirement: Requirement, check: str, error: BaseException | None, context: Context, register: Register
) -> Judgement:
    """The judgement of one check that ended with `error`, or without."""
    found = _printable(_plain(requirement, check, error))
    reason = _absent(requirement, found.outcome, context, register)
    if reason is not None:
        return Judgement(requirement.id, check, "not applicable", reason)
    if found.outcome not in outcome_table.names("violated", "noted"):
        return found
    if found.outcome in outcome_table.names("noted"):
        known = _deviation(requirement, error, context, register)
        return replace(found, deviation=known.id if known else None)
    for waiver in context.waived:
        if fnmatchcase(requirement.id, waiver.pattern):
            return _with(found, "waived", waiver.reason)
    known = _deviation(requirement, error, context, register)
    return found if known is None else _with(found, "deviation", f"{known.id}: {known.instead}", known.id)


def _deviation(
    requirement: Requirement, error: BaseException | None, context: Context, register: Register
) -> Deviation | None:
    """The known deviation of the product from a requirement that an error shows; None if there is none."""
    shown = error.exchange if isinstance(error, Broken) else None
    status = shown.response.status_code if shown is not None and shown.response is not None else None
    for deviation in register.deviations.values():
        applies = requirement.id in deviation.requirements and deviation.applies(context.product, context.version)
        if applies and deviation.excuses(status):
            return deviation
    return None


def _plain(requirement: Requirement, check: str, error: BaseException | None) -> Judgement:
    violated = outcome_table.violation(requirement.level)
    match error:
        case None:
            return Judgement(requirement.id, check, "passed")
        case Broken():
            return Judgement(requirement.id, check, violated, str(error), error.expected, error.actual)
        case AssertionError():
            return Judgement(requirement.id, check, violated, str(error), requirement.says, str(error))
        case NotReached():
            return Judgement(requirement.id, check, error.outcome, error.reason, by=error.by)
    return Judgement(requirement.id, check, "error", f"{type(error).__name__}: {error}")


def _printable(found: Judgement) -> Judgement:
    """The judgement in words that may be shown: no control characters, no flood."""
    reason, expected, actual = (visible(text[:LONGEST]) for text in (found.reason, found.expected, found.actual))
    return replace(found, reason=reason, expected=expected, actual=actual)


def _with(found: Judgement, outcome: str, reason: str, deviation: str | None = None) -> Judgement:
    return replace(found, outcome=outcome, reason=reason, deviation=deviation)


def _absent(requirement: Requirement, outcome: str, context: Context, register: Register) -> str | None:
    for pattern, reason in context.absent.items():
        if fnmatchcase(requirement.id, pattern):
            return f"declared absent: {reason}"
    if outcome != "untested":
        return None
    for facts in register.products.values():
        fact = facts.not_applicable(requirement.id, context.product, context.edition, context.version)
        if fact is not None:
            return fact
    return None


def worst(outcomes: Iterable[str]) -> str:
    """The outcome that names a group of checks: the worst.

    A check that lacks what it needs takes nothing from checks that were made: *untested* counts only if every other
    check is untested or not applicable.
    """
    found = set(outcomes)
    made = found - {"untested", "not applicable"}
    return min(found - {"untested"} if made else found, key=outcome_table.names().index)


def omitted(judgements: Iterable[Judgement]) -> set[str]:
    """The requirements with a check that could not be judged beside one whose violation is accepted.

    What is accepted excuses what was seen, not what was not.
    """
    groups: dict[str, set[str]] = {}
    for found in judgements:
        groups.setdefault(found.requirement, set()).add(found.outcome)
    unseen = {name for name in outcome_table.leading_to(INCOMPLETE) if name != "untested"}
    accepted = outcome_table.names("accepted")
    return {id for id, group in groups.items() if group & unseen and worst(group) in accepted}


def settled(judgements: Iterable[Judgement]) -> list[Judgement]:
    """The judgements, each blocked one with a cause that is violated itself, and as waived or a deviation if that is.

    If what blocks a check is not violated, its cause is a violation that the same transcripts show.
    """
    judgements = list(judgements)
    accepted = {found.requirement: found for found in judgements if found.outcome in outcome_table.names("accepted")}
    violations = [found for found in judgements if found.outcome in outcome_table.names("violated", "noted")]
    violated = {found.requirement for found in violations} | accepted.keys()
    return [_settle(_attributed(found, violated, violations), accepted) for found in judgements]


def _attributed(found: Judgement, violated: Collection[str], violations: Iterable[Judgement]) -> Judgement:
    """A blocked judgement with a cause that is violated, if its transcripts show one."""
    if found.outcome != "blocked" or found.by in violated:
        return found
    shown = set(found.transcripts)
    return next((replace(found, by=one.requirement) for one in violations if shown & set(one.transcripts)), found)


def _settle(found: Judgement, accepted: Mapping[str, Judgement]) -> Judgement:
    cause = accepted.get(found.by or "") if found.outcome == "blocked" else None
    if cause is None:
        return found
    reason = f"blocked by {cause.requirement}: {cause.reason}"
    return Judgement(
        found.requirement,
        found.check,
        cause.outcome,
        reason,
        transcripts=found.transcripts,
        by=found.by,
        deviation=cause.deviation,
        seconds=found.seconds,
    )


def evidenced(
    found: Judgement, error: BaseException | None, transcripts: Iterable[str], seconds: float = 0.0
) -> Judgement:
    """A judgement with its evidence: the transcripts that it is over, and the exchange that its error points at."""
    found = replace(found, transcripts=tuple(transcripts), seconds=seconds)
    if not isinstance(error, Broken) or (shown := error.exchange) is None:
        return found
    line = f"{shown.line} (step {shown.name!r})"
    return replace(
        found,
        exchange=line,
        step=shown.name,
        started=shown.started,
        answer=answer.line(shown),
        curl="\n".join(curl.line(one) for one in error.walk or (shown,)),
    )
