"""Exploration of servers in this process: what random walks find."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any

from pytest_reportconformance.http.server import Reference, Server
from pytest_reportconformance.judging import evaluate
from pytest_reportconformance.judging.outcomes import Judgement
from pytest_reportconformance.recording.context import Exploration
from pytest_reportconformance.run.run import Run, RunSettings
from pytest_reportconformance.run.target_argument import describe
from pytest_reportconformance.scenarios import Need
from pytest_reportconformance.target.target import Target
from pytest_reportconformance.transcript.transcript import Transcript
from tests.mutation.in_process import target_of

EXPLORED = {"jasperserver": Need("explored"), "akamai_reporting": Need("explored_pages")}
"""The scenario of each API that explores."""
MOST_STEPS, MOST_REQUESTS = 500, 6
SEEDS = range(6)


@dataclass(frozen=True)
class Explored:
    """The transcript of an exploration, and the judgements over it."""

    transcript: Transcript
    judgements: list[Judgement]

    @property
    def violated(self) -> dict[str, Judgement]:
        """What the walks violate, by requirement."""
        return {one.requirement: one for one in self.judgements if one.outcome in ("failed", "warned", "noted")}

    @property
    def names(self) -> list[str]:
        """The moves in order."""
        return [exchange.name for exchange in self.transcript]


def explore(reference: Reference, steps: int, seed: int = 0) -> Explored:
    """Explore a server with so many steps."""
    with target_of(reference) as target:
        return _explored(target, steps, seed)


def explore_over_http(reference: Reference, steps: int, seed: int = 0) -> Explored:
    """The same with sockets and HTTP, for servers that use more of it."""
    with Server(reference) as server:
        return _explored(describe(server), steps, seed)


def _explored(target: Target, steps: int, seed: int) -> Explored:
    with (
        tempfile.TemporaryDirectory() as folder,
        Run.prepared(RunSettings(replace(target, name="x"), Path(folder), exploration=Exploration(steps, seed))) as run,
    ):
        explored = EXPLORED[target.api]
        run.play([explored])
        context = run.judging_context
        transcript = context.transcript(explored)
        empty = replace(transcript, exchanges=(), ended=None)
        checks = {check.requirement for check in evaluate.checks(target.api) if explored in check.transcripts.values()}
        found = evaluate.judge(
            target.api, lambda need: transcript if need == explored else empty, context.facts, context.register, checks
        )
        return Explored(transcript, [one for one in found if explored.key in one.transcripts])


def shows(requirement: str) -> Callable[[type], type]:
    """Declare the requirement that a mutant violates in some walks, and in no scenario."""

    def mark(mutant: type) -> type:
        mutant.shows = requirement  # type: ignore[attr-defined]  # read by tests of exploration only
        return mutant

    return mark


def curl_lines(found: Judgement) -> list[str]:
    """The requests of the walk on a failure card."""
    return [line for line in (found.curl or "").splitlines() if line.startswith("curl ")]


def mutants(module: ModuleType) -> list[Any]:
    """The classes of a module that declare what they show."""
    return [one for one in vars(module).values() if isinstance(one, type) and "shows" in vars(one)]


def assert_shown(mutant: Any) -> None:
    """A mutant is caught in at most MOST_STEPS steps, and the shortest walk has at most MOST_REQUESTS requests.

    One of a few seeds has to catch it. The exploration begins with few steps, as most mutants need no more.
    """
    for steps, seed in ((60, 0), *((MOST_STEPS, seed) for seed in SEEDS)):
        found = explore(mutant(slow_seconds=3), steps, seed)
        if mutant.shows in found.violated:
            break
    assert mutant.shows in found.violated, sorted(found.violated)
    lines = curl_lines(found.violated[mutant.shows])
    assert 2 <= len(lines) <= MOST_REQUESTS, "\n".join(lines)
