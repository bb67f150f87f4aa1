"""The record of a run, `results.json`: the one source of every rendering. Its schema is specs/results.schema.json."""

from __future__ import annotations

import json
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_reportconformance import __version__
from pytest_reportconformance.judging.verdicts import Verdict
from pytest_reportconformance.report import digests, record_members, renderings
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
    record[digests.DIGESTS] = digests.digests(run.folder, record)
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
        "suite": {"name": record_members.SUITE, "version": __version__},
        "specs": {"api": run.target.api, "digest": run.register.digest},
        "target": _target(run),
        "configuration": _configuration(run),
        "started": record_members.time(run.started),
        "finished": record_members.time(finished),
        "seconds": round(finished - run.started, 3),
        "verdict": verdict.name,
        "says": verdict.says,
        "exit_code": verdict.exit_code,
        "options": dict(run.options),
        "set": run.frozen.name if run.frozen else None,
        "trouble": run.error,
        "comparison": run.comparison,
        "counts": record_members.counts(requirements),
        "totals": record_members.totals(requirements),
        **_traffic(run),
        "scenarios": _scenarios(run),
        "leftovers": _leftovers(run),
        "leaks": [asdict(leak) for leak in run.leaks],
        "warnings": list(run.warnings),
        "waivers": run.described_waivers(),
        "deviations": record_members.deviations(run.judgements, run.register, run.target.product, run.target.version),
        "requirements": requirements,
        "own_requirements": run.own.record(),
    }


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
            "started": record_members.time(one.started),
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


def _requirement(run: Run, entry: Requirement) -> dict[str, Any]:
    found = [one for one in run.judgements if one.requirement == entry.id]
    blocks = record_members.blocks(entry.id, run.judgements)
    return record_members.requirement(entry, found, blocks, run.counts(entry.id))
