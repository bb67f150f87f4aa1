"""The contract of an operation, held over every exchange of a run, whichever scenario sent it.

Rule: pure functions over transcripts. What the document leaves open is not judged: an operation lists what it promises.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import urlsplit

from pytest_reportconformance.judging import expect
from pytest_reportconformance.transcript import usage
from pytest_reportconformance.transcript.exchange import LIMITED, Exchange
from pytest_reportconformance.transcript.failures import Broken
from pytest_reportconformance.transcript.transcript import Transcript

ANY_ID = r"[^/]+"
UNKNOWN = ("anonymous", "wrong_password")


@dataclass(frozen=True)
class Operation:
    """An operation as `openapi.yaml` describes it: its path, the statuses of its successes, the schemas of its bodies.

    `path` is the end of the URL's path with names in braces, a slash at the end is optional. `schemas` maps media types
    to names of schemas. `open` are statuses of successes that the document does not exclude.
    """

    name: str
    method: str
    path: str
    success: tuple[int, ...]
    schemas: Mapping[str, str] = field(default_factory=dict)
    open: tuple[int, ...] = ()

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        parts = [f"(?P<{part[1:-1]}>{ANY_ID})" if part[:1] == "{" else re.escape(part) for part in self.path.split("/")]
        return re.compile("/".join(parts) + "/?")

    def parameters(self, exchange: Exchange) -> Mapping[str, str] | None:
        """The path parameters of a request of this operation; None if it is one of another operation."""
        return self._parameters(exchange.request.url) if exchange.request.method == self.method else None

    @cached_property
    def _parameters(self) -> Callable[[str], Mapping[str, str] | None]:
        """What `parameters` finds in a URL: the same URLs come back in every check."""

        @lru_cache(maxsize=4096)
        def found(url: str) -> Mapping[str, str] | None:
            try:
                path = urlsplit(url).path
            except ValueError:  # a link of the server that is no URL
                return None
            start = path.find(self.path.partition("{")[0].rstrip("/"))
            match = self._pattern.fullmatch(path, start) if start >= 0 else None
            return match.groupdict() if match else None

        return found

    def exchanges(self, transcript: Transcript) -> tuple[Exchange, ...]:
        """The exchanges of this operation in a transcript that have a whole answer."""
        return tuple(
            exchange
            for exchange in transcript
            if exchange.response is not None and exchange.error is None and exchange.name != LIMITED
            if self.parameters(exchange) is not None
        )

    def schema_of(self, exchange: Exchange) -> str | None:
        """The schema of a success: that of the requested media type, if the answer has its format; None for no body."""
        asked = (exchange.request.header("Accept") or "").partition(";")[0].strip().lower()
        found = exchange.media_type
        same = asked in self.schemas and asked[-3:] == found[-3:]
        return self.schemas.get(asked if same else found)


@dataclass(frozen=True)
class _Aspect:
    """One aspect of an operation: which of its exchanges it concerns, and what has to hold for each.

    `name` tells it from all others; `judge` raises Broken.
    """

    operation: Operation
    name: str
    concerns: Callable[[Transcript, Exchange], bool]
    judge: Callable[[Exchange], None]

    def hold(self, transcripts: Iterable[Transcript]) -> None:
        """It holds for every exchange; the check does not apply if it concerns none."""
        concerned = False
        violating: list[Exchange] = []
        for transcript in transcripts:
            concerned = bool(self._once("concerned", transcript, self._concerned)) or concerned
            violating += self._once("violating", transcript, self._violating)
        if concerned:
            usage.at_something()
        _report(violating, self.judge)
        expect.applies(concerned, f"no exchange of the operation {self.operation.name} in this run: {self.name}")

    def _concerned(self, transcript: Transcript) -> tuple[Exchange, ...]:
        own = transcript.once((self.operation.method, self.operation.path), self.operation.exchanges)
        return tuple(exchange for exchange in own if self.concerns(transcript, exchange))

    def _once(
        self, what: str, transcript: Transcript, find: Callable[[Transcript], tuple[Exchange, ...]]
    ) -> tuple[Exchange, ...]:
        return transcript.once((what, self.name, self.operation.method, self.operation.path), find)

    def _violating(self, transcript: Transcript) -> tuple[Exchange, ...]:
        concerned = self._once("concerned", transcript, self._concerned)
        return tuple(exchange for exchange in concerned if _is_violated(exchange, self.judge))


def _is_violated(exchange: Exchange, judge: Callable[[Exchange], None]) -> bool:
    try:
        judge(exchange)
    except Broken:
        return True
    return False


def _report(violating: Sequence[Exchange], judge: Callable[[Exchange], None]) -> None:
    """Raises for the first of some exchanges, with the others."""
    for exchange in violating:
        try:
            judge(exchange)
        except Broken as broken:
            broken.others = tuple(violating)
            raise


def _succeeded(operation: Operation, exchange: Exchange) -> bool:
    """Whether a request succeeded: a redirection counts if the operation documents one, to users that are known."""
    redirects = max(operation.success) >= 300 and exchange.identity not in UNKNOWN
    return exchange.succeeded or (redirects and 300 <= exchange.status_code < 400)


def documented_success(
    transcripts: Iterable[Transcript],
    operation: Operation,
    *allowed: int,
    among: Callable[[Exchange], bool] = lambda exchange: True,
) -> None:
    """Every success has a documented status, or one of those `allowed`, `among` some exchanges."""
    statuses = allowed or (*operation.success, *operation.open)

    def judge(exchange: Exchange) -> None:
        expect.status(exchange, *statuses)

    name = f"success with {' or '.join(map(str, statuses))}"
    _Aspect(operation, name, lambda _, one: _succeeded(operation, one) and among(one), judge).hold(transcripts)


def holds_for_bodies(
    transcripts: Iterable[Transcript], operation: Operation, name: str, judge: Callable[[Exchange], None]
) -> None:
    """Something holds for every success with a body; `judge` raises Broken."""

    def concerns(_transcript: Transcript, exchange: Exchange) -> bool:
        return exchange.succeeded and bool(exchange.answer.content)

    _Aspect(operation, name, concerns, judge).hold(transcripts)


def fits_schema(
    transcripts: Iterable[Transcript],
    operation: Operation,
    api: str,
    format: str,
    members: Callable[[Exchange, str], Any],
) -> None:
    """The body of every success in a format, `json` or `xml`, fits its schema: what `members` reads from it."""

    def concerns(_transcript: Transcript, exchange: Exchange) -> bool:
        known = exchange.succeeded and operation.schema_of(exchange) is not None
        return known and exchange.media_type.endswith(format) and bool(exchange.answer.content)

    def judge(exchange: Exchange) -> None:
        name = operation.schema_of(exchange) or ""
        expect.members_fit(members(exchange, name), exchange, api, name)

    _Aspect(operation, f"body in {format}", concerns, judge).hold(transcripts)


def has_body(transcripts: Iterable[Transcript], operation: Operation) -> None:
    """Every answer 200 has a body."""

    def judge(exchange: Exchange) -> None:
        expect.that(exchange.answer.size > 0, "a body", "an empty one", exchange)

    _Aspect(operation, "200 with a body", lambda _, one: one.status_code == 200, judge).hold(transcripts)


def media_type(transcripts: Iterable[Transcript], operation: Operation, asked: str) -> None:
    """Every success that was requested in one media type alone has it."""

    def concerns(_transcript: Transcript, exchange: Exchange) -> bool:
        wanted = (exchange.request.header("Accept") or "").strip().lower()
        return wanted == asked and exchange.succeeded and exchange.answer.size > 0

    def judge(exchange: Exchange) -> None:
        expect.media_type(exchange, asked)

    _Aspect(operation, f"requested as {asked}", concerns, judge).hold(transcripts)


def promise(
    transcripts: Iterable[Transcript], id: str, kept: Callable[[Exchange], None], *, last: bool = False
) -> None:
    """Every step that is to establish a requirement does: what builds on it blocks no check without a violation.

    `kept` raises Broken if an answer does not establish what its step promises; with `last`, only the last answer to
    a step of a name has to.
    """
    broken: list[Exchange] = []
    all_transcripts = tuple(transcripts)
    for transcript in all_transcripts:
        own = [exchange for exchange in transcript if exchange.establishes == id and _counts(exchange)]
        promised = {one.name: one for one in own}.values() if last else own
        broken += [exchange for exchange in promised if _is_violated(exchange, kept)]
    _report(broken, kept)
    for transcript in all_transcripts:
        _not_ended_by(transcript, id)
    if any(transcript.exchanges for transcript in all_transcripts):
        usage.at_something()


def _counts(exchange: Exchange) -> bool:
    """Whether an exchange shows what its server does: no repeated request, no answer that we did not wait for."""
    return exchange.name != LIMITED and (exchange.error is None or exchange.error.outcome == "failed")


def _not_ended_by(transcript: Transcript, id: str) -> None:
    """No scenario ended early because a requirement was not established."""
    for ending in (transcript.ended, *transcript.absent.values()):
        if ending is not None and ending.outcome == "blocked" and ending.by == id:
            own = [exchange for exchange in transcript if exchange.establishes == id]
            last = own[-1] if own else transcript.exchanges[-1]
            raise Broken(f"a scenario {transcript.scenario} that is played to its end", ending.reason, last)


def no_server_error(
    transcripts: Iterable[Transcript], operation: Operation, documented: Callable[[Transcript, Exchange], bool]
) -> None:
    """No documented request is answered with a server error."""

    def judge(exchange: Exchange) -> None:
        expect.that(
            exchange.status_code < 500, f"a status below 500 to {exchange.line}", exchange.status_code, exchange
        )

    _Aspect(operation, "documented request", documented, judge).hold(transcripts)
