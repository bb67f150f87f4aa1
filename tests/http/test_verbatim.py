"""The bytes on the wire: links are requested exactly as the server wrote them, and only from the target."""

from __future__ import annotations

import json
import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import pytest

from pytest_reportconformance.akamai_reporting import operations, query_steps
from pytest_reportconformance.akamai_reporting.purposes import PURPOSES
from pytest_reportconformance.http.client import Client
from pytest_reportconformance.recording.steps import Steps
from pytest_reportconformance.run.run import Run, RunSettings
from pytest_reportconformance.secrets.secret import Secret
from pytest_reportconformance.target.target import Identity, Target
from pytest_reportconformance.transcript.exchange import Exchange, Request

REPORT = "delivery/traffic/current"
QUERIES = f"/reporting-api/v2/reports/{REPORT}/queries"
OWNER = Identity("owner", "basic", {"username": "owner", "password": Secret("owner-secret")})
IDS = [
    ".kRGhlJDv5gD34L8Ht+2RIs=",
    "..two.dots",
    ".a%2bb",
    ".a%2Bb",
    "a%7Eb~c",
    "a;v=1,w=%2f",
    "a!$&'()*+,;=:@b",
    "%2E%2e.",
    ".id=?accountSwitchKey=1-5C0YLB:1-8BYUX&trace=%2b+%20",
    ".id?a=b=c?d/e",
    ".id?",
    "a|b",
    "100%",
    '"{}^`\\',
]

Answer = Callable[[bytes], bytes]


class Wire:
    """A listener that keeps the bytes of every request's head, and answers with `answer`."""

    def __init__(self, answer: Answer) -> None:
        self.heads: list[bytes] = []
        self.answer = answer
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        self._listening = threading.Thread(target=self._accept, daemon=True)
        self._listening.start()

    def close(self) -> None:
        """Stop listening, and wait for that: another listener may get the same descriptor."""
        self.socket.shutdown(socket.SHUT_RDWR)
        self._listening.join()
        self.socket.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as stream:
            while head := _head(stream):
                length = re.search(rb"(?i)content-length: (\d+)", head)
                stream.read(int(length[1]) if length else 0)
                self.heads.append(head)
                connection.sendall(self.answer(head))

    @property
    def lines(self) -> list[str]:
        """The request lines, in order of arrival."""
        return [head.partition(b"\r\n")[0].decode("latin-1") for head in self.heads]


def _head(stream: BinaryIO) -> bytes:
    """The lines until the empty one; none at the end of the stream."""
    lines = []
    while (line := stream.readline()) not in (b"", b"\r\n"):
        lines.append(line)
    return b"".join(lines)


@contextmanager
def listening(answer: Answer) -> Iterator[Wire]:
    wire = Wire(answer)
    try:
        yield wire
    finally:
        wire.close()


@contextmanager
def steps(url: str, folder: Path) -> Iterator[Steps]:
    reports = {purpose: {"path": REPORT} for purpose in PURPOSES}
    target = Target("akamai_reporting", url, "wire", identities={"owner": OWNER}, reports=reports)
    with Run.prepared(RunSettings(target, folder)) as run:
        yield run.recorder.steps()


def see_other(location: str) -> bytes:
    return f"HTTP/1.1 303 See Other\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode("latin-1")


def ok(document: object) -> bytes:
    body = json.dumps(document).encode()
    return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)


def page(**links: str) -> bytes:
    listed = [{"rel": rel, "href": href, "allow": ["GET"]} for rel, href in links.items()]
    return ok({"data": [{"hits": 1}], "metadata": {"name": "x", "rows": 1, "totalRows": 2, "links": listed}})


@pytest.mark.parametrize("id", IDS)
def test_a_request_target_is_sent_byte_for_byte(id: str) -> None:
    with listening(lambda head: ok({})) as wire:
        client = Client(Target("akamai_reporting", wire.url, "wire"))
        sent = client.open(OWNER).send("get", Request("GET", f"{wire.url}{QUERIES}/{id}"))
        client.close()
    assert wire.lines == [f"GET {QUERIES}/{id} HTTP/1.1"]
    assert sent.request.url == f"{wire.url}{QUERIES}/{id}"


@pytest.mark.parametrize(
    "form",
    [
        "{queries}/{id}",
        "http://{host}{queries}/{id}",
        "//{host}{queries}/{id}",
        "queries/{id}",
        "./queries/{id}",
        "../current/queries/{id}#top",
    ],
)
@pytest.mark.parametrize("id", [IDS[0], IDS[2], IDS[8]])
def test_a_location_is_polled_exactly_as_written(form: str, id: str, tmp_path: Path) -> None:
    def answer(head: bytes) -> bytes:
        if not head.startswith(b"POST"):
            return page(self=f"{QUERIES}/{id}") if b"/queries/" in head else ok({"reports": []})
        host = re.search(rb"(?i)host: (\S+)", head)
        assert host is not None
        return see_other(form.format(queries=QUERIES, id=id, host=host[1].decode()))

    with listening(answer) as wire, steps(wire.url, tmp_path) as step:
        query_steps.wait(step, query_steps.submit(step, "query", {"path": REPORT}))
    assert wire.lines[-1] == f"GET {QUERIES}/{id} HTTP/1.1"


@pytest.mark.parametrize("id", IDS[:11])
def test_a_link_to_a_page_is_fetched_exactly_as_written(id: str, tmp_path: Path) -> None:
    def answer(head: bytes) -> bytes:
        if head.startswith(b"POST"):
            return see_other(f"{QUERIES}/.first+=")
        return page(next=f"{QUERIES}/{id}") if b".first+= " in head else page()

    with listening(answer) as wire, steps(wire.url, tmp_path) as step:
        query = query_steps.submit(step, "query", {"path": REPORT}, size=1)
        assert len(list(query_steps.follow(step, query, query_steps.wait(step, query), 3))) == 2
    assert wire.lines[-2:] == [f"GET {QUERIES}/.first+= HTTP/1.1", f"GET {QUERIES}/{id} HTTP/1.1"]


def test_a_page_size_stands_in_the_query_of_the_post(tmp_path: Path) -> None:
    with listening(lambda head: see_other(f"{QUERIES}/.a=")) as wire, steps(wire.url, tmp_path) as step:
        query_steps.submit(step, "query", {"path": REPORT, "start": "2026-01-01T00:00:00Z"}, size=5)
    assert wire.lines[-1] == (
        f"POST /reporting-api/v2/reports/{REPORT}/data?async=true&pageSize=5&start=2026-01-01T00%3A00%3A00Z HTTP/1.1"
    )


@pytest.mark.parametrize("form", ["http://{host}{queries}/.a=", "//{host}{queries}/.a=", "http://owner@{host}/.a="])
def test_nothing_is_sent_to_another_origin(form: str, tmp_path: Path) -> None:
    with listening(lambda head: ok({})) as other:
        host = other.url.partition("://")[2]
        location = form.format(host=host, queries=QUERIES)
        with listening(lambda head: see_other(location)) as wire, steps(wire.url, tmp_path) as step:
            submitted = step("submit", operations.submit(REPORT))
            link = operations.location(submitted)
            assert link is not None
            polled = step("poll", operations.fetch(link))
    assert other.heads == []
    assert polled.error is not None
    assert polled.error.outcome == "inconclusive"


def test_credentials_go_with_every_get(tmp_path: Path) -> None:
    def answer(head: bytes) -> bytes:
        if head.startswith(b"POST"):
            return see_other(f"{QUERIES}/.first=")
        return page(next=".second=") if b".first=" in head else page()

    with listening(answer) as wire, steps(wire.url, tmp_path) as step:
        query = query_steps.submit(step, "query", {"path": REPORT}, size=1)
        list(query_steps.follow(step, query, query_steps.wait(step, query), 3))
    assert [b"\r\nAuthorization: Basic " in head for head in wire.heads] == [False, True, True, True, True]


def test_a_session_apart_has_a_connection_of_its_own(tmp_path: Path) -> None:
    ports: list[int] = []
    real = Wire._serve

    def counted(self: Wire, connection: socket.socket) -> None:
        ports.append(connection.getpeername()[1])
        real(self, connection)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Wire, "_serve", counted)
        with listening(lambda head: page()) as wire, steps(wire.url, tmp_path) as step:
            for session in ("", "", "fresh", "fresher"):
                step("get", operations.fetch(f"{wire.url}{QUERIES}/.a="), session=session)
    assert len(set(ports)) == 3


def test_a_head_that_is_cut_off_anywhere_is_no_answer() -> None:
    whole = ok({"value": "ready"})
    end = whole.index(b"\r\n\r\n")
    for length in range(end + 3):
        exchange = answered_once(whole[:length])
        assert exchange.response is None
        assert exchange.error is not None
        assert exchange.error.outcome == "failed"
        if length > len(b"HTTP/1.1 200"):
            assert "in the middle of the head" in exchange.error.text
    assert answered_once(whole).field("value") == "ready"


def answered_once(text: bytes) -> Exchange:
    """What comes of an answer of these bytes, after which the connection is closed."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_answer_once, args=(listener, text), daemon=True).start()
        client = Client(Target("akamai_reporting", f"http://127.0.0.1:{listener.getsockname()[1]}", "wire"))
        try:
            return client.open(OWNER).send("get", Request("GET", "/x"))
        finally:
            client.close()


def _answer_once(listener: socket.socket, text: bytes) -> None:
    connection, _ = listener.accept()
    with connection:
        connection.recv(65536)
        connection.sendall(text)
