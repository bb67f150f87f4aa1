"""Scenarios and requirements of the user's own: found in conftest.py, in test files, and in `specs/own.toml`.

Rule: they are played and judged with ours, under their own names, and never change the verdict on ours.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Collection, Iterable
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from pytest_reportconformance.hooks.own_fixtures import SENDING
from pytest_reportconformance.judging import collection
from pytest_reportconformance.recording import declared_steps
from pytest_reportconformance.register import apis, own, steps
from pytest_reportconformance.register.own import OwnRequirements
from pytest_reportconformance.register.register import RegisterError, Requirement
from pytest_reportconformance.run.judging_context import JudgingContext
from pytest_reportconformance.scenarios import Need, Scenario
from pytest_reportconformance.transcript.failures import NotReached
from pytest_reportconformance.transcript.transcript import Transcript, numbered


class OwnTests:
    """What the user's own tests declare, in this process."""

    def __init__(
        self,
        config: pytest.Config,
        contexts: list[JudgingContext],
        transcript: Callable[[JudgingContext, Need], Transcript],
    ) -> None:
        self.config = config
        self.contexts = contexts
        self.scenarios: dict[str, Scenario] = {}
        self.files: dict[Path, OwnRequirements] = {}
        self._of: dict[str, Path] = {}
        self._transcript = transcript
        self._seen: set[int] = set()

    def pytest_plugin_registered(self, plugin: object) -> None:
        """Find the scenarios in a conftest.py."""
        if isinstance(plugin, ModuleType):
            try:
                self._find(plugin)
            except ValueError as error:
                raise pytest.UsageError(str(error)) from None

    @pytest.hookimpl(tryfirst=True)
    def pytest_pycollect_makeitem(self, collector: pytest.Collector, obj: object) -> list[pytest.Item] | None:
        """Find the scenarios of a test file before its first test; they are no tests themselves."""
        if isinstance(collector, pytest.Module) and not isinstance(collector, collection.Checks):
            try:
                self._find(collector.obj)
            except ValueError as error:
                raise collector.CollectError(str(error)) from None
        return [] if isinstance(obj, Scenario) else None

    def _find(self, module: ModuleType) -> None:
        """Register a fixture for each scenario in a module. Raises ValueError."""
        if id(module) in self._seen:
            return
        self._seen.add(id(module))
        for value in list(vars(module).values()):
            if isinstance(value, Scenario) and not self._packaged(value) and self.scenarios.get(value.name) != value:
                self._check_name(value, module)
                self.scenarios[value.name] = value
                name = f"reportconformance_own_{value.name}"
                holder = ModuleType(name)
                vars(holder)[value.name] = collection.fixture(value, partial(self.transcript, value))
                self.config.pluginmanager.register(holder, name)

    def _packaged(self, found: Scenario) -> bool:
        return any(apis.scenarios(one.api).get(found.name) is found for one in self.contexts)

    def _check_name(self, found: Scenario, module: ModuleType) -> None:
        place = getattr(module, "__file__", None) or module.__name__
        if any(found.name in apis.scenarios(one.api) for one in self.contexts):
            raise ValueError(f"{place}: scenario {found.name}: the suite has a scenario of this name: choose another")
        if found.name in self.scenarios:
            other = self.scenarios[found.name].module
            raise ValueError(f"{place}: scenario {found.name}: {other} has one of this name: choose another")

    def transcript(self, scenario: Scenario, need: Need) -> Transcript:
        """The transcript of a scenario, as soon as it is complete. Raises NotReached if no target has its API."""
        context = self.context(scenario.api)
        if context is None:
            reason = f"{scenario.name} is about {scenario.api}, and no target of this run is of that API"
            raise NotReached("untested", reason)
        return self._transcript(context, need)

    def context(self, api: str) -> JudgingContext | None:
        """The run that an API is judged in: without a name the first one; None if there is none of that API."""
        return next((one for one in self.contexts if api in ("", one.api)), None)

    def load(self, item: pytest.Item, id: str) -> Requirement:
        """The requirement that a check asserts, from the file beside it. Raises UsageError."""
        if id not in self._of:
            file = own.file_beside(item.path, self.config.rootpath)
            if file is None:
                where = item.path.parent / own.FILE
                raise pytest.UsageError(
                    f"{item.nodeid}: @requirement({id!r}): there is no file {where}: declare it there"
                )
            try:
                self.add(file)
                self.files[file].find(id)
            except RegisterError as error:
                raise pytest.UsageError(f"{item.nodeid}: {error}") from None
        return self.requirement(id)

    def add(self, file: Path) -> None:
        """Add the requirements of a file. Raises RegisterError."""
        if file in self.files:
            return
        self.files[file] = own.read(file)
        for id in self.files[file].requirements:
            if id in self._of:
                raise RegisterError(f"{file}: [{id}]: {self._of[id]} has this ID: each ID once, in one file")
            self._of[id] = file

    def requirement(self, id: str) -> Requirement:
        """A requirement that was loaded."""
        return self.files[self._of[id]].requirements[id]

    def context_of(self, id: str) -> JudgingContext:
        """The run that a requirement is judged in: the first one if none is of its API."""
        return self.context(self.files[self._of[id]].api) or self.contexts[0]

    def known_steps(self, api: str, key: str) -> Collection[str] | None:
        """The steps that a scenario can have; None if that is not known, as of one that explores."""
        name = key.partition("[")[0]
        if name in self.scenarios:
            return frozenset(map(numbered, declared_steps.texts(self.scenarios[name])))
        return steps.of(api).get(name)

    def needs(self, item: pytest.Item) -> list[Need]:
        """The scenarios of the user's own that a test needs."""
        return collection.needs(item, self.scenarios)

    def asked(self, items: Iterable[pytest.Item]) -> dict[str, Any]:
        """What the selected tests need of the user's own, as JSON values for the process that plays."""
        items = list(items)
        wanted = sorted({need for item in items for need in self.needs(item)}, key=lambda need: need.key)
        checks = {item.nodeid: id for item in items if (id := collection.own_requirement_of(item))}
        return {
            "needs": [[need.scenario, need.param, self.scenarios[need.scenario].api] for need in wanted],
            "modules": {need.scenario: _place(self.scenarios[need.scenario]) for need in wanted},
            "checks": checks,
            "files": [str(file) for file in self.files],
            "path": sys.path,
            "sends": any(name in getattr(item, "fixturenames", ()) for item in items for name in SENDING),
        }


def _place(scenario: Scenario) -> list[str]:
    """The module of a scenario, and its file."""
    return [scenario.module, inspect.getsourcefile(scenario.play) or ""]
