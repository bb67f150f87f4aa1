"""Hostile behaviours of the wire: connections, heads, framing and codings that are broken or never end."""

from __future__ import annotations

import gzip
import zlib
from dataclasses import replace
from functools import cache

from pytest_reportconformance.http.server import Answer, Call
from tests.hostile.behaviour import (
    CLOSED,
    CUT,
    ERROR,
    GONE,
    LATE,
    LONG,
    LONG_HEAD,
    NO_DATA,
    PATIENT,
    SHORT,
    UNKNOWN_OUTCOMES,
    Behaviour,
    always,
    answered,
    body,
    ended,
    head,
    no_json,
    raw,
)
from tests.hostile.wire import Wire, forever, slowly


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


def after_gzip(wire: Wire, call: Call, answer: Answer) -> None:
    packed = gzip.compress(answer.body or b"{}") + b"more"
    wire.send(head("Content-Encoding: gzip", f"Content-Length: {len(packed)}"), packed)


def negative_chunk(wire: Wire, call: Call, answer: Answer) -> None:
    """A size for which http.client reads without a limit."""
    wire.send(head("Transfer-Encoding: chunked"), b"-1\r\n")
    wire.stream(forever(b" " * 65536))


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


def large_headers(wire: Wire, call: Call, answer: Answer) -> None:
    wire.send(head(*(f"X-{number}: {'h' * 60_000}" for number in range(90)), "Content-Length: 2"), b"{}")


def endless_headers(wire: Wire, call: Call, answer: Answer) -> None:
    wire.send(b"HTTP/1.1 200 OK\r\n")
    wire.stream(forever(b"X-Again: 1\r\n" * 1000))


def endless_continue(wire: Wire, call: Call, answer: Answer) -> None:
    wire.stream(forever(b"HTTP/1.1 100 Continue\r\n\r\n"), pause=0.01)


def gigabyte_of_xml(wire: Wire, call: Call, answer: Answer) -> None:
    wire.send(b"HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\nContent-Length: 1073741824\r\n\r\n<a>")
    wire.stream(forever(b"<b>text</b>" * 6000))


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
    Behaviour(
        "bytes after the end of a gzip",
        after_gzip,
        "failed: .*actual: the body has bytes after the end of its gzip",
    ),
    Behaviour(
        "an unknown coding",
        raw(head("Content-Encoding: foo", "Content-Length: 4"), b"none"),
        "failed: .*actual: Content-Encoding: foo is not known",
    ),
    Behaviour(
        "a coding that was not requested",
        raw(head("Content-Encoding: br", "Content-Length: 4"), b"none"),
        "failed: .*actual: Content-Encoding: br was not requested",
    ),
    Behaviour(
        "a header line without a colon",
        raw(head("No colon", "Content-Length: 2"), b"{}"),
        "failed: .*actual: a header line of the answer is malformed .*'No colon'",
    ),
    Behaviour(
        "an unknown transfer coding",
        raw(head("Transfer-Encoding: gzip, chunked"), b"2\r\n{}\r\n0\r\n\r\n"),
        "failed: .*actual: Transfer-Encoding: 'gzip, chunked' is not known",
    ),
    Behaviour("a chunk of negative size", negative_chunk, f"failed: .*{SHORT}"),
    Behaviour("gzip that is cut", cut_gzip, "failed: .*actual: the body ends before the end of its gzip"),
    Behaviour("Content-Length too long", longer_announced, f"failed: .*{SHORT}"),
    Behaviour("Content-Length too short", shorter_announced, no_json(".*"), akamai=NO_DATA),
    Behaviour(
        "Content-Length negative",
        raw(head("Content-Length: -5"), b"{}"),
        "failed: .*actual: Content-Length is no number: '-5'",
    ),
    Behaviour(
        "Content-Length twice",
        raw(head("Content-Length: 2", "Content-Length: 9"), b"{}"),
        "failed: .*actual: Content-Length contradicts itself: '2, 9'",
    ),
    Behaviour("chunks without a size", chunks_without_size, f"failed: .*{SHORT}"),
    Behaviour("chunks that are cut", chunks_cut, f"failed: .*{SHORT}"),
    Behaviour("a chunk of astronomic size", chunks_huge, GONE + LATE, ERROR),
    Behaviour("5 MB of header fields", large_headers, LONG_HEAD, ERROR, apis=("jasperserver",)),
    Behaviour(
        "5 MB of header fields for a query", large_headers, LONG_HEAD, UNKNOWN_OUTCOMES, apis=("akamai_reporting",)
    ),
    Behaviour("10 000 header fields", many_headers, "failed: .*the answer has more than 100 header fields"),
    Behaviour("header fields without end", endless_headers, "failed: .*the answer has more than 100 header fields"),
    Behaviour(
        "a header field of 1 MB",
        raw(head("X-Long: " + "a" * 1048576), b"{}"),
        "failed: .*a header line of the answer is longer than 65536 bytes",
    ),
    Behaviour("100 Continue for ever", endless_continue, GONE + LATE, ERROR),
    Behaviour("no HTTP", raw(b"SSH-2.0-OpenSSH_9.2\r\n"), "failed: .*the answer is not HTTP .*SSH-2.0"),
    Behaviour("status line of escapes", raw(b"HTTP/1.1 2\x1b[2J\r\n\r\n"), r"failed: .*the answer is not HTTP .*\\x1b"),
    Behaviour("status 999", body(b"{}", status=999), answered(999), akamai=ended(999)),
]
