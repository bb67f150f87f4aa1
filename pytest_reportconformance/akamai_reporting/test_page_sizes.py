"""Checks of pageSize: the smallest, the largest, the default, and values that are no page size."""

from __future__ import annotations

import pytest

from pytest_reportconformance.akamai_reporting import assertions, discovery
from pytest_reportconformance.akamai_reporting.observation import Page
from pytest_reportconformance.akamai_reporting.query_results import QueryResult
from pytest_reportconformance.judging import expect
from pytest_reportconformance.register.register import requirement
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.transcript import Transcript

DEFAULT_SIZE = 50000


@requirement("akamai_reporting.pages.one-row")
def test_the_smallest_page_holds_one_row(row_by_row: Transcript) -> None:
    result = QueryResult(row_by_row, "single")
    expect.applies(len(result.pages[0].rows) > 0, "the result has no rows")
    for page in result.pages:
        expect.equal(len(page.rows), 1, "the number of rows", page.exchange)


@requirement("akamai_reporting.pages.larger-than-result")
def test_a_page_size_as_large_as_the_result_gives_one_page(touched: Transcript) -> None:
    result = QueryResult(touched, "ready")
    expect.applies(result.size == touched.fact("rows"), "the number of rows is not known, or large")
    expect.applies(result.fetched_rows <= result.size, "the rows of the report change between two equal requests")
    expect.equal(len(result.pages), 1, "the number of pages", result.pages[0].exchange)


@requirement("akamai_reporting.pages.default-size")
def test_without_a_page_size_a_moderate_result_is_one_page(paged: Transcript) -> None:
    options = discovery.options("", paged["options"])
    limit = options.limits.get("dataPointsLimit", DEFAULT_SIZE) if options else DEFAULT_SIZE
    result = QueryResult(paged, "whole")
    expect.applies(
        max(result.fetched_rows, result.pages[0].total or 0) <= limit, f"the result has more than {limit} rows"
    )
    expect.equal(len(result.pages), 1, "the number of pages", result.pages[0].exchange)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("no-number", marks=requirement("akamai_reporting.pages.size-no-number")),
        pytest.param("fraction", marks=requirement("akamai_reporting.pages.size-fraction")),
    ],
)
def test_a_page_size_that_is_no_whole_number_is_refused(row_by_row: Transcript, name: str) -> None:
    expect.status(refused(row_by_row, name), 400)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("zero", marks=requirement("akamai_reporting.pages.size-zero")),
        pytest.param("negative", marks=requirement("akamai_reporting.pages.size-negative")),
    ],
)
def test_a_page_size_below_one_is_a_client_error(row_by_row: Transcript, name: str) -> None:
    assertions.client_error(refused(row_by_row, name))


def refused(row_by_row: Transcript, name: str) -> Exchange:
    """The answer to a page size that is none; blocked if the control with pageSize=1 is not accepted either."""
    control = row_by_row["single-submit"]
    expect.precondition(
        control.status_code == 303, f"the control with pageSize=1 is answered {control.status_code}", control
    )
    return row_by_row[f"size-{name}"]


@requirement("akamai_reporting.pages.size-on-get")
def test_a_page_size_on_the_get_changes_nothing(paged: Transcript) -> None:
    page, resized = QueryResult(paged, "part").pages[-1], Page(paged["part-resized"], "")
    expect.that(
        assertions.same_rows(page, resized),
        f"the {len(page.rows)} rows without it",
        resized.exchange.status_code,
        resized.exchange,
    )
