"""Checks of the links of a result that is one page, or that has no rows."""

from __future__ import annotations

from pytest_reportconformance.akamai_reporting import assertions, links, observation, query_results
from pytest_reportconformance.akamai_reporting.assertions import PREV
from pytest_reportconformance.akamai_reporting.observation import Page
from pytest_reportconformance.akamai_reporting.query_results import QueryResult, Transcripts
from pytest_reportconformance.judging import expect
from pytest_reportconformance.register.register import requirement
from pytest_reportconformance.transcript.transcript import Transcript

ALONE = (*query_results.SINGLE, "ready")
"""Queries whose result is expected to be one page."""


@requirement("akamai_reporting.links.present-on-single-page")
def test_a_single_page_has_links(akamai_reporting_transcripts: Transcripts) -> None:
    for result in query_results.results(ALONE, *akamai_reporting_transcripts):
        for page in (result.pages[0], *result.repeats):
            found = page.metadata.get("links")
            assertions.whole_links(found, "an array, not empty, as links", page.exchange)
            for link in [link for link in page.links if link.rel in observation.NAVIGATION]:
                expect.that("GET" in link.raw["allow"], f"GET in the allow of {link.rel}", link.raw, page.exchange)


def only(*transcripts: Transcript) -> list[Page]:
    """The answers with the only page of a result; not applicable if there is none."""
    results = query_results.results(ALONE, *transcripts)
    found = [page for result in results for page in (result.pages[0], *result.repeats)]
    found = [page for page in found if page.rows and page.total == len(page.rows)]
    expect.applies(bool(found), "no result has one page")
    return found


@requirement("akamai_reporting.links.single-page")
def test_all_links_of_a_single_page_lead_to_it(akamai_reporting_transcripts: Transcripts) -> None:
    for page in only(*akamai_reporting_transcripts):
        found = [url for rel in ("first", "self", "last") if (url := page.target(rel))]
        expect.that(
            len({links.normal(url) for url in found}) < 2, "one URL as first, self and last", found, page.exchange
        )


@requirement("akamai_reporting.links.single-page-without-neighbors")
def test_a_single_page_has_no_neighbors(akamai_reporting_transcripts: Transcripts) -> None:
    for page in only(*akamai_reporting_transcripts):
        found = page.link("next", *PREV)
        expect.that(found is None, "neither next nor prev", found and found.raw, page.exchange)


@requirement("akamai_reporting.links.empty-without-next")
def test_an_empty_result_has_no_next(matched_nothing: Transcript) -> None:
    page = QueryResult(matched_nothing, "empty").pages[0]
    expect.precondition(observation.has_data(page.exchange), "no success", by="akamai_reporting.pages.empty-status")
    found = page.link("next")
    expect.that(found is None, "no next link", found and found.href, page.exchange)
