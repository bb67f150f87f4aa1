"""A bare server for provisioning: its requests, its content, and a run that only provisions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from pytest_reportconformance.http.server import Answer, Call, Server
from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.run.run import Run, RunSettings
from pytest_reportconformance.secrets.secret import Secret
from pytest_reportconformance.target.target import Identity, Target
from pytest_reportconformance.target.toml import from_url

ADMIN = {"RC_ADMIN_USERNAME": "jasperadmin", "RC_ADMIN_PASSWORD": "admin-e83b"}


class Recording(Reference):
    """A bare server that records its requests and answers."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"bare": True, **options})
        self.calls: list[tuple[Call, Answer]] = []

    def answer(self, call: Call) -> Answer:
        """Record both."""
        answer = super().answer(call)
        self.calls.append((call, answer))
        return answer


def listing(reference: Reference) -> dict[str, list[str]]:
    """The content of a server: resources, permissions, users and jobs."""
    return {
        "resources": sorted(reference.repository.resources),
        "masks": sorted(reference.repository.masks),
        "users": sorted(reference.accounts.known),
        "jobs": sorted(str(id) for id in reference.jobs),
    }


def bare_target(url: str, **changes: Any) -> Target:
    """A target of a bare URL and an administrator."""
    return replace(from_url(url, "jasperserver", ADMIN), **changes)


def administrator() -> Identity:
    """The administrator of a bare server."""
    return Identity("admin", "basic", {"username": "jasperadmin", "password": Secret("admin-e83b")})


@contextmanager
def provisioned(reference: Reference, folder: Path, **changes: Any) -> Iterator[Run]:
    """A run that has prepared its target; at the end it removes what it created."""
    with Server(reference) as server, Run.prepared(RunSettings(bare_target(server.url, **changes), folder)) as run:
        yield run
