"""Hostile behaviours of the wire and of content, each with what a run has to make of it."""

from __future__ import annotations

import gzip
import itertools
import json
import threading
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from pytest_reportconformance.http.server import Answer, Call
from pytest_reportconformance.register import apis
from tests.hostile.wire import Lie, When, Wire, forever, slowly

APIS = ("jasperserver", "akamai_reporting")
FAILED, UNKNOWN_OUTCOMES, ERROR, FINE = "not conformant", "partial", "error", "partial"
"""Verdicts of a run of some checks: where nothing could be told, or no MUST is broken, it is partial."""


@dataclass(frozen=True)
class Behaviour:
    """A lie, where it is told, the verdict that does it justice, and a regular expression of what has to be said.

    `akamai` is what has to be said in the Reporting API, where other words than in the other API do it justice.
    """

    name: str
    lie: Lie
    says: str
    verdict: str = FAILED
    akamai: str | None = None
    apis: tuple[str, ...] = APIS
    when: Callable[[str], When] = lambda api: later(api)  # noqa: PLW0108  # defined below
    seconds: float = 90.0
    answer_seconds: float = 1.5

    def said(self, api: str) -> str:
        """What has to be said of a server of that API."""
        return self.akamai if self.akamai is not None and api == "akamai_reporting" else self.says


def later(api: str) -> When:
    """Everything but what a run asks before it begins: whether the server is there, and which reports it has."""
    if api == "akamai_reporting":
        return lambda call: "/queries" in call.path
    probe = apis.load(api).probe
    return lambda call: not (call.method == probe.method and call.path.endswith(probe.url))


def always(api: str) -> When:
    """Everything."""
    return lambda call: True


def polls(api: str) -> When:
    """What asks for the state of a report, and in the Reporting API for its pages."""
    part = "/status" if api == "jasperserver" else "/queries/"
    return lambda call: call.method == "GET" and part in call.path


def raw(*pieces: bytes) -> Lie:
    """Send these bytes in place of an answer, and close."""

    def lie(wire: Wire, call: Call, answer: Answer) -> None:
        wire.send(*pieces)
        wire.close()

    return lie


def body(content: bytes, media: str = "application/json", status: int = 200) -> Lie:
    """Answer with this body, whatever was asked."""

    def lie(wire: Wire, call: Call, answer: Answer) -> None:
        wire.send(Answer(status, content, [("Content-Type", media)]).encoded(call.method))

    return lie


def changed(change: Callable[[Call, Answer], Answer]) -> Lie:
    """Answer what the reference server answers, changed."""

    def lie(wire: Wire, call: Call, answer: Answer) -> None:
        wire.send(change(call, answer).encoded(call.method))

    return lie


def head(*fields: str, status: str = "200 OK") -> bytes:
    """The head of an answer with these fields."""
    return "\r\n".join([f"HTTP/1.1 {status}", "Content-Type: application/json", *fields, "", ""]).encode("latin-1")


def hang(wire: Wire, call: Call, answer: Answer) -> None:
    wire.hang()


def drip(wire: Wire, call: Call, answer: Answer) -> None:
    wire.stream(slowly(answer.encoded(call.method)), pause=1.0)


def drip_head(wire: Wire, call: Call, answer: Answer) -> None:
    wire.send(b"HTTP/1.1 200 OK\r\n")
    wire.stream(forever(b"X-Drip: 1\r\n"), pause=0.5)


def close(wire: Wire, call: Call, answer: Answer) -> None:
    wire.close()


def half_head(wire: Wire, call: Call, answer: Answer) -> None:
    wire.send(b"HTTP/1.1 200 OK\r\nContent-Ty")
    wire.close()


def head_without_end(wire: Wire, call: Call, answer: Answer) -> None:
    encoded = answer.encoded(call.method)
    wire.send(encoded[: encoded.index(b"\r\n\r\n") + 2])
    wire.close()


def half_body(wire: Wire, call: Call, answer: Answer) -> None:
    sent = replace(answer, body=answer.body or b'{"a": "' + b"b" * 99 + b'"}', status=200).encoded("GET")
    wire.send(sent[:-5])
    wire.close()


def reset(wire: Wire, call: Call, answer: Answer) -> None:
    wire.reset()


def endless_chunks(wire: Wire, call: Call, answer: Answer) -> None:
    wire.send(head("Transfer-Encoding: chunked"))
    wire.stream(forever(b"10000\r\n" + b" " * 65536 + b"\r\n"))


def endless_until_close(wire: Wire, call: Call, answer: Answer) -> None:
    wire.send(head("Connection: close"))
    wire.stream(forever(b"[" * 65536))


def ten_gigabytes(wire: Wire, call: Call, answer: Answer) -> None:
    wire.send(head("Content-Length: 10737418240"))
    wire.stream(forever(b"1" * 65536))


def ten_gigabytes_announced(wire: Wire, call: Call, answer: Answer) -> None:
    wire.send(head("Content-Length: 10737418240"), b"{}")
    wire.hang()


@cache
def packed_blanks() -> tuple[bytes, bytes, bytes]:
    """A gzip that unpacks to as many megabytes of blanks as its middle piece is repeated: beginning, middle, end."""
    packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    blanks = b" " * 1048576
    pieces = [packer.compress(blanks) + packer.flush(zlib.Z_SYNC_FLUSH) for _ in range(2)]
    return pieces[0], pieces[1], packer.flush()


def gzip_bomb(wire: Wire, call: Call, answer: Answer) -> None:
    """A gigabyte of blanks in one megabyte."""
    first, middle, last = packed_blanks()
    bomb = first + middle * 1023 + last
    wire.send(head("Content-Encoding: gzip", f"Content-Length: {len(bomb)}"), bomb)


def endless_gzip(wire: Wire, call: Call, answer: Answer) -> None:
    first, middle, _ = packed_blanks()
    wire.send(head("Content-Encoding: gzip", "Connection: close"), first)
    wire.stream(forever(middle))


def cut_gzip(wire: Wire, call: Call, answer: Answer) -> None:
    packed = gzip.compress(answer.body or b"{}" * 50)
    wire.send(head("Content-Encoding: gzip", f"Content-Length: {len(packed) - 9}"), packed[:-9])


def longer_announced(wire: Wire, call: Call, answer: Answer) -> None:
    wire.send(head(f"Content-Length: {len(answer.body) + 100}"), answer.body)
    wire.close()


def shorter_announced(wire: Wire, call: Call, answer: Answer) -> None:
    wire.send(head("Content-Length: 7"), answer.body or b'{"value": "ready"}')


def chunks_without_size(wire: Wire, call: Call, answer: Answer) -> None:
    wire.send(head("Transfer-Encoding: chunked"), b"zz\r\n" + answer.body + b"\r\n0\r\n\r\n")
    wire.close()


def chunks_cut(wire: Wire, call: Call, answer: Answer) -> None:
    wire.send(head("Transfer-Encoding: chunked"), b"ff\r\n{")
    wire.close()


def chunks_huge(wire: Wire, call: Call, answer: Answer) -> None:
    wire.send(head("Transfer-Encoding: chunked"), b"f" * 60 + b"\r\n{")
    wire.hang()


def many_headers(wire: Wire, call: Call, answer: Answer) -> None:
    wire.send(head(*(f"X-{number}: 1" for number in range(10_000)), "Content-Length: 2"), b"{}")


def endless_headers(wire: Wire, call: Call, answer: Answer) -> None:
    wire.send(b"HTTP/1.1 200 OK\r\n")
    wire.stream(forever(b"X-Again: 1\r\n" * 1000))


def endless_continue(wire: Wire, call: Call, answer: Answer) -> None:
    wire.stream(forever(b"HTTP/1.1 100 Continue\r\n\r\n"), pause=0.01)


def gigabyte_of_xml(wire: Wire, call: Call, answer: Answer) -> None:
    wire.send(b"HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\nContent-Length: 1073741824\r\n\r\n<a>")
    wire.stream(forever(b"<b>text</b>" * 6000))


def many_cookies(call: Call, answer: Answer) -> Answer:
    number = next(_counter)
    answer.headers += [("Set-Cookie", f"c{number}x{one}={number:032}{one:04}; Path=/") for one in range(60)]
    return answer


_counter = itertools.count()


def foreign_cookie(call: Call, answer: Answer) -> Answer:
    found = [pair for pair in answer.headers if pair[0].lower() != "set-cookie"]
    answer.headers = [*found, ("Set-Cookie", "JSESSIONID=0123456789ABCDEF0123; Domain=example.com; Path=/")]
    return answer


def wrong_clock(call: Call, answer: Answer) -> Answer:
    answer.headers.append(("Date", "Fri, 21 Nov 2036 20:00:00 GMT"))
    if answer.header("Retry-After"):
        answer.replace("Retry-After", "Fri, 21 Nov 2036 20:00:01 GMT")
    return answer


def named(key: str, value: Any) -> Lie:
    """Every answer in JSON with another value for a member of that name, wherever it stands."""

    def swap(found: Any) -> Any:
        if isinstance(found, dict):
            return {name: value if name == key else swap(inner) for name, inner in found.items()}
        return [swap(inner) for inner in found] if isinstance(found, list) else found

    def change(call: Call, answer: Answer) -> Answer:
        try:
            answer.body = json.dumps(swap(json.loads(answer.body))).encode()
        except ValueError:
            return answer
        return answer.replace("Content-Length", None)

    return changed(change)


def redirect(location: str, status: int = 302) -> Lie:
    """Lead elsewhere, whatever was asked; `{self}` is the request's own path, `{port}` that of the canary."""

    def lie(wire: Wire, call: Call, answer: Answer) -> None:
        place = location.replace("{self}", call.target).replace("{port}", str(wire.elsewhere))
        wire.send(Answer(status, b"", [("Location", place), ("Retry-After", "0")]).encoded(call.method))

    return lie


def alternating() -> Lie:
    """A state that is now one thing, now the other."""
    lock, turns = threading.Lock(), itertools.count()

    def change(call: Call, answer: Answer) -> Answer:
        with lock:
            odd = next(turns) % 2
        return Answer(200, json.dumps({"value": ("queued", "execution")[odd]}).encode(), [("Content-Type", JSON)])

    return changed(change)


JSON, XML = "application/json", "application/xml"
LAUGHS = (
    b'<!DOCTYPE a [<!ENTITY a0 "ha">'
    + b"".join(b'<!ENTITY a%d "%s">' % (level, b"&a%d;" % (level - 1) * 10) for level in range(1, 11))
    + b"]><a>&a10;</a>"
)
ENCODED = b'<?xml version="1.0" encoding="x-y"?><a/>'
EXTERNAL = b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>'
ESCAPES = "\x1b[2J\x1b]0;owned\x07\x9b31mred\u202ergb\u0000"
LINK = b'{"rel": "next", "href": "/x"}'
MILLION = b'{"data": [], "metadata": {"links": [' + LINK + (b"," + LINK) * 999_999 + b"]}}"
NAMES = json.dumps({"value": ESCAPES, "title": [{ESCAPES: ESCAPES}]}).encode()
DEEP = 100_000
LATE = "no whole answer within 1.5 s"
LONG = "inconclusive: .*the body is longer than 8388608 bytes"
CUT = "actual: the server closed the connection in the middle of the head of its answer"
CLOSED = "actual: the server closed the connection without an answer"
SHORT = "actual: the body ended before its announced length, or its chunks are broken"
GONE = "the target .* does not answer: "
NO_DATA = "failed: expected the data of the query 'watched' in the end; actual: 200"
"""What is said of a query of the Reporting API whose polls are answered 200 with nothing that it could be."""
ELSEWHERE = "failed: expected the link of the submission, .*; actual: "
PATIENT = 30.0
"""Seconds for an answer, where its length is to be told and not that it takes long."""


def too_many(*fields: str) -> Lie:
    """429 for everything."""
    return raw(head(*fields, "Content-Length: 0", status="429 Too Many Requests"))


def no_json(said: str) -> str:
    """What is said of a body that is to be JSON."""
    return f"failed: expected a JSON body; actual: 200 application/json: {said}"


def no_xml(said: str) -> str:
    """What is said of a body that says it is XML."""
    return f"failed: expected an XML body; actual: 200 application/xml: {said}"


def answered(status: int) -> str:
    """What is said of a run that is answered with a status."""
    return f"failed: expected .*; actual: {status}"


def ended(status: int) -> str:
    """What is said of a query whose polls are answered with a status."""
    return f"failed: expected the data of the query 'watched' in the end; actual: {status}"


WIRE = [
    Behaviour("accepts and never answers", hang, GONE + LATE, ERROR, when=always),
    Behaviour("never answers after a healthy start", hang, GONE + LATE, ERROR),
    Behaviour("one byte a second", drip, GONE + LATE, ERROR),
    Behaviour("one header field every half second", drip_head, GONE + LATE, ERROR),
    Behaviour("closes without an answer", close, f"failed: .*{CLOSED}"),
    Behaviour("closes from the start", close, f"{GONE}{CLOSED.removeprefix('actual: ')}", ERROR, when=always),
    Behaviour("closes in the middle of the head", half_head, f"failed: .*{CUT}"),
    Behaviour("closes before the end of the head", head_without_end, f"failed: .*{CUT}"),
    Behaviour("closes in the middle of the body", half_body, f"failed: .*{SHORT}"),
    Behaviour("resets", reset, "failed: .*actual: the server (reset|closed) the connection"),
    Behaviour("endless chunks", endless_chunks, LONG, UNKNOWN_OUTCOMES, answer_seconds=PATIENT),
    Behaviour("endless body until close", endless_until_close, LONG, UNKNOWN_OUTCOMES, answer_seconds=PATIENT),
    Behaviour("10 GB Content-Length and all of it", ten_gigabytes, LONG, UNKNOWN_OUTCOMES, answer_seconds=PATIENT),
    Behaviour("10 GB Content-Length and nothing", ten_gigabytes_announced, GONE + LATE, ERROR),
    Behaviour("gzip bomb", gzip_bomb, LONG, UNKNOWN_OUTCOMES, answer_seconds=PATIENT),
    Behaviour("endless gzip", endless_gzip, LONG, UNKNOWN_OUTCOMES, answer_seconds=PATIENT),
    Behaviour(
        "gzip that is none",
        raw(head("Content-Encoding: gzip", "Content-Length: 4"), b"none"),
        "failed: .*actual: the body is not gzip, as announced",
    ),
    Behaviour("gzip that is cut", cut_gzip, "failed: .*actual: the body ends before the end of its gzip"),
    Behaviour("Content-Length too long", longer_announced, f"failed: .*{SHORT}"),
    Behaviour("Content-Length too short", shorter_announced, no_json(".*"), akamai=NO_DATA),
    Behaviour(
        "Content-Length negative",
        raw(head("Content-Length: -5"), b"{}"),
        "failed: expected a non-empty requestId; actual: 200 {}",
        akamai=NO_DATA,
    ),
    Behaviour(
        "Content-Length twice",
        raw(head("Content-Length: 2", "Content-Length: 9"), b"{}"),
        r"failed: .*Content-Length contained multiple unmatching values \(2, 9\)",
    ),
    Behaviour("chunks without a size", chunks_without_size, f"failed: .*{SHORT}"),
    Behaviour("chunks that are cut", chunks_cut, f"failed: .*{SHORT}"),
    Behaviour("a chunk of astronomic size", chunks_huge, GONE + LATE, ERROR),
    Behaviour("10 000 header fields", many_headers, "failed: .*the answer has more than 100 header fields"),
    Behaviour("header fields without end", endless_headers, "failed: .*the answer has more than 100 header fields"),
    Behaviour(
        "a header field of 1 MB",
        raw(head("X-Long: " + "a" * 1048576), b"{}"),
        "failed: .*a header line of the answer is longer than 65536 bytes",
    ),
    Behaviour("100 Continue for ever", endless_continue, GONE + LATE, ERROR),
    Behaviour("no HTTP", raw(b"SSH-2.0-OpenSSH_9.2\r\n"), "failed: .*the answer is no HTTP .*SSH-2.0"),
    Behaviour("status line of escapes", raw(b"HTTP/1.1 2\x1b[2J\r\n\r\n"), r"failed: .*the answer is no HTTP .*\\x1b"),
    Behaviour("status 999", body(b"{}", status=999), answered(999), akamai=ended(999)),
]

CONTENT = [
    Behaviour(
        "invalid UTF-8", body(b'{"value": "\xff\xfe", "requestId": "\xc0\x80"}'), no_json(".*utf-8"), akamai=NO_DATA
    ),
    Behaviour(
        "NaN", body(b'{"value": NaN, "requestId": NaN, "data": NaN}'), no_json("NaN is no JSON number"), akamai=NO_DATA
    ),
    Behaviour(
        "a number beyond all doubles",
        body(b'{"value": 1e999, "requestId": 1e999}'),
        no_json(".*beyond what a"),
        akamai=NO_DATA,
    ),
    Behaviour(
        "100 000 nested brackets", body(b"[" * DEEP + b"]" * DEEP), no_json(".*nested too deeply"), akamai=NO_DATA
    ),
    Behaviour(
        "nested by name", body(b'{"a":' * 300 + b"1" + b"}" * 300), no_json(".*nested too deeply"), akamai=NO_DATA
    ),
    Behaviour(
        "half a surrogate pair",
        body(b'{"value": "\\ud800", "requestId": "\\udfff"}'),
        no_json(".*surrogates"),
        akamai=NO_DATA,
    ),
    Behaviour("billion laughs", body(LAUGHS, XML), no_xml("it declares entities, which are refused"), akamai=NO_DATA),
    Behaviour(
        "external entity", body(EXTERNAL, XML), no_xml("it declares entities, which are refused"), akamai=NO_DATA
    ),
    Behaviour("an XML of 1 GB", gigabyte_of_xml, LONG, UNKNOWN_OUTCOMES, answer_seconds=PATIENT),
    Behaviour(
        "XML nested deeply", body(b"<a>" * DEEP + b"</a>" * DEEP, XML), no_xml(".*nested too deeply"), akamai=NO_DATA
    ),
    Behaviour("XML of an unknown encoding", body(ENCODED, XML), no_xml("unknown encoding: x-y"), akamai=NO_DATA),
    Behaviour("HTML as JSON", body(b"<html><body>Welcome</body></html>"), no_json(".*<html>"), akamai=NO_DATA),
    Behaviour("an empty body", body(b""), no_json(".*an empty body"), akamai=NO_DATA),
    Behaviour("null", body(b"null"), "failed: expected a non-empty requestId; actual: 200 null", akamai=NO_DATA),
    Behaviour("500 for everything", body(b"{}", status=500), answered(500), akamai=ended(500)),
    Behaviour("500 from the start", body(b"{}", status=500), answered(500), akamai="failed: .*500", when=always),
    Behaviour("401 for everything", body(b"{}", status=401), answered(401), akamai=ended(401)),
    Behaviour("204 for everything", raw(b"HTTP/1.1 204 No Content\r\n\r\n"), answered(204), akamai=ended(204)),
    Behaviour(
        "503 and a long Retry-After",
        raw(head("Retry-After: 999999999999", status="503 No")),
        answered(503),
        akamai=r"inconclusive: .*the server asks to wait 1e\+12 s, 4 s of 4 s are left",
    ),
    Behaviour(
        "429 and a Retry-After without end",
        too_many("Retry-After: " + "9" * 400),
        "inconclusive: .*answered 429, to wait inf s; 4 s of 4 s are left",
        UNKNOWN_OUTCOMES,
    ),
    Behaviour(
        "429 for ever",
        too_many("Retry-After: 0"),
        r"inconclusive: .*answered 429 for \d\d?\.\d s, at 120 requests a minute; waited for 4 s",
        UNKNOWN_OUTCOMES,
        seconds=60,
    ),
    Behaviour(
        "redirect loop",
        redirect("{self}"),
        answered(302),
        akamai="inconclusive: .*-poll: the server asks to wait 0 s, 0 s of 4 s are left",
    ),
    Behaviour("redirect to another host", redirect("http://127.0.0.1:{port}/x", 303), answered(303), akamai=ELSEWHERE),
    Behaviour("Location of a file", redirect("file:///etc/passwd", 303), answered(303), akamai=ELSEWHERE + "file:"),
    Behaviour(
        "Location of the cloud's secrets",
        redirect("http://169.254.169.254/latest", 303),
        answered(303),
        akamai=ELSEWHERE + "http://169.254",
    ),
    Behaviour("Location that is no URL", redirect("http://[::1/\x7f", 303), answered(303), akamai=ELSEWHERE),
    Behaviour(
        "Location with another reading",
        redirect("http://127.0.0.1:{port}\\@127.0.0.1/", 303),
        answered(303),
        akamai=ELSEWHERE,
    ),
    Behaviour("Location with line ends", redirect("/x\r\nX-Evil: 1\r\n\r\nGET /y", 303), GONE + LATE, ERROR),
    Behaviour("escapes wherever a name is", body(NAMES, status=418), answered(418), akamai=ended(418)),
    Behaviour("a clock ten years ahead", changed(wrong_clock), "", FINE),
    Behaviour("a cookie of another domain", changed(foreign_cookie), "", FINE),
    Behaviour("sixty new cookies with each answer", changed(many_cookies), "", FINE),
]

JASPER = [
    Behaviour(
        "a status that never ends",
        body(b'{"value": "execution"}'),
        "blocked: poll: not done within 4 s",
        apis=("jasperserver",),
        when=polls,
    ),
    Behaviour(
        "a status that alternates for ever",
        alternating(),
        "blocked: poll: not done within 4 s",
        apis=("jasperserver",),
        when=polls,
    ),
    Behaviour(
        "a status of escapes",
        named("value", ESCAPES),
        r"failed: expected .*value.*; actual: \\x1b",
        apis=("jasperserver",),
        when=polls,
    ),
    Behaviour(
        "an id that climbs",
        named("requestId", "../../../admin"),
        "failed: .*different ids among ../../../admin",
        apis=("jasperserver",),
    ),
    Behaviour(
        "an id with line ends",
        named("requestId", "x\r\nHost: evil\r\n"),
        "failed: .*different ids among x",
        apis=("jasperserver",),
    ),
    Behaviour(
        "an id of 100 000 letters",
        named("requestId", "x" * 100_000),
        "failed: .*different ids among xxxx",
        apis=("jasperserver",),
    ),
    Behaviour(
        "an id that is an object",
        named("requestId", {"a": [1]}),
        "expected a non-empty requestId; actual: 200",
        apis=("jasperserver",),
    ),
    Behaviour(
        "attachments that climb",
        named("fileName", "../../../../tmp/evil"),
        "failed: expected status 200 to GET",
        apis=("jasperserver",),
    ),
    Behaviour(
        "exports that are a number",
        named("exports", 7),
        "exports as a list of objects; (actual: )?7",
        apis=("jasperserver",),
    ),
]


def links(value: Any) -> Lie:
    """Pages whose links are something else."""
    return named("links", value)


def all_links(href: str) -> Lie:
    """Pages that all link to one place."""
    return links([{"rel": rel, "href": href, "allow": ["GET"]} for rel in ("first", "self", "next", "last")])


def circle(wire: Wire, call: Call, answer: Answer) -> None:
    """Pages whose `next` leads back to themselves, for ever."""
    all_links(call.target)(wire, call, answer)


AKAMAI = [
    Behaviour(
        "a query that is never ready",
        redirect("{self}", 303),
        "inconclusive: .*-poll: the server asks to wait 0 s, 0 s of 4 s are left",
        UNKNOWN_OUTCOMES,
        apis=("akamai_reporting",),
        when=polls,
    ),
    Behaviour(
        "pages that link in a circle",
        circle,
        "failed: expected a link of its own for the page that follows",
        apis=("akamai_reporting",),
        when=polls,
    ),
    Behaviour(
        "a million links",
        body(MILLION),
        LONG,
        UNKNOWN_OUTCOMES,
        apis=("akamai_reporting",),
        when=polls,
        answer_seconds=PATIENT,
    ),
    Behaviour(
        "links that are a number", links(7), "failed: .*links.*; actual: .*7", apis=("akamai_reporting",), when=polls
    ),
    Behaviour(
        "links to other hosts",
        all_links("http://10.0.0.1/"),
        "inconclusive: .*http://10.0.0.1/ is of another origin than the target",
        UNKNOWN_OUTCOMES,
        apis=("akamai_reporting",),
        when=polls,
    ),
    Behaviour(
        "links of a file",
        all_links("file:///etc/passwd"),
        "inconclusive: .*file:///etc/passwd is of another origin than the target",
        UNKNOWN_OUTCOMES,
        apis=("akamai_reporting",),
        when=polls,
    ),
    Behaviour(
        "rows of escapes", named("data", [{ESCAPES: ESCAPES}] * 5), "failed: ", apis=("akamai_reporting",), when=polls
    ),
    Behaviour(
        "a total beyond all numbers",
        named("totalRows", 10**300),
        "warned: expected metadata.totalRows = 24; actual: 1000000",
        UNKNOWN_OUTCOMES,
        apis=("akamai_reporting",),
        when=polls,
    ),
]


def all_of(api: str) -> Iterator[Behaviour]:
    """The behaviours that an API's server may have."""
    return (behaviour for behaviour in (*WIRE, *CONTENT, *JASPER, *AKAMAI) if api in behaviour.apis)
