"""Requests, exchanges and transcripts: what was sent, what came, and in which order.

Rule: frozen data without I/O; this module does not know pytest, requests or any API. Secrets never get here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal
from xml.etree.ElementTree import Element

from pytest_reportconformance.transcript import parsing, usage

Outcome = Literal[
    "failed",
    "error",
    "blocked",
    "inconclusive",
    "untested",
    "warned",
    "waived",
    "deviation",
    "noted",
    "not applicable",
    "passed",
]


LIMITED = "rate-limited"
"""The name of exchanges that were answered 429 and repeated after a pause."""


class Broken(AssertionError):
    """The server broke a promise. `expected` and `actual` are sentences or values; `exchange` shows it."""

    def __init__(self, expected: str, actual: str, exchange: Exchange | None = None) -> None:
        super().__init__(f"expected {expected}; actual: {actual}")
        self.expected = expected
        self.actual = actual
        self.exchange = exchange


class Missing(Broken):
    """The server left out what it has to send: a header field, a member, an answer."""


class NotReached(Exception):
    """Nobody's fault: a step was not taken, or its result cannot be told. `by` is the requirement that blocks it."""

    def __init__(self, outcome: Outcome, reason: str, by: str | None = None) -> None:
        super().__init__(reason)
        self.outcome = outcome
        self.reason = reason
        self.by = by


class TooLate(NotReached):
    """The server's work was over before the steps that needed it going on: played again, the scenario may get there."""

    def __init__(self, reason: str) -> None:
        super().__init__("inconclusive", reason)


@dataclass(frozen=True)
class Request:
    """What to send. `url` is absolute, or a path behind the target's base URL; its bytes are sent as they are.

    `creates` names what the request makes on the target (`"execution"`), `named` its id where that is known before,
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
        """The value of a header field, None where it is absent."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)

    def with_header(self, name: str, value: str) -> Request:
        """The same request with one header field set."""
        kept = tuple(pair for pair in self.headers if pair[0].lower() != name.lower())
        return replace(self, headers=(*kept, (name, value)))


@dataclass(frozen=True)
class Response:
    """What came. `size` is the body's length in bytes, `sha256` its digest in hex.

    `body` is None where the body was longer than what is kept; `head` and `tail` are then its first and last KiB.
    """

    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: bytes | None
    size: int
    sha256: str
    head: bytes = b""
    tail: bytes = b""


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
    trouble: TransportError | None = None
    establishes: str | None = None
    observations: Mapping[str, Any] = field(default_factory=dict)

    @property
    def answer(self) -> Response:
        """The response; raises Missing where the server sent none, NotReached where nobody can tell."""
        if self._whole:
            assert self.response is not None
            return self.response
        trouble = self.trouble or TransportError("error", "no answer was recorded")
        if trouble.outcome == "failed":
            raise Missing("an HTTP answer", trouble.text, self)
        raise NotReached(trouble.outcome, f"{self.line}: {trouble.text}", self.establishes)

    @property
    def line(self) -> str:
        """The request in a few words: `GET https://…`."""
        return f"{self.request.method} {self.request.url}"

    @property
    def status(self) -> int:
        """The status code."""
        return self.answer.status

    @property
    def succeeded(self) -> bool:
        """Whether the status is 2xx; False as well where no answer came."""
        return self._whole and 200 <= self.answer.status < 300

    @property
    def granted(self) -> bool:
        """Whether the server did what was asked: 2xx, or 303, whose Location has the outcome (RFC 9110 15.4.4)."""
        return self.succeeded or (self._whole and self.answer.status == 303)

    @property
    def _whole(self) -> bool:
        """Whether a whole answer came; it is looked at then."""
        whole = self.response is not None and self.trouble is None
        if whole:
            usage.at_something()
        return whole

    def headers(self, name: str) -> list[str]:
        """All values of a header field, in order of arrival."""
        wanted = name.lower()
        return [value for key, value in self.answer.headers if key.lower() == wanted]

    def header(self, name: str) -> str:
        """The value of a header field; raises Missing."""
        values = self.headers(name)
        if not values:
            present = ", ".join(sorted({key for key, _ in self.answer.headers}))
            raise Missing(f"a header field {name}", f"{self.status} with the fields {present}", self)
        return ", ".join(values)

    @property
    def media_type(self) -> str:
        """The media type without parameters, in lower case; empty where the field is absent."""
        values = self.headers("Content-Type")
        return values[0].partition(";")[0].strip().lower() if values else ""

    @property
    def body(self) -> bytes:
        """The body; raises NotReached where it was too long to keep."""
        body = self.answer.body
        if body is None:
            raise NotReached("inconclusive", f"{self.line}: the body of {self.answer.size} bytes was not kept")
        return body

    @property
    def text(self) -> str:
        """The body as UTF-8 text, undecodable bytes replaced."""
        return self.body.decode("utf-8", "replace")

    @cached_property
    def json(self) -> Any:
        """The body as JSON (RFC 8259); raises Missing where it is none."""
        try:
            return parsing.parse_json(self.body)
        except parsing.Malformed as error:
            raise Missing("a JSON body", f"{self.status} {self.media_type}: {error}", self) from None

    @cached_property
    def xml(self) -> Element:
        """The root element of the body, names without namespace prefix; raises Missing where it is no XML."""
        try:
            return parsing.parse_xml(self.body)
        except parsing.Malformed as error:
            raise Missing("an XML body", f"{self.status} {self.media_type}: {error}", self) from None

    def field(self, *path: str | int) -> Any:
        """A member of the JSON body by names and indexes: `field("metadata", "links", 0)`; raises Missing."""
        value = self.json
        for depth, step in enumerate(path):
            try:
                value = value[step]
            except (KeyError, IndexError, TypeError):
                at = parsing.pointer(path[: depth + 1])
                raise Missing(f"a member {at}", parsing.excerpt(value), self) from None
        return value

    def observed(self, name: str) -> Any:
        """A fact computed while recording; raises NotReached where it was not."""
        if name not in self.observations:
            raise NotReached("inconclusive", f"{self.line}: {name} was not observed in the answer {self.status}")
        usage.at_something()
        return self.observations[name]


@dataclass(frozen=True)
class Wait:
    """A pause between two steps. `server` tells whether the server made us wait, or we did."""

    started: float
    seconds: float
    reason: str
    server: bool = True


@dataclass(frozen=True)
class Ending:
    """Why a scenario ended before its last step; `by` is the requirement that its last step was to establish."""

    outcome: Outcome
    reason: str
    by: str | None = None


@dataclass(frozen=True)
class Transcript:
    """What one scenario left: its exchanges by name, its waits, and facts about the target that the checks need.

    `transcript["cancel"]` is an exchange; where the step was not reached it raises NotReached.
    `transcript.all("poll")` is every exchange of that name, in order; empty where there is none. A check that passes
    over none of a scenario that ended early, or over nothing at all, has not passed (see `looking`).
    """

    api: str
    scenario: str
    exchanges: tuple[Exchange, ...] = ()
    waits: tuple[Wait, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    absent: Mapping[str, Ending] = field(default_factory=dict)
    ended: Ending | None = None
    started: float = 0.0
    seconds: float = 0.0
    exclusive: bool = False

    def __getitem__(self, name: str) -> Exchange:
        found = [exchange for exchange in self.exchanges if exchange.name == name]
        if found:
            return found[-1]
        raise self.not_reached(name)

    def begun(self) -> Transcript:
        """Itself; raises NotReached where nothing of it was played: over no exchange every sentence would hold."""
        if self.ended is not None and not self.exchanges:
            raise NotReached(self.ended.outcome, self.ended.reason, self.ended.by)
        return self

    def __contains__(self, name: str) -> bool:
        there = any(exchange.name == name for exchange in self.exchanges)
        usage.for_steps(name, None if there else self.not_reached(name), cut_short=False)
        return there

    def __iter__(self) -> Iterator[Exchange]:
        return iter(self.exchanges)

    def all(self, name: str) -> list[Exchange]:
        """Every exchange of a name, in order of time."""
        return self._sought(name, [exchange for exchange in self.exchanges if exchange.name == name])

    def starting(self, prefix: str) -> list[Exchange]:
        """Every exchange whose name begins with a prefix, in order of time."""
        return self._sought(prefix, [exchange for exchange in self.exchanges if exchange.name.startswith(prefix)])

    def _sought(self, name: str, found: list[Exchange]) -> list[Exchange]:
        absent = next((one for one in self.absent if one.startswith(name)), name)
        cut_short = self.ended is not None or absent in self.absent
        usage.for_steps(name, None if found else self.not_reached(absent), cut_short=cut_short)
        return found

    def fact(self, name: str) -> Any:
        """A fact that the scenario noted; raises NotReached."""
        if name in self.facts:
            usage.at_something()
            return self.facts[name]
        raise self.not_reached(name)

    def not_reached(self, name: str) -> NotReached:
        """Why a step or fact is not there."""
        ending = self.absent.get(name) or self.ended
        if ending is None:
            return NotReached("not applicable", f"{self.scenario}: {name} did not arise on this target")
        return NotReached(ending.outcome, ending.reason, ending.by)


def untested(api: str, scenario: str, outcome: Outcome, reason: str) -> Transcript:
    """A transcript of a scenario that was not played."""
    return Transcript(api, scenario, ended=Ending(outcome, reason))


def dumped(value: Any) -> str:
    """A value as one line of JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
