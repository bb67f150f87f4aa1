"""One request with its answer: what was sent and what was received.

Rule: frozen data without I/O; this module does not know pytest, requests or any API. Secrets never get here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any
from xml.etree.ElementTree import Element

from pytest_reportconformance.transcript import parsing, usage
from pytest_reportconformance.transcript.failures import Missing, NotReached, Outcome

LIMITED = "rate-limited"
"""The name of exchanges that were answered 429 and repeated after a pause."""


@dataclass(frozen=True)
class Request:
    """What to send. `url` is absolute, or a path appended to the target's base URL; its bytes are sent unchanged.

    `creates` names what the request makes on the target (`"execution"`), `named` its ID if that is known before,
    `removes` the id of what it removes; they are for the ledger, and None for all others. `hides` are secrets in its
    body. `credentials = False` sends it without cookies and credentials, `signed = False` with cookies alone.
    """

    method: str
    url: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None
    creates: str | None = None
    removes: str | None = None
    credentials: bool = True
    signed: bool = True
    named: str | None = None
    hides: tuple[str, ...] = ()

    def header(self, name: str) -> str | None:
        """The value of a header field, None if it is absent."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)

    def with_header(self, name: str, value: str) -> Request:
        """The same request with one header field set."""
        kept = tuple(pair for pair in self.headers if pair[0].lower() != name.lower())
        return replace(self, headers=(*kept, (name, value)))


@dataclass(frozen=True)
class Response:
    """What was received. `size` is the body's length in bytes, `sha256` its digest in hex.

    `content` is None if the body was longer than what is kept; `head` and `tail` are then its first and last KiB.
    """

    status_code: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    content: bytes | None
    size: int
    sha256: str
    head: bytes = b""
    tail: bytes = b""

    @cached_property
    def values(self) -> dict[str, list[str]]:
        """The values of each header field, in order of arrival, by its name in lower case."""
        found: dict[str, list[str]] = {}
        for name, value in self.headers:
            found.setdefault(name.lower(), []).append(value)
        return found


class Headers(Mapping[str, str]):
    """Header fields by name, whatever its case; values of one name are joined with commas, in order of arrival."""

    def __init__(self, fields: Iterable[tuple[str, str]]) -> None:
        self._fields: dict[str, tuple[str, str]] = {}
        for name, value in fields:
            first, values = self._fields.get(name.lower(), (name, ""))
            self._fields[name.lower()] = first, f"{values}, {value}" if name.lower() in self._fields else value

    def __getitem__(self, name: str) -> str:
        return self._fields[name.lower()][1]

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.lower() in self._fields

    def __iter__(self) -> Iterator[str]:
        return (name for name, _ in self._fields.values())

    def __len__(self) -> int:
        return len(self._fields)

    def __repr__(self) -> str:
        return repr(dict(self))


@dataclass(frozen=True)
class TransportError:
    """Why there is no whole answer: the `outcome` for a check that needs it, and `text`."""

    outcome: Outcome
    text: str


@dataclass(frozen=True)
class Exchange:
    """One request with its answer, named by its step. Times in seconds; `started` since the epoch."""

    name: str
    identity: str
    request: Request
    response: Response | None
    started: float
    seconds: float
    queued: float = 0.0
    error: TransportError | None = None
    establishes: str | None = None
    observations: Mapping[str, Any] = field(default_factory=dict)

    @property
    def answer(self) -> Response:
        """The response; raises Missing if the server sent none, NotReached if the failure cannot be attributed."""
        if self._whole:
            assert self.response is not None
            return self.response
        error = self.error or TransportError("error", "no answer was recorded")
        if error.outcome == "failed":
            raise Missing("an HTTP answer", error.text, self)
        raise NotReached(error.outcome, f"{self.line}: {error.text}", self.establishes)

    @property
    def line(self) -> str:
        """The request in a few words: `GET https://…`."""
        return f"{self.request.method} {self.request.url}"

    @property
    def status_code(self) -> int:
        """The status code."""
        return self.answer.status_code

    @property
    def succeeded(self) -> bool:
        """Whether the status is 2xx; False if no whole answer came."""
        return self._whole and 200 <= self.answer.status_code < 300

    @property
    def granted(self) -> bool:
        """Whether the server did what was asked: 2xx, or 303, whose Location has the outcome (RFC 9110 15.4.4)."""
        return self.succeeded or (self._whole and self.answer.status_code == 303)

    @property
    def _whole(self) -> bool:
        """Whether a whole answer came; if so, it counts as inspected."""
        whole = self.response is not None and self.error is None
        if whole:
            usage.at_something()
        return whole

    @property
    def headers(self) -> Headers:
        """The header fields, whatever the case of their names; values of one name are joined with commas."""
        return Headers(self.answer.headers)

    def header_values(self, name: str) -> list[str]:
        """All values of a header field, in order of arrival."""
        return list(self.answer.values.get(name.lower(), ()))

    def header(self, name: str) -> str:
        """The value of a header field; raises Missing."""
        values = self.header_values(name)
        if not values:
            present = ", ".join(sorted({key for key, _ in self.answer.headers}))
            raise Missing(f"a header field {name}", f"{self.status_code} with the fields {present}", self)
        return ", ".join(values)

    @property
    def media_type(self) -> str:
        """The media type without parameters, in lower case; empty if the field is absent."""
        values = self.header_values("Content-Type")
        return values[0].partition(";")[0].strip().lower() if values else ""

    @property
    def content(self) -> bytes:
        """The body; raises NotReached if it was too long to keep."""
        content = self.answer.content
        if content is None:
            raise NotReached("inconclusive", f"{self.line}: the body of {self.answer.size} bytes was not kept")
        return content

    @property
    def text(self) -> str:
        """The body as UTF-8 text, undecodable bytes replaced."""
        return self.content.decode("utf-8", "replace")

    def json(self) -> Any:
        """The body as JSON (RFC 8259), parsed once; raises Missing if it is none."""
        return self._json

    @cached_property
    def _json(self) -> Any:
        try:
            return parsing.parse_json(self.content)
        except parsing.Malformed as error:
            raise Missing("a JSON body", f"{self.status_code} {self.media_type}: {error}", self) from None

    @cached_property
    def xml(self) -> Element:
        """The root element of the body, names without namespace prefix; raises Missing if it is not XML."""
        try:
            return parsing.parse_xml(self.content)
        except parsing.Malformed as error:
            raise Missing("an XML body", f"{self.status_code} {self.media_type}: {error}", self) from None

    def field(self, *path: str | int) -> Any:
        """A member of the JSON body by names and indexes: `field("metadata", "links", 0)`; raises Missing."""
        value = self.json()
        for depth, step in enumerate(path):
            try:
                value = value[step]
            except (KeyError, IndexError, TypeError):
                at = parsing.pointer(path[: depth + 1])
                raise Missing(f"a member {at}", parsing.excerpt(value), self) from None
        return value

    def observed(self, name: str) -> Any:
        """A fact computed while recording; raises NotReached if it was not."""
        if name not in self.observations:
            raise NotReached("inconclusive", f"{self.line}: {name} was not observed in the answer {self.status_code}")
        usage.at_something()
        return self.observations[name]
