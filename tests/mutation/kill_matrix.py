"""The kill matrix: every mutant of a reference server violates exactly the requirements that it names.

A mutant is a deliberately faulty server: it overrides methods of the reference server and has one fault.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from pytest_reportconformance.http.server import Reference, Server
from pytest_reportconformance.judging import collection, evaluate
from pytest_reportconformance.judging.outcomes import Judgement
from pytest_reportconformance.register import apis, register
from pytest_reportconformance.run.run import Run, RunSettings
from pytest_reportconformance.run.target_argument import describe
from pytest_reportconformance.scenarios import Need
from pytest_reportconformance.target.target import Target
from pytest_reportconformance.transcript.transcript import Transcript
from tests.mutation.affected_scenarios import clean
from tests.mutation.in_process import target_of

VIOLATED = ("failed", "warned", "noted", "deviation")


def kills(*ids: str) -> Callable[[type], type]:
    """Declare the requirements that a mutant violates."""

    def mark(mutant: type) -> type:
        mutant.kills = ids  # type: ignore[attr-defined]  # read by this module only
        return mutant

    return mark


def mutants(package: str) -> list[Any]:
    """The classes of a package that declare what they kill, in order of modules and definition."""
    return [
        value
        for module in apis.modules(package)
        for value in vars(module).values()
        if isinstance(value, type) and "kills" in vars(value) and value.__module__ == module.__name__
    ]


def judged(reference: Reference, change: Callable[[Target], Target] = lambda target: target) -> list[Judgement]:
    """All judgements of a whole run against a server that listens in this process."""
    with Server(reference) as server:
        return judged_target(change(replace(describe(server), name="mutant")))


def judged_in_process(reference: Reference) -> list[Judgement]:
    """The same without sockets and HTTP, for servers whose faults are not in the bytes on the wire."""
    with target_of(reference) as target:
        return judged_target(replace(target, name="mutant"))


def judged_affected(mutant: type, api: str, seconds: float) -> list[Judgement]:
    """The judgements of everything that a mutant can affect; its slow report takes `seconds`."""
    server = type(apis.load(api).reference())
    known = clean(api, server, seconds)
    affected = known.affected(mutant, server)
    checks = evaluate.checks(api)
    only = {check.requirement for check in checks if check.reads_all or affected & set(check.transcripts.values())}
    with (
        tempfile.TemporaryDirectory() as folder,
        target_of(mutant(slow_seconds=seconds)) as target,
        Run.prepared(RunSettings(target, Path(folder))) as run,
    ):
        run.play(affected)
        context = run.judging_context

        def transcript(need: Need) -> Transcript:
            return context.transcript(need) if need in affected else known.transcripts[need]

        return evaluate.judge(api, transcript, context.facts, context.register, only, affected)


def judged_target(target: Target, only: Collection[str] = ()) -> list[Judgement]:
    """The judgements of a run against any target, of all requirements or of those in `only`."""
    with tempfile.TemporaryDirectory() as folder, Run.prepared(RunSettings(target, Path(folder))) as run:
        run.play(needs(target.api, only))
        context = run.judging_context
        return evaluate.judge(target.api, context.transcript, context.facts, context.register, only)


def needs(api: str, only: Collection[str] = ()) -> Iterator[Need]:
    """The transcripts that the checks of an API need."""
    for check in evaluate.checks(api):
        if not only or check.requirement in only:
            yield from check.transcripts.values()


def violated(judgements: list[Judgement]) -> dict[str, str]:
    """The violated requirements, each with the first reason."""
    found: dict[str, str] = {}
    for one in judgements:
        if one.outcome in VIOLATED:
            found.setdefault(one.requirement, f"{one.check}: {one.reason}")
    return found


def is_unexplained(judgement: Judgement, found: dict[str, str]) -> bool:
    """Whether a check is blocked by a requirement that is not violated itself."""
    return judgement.outcome == "blocked" and judgement.by is not None and judgement.by not in found


def surplus(api: str, named: tuple[str, ...], found: dict[str, str]) -> dict[str, str]:
    """What is violated beyond the requirements named and is not implied by one of them."""
    known = register.load(api).requirements
    allowed = set(named)
    while True:
        more = {id for id in found if id not in allowed and allowed & set(known[id].implied_by)}
        if not more:
            return {id: reason for id, reason in found.items() if id not in allowed}
        allowed |= more


def verify(mutant: Any, api: str, soon: float, late: float) -> None:
    """Assert that a mutant violates exactly what it names, and that no check ends with an error.

    First only the scenarios that it can affect are run, with a slow report of `soon` seconds. If that result is wrong
    (the machine is busy, or the fault shows in other scenarios as well), a whole run with `late` seconds decides.
    """
    if _mismatch(mutant, api, judged_affected(mutant, api, soon)):
        problem = _mismatch(mutant, api, judged_in_process(mutant(slow_seconds=late)))
        assert not problem, f"{mutant.__name__} ({mutant.__doc__}): {problem}"


def _mismatch(mutant: Any, api: str, judgements: list[Judgement]) -> str:
    """How the violated requirements differ from those that a mutant names; empty if they do not."""
    found = violated(judgements)
    errors = [f"{one.check}: {one.reason}" for one in judgements if one.outcome == "error"]
    errors += [f"{one.check} is blocked by {one.by}, which holds" for one in judgements if is_unexplained(one, found)]
    survived = [id for id in mutant.kills if id not in found]
    extra = surplus(api, mutant.kills, found)
    if errors:
        return f"errors: {errors}"
    return f"not violated: {survived}; violated: {found}" if survived else f"also violated: {extra}" if extra else ""


def unkilled(api: str, package: str) -> list[str]:
    """The checked requirements that no mutant kills."""
    named = {id for mutant in mutants(package) for id in mutant.kills}
    return [id for id in collection.checks(api) if id not in named]
