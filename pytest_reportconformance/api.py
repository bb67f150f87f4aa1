"""What an API declares about itself to the rest of the suite.

Rule: no API is named here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from pytest_reportconformance.scenarios import Cost

if TYPE_CHECKING:
    from pytest_reportconformance.http.server import Reference
    from pytest_reportconformance.recording.steps import Steps
    from pytest_reportconformance.target.target import Target
    from pytest_reportconformance.transcript.exchange import Exchange, Request

Word = Literal["good", "note", "untested", "wrong", "unreachable"]
"""`wrong`: the target differs from its description; `untested`: something will not be judged."""


@dataclass(frozen=True)
class Finding:
    """One thing that was examined: what was found, and what to do about it."""

    about: str
    word: Word
    says: str
    advice: str = ""


@dataclass(frozen=True)
class Key:
    """A key of a report in target.toml: its type, its meaning, and its default (None: it is optional).

    `fits` validates a value of the right type.
    """

    kind: type
    says: str
    default: Any = None
    required: bool = False
    fits: Callable[[Any], bool] | None = None


@dataclass(frozen=True)
class Purpose:
    """What a report of the target is for: what kind of report serves it, and the keys that describe one."""

    says: str
    keys: Mapping[str, Key]


def _no_request(_kind: str, _id: str) -> None:
    """There is no such request."""


def _not_retired(_kind: str, _last: Exchange) -> None:
    """Nothing else was done to it."""


def _not_harmless(_kind: str, _presence: Exchange) -> None:
    """What is still there is not known to be harmless."""


def _nothing_provisioned(_target: Target, _step: Steps) -> AbstractContextManager[list[str]]:
    """Nothing is created for a whole run."""
    return nullcontext([])


def _nothing_to_verify(_target: Target, _step: Steps) -> list[Finding]:
    """Nothing has to hold before the run."""
    return []


def _as_it_is(target: Target, _step: Steps) -> tuple[Target, list[Finding]]:
    """Nothing is examined."""
    return target, []


@dataclass(frozen=True)
class CleanUp:
    """How what a request created is removed from the target. Kinds are those of `Request.creates`.

    `removal` lists requests that are sent one after another until one removes the thing. `retired` reads from the last
    answer to them what was done instead to a thing that cannot be removed; None if nothing was. `presence` is a request
    that is answered 404 once the thing is gone; things of the kinds in `verified` count as removed only then, at the
    normal end of a run as well. `harmless` reads from the answer to `presence` why what is still there ends by itself;
    None if it does not. `stopping` is the request by which an administrator ends the work of a session that
    exists no more. `deprovision` is entered before what was created for a whole run is removed, and left afterwards; it
    yields what is still on the target.
    """

    removal: Callable[[str, str], tuple[Request, ...]]
    retired: Callable[[str, Exchange], str | None] = _not_retired
    presence: Callable[[str, str], Request | None] = _no_request
    verified: frozenset[str] = frozenset()
    harmless: Callable[[str, Exchange], str | None] = _not_harmless
    stopping: Callable[[str, str], Request | None] = _no_request
    deprovision: Callable[[Target, Steps], AbstractContextManager[list[str]]] = _nothing_provisioned


@dataclass(frozen=True)
class RunningWork:
    """How to find what runs on the target, and to which request it belongs.

    `search` asks what runs (None: the API has no such request), `started_by` what runs because of something that was
    created before; `found` reads their answers: ids, with the resource of each. `resource_of` is the resource that a
    request runs, and `answered_late` whether its answer comes only when the work is done.
    """

    search: Request | None = None
    started_by: Callable[[str, str], Request | None] = _no_request
    found: Callable[[Exchange], Mapping[str, str | None]] = lambda exchange: {}
    resource_of: Callable[[Request], str | None] = lambda request: None
    answered_late: Callable[[Request], bool] = lambda request: False


@dataclass(frozen=True)
class Api:
    """One API, for the rest of the suite.

    How to recognize a server: `probe` is a read-only request that any server of the API answers, `recognizes` tells
    whether an answer to it comes from one, `live_hosts` are globs of the vendor's own hosts.
    `context_paths` are tried below a bare URL; `landmark` is a request that no server of the API answers 404.

    How to prepare a run: `prepare` completes a target (asks for its version, finds reports) and costs
    `preparation_cost`; `sign_in` gives two requests that an identity of a role is let in to (None: it may be
    refused both), `preconditions` verifies, before a run, that identities are let in and that the reports
    exist; `examine` compares a target with its description and returns it as a run would know it.
    `provisioner` is the identity that creates users and reports for a run; its name is asked for at a terminal.

    What a run does to the target: `needs_consent` if other users could notice it; `identify` reads the id of what a
    request created (by its kind) from the answer; `counted_kind` and `counted_plural` name what a run counts, such as
    executions. `deadline_seconds` and `run_seconds` are the defaults for the limits of these names.

    `creates` tells which kind of thing a request of the user's own tests creates; None if it creates nothing.

    `explores` tells whether a scenario makes the random steps of `--explore`.

    `reference` makes the reference server from keyword options such as `slow_seconds`; `reference_library` is a library
    of the extra `embedded` without which it does not work, None if it needs none.
    """

    name: str
    title: str
    purposes: Mapping[str, Purpose]
    probe: Request
    recognizes: Callable[[Exchange], bool]
    prepare: Callable[[Target, Steps], Target]
    identify: Callable[[str, Exchange], str | None]
    reference: Callable[..., Reference]
    needs_consent: bool
    deadline_seconds: float
    clean_up: CleanUp
    running: RunningWork = RunningWork()
    live_hosts: tuple[str, ...] = ()
    context_paths: tuple[str, ...] = ()
    creates: Callable[[Request], str | None] = lambda request: None
    explores: bool = False
    landmark: Request | None = None
    preparation_cost: Callable[[Target], Cost] = lambda target: Cost(others=1)
    examine: Callable[[Target, Steps], tuple[Target, list[Finding]]] = _as_it_is
    sign_in: Callable[[str], tuple[Request, Request] | None] = lambda role: None
    preconditions: Callable[[Target, Steps], list[Finding]] = _nothing_to_verify
    provisioner: str | None = None
    reference_library: str | None = None
    counted_kind: str = "execution"
    counted_plural: str = "executions"
    run_seconds: float = 900
