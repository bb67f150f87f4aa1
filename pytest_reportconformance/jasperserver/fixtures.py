"""Fixtures for authors of clients: reference servers that imitate versions of JasperReports Server."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from pytest_reportconformance.http.server import Server
from pytest_reportconformance.jasperserver import API


@pytest.fixture(scope="session")
def jasperserver_url() -> Iterator[Callable[..., str]]:
    """Start a reference server and return its base URL: `jasperserver_url("8.1.1")` imitates that version.

    Without an edition it meets every requirement. Each edition is started once, on 127.0.0.1 and a free
    port, and stopped at the end of the session; its users and reports are those of its target.toml. Raises LookupError
    for an unknown edition. Needs the extra `embedded`.
    """
    servers: dict[str | None, Server] = {}

    def start(edition: str | None = None) -> str:
        if edition not in servers:
            servers[edition] = Server(API.reference(**({"edition": edition} if edition else {})))
        return servers[edition].url

    yield start
    for server in servers.values():
        server.close()
