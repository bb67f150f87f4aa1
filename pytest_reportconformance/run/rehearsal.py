"""A rehearsal: the whole suite against the reference server, with the identities and reports that a target has.

What is untested there will be untested on the target, and the number of requests is about the same.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from pytest_reportconformance.http.server import Server
from pytest_reportconformance.judging import evaluate
from pytest_reportconformance.judging.outcomes import Judgement
from pytest_reportconformance.recording.context import STEPS, Exploration
from pytest_reportconformance.register import apis
from pytest_reportconformance.run.run import Run, RunSettings
from pytest_reportconformance.run.target_argument import describe
from pytest_reportconformance.scenarios import Need
from pytest_reportconformance.target.target import Target
from pytest_reportconformance.transcript.transcript import Transcript


@dataclass(frozen=True)
class Rehearsal:
    """Requests sent, things started (executions, submissions), seconds that it took, and what was untested and why."""

    requests: int
    started: int
    seconds: float
    untested: dict[str, str]


def rehearse(target: Target) -> Rehearsal | None:
    """The prediction of a run against the target; None if the reference server is not installed."""
    if not apis.has_reference(target.api):
        return None
    api = apis.load(target.api)
    with Server(api.reference(slow_seconds=0.8)) as server, tempfile.TemporaryDirectory() as folder:
        settings = RunSettings(
            _like(describe(server), target), Path(folder), exploration=Exploration(STEPS, asked=False)
        )
        with Run.prepared(settings) as run:
            run.play({need for check in evaluate.checks(target.api) for need in check.transcripts.values()})
            found = _judged(run, target)
        started = run.ledger.created[api.counted_kind]
        longest = max((played.seconds for played in run.recorder.played), default=0.0)
    untested = {one.requirement: one.reason for one in found if one.outcome == "untested"}
    return Rehearsal(run.client.sent, started, longest, untested)


def _like(reference: Target, target: Target) -> Target:
    """The reference server with the identities and reports that the target has as well, and no others."""
    identities = {role: identity for role, identity in reference.identities.items() if role in target.identities}
    reports = {purpose: facts for purpose, facts in reference.reports.items() if purpose in target.reports}
    unfilled = {purpose: f"the target has no report for {purpose!r}" for purpose in reference.reports}
    return replace(
        reference,
        name="rehearsal",
        identities=identities,
        reports=reports,
        absent=target.absent,
        unfilled=unfilled,
        disposable=True,
    )


def _judged(run: Run, target: Target) -> list[Judgement]:
    """The judgements of the rehearsal, as if it were of the product that the target is."""
    context = run.judging_context
    facts = replace(context.facts, product=target.product, version=target.version, edition=target.edition)
    known: dict[Need, Transcript] = {}

    def transcript(need: Need) -> Transcript:
        return known.setdefault(need, context.transcript(need))

    return evaluate.judge(context.api, transcript, facts, context.register)
