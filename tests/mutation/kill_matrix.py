"""The kill matrix: every mutant of a reference server is caught by exactly the requirements that it names."""

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
from pytest_reportconformance.run.run import Run
from pytest_reportconformance.run.target_argument import describe
from pytest_reportconformance.scenario import Need
from pytest_reportconformance.target.target import Target
from pytest_reportconformance.transcript.transcript import Transcript
from tests.mutation.affected_scenarios import clean
from tests.mutation.in_process import target_of

BROKEN = ("failed", "warned", "noted", "deviation")


def kills(*ids: str) -> Callable[[type], type]:
    """Say which requirements no longer hold on a mutant."""

    def mark(mutant: type) -> type:
        mutant.kills = ids  # type: ignore[attr-defined]  # a mark of this matrix
        return mutant

    return mark


def mutants(package: str) -> list[Any]:
    """Every class of a package of mutants that says what it kills, in order of modules and definition."""
    return [
        value
        for module in apis.modules(package)
        for value in vars(module).values()
        if isinstance(value, type) and "kills" in vars(value) and value.__module__ == module.__name__
    ]


def judged(reference: Reference, change: Callable[[Target], Target] = lambda target: target) -> list[Judgement]:
    """All judgements of a whole run against a server in this process."""
    with Server(reference) as server:
        return judged_target(change(replace(describe(server), name="mutant")))


def judged_wireless(reference: Reference) -> list[Judgement]:
    """The same without sockets and HTTP between the suite and a server that does nothing odd with them."""
    with target_of(reference) as target:
        return judged_target(replace(target, name="mutant"))


def judged_touched(mutant: type, api: str, seconds: float) -> list[Judgement]:
    """The judgements of what a mutant can touch, whose slow report takes so many seconds."""
    server = type(apis.load(api).reference())
    known = clean(api, server, seconds)
    touched = known.touched(mutant, server)
    only = {check.requirement for check in evaluate.checks(api) if touched & set(check.transcripts.values())}
    with tempfile.TemporaryDirectory() as folder, target_of(mutant(slow_seconds=seconds)) as target:
        run = Run(target, Path(folder))
        try:
            run.prepare()
            run.play(touched)
            seat = run.seat

            def transcript(need: Need) -> Transcript:
                return seat.transcript(need) if need in touched else known.transcripts[need]

            return evaluate.judge(api, transcript, seat.context, seat.register, only)
        finally:
            run.close()


def judged_target(target: Target, only: Collection[str] = ()) -> list[Judgement]:
    """The judgements of a run against any target, of all requirements or of those in `only`."""
    with tempfile.TemporaryDirectory() as folder:
        run = Run(target, Path(folder))
        try:
            run.prepare()
            run.play(needs(target.api, only))
            seat = run.seat
            return evaluate.judge(target.api, seat.transcript, seat.context, seat.register, only)
        finally:
            run.close()


def needs(api: str, only: Collection[str] = ()) -> Iterator[Need]:
    """Everything that the checks of an API ask for."""
    for check in evaluate.checks(api):
        if not only or check.requirement in only:
            yield from check.transcripts.values()


def broken(judgements: list[Judgement]) -> dict[str, str]:
    """The requirements that do not hold, each with the first reason."""
    found: dict[str, str] = {}
    for one in judgements:
        if one.outcome in BROKEN:
            found.setdefault(one.requirement, f"{one.check}: {one.reason}")
    return found


def surplus(api: str, named: tuple[str, ...], found: dict[str, str]) -> dict[str, str]:
    """What is broken beyond the requirements named, and is not implied by one of them."""
    known = register.load(api).requirements
    allowed = set(named)
    while True:
        more = {id for id in found if id not in allowed and allowed & set(known[id].implied_by)}
        if not more:
            return {id: reason for id, reason in found.items() if id not in allowed}
        allowed |= more


def verify(mutant: Any, api: str, soon: float, late: float) -> None:
    """Assert that a mutant is caught by exactly what it names, and that no error of ours is involved.

    Judged by what it can touch, with a slow report of `soon` seconds. Where that is not so, because a busy machine
    spoilt it or the lie needs other scenarios as well, a whole run with `late` seconds decides.
    """
    if _fault(mutant, api, judged_touched(mutant, api, soon)):
        fault = _fault(mutant, api, judged_wireless(mutant(slow_seconds=late)))
        assert not fault, f"{mutant.__name__} ({mutant.__doc__}): {fault}"


def _fault(mutant: Any, api: str, judgements: list[Judgement]) -> str:
    """Why a mutant is not caught by exactly what it names; empty where it is."""
    found = broken(judgements)
    errors = [f"{one.check}: {one.reason}" for one in judgements if one.outcome == "error"]
    survived = [id for id in mutant.kills if id not in found]
    extra = surplus(api, mutant.kills, found)
    if errors:
        return f"errors of ours: {errors}"
    return f"not caught by {survived}; caught by {found}" if survived else f"also caught by {extra}" if extra else ""


def unkilled(api: str, package: str) -> list[str]:
    """Checked requirements that no mutant kills."""
    named = {id for mutant in mutants(package) for id in mutant.kills}
    return [id for id in collection.checks(api) if id not in named]
