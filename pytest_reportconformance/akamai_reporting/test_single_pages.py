"""Checks of the links of a result that is one page, or that has no rows."""

from __future__ import annotations

from pytest_reportconformance.akamai_reporting import assertions, links, observation, query_results
from pytest_reportconformance.akamai_reporting.assertions import PREV
from pytest_reportconformance.akamai_reporting.observation import Page
from pytest_reportconformance.akamai_reporting.query_results import QueryResult
from pytest_reportconformance.judging import expect
from pytest_reportconformance.register.register import requirement
from pytest_reportconformance.transcript.transcript import Transcript


@requirement("akamai_reporting.links.present-on-single-page")
def test_a_single_page_has_links(paged: Transcript, touched: Transcript) -> None:
    for result in query_results.results(["whole", "ready"], paged, touched):
        has_links(result.pages[0])


@requirement("akamai_reporting.links.present-on-single-page")
def test_an_empty_result_has_links(matched_nothing: Transcript) -> None:
    has_links(QueryResult(matched_nothing, "empty").pages[0])


def has_links(page: Page) -> None:
    """The metadata of a page has links, each with rel, href and the methods allowed."""
    assertions.whole_links(page.metadata.get("links"), "an array, not empty, as links", page.exchange)


def only(*transcripts: Transcript) -> list[Page]:
    """The pages that are the only ones of their result; not applicable if there is none."""
    found = [result.pages[0] for result in query_results.results(["whole", "ready", "all"], *transcripts)]
    found = [page for page in found if page.rows and page.total == len(page.rows)]
    expect.applies(bool(found), "no result has one page")
    return found


@requirement("akamai_reporting.links.single-page")
def test_all_links_of_a_single_page_lead_to_it(paged: Transcript, ordered: Transcript, touched: Transcript) -> None:
    for page in only(paged, ordered, touched):
        found = [url for rel in ("first", "self", "last") if (url := page.target(rel))]
        expect.that(
            len({links.normal(url) for url in found}) < 2, "one URL as first, self and last", found, page.exchange
        )


@requirement("akamai_reporting.links.single-page-without-neighbors")
def test_a_single_page_has_no_neighbors(paged: Transcript, ordered: Transcript, touched: Transcript) -> None:
    for page in only(paged, ordered, touched):
        found = page.link("next", *PREV)
        expect.that(found is None, "neither next nor prev", found and found.raw, page.exchange)


@requirement("akamai_reporting.links.empty-without-next")
def test_an_empty_result_has_no_next(matched_nothing: Transcript) -> None:
    page = QueryResult(matched_nothing, "empty").pages[0]
    expect.precondition(observation.has_data(page.exchange), "no success", by="akamai_reporting.pages.empty-status")
    found = page.link("next")
    expect.that(found is None, "no next link", found and found.href, page.exchange)
