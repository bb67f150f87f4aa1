"""Checks of what the pages of a result hold."""

from __future__ import annotations

import pytest

from pytest_reportconformance.akamai_reporting import (
    assertions,
    links,
    observation,
    page_sizes,
    query_conditions,
    query_results,
)
from pytest_reportconformance.akamai_reporting.assertions import same_rows
from pytest_reportconformance.akamai_reporting.observation import Page
from pytest_reportconformance.akamai_reporting.query_results import REACH_ALL, QueryResult, Transcripts
from pytest_reportconformance.judging import expect
from pytest_reportconformance.register.register import requirement
from pytest_reportconformance.transcript.transcript import Transcript

MISSING = "akamai_reporting.pages.nothing-missing"
SAME_ROWS = "akamai_reporting.pages.same-rows"


@requirement("akamai_reporting.pages.full")
def test_every_page_but_the_last_is_full(paged: Transcript, ordered: Transcript, row_by_row: Transcript) -> None:
    for result in query_results.in_several_pages(paged, ordered, row_by_row):
        for page in result.pages[:-1]:
            expect.equal(len(page.rows), result.size, "the number of rows", page.exchange)


@requirement("akamai_reporting.pages.at-most")
def test_no_page_holds_more_than_its_size(akamai_reporting_transcripts: Transcripts) -> None:
    names = (*query_results.WALKED, *query_results.BEGUN)
    for result in query_results.results(names, *akamai_reporting_transcripts):
        for page in (*result.distinct, *result.answers):
            expect.that(len(page.rows) <= result.size, f"at most {result.size} rows", len(page.rows), page.exchange)


@requirement("akamai_reporting.pages.last-not-empty")
def test_the_last_page_has_a_row(paged: Transcript, ordered: Transcript, row_by_row: Transcript) -> None:
    found = query_results.results(query_results.WALKED, paged, ordered, row_by_row)
    with_rows = [result for result in found if result.pages[0].rows]
    expect.applies(bool(with_rows), "no result has rows")
    for result in with_rows:
        expect.that(len(result.pages[-1].rows) > 0, "at least one row", 0, result.pages[-1].exchange)


def beside_unpaged(paged: Transcript, ordered: Transcript) -> list[tuple[QueryResult, dict[str, int], dict[str, int]]]:
    """Each paged result with its rows and those of the same request without pageSize, if both are complete."""
    found = []
    comparable = [one for one in query_results.in_several_pages(paged, ordered) if one.name in query_results.UNPAGED]
    expect.applies(bool(comparable), "no result with a query without page size has more rows than its page size")
    for result in comparable:
        whole = QueryResult(result.transcript, query_results.UNPAGED[result.name])
        expect.precondition(result.reached_all, f"not all pages of {result.name!r} were reached", by=REACH_ALL)
        fixed = not query_conditions.has_ties(whole) and not query_conditions.cut_anywhere(whole)
        if whole.ended == "no next" and fixed and result.ended != "more pages than expected":
            found.append((result, observation.multiset(result.distinct), observation.multiset(whole.pages)))
    expect.seen(bool(found), "no result was fetched whole without a page size")
    return found


def volatile(paged: Transcript, result: QueryResult, held: dict[str, int], unpaged: dict[str, int]) -> bool:
    """Whether a synchronous request returns other rows than both: the rows change from request to request."""
    sync = Page(paged["sync"], "") if result.transcript is paged and "sync" in paged else None
    if sync is None or not sync.has_data or sync.metadata.get("hasMoreRows") is True:
        return False
    return observation.multiset([sync]) not in (held, unpaged)


@requirement("akamai_reporting.pages.nothing-missing")
def test_the_pages_hold_every_row(paged: Transcript, ordered: Transcript) -> None:
    for result, held, unpaged in beside_unpaged(paged, ordered):
        missing = [row for row, times in unpaged.items() if held.get(row, 0) < times]
        expect.seen(not missing or not volatile(paged, result, held, unpaged), "the rows change from query to query")
        expect.that(
            not missing,
            f"every row of the unpaged result on the pages of {result.name!r}",
            f"{len(missing)} rows are missing",
            result.pages[-1].exchange,
        )


@requirement("akamai_reporting.pages.nothing-extra")
def test_the_pages_hold_no_extra_row(paged: Transcript, ordered: Transcript) -> None:
    for result, held, unpaged in beside_unpaged(paged, ordered):
        extra = [row for row, times in held.items() if unpaged.get(row, 0) < times]
        expect.seen(not extra or not volatile(paged, result, held, unpaged), "the rows change from query to query")
        expect.that(
            not extra,
            f"no row more often than unpaged on the pages of {result.name!r}",
            f"{len(extra)} rows are",
            result.pages[-1].exchange,
        )


def again(paged: Transcript, how: str) -> list[tuple[Page, Page]]:
    """Each page with the same page as it was fetched again."""
    result = QueryResult(paged, "part")
    return [
        (page, Page(paged[f"part-{how}-{number}"], page.url))
        for number, page in enumerate(result.pages, 1)
        if page.rows is not None
    ]


@requirement("akamai_reporting.pages.same-rows")
def test_a_page_holds_the_same_rows_at_every_get(paged: Transcript) -> None:
    for page, later in again(paged, "again"):
        expect.that(
            same_rows(page, later),
            f"the {len(page.rows)} rows of the GET before",
            later.exchange.status_code,
            later.exchange,
        )


@requirement("akamai_reporting.pages.same-order")
@pytest.mark.parametrize("how", ["again", "backward"])
def test_a_page_holds_its_rows_in_the_same_order_at_every_get(paged: Transcript, how: str) -> None:
    for page, later in again(paged, how):
        expect.precondition(same_rows(page, later), "it holds other rows", by=SAME_ROWS)
        expect.that(page.rows == later.rows, "the order of the GET before", "another order", later.exchange)


@requirement("akamai_reporting.pages.any-order")
def test_a_page_holds_the_same_rows_in_any_order_of_fetching(paged: Transcript) -> None:
    query_results.in_several_pages(paged)
    for (page, later), (_, backward) in zip(again(paged, "again"), again(paged, "backward"), strict=True):
        expect.precondition(same_rows(page, later), "it holds other rows at every GET", by=SAME_ROWS)
        expect.that(
            same_rows(page, backward),
            f"the {len(page.rows)} rows that it has in order",
            f"{backward.exchange.status_code} with other rows",
            backward.exchange,
        )


@requirement("akamai_reporting.pages.any-order")
def test_a_page_fetched_before_those_before_it_holds_the_same_rows(ordered: Transcript) -> None:
    for result in query_results.in_several_pages(ordered):
        for early in result.ahead:
            expect.precondition(early.has_data, "a link leads to no page", by="akamai_reporting.links.get-page")
            found = [page for page in result.distinct if links.same(page.url, early.url)] or result.distinct
            alike = any(same_rows(page, early) for page in found)
            expect.seen(alike or result.ended == "no next", "not all pages were fetched in order")
            expect.that(
                alike,
                "the rows that the page has in order",
                f"{early.exchange.status_code} with other rows",
                early.exchange,
            )


@requirement("akamai_reporting.pages.count")
def test_the_number_of_pages_follows_from_rows_and_page_size(
    paged: Transcript, ordered: Transcript, row_by_row: Transcript
) -> None:
    for result in query_results.walked(paged, ordered, row_by_row):
        total, held = result.pages[0].total, sum(len(page.rows) for page in result.distinct)
        expect.applies(held > 0, "the result has no rows")
        expect.precondition(
            total == held,
            f"totalRows is {total}, the pages hold {held} rows",
            by="akamai_reporting.pages.total-rows-sum",
        )
        expect.precondition(
            result.begins_at_first, "the Location gives a later page", by="akamai_reporting.links.location-is-first"
        )
        expect.equal(
            len(result.pages),
            page_sizes.pages(held, result.size),
            "the number of pages along next",
            result.pages[-1].exchange,
        )


@requirement("akamai_reporting.pages.total-rows-equal")
def test_all_pages_have_the_same_total(akamai_reporting_transcripts: Transcripts) -> None:
    _equal("totalRows", *akamai_reporting_transcripts)


@requirement("akamai_reporting.pages.total-rows-sum")
def test_the_total_is_the_number_of_rows_on_the_pages(
    paged: Transcript, ordered: Transcript, row_by_row: Transcript
) -> None:
    for result in query_results.walked(paged, ordered, row_by_row):
        expect.precondition(result.reached_all, "not all pages were reached", by=REACH_ALL)
        total, held = result.pages[0].total, sum(len(page.rows) for page in result.distinct)
        expect.precondition(total is not None, "totalRows is no integer", by="akamai_reporting.ready.total-rows")
        expect.equal(total, held, "metadata.totalRows", result.pages[0].exchange)


@requirement("akamai_reporting.pages.total-rows-sum")
def test_the_total_is_the_number_of_rows_of_a_single_page(akamai_reporting_transcripts: Transcripts) -> None:
    known = query_results.results((*query_results.SINGLE, "ready"), *akamai_reporting_transcripts)
    found = [result.pages[0] for result in known if result.pages[0].is_single]
    expect.applies(bool(found), "no result has one page")
    for page in [page for page in found if page.total is not None]:
        expect.equal(page.total, len(page.rows), "metadata.totalRows", page.exchange)


@requirement("akamai_reporting.pages.name-equal")
def test_all_pages_have_the_same_name(akamai_reporting_transcripts: Transcripts) -> None:
    _equal("name", *akamai_reporting_transcripts)


@requirement("akamai_reporting.pages.request-time-equal")
def test_all_pages_have_the_same_request_time(akamai_reporting_transcripts: Transcripts) -> None:
    _equal("requestTime", *akamai_reporting_transcripts)


@requirement("akamai_reporting.pages.eviction-time-equal")
def test_all_pages_have_the_same_eviction_time(akamai_reporting_transcripts: Transcripts) -> None:
    _equal("evictionTime", *akamai_reporting_transcripts)


def _equal(name: str, *transcripts: Transcript) -> None:
    known = [one for one in query_results.results(query_results.NAMES, *transcripts) if one.pages[0].described]
    found = [result for result in known if any(name in page.metadata for page in result.everything if page.described)]
    expect.applies(bool(found), f"metadata has no {name}")
    for result in found:
        for page in [page for page in result.everything[1:] if page.described]:
            value, expected = page.metadata.get(name), result.pages[0].metadata.get(name)
            expect.equal(value, expected, f"metadata.{name}, as at the first GET", page.exchange)


def totally_ordered(ordered: Transcript, *names: str) -> list[list[str]]:
    """The rows of queries under a total order, one after another; blocked if they are not the same rows."""
    ordered.fact("sort_bys")
    found = [QueryResult(ordered, name) for name in names]
    expect.seen(not any(query_conditions.has_ties(result) for result in found), "the requested order is not total")
    rows = [[row for page in result.pages for row in page.rows] for result in found]
    shortest = min(map(len, rows))
    rows = [one[:shortest] for one in rows]
    expect.precondition(all(sorted(one) == sorted(rows[0]) for one in rows), "they hold different rows", by=MISSING)
    return rows


@requirement("akamai_reporting.pages.sequence")
@pytest.mark.parametrize("name", ["pairs", "threes"])
def test_the_pages_are_the_unpaged_rows_in_their_order(ordered: Transcript, name: str) -> None:
    unpaged, pages = totally_ordered(ordered, "all", name)
    expect.that(pages == unpaged, "the order of the unpaged rows", "another order", ordered[f"{name}-poll"])


@requirement("akamai_reporting.pages.size-independent")
def test_the_page_size_does_not_change_the_order(ordered: Transcript) -> None:
    pairs, threes = totally_ordered(ordered, "pairs", "threes")
    expect.that(pairs == threes, "one order for both page sizes", "another order", ordered["threes-poll"])


@requirement("akamai_reporting.pages.one-snapshot")
def test_pages_hold_one_state_of_the_data_at_any_time(revisited: Transcript, paged: Transcript) -> None:
    result = QueryResult(revisited, "moving")
    stable = all(same_rows(page, later) for page, later in again(paged, "again"))
    expect.precondition(stable, "pages hold other rows at every GET", by=SAME_ROWS)
    later = [Page(revisited[f"moving-again-{number}"], page.url) for number, page in enumerate(result.pages, 1)]
    for early, late in zip(result.pages, later, strict=True):
        expect.that(same_rows(early, late), "the rows of a second earlier", "other rows", late.exchange)
        expect.equal(late.total, early.total, "metadata.totalRows", late.exchange)


@requirement("akamai_reporting.pages.empty-status")
def test_an_empty_result_is_answered_200(matched_nothing: Transcript, paged: Transcript) -> None:
    assertions.locations_lead_to_queries(matched_nothing, paged)
    expect.status(matched_nothing["empty-poll"], 200)


def empty(matched_nothing: Transcript) -> Page:
    """The answer without rows; blocked if it is none."""
    found = QueryResult(matched_nothing, "empty").pages[0]
    expect.precondition(found.exchange.succeeded, "no success", by="akamai_reporting.pages.empty-status")
    return found


@requirement("akamai_reporting.pages.empty-data")
def test_an_empty_result_has_an_empty_array_data(matched_nothing: Transcript) -> None:
    page = empty(matched_nothing)
    found = page.seen.get("rows", page.seen.get("data", page.seen["kind"]))
    expect.equal(found, [], "the rows", page.exchange)


@requirement("akamai_reporting.pages.empty-rows")
def test_an_empty_result_has_0_rows(matched_nothing: Transcript) -> None:
    page = empty(matched_nothing)
    expect.equal(page.member("rows"), 0, "metadata.rows", page.exchange)


@requirement("akamai_reporting.pages.empty-total-rows")
def test_an_empty_result_has_0_rows_in_total(matched_nothing: Transcript) -> None:
    page = empty(matched_nothing)
    expect.equal(page.member("totalRows"), 0, "metadata.totalRows", page.exchange)
