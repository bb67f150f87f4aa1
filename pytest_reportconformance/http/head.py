"""The head of an answer: its status line and header fields, interim answers skipped (RFC 9110 section 15.2, RFC 9112).

Rule: what the RFC lets a client repair is repaired; all else is a HeadError, whose text names what is malformed.
"""

from __future__ import annotations

import http.client
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from pytest_reportconformance.transcript.failures import Outcome

LONGEST = 65536
MOST_LINES = 100
MOST_BYTES = 262_144
"""Bytes of all header fields of one answer."""
MOST_INTERIM = 1000
SHOWN = 60
STATUS_LINE = re.compile(r"HTTP/(0\.9|1\.\d+)[ \t]+([1-9]\d\d)(?:[ \t]+(.*))?[ \t]*", re.DOTALL)
FIELD = re.compile(r"([!#$%&'*+\-.^_`|~0-9A-Za-z]+)[ \t]*:(.*)", re.DOTALL)
MAX_AGE = re.compile(r";\s*max-age\s*(?=;|$)", re.IGNORECASE)
FORBIDDEN = str.maketrans("\r\0", "  ")
CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]+)[ \t]*(?:;[^\n]*)?\r?\n")

ReadLine = Callable[[int], bytes]
Fields = list[tuple[str, str]]


class HeadError(http.client.HTTPException):
    """The head of an answer cannot be read; `outcome` is that of a check that needs the answer."""

    outcome: Outcome = "failed"


class CutOff(HeadError):
    """The other side ended in the middle of the head of its answer."""

    def __init__(self) -> None:
        super().__init__("the server closed the connection in the middle of the head of its answer")


class TooManyInterim(HeadError):
    """The number of interim answers exceeds the bound; no document names one."""

    outcome: Outcome = "inconclusive"


class TooLong(HeadError):
    """The header fields exceed the bound; no document names one."""

    outcome: Outcome = "inconclusive"

    def __init__(self) -> None:
        super().__init__(f"the header fields of the answer are longer than {MOST_BYTES} bytes")


@dataclass(frozen=True)
class Head:
    """The head of a final answer; `version` is 10 or 11, as in http.client."""

    version: int
    status: int
    reason: str
    fields: Fields

    @property
    def bodiless(self) -> bool:
        """Whether an answer with this status has no body, whatever its fields announce."""
        return self.status < 200 or self.status in (204, 304)

    @property
    def chunked(self) -> bool:
        """Whether the body comes in chunks; raises HeadError for another transfer coding."""
        codings = [coding for coding in self._items("transfer-encoding") if coding.lower() not in ("", "identity")]
        if codings and [coding.lower() for coding in codings] != ["chunked"]:
            raise HeadError(f"Transfer-Encoding: {_shown(', '.join(codings))} is not known")
        return bool(codings)

    @property
    def length(self) -> int | None:
        """The announced length of the body (RFC 9112 section 6.3); raises HeadError if it is malformed."""
        values = self._items("content-length")
        if not all(re.fullmatch("[0-9]+", value) for value in values):
            raise HeadError(f"Content-Length is no number: {_shown(', '.join(values))}")
        if len({int(value) for value in values}) > 1:
            raise HeadError(f"Content-Length contradicts itself: {_shown(', '.join(values))}")
        return int(values[0]) if values else None

    def _items(self, name: str) -> list[str]:
        """The comma-separated values of all fields of a name."""
        values = [value for key, value in self.fields if key.lower() == name]
        return [item.strip() for value in values for item in value.split(",")]


def read(readline: ReadLine) -> Head:
    """Read the head of the final answer. Raises HTTPException: HeadError, or one of http.client's own."""
    for interim in range(MOST_INTERIM + 1):
        version, status, reason = _status_line(readline, first=interim == 0)
        fields = read_fields(readline)
        if not 100 <= status < 200 or status == http.client.SWITCHING_PROTOCOLS:
            return Head(version, status, reason, fields)
    raise TooManyInterim(f"more than {MOST_INTERIM} interim answers (1xx) without a final one")


def read_fields(readline: ReadLine) -> Fields:
    """Header fields up to the empty line, folded lines joined (RFC 9112 section 5.2). Raises HTTPException."""
    fields: Fields = []
    left = MOST_BYTES
    for _ in range(MOST_LINES + 1):
        line = _line(readline, "header line")
        left -= len(line)
        if not line:
            return fields
        if left < 0:
            raise TooLong
        _add(fields, line)
    raise HeadError(f"the answer has more than {MOST_LINES} header fields")


class Message(http.client.HTTPMessage):
    """Header fields as http.client holds them; http.cookiejar fails on a Max-Age without a value."""

    def get_all(self, name: str, failobj: Any = None) -> Any:
        """All values of a field."""
        values = super().get_all(name, failobj)
        return [MAX_AGE.sub("", value) for value in values] if values and name.lower() == "set-cookie" else values


def message(fields: Iterable[tuple[str, str]]) -> http.client.HTTPMessage:
    """Header fields as http.client holds them."""
    found = Message()
    for name, value in fields:
        found[name] = value
    return found


def chunk_size(line: bytes) -> int:
    """The size in the first line of a chunk (RFC 9112 section 7.1); raises ValueError."""
    found = CHUNK_SIZE.fullmatch(line)
    if found is None:
        raise ValueError(f"no size of a chunk: {line[:SHOWN]!r}")
    return int(found[1], 16)


def _status_line(readline: ReadLine, *, first: bool) -> tuple[int, int, str]:
    line = readline(LONGEST + 1)
    if not line and first:
        raise http.client.RemoteDisconnected("Remote end closed connection without response")
    if len(line) > LONGEST:
        raise http.client.LineTooLong("status line")
    if not line.endswith(b"\n") and b"HTTP/1.".startswith(line[:7]):
        raise CutOff
    text = line.rstrip(b"\r\n").decode("latin-1")
    found = STATUS_LINE.fullmatch(text)
    if found is None:
        raise http.client.BadStatusLine(text)
    return 10 if found[1] in ("0.9", "1.0") else 11, int(found[2]), (found[3] or "").strip()


def _line(readline: ReadLine, what: str) -> str:
    line = readline(LONGEST + 1)
    if len(line) > LONGEST:
        raise http.client.LineTooLong(what)
    if not line.endswith(b"\n"):
        raise CutOff
    return line.rstrip(b"\r\n").decode("latin-1").translate(FORBIDDEN)


def _add(fields: Fields, line: str) -> None:
    """Add what a line of the head holds: a field, or more of the latest value."""
    if line[0] in " \t" and fields:
        name, value = fields[-1]
        fields[-1] = (name, f"{value} {line.strip(' ' + chr(9))}".strip(" "))
        return
    found = FIELD.fullmatch(line)
    if found is None:
        raise HeadError(f"a header line of the answer is malformed (RFC 9112 section 5): {_shown(line)}")
    fields.append((found[1], found[2].strip(" \t")))


def _shown(text: str) -> str:
    return repr(text[:SHOWN] + ("…" if len(text) > SHOWN else ""))
