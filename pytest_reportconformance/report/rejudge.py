"""Judging a stored conformance report again: the checks over its transcripts, compared with its record.

Rule: no server, no network, no clock: what depends on the day of the run is read from the record.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pytest_reportconformance.judging import evaluate, waivers
from pytest_reportconformance.judging.outcome_table import ERROR
from pytest_reportconformance.judging.outcomes import Context, Judgement, Waived, omitted, worst
from pytest_reportconformance.judging.verdicts import Verdict, verdict
from pytest_reportconformance.register import register
from pytest_reportconformance.register.register import Register
from pytest_reportconformance.report import comparison, record_members
from pytest_reportconformance.report.stored import MALFORMED, NotAReport, Stored
from pytest_reportconformance.scenarios import Need
from pytest_reportconformance.transcript.parsing import excerpt
from pytest_reportconformance.transcript.transcript import Transcript, untested


@dataclass(frozen=True)
class Difference:
    """A check whose outcome differs from the record; None if only one of both has it."""

    requirement: str
    check: str
    recorded: str | None
    judged: str | None


@dataclass(frozen=True)
class Again:
    """What judging again found: verdict, every judgement, the differences to the record, and the comparison."""

    verdict: Verdict
    judgements: tuple[Judgement, ...]
    differences: tuple[Difference, ...]
    comparison: dict[str, Any] | None = None


def judge(stored: Stored) -> Again:
    """Judge a stored report again. Raises NotAReport if the record or a transcript cannot be read."""
    try:
        return _judge(stored)
    except (*MALFORMED, register.RegisterError) as error:
        raise NotAReport(f"{stored.folder}: results.json: not a record of this suite: {error!r}") from None


def unjudgeable(stored: Stored, again: Again) -> str | None:
    """Why what is stored does not give a verdict, although the run had one; None if it does."""
    if again.verdict.name != ERROR or stored.record["verdict"] == ERROR:
        return None
    first = next((one for one in again.judgements if one.outcome == "error"), None)
    why = f"{first.requirement}: {first.reason}" if first else again.verdict.says
    return f"the stored transcripts cannot be judged: {excerpt(why)}"


def _judge(stored: Stored) -> Again:
    record = stored.record
    api = record["target"]["api"]
    known = register.load(api)

    def transcript(need: Need) -> Transcript:
        return stored.transcript(need.key) or untested(api, need.key, "error", f"{need.key} is not in the report")

    recorded = {
        (one["id"], check["name"]): check["outcome"] for one in record["requirements"] for check in one["checks"]
    }
    judgements = evaluate.judge(api, transcript, _context(record), known, {id for id, _ in recorded})
    if record["options"].get("partial"):
        judgements = [one for one in judgements if (one.requirement, one.check) in recorded]
    alone = _verdict(record, judgements, known)
    again = comparison.again(record.get("comparison"), record, requirements(record, judgements, known), alone)
    found = alone if again is None else comparison.verdict(alone, again)
    return Again(found, tuple(judgements), _differences(recorded, judgements), again)


def requirements(record: Mapping[str, Any], judgements: Iterable[Judgement], known: Register) -> list[dict[str, Any]]:
    """The requirements of a record as they are judged again, each with its checks in the recorded order."""
    judgements = list(judgements)
    groups: dict[str, list[Judgement]] = {}
    for found in judgements:
        groups.setdefault(found.requirement, []).append(found)
    blocked = [found for found in judgements if found.by is not None]
    return [_requirement(one, groups, blocked, known) for one in record["requirements"]]


def _requirement(
    one: dict[str, Any], groups: Mapping[str, list[Judgement]], blocked: list[Judgement], known: Register
) -> dict[str, Any]:
    if one["id"] not in known.requirements:
        return one
    places = {check["name"]: number for number, check in enumerate(one["checks"])}
    checks = sorted(groups.get(one["id"], ()), key=lambda found: places.get(found.check, len(places)))
    blocks = record_members.blocks(one["id"], blocked)
    return record_members.requirement(known.requirements[one["id"]], checks, blocks, one["counts"])


def _context(record: Mapping[str, Any]) -> Context:
    target = record["target"]
    waived = tuple(Waived(id, one["reason"]) for one in record["waivers"] for id in one["waives"])
    return Context(target["api"], target["product"], target["version"], target["edition"], target["absent"], waived)


def _verdict(record: Mapping[str, Any], judgements: list[Judgement], known: Register) -> Verdict:
    counting = {one["id"] for one in record["requirements"] if one["counts"]}
    groups: dict[str, list[Judgement]] = {}
    for one in judgements:
        if one.requirement in counting:
            groups.setdefault(one.requirement, []).append(one)
    outcomes = {id: worst(one.outcome for one in group) for id, group in groups.items()}
    if record["leaks"]:
        return Verdict.named(ERROR, record_members.leaked(record["leaks"]))
    found = verdict(outcomes, known, trouble=record["trouble"], omitted=omitted(judgements), **record["options"])
    return waivers.faulted(found, record["waivers"])


def _differences(recorded: Mapping[tuple[str, str], str], judgements: list[Judgement]) -> tuple[Difference, ...]:
    judged = {(one.requirement, one.check): one.outcome for one in judgements}
    keys = dict.fromkeys([*recorded, *judged])
    return tuple(
        Difference(*key, recorded.get(key), judged.get(key)) for key in keys if recorded.get(key) != judged.get(key)
    )
