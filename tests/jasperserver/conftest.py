"""A reference server, and sessions of its identities."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pytest_reportconformance.http.server import Server
from pytest_reportconformance.jasperserver.reference import Reference
from tests.jasperserver.identities import Visitor, visitor


@pytest.fixture(scope="package")
def server() -> Iterator[Server]:
    """A reference server with short waits."""
    with Server(Reference(slow_seconds=0.4, page_seconds=0.06)) as server:
        yield server


@pytest.fixture
def owner(server: Server) -> Iterator[Visitor]:
    """The user who runs reports."""
    with visitor(server, "owner") as session:
        yield session


@pytest.fixture
def other_user(server: Server) -> Iterator[Visitor]:
    """Another regular user."""
    with visitor(server, "other_user") as session:
        yield session
