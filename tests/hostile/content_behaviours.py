"""Hostile behaviours of content: bodies, links and ids that are malformed, huge or misleading."""

from __future__ import annotations

import itertools
import json
import threading
from typing import Any

from pytest_reportconformance.http.server import Answer, Call
from tests.hostile.behaviour import (
    ATTLIST,
    DEEP,
    ELSEWHERE,
    ENCODED,
    ERROR,
    ESCAPES,
    EXTERNAL,
    FINE,
    GONE,
    JSON,
    LATE,
    LAUGHS,
    LONG,
    MILLION,
    NAMES,
    NO_DATA,
    PATIENT,
    UNKNOWN_OUTCOMES,
    XML,
    Behaviour,
    always,
    answered,
    body,
    changed,
    ended,
    head,
    later,
    no_doctype,
    no_json,
    no_xml,
    polls,
    raw,
    too_many,
)
from tests.hostile.wire import Fault, Wire
from tests.hostile.wire_behaviours import gigabyte_of_xml


def many_cookies(call: Call, answer: Answer) -> Answer:
    number = next(_counter)
    answer.headers += [("Set-Cookie", f"c{number}x{one}={number:032}{one:04}; Path=/") for one in range(60)]
    return answer


_counter = itertools.count()


def large_cookies(call: Call, answer: Answer) -> Answer:
    number = next(_counter)
    answer.headers += [("Set-Cookie", f"large{one}={number:032}{one:04}{'c' * 4000}; Path=/none") for one in range(45)]
    return answer


def foreign_cookie(call: Call, answer: Answer) -> Answer:
    found = [pair for pair in answer.headers if pair[0].lower() != "set-cookie"]
    answer.headers = [*found, ("Set-Cookie", "JSESSIONID=0123456789ABCDEF0123; Domain=example.com; Path=/")]
    return answer


def wrong_clock(call: Call, answer: Answer) -> Answer:
    answer.headers.append(("Date", "Fri, 21 Nov 2036 20:00:00 GMT"))
    if answer.header("Retry-After"):
        answer.replace("Retry-After", "Fri, 21 Nov 2036 20:00:01 GMT")
    return answer


def named(key: str, value: Any) -> Fault:
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


def redirect(location: str, status: int = 302) -> Fault:
    """Lead elsewhere, whatever was asked; `{self}` is the request's own path, `{port}` that of the canary."""

    def fault(wire: Wire, call: Call, answer: Answer) -> None:
        place = location.replace("{self}", call.target).replace("{port}", str(wire.elsewhere))
        wire.send(Answer(status, b"", [("Location", place), ("Retry-After", "0")]).encoded(call.method))

    return fault


def alternating() -> Fault:
    """A state that is now one thing, now the other."""
    lock, turns = threading.Lock(), itertools.count()

    def change(call: Call, answer: Answer) -> Answer:
        with lock:
            odd = next(turns) % 2
        return Answer(200, json.dumps({"value": ("queued", "execution")[odd]}).encode(), [("Content-Type", JSON)])

    return changed(change)


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
    Behaviour("billion laughs", body(LAUGHS, XML), no_doctype(), akamai=NO_DATA),
    Behaviour("external entity", body(EXTERNAL, XML), no_doctype(), akamai=NO_DATA),
    Behaviour(
        "a default for 5 000 attributes",
        body(ATTLIST, XML),
        no_doctype(),
        akamai=NO_DATA,
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
        when=lambda api: polls(api) if api == "jasperserver" else later(api),
        akamai=r"inconclusive: .*the server asks to wait 1e\+12 s, 4 s of 4 s are left",
    ),
    Behaviour(
        "429 and a Retry-After without end",
        too_many("Retry-After: " + "9" * 400),
        "inconclusive: .*answered 429, to wait inf s, 4 s of 4 s are left",
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
    Behaviour("45 cookies of 4 kB with each answer", changed(large_cookies), "", FINE),
    Behaviour("sixty new cookies with each answer", changed(many_cookies), "", FINE),
]

JASPER = [
    Behaviour(
        "a status that never ends",
        body(b'{"value": "execution"}'),
        "inconclusive: poll: not done within 4 s",
        apis=("jasperserver",),
        when=polls,
    ),
    Behaviour(
        "a status that alternates for ever",
        alternating(),
        "inconclusive: poll: not done within 4 s",
        apis=("jasperserver",),
        when=polls,
    ),
    Behaviour(
        "a status of escapes",
        named("value", ESCAPES),
        r"failed: expected .*value.*; actual: \"\\x1b",
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


def links(value: Any) -> Fault:
    """Pages whose links are something else."""
    return named("links", value)


def all_links(href: str) -> Fault:
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
        "failed: expected a link of its own for the page that follows; actual: http://10.0.0.1/",
        apis=("akamai_reporting",),
        when=polls,
    ),
    Behaviour(
        "links of a file",
        all_links("file:///etc/passwd"),
        "failed: expected a link of its own for the page that follows; actual: file:///etc/passwd",
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
