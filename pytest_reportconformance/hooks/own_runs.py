"""What the process that plays does for the user's own tests: it plays, sends and records for them.

Rule: under pytest-xdist workers find the scenarios, and this process imports their modules once more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pytest_reportconformance.hooks.own import OwnTests
from pytest_reportconformance.judging.outcomes import Judgement
from pytest_reportconformance.run.asking import Answering
from pytest_reportconformance.run.own_part import loaded
from pytest_reportconformance.run.own_requests import OwnRequests
from pytest_reportconformance.run.run import Run
from pytest_reportconformance.scenarios import Need
from pytest_reportconformance.transcript.exchange import Exchange, Request


class OwnRuns:
    """The user's own part of all runs of a session; `runs` is the controller's list, changed in place."""

    def __init__(self, tests: OwnTests, runs: Sequence[Run]) -> None:
        self._tests = tests
        self._runs = runs
        self._requests: dict[str, OwnRequests] = {}
        self._answering: Answering | None = None

    def prepare(self, asked: Mapping[str, Any]) -> None:
        """Give each run the scenarios and the requirements of the user's own that are about its API."""
        tests = self._tests
        self._requests = {run.target.api: OwnRequests(run) for run in self._runs}
        for name, (module, file) in asked["modules"].items():
            if name not in tests.scenarios:
                tests.scenarios[name] = loaded(name, module, file, asked["path"])
        for run in self._runs:
            run.own.sends = asked["sends"]
        for scenario, param, api in asked["needs"]:
            context = tests.context(api)
            if context is not None:
                part = self._run(context.api).own
                part.scenarios[scenario] = tests.scenarios[scenario]
                part.needs.append(Need(scenario, param))
        for file in asked["files"]:
            tests.add(Path(file))
        for found in tests.files.values():
            for id, requirement in found.requirements.items():
                self._run(tests.context_of(id).api).own.requirements[id] = requirement

    def keep(self, found: Judgement) -> None:
        """Keep the judgement of one of the user's own checks."""
        self._run(self._tests.context_of(found.requirement).api).own.judgements.append(found)

    def answer_workers(self, folder: Path) -> None:
        """Send what tests in xdist workers ask for, if any does."""
        if any(run.own.sends for run in self._runs):
            self._answering = Answering(folder, self._requests)

    def send(self, api: str, test: str, identity: str, name: str, request: Request) -> Exchange:
        """Send a request of a test."""
        return self._requests[api].send(test, identity, name, request)

    def close(self, api: str, test: str) -> None:
        """End a test: what it created is removed."""
        self._requests[api].close(test)

    def end(self) -> None:
        """End all tests."""
        if self._answering is not None:
            self._answering.stop()
        for requests in self._requests.values():
            requests.close_all()

    def _run(self, api: str) -> Run:
        return next(run for run in self._runs if run.target.api == api)
