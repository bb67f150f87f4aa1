"""The outcome of each check and requirement, the verdict of a run, and its exit code.

Rule: pure functions over data; this module does not know pytest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Any, get_args

from pytest_reportconformance.register.register import Register, Requirement
from pytest_reportconformance.transcript import curl
from pytest_reportconformance.transcript.failures import Broken, NotReached, Outcome
from pytest_reportconformance.transcript.parsing import visible

ORDER: tuple[Outcome, ...] = get_args(Outcome)
BROKEN: dict[str, Outcome] = {"MUST": "failed", "SHOULD": "warned", "MAY": "noted"}
LONGEST = 4000
UNKNOWN_OUTCOMES = ("blocked", "inconclusive", "untested")

EXIT = {"conformant": 0, "partial": 0, "not conformant": 1, "incomplete": 6, "error": 7}


@dataclass(frozen=True)
class Judgement:
    """What one check found. `exchange` is the request that shows it, `step` its name and `started` its time; `by` is
    the requirement that blocks it. `seconds` is how long the check took."""

    requirement: str
    check: str
    outcome: Outcome
    reason: str = ""
    expected: str = ""
    actual: str = ""
    transcripts: tuple[str, ...] = ()
    exchange: str | None = None
    step: str | None = None
    started: float | None = None
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
    if found.outcome not in ("failed", "warned"):
        return found
    for waiver in context.waived:
        if fnmatchcase(requirement.id, waiver.pattern):
            return _with(found, "waived", waiver.reason)
    for deviation in register.deviations.values():
        if requirement.id in deviation.requirements and deviation.applies(context.product, context.version):
            return _with(found, "deviation", f"{deviation.id}: {deviation.instead}", deviation.id)
    return found


def _plain(requirement: Requirement, check: str, error: BaseException | None) -> Judgement:
    match error:
        case None:
            return Judgement(requirement.id, check, "passed")
        case Broken():
            outcome = BROKEN[requirement.level]
            return Judgement(requirement.id, check, outcome, str(error), error.expected, error.actual)
        case AssertionError():
            return Judgement(requirement.id, check, BROKEN[requirement.level], str(error), requirement.says, str(error))
        case NotReached():
            return Judgement(requirement.id, check, error.outcome, error.reason, by=error.by)
    return Judgement(requirement.id, check, "error", f"{type(error).__name__}: {error}")


def _printable(found: Judgement) -> Judgement:
    """The judgement in words that may be shown: no control characters, no flood."""
    reason, expected, actual = (visible(text[:LONGEST]) for text in (found.reason, found.expected, found.actual))
    return replace(found, reason=reason, expected=expected, actual=actual)


def _with(found: Judgement, outcome: Outcome, reason: str, deviation: str | None = None) -> Judgement:
    return replace(found, outcome=outcome, reason=reason, deviation=deviation)


def _absent(requirement: Requirement, outcome: Outcome, context: Context, register: Register) -> str | None:
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


def worst(outcomes: Iterable[Outcome]) -> Outcome:
    """The outcome that names a group: the worst, save that what was judged otherwise is not untested."""
    listed = list(outcomes)
    told = [outcome for outcome in listed if outcome not in ("untested", "not applicable")]
    return min([one for one in listed if one != "untested"] if told else listed, key=ORDER.index)


def settled(judgements: Iterable[Judgement]) -> list[Judgement]:
    """The judgements, with what is blocked by a waived failure or a deviation counted as that."""
    judgements = list(judgements)
    accepted = {found.requirement: found for found in judgements if found.outcome in ("waived", "deviation")}
    return [_settle(found, accepted) for found in judgements]


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


@dataclass(frozen=True)
class Verdict:
    """The verdict of a run: its name, a sentence, and the exit code."""

    name: str
    says: str
    exit_code: int


def verdict(
    outcomes: Mapping[str, Outcome],
    register: Register,
    *,
    partial: bool = False,
    strict: bool = False,
    accept_deviations: bool = False,
    trouble: str | None = None,
) -> Verdict:
    """The verdict over the outcome of each requirement. `strict` counts a broken SHOULD as failed."""
    counts: Counter[str] = Counter(outcomes.values())
    levels = {id: register.requirements[id].level for id in outcomes}
    musts: Counter[str] = Counter(outcome for id, outcome in outcomes.items() if levels[id] == "MUST")
    new = counts["failed"] + (counts["warned"] if strict else 0)
    known = counts["deviation"]
    if new or musts["deviation"]:
        told = "1 requirement is broken" if new == 1 else f"{new} requirements are broken"
        says = f"{known} known deviations, {new} new" if known else told
        accepted = accept_deviations and not new and not trouble
        return Verdict("not conformant", says, 0 if accepted else EXIT["not conformant"])
    if trouble or counts["error"]:
        return Verdict("error", trouble or f"{counts['error']} checks ended with an error of the suite", EXIT["error"])
    if partial:
        return Verdict("partial", "not all requirements were selected", EXIT["partial"])
    unknown = sum(musts[outcome] for outcome in UNKNOWN_OUTCOMES)
    judged = sum(musts.values()) - unknown - musts["not applicable"]
    if unknown or not judged:
        says = f"{unknown} MUST could not be judged" if unknown else "nothing was judged"
        return Verdict("incomplete", says, EXIT["incomplete"])
    extra = [f"{counts[name]} {name}" for name in ("warned", "waived", "deviation", "noted") if counts[name]]
    return Verdict("conformant", ", ".join(extra) or "every judged requirement holds", EXIT["conformant"])


def evidenced(
    found: Judgement, error: BaseException | None, transcripts: Iterable[str], seconds: float = 0.0
) -> Judgement:
    """A judgement with its evidence: the transcripts that it is over, and the exchange that its error points at."""
    found = replace(found, transcripts=tuple(transcripts), seconds=seconds)
    shown = error.exchange if isinstance(error, Broken) else None
    if shown is None:
        return found
    line = f"{shown.line} (step {shown.name!r})"
    return replace(found, exchange=line, step=shown.name, started=shown.started, curl=curl.line(shown))
