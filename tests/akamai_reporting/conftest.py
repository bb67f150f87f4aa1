"""Fixtures that serve the reference server over HTTP, once for each module of tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from pytest_reportconformance.akamai_reporting.reference import Reference
from pytest_reportconformance.http.server import Server
from tests.akamai_reporting.plain_client import Client


@pytest.fixture(scope="module")
def reference() -> Reference:
    return Reference(slow_seconds=0.3)


@pytest.fixture(scope="module")
def url(reference: Reference) -> Iterator[str]:
    with Server(reference) as server:
        yield server.url


@pytest.fixture(scope="module")
def owner(url: str) -> Iterator[Client]:
    client = Client(url)
    yield client
    client.session.close()


@pytest.fixture
def identity(url: str) -> Iterator[Callable[..., Client]]:
    made: list[Client] = []

    def make(name: str | None, auth: Any = None, at: str | None = None) -> Client:
        made.append(Client(at or url, name, auth))
        return made[-1]

    yield make
    for client in made:
        client.session.close()
