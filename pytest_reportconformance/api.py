"""What an API declares about itself to the rest of the suite.

Rule: no API is named here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from pytest_reportconformance.scenario import Cost

if TYPE_CHECKING:
    from pytest_reportconformance.http.server import Reference
    from pytest_reportconformance.recording.steps import Steps
    from pytest_reportconformance.target.target import Target
    from pytest_reportconformance.transcript.exchange import Exchange, Request

Word = Literal["good", "note", "untested", "wrong", "unreachable"]
"""`wrong`: the target is not as its description says; `untested`: something will not be judged."""


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: what is to be said of it, and what to do about it."""

    about: str
    word: Word
    says: str
    advice: str = ""


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
