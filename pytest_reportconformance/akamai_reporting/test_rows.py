"""Checks of the rows that a request selects: sorted, filtered, limited."""

from __future__ import annotations

from pytest_reportconformance.akamai_reporting import observation, query_results, row_order
from pytest_reportconformance.akamai_reporting.observation import Page
from pytest_reportconformance.judging import expect
from pytest_reportconformance.register.register import requirement
from pytest_reportconformance.transcript.transcript import Transcript


def at_once(transcript: Transcript, name: str) -> list[Page]:
    """The rows of the same request in synchronous mode; none if it was not answered with rows."""
    found = [Page(one, "") for one in transcript.starting(name) if one.response is not None]
    return [page for page in found if page.has_data and page.rows]


def columns(result: query_results.QueryResult) -> set[str]:
    """The columns of the first row."""
    return set(result.pages[0].seen.get("sample", ()))


def in_full(result: query_results.QueryResult) -> None:
    """Blocked if not all rows of a result with all of their columns were fetched."""
    expect.precondition(result.reached_all, "not all pages were reached", by=query_results.REACH_ALL)
    whole = not any("lacking" in page.seen for page in result.pages)
    expect.precondition(whole, "a row lacks a column", by="akamai_reporting.ready.columns")


@requirement("akamai_reporting.rows.sorted")
def test_rows_are_in_the_requested_order(ordered: Transcript) -> None:
    ordered.fact("sort_bys")
    for result in query_results.results(["all", "pairs", "threes"], ordered):
        orders = [page.seen["order"] for page in result.pages if page.rows and "order" in page.seen]
        fault = row_order.first_fault(orders)
        expect.that(fault is None, "rows in the order of sortBys", fault, result.pages[0].exchange)
    for page in at_once(ordered, "sync"):
        fault = row_order.first_fault([page.seen["order"]] if "order" in page.seen else [])
        expect.that(fault is None, "rows in the order of sortBys", fault, page.exchange)


@requirement("akamai_reporting.rows.limited")
def test_a_result_has_no_more_rows_than_its_limit(
    impatient: Transcript, polled: Transcript, ordered: Transcript, row_by_row: Transcript
) -> None:
    watched = query_results.QueryResult(polled, "watched")
    for result, limit in (
        (query_results.QueryResult(impatient, "impatient"), 1),
        *((query_results.QueryResult(ordered, name), ordered.fact("limit")) for name in ("all", "pairs", "threes")),
        (query_results.QueryResult(row_by_row, "single"), row_by_row.fact("limit")),
    ):
        single = result.transcript.fact(f"{result.name}-size") is None
        rows, total = result.fetched_rows, (result.pages[0].total or 0) if single else 0
        expect.that(max(rows, total) <= limit, f"at most {limit} rows", max(rows, total), result.pages[0].exchange)
    expect.seen(watched.fetched_rows > 1, "without a limit the result has one row as well")


@requirement("akamai_reporting.rows.limited-part")
def test_a_limit_leaves_rows_of_the_same_request(
    impatient: Transcript, polled: Transcript, row_by_row: Transcript, paged: Transcript
) -> None:
    pairs = (
        (query_results.QueryResult(impatient, "impatient"), query_results.QueryResult(polled, "watched")),
        (query_results.QueryResult(row_by_row, "single"), query_results.QueryResult(paged, "whole")),
    )
    alike = [(one, whole) for one, whole in pairs if columns(one) == columns(whole)]
    complete = [pair for pair in alike if pair[1].pages[-1].link("next") is None]
    expect.applies(bool(complete), "no result without limit was fetched whole with the same columns")
    for limited, whole in complete:
        in_full(limited)
        everything = observation.multiset(whole.pages)
        strange = [row for page in limited.pages for row in page.rows if row not in everything]
        expect.that(
            not strange, "rows of the same request without limit", f"{len(strange)} others", limited.pages[0].exchange
        )


@requirement("akamai_reporting.rows.filter-complete")
def test_the_result_has_every_row_with_the_value_of_the_filter(paged: Transcript) -> None:
    expect.applies("filtered" in paged.facts, "no dimension is known to filter by")
    whole, filtered = (query_results.QueryResult(paged, name) for name in ("whole", "one"))
    in_full(filtered)
    everything = whole.pages[0]
    sync = [observation.multiset([page]) for page in at_once(paged, "sync")]
    expect.applies(sync == [observation.multiset([everything])], "the rows change from request to request")
    with_value = everything.seen.get("shared", {}).get(paged.fact("filtered")["name"], 0)
    found = sum(len(page.rows) for page in filtered.distinct)
    expect.that(found >= with_value, f"{with_value} rows, those with the value", found, filtered.pages[0].exchange)


@requirement("akamai_reporting.rows.filtered")
def test_every_row_has_the_value_of_the_filter(paged: Transcript) -> None:
    expect.applies("filtered" in paged.facts, "no dimension is known to filter by")
    wanted = paged.fact("filtered")
    first, *others = query_results.QueryResult(paged, "one").distinct
    for page in (first, *(page for page in others if page.rows), *at_once(paged, "one-sync")):
        values = page.seen.get("values", {}).get(wanted["name"], []) if page.rows else []
        expect.equal(values, [wanted["value"]], f"the values of {wanted['name']}", page.exchange)
