"""Fixtures that serve the reference server over HTTP, once for each module of tests."""

import pytest

from pytest_reportconformance.akamai_reporting.reference import Reference
from pytest_reportconformance.http.server import Server
from tests.akamai_reporting.plain_client import Client


@pytest.fixture(scope="module")
def reference():
    return Reference(slow_seconds=0.3)


@pytest.fixture(scope="module")
def url(reference):
    with Server(reference) as server:
        yield server.url


@pytest.fixture(scope="module")
def owner(url):
    client = Client(url)
    yield client
    client.session.close()


@pytest.fixture
def identity(url):
    made = []

    def make(name, auth=None, at=None):
        made.append(Client(at or url, name, auth))
        return made[-1]

    yield make
    for client in made:
        client.session.close()
