"""The APIs that the suite knows: what each one tells the rest of the suite about itself.

Rule: no API is named here. One is known where `specs/<api>/` and the subpackage of that name exist; a third API is
new folders and no edit to this file.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from pytest_reportconformance import register
from pytest_reportconformance.planning import Cost

if TYPE_CHECKING:
    from pytest_reportconformance.exchange import Exchange, Request
    from pytest_reportconformance.findings import Finding
    from pytest_reportconformance.scenario import Scenario
    from pytest_reportconformance.serving import Reference
    from pytest_reportconformance.steps import Steps
    from pytest_reportconformance.target import Target

PACKAGE = __name__.rpartition(".")[0]


@dataclass(frozen=True)
class Key:
    """A key of a report in target.toml: its type, what it means, and its default (None: it may be left out).

    `fits` looks closer at a value of the right type.
    """

    kind: type
    says: str
    default: Any = None
    required: bool = False
    fits: Callable[[Any], bool] | None = None


@dataclass(frozen=True)
class Purpose:
    """What a report of the target is for: which report serves it, and the facts about it that may be told."""

    says: str
    keys: Mapping[str, Key]


def _nothing(_kind: str, _id: object) -> None:
    """No such request."""


def _stays(_target: Target, _step: Steps) -> AbstractContextManager[list[str]]:
    """Nothing else is to be done."""
    return nullcontext([])


def _as_it_is(target: Target, _step: Steps) -> tuple[Target, list[Finding]]:
    """Nothing is looked at."""
    return target, []


@dataclass(frozen=True)
class Api:
    """One API, for the rest of the suite.

    `probe` is a harmless request that any server of the API answers; `recognises` tells from its answer whether it is
    one. `prepare` completes a target before the run (asks for its version, finds reports). `identify` reads from an
    answer the id of what a request created, `removal` lists requests to try, one after another,
    until one removes it. To clean up after a run that was killed, `presence` is a request that is answered 404 once it
    is gone, and `stopping` one by which an administrator ends it; None where there is none. `reference` makes the
    embedded server from keyword options such as `slow_seconds` (seconds). `created` names what is `counted`, a kind.

    Kinds of things in `looked_for` are gone only when `presence` says so. `retired` tells from the last answer to a
    `removal` what was done to a thing that cannot be removed, None where nothing was. `leave` is entered when what was
    made for a whole run is about to be removed, and left when that is done; it yields what is still there. `asks_for`
    is the person with whom everything else can be found or made, whose name is asked for at a terminal. `examine`
    looks whether a target is as described; the target that it returns is as a run would know it. `made_of` names the
    resource of which a request makes something; `answered_late` tells whether that is answered when it is done;
    `running` asks what runs, `begun_by` what runs because of something that was made before, and `listed` reads their
    answers: ids, with the resource of each.
    """

    name: str
    title: str
    purposes: Mapping[str, Purpose]
    probe: Request
    recognises: Callable[[Exchange], bool]
    prepare: Callable[[Target, Steps], Target]
    identify: Callable[[str, Exchange], str | None]
    removal: Callable[[str, str], tuple[Request, ...]]
    reference: Callable[..., Reference]
    needs_consent: bool
    deadline_seconds: float
    created: str = "executions"
    counted: str = "execution"
    live_hosts: tuple[str, ...] = ()
    presence: Callable[[str, str], Request | None] = _nothing
    stopping: Callable[[str, str], Request | None] = _nothing
    looked_for: frozenset[str] = frozenset()
    retired: Callable[[str, Exchange], str | None] = _nothing
    asks_for: str | None = None
    examine: Callable[[Target, Steps], tuple[Target, list[Finding]]] = _as_it_is
    leave: Callable[[Target, Steps], AbstractContextManager[list[str]]] = _stays
    made_of: Callable[[Request], str | None] = lambda request: None
    answered_late: Callable[[Request], bool] = lambda request: False
    running: Request | None = None
    begun_by: Callable[[str, str], Request | None] = lambda kind, made: None
    listed: Callable[[Exchange], Mapping[str, str | None]] = lambda exchange: {}
    features: Mapping[str, Any] = field(default_factory=dict)
    preparation: Callable[[Target], Cost] = lambda target: Cost(others=1)


def names() -> list[str]:
    """The names of all APIs, sorted."""
    return register.api_names()


def load(name: str) -> Api:
    """The API of that name; raises LookupError."""
    if name not in names():
        raise LookupError(f"unknown API {name!r}; known: {', '.join(names())}")
    api: Api = importlib.import_module(f"{PACKAGE}.{name}").API
    return api


@cache
def scenarios(name: str) -> dict[str, Scenario]:
    """Every scenario of an API by name, in order of modules and of definition."""
    from pytest_reportconformance.scenario import Scenario

    found: dict[str, Scenario] = {}
    for module in modules(f"{PACKAGE}.{name}.scenarios"):
        for value in vars(module).values():
            if isinstance(value, Scenario) and value.module == module.__name__:
                found[value.name] = value
    return found


def modules(package: str) -> Iterator[Any]:
    """The modules of a package, imported, in alphabetical order."""
    for info in pkgutil.iter_modules(importlib.import_module(package).__path__):
        yield importlib.import_module(f"{package}.{info.name}")
