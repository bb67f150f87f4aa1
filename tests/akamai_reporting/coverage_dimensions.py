"""The documented dimensions of the operations of the Reporting API, and which of their cases an exchange holds."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from pytest_reportconformance.akamai_reporting import links, operations
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.failures import Missing, NotReached
from pytest_reportconformance.transcript.transcript import Transcript
from tests.coverage.cases import Case, before, pairs

MEDIA = {"application/json": "json", "text/csv": "csv", None: "none"}
IDENTITIES = ("owner", "other_user", "unscoped", "anonymous", "wrong_password")
TIMES = ("first", "second", "third")
POSITIONS = ("first", "middle", "last")
WRONG_LINKS = ("unknown", "under another report", "id in another letter case", "empty")
SIZES = ("none", "1", "divides the rows", "leaves a remainder", "all rows", "more than all rows", "0", "negative")
MEMBERS = ("metrics", "dimensions", "filters", "sortBys", "limit")
CHANGES = (*MEMBERS, "time range", "pageSize", "nothing")
DEEP, MANY = 10, 1000
FRESH = ("fresh", "backward")
"""Words in the names of steps that are sent on a new connection."""

DOCUMENTED: dict[str, dict[str, tuple[str, ...]]] = {
    "list": {
        "depth": ("all", "family", "area"),
        "identity": IDENTITIES,
        "name": ("known", "unknown", "in another letter case"),
        "time": TIMES,
    },
    "options": {"identity": IDENTITIES, "name": ("known", "unknown", "in another letter case"), "time": TIMES},
    "submit": {
        "asked": ("json", "csv", "none"),
        "identity": IDENTITIES,
        "body": ("none", "{}", *MEMBERS),
        "pageSize": SIZES,
        "differs from an earlier query in": CHANGES,
        "report": ("known", "unknown", "in another letter case"),
        "time": TIMES,
    },
    "sync": {
        "asked": ("json", "csv", "none"),
        "identity": IDENTITIES,
        "body": ("none", "{}", *MEMBERS),
        "order": ("sync before async", "async before sync"),
        "time": TIMES,
    },
    "query": {
        "asked × state": pairs(("json", "csv", "none"), ("pending", "ready")),
        "identity × state": pairs(IDENTITIES, ("pending", "ready")),
        "time × state": pairs(TIMES, ("pending", "ready")),
        "connection × state": pairs(("same", "fresh"), ("pending", "ready")),
        "link": WRONG_LINKS,
        "asked in turn with": ("another query",),
    },
    "page": {
        "asked": ("json", "csv", "none"),
        "identity × position": pairs(IDENTITIES, POSITIONS),
        "time × position": pairs(TIMES, POSITIONS),
        "connection × position": pairs(("same", "fresh"), POSITIONS),
        "first read in order": (*before(("first", "middle", "last")), "a later middle before an earlier"),
        "read in order": before(("first", "middle", "last")),
        "link": WRONG_LINKS,
        "rows": ("none", "one", "a full page", "a last page with fewer", f"{MANY} and more in all"),
        "depth": (f"page {DEEP} and deeper",),
    },
}


@dataclass(frozen=True)
class Call:
    """A request: its operation, the report's path, the link of a query or page without its origin."""

    operation: str
    report: tuple[str, ...]
    link: str = ""


def call_of(exchange: Exchange) -> Call | None:
    """The documented operation that an exchange calls; None if there is none. Pages are separated later."""
    parts = urlsplit(exchange.request.url)
    _, found, rest = parts.path.partition(operations.BASE)
    if not found:
        return None
    segments = rest.strip("/").split("/") if rest.strip("/") else []
    method = exchange.request.method
    if method == "POST" and segments[3:] == ["data"]:
        mode = "submit" if parse_qs(parts.query).get("async") == ["true"] else "sync"
        return Call(mode, tuple(segments[:3]))
    if method != "GET":
        return None
    if len(segments) >= 4 and segments[3] == "queries":
        return Call("query", tuple(segments[:3]), parts.path)
    return Call("options" if len(segments) == 3 else "list", tuple(segments)) if len(segments) <= 3 else None


def held(transcripts: Iterable[Transcript]) -> Iterator[Case]:
    """The cases that transcripts hold; an exchange without an answer holds none."""
    transcripts = list(transcripts)
    exchanges = [exchange for one in transcripts for exchange in one.exchanges]
    reports = {call.report for one in exchanges if (call := call_of(one)) and _answered(one) and one.succeeded}
    issued = {link for one in exchanges if _answered(one) for link in _links(one)}
    for transcript in transcripts:
        walk = Walk(reports, issued)
        for exchange in transcript.exchanges:
            call = call_of(exchange)
            if call is not None and _answered(exchange):
                yield from walk.cases(call, exchange)


def _answered(exchange: Exchange) -> bool:
    return exchange.response is not None and exchange.error is None


def _links(exchange: Exchange) -> list[str]:
    """The paths of the links of an answer: its Location, and those in its metadata."""
    location = operations.location(exchange)
    found = [location] if location else []
    found += [links.resolve(exchange.request.url, one["href"]) for one in _metadata(exchange).get("links") or ()]
    return [path for one in found if "/queries/" in (path := urlsplit(one).path)]


def _metadata(exchange: Exchange) -> dict[str, Any]:
    found = exchange.observations.get("page", {}).get("metadata")
    if found is None and exchange.succeeded and exchange.media_type.endswith("json"):
        with suppress(Missing, NotReached):
            found = exchange.field("metadata")
    return found if isinstance(found, dict) else {}


def _linked(exchange: Exchange, rel: str) -> str | None:
    for one in _metadata(exchange).get("links") or ():
        if one.get("rel") == rel:
            return urlsplit(links.resolve(exchange.request.url, one["href"])).path
    return None


@dataclass
class Walk:
    """What is known of the queries of one transcript after each of its exchanges; links are paths."""

    reports: set[tuple[str, ...]]
    issued: set[str]
    queries: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    query_of: dict[str, str] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    visited: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    times: Counter[tuple[str, ...]] = field(default_factory=Counter)
    bodies: list[dict[str, str]] = field(default_factory=list)
    modes: list[str] = field(default_factory=list)
    latest: str = ""

    def cases(self, call: Call, exchange: Exchange) -> Iterator[Case]:
        """The cases of one exchange; then what it shows is kept."""
        asked = MEDIA.get(exchange.request.header("Accept"), "other")
        if call.operation != "query":
            found = self._of_report(call, exchange, asked)
            yield from (Case(call.operation, dimension, value) for dimension, value in found)
            if call.operation == "submit" and exchange.status_code == 303 and "sync" in self.modes:
                yield Case("sync", "order", "sync before async")
        elif call.link not in self.numbers:
            yield from self._wrong(call)
        else:
            yield from self._of_query(call.link, exchange, asked)
        self._keep(call, exchange)

    def _of_report(self, call: Call, exchange: Exchange, asked: str) -> Iterator[tuple[str, str]]:
        name = self._name(call.report)
        yield from (("identity", exchange.identity), ("asked", asked), ("name", name), ("report", name))
        yield "depth", ("all", "family", "area", "")[len(call.report)]
        if exchange.identity == "owner":
            yield "time", self._time(call.operation, exchange.request.url, str(exchange.request.body))
        if call.operation in ("submit", "sync"):
            yield from self._of_request(call, exchange)

    def _name(self, report: tuple[str, ...]) -> str:
        def known(parts: tuple[str, ...], lower: bool) -> bool:
            shown = {tuple(one.lower() for one in path) if lower else path for path in self.reports}
            return any(path[: len(parts)] == parts for path in shown)

        if known(report, False):
            return "known"
        return "in another letter case" if known(tuple(one.lower() for one in report), True) else "unknown"

    def _of_request(self, call: Call, exchange: Exchange) -> Iterator[tuple[str, str]]:
        asked = _request(exchange)
        members = [name for name in MEMBERS if name in asked]
        yield from (("body", one) for one in members or (["{}"] if exchange.request.body else ["none"]))
        size = asked.get("pageSize")
        if size in ("0", "-1"):
            yield "pageSize", "0" if size == "0" else "negative"
        elif size is None and exchange.status_code == 303:
            yield "pageSize", "none"
        if call.operation == "sync" and "submit" in self.modes:
            yield "order", "async before sync"
        if exchange.status_code == 303:
            yield from (("differs from an earlier query in", one) for one in self._changes(asked))

    def _changes(self, asked: dict[str, str]) -> Iterator[str]:
        for other in self.bodies:
            names = {name for name in {*asked, *other} if asked.get(name) != other.get(name)}
            if len(names) <= 1:
                yield next(iter(names), "nothing")

    def _wrong(self, call: Call) -> Iterator[Case]:
        """A link that was never issued: of a query, or of a page."""
        id = call.link.rpartition("/queries/")[2]
        known = {link.rpartition("/queries/")[2]: link for link in self.issued}
        if not id:
            yield Case("query", "link", "empty")
            return
        if id in known:
            found = "under another report"
        else:
            found = "id in another letter case" if id.lower() in {one.lower() for one in known} else "unknown"
        like = max(known, key=lambda one: _alike(one, id), default="")
        of_page = known.get(like) in self.numbers and known.get(like) not in self.queries
        yield Case("page" if of_page else "query", "link", found)

    def _of_query(self, link: str, exchange: Exchange, asked: str) -> Iterator[Case]:
        query = self.query_of[link]
        if exchange.identity == "owner" and exchange.succeeded:
            self._number(link, exchange)
        session = "fresh" if any(word in exchange.name for word in FRESH) else "same"
        ready = "ready" if exchange.succeeded or self.visited[query] else "pending"
        if link == query:
            yield Case("query", "asked × state", f"{asked} × {ready}")
            yield Case("query", "identity × state", f"{exchange.identity} × {ready}")
            yield Case("query", "connection × state", f"{session} × {ready}")
            if exchange.identity == "owner":
                yield Case("query", "time × state", f"{self._time('query', link, ready)} × {ready}")
            if self.latest not in ("", query):
                yield Case("query", "asked in turn with", "another query")
        self.latest = query
        if ready == "ready":
            position = self._position(link)
            yield Case("page", "asked", asked)
            yield Case("page", "identity × position", f"{exchange.identity} × {position}")
            yield Case("page", "connection × position", f"{session} × {position}")
        if exchange.succeeded and exchange.identity == "owner":
            yield from self._of_page(query, link, exchange)

    def _of_page(self, query: str, link: str, exchange: Exchange) -> Iterator[Case]:
        position, visited = self._position(link), self.visited[query]
        yield Case("page", "time × position", f"{self._time('page', link)} × {position}")
        for other in visited:
            if link not in visited:
                yield Case("page", "first read in order", f"{self._position(other)} before {position}")
                if {position, self._position(other)} == {"middle"} and self.numbers[other] > self.numbers[link]:
                    yield Case("page", "first read in order", "a later middle before an earlier")
        for other in visited[-1:]:
            yield Case("page", "read in order", f"{self._position(other)} before {position}")
        visited.append(link)
        yield from self._sizes(query, link, exchange)

    def _sizes(self, query: str, link: str, exchange: Exchange) -> Iterator[Case]:
        shown = _metadata(exchange)
        rows, total, size = shown.get("rows"), shown.get("totalRows"), self.sizes.get(query)
        if not isinstance(rows, int) or not isinstance(total, int):
            return
        if total >= MANY:
            yield Case("page", "rows", f"{MANY} and more in all")
        if self.numbers[link] >= DEEP:
            yield Case("page", "depth", f"page {DEEP} and deeper")
        if rows in (0, 1):
            yield Case("page", "rows", "one" if rows else "none")
        if size:
            yield Case("page", "rows", "a full page" if rows == size else "a last page with fewer")
            yield Case("submit", "pageSize", _size(size, total))

    def _time(self, *key: str) -> str:
        self.times[key] += 1
        return TIMES[min(self.times[key] - 1, 2)]

    def _position(self, link: str) -> str:
        query = self.query_of[link]
        numbers = [self.numbers[one] for one, its in self.query_of.items() if its == query]
        return "first" if self.numbers[link] == 1 else "last" if self.numbers[link] == max(numbers) else "middle"

    def _number(self, link: str, exchange: Exchange) -> None:
        """Number the pages that an answer links to."""
        query = self.query_of[link]
        for rel, step in (("next", 1), ("prev", -1), ("previous", -1)):
            if found := _linked(exchange, rel):
                self.query_of.setdefault(found, query)
                self.numbers.setdefault(found, self.numbers[link] + step)
        shown, size = _metadata(exchange), self.sizes.get(query)
        if (last := _linked(exchange, "last")) and size and isinstance(shown.get("totalRows"), int):
            self.query_of.setdefault(last, query)
            self.numbers.setdefault(last, max(1, -(-shown["totalRows"] // size)))

    def _keep(self, call: Call, exchange: Exchange) -> None:
        if call.operation in ("submit", "sync") and (exchange.succeeded or exchange.status_code == 303):
            self.modes.append(call.operation)
        if call.operation == "submit" and (location := operations.location(exchange)):
            link, asked = urlsplit(location).path, _request(exchange)
            self.queries[link] = self.query_of[link] = link
            self.numbers[link] = 1
            self.bodies.append(asked)
            if asked.get("pageSize", "").isdigit():
                self.sizes[link] = int(asked["pageSize"])


def _request(exchange: Exchange) -> dict[str, str]:
    """The members of a submission and the arguments of its URL that decide what is found, as texts."""
    asked = {name: values[0] for name, values in parse_qs(urlsplit(exchange.request.url).query).items()}
    times = [asked.pop(name, "") for name in ("start", "end", "timeRange")]
    asked.pop("async", None)
    try:
        body = json.loads(exchange.request.body or b"{}")
    except ValueError:
        body = {}
    return {**asked, "time range": " ".join(times), **{name: json.dumps(value) for name, value in body.items()}}


def _size(size: int, total: int) -> str:
    if size == 1:
        return "1"
    if size >= total:
        return "all rows" if size == total else "more than all rows"
    return "leaves a remainder" if total % size else "divides the rows"


def _alike(one: str, other: str) -> int:
    return sum(first == second for first, second in zip(one, other, strict=False))
