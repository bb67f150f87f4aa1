"""Queries in transcripts, as the checks read them: what was polled, which pages were walked, what led where.

Rule: pure over transcripts; the names of steps and facts are those that `walking` gives.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from pytest_reportconformance.akamai_reporting import links, observation, page_sizes, row_order
from pytest_reportconformance.akamai_reporting.observation import Page
from pytest_reportconformance.judging import expect
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.transcript import Transcript

UNPAGED = {"part": "whole", "pairs": "all", "threes": "all"}
"""Queries with a page size, each with the one that is the same without."""
SINGLE = ("whole", "all", "one", "bare", "braces", "empty", "watched", "twin", "hasty")
"""Queries whose result is one page."""
NAMES = (*UNPAGED, "single", "moving", *SINGLE)
COUNT = "akamai_reporting.pages.count"
REACH_ALL = "akamai_reporting.links.reach-all"


@dataclass(frozen=True)
class Walk:
    """One query of a transcript with the pages that were fetched from its Location along `next`, in order."""

    transcript: Transcript
    name: str

    @property
    def submitted(self) -> Exchange:
        """The submission."""
        return self.transcript[f"{self.name}-submit"]

    @cached_property
    def fetched(self) -> list[Page]:
        """The answers along `next`, with or without data; raises NotReached where the query was not polled."""
        first = Page(self.transcript[f"{self.name}-poll"], self.transcript.fact(f"{self.name}-link"))
        return [first, *self._fetched("links")]

    @cached_property
    def pages(self) -> list[Page]:
        """The pages along `next`: the first answer, whatever it is, and those after it that have data."""
        return [self.fetched[0], *(page for page in self.fetched[1:] if page.has_data)]

    @cached_property
    def strays(self) -> list[Page]:
        """The pages that other links led to, in order of fetching."""
        return self._fetched("strays")

    @property
    def beside(self) -> list[Page]:
        """Those of the strays that have data."""
        return [page for page in self.strays if page.has_data]

    @cached_property
    def again(self) -> list[Page]:
        """The answers with data to further GETs of pages along `next`, in order of pages."""
        steps = [
            (f"{self.name}-{how}-{number}", page.asked)
            for number, page in enumerate(self.pages, 1)
            for how in ("again", "backward")
        ]
        found = [Page(self.transcript[step], link) for step, link in steps if step in self.transcript]
        return [page for page in found if page.has_data]

    @property
    def told(self) -> list[Page]:
        """The pages along `next` and what further GETs of them were answered."""
        return [*self.pages, *self.again]

    def _fetched(self, fact: str) -> list[Page]:
        asked = self.transcript.facts.get(f"{self.name}-{fact}", {})
        return [Page(self.transcript[step], link) for step, link in asked.items() if step in self.transcript]

    @property
    def size(self) -> int:
        """The page size that was asked for."""
        found = self.transcript.fact(f"{self.name}-size")
        assert isinstance(found, int)
        return found

    @property
    def ended(self) -> str:
        """Why the walk along `next` ended."""
        return str(self.transcript.fact(f"{self.name}-ended"))

    @cached_property
    def result(self) -> int:
        """How many rows the whole result has: by the query without page size, else by totalRows of the first page."""
        sibling = UNPAGED.get(self.name)
        if sibling is not None and f"{sibling}-poll" in self.transcript:
            whole = Walk(self.transcript, sibling)
            if all(page.has_data for page in whole.pages) and whole.ended == "no next":
                return whole.count
        return self.pages[0].total or 0

    @property
    def count(self) -> int:
        """How many rows the pages along `next` hold."""
        return sum(len(page.rows) for page in self.pages)

    @property
    def several(self) -> bool:
        """Whether the result has more rows than its page size."""
        return self.result > self.size

    @cached_property
    def distinct(self) -> list[Page]:
        """The pages along `next`, and those strays that are none of them."""
        return [*self.pages, *(page for page in self.beside if self._number(page) is None)]

    def number_of(self, url: str) -> int | None:
        """Which page a link leads to, counted from 0 along `next`; None where to none of them.

        Raises NotReached (inconclusive) where the link was never fetched.
        """
        for page in (*self.pages, *self.strays):
            if links.same(page.asked, url):
                return self._number(page)
        itself = self.pages[0].target("self")
        expect.seen(itself is not None and links.same(itself, url), f"{url} was not fetched")
        return 0

    def _number(self, page: Page) -> int | None:
        """The number of a page by its link, else by its rows, and of several with equal rows by its self link."""
        by_link = [number for number, known in enumerate(self.pages) if links.same(known.asked, page.asked)]
        if by_link:
            return by_link[0]
        known = [number for number, one in enumerate(self.pages) if page.has_data and one.rows == page.rows]
        itself = page.target("self")
        by_self = [number for number in known if itself and links.same(itself, self.pages[number].asked)]
        return next(iter([*by_self, *known]), None)

    @property
    def reached_all(self) -> bool:
        """Whether as many pages were reached as the rows of the result fill.

        A result whose totalRows is what the pages hold has no page beside them, however many rows it should have.
        """
        shapeless = any(observation.has_data(one.exchange) and not one.has_data for one in self.fetched)
        expect.precondition(not shapeless, "a page has no array data", by="akamai_reporting.ready.data-array")
        held = sum(len(page.rows) for page in self.distinct)
        expected = held if self.pages[0].total == held else self.result
        found = held >= self.result or len(self.distinct) >= page_sizes.pages(expected, self.size)
        if not found and self.transcript.ended is not None:
            raise self.transcript.not_reached(f"{self.name}-ended")
        return found

    @property
    def final(self) -> int:
        """The number of the page with the last rows; blocked where `next` did not lead to all pages."""
        expect.precondition(self.reached_all, "not all pages were reached", by=REACH_ALL)
        expect.precondition(len(self.distinct) == len(self.pages), "next does not lead to all pages", by=COUNT)
        return max(number for number, page in enumerate(self.pages) if page.rows or number == 0)


def walks(names: Sequence[str], *transcripts: Transcript) -> list[Walk]:
    """The queries of those names that were polled; raises NotReached where there is none."""
    found = [Walk(one, name) for name in names for one in transcripts if f"{name}-poll" in one]
    if not found:
        raise transcripts[0].not_reached(f"{names[0]}-poll")
    readable = [walk for walk in found if observation.has_data(walk.pages[0].exchange)]
    return readable or found


def in_pages(*transcripts: Transcript) -> list[Walk]:
    """The queries with more rows than their page size; not applicable where there is none."""
    found = [walk for walk in walks([*UNPAGED], *transcripts) if walk.pages[0].rows is not None and walk.several]
    expect.applies(bool(found), "no result has more rows than its page size")
    return found


def pages(*transcripts: Transcript) -> list[Page]:
    """All answers along `next` to all queries that were polled, and the data of further GETs and of other links."""
    found = walks(NAMES, *transcripts)
    return [page for walk in found for page in (*walk.fetched, *walk.again, *walk.beside)]


def columns(submission: Exchange, *transcripts: Transcript) -> set[str]:
    """The columns of the rows that a submission asks for, else those that its rows turned out to have."""
    asked = json.loads(submission.request.body or b"{}")
    if named := {*asked.get("metrics", ()), *asked.get("dimensions", ())}:
        return named
    query = submission.name.removesuffix("submit")
    answers = [one for transcript in transcripts for one in transcript.starting(query)]
    return {column for one in answers for column in one.observations.get("page", {}).get("sample", ())}


def submissions(*transcripts: Transcript) -> list[Exchange]:
    """The submissions that were answered 303; raises NotReached where there is none."""
    sent = [one for transcript in transcripts for one in transcript if one.name.endswith("-submit")]
    found = [one for one in sent if one.response is not None and one.trouble is None and one.status == 303]
    if not found:
        raise transcripts[0].not_reached("submit")
    return found


@dataclass(frozen=True)
class Series:
    """Every GET of a query's Location in one transcript, in order of time."""

    name: str
    link: str
    submitted: Exchange
    exchanges: list[Exchange]

    @property
    def ready(self) -> int | None:
        """The index of the first answer with data, None where there is none."""
        return next((at for at, one in enumerate(self.exchanges) if observation.has_data(one)), None)

    @property
    def pending(self) -> list[Exchange]:
        """The answers before the data was ready.

        Where it never was, those before the last 303; what comes after that is for another requirement to judge.
        """
        end = self.ready
        if end is None:
            end = max((at + 1 for at, one in enumerate(self.exchanges) if _status(one) == 303), default=0)
        return [one for one in self.exchanges[:end] if _status(one) != 429]

    @property
    def begins_anew(self) -> bool:
        """Whether it was pending again after it was ready."""
        return any(_status(one) == 303 for one in self.after)

    @property
    def after(self) -> list[Exchange]:
        """The answers from the first one with data on."""
        return [] if self.ready is None else self.exchanges[self.ready :]


def _status(exchange: Exchange) -> int:
    return exchange.response.status if exchange.response is not None else 0


POLLS = ("at-once", "poll", "again-1", "again-2", "late-1", "late-2")


def series(*transcripts: Transcript) -> list[Series]:
    """The series of GETs of all queries that were polled; raises NotReached where there is none."""
    found = list(_series(transcripts))
    if not found:
        raise transcripts[0].not_reached("poll")
    return found


def _series(transcripts: Sequence[Transcript]) -> Iterator[Series]:
    for transcript in transcripts:
        for name in NAMES:
            steps = {f"{name}-{poll}" for poll in POLLS}
            exchanges = [one for one in transcript if one.name in steps]
            if exchanges and f"{name}-submit" in transcript:
                yield Series(name, transcript.fact(f"{name}-link"), transcript[f"{name}-submit"], exchanges)


def pending(*transcripts: Transcript) -> list[tuple[Series, Exchange]]:
    """Every answer before the data was ready; not applicable where every query was ready at its first poll."""
    found = [(one, exchange) for one in series(*transcripts) for exchange in one.pending]
    expect.applies(bool(found), "every query was ready at its first poll")
    return found


def waited_for(*transcripts: Transcript) -> list[Walk]:
    """The queries that were polled until they should be ready; raises NotReached where there is none."""
    found = [Walk(one, name) for one in transcripts for name in NAMES if f"{name}-poll" in one]
    if not found:
        raise transcripts[0].not_reached("poll")
    return found


def late(polled: Transcript) -> Page:
    """The query that was left alone, as it was last asked for before it was waited for as well."""
    name = "twin-late-2" if "twin-late-2" in polled else "twin-late-1"
    return Page(polled[name], polled.fact("twin-link"))


def has_ties(walk: Walk) -> bool:
    """Whether rows that follow each other are equal in all sorted columns, so that their order is open."""
    orders = [page.seen["order"] for page in walk.pages if "order" in page.seen]
    edges = [order["edges"] for order in orders if order["edges"]]
    across = any(one[1] == other[0] for one, other in itertools.pairwise(edges))
    return across or any(order["ties"] for order in orders)


def cut_anywhere(walk: Walk) -> bool:
    """Whether a limit cuts rows off in no order, asked for and kept, so that another query may yield others of them."""
    asked = json.loads(walk.submitted.request.body or b"{}")
    orders = [page.seen["order"] for page in walk.pages if page.rows and "order" in page.seen]
    kept = bool(asked.get("sortBys")) and row_order.first_fault(orders) is None
    return "limit" in asked and not kept and walk.count >= asked["limit"]
