"""One hostile behaviour: its fault, and what a run has to report about it; the faults that many share."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from pytest_reportconformance.http.server import Answer, Call
from tests.hostile.wire import Fault, When, Wire

APIS = ("jasperserver", "akamai_reporting")
FAILED, UNKNOWN_OUTCOMES, ERROR, FINE = "not conformant", "partial", "error", "partial"
"""Verdicts of a run of some checks: it is partial if nothing could be judged, or if no MUST is violated."""


@dataclass(frozen=True)
class Behaviour:
    """A fault, the requests that it answers, the expected verdict, and a pattern that the reasons have to match.

    `akamai` is the pattern for the Reporting API, if it differs from that of the other API.
    """

    name: str
    fault: Fault
    reason: str
    verdict: str = FAILED
    akamai: str | None = None
    apis: tuple[str, ...] = APIS
    when: Callable[[str], When] = lambda api: later(api)  # noqa: PLW0108  # defined below
    seconds: float = 90.0
    answer_seconds: float = 1.5

    def expected_reason(self, api: str) -> str:
        """The pattern for a server of that API."""
        return self.akamai if self.akamai is not None and api == "akamai_reporting" else self.reason


def later(api: str) -> When:
    """The requests of the scenarios: not what a run asks before it begins, whose answers are preconditions."""
    part = "/queries" if api == "akamai_reporting" else "/reportExecutions"
    return lambda call: part in call.path and not (call.method == "GET" and call.path.endswith(part))


def always(api: str) -> When:
    """Everything."""
    return lambda call: True


def polls(api: str) -> When:
    """What asks for the state of a report, and in the Reporting API for its pages."""
    part = "/status" if api == "jasperserver" else "/queries/"
    return lambda call: call.method == "GET" and part in call.path


def raw(*pieces: bytes) -> Fault:
    """Send these bytes in place of an answer, and close."""

    def fault(wire: Wire, call: Call, answer: Answer) -> None:
        wire.send(*pieces)
        wire.close()

    return fault


def body(content: bytes, media: str = "application/json", status: int = 200) -> Fault:
    """Answer with this body, whatever was asked."""

    def fault(wire: Wire, call: Call, answer: Answer) -> None:
        wire.send(Answer(status, content, [("Content-Type", media)]).encoded(call.method))

    return fault


def changed(change: Callable[[Call, Answer], Answer]) -> Fault:
    """Answer what the reference server answers, changed."""

    def fault(wire: Wire, call: Call, answer: Answer) -> None:
        wire.send(change(call, answer).encoded(call.method))

    return fault


def head(*fields: str, status: str = "200 OK") -> bytes:
    """The head of an answer with these fields."""
    return "\r\n".join([f"HTTP/1.1 {status}", "Content-Type: application/json", *fields, "", ""]).encode("latin-1")


JSON, XML = "application/json", "application/xml"
LAUGHS = (
    b'<!DOCTYPE a [<!ENTITY a0 "ha">'
    + b"".join(b'<!ENTITY a%d "%s">' % (level, b"&a%d;" % (level - 1) * 10) for level in range(1, 11))
    + b"]><a>&a10;</a>"
)
ATTLIST = b'<!DOCTYPE r [<!ATTLIST a b CDATA "' + b"x" * 100_000 + b'">]><r>' + b"<a/>" * 5000 + b"</r>"
ENCODED = b'<?xml version="1.0" encoding="x-y"?><a/>'
EXTERNAL = b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>'
ESCAPES = "\x1b[2J\x1b]0;owned\x07\x9b31mred\u202ergb\u0000"
LINK = b'{"rel": "next", "href": "/x"}'
MILLION = b'{"data": [], "metadata": {"links": [' + LINK + (b"," + LINK) * 999_999 + b"]}}"
NAMES = json.dumps({"value": ESCAPES, "title": [{ESCAPES: ESCAPES}]}).encode()
DEEP = 100_000
LATE = "no whole answer within 1.5 s"
LONG_HEAD = "the header fields of the answer are longer than 262144 bytes"
LONG = "inconclusive: .*the body is longer than 8388608 bytes"
CUT = "actual: the server closed the connection in the middle of the head of its answer"
CLOSED = "actual: the server closed the connection without an answer"
SHORT = "actual: the body ended before its announced length, or its chunks are broken"
GONE = "the target .* is unreachable: "
NO_DATA = r"failed: expected the data of the query '\w+' in the end; actual: 200"
"""The reason for a query of the Reporting API whose polls are answered 200 with a body that is no result."""
ELSEWHERE = "failed: expected the link of the submission, .*; actual: "
PATIENT = 30.0
"""Seconds for an answer, if its length is to be judged and not its duration."""


def too_many(*fields: str) -> Fault:
    """429 for everything."""
    return raw(head(*fields, "Content-Length: 0", status="429 Too Many Requests"))


def no_doctype() -> str:
    """The reason for a body in XML that begins with a document type declaration."""
    return no_xml("it has a DOCTYPE, which is refused")


def no_json(detail: str) -> str:
    """The reason for a body that has to be JSON and is not."""
    return f"failed: expected a JSON body; actual: 200 application/json: {detail}"


def no_xml(detail: str) -> str:
    """The reason for a body that is announced as XML and is not."""
    return f"failed: expected an XML body; actual: 200 application/xml: {detail}"


def answered(status: int) -> str:
    """The reason for a run that is answered with a status."""
    return f"failed: expected .*; actual: {status}"


def ended(status: int) -> str:
    """The reason for a query whose polls are answered with a status."""
    return rf"failed: expected the data of the query '\w+' in the end; actual: {status}"
