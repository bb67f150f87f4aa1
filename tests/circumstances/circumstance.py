"""One circumstance: what is odd around a correct server, or how it lawfully speaks HTTP, and what a run reports."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pytest_reportconformance.http.server import Answer, Call, Reference, Server
from pytest_reportconformance.register import apis
from tests.hostile.behaviour import changed
from tests.hostile.hostile_run import checks
from tests.hostile.wire import Fault, Hostile, When

ACCUSED = {"failed", "warned"}
"""What no circumstance may lead to: the server is correct."""

Serve = Callable[[Reference, Path], AbstractContextManager[str]]
"""Serves a reference server, with a folder for files beside it; yields its base URL."""


def whole(text: str, _folder: Path) -> str:
    """The target.toml as the reference server describes itself."""
    return text


def as_it_is(url: str, _folder: Path) -> Mapping[str, str]:
    """No variable of the environment is set."""
    return {}


@contextmanager
def plainly(reference: Reference, _folder: Path) -> Iterator[str]:
    """Serve the reference server as it is."""
    with Server(reference) as server:
        yield server.url


@dataclass(frozen=True)
class Circumstance:
    """A correct server, what is odd around it, and what a run has to make of it.

    `code` is the exit code, `sentence` a pattern that the terminal output has to match, `outcomes` what checks may end
    with. `serve` puts the server on a port; `target` edits its target.toml (None: a bare URL); `environment` gives
    variables for the base URL. `options` go to pytest; without a `-k` among them a few files of checks are judged.
    """

    name: str
    api: str
    code: int
    sentence: str
    outcomes: frozenset[str] = frozenset()
    serve: Serve = plainly
    target: Callable[[str, Path], str | None] = whole
    environment: Callable[[str, Path], Mapping[str, str]] = as_it_is
    options: tuple[str, ...] = ()
    reference: Mapping[str, object] = field(default_factory=dict)
    seconds: float = 90.0

    def made(self) -> Reference:
        """The reference server."""
        return apis.load(self.api).reference(**{"slow_seconds": 0.5, **self.reference})

    @property
    def arguments(self) -> list[str]:
        """The arguments for pytest."""
        return list(self.options) if "-k" in self.options else [*self.options, *checks(self.api)]


GOOD = frozenset({"passed", "not applicable", "noted"})
"""Outcomes of a correct server that was reached; on a busy machine a check may be inconclusive."""


def answering(fault: Fault, when: When = lambda call: True) -> Serve:
    """Serve with other bytes in the answers to some calls."""

    @contextmanager
    def serve(reference: Reference, _folder: Path) -> Iterator[str]:
        with Hostile(reference, fault, when) as server:
            yield server.url

    return serve


def changing(change: Callable[[Call, Answer], Answer], when: When = lambda call: True) -> Serve:
    """Serve with changed answers to some calls."""
    return answering(changed(change), when)


def replaced(pattern: str, replacement: str, count: int = 0) -> Callable[[str, Path], str]:
    """Edit the target.toml: a pattern that has to occur is replaced."""

    def edit(text: str, _folder: Path) -> str:
        found, number = re.subn(pattern, replacement, text, count=count, flags=re.MULTILINE)
        if not number:
            raise ValueError(f"{pattern!r} does not occur in target.toml")
        return found

    return edit
