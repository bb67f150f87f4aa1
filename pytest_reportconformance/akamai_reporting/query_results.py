"""Queries in transcripts, as the checks read them: what was polled, which pages were fetched, where links lead.

Rule: pure over transcripts; `query_steps` gives the steps and facts their names.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from pytest_reportconformance.akamai_reporting import links, observation, page_sizes
from pytest_reportconformance.akamai_reporting.fetches import fetches
from pytest_reportconformance.akamai_reporting.observation import Page
from pytest_reportconformance.judging import expect
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.failures import NotReached
from pytest_reportconformance.transcript.transcript import Transcript, cut_short

UNPAGED = {"part": "whole", "pairs": "all", "threes": "all"}
"""Queries with a page size, each with the one that is the same without."""
WALKED = (*UNPAGED, "one", "single")
"""Queries with a page size whose pages are all fetched."""
SYNCHRONOUS = ("one",)
"""Queries with the same request in synchronous mode in their transcript."""
BEGUN = ("moving", "valid", "own", "ready")
"""Queries with a page size of which some pages are fetched."""
Transcripts = tuple[Transcript, ...]
SINGLE = ("whole", "all", "asynchronous", "bare", "braces", "empty", "watched", "twin", "impatient")
"""Queries whose result is one page."""
UNPOLLED = "twin"
"""A query that is fetched only once an equal one is ready."""
NAMES = (*WALKED, *BEGUN, *SINGLE)
COUNT = "akamai_reporting.pages.count"
REACH_ALL = "akamai_reporting.links.reach-all"


@dataclass(frozen=True)
class QueryResult:
    """One query of a transcript with the pages that were fetched from its Location along `next`, in order."""

    transcript: Transcript
    name: str

    @property
    def submitted(self) -> Exchange:
        """The submission."""
        return self.transcript[f"{self.name}-submit"]

    @cached_property
    def fetched(self) -> list[Page]:
        """The answers along `next`, with or without data; raises NotReached if the query was not polled."""
        step = first_answer(self.transcript, self.name) or f"{self.name}-poll"
        first = Page(self.transcript[step], self.transcript.fact(f"{self.name}-link"))
        return [first, *self._fetched("links")]

    @cached_property
    def pages(self) -> list[Page]:
        """The pages along `next`: the first answer, with or without data, and those after it that have data."""
        return [self.fetched[0], *(page for page in self.fetched[1:] if page.has_data)]

    @cached_property
    def strays(self) -> list[Page]:
        """The pages that other links led to, in order of fetching."""
        return self._fetched("strays")

    @cached_property
    def ahead(self) -> list[Page]:
        """The pages that were fetched from the last one backward, before those between."""
        return self._fetched("ahead")

    @property
    def stray_pages(self) -> list[Page]:
        """Those of the strays that have data."""
        return [page for page in self.strays if page.has_data]

    @cached_property
    def repeats(self) -> list[Page]:
        """The answers with data to further GETs of pages along `next` by their owner, in order of pages."""
        known = {page.exchange.name for page in (*self.fetched, *self.strays, *self.ahead)}
        numbers = {links.normal(page.url): number for number, page in reversed([*enumerate(self.pages)])}
        others = [one for one in fetches(self.transcript) if one.name not in known]
        found = [(numbers[url], one) for one in others if (url := links.normal(one.request.url)) in numbers]
        pages = [Page(one, one.request.url) for _, one in sorted(found, key=lambda pair: pair[0])]
        return [page for page in pages if page.has_data]

    @property
    def answers(self) -> list[Page]:
        """The pages along `next` and what other GETs of them were answered."""
        return [*self.pages, *self.repeats, *(page for page in self.ahead if page.has_data)]

    @property
    def everything(self) -> list[Page]:
        """The answers, and the pages that other links led to."""
        return [*self.answers, *self.stray_pages]

    @property
    def numbered(self) -> list[tuple[int, Page]]:
        """The answers, each with the number of its page, those along `next` first; without those of other links."""
        known = [(page, self._number_by_link(page)) for page in self.answers]
        return [(number, page) for page, number in known if number is not None]

    def _number_by_link(self, page: Page) -> int | None:
        return next((number for number, known in enumerate(self.pages) if links.same(known.url, page.url)), None)

    def _fetched(self, fact: str) -> list[Page]:
        asked = self.transcript.facts.get(f"{self.name}-{fact}", {})
        return [Page(self.transcript[step], link) for step, link in asked.items() if step in self.transcript]

    @property
    def size(self) -> int:
        """The requested page size."""
        found = self.transcript.fact(f"{self.name}-size")
        assert isinstance(found, int)
        return found

    @property
    def ended(self) -> str:
        """Why following `next` ended."""
        return str(self.transcript.fact(f"{self.name}-ended"))

    @cached_property
    def expected_rows(self) -> int:
        """How many rows the whole result has: by the query without page size, else the least number that is known."""
        sibling = UNPAGED.get(self.name)
        if sibling is not None and f"{sibling}-poll" in self.transcript:
            whole = QueryResult(self.transcript, sibling)
            if all(page.has_data for page in whole.pages) and whole.ended == "no next":
                return whole.fetched_rows
        known = [self.pages[0].total or 0, *self._most_rows()]
        return min(known)

    def _most_rows(self) -> Iterator[int]:
        """How many rows the result has at most: by the same request at once, and by its limit."""
        sync = f"{self.name}-sync"
        if self.name in SYNCHRONOUS and sync in self.transcript:
            yield from (len(page.rows) for page in [Page(self.transcript[sync], "")] if page.has_data)
        if "limit" in (asked := json.loads(self.submitted.request.body or b"{}")):
            yield asked["limit"]

    @property
    def fetched_rows(self) -> int:
        """How many rows the pages along `next` hold."""
        return sum(len(page.rows) for page in self.pages)

    @property
    def cut_short(self) -> bool:
        """Whether there are more pages than the limit of the request allows: they were not all fetched."""
        ended = self.transcript.facts.get(f"{self.name}-ended")
        return ended == "more pages than expected" and self.fetched_rows < self.expected_rows

    @property
    def has_several_pages(self) -> bool:
        """Whether the result has more rows than its page size."""
        return self.expected_rows > self.size

    @cached_property
    def distinct(self) -> list[Page]:
        """The pages along `next`, and those strays that are none of them."""
        return [*self.pages, *(page for page in self.stray_pages if not self._repeated(page))]

    def _repeated(self, page: Page) -> bool:
        """Whether a page is one along `next`, if need be with its rows in another order."""
        rows = observation.multiset([page])
        known = any(observation.multiset([one]) == rows for one in self.pages if one.has_data)
        return known or self._number(page) is not None

    @property
    def begins_at_first(self) -> bool:
        """Whether the page at the Location is the one that its first link leads to, if it has such a link."""
        first = self.pages[0].target("first")
        return first is None or self.number_of(first) == 0

    def leads_to(self, url: str, number: int) -> bool:
        """Whether a link leads to the page of that number: it is its link, or gives its rows.

        Raises NotReached (inconclusive) if the link was never fetched.
        """
        found = self.number_of(url)
        if found == number or any(links.same(page.url, url) for page in self.pages):
            return found == number
        return any(page.has_data and page.rows == self.pages[number].rows for page in self._at(url))

    def knows(self, url: str) -> bool:
        """Whether a link was fetched."""
        return any(links.same(page.url, url) for page in (*self.pages, *self.strays))

    def _at(self, url: str) -> list[Page]:
        return [page for page in self.strays if links.same(page.url, url)]

    def number_of(self, url: str) -> int | None:
        """Which page a link leads to, counted from 0 along `next`; None if to none of them.

        Raises NotReached (inconclusive) if the link was never fetched.
        """
        for page in (*self.pages, *self.strays):
            if links.same(page.url, url):
                return self._number(page)
        itself = self.pages[0].target("self")
        expect.seen(itself is not None and links.same(itself, url), f"{url} was not fetched")
        return 0

    def _number(self, page: Page) -> int | None:
        """The number of a page by its link, else by its rows, and of several with equal rows by its self link."""
        by_link = self._number_by_link(page)
        if by_link is not None:
            return by_link
        known = [number for number, one in enumerate(self.pages) if page.has_data and one.rows == page.rows]
        itself = page.target("self")
        by_self = [number for number in known if itself and links.same(itself, self.pages[number].url)]
        return next(iter([*by_self, *known]), None)

    @property
    def reached_all(self) -> bool:
        """Whether as many pages were reached as the rows of the result fill.

        If totalRows of the first page is the number of rows on the pages, no further page is expected.
        """
        shapeless = any(observation.has_data(one.exchange) and not one.has_data for one in self.fetched)
        expect.precondition(not shapeless, "a page has no array data", by="akamai_reporting.ready.data-array")
        held = sum(len(page.rows) for page in self.distinct)
        expected = held if self.pages[0].total == held else self.expected_rows
        found = held >= self.expected_rows or len(self.distinct) >= page_sizes.pages(expected, self.size)
        if not found and self.transcript.ended is not None:
            raise self.transcript.not_reached(f"{self.name}-ended")
        return found

    @property
    def final(self) -> int:
        """The number of the page with the last rows; blocked if `next` did not lead to all pages."""
        expect.precondition(self.reached_all, "not all pages were reached", by=REACH_ALL)
        expect.precondition(len(self.distinct) == len(self.pages), "next does not lead to all pages", by=COUNT)
        return max(number for number, page in enumerate(self.pages) if page.rows or number == 0)


def first_answer(transcript: Transcript, name: str) -> str | None:
    """The step with the answer that ended the polling of a query; of one that was not polled, its last GET."""
    ends = ("poll", "late-2", "late-1") if name == UNPOLLED else ("poll",)
    return next((step for end in ends if (step := f"{name}-{end}") in transcript), None)


def query(transcript: Transcript, name: str) -> QueryResult:
    """A query of a transcript, the same object for every check: many ask for the same pages."""
    return transcript.once(("query", name), lambda one: QueryResult(one, name))


def results(names: Sequence[str], *transcripts: Transcript) -> list[QueryResult]:
    """The queries of those names that were polled; raises NotReached if there is none."""
    found = [query(one, name) for name in names for one in transcripts if first_answer(one, name)]
    if not found:
        raise cut_short(transcripts).not_reached(f"{names[0]}-poll")
    readable = [result for result in found if observation.has_data(result.pages[0].exchange)]
    return readable or found


def walked(*transcripts: Transcript) -> list[QueryResult]:
    """The queries with a page size whose pages were all fetched; inconclusive if there is none."""
    known = results([*WALKED], *transcripts)
    found = [one for one in known if not one.pages[0].has_data or not one.cut_short]
    expect.seen(bool(found), "there are more pages than were fetched")
    return found


def in_several_pages(*transcripts: Transcript) -> list[QueryResult]:
    """The queries with more rows than their page size; not applicable if there is none."""
    found = [result for result in walked(*transcripts) if result.pages[0].rows is not None and result.has_several_pages]
    expect.applies(bool(found), "no result has more rows than its page size")
    return found


def in_pages(*transcripts: Transcript) -> list[QueryResult]:
    """The queries with more rows than their page size, those of which only some pages were fetched included."""
    begun = [query(one, name) for name in BEGUN for one in transcripts if f"{name}-poll" in one]
    more = [one for one in begun if one.pages[0].has_data and one.has_several_pages]
    try:
        return [*in_several_pages(*transcripts), *more]
    except NotReached:
        if more:
            return more
        raise


def pages(*transcripts: Transcript) -> list[Page]:
    """All answers along `next` to all queries that were polled, and the data of further GETs and of other links."""
    found = results(NAMES, *transcripts)
    return [page for result in found for page in (*result.fetched, *result.repeats, *result.ahead, *result.stray_pages)]


def awaited(*transcripts: Transcript) -> list[QueryResult]:
    """The queries that were polled until they should be ready; raises NotReached if there is none."""
    found = [QueryResult(one, name) for one in transcripts for name in NAMES if f"{name}-poll" in one]
    if not found:
        raise cut_short(transcripts).not_reached("poll")
    return found
