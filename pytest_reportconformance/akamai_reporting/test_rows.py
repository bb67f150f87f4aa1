"""Checks of the rows that a request selects: sorted, filtered, limited."""

from __future__ import annotations

from pytest_reportconformance.akamai_reporting import query_results, row_order
from pytest_reportconformance.akamai_reporting.observation import Page
from pytest_reportconformance.judging import expect
from pytest_reportconformance.register.register import requirement
from pytest_reportconformance.transcript.transcript import Transcript


def at_once(transcript: Transcript, name: str) -> list[Page]:
    """The rows of the same request in synchronous mode; none if it was not answered with rows."""
    found = [Page(one, "") for one in transcript.starting(name) if one.response is not None]
    return [page for page in found if page.has_data and page.rows]


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
    impatient: Transcript, polled: Transcript, ordered: Transcript
) -> None:
    watched = query_results.QueryResult(polled, "watched")
    for result, limit in (
        (query_results.QueryResult(impatient, "impatient"), 1),
        (query_results.QueryResult(ordered, "all"), ordered.fact("limit")),
    ):
        rows, total = len(result.pages[0].rows), result.pages[0].total or 0
        expect.that(max(rows, total) <= limit, f"at most {limit} rows", max(rows, total), result.pages[0].exchange)
    expect.seen(watched.fetched_rows > 1, "without a limit the result has one row as well")


@requirement("akamai_reporting.rows.filtered")
def test_every_row_has_the_value_of_the_filter(paged: Transcript) -> None:
    expect.applies("filtered" in paged.facts, "no dimension is known to filter by")
    wanted = paged.fact("filtered")
    for page in (*query_results.QueryResult(paged, "one").pages, *at_once(paged, "one-sync")):
        values = page.seen.get("values", {}).get(wanted["name"], []) if page.rows else []
        expect.equal(values, [wanted["value"]], f"the values of {wanted['name']}", page.exchange)
