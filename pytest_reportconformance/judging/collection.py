"""Which packaged checks a run collects, whatever the user's ini file sets.

Rule: our files are collected by our own collector; the user's `python_files`, `python_functions` and `testpaths` rule
the user's files only.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from pytest_reportconformance.register import apis, own, steps
from pytest_reportconformance.scenarios import Need, Scenario
from pytest_reportconformance.transcript.transcript import begun


class Checks(pytest.Module):
    """A packaged file of checks: every function whose name begins with `test_`."""

    def funcnamefilter(self, name: str) -> bool:
        """Whether a function is a check."""
        return name.startswith("test_")

    def classnamefilter(self, name: str) -> bool:
        """Checks are functions, never classes."""
        return False


class Folder(pytest.Directory):
    """The packaged files of one API."""

    api = ""

    def collect(self) -> Iterator[pytest.Collector]:
        """Our files, which no setting of the user's ini file excludes."""
        # The node ID is the same wherever the package is installed: reports name and group the checks by it.
        for path in files(self.api):
            yield Checks.from_parent(self, path=path, nodeid=f"{self.api}/{path.name}")


class PackagedFiles:
    """A plugin that collects the packaged files of some APIs by our own rules, and leaves all others to pytest."""

    def __init__(self, names: Collection[str]) -> None:
        self.apis = {apis.folder(api): api for api in names}

    @pytest.hookimpl(tryfirst=True)
    def pytest_collect_directory(self, path: Path, parent: pytest.Collector) -> pytest.Collector | None:
        """Collect a packaged folder."""
        if path not in self.apis:
            return None
        found: Folder = Folder.from_parent(parent, path=path)
        found.api = self.apis[path]
        return found


def files(api: str) -> list[Path]:
    """The files of an API's checks, in alphabetical order."""
    return sorted(apis.folder(api).glob("test_*.py"))


def checks(api: str) -> dict[str, list[str]]:
    """The names of the checks of each requirement that has one, read from their markers."""
    found: dict[str, list[str]] = {}
    for file in files(api):
        module = apis.imported(api, file.stem)
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if name.startswith("test_") and function.__module__ == module.__name__:
                for id in _requirements(function):
                    found.setdefault(id, []).append(f"{file.stem}::{name}")
    return found


def _requirements(function: Any) -> Iterator[str]:
    for mark in getattr(function, "pytestmark", []):
        if mark.name == "requirement":
            yield mark.args[0]
        elif mark.name == "parametrize":
            for values in mark.args[1]:
                for inner in getattr(values, "marks", ()):
                    if inner.name == "requirement":
                        yield inner.args[0]


def own_requirement_of(item: pytest.Item) -> str | None:
    """The requirement of the user's own that a test asserts; None for any other test."""
    mark = item.get_closest_marker("requirement")
    id = str(mark.args[0]) if mark is not None and mark.args else ""
    return id if own.is_own(id) and not isinstance(item.parent, Checks) else None


def requirement_of(item: pytest.Item) -> str | None:
    """The requirement that a packaged check asserts; None for any other test."""
    mark = item.get_closest_marker("requirement")
    packaged = isinstance(item.parent, Checks)
    return str(mark.args[0]) if mark is not None and packaged else None


def needs(item: pytest.Item, scenarios: dict[str, Scenario]) -> list[Need]:
    """The scenarios whose transcripts a test needs, with the variant that its parameters select."""
    params = item.callspec.params if hasattr(item, "callspec") else {}
    found = []
    for name in getattr(item, "fixturenames", ()):
        if name in scenarios:
            found.append(Need(name, params.get(name) if scenarios[name].params else None))
    return found


def all_transcripts(api: str) -> str:
    """The name of the fixture that is a tuple of all transcripts of a run."""
    return f"{api}_transcripts"


@cache
def all_needs(api: str) -> tuple[Need, ...]:
    """Every scenario of an API with each of its variants, in alphabetical order: what a whole run plays."""
    scenarios = apis.scenarios(api).values()
    needs = [Need(one.name, param) for one in scenarios for param in one.params or (None,)]
    return tuple(sorted(needs, key=lambda need: need.key))


def reads_all(item: pytest.Item, api: str) -> bool:
    """Whether a test reads the transcripts of all scenarios that the run plays."""
    return all_transcripts(api) in getattr(item, "fixturenames", ())


def fixtures(api: str, transcript: Any, every: Callable[[], tuple[Any, ...]], *, helps: bool = False) -> ModuleType:
    """A plugin module with one session fixture for each scenario of an API; it returns the scenario's transcript.

    If it `helps`, the help of each lists its steps. One more fixture is what `every` returns: the transcripts of all
    scenarios that the run plays.
    """
    module = ModuleType(f"reportconformance_{api}_fixtures")
    for scenario in apis.scenarios(api).values():
        setattr(module, scenario.name, fixture(scenario, transcript, api if helps else ""))
    name = all_transcripts(api)

    def read() -> tuple[Any, ...]:
        return tuple(begun(every()))

    read.__doc__ = f"Transcripts of all scenarios of {api} that the run plays."
    setattr(module, name, pytest.fixture(scope="session", name=name)(read))
    return module


def _steps(name: str, api: str) -> str:
    """The steps of a scenario, for the help of its fixture; empty if they are not known."""
    names = steps.of(api).get(name, ()) if api else ()
    return f"\nSteps: {', '.join(names)}." if names else ""


def fixture(scenario: Scenario, transcript: Any, api: str = "") -> Any:
    """The session fixture of a scenario: its transcript; with the name of its API, its help lists the steps."""

    def read(request: pytest.FixtureRequest) -> Any:
        return transcript(Need(scenario.name, getattr(request, "param", None))).begun()

    read.__doc__ = f"Transcript of the scenario: {scenario.says}" + _steps(scenario.name, api)
    return pytest.fixture(scope="session", params=list(scenario.params) or None, name=scenario.name)(read)
