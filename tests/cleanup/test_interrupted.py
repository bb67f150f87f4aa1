"""What a request without an answer created is removed if it certainly belongs to it, and not touched otherwise."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pytest_reportconformance.cleanup.interrupted import PendingRequests
from pytest_reportconformance.cleanup.ledger import Entry, Ledger
from pytest_reportconformance.http.client import Client, Conversation
from pytest_reportconformance.http.server import Server
from pytest_reportconformance.jasperserver import operations
from pytest_reportconformance.jasperserver.media import XML
from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.register import apis
from pytest_reportconformance.run.target_argument import describe
from pytest_reportconformance.target.target import Target
from pytest_reportconformance.transcript.exchange import Request
from tests.hostile.wire import until


class Bench:
    """A server whose slow report takes half a minute, and a client that waits for it."""

    def __init__(self, folder: Path, server: Server) -> None:
        assert isinstance(server.reference, Reference)
        self.reference = server.reference
        self.target: Target = describe(server)
        self.client = Client(self.target)
        self.book = Ledger.begin(self.target.api, self.target.url, folder)
        self.pending = PendingRequests(apis.load(self.target.api), self.book)
        self.uri = self.target.report("slow")["uri"]

    def session(self, identity: str = "owner") -> Conversation:
        return self.client.open(self.target.identity(identity))

    def ran(self, identity: str = "owner") -> str:
        """The id of another client's run of the same report."""
        return str(self.session(identity).send("run", operations.run(self.uri)).field("requestId"))

    def wait_for_a_run(self, request: Request | None = None) -> Entry:
        """Send a run that is answered when it is done, and go on when the server has begun it."""
        members: dict[str, Any] = {"async": False}
        request = request or operations.run(self.uri, **members)
        session, started = self.session(), self.reference.executions_started
        self.pending.ask(request, session)
        entry = self.book.making("execution", "owner", "POST", of=operations.resource_of(request))
        self.pending.await_answer(entry, request, session)
        threading.Thread(target=session.send, args=("run", request), daemon=True).start()
        assert until(10, lambda: self.reference.executions_started > started)
        return entry


@pytest.fixture(params=[False, True], ids=["shared", "bound"])
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    """One whose server shows executions to their user, and one that shows them only to their session."""
    with Server(Reference(slow_seconds=30, bind_sessions=request.param)) as server:
        bench = Bench(tmp_path, server)
        yield bench
        bench.client.close()
        bench.book.end()


def test_what_unanswered_requests_created_is_removed(bench: Bench) -> None:
    for body in ({"async": False}, {"async": None}):
        bench.wait_for_a_run(operations.run(bench.uri, **body))
    bench.wait_for_a_run(operations.run(bench.uri, media=XML, **{"async": None}))
    begun = time.monotonic()
    bench.pending.claim(bench.target)
    assert time.monotonic() - begun < 10
    assert bench.reference.executions_left == 0
    assert bench.book.open_entries() == []


def test_what_ran_before_and_what_others_run_is_not_touched(bench: Bench) -> None:
    bench.ran()
    bench.wait_for_a_run()
    bench.ran("other_user")
    bench.pending.claim(bench.target)
    assert bench.reference.executions_left == 2
    assert bench.book.open_entries() == []


def test_what_is_ambiguous_is_listed(bench: Bench) -> None:
    entry = bench.wait_for_a_run()
    other = bench.ran()
    bench.pending.claim(bench.target)
    if bench.book.open_entries() == []:  # unambiguous for a session that is shown only its own
        assert bench.reference.executions_left == 1
        assert other in bench.reference.executions
    else:
        assert bench.reference.executions_left == 2
        assert other in entry.why
        assert "others run the same" in entry.why


def test_an_answered_request_is_not_removed(bench: Bench) -> None:
    entry = bench.wait_for_a_run()
    bench.pending.answered(entry)
    bench.pending.claim(bench.target)
    assert bench.reference.executions_left == 1


def test_on_a_target_that_does_not_list_what_runs_nothing_is_removed(bench: Bench) -> None:
    unknown = replace(operations.search(), url="/rest_v2/nothing")
    bench.pending.api = replace(bench.pending.api, running=replace(bench.pending.api.running, search=unknown))
    entry = bench.wait_for_a_run()
    bench.pending.claim(bench.target)
    assert bench.reference.executions_left == 1
    assert [one.number for one in bench.book.open_entries()] == [entry.number]


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b"null", b"<a", b'"text"'])
def test_a_malformed_body_is_not_answered_late(body: bytes) -> None:
    assert not operations.answered_late(operations.raw_run(body))
