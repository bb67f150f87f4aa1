"""Judging transcripts without a server: every packaged check of an API, called with the transcripts that it needs.

Rule: pytest collects the checks with their parameters; this module only calls them.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest

from pytest_reportconformance.judging import collection, outcomes
from pytest_reportconformance.judging.outcomes import Context, Judgement
from pytest_reportconformance.register import apis
from pytest_reportconformance.register.register import Register
from pytest_reportconformance.scenarios import Need
from pytest_reportconformance.transcript import usage
from pytest_reportconformance.transcript.failures import Broken
from pytest_reportconformance.transcript.transcript import Transcript, begun


@dataclass(frozen=True)
class Check:
    """A packaged check: its requirement, its name with parameters, and what it is called with.

    `transcripts` are those of single scenarios. A check that reads the transcripts of all scenarios needs none of its
    own: `reads_all`.
    """

    requirement: str
    name: str
    function: Callable[..., None]
    transcripts: Mapping[str, Need]
    params: Mapping[str, Any]
    reads_all: bool = False


@cache
def checks(api: str) -> tuple[Check, ...]:
    """All checks of an API, in the order of collection. Raises RuntimeError if collection fails."""
    catcher = _Catcher(api)
    quiet = ["-c", os.devnull, "--collect-only", "-p", "no:terminal", "-p", "no:cacheprovider", "-p", "no:xdist"]
    code = pytest.main([*quiet, str(apis.folder(api))], plugins=[catcher, collection.PackagedFiles([api])])
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        raise RuntimeError(f"the checks of {api} cannot be collected: pytest exited with {code!r}")
    return tuple(catcher.checks)


def judge(
    api: str,
    transcript: Callable[[Need], Transcript],
    context: Context,
    register: Register,
    only: Iterable[str] = (),
    every: Collection[Need] | None = None,
) -> list[Judgement]:
    """The judgements of all checks (or of those of the requirements `only`) over transcripts.

    Checks that read all transcripts read those of `every`: by default those of all scenarios.
    """
    wanted = set(only)
    selected = [check for check in checks(api) if not wanted or check.requirement in wanted]
    shared = collection.all_needs(api) if every is None else every
    known: dict[Need, Transcript] = {}

    def read(check: Check) -> dict[Need, Transcript]:
        needs = (*check.transcripts.values(), *(shared if check.reads_all else ()))
        for need in needs:
            if need not in known:
                known[need] = transcript(need)
        return {need: known[need] for need in needs} if check.reads_all else known

    return outcomes.settled(judge_one(check, read(check), context, register) for check in selected)


def judge_one(check: Check, known: Mapping[Need, Transcript], context: Context, register: Register) -> Judgement:
    """The judgement of one check over the transcripts that it needs: those of all scenarios are all that are known."""
    error: BaseException | None = None
    every = tuple(known.values()) if check.reads_all else ()
    try:
        transcripts: dict[str, Any] = {name: known[need].begun() for name, need in check.transcripts.items()}
        if check.reads_all:
            transcripts[collection.all_transcripts(context.api)] = begun(every)
        with usage.require_evidence():
            check.function(**transcripts, **check.params)
    except Exception as raised:  # whatever a check raises is its judgement
        error = raised
    found = outcomes.judge(register.requirements[check.requirement], check.name, error, context, register)
    keys = [need.key for need in check.transcripts.values()]
    return outcomes.evidenced(found, error, [*keys, *holding(error, every)])


def holding(error: BaseException | None, transcripts: Iterable[Transcript]) -> list[str]:
    """The scenarios of those transcripts that hold an exchange which an error points at."""
    if not isinstance(error, Broken):
        return []
    shown = {id(one) for one in (error.exchange, *error.others)}
    return [one.scenario for one in transcripts if any(id(exchange) in shown for exchange in one.exchanges)]


class _Catcher:
    """A plugin that keeps the checks that pytest collects."""

    def __init__(self, api: str) -> None:
        self.api = api
        self.checks: list[Check] = []

    def pytest_configure(self, config: pytest.Config) -> None:
        """Register the fixtures of the scenarios, so that their variants become parameters."""
        config.pluginmanager.register(collection.fixtures(self.api, lambda need: need, tuple))

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Keep the checks."""
        scenarios = apis.scenarios(self.api)
        for item in session.items:
            id = collection.requirement_of(item)
            if id is not None and isinstance(item, pytest.Function):
                needs = {need.scenario: need for need in collection.needs(item, scenarios)}
                params = item.callspec.params if hasattr(item, "callspec") else {}
                own = {name: value for name, value in params.items() if name not in needs}
                reads_all = collection.reads_all(item, self.api)
                self.checks.append(Check(id, item.name, item.function, needs, own, reads_all))
