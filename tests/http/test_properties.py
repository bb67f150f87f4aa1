"""The parsers of what strange servers send: any bytes give a value or the documented exception."""

from __future__ import annotations

import email.utils
import gzip
import http.client
import io
import random
import zlib
from collections.abc import Callable, Iterator

import pytest
import requests

from pytest_reportconformance.akamai_reporting import operations
from pytest_reportconformance.http import codings, head
from pytest_reportconformance.http.client import Client
from pytest_reportconformance.http.cookies import Cookies
from pytest_reportconformance.http.origin import authority, origin
from pytest_reportconformance.http.retry_after import retry_after
from pytest_reportconformance.secrets.redaction import Redactor
from pytest_reportconformance.target.target import Target
from pytest_reportconformance.transcript.exchange import Exchange, Request, Response
from pytest_reportconformance.transcript.failures import Missing, NotReached

CASES = 300
SEED = 11
LINES = [
    *(b"HTTP/1.1 200 OK", b"HTTP/1.0 404", b"HTTP/1.1 103 Early Hints", b"HTTP/2 200", b"HTTP/1.1 99 x", b"SSH-2.0"),
    *(b"Content-Length: 5", b"Content-Length: 5, 5", b"Content-Length: +5", b"Content-Length:", b"content-length : 7"),
    *(
        b"Transfer-Encoding: chunked",
        b"Transfer-Encoding: gzip, chunked",
        b" folded",
        b"\tfolded",
        b"no colon",
        b": none",
    ),
    *(b"X: \xff\x00\r", b"", b"\r", b"Set-Cookie: a=b; Path=/", b"X-\xe4: 1", b"A" * 70_000, b"Date: never"),
]
DATES = ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"]
TEXTS = [
    *DATES,
    "120",
    "-1",
    "1e9",
    "9" * 500,
    "٣",
    "",
    " 7 ",
    "Mon, 99 Foo 0000 99:99:99 +9999",
    "0, 5",
    "\x00",
    "inf",
]
URLS = [
    "http://127.0.0.1:1/x",
    "//h/x",
    "/x?a=b#c",
    "http://[::1",
    "http://h:99999/",
    "x:",
    "\\\\h",
    "http://h\x00/",
    "?",
]
COOKIES = [
    "a=b",
    "=",
    "a",
    "a=b; Expires=never",
    "a=b; Max-Age=x",
    "a=b; Domain=.",
    "a=b; Path=\xff",
    "x" * 5000,
    ";;=;",
    '"a"="b',
]


def randoms() -> Iterator[random.Random]:
    """A source of chance for each case, the same in each run."""
    for number in range(CASES):
        yield random.Random(SEED * 1_000_003 + number)


def mutated(chance: random.Random, text: bytes) -> bytes:
    """A text with some bytes changed, dropped or repeated."""
    found = bytearray(text)
    for _ in range(chance.randrange(4)):
        place = chance.randrange(len(found) + 1)
        found[place : place + chance.randrange(3)] = bytes(
            chance.choices(b"\r\n :,;=0aZ\xff\0-+[]%/", k=chance.randrange(3))
        )
    return bytes(found)


def some(chance: random.Random, texts: list[str]) -> str:
    """One of some texts, mutated."""
    return mutated(chance, chance.choice(texts).encode("latin-1", "replace")).decode("latin-1")


def answered(*headers: tuple[str, str], status: int = 303) -> Exchange:
    """An exchange whose answer has these fields."""
    request = Request("GET", "http://127.0.0.1:1/x")
    return Exchange("step", "owner", request, Response(status, "", headers, b"", 0, ""), 0.0, 0.0, 0.0)


def test_a_head_is_read_or_refused() -> None:
    outcomes: set[object] = set()
    for chance in randoms():
        lines = [b"HTTP/1.1 200 OK", *(chance.choice(LINES) for _ in range(chance.randrange(5)))]
        text = mutated(chance, b"".join(line + b"\r\n" for line in lines)) + b"\r\n" * chance.randrange(2)
        try:
            found = head.read(io.BytesIO(text).readline)
            outcomes.add((found.chunked, found.length is None))
            assert 100 <= found.status <= 999
            assert all(name and "\n" not in value and "\r" not in value for name, value in found.fields)
        except http.client.HTTPException as error:
            outcomes.add(type(error).__name__)
    assert {"HeadError", "CutOff", "BadStatusLine", (False, True)} <= outcomes


def test_fields_are_read_as_they_were_written() -> None:
    for chance in randoms():
        fields = [
            (f"X-{number}", "".join(chance.choices("ab,;= \xe9", k=9)).strip())
            for number in range(chance.randrange(1, 9))
        ]
        folded = [(name, value.replace(" ", chance.choice([" ", "\r\n ", "\r\n\t"]), 1)) for name, value in fields]
        text = "".join(f"{name}:{' ' * chance.randrange(3)}{value}\r\n" for name, value in folded) + "\r\n"
        read = head.read_fields(io.BytesIO(text.encode("latin-1")).readline)
        assert [(name, value.split()) for name, value in read] == [(name, value.split()) for name, value in fields]
        assert head.message(read).items() == read


def test_a_size_of_a_chunk_is_a_number_or_refused() -> None:
    for chance in randoms():
        size = chance.randrange(1 << 40)
        assert head.chunk_size(b"%x%b\r\n" % (size, chance.choice([b"", b";a=b", b" ; a"]))) == size
        line = mutated(chance, b"%x" % size) + b"\r\n"
        try:
            assert head.chunk_size(line) >= 0
        except ValueError:
            assert set(line[:-2]) - set(b"0123456789abcdef") or line == b"\r\n"


PACK: dict[str, Callable[[bytes], bytes]] = {"gzip": gzip.compress, "x-gzip": gzip.compress, "deflate": zlib.compress}


def raw_deflate(text: bytes) -> bytes:
    """Deflate without the header of zlib."""
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(text) + packer.flush()


def pieces(chance: random.Random, text: bytes) -> Iterator[bytes]:
    """A text in pieces of chance lengths."""
    while text:
        length = chance.choice([1, 2, 7, 1000])
        yield text[:length]
        text = text[length:]


def test_codings_are_undone_in_order() -> None:
    for chance in randoms():
        text = body = bytes(chance.choices(b"abc\0", k=chance.randrange(2000)))
        names = chance.choices(["gzip", "x-gzip", "deflate", "raw", "members"], k=chance.randrange(4))
        for name in names:
            if name == "raw":
                body = raw_deflate(body)
            elif name == "members":
                body = gzip.compress(body[:5]) + gzip.compress(body[5:]) + b"\0" * chance.randrange(9)
            else:
                body = PACK[name](body)
        value = ", ".join({"raw": "deflate", "members": "GZIP"}.get(name, name) for name in names)
        assert b"".join(codings.decoded(pieces(chance, body), value)) == text


def test_a_broken_coding_is_named() -> None:
    refused: list[tuple[str, str]] = []
    for chance in randoms():
        name = chance.choice([*PACK, "br", "foo", "gzip, zstd"])
        packed = PACK.get(name, bytes)(b"text" * 50)
        try:
            list(codings.decoded(pieces(chance, mutated(chance, packed)), name))
        except codings.CodingError as error:
            refused.append((name.rpartition(" ")[2], str(error)))
    assert len(refused) > CASES / 3
    assert [text for name, text in refused if name not in text] == []


def test_retry_after_is_a_number_of_seconds_or_none() -> None:
    for chance in randoms():
        found = retry_after(answered(("Retry-After", some(chance, TEXTS)), ("Date", some(chance, TEXTS))))
        assert found is None or found >= 0
        seconds = chance.randrange(10_000)
        later = email.utils.formatdate(1e9 + seconds, usegmt=True)
        now = email.utils.formatdate(1e9, usegmt=True)
        assert retry_after(answered(("Retry-After", str(seconds)))) == seconds
        assert retry_after(answered(("Retry-After", later), ("Date", now))) == seconds


@pytest.mark.parametrize("date", DATES)
def test_every_form_of_a_date_is_of_the_same_time_zone(date: str) -> None:
    assert retry_after(answered(("Retry-After", date), ("Date", "Sun, 06 Nov 1994 08:49:00 GMT"))) == 37


def test_cookies_of_any_form_are_taken_or_dropped() -> None:
    for chance in randoms():
        cookies = Cookies(Redactor())
        prepared = requests.Request("GET", "http://127.0.0.1:1/x").prepare()
        answer = requests.Response()
        answer.raw = Raw([("Set-Cookie", some(chance, COOKIES)) for _ in range(3)])
        cookies.take_from(prepared, answer)
        cookies.put_into(prepared)
        assert len(cookies.held) <= 3


class Raw:
    """An answer of urllib3, as far as cookies need it."""

    def __init__(self, fields: list[tuple[str, str]]) -> None:
        self.headers = dict(fields)
        self.msg = head.message(fields)
        self._original_response = self


def test_a_location_is_followed_on_the_own_origin_alone() -> None:
    client = Client(Target("akamai_reporting", "http://127.0.0.1:1", "t"))
    for chance in randoms():
        text = some(chance, URLS)
        for url in (text, client.absolute(text, {"a": "b"})):
            if client.own(url):
                assert origin(url) == ("http", "127.0.0.1", 1)
                assert authority(url) == "127.0.0.1:1"
        try:
            operations.location(answered(("Location", text)))
        except (Missing, NotReached):
            continue
