"""Checks of where the links of pages lead."""

from __future__ import annotations

from pytest_reportconformance.akamai_reporting import links, observation, query_results
from pytest_reportconformance.akamai_reporting.assertions import PREV
from pytest_reportconformance.akamai_reporting.fetches import fetches
from pytest_reportconformance.akamai_reporting.observation import NAVIGATION, Page
from pytest_reportconformance.akamai_reporting.query_results import Transcripts
from pytest_reportconformance.judging import expect
from pytest_reportconformance.register.register import requirement
from pytest_reportconformance.transcript.transcript import Transcript


@requirement("akamai_reporting.links.location-is-first")
def test_the_location_gives_the_first_page(paged: Transcript, ordered: Transcript, row_by_row: Transcript) -> None:
    for result in query_results.in_several_pages(paged, ordered, row_by_row):
        first = result.pages[0].target("first")
        expect.precondition(first is not None, "the page has no first link", by="akamai_reporting.links.first")
        assert first is not None
        expect.that(result.leads_to(first, 0), "the first page at the Location", first, result.pages[0].exchange)


@requirement("akamai_reporting.links.get-page")
def test_every_link_to_a_page_gives_that_page(paged: Transcript, ordered: Transcript, row_by_row: Transcript) -> None:
    for result in query_results.in_several_pages(paged, ordered, row_by_row):
        for page in (*result.fetched[1:], *result.ahead, *result.strays):
            expect.that(
                observation.has_data(page.exchange),
                "success with the rows of the page",
                page.exchange.status_code,
                page.exchange,
            )


@requirement("akamai_reporting.links.get-page")
def test_every_link_that_is_followed_later_gives_a_page(akamai_reporting_transcripts: Transcripts) -> None:
    for transcript in akamai_reporting_transcripts:
        given: set[str] = set()
        for one in fetches(transcript):
            if one.response is None or one.status_code == 429:
                continue
            page = Page(one, one.request.url)
            if links.normal(page.url) in given:
                expect.that(one.succeeded, "success with the page", one.status_code, one)
            if page.has_data:
                given |= {links.normal(link.url) for link in page.links if link.rel in NAVIGATION and link.url}


@requirement("akamai_reporting.links.distinct")
def test_different_pages_have_different_links(paged: Transcript, ordered: Transcript, row_by_row: Transcript) -> None:
    for result in query_results.in_several_pages(paged, ordered, row_by_row):
        held = 0
        for number, page in enumerate(result.pages):
            held += len(page.rows)
            if page.target("next") is not None and held < result.expected_rows:
                known = _links_of(result.pages[: number + 1])
                for one in (page, *(one for one in result.repeats if links.same(one.url, page.url))):
                    following = one.target("next")
                    shared = following is not None and any(links.same(following, url) for url in known)
                    expect.that(not shared, "a link of its own for the page that follows", following, one.exchange)


def _links_of(pages: list[Page]) -> list[str]:
    """The links that the pages were fetched by, and their self links."""
    return [page.url for page in pages] + [url for page in pages if (url := page.target("self"))]


@requirement("akamai_reporting.links.reach-all")
def test_the_links_reach_every_page(paged: Transcript, ordered: Transcript, row_by_row: Transcript) -> None:
    for result in query_results.in_several_pages(paged, ordered, row_by_row):
        held = sum(len(page.rows) for page in result.distinct)
        expect.that(
            result.reached_all,
            f"links to all pages of {result.expected_rows} rows",
            f"{len(result.distinct)} pages of {held} rows were reached",
            result.pages[-1].exchange,
        )


@requirement("akamai_reporting.links.next-ends")
def test_following_next_ends_and_no_page_occurs_twice(
    paged: Transcript, ordered: Transcript, row_by_row: Transcript
) -> None:
    for result in query_results.in_several_pages(paged, ordered, row_by_row):
        expect.precondition(result.ended != "no data", "a link led to no page", by="akamai_reporting.links.get-page")
        expect.equal(result.ended, "no next", "the end of following next", result.pages[-1].exchange)


@requirement("akamai_reporting.links.self-resolves")
def test_the_self_link_is_the_link_that_led_there(akamai_reporting_transcripts: Transcripts) -> None:
    for result in query_results.in_pages(*akamai_reporting_transcripts):
        location = result.pages[0].url
        for page in result.everything:
            itself, first = page.target("self"), page.target("first")
            linked = not links.same(page.url, location) or (first is not None and links.same(first, location))
            if itself is not None and linked:
                expect.that(links.same(itself, page.url), f"self = {page.url}", itself, page.exchange)


@requirement("akamai_reporting.links.last-without-next")
def test_the_last_page_has_no_next(paged: Transcript, ordered: Transcript, row_by_row: Transcript) -> None:
    for result in query_results.in_several_pages(paged, ordered, row_by_row):
        final = result.pages[result.final]
        expect.that(final.link("next") is None, "no next link", final.target("next"), final.exchange)


@requirement("akamai_reporting.links.first-without-prev")
def test_the_first_page_has_no_prev(paged: Transcript, ordered: Transcript, row_by_row: Transcript) -> None:
    for result in query_results.in_several_pages(paged, ordered, row_by_row):
        by = "akamai_reporting.links.location-is-first"
        expect.precondition(result.begins_at_first, "the Location gives a later page", by=by)
        found = result.pages[0].link(*PREV)
        expect.that(found is None, "no prev link", found and found.href, result.pages[0].exchange)


@requirement("akamai_reporting.links.prev-leads-back")
def test_prev_leads_back(paged: Transcript, ordered: Transcript, row_by_row: Transcript) -> None:
    found = [
        (result, number, page, url)
        for result in query_results.in_several_pages(paged, ordered, row_by_row)
        for number, page in result.numbered
        if number and (url := page.target(*PREV))
    ]
    expect.applies(bool(found), "no page has a prev link")
    for result, number, page, url in found:
        expect.that(result.leads_to(url, number - 1), f"a prev link to page {number}", url, page.exchange)


@requirement("akamai_reporting.links.next-leads-on")
def test_next_leads_to_the_same_page_at_every_get(akamai_reporting_transcripts: Transcripts) -> None:
    for result in query_results.in_pages(*akamai_reporting_transcripts):
        for number, page in result.numbered[len(result.pages) :]:
            if number + 1 < len(result.pages):
                url = page.target("next")
                expect.that(url is not None, "a next link, as before", [link.rel for link in page.links], page.exchange)
                assert url is not None
                before = result.pages[number].target("next")
                same = (before is not None and links.same(url, before)) or not result.knows(url)
                same = same or result.leads_to(url, number + 1)
                expect.that(same, f"a next link to page {number + 2}", url, page.exchange)


@requirement("akamai_reporting.links.last-leads-to-last-page")
def test_the_last_link_leads_to_the_last_rows(paged: Transcript, ordered: Transcript, row_by_row: Transcript) -> None:
    for result in query_results.in_several_pages(paged, ordered, row_by_row):
        page = result.pages[0]
        last = page.target("last")
        expect.precondition(last is not None, "the page has no last link", by="akamai_reporting.links.last")
        assert last is not None
        expect.that(
            result.leads_to(last, result.final), "a last link to the page with the last rows", last, page.exchange
        )
