"""What a request made whose answer is still awaited is removed where it is surely ours, and let alone elsewhere."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

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
    """A server whose slow report takes half a minute, and somebody who waits for it."""

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
        """Somebody else's run of the same report, and its id."""
        return str(self.session(identity).send("run", operations.run(self.uri)).field("requestId"))

    def wait_for_a_run(self, request: Request | None = None) -> Entry:
        """Send a run that is answered when it is done, and go on when the server has begun it."""
        request = request or operations.run(self.uri, **{"async": False})
        session, started = self.session(), self.reference.executions_started
        self.pending.ask(request, session)
        entry = self.book.making("execution", "owner", "POST", of=operations.resource_of(request))
        self.pending.await_answer(entry, request, session)
        threading.Thread(target=session.send, args=("run", request), daemon=True).start()
        assert until(10, lambda: self.reference.executions_started > started)
        return entry


@pytest.fixture(params=[False, True], ids=["shared", "bound"])
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    """One whose server shows executions to their person, and one that shows them to their session alone."""
    with Server(Reference(slow_seconds=30, bind_sessions=request.param)) as server:
        bench = Bench(tmp_path, server)
        yield bench
        bench.client.close()
        bench.book.end()


def test_what_nobody_answered_yet_is_removed(bench: Bench) -> None:
    for body in ({"async": False}, {"async": None}):
        bench.wait_for_a_run(operations.run(bench.uri, **body))
    bench.wait_for_a_run(operations.run(bench.uri, media=XML, **{"async": None}))
    begun = time.monotonic()
    bench.pending.claim(bench.target)
    assert time.monotonic() - begun < 10
    assert bench.reference.executions_left == 0
    assert bench.book.open_entries() == []


def test_what_ran_before_and_what_others_run_is_let_alone(bench: Bench) -> None:
    bench.ran()
    bench.wait_for_a_run()
    bench.ran("other_user")
    bench.pending.claim(bench.target)
    assert bench.reference.executions_left == 2
    assert bench.book.open_entries() == []


def test_what_cannot_be_told_apart_is_listed(bench: Bench) -> None:
    entry = bench.wait_for_a_run()
    other = bench.ran()
    bench.pending.claim(bench.target)
    if bench.book.open_entries() == []:  # a session that sees its own alone can tell
        assert bench.reference.executions_left == 1
        assert other in bench.reference.executions
    else:
        assert bench.reference.executions_left == 2
        assert other in entry.why
        assert "others run the same" in entry.why


def test_an_answer_that_came_is_nobodys_claim(bench: Bench) -> None:
    entry = bench.wait_for_a_run()
    bench.pending.answered(entry)
    bench.pending.claim(bench.target)
    assert bench.reference.executions_left == 1


def test_a_target_that_does_not_say_what_runs_keeps_what_it_has(bench: Bench) -> None:
    unknown = replace(operations.search(), url="/rest_v2/nothing")
    bench.pending.api = replace(bench.pending.api, running=replace(bench.pending.api.running, search=unknown))
    entry = bench.wait_for_a_run()
    bench.pending.claim(bench.target)
    assert bench.reference.executions_left == 1
    assert [one.number for one in bench.book.open_entries()] == [entry.number]


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b"null", b"<a", b'"text"'])
def test_a_body_that_is_none_waits_for_nothing(body: bytes) -> None:
    assert not operations.answered_late(operations.raw_run(body))
