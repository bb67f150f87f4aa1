"""A clean run against a server, with what is needed to change its recorded answers: bodies, and who observed them."""

from __future__ import annotations

import importlib
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache, wraps
from hashlib import sha256
from pathlib import Path
from typing import Any
from unittest.mock import patch

from pytest_reportconformance.http import bodies
from pytest_reportconformance.http.bodies import Observer
from pytest_reportconformance.http.client import Conversation
from pytest_reportconformance.http.server import Server
from pytest_reportconformance.judging import collection
from pytest_reportconformance.judging.outcomes import Context
from pytest_reportconformance.register import apis
from pytest_reportconformance.run.run import Run, RunSettings
from pytest_reportconformance.run.target_argument import describe
from pytest_reportconformance.scenarios import Need
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.transcript import Transcript

SERVERS = ("reference", "permissive", "independent")
SLOW_SECONDS = 2.0


@dataclass(frozen=True)
class Evidence:
    """The whole body of an answer, whether the transcript keeps it or not, and the functions that observed it."""

    body: bytes
    observers: tuple[Observer, ...]


@dataclass(frozen=True)
class RecordedRun:
    """The transcripts of one run; `evidence` is found by the name and the time of an exchange."""

    server: str
    transcripts: Mapping[Need, Transcript]
    facts: Context
    evidence: Mapping[tuple[str, float], Evidence]

    def body(self, exchange: Exchange) -> bytes:
        """The whole body of an answer."""
        return self._evidence(exchange).body

    def with_body(self, exchange: Exchange, body: bytes) -> Exchange:
        """An exchange whose answer has another body; what was observed is observed anew."""
        assert exchange.response is not None
        kept = exchange.response.content is not None
        response = replace(
            exchange.response,
            content=body if kept else None,
            size=len(body),
            sha256=sha256(body).hexdigest(),
            headers=tuple(
                (name, str(len(body)) if name.lower() == "content-length" else value)
                for name, value in exchange.response.headers
            ),
        )
        observed = bodies.observed(self._evidence(exchange).observers, body)
        return replace(exchange, response=response, observations=observed)

    def _evidence(self, exchange: Exchange) -> Evidence:
        return self.evidence.get((exchange.name, exchange.started), Evidence(b"", ()))


def server_of(api: str, name: str) -> Any:
    """A server of that name: one of SERVERS."""
    if name == "reference":
        kind: Any = type(apis.load(api).reference())
        return kind(slow_seconds=SLOW_SECONDS)
    module = importlib.import_module(f"tests.{api}.{'independent' if name == 'independent' else 'permissive_variant'}")
    kind = module.Independent if name == "independent" else module.PermissiveVariant
    return kind(slow_seconds=SLOW_SECONDS)


@cache
def recorded(api: str, server: str) -> RecordedRun:
    """A whole run against a server that listens in this process."""
    wanted = collection.all_needs(api)
    evidence: dict[tuple[str, float], Evidence] = {}
    with (
        tempfile.TemporaryDirectory() as folder,
        Server(server_of(api, server)) as listening,
        _keeping(evidence),
        Run.prepared(RunSettings(replace(describe(listening), name=server), Path(folder))) as run,
    ):
        run.play(wanted)
        context = run.judging_context
        return RecordedRun(server, {need: context.transcript(need) for need in wanted}, context.facts, evidence)


@contextmanager
def _keeping(evidence: dict[tuple[str, float], Evidence]) -> Iterator[None]:
    """Keep the body and the observers of every answer."""
    latest = threading.local()
    observe, send = bodies.observed, Conversation.send

    def observed(observers: tuple[Observer, ...], body: bytes) -> dict[str, Any]:
        latest.evidence = Evidence(body, observers)
        return observe(observers, body)

    @wraps(send)
    def sent(*values: Any, **named: Any) -> Exchange:
        exchange = send(*values, **named)
        if exchange.response is not None:
            evidence[exchange.name, exchange.started] = latest.evidence
        return exchange

    with patch.object(bodies, "observed", observed), patch.object(Conversation, "send", sent):
        yield
