"""What the answers of a walk over queries violate: what a page gave and where its links led stays so.

Rule: pure functions over answers, also over stored ones. If the documents are silent, nothing is concluded.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pytest_reportconformance.akamai_reporting import (
    http_fields,
    links,
    observation,
    operations,
    walk_links,
    walk_moves,
)
from pytest_reportconformance.akamai_reporting import walk_requirements as requirements
from pytest_reportconformance.akamai_reporting.observation import Page
from pytest_reportconformance.akamai_reporting.walk_moves import FIRST, Subject
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.failures import Broken, NotReached
from pytest_reportconformance.transcript.walk import Judged, Move, Sending, judged

Found = Iterator[Judged]


class QueryLife:
    """What the answers of one walk show of its queries.

    `facts` hold the `queries` by name, each with the facts of its `report` and its `size`, and whether the target is
    `guarded`: tells identities apart.
    """

    def __init__(self, facts: Mapping[str, Any]) -> None:
        self.queries: Mapping[str, Any] = facts.get("queries", {})
        self.guarded = bool(facts.get("guarded"))
        self.subjects: dict[str, Subject] = {}
        self.sessions = 0

    def begin(self, subjects: Iterable[str]) -> list[Move]:
        """Submit each query, and wait until it is ready."""
        return [Move(subject, action) for subject in subjects for action in ("submit", "await")]

    def adopt(self, known: Mapping[str, str]) -> list[Move]:
        """Continue with ready queries, links by name."""
        for name, link in known.items():
            self._subject(name).location = link
        return [Move(name, "await") for name in known]

    def moves(self) -> list[tuple[Move, int]]:
        """The pages and wrong links that can be asked for now, each with its weight."""
        new = f"new-{self.sessions + 1}"
        return [move for one in self.subjects.values() for move in walk_moves.allowed(one, self.guarded, new)]

    def sending(self, move: Move) -> Sending | None:
        """How a move is sent; None if no link to the page is known in this walk."""
        return walk_moves.sending(move, self._subject(move.subject), self.queries[move.subject]["report"])

    def see(self, move: Move, exchange: Exchange) -> Found:
        """What an answer violates. An answer that cannot be read is left to the checks of its operation."""
        if exchange.response is None or exchange.error is not None or move.subject not in self.queries:
            return
        self.sessions += bool(move.session)
        try:
            yield from self._of(self._subject(move.subject), move, exchange)
        except (Broken, NotReached):
            return

    def _subject(self, name: str) -> Subject:
        size = int(self.queries.get(name, {}).get("size", 1))
        return self.subjects.setdefault(name, Subject(name, size))

    def _of(self, subject: Subject, move: Move, exchange: Exchange) -> Found:
        if move.action == "submit":
            yield from self._submitted(subject, exchange)
        elif move.action == "await":
            subject.location = subject.location or exchange.request.url
            if observation.has_data(exchange):
                subject.ready = True
                subject.pages[FIRST], subject.numbers[links.normal(subject.location)] = subject.location, 1
                yield from _read(subject, FIRST, move.session, exchange)
        elif _may_be_evicted(subject, exchange):
            return
        elif walk_moves.fault_of(move) in requirements.WRONG:
            id, allowed, expected = requirements.WRONG[walk_moves.fault_of(move)]
            yield judged(id, exchange.status_code in allowed, expected, exchange.status_code, exchange)
            yield _without_rows("akamai_reporting.errors.no-rows", exchange)
        elif move.identity != "owner":
            yield from _of_another(subject, move, exchange)
        elif walk_moves.page_of(move) in subject.pages:
            yield from _fetched(subject, walk_moves.page_of(move), move.session, exchange)

    def _submitted(self, subject: Subject, exchange: Exchange) -> Found:
        """Another id than those of the other queries of the walk."""
        subject.location = operations.location(exchange) or ""
        subject.asked = (exchange.request.url, exchange.request.body)
        for other in self.subjects.values():
            id, known = links.query_id(subject.location), links.query_id(other.location)
            if other is not subject and id and known:
                equal = other.asked == subject.asked
                by = "akamai_reporting.ids.unique-when-equal" if equal else "akamai_reporting.ids.unique"
                yield judged(by, id != known, f"an id other than that of {other.name!r}", id, exchange)


def _may_be_evicted(subject: Subject, exchange: Exchange) -> bool:
    """Whether the evictionTime of a query is over, after which any answer is lawful."""
    value = subject.said.get("evictionTime")
    until = observation.moment(str(value)) if observation.is_date_time(value) else None
    return until is not None and http_fields.clock(exchange) >= until - 1


def _of_another(subject: Subject, move: Move, exchange: Exchange) -> Found:
    """A page that someone else asks for."""
    of_location = walk_moves.page_of(move) == FIRST
    id, allowed = (requirements.POLL_REFUSED if of_location else requirements.PAGE_REFUSED)[move.identity]
    expected = " or ".join(map(str, allowed))
    yield judged(id, exchange.status_code in allowed, expected, exchange.status_code, exchange)
    id, leads = requirements.NO_DATA[move.identity], exchange.header_values("Location")
    yield _without_rows(id, exchange)
    yield judged(id, not leads, "no Location", leads, exchange)
    subject.moved.update(subject.rows)


def _without_rows(id: str, exchange: Exchange) -> Judged:
    none = not observation.carries_rows(exchange)
    return judged(id, none, "no rows", f"{exchange.status_code} with rows", exchange)


def _fetched(subject: Subject, name: str, session: str, exchange: Exchange) -> Found:
    """A page of a ready query that its owner asks for."""
    there = observation.has_data(exchange)
    if name == FIRST:
        again = exchange.status_code == 303
        yield judged("akamai_reporting.poll.stays-ready", not again, "200, as before", exchange.status_code, exchange)
        if not again:
            id = "akamai_reporting.ready.same-rows"
            yield judged(id, there, "the rows of before", exchange.status_code, exchange)
    else:
        yield judged("akamai_reporting.links.get-page", there, "the rows of the page", exchange.status_code, exchange)
    if there:
        yield from _read(subject, name, session, exchange)


def _read(subject: Subject, name: str, session: str, exchange: Exchange) -> Found:
    """A page that came: compared with what it gave before, and with what the other pages gave."""
    page = Page(exchange, subject.pages[name])
    url = links.normal(page.url)
    yield judged("akamai_reporting.ready.status", exchange.status_code == 200, "200", exchange.status_code, exchange)
    yield from _same_rows(subject, url, session, page)
    subject.read.setdefault(name, page.rows)
    if subject.is_paged or page.link("next") is not None:
        yield from _alike(subject, page)
        yield from walk_links.linked(subject, name, page)
    yield from _counted(subject, name, page)
    subject.moved = {other for other in subject.rows if other != url or session}
    subject.pages.update(walk_moves.named_pages(subject, name, page))


def _same_rows(subject: Subject, url: str, session: str, page: Page) -> Found:
    known, rows, exchange = subject.rows.setdefault(url, page.rows), page.rows, page.exchange
    same = Counter(known) == Counter(rows)
    others = sum((Counter(rows) - Counter(known)).values())
    expected, found = f"the {len(known)} rows of before", f"{len(rows)} rows, {others} of them others"
    yield judged("akamai_reporting.pages.same-rows", same, expected, found, exchange)
    if links.same(page.url, subject.location):
        yield judged("akamai_reporting.ready.same-rows", same, expected, found, exchange)
    if session or url in subject.moved:
        yield judged("akamai_reporting.pages.any-order", same, expected, found, exchange)
    if same:
        order = known == rows
        yield judged("akamai_reporting.pages.same-order", order, "the order of before", "another one", exchange)


def _alike(subject: Subject, page: Page) -> Found:
    """Members of metadata that are equal on all pages."""
    metadata = page.seen.get("metadata")
    for name, id in requirements.EQUAL.items():
        if isinstance(metadata, dict) and name in {**metadata, **subject.said}:
            value = metadata.get(name)
            known = subject.said.setdefault(name, value)
            yield judged(id, value == known, f"{name} {known}", value, page.exchange)


def _counted(subject: Subject, name: str, page: Page) -> Found:
    """How many rows a page gave, and how many rows all pages along `next` gave if all were read."""
    count, size = len(page.rows), subject.size
    yield judged("akamai_reporting.pages.at-most", count <= size, f"at most {size} rows", count, page.exchange)
    if not name.isdigit():
        return
    if subject.read.get(str(int(name) + 1)) and subject.numbers.get(subject.following.get(name, "")) == int(name) + 1:
        yield judged("akamai_reporting.pages.full", count == size, f"{size} rows", count, page.exchange)
    total, final = page.total, subject.final
    if total is not None and final is not None and final > 1:
        held = subject.held(final)
        id, expected = "akamai_reporting.pages.total-rows-sum", f"totalRows {held}, as all pages hold"
        yield judged(id, total == held, expected, total, page.exchange)
