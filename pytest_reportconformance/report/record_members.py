"""The members of a record that follow from the judgements: computed when a run ends, and again by `verify`.

Rule: pure functions; they know no run.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pytest_reportconformance.judging import outcome_table
from pytest_reportconformance.judging.outcomes import Judgement, worst

if TYPE_CHECKING:
    from pytest_reportconformance.register.register import Register, Requirement

SUITE = "pytest-reportconformance"


def time(seconds: float) -> str:
    """A moment in RFC 3339, UTC."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")


def counts(requirements: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, int]]:
    """The requirements of each level by outcome."""
    found: dict[str, Counter[str]] = {"MUST": Counter(), "SHOULD": Counter(), "MAY": Counter()}
    for one in requirements:
        found[one["level"]][one["outcome"]] += 1
    return {level: dict(counted) for level, counted in found.items()}


def totals(requirements: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, int]]:
    """How many requirements, and how many checks, have each outcome, worst first: renderers count nothing."""
    checks = [check for one in requirements for check in one["checks"]]
    return {"requirements": _counted(requirements), "checks": _counted(checks)}


def _counted(found: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    counted = Counter(one["outcome"] for one in found)
    return {name: counted[name] for name in outcome_table.names() if counted[name]}


def leaked(leaks: Iterable[Mapping[str, str]]) -> str:
    """The verdict, in a sentence, of a run whose artifacts contain secrets."""
    places = sorted({f"{leak['kind']} in {leak['file']}" for leak in leaks})
    return f"secrets in the artifacts: {', '.join(places)}"


def deviations(
    judgements: Iterable[Judgement], register: Register, product: str | None, version: str | None
) -> dict[str, list[str]]:
    """The known deviations that were shown, and those that always occur in this version and were not."""
    shown = {found.deviation for found in judgements if found.deviation}
    expected = [
        deviation.id
        for deviation in register.deviations.values()
        if deviation.applies(product, version) and not deviation.quirk and deviation.occurs == "always"
    ]
    return {"shown": sorted(shown), "not_shown": [id for id in expected if id not in shown]}


def blocks(id: str, judgements: Iterable[Judgement]) -> list[str]:
    """The requirements that could not be judged because of this one."""
    return sorted({found.requirement for found in judgements if found.by == id})


def requirement(entry: Requirement, found: Sequence[Judgement], blocks: list[str], counts: bool) -> dict[str, Any]:
    """A requirement with the judgements of its checks, in the order in which they were judged."""
    outcome = worst(one.outcome for one in found) if found else _unjudged(entry)
    decisive = next((one for one in found if one.outcome == outcome), None)
    return {
        **described(entry),
        "outcome": outcome,
        "reason": decisive.reason if decisive else entry.unchecked or "",
        "counts": counts,
        "blocks": blocks,
        "checks": [check(one) for one in found],
    }


def _unjudged(entry: Requirement) -> str:
    return "unchecked" if entry.unchecked else "not selected"


def described(entry: Requirement) -> dict[str, Any]:
    """The requirement as the register has it."""
    return {
        "id": entry.id,
        "level": entry.level,
        "operation": entry.operation,
        "says": entry.says,
        "source": {"title": entry.document.title, "section": entry.section, "url": entry.source_url},
    }


def check(found: Judgement) -> dict[str, Any]:
    """What one check found."""
    return {
        "name": found.check,
        "outcome": found.outcome,
        "reason": found.reason,
        "expected": found.expected,
        "actual": found.actual,
        "evidence": {
            "transcripts": list(found.transcripts),
            "exchange": found.exchange,
            "step": found.step,
            "started": found.started,
        },
        "answer": found.answer,
        "curl": found.curl,
        "blocked_by": found.by,
        "deviation": found.deviation,
        "seconds": round(found.seconds, 4),
    }
