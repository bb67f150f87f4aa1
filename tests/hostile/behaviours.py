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

from pytest_reportconformance import apis
from pytest_reportconformance.serving import Answer, Call
from tests.hostile.wire import Lie, When, Wire, forever, slowly

APIS = ("jasperserver", "akamai_reporting")
FAILED, UNTOLD, ERROR, FINE = "not conformant", "partial", "error", "partial"
"""Verdicts of a run of some checks: where nothing could be told, or nothing is wrong, it is partial."""


@dataclass(frozen=True)
class Behaviour:
    """A lie, where it is told, the verdicts that do it justice, and a regular expression of what has to be said."""

    name: str
    lie: Lie
    says: str
    verdicts: tuple[str, ...] = (FAILED,)
    apis: tuple[str, ...] = APIS
    when: Callable[[str], When] = lambda api: later(api)  # noqa: PLW0108  # defined below
    seconds: float = 90.0
    answer_seconds: float = 1.5


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
LAUGHS = b'<!DOCTYPE a [<!ENTITY a0 "ha">' + b"".join(
    b'<!ENTITY a%d "%s">' % (level, b"&a%d;" % (level - 1) * 10) for level in range(1, 11)
) + b"]><a>&a10;</a>"  # fmt: skip
ENCODED = b'<?xml version="1.0" encoding="x-y"?><a/>'
EXTERNAL = b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>'
ESCAPES = "\x1b[2J\x1b]0;owned\x07\x9b31mred\u202ergb\u0000"
LINK = b'{"rel": "next", "href": "/x"}'
MILLION = b'{"data": [], "metadata": {"links": [' + LINK + (b"," + LINK) * 999_999 + b"]}}"
NAMES = json.dumps({"value": ESCAPES, "title": [{ESCAPES: ESCAPES}]}).encode()
DEEP = 100_000
UNSURE = (FAILED, UNTOLD)
SILENT = (ERROR, UNTOLD)
LATE = "no whole answer within 1.5 s"
LONG = "longer than 8388608 bytes|" + LATE
"""What is said of a body that is too long; on a machine that is busy the time may be over first."""

WIRE = [
    Behaviour("accepts and never answers", hang, "no whole answer within 1.5 s|does not answer", (ERROR,), when=always),
    Behaviour("never answers after a healthy start", hang, LATE, SILENT),
    Behaviour("one byte a second", drip, LATE, SILENT),
    Behaviour("one header field every half second", drip_head, LATE, SILENT),
    Behaviour("closes without an answer", close, "closed the connection without an answer"),
    Behaviour("closes from the start", close, "closed the connection without an answer", (ERROR,), when=always),
    Behaviour("closes in the middle of the head", half_head, "in the middle of the head of its answer"),
    Behaviour("closes before the end of the head", head_without_end, "in the middle of the head of its answer"),
    Behaviour("closes in the middle of the body", half_body, "the body ended before its announced length"),
    Behaviour("resets", reset, "reset the connection|closed the connection"),
    Behaviour("endless chunks", endless_chunks, LONG, SILENT, answer_seconds=30),
    Behaviour("endless body until close", endless_until_close, LONG, SILENT, answer_seconds=30),
    Behaviour("10 GB Content-Length and all of it", ten_gigabytes, LONG, SILENT, answer_seconds=30),
    Behaviour("10 GB Content-Length and nothing", ten_gigabytes_announced, LATE, SILENT),
    Behaviour("gzip bomb", gzip_bomb, LONG, SILENT, answer_seconds=30),
    Behaviour("endless gzip", endless_gzip, LONG, SILENT, answer_seconds=30),
    Behaviour("gzip that is none", raw(head("Content-Encoding: gzip", "Content-Length: 4"), b"none"), "is not gzip"),
    Behaviour("gzip that is cut", cut_gzip, "ends before the end of its gzip"),
    Behaviour("Content-Length too long", longer_announced, "the body ended before its announced length"),
    Behaviour("Content-Length too short", shorter_announced, "JSON|XML|HTTP|requestId|200"),
    Behaviour("Content-Length negative", raw(head("Content-Length: -5"), b"{}"), "."),
    Behaviour("Content-Length twice", raw(head("Content-Length: 2", "Content-Length: 9"), b"{}"), "."),
    Behaviour("chunks without a size", chunks_without_size, "chunks are broken"),
    Behaviour("chunks that are cut", chunks_cut, "chunks are broken|ended before"),
    Behaviour("a chunk of astronomic size", chunks_huge, LATE + "|chunks are broken", (ERROR, *UNSURE)),
    Behaviour("10 000 header fields", many_headers, "more than 100 header fields"),
    Behaviour("header fields without end", endless_headers, "more than 100 header fields"),
    Behaviour("a header field of 1 MB", raw(head("X-Long: " + "a" * 1048576), b"{}"), "longer than 65536 bytes"),
    Behaviour("100 Continue for ever", endless_continue, LATE, SILENT),
    Behaviour("no HTTP", raw(b"SSH-2.0-OpenSSH_9.2\r\n"), "the answer is no HTTP"),
    Behaviour("status line of escapes", raw(b"HTTP/1.1 2\x1b[2J\r\n\r\n"), "the answer is no HTTP"),
    Behaviour("status 999", body(b"{}", status=999), "999"),
]  # fmt: skip

CONTENT = [
    Behaviour("invalid UTF-8", body(b'{"value": "\xff\xfe", "requestId": "\xc0\x80"}'), "utf-8|status|303"),
    Behaviour("NaN", body(b'{"value": NaN, "requestId": NaN, "data": NaN}'), "NaN is no JSON number|303"),
    Behaviour("a number beyond all doubles", body(b'{"value": 1e999, "requestId": 1e999}'), "beyond what a double|303"),
    Behaviour("100 000 nested brackets", body(b"[" * DEEP + b"]" * DEEP), "nested too deeply|303"),
    Behaviour("nested by name", body(b'{"a":' * 300 + b"1" + b"}" * 300), "nested too deeply|303"),
    Behaviour("half a surrogate pair", body(b'{"value": "\\ud800", "requestId": "\\udfff"}'), "surrogates|303"),
    Behaviour("billion laughs", body(LAUGHS, XML), "entities, which are refused|JSON|303"),
    Behaviour("external entity", body(EXTERNAL, XML), "entities, which are refused|JSON|303"),
    Behaviour("an XML of 1 GB", gigabyte_of_xml, LONG, SILENT, answer_seconds=30),
    Behaviour("XML nested deeply", body(b"<a>" * DEEP + b"</a>" * DEEP, XML), "nested too deeply|JSON|303"),
    Behaviour("XML of an unknown encoding", body(ENCODED, XML), "JSON|encoding|303"),
    Behaviour("HTML as JSON", body(b"<html><body>Welcome</body></html>"), "JSON|303"),
    Behaviour("an empty body", body(b""), "JSON|303"),
    Behaviour("null", body(b"null"), "requestId|303|JSON"),
    Behaviour("500 for everything", body(b"{}", status=500), "500"),
    Behaviour("500 from the start", body(b"{}", status=500), "500", (FAILED, ERROR, UNTOLD), when=always),
    Behaviour("401 for everything", body(b"{}", status=401), "401", UNSURE),
    Behaviour("204 for everything", raw(b"HTTP/1.1 204 No Content\r\n\r\n"), "204"),
    Behaviour("503 and a long Retry-After", raw(head("Retry-After: 999999999999", status="503 No")), "503"),
    Behaviour(
        "429 and a Retry-After without end",
        raw(head("Retry-After: " + "9" * 400, "Content-Length: 0", status="429 Too Many Requests")),
        "429", (UNTOLD, FAILED),
    ),
    Behaviour(
        "429 for ever",
        raw(head("Retry-After: 0", "Content-Length: 0", status="429 Too Many Requests")),
        r"answered 429 for [4-9]\.\d s, at 120 requests a minute; waited for 4 s|answered 429", UNSURE, seconds=30,
    ),
    Behaviour("redirect loop", redirect("{self}"), "30[23]|Location|not done", UNSURE),
    Behaviour("redirect to another host", redirect("http://127.0.0.1:{port}/x", 303), ".", UNSURE),
    Behaviour("Location of a file", redirect("file:///etc/passwd", 303), ".", UNSURE),
    Behaviour("Location of the cloud's secrets", redirect("http://169.254.169.254/latest", 303), ".", UNSURE),
    Behaviour("Location that is no URL", redirect("http://[::1/\x7f", 303), ".", UNSURE),
    Behaviour("Location with another reading", redirect("http://127.0.0.1:{port}\\@127.0.0.1/", 303), ".", UNSURE),
    Behaviour("Location with line ends", redirect("/x\r\nX-Evil: 1\r\n\r\nGET /y", 303), ".", (ERROR, *UNSURE)),
    Behaviour("escapes wherever a name is", body(NAMES, status=418), "418|x1b"),
    Behaviour("a clock ten years ahead", changed(wrong_clock), "", (FINE, FAILED)),
    Behaviour("a cookie of another domain", changed(foreign_cookie), "", (FINE, FAILED)),
    Behaviour("sixty new cookies with each answer", changed(many_cookies), "", (FINE, FAILED)),
]  # fmt: skip

JASPER = [
    Behaviour("a status that never ends", body(b'{"value": "execution"}'), "not done within 4 s|execution",
              UNSURE, ("jasperserver",), polls),
    Behaviour("a status that alternates for ever", alternating(), "not done within 4 s|execution",
              UNSURE, ("jasperserver",), polls),
    Behaviour("a status of escapes", named("value", ESCAPES), r"\\x1b", UNSURE, ("jasperserver",), polls),
    Behaviour("an id that climbs", named("requestId", "../../../admin"), ".", UNSURE, ("jasperserver",)),
    Behaviour("an id with line ends", named("requestId", "x\r\nHost: evil\r\n"), ".", UNSURE, ("jasperserver",)),
    Behaviour("an id of 100 000 letters", named("requestId", "x" * 100_000), ".", UNSURE, ("jasperserver",)),
    Behaviour("an id that is an object", named("requestId", {"a": [1]}), ".", UNSURE, ("jasperserver",)),
    Behaviour("attachments that climb", named("fileName", "../../../../tmp/evil"), ".",
              UNSURE, ("jasperserver",)),
    Behaviour("exports that are a number", named("exports", 7), ".", UNSURE, ("jasperserver",)),
]  # fmt: skip


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
    Behaviour("a query that is never ready", redirect("{self}", 303), ".", UNSURE,
              ("akamai_reporting",), polls),
    Behaviour("pages that link in a circle", circle, ".", UNSURE, ("akamai_reporting",), polls),
    Behaviour("a million links", body(MILLION), LONG, SILENT,
              ("akamai_reporting",), polls, answer_seconds=30),
    Behaviour("links that are a number", links(7), ".", UNSURE, ("akamai_reporting",), polls),
    Behaviour("links to other hosts", all_links("http://10.0.0.1/"), ".",
              UNSURE, ("akamai_reporting",), polls),
    Behaviour("links of a file", all_links("file:///etc/passwd"), ".",
              UNSURE, ("akamai_reporting",), polls),
    Behaviour("rows of escapes", named("data", [{ESCAPES: ESCAPES}] * 5), ".", UNSURE, ("akamai_reporting",), polls),
    Behaviour("a total beyond all numbers", named("totalRows", 10**300), ".", UNSURE, ("akamai_reporting",), polls),
]  # fmt: skip


def all_of(api: str) -> Iterator[Behaviour]:
    """The behaviours that an API's server may have."""
    return (behaviour for behaviour in (*WIRE, *CONTENT, *JASPER, *AKAMAI) if api in behaviour.apis)
