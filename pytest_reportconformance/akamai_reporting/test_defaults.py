"""Checks of submissions that name no columns against the defaults in the options of their reports."""

from __future__ import annotations

from typing import Any

from pytest_reportconformance.akamai_reporting import accepted_requests, discovery, links, query_results, row_order
from pytest_reportconformance.akamai_reporting.observation import Page
from pytest_reportconformance.akamai_reporting.query_results import QueryResult, Transcripts
from pytest_reportconformance.judging import expect
from pytest_reportconformance.register.register import requirement
from pytest_reportconformance.transcript.transcript import Transcript

MEMBERS = {"dimensions": "defaultDimensions", "metrics": "defaultMetrics"}
Document = dict[str, Any]


def rows_without_request(transcripts: Transcripts) -> list[tuple[Page, Document]]:
    """The pages of submissions that name nothing, with each of the options of their report; only pages with a row."""
    known = query_results.results(query_results.NAMES, *transcripts)
    bare = [result for result in known if (result.submitted.request.body or b"").strip() in (b"", b"{}")]
    options = [one for transcript in transcripts for one in accepted_requests.described(transcript)]
    return [
        (page, document)
        for result in bare
        for page in result.everything
        if page.seen.get("sample")
        for _, report, document in options
        if report == links.report_of(result.submitted.request.url)
    ]


def defaults(document: Document, member: str) -> list[str] | None:
    """The names of the default metrics or dimensions; None if the options list none."""
    found = document.get("defaults")
    listed = found.get(MEMBERS[member]) if isinstance(found, dict) else None
    return [*discovery.texts(listed)] if isinstance(listed, list) else None


@requirement("akamai_reporting.submit.default-columns")
def test_a_request_for_nothing_has_the_default_columns(akamai_reporting_transcripts: Transcripts) -> None:
    found = rows_without_request(akamai_reporting_transcripts)
    asked = [(page, name) for page, options in found for member in MEMBERS for name in defaults(options, member) or ()]
    expect.applies(bool(asked), "no options list the defaults of a report that was requested without columns")
    for page, name in asked:
        row = page.seen["sample"]
        expect.that(name in row, f"the default column {name}", list(row), page.exchange)


@requirement("akamai_reporting.submit.only-default-columns")
def test_a_request_for_nothing_has_no_other_columns_of_the_report(akamai_reporting_transcripts: Transcripts) -> None:
    found = rows_without_request(akamai_reporting_transcripts)
    known = [
        (page, member, accepted_requests.names(options, member), names)
        for page, options in found
        for member in MEMBERS
        if (names := defaults(options, member)) is not None
    ]
    expect.applies(bool(known), "no options list the defaults of a report that was requested without columns")
    for page, member, listed, names in known:
        others = [name for name in page.seen["sample"] if name in listed and name not in names]
        expect.that(not others, f"no {member} except the defaults {names}", others, page.exchange)


@requirement("akamai_reporting.submit.default-order")
def test_a_request_for_nothing_has_the_default_order(defaulted: Transcript) -> None:
    expect.applies(bool(defaulted.fact("sort_bys")), "the options of the report have no default sort keys")
    for result in (QueryResult(defaulted, "bare"), QueryResult(defaulted, "braces")):
        orders = [page.seen["order"] for page in result.pages if page.has_data and page.rows and "order" in page.seen]
        fault = row_order.first_fault(orders)
        expect.that(fault is None, "rows in the order of defaultSortBys", fault, result.pages[0].exchange)
