"""The record of a run, `results.json`: the one source of every rendering. Its schema is specs/results.schema.json."""

from __future__ import annotations

import json
import time
from collections import Counter
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_reportconformance import __version__
from pytest_reportconformance.judging import outcome_table
from pytest_reportconformance.judging.outcomes import Judgement, worst
from pytest_reportconformance.judging.verdicts import Verdict
from pytest_reportconformance.report import audit, renderings
from pytest_reportconformance.report.stored import Stored
from pytest_reportconformance.transcript import files

if TYPE_CHECKING:
    from pytest_reportconformance.register.register import Requirement
    from pytest_reportconformance.run.run import Run

FORMAT = 1


def write(run: Run, verdict: Verdict) -> dict[str, Any]:
    """Write results.json and what is rendered from it into the run's folder; returns the record."""
    record = build(run, verdict)
    run.folder.mkdir(parents=True, exist_ok=True)
    record[audit.DIGESTS] = audit.digests(run.folder, record)
    text = json.dumps(record, indent=1, ensure_ascii=False) + "\n"
    with files.named(run.folder / "results.json"):
        (run.folder / "results.json").write_text(text, encoding="utf-8", errors="backslashreplace")
    renderings.write_standard(Stored(run.folder, record))
    return record


def build(run: Run, verdict: Verdict) -> dict[str, Any]:
    """The record as JSON values."""
    finished = time.time()
    requirements = [_requirement(run, requirement) for requirement in run.register.requirements.values()]
    return {
        "format": FORMAT,
        "suite": {"name": "pytest-reportconformance", "version": __version__},
        "specs": {"api": run.target.api, "digest": run.register.digest},
        "target": _target(run),
        "configuration": _configuration(run),
        "started": _time(run.started),
        "finished": _time(finished),
        "seconds": round(finished - run.started, 3),
        "verdict": verdict.name,
        "says": verdict.says,
        "exit_code": verdict.exit_code,
        "options": dict(run.options),
        "set": run.frozen.name if run.frozen else None,
        "trouble": run.error,
        "counts": _counts(requirements),
        "totals": _totals(requirements),
        **_traffic(run),
        "scenarios": _scenarios(run),
        "leftovers": _leftovers(run),
        "leaks": [asdict(leak) for leak in run.leaks],
        "warnings": list(run.warnings),
        "waivers": run.described_waivers(),
        "deviations": _deviations(run),
        "requirements": requirements,
    }


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")


def _target(run: Run) -> dict[str, Any]:
    target = run.target
    return {
        "name": target.name,
        "api": target.api,
        "url": target.url,
        "product": target.product,
        "version": target.version,
        "edition": target.edition,
        "identities": list(target.identities),
        "reports": list(target.reports),
        "absent": dict(target.absent),
        "notes": list(target.notes),
    }


def _configuration(run: Run) -> dict[str, Any]:
    """How the target was described, without secrets: header fields and query arguments by name only."""
    target = run.target
    return {
        "identities": {role: identity.auth for role, identity in target.identities.items()},
        "reports": {purpose: dict(facts) for purpose, facts in target.reports.items()},
        "limits": asdict(target.limits),
        "provision": asdict(target.provision),
        "disposable": target.disposable,
        "headers": list(target.headers),
        "query": list(target.query),
    }


def _counts(requirements: list[dict[str, Any]]) -> dict[str, dict[str, int]]:
    counts: dict[str, Counter[str]] = {"MUST": Counter(), "SHOULD": Counter(), "MAY": Counter()}
    for requirement in requirements:
        counts[requirement["level"]][requirement["outcome"]] += 1
    return {level: dict(found) for level, found in counts.items()}


def _totals(requirements: list[dict[str, Any]]) -> dict[str, dict[str, int]]:
    """How many requirements, and how many checks, have each outcome, worst first: renderers count nothing."""
    checks = [one for requirement in requirements for one in requirement["checks"]]
    return {"requirements": _counted(requirements), "checks": _counted(checks)}


def _counted(found: list[dict[str, Any]]) -> dict[str, int]:
    counts = Counter(one["outcome"] for one in found)
    return {name: counts[name] for name in outcome_table.names() if counts[name]}


def _traffic(run: Run) -> dict[str, Any]:
    longest = max(run.recorder.played, key=lambda played: played.seconds, default=None)
    return {
        "requests_sent": run.client.sent,
        f"{run.api.counted_plural}_started": run.ledger.created[run.api.counted_kind],
        "longest_scenario": None if longest is None else {"name": longest.key, "seconds": round(longest.seconds, 3)},
    }


def _scenarios(run: Run) -> list[dict[str, Any]]:
    played = sorted(run.recorder.played, key=lambda one: one.started)
    return [
        {
            "name": one.key,
            "transcript": f"transcripts/{Path(one.key).name}.har",
            "started": _time(one.started),
            "seconds": round(one.seconds, 3),
            "requests": one.requests,
            "answering_seconds": round(one.answering, 3),
            "waiting_seconds": round(one.waiting, 3),
            "exclusive": one.exclusive,
            "exclusive_because": one.exclusive_because,
            "ended": asdict(one.ended) if one.ended else None,
        }
        for one in played
    ]


def _leftovers(run: Run) -> list[dict[str, Any]]:
    entries = run.ledger.open_entries()
    return [{name: getattr(entry, name) for name in ("kind", "id", "identity", "what", "why")} for entry in entries]


def _deviations(run: Run) -> dict[str, list[str]]:
    shown = {found.deviation for found in run.judgements if found.deviation}
    expected = [
        deviation.id
        for deviation in run.register.deviations.values()
        if deviation.applies(run.target.product, run.target.version)
        and not deviation.quirk
        and deviation.occurs == "always"
    ]
    return {"shown": sorted(shown), "not_shown": [id for id in expected if id not in shown]}


def _requirement(run: Run, requirement: Requirement) -> dict[str, Any]:
    judgements = [found for found in run.judgements if found.requirement == requirement.id]
    outcome = worst(found.outcome for found in judgements) if judgements else _unjudged(requirement)
    decisive = next((found for found in judgements if found.outcome == outcome), None)
    blocks = sorted({found.requirement for found in run.judgements if found.by == requirement.id})
    return {
        **described(requirement),
        "outcome": outcome,
        "reason": decisive.reason if decisive else requirement.unchecked or "",
        "counts": run.counts(requirement.id),
        "blocks": blocks,
        "checks": [check(found) for found in judgements],
    }


def _unjudged(requirement: Requirement) -> str:
    return "unchecked" if requirement.unchecked else "not selected"


def described(requirement: Requirement) -> dict[str, Any]:
    """The requirement as the register has it."""
    return {
        "id": requirement.id,
        "level": requirement.level,
        "operation": requirement.operation,
        "says": requirement.says,
        "source": {
            "title": requirement.document.title,
            "section": requirement.section,
            "url": requirement.source_url,
        },
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
