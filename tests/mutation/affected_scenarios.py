"""The scenarios that a mutant can affect: those whose requests make the clean server call a method that it overrides.

The kill matrix runs only these against the mutant; the transcripts of all others come from one run against the clean
server. That is exact as long as scenarios share nothing on the server; `python -m tests.kill` runs all of them.
"""

from __future__ import annotations

import tempfile
import threading
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, wraps
from pathlib import Path
from types import FunctionType
from typing import Any
from unittest.mock import patch

from pytest_reportconformance.judging import evaluate
from pytest_reportconformance.recording.steps import Steps
from pytest_reportconformance.run.run import Run, RunSettings
from pytest_reportconformance.scenarios import Need
from pytest_reportconformance.transcript.transcript import Transcript
from tests.mutation.in_process import target_of

NEUTRAL = (
    "__module__",
    "__doc__",
    "__dict__",
    "__weakref__",
    "__parameters__",
    "__orig_bases__",
    "__annotations__",
    "__firstlineno__",
    "__static_attributes__",
)
_current = threading.local()


@dataclass(frozen=True)
class Clean:
    """A run against the clean server: its transcripts, and for each method the keys of the scenarios that call it."""

    transcripts: Mapping[Need, Transcript]
    callers: Mapping[str, Collection[str]]
    preparing: Collection[str]

    def affected(self, mutant: type, server: type) -> set[Need]:
        """The scenarios that a mutant can affect."""
        changed = _changed(mutant, server)
        if changed is None or changed & set(self.preparing):
            return set(self.transcripts)
        keys = {key for name in changed for key in self.callers.get(name, ())}
        return {need for need in self.transcripts if need.key in keys}


@cache
def clean(api: str, server: type, seconds: float) -> Clean:
    """A run against the clean server of an API, whose slow report takes so many seconds."""
    wanted = {need for check in evaluate.checks(api) for need in check.transcripts.values()}
    callers: dict[str, set[str]] = defaultdict(set)
    with (
        tempfile.TemporaryDirectory() as folder,
        target_of(_spy(server, callers)(slow_seconds=seconds)) as target,
        Run.opened(RunSettings(target, Path(folder))) as run,
    ):
        with _thread_keys():
            run.prepare()
            preparing = set(callers)
            callers.clear()
            run.play(wanted)
        return Clean({need: run.judging_context.transcript(need) for need in wanted}, callers, preparing)


def _changed(mutant: type, server: type) -> set[str] | None:
    """The methods of the server that a mutant overrides; None if it changes anything else as well."""
    own = [kind for kind in mutant.__mro__ if kind not in server.__mro__]
    changed = {name for kind in own for name in vars(kind) if hasattr(server, name) and name not in NEUTRAL}
    return changed if all(name in _methods(server) for name in changed) else None


def _methods(server: type) -> dict[str, Any]:
    """The methods of a server by their names, without constructors and other special methods."""
    found = {name: value for kind in reversed(server.__mro__) for name, value in vars(kind).items()}
    return {
        name: value for name, value in found.items() if isinstance(value, FunctionType) and not name.startswith("__")
    }


def _spy(server: type, callers: dict[str, set[str]]) -> Any:
    """A server that records for each of its methods the keys of the scenarios that call it."""

    def recorded(method: Any) -> Any:
        @wraps(method)
        def call(*values: Any, **named: Any) -> Any:
            callers[method.__name__].add(getattr(_current, "key", ""))
            return method(*values, **named)

        return call

    return type(server.__name__, (server,), {name: recorded(value) for name, value in _methods(server).items()})


@contextmanager
def _thread_keys() -> Iterator[None]:
    """Store in each thread the key of the scenario whose request it sends."""

    def with_key(send: Any) -> Any:
        @wraps(send)
        def keyed(steps: Steps, *values: Any, **named: Any) -> Any:
            assert steps._writer is not None
            _current.key = Path(steps._writer._file.name).stem
            return send(steps, *values, **named)

        return keyed

    with (
        patch.object(Steps, "_send", with_key(Steps._send)),
        patch.object(Steps, "_urgently", with_key(Steps._urgently)),
    ):
        yield
