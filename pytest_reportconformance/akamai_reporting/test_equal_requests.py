"""Checks of equal requests of different scenarios: if the rows of a report are fixed, all of them return these rows."""

from __future__ import annotations

from pytest_reportconformance.akamai_reporting import equal_requests
from pytest_reportconformance.akamai_reporting.query_results import Transcripts
from pytest_reportconformance.judging import expect
from pytest_reportconformance.register.register import requirement

CHANGE = "no request was answered often enough with the same rows"


@requirement("akamai_reporting.sync.same-rows")
def test_equal_requests_return_the_same_rows(akamai_reporting_transcripts: Transcripts) -> None:
    found = equal_requests.beside(akamai_reporting_transcripts)
    expect.applies(bool(found), CHANGE)
    for one, rows in found:
        expect.that(one.rows == rows, "the rows of all other equal requests", "other rows", one.exchange)


@requirement("akamai_reporting.pages.nothing-extra")
def test_pages_hold_rows_of_equal_requests_only(akamai_reporting_transcripts: Transcripts) -> None:
    found = equal_requests.pages_beside(akamai_reporting_transcripts)
    expect.applies(bool(found), CHANGE)
    for page, held, rows in found:
        extra = [row for row, times in held.items() if rows[row] < times]
        what = "no row more often than in all equal requests without pageSize"
        expect.that(not extra, what, f"{len(extra)} rows are", page.exchange)


@requirement("akamai_reporting.sync.no-more-rows")
def test_an_answer_with_the_rows_of_equal_requests_has_no_more_rows(akamai_reporting_transcripts: Transcripts) -> None:
    found = equal_requests.at_once_beside(akamai_reporting_transcripts)
    expect.applies(bool(found), CHANGE)
    for one, more in found:
        expect.that(more is not True, "hasMoreRows false, as other whole answers with these rows", more, one.exchange)
