"""The client returns whole answers or an error that names the cause, within time and memory, without secrets."""

from __future__ import annotations

import base64
import gzip
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from pytest_reportconformance.http.client import Client
from pytest_reportconformance.http.origin import origin
from pytest_reportconformance.http.rate_limit import Stopped
from pytest_reportconformance.http.server import Answer, Call
from pytest_reportconformance.secrets.secret import Secret
from pytest_reportconformance.target.target import Identity, Limits, Target
from pytest_reportconformance.transcript.exchange import Exchange, Request
from tests.hostile.wire import Canary, Fault, Hostile, Wire, forever, slowly

LIMITS = Limits(answer_seconds=1, connect_seconds=1, body_bytes=100_000)
OWNER = Identity("owner", "basic", {"username": "joe", "password": Secret("topsecret-71")})


class Plain:
    """Answers every call with 200 and remembers it."""

    prefix = ""

    def __init__(self) -> None:
        self.calls: list[Call] = []

    def answer(self, call: Call) -> Answer:
        self.calls.append(call)
        return Answer(200, b'{"path": "%s"}' % call.path.encode(), [("Content-Type", "application/json")])

    def summary(self) -> str:
        return f"{len(self.calls)} calls"

    def target_toml(self, url: str) -> str:
        return f'[target]\nurl = "{url}"\n'


@pytest.fixture
def plain() -> Plain:
    return Plain()


Serve = Callable[..., Client]


@pytest.fixture
def serve(plain: Plain) -> Iterator[Serve]:
    """Serve with a fault; a client of that server."""
    opened: list[Any] = []

    def make(fault: Fault | None = None, **options: Any) -> Client:
        server = Hostile(plain, fault)
        target = Target("jasperserver", server.url, "t", {"owner": OWNER}, limits=LIMITS)
        client = Client(replace(target, **options))
        opened.extend([client, server])
        return client

    yield make
    for one in opened:
        one.close() if isinstance(one, Client) else one.die()


def get(client: Client, url: str = "/x", **options: Any) -> Exchange:
    return client.open(OWNER).send("step", Request("GET", url, **options))


def test_time_is_counted_over_the_whole_answer(serve: Serve) -> None:
    client = serve(lambda wire, call, answer: wire.stream(slowly(answer.encoded("GET")), pause=0.3))
    begun = time.monotonic()
    exchange = get(client)
    assert exchange.error is not None
    assert exchange.error.outcome == "inconclusive"
    assert "no whole answer within 1 s" in exchange.error.text
    assert time.monotonic() - begun < 5


def test_a_body_is_read_to_the_limit_and_no_further(serve: Serve) -> None:
    def endless(wire: Wire, call: Call, answer: Answer) -> None:
        wire.send(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
        wire.stream(forever(b"x" * 4096))

    exchange = get(serve(endless))
    assert exchange.error is not None
    assert exchange.error.outcome == "inconclusive"
    assert "longer than 100000 bytes" in exchange.error.text


def test_a_packed_body_is_unpacked_to_the_limit(serve: Serve) -> None:
    packed = gzip.compress(b"\0" * 5_000_000)
    exchange = get(
        serve(lambda wire, call, answer: wire.send(Answer(200, packed, [("Content-Encoding", "gzip")]).encoded("GET")))
    )
    assert exchange.error is not None
    assert "longer than 100000 bytes" in exchange.error.text


def test_a_packed_body_is_kept_unpacked(serve: Serve) -> None:
    packed = gzip.compress(b'{"a": 1}' + b" " * 90_000)
    exchange = get(
        serve(lambda wire, call, answer: wire.send(Answer(200, packed, [("Content-Encoding", "gzip")]).encoded("GET")))
    )
    assert exchange.json() == {"a": 1}
    assert exchange.answer.size == 90_008


def test_a_large_body_leaves_its_digest_and_its_ends(serve: Serve, plain: Plain) -> None:
    body = b"head" + b"m" * 2_000_000 + b"tail"
    fault = lambda wire, call, answer: wire.send(Answer(200, body).encoded("GET"))  # noqa: E731  # one line
    exchange = get(serve(fault, limits=replace(LIMITS, body_bytes=3_000_000)))
    assert exchange.answer.content is None
    assert exchange.answer.size == len(body)
    assert exchange.answer.head.startswith(b"head")
    assert exchange.answer.tail.endswith(b"tail")


def cut_second(wire: Wire, call: Call, answer: Answer) -> None:
    """Answers /first, and drops the connection under what comes next over it; a new one is answered."""
    if call.path == "/first" or wire.fresh:
        wire.send(answer.encoded(call.method))
    else:
        wire.close()


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_a_stale_connection_is_given_up_and_an_idempotent_request_sent_again(serve: Serve, method: str) -> None:
    conversation = serve(cut_second).open(OWNER)
    assert conversation.send("first", Request("GET", "/first")).status_code == 200
    assert conversation.send("second", Request(method, "/second")).status_code == 200


def test_a_post_goes_over_a_connection_of_its_own_and_is_never_repeated(serve: Serve, plain: Plain) -> None:
    conversation = serve(cut_second).open(OWNER)
    assert conversation.send("first", Request("GET", "/first")).status_code == 200
    assert conversation.send("second", Request("POST", "/second", body=b"{}")).status_code == 200
    assert [call.path for call in plain.calls] == ["/first", "/second"]


def test_a_body_that_is_cut_is_no_stale_connection(serve: Serve, plain: Plain) -> None:
    def cut(wire: Wire, call: Call, answer: Answer) -> None:
        if call.path == "/first":
            wire.send(answer.encoded("GET"))
        else:
            wire.send(answer.encoded("GET")[:-3])
            wire.close()

    conversation = serve(cut).open(OWNER)
    conversation.send("first", Request("GET", "/first"))
    exchange = conversation.send("second", Request("GET", "/second"))
    assert exchange.error is not None
    assert exchange.error.outcome == "failed"
    assert [call.path for call in plain.calls] == ["/first", "/second"]


def test_cookies_belong_to_one_conversation(serve: Serve, plain: Plain) -> None:
    def baker(wire: Wire, call: Call, answer: Answer) -> None:
        answer.headers.append(("Set-Cookie", "JSESSIONID=0123456789ABCDEF; Path=/"))
        wire.send(answer.encoded("GET"))

    client = serve(baker)
    one, other = client.open(OWNER), client.open(OWNER)
    one.send("a", Request("GET", "/a"))
    one.send("b", Request("GET", "/b"))
    other.send("c", Request("GET", "/c"))
    assert [call.header("Cookie") for call in plain.calls] == ["", "JSESSIONID=0123456789ABCDEF", ""]
    assert one.cookies == [("JSESSIONID", "0123456789ABCDEF", "127.0.0.1", "/")]


def test_an_earlier_session_is_adopted(serve: Serve, plain: Plain) -> None:
    conversation = serve().open(Identity("owner"))
    conversation.adopt([("JSESSIONID", "0123456789ABCDEF", "127.0.0.1", "/")])
    exchange = conversation.send("a", Request("GET", "/a"))
    assert plain.calls[0].header("Cookie") == "JSESSIONID=0123456789ABCDEF"
    assert exchange.request.header("Cookie") == "JSESSIONID=***"


def test_a_cookie_of_another_domain_is_not_kept(serve: Serve, plain: Plain) -> None:
    def baker(wire: Wire, call: Call, answer: Answer) -> None:
        answer.headers.append(("Set-Cookie", "s=0123456789ABCDEF; Domain=example.com; Path=/"))
        wire.send(answer.encoded("GET"))

    conversation = serve(baker).open(OWNER)
    conversation.send("a", Request("GET", "/a"))
    conversation.send("b", Request("GET", "/b"))
    assert plain.calls[1].header("Cookie") == ""


FOREIGN = [
    "http://127.0.0.1:{canary}/x",
    "https://127.0.0.1:{own}/x",
    "http://localhost:{own}/x",
    "http://joe:pw@127.0.0.1:{own}/x",
    "http://127.0.0.1:{own}@127.0.0.1:{canary}/x",
    "http://127.0.0.1:{canary}\\@127.0.0.1:{own}/x",
    "http://127.0.0.1:{own}\\@127.0.0.1:{canary}/x",
    "http://127.0.0.1:{canary}#@127.0.0.1:{own}/x",
    "http://[::1/x",
    "http://127.0.0.1:99999999/x",
    "file:///etc/passwd",
    "gopher://127.0.0.1:{own}/x",
    "//127.0.0.1:{canary}x",
]


@pytest.mark.parametrize("url", FOREIGN)
def test_nothing_is_sent_to_another_origin(serve: Serve, plain: Plain, url: str) -> None:
    canary, client = Canary(), serve()
    own = origin(client.target.url)[2]
    exchange = get(client, url.format(own=own, canary=canary.port))
    if url.startswith("//"):
        assert plain.calls[0].path.startswith("//")
    else:
        assert exchange.error is not None
        assert "another origin" in exchange.error.text
        assert plain.calls == []
    assert not canary.visited
    canary.close()


def test_a_redirect_is_not_followed_and_its_body_is_kept(serve: Serve, plain: Plain) -> None:
    fault = redirect_with(b'{"see": "there"}')
    exchange = get(serve(fault))
    assert exchange.status_code == 303
    assert exchange.json() == {"see": "there"}
    assert len(plain.calls) == 1


def redirect_with(body: bytes) -> Fault:
    def fault(wire: Wire, call: Call, answer: Answer) -> None:
        wire.send(
            Answer(303, body, [("Location", "http://[broken"), ("Content-Type", "application/json")]).encoded("GET")
        )

    return fault


def test_no_exchange_holds_a_secret(serve: Serve) -> None:
    def echo(wire: Wire, call: Call, answer: Answer) -> None:
        text = f"{call.header('Authorization')} topsecret-71 {call.header('Cookie')}".encode()
        fields = [("X-Echo", "topsecret-71"), ("Set-Cookie", "JSESSIONID=0123456789ABCDEF; Path=/")]
        wire.send(Answer(200, text, fields).encoded("GET"))

    client = serve(echo)
    conversation = client.open(OWNER)
    for number in range(2):
        request = Request("GET", f"/x?p=topsecret-71&n={number}", body=b"topsecret-71")
        whole = repr(conversation.send("a", request))
        assert "topsecret-71" not in whole
        assert base64.b64encode(b"joe:topsecret-71").decode() not in whole
        assert "0123456789ABCDEF" not in whole


@pytest.mark.parametrize(
    ("url", "text"), [("http://127.0.0.1:1", "refused"), ("http://no-such-host.invalid", "unknown")]
)
def test_an_unreachable_target_is_an_error(url: str, text: str) -> None:
    client = Client(Target("jasperserver", url, "t", {"owner": OWNER}, limits=LIMITS))
    exchange = get(client)
    client.close()
    assert exchange.error is not None
    assert exchange.error.outcome == "error"
    assert text in exchange.error.text


def test_the_facts_of_an_observer_that_raises_are_missing(serve: Serve) -> None:
    def reader(body: bytes) -> dict[str, Any]:
        raise OSError("no such document")

    exchange = serve().open(OWNER).send("a", Request("GET", "/a"), observe=(lambda body: {"size": len(body)}, reader))
    assert exchange.observed("size") == 14
    assert "no such document" in exchange.observed("unreadable")


def test_only_urgent_requests_are_sent_at_the_end(serve: Serve, plain: Plain) -> None:
    client = serve()
    client.clock.stop()
    with pytest.raises(Stopped):
        get(client)
    assert client.open(OWNER).send("clean", Request("DELETE", "/x"), urgent=True).status_code == 200
    assert [call.method for call in plain.calls] == ["DELETE"]
