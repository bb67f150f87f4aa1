"""Fixtures for the user's own tests: the URL of the target, requests as an identity, and the outcomes of the run.

Rule: a fixture of the user's own with one of these names takes precedence, as always in pytest.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from types import ModuleType
from typing import Protocol

import pytest

from pytest_reportconformance.judging.conformance import Conformance
from pytest_reportconformance.recording.identity_client import IdentityClient
from pytest_reportconformance.register.strict_toml import choices
from pytest_reportconformance.run.judging_context import JudgingContext
from pytest_reportconformance.target.target import ANONYMOUS, IDENTITIES, WRONG_PASSWORD
from pytest_reportconformance.transcript.exchange import Exchange, Request

NAMES = ("target_url", "identity", "client", "conformance")
ROLES = (*IDENTITIES, ANONYMOUS, WRONG_PASSWORD)
SENDING = ("identity", "client")
"""The fixtures whose tests send requests when all scenarios are played."""


class Sender(Protocol):
    """What sends the requests of tests, in this process or by asking another one."""

    def send(self, api: str, test: str, identity: str, name: str, request: Request) -> Exchange:
        """Send a request of a test."""

    def close(self, api: str, test: str) -> None:
        """End a test."""


class Hooks(Protocol):
    """What the fixtures need of the hooks of this process."""

    contexts: list[JudgingContext]

    @property
    def sender(self) -> Sender:
        """What sends the requests of tests."""

    def conformance(self, context: JudgingContext) -> Conformance:
        """The outcomes of a run."""


def module(hooks: Hooks) -> ModuleType:
    """A plugin module with these fixtures."""
    found = ModuleType("reportconformance_target")
    vars(found).update(
        target_url=_target_url(hooks), identity=_identity(hooks), client=_client(), conformance=_conformance(hooks)
    )
    return found


def _target_url(hooks: Hooks) -> object:
    @pytest.fixture(scope="session")
    def target_url() -> str:
        """The base URL of the target (of the first one if there are several)."""
        return hooks.contexts[0].url

    return target_url


def _identity(hooks: Hooks) -> object:
    @pytest.fixture
    def identity(request: pytest.FixtureRequest) -> Iterator[Callable[..., IdentityClient]]:
        """Send requests as any identity of the target: `identity("admin").get("/rest_v2/serverInfo").json()`.

        Each request is recorded in a transcript of the test, without secrets, and waits for its turn like those of the
        suite; what it creates is removed when the test ends. `identity("owner", api="<api>")` chooses a target
        if there are several. An identity that target.toml lacks skips the test and names the table to write.
        """
        test, used = request.node.nodeid, set()

        def of(role: str, api: str = "") -> IdentityClient:
            __tracebackhide__ = True
            known = [context.api for context in hooks.contexts]
            _check("identity", role, ROLES)
            chosen = api or known[0]
            _check("identity: api", chosen, known)

            def send(identity: str, name: str, sent: Request) -> Exchange:
                used.add(chosen)
                return hooks.sender.send(chosen, test, identity, name, sent)

            return IdentityClient(role, send)

        yield of
        for api in used:
            hooks.sender.close(api, test)

    return identity


def _check(what: str, given: str, allowed: Collection[str]) -> None:
    __tracebackhide__ = True
    if given not in allowed:
        raise ValueError(f"{what}: found {given!r}; allowed: {choices(given, allowed)}")


def _client() -> object:
    @pytest.fixture
    def client(identity: Callable[..., IdentityClient]) -> IdentityClient:
        """Send requests as the owner: the same as `identity("owner")`."""
        return identity("owner")

    return client


def _conformance(hooks: Hooks) -> object:
    @pytest.fixture(scope="session")
    def conformance() -> Conformance:
        """The outcome of each requirement: `conformance["<api>.<operation>.<slug>"] == "passed"`.

        With several targets, those of the first. Under pytest-xdist each worker that asks for it judges the transcripts
        itself, so it takes some seconds.
        """
        return hooks.conformance(hooks.contexts[0])

    return conformance
