"""Lawful HTTP that a client of the field understands (RFC 9110, RFC 9112)."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable

from pytest_reportconformance.http.server import Answer, Call
from tests.circumstances.circumstance import GOOD, Circumstance, Serve, answering, changing
from tests.hostile.wire import Wire

BOTH = ("jasperserver", "akamai_reporting")
FEW = {"jasperserver": ("-k", "test_status"), "akamai_reporting": ("-k", "test_poll")}
"""A file of checks for each API."""


def many_fields(_call: Call, answer: Answer) -> Answer:
    """Fields that were not requested."""
    answer.headers += [(f"X-Extra-{number}", "value") for number in range(20)]
    return answer


def coded(coding: str, pack: Callable[[bytes], bytes]) -> Serve:
    """Bodies in a content coding."""

    def change(_call: Call, answer: Answer) -> Answer:
        if answer.body:
            answer.body = pack(answer.body)
            answer.headers.append(("Content-Encoding", coding))
        return answer

    return changing(change)


def members(body: bytes) -> bytes:
    """Two members of gzip, and zeros that fill up a block."""
    half = len(body) // 2
    return gzip.compress(body[:half]) + gzip.compress(body[half:]) + b"\0" * 20


def raw_deflate(body: bytes) -> bytes:
    """Deflate without the header of zlib."""
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


def interim(*lines: str) -> Serve:
    """Interim answers before each answer."""
    before = "".join(f"HTTP/1.1 {line}\r\nLink: </style.css>; rel=preload\r\n\r\n" for line in lines).encode()
    return rewritten(lambda encoded: before + encoded)


def rewritten(rewrite: Callable[[bytes], bytes], *, close: bool = False) -> Serve:
    """Answers whose bytes are rewritten; `close` ends the connection after each."""

    def fault(wire: Wire, call: Call, answer: Answer) -> None:
        wire.send(rewrite(answer.encoded(call.method)))
        if close:
            wire.close()

    return answering(fault)


def lower_case(encoded: bytes) -> bytes:
    """The names of the fields in lower case, without a blank after the colon."""
    head, mark, body = encoded.partition(b"\r\n\r\n")
    first, *fields = head.split(b"\r\n")
    pairs = [field.partition(b":") for field in fields]
    return b"\r\n".join([first, *(name.lower() + b":" + value.strip() for name, _, value in pairs)]) + mark + body


def folded(_call: Call, answer: Answer) -> Answer:
    """Values that go on in the next line."""
    kept = [(name, value.replace("; ", ";\r\n\t")) for name, value in answer.headers]
    answer.headers = [*kept, ("X-Folded", "one\r\n two\r\n   three")]
    return answer


def twice_as_long(_call: Call, answer: Answer) -> Answer:
    """The same length announced twice."""
    if answer.framed and answer.header("Content-Length") is None and answer.status not in (204, 304):
        answer.headers += [("Content-Length", str(len(answer.body)))] * 2
    return answer


def chunked(encoded: bytes) -> bytes:
    """The body in chunks with extensions and a trailer."""
    head, mark, body = encoded.partition(b"\r\n\r\n")
    fields = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"content-length:")]
    if not body:
        return encoded
    pieces = [body[start : start + 100] for start in range(0, len(body), 100)]
    chunks = b"".join(b"%X ; name=value\r\n%b\r\n" % (len(piece), piece) for piece in pieces)
    return b"\r\n".join([*fields, b"Transfer-Encoding: Chunked"]) + mark + chunks + b"0\r\nX-Trailer: end\r\n\r\n"


LAWFUL: dict[str, Serve] = {
    "103 twice before each answer": interim("103 Early Hints", "103 Early Hints"),
    "102 before each answer": interim("102 Processing"),
    "100 unasked, and one of an unknown number": interim("100 Continue", "199 Soon"),
    "gzip of two members": coded("gzip", members),
    "x-gzip": coded("X-GZip", gzip.compress),
    "deflate of zlib": coded("deflate", zlib.compress),
    "deflate without zlib's header": coded("deflate", raw_deflate),
    "two codings": coded("deflate, gzip", lambda body: gzip.compress(zlib.compress(body))),
    "folded fields": changing(folded),
    "Content-Length twice, equal": changing(twice_as_long),
    "names of fields in lower case": rewritten(lower_case),
    "chunks with extensions and a trailer": rewritten(chunked),
    "HTTP/1.0": rewritten(lambda encoded: encoded.replace(b"HTTP/1.1", b"HTTP/1.0", 1), close=True),
    "idle connections are closed without a word": rewritten(lambda encoded: encoded, close=True),
    "Connection: close in each answer": changing(lambda call, answer: answer.replace("Connection", "close")),
    "twenty extra header fields": changing(many_fields),
}

ROWS = [
    Circumstance(name, api, 0, "passed", GOOD, serve, options=FEW[api])
    for name, serve in LAWFUL.items()
    for api in BOTH
]
