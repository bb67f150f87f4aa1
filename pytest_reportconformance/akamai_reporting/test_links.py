"""Checks of the links that lead from page to page."""

from __future__ import annotations

import pytest

from pytest_reportconformance.akamai_reporting import links, observation, query_results
from pytest_reportconformance.akamai_reporting.assertions import PREV
from pytest_reportconformance.akamai_reporting.observation import NAVIGATION, Link, Page
from pytest_reportconformance.akamai_reporting.query_results import QueryResult
from pytest_reportconformance.http.origin import origin
from pytest_reportconformance.judging import expect
from pytest_reportconformance.register.register import requirement
from pytest_reportconformance.transcript.parsing import excerpt
from pytest_reportconformance.transcript.transcript import Transcript


def listed(page: Page) -> object:
    """The member links of the metadata."""
    return page.metadata.get("links")


def is_list_of_links(found: object) -> bool:
    """Whether it is an array of objects that is not empty."""
    return isinstance(found, list) and bool(found) and all(isinstance(one, dict) for one in found)


def linked(*transcripts: Transcript) -> list[tuple[Page, Link]]:
    """All links of all pages of results with more rows than their page size; blocked if there is none."""
    found = [
        (page, link)
        for result in query_results.in_several_pages(*transcripts)
        for page in result.answers
        for link in page.links
    ]
    expect.precondition(bool(found), "no page has links", by="akamai_reporting.links.present")
    return found


def to_pages(*transcripts: Transcript) -> list[tuple[Page, Link]]:
    """Those of the links that lead to pages: by their names, or by their form if no link has the rel `next`."""
    linked(*transcripts)
    found = []
    for result in query_results.in_several_pages(*transcripts):
        numbered = not any(page.link("next") for page in result.pages)
        listed_links = [(page, link) for page in result.answers for link in page.links]
        found += [pair for pair in listed_links if pair[1].rel in NAVIGATION or (numbered and pair[1].leads_to_page)]
    return found


@requirement("akamai_reporting.links.present")
def test_every_page_has_links(paged: Transcript, ordered: Transcript) -> None:
    for result in query_results.in_several_pages(paged, ordered):
        for page in result.answers:
            found = listed(page)
            expect.that(is_list_of_links(found), "an array of objects, not empty, as links", found, page.exchange)


@requirement("akamai_reporting.links.rel")
def test_every_link_has_a_rel(paged: Transcript, ordered: Transcript) -> None:
    for page, link in linked(paged, ordered):
        expect.that(link.rel != "", "a text rel", excerpt(link.raw), page.exchange)


@requirement("akamai_reporting.links.href")
def test_every_link_has_an_href(paged: Transcript, ordered: Transcript) -> None:
    for page, link in linked(paged, ordered):
        expect.that(link.href != "", "a text href", excerpt(link.raw), page.exchange)


@requirement("akamai_reporting.links.href-url")
def test_every_href_is_an_http_url(paged: Transcript, ordered: Transcript) -> None:
    for page, link in linked(paged, ordered):
        sound = not link.href or (link.url != "" and links.is_web(link.url))
        expect.that(sound, "a URI reference that resolves to an http or https URL", link.href, page.exchange)


@requirement("akamai_reporting.links.allow")
def test_every_link_has_an_allow(paged: Transcript, ordered: Transcript) -> None:
    for page, link in linked(paged, ordered):
        if link.href and not link.leads_to_page:
            continue  # other links are free to differ
        allow = link.raw.get("allow")
        texts = isinstance(allow, list) and all(isinstance(method, str) for method in allow)
        expect.that(texts, "an array of texts as allow", excerpt(link.raw), page.exchange)


@requirement("akamai_reporting.links.allow-get")
def test_every_link_to_a_page_allows_get(paged: Transcript, ordered: Transcript) -> None:
    for page, link in to_pages(paged, ordered):
        allow = link.raw.get("allow")
        if isinstance(allow, list):
            expect.that("GET" in allow, f"GET in the allow of {link.rel}", allow, page.exchange)


@requirement("akamai_reporting.links.href-form")
def test_every_link_to_a_page_names_the_queries_of_the_report(paged: Transcript, ordered: Transcript) -> None:
    for page, link in linked(paged, ordered):
        if link.rel in NAVIGATION and link.url:
            place, report = links.place(link.url), links.report_of(page.url)
            known = place is not None and place.report == report
            expect.that(known, f"a path {links.BASE}/{report}/queries/{{query_id}}", link.url, page.exchange)


@pytest.mark.parametrize(
    "rel",
    [
        pytest.param("first", marks=requirement("akamai_reporting.links.first")),
        pytest.param("self", marks=requirement("akamai_reporting.links.self")),
        pytest.param("last", marks=requirement("akamai_reporting.links.last")),
        pytest.param("next", marks=requirement("akamai_reporting.links.next")),
    ],
)
def test_the_page_of_the_location_has_the_link(paged: Transcript, ordered: Transcript, rel: str) -> None:
    for result in query_results.in_several_pages(paged, ordered):
        page = result.pages[0]
        expect.precondition(bool(page.links), "the page has no links", by="akamai_reporting.links.present")
        expect.that(page.link(rel) is not None, f"a link {rel}", [link.rel for link in page.links], page.exchange)


@requirement("akamai_reporting.links.location-is-first")
def test_the_location_gives_the_first_page(paged: Transcript) -> None:
    query_results.in_several_pages(paged)
    result = QueryResult(paged, "part")
    first = result.pages[0].target("first")
    expect.precondition(first is not None, "the page has no first link", by="akamai_reporting.links.first")
    assert first is not None
    expect.equal(result.number_of(first), 0, f"the number of the page at {first}", result.pages[0].exchange)


@requirement("akamai_reporting.links.get-page")
def test_every_link_to_a_page_gives_that_page(paged: Transcript, ordered: Transcript) -> None:
    for result in query_results.in_several_pages(paged, ordered):
        for page in (*result.fetched[1:], *result.strays):
            expect.that(
                observation.has_data(page.exchange),
                "success with the rows of the page",
                page.exchange.status,
                page.exchange,
            )


@requirement("akamai_reporting.links.distinct")
def test_different_pages_have_different_links(paged: Transcript, ordered: Transcript) -> None:
    for result in query_results.in_several_pages(paged, ordered):
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
def test_the_links_reach_every_page(paged: Transcript, ordered: Transcript) -> None:
    for result in query_results.in_several_pages(paged, ordered):
        held = sum(len(page.rows) for page in result.distinct)
        expect.that(
            result.reached_all,
            f"links to all pages of {result.expected_rows} rows",
            f"{len(result.distinct)} pages of {held} rows were reached",
            result.pages[-1].exchange,
        )


@requirement("akamai_reporting.links.next-ends")
def test_following_next_ends_and_no_page_occurs_twice(paged: Transcript, ordered: Transcript) -> None:
    for result in query_results.in_several_pages(paged, ordered):
        expect.precondition(result.ended != "no data", "a link led to no page", by="akamai_reporting.links.get-page")
        expect.equal(result.ended, "no next", "the end of following next", result.pages[-1].exchange)


@requirement("akamai_reporting.links.self-resolves")
def test_the_self_link_is_the_link_that_led_there(paged: Transcript, ordered: Transcript) -> None:
    for result in query_results.in_several_pages(paged, ordered):
        location = result.pages[0].url
        for page in [page for page in (*result.answers, *result.stray_pages) if not links.same(page.url, location)]:
            itself = page.target("self")
            if itself is not None:
                expect.that(links.same(itself, page.url), f"self = {page.url}", itself, page.exchange)


@requirement("akamai_reporting.links.last-without-next")
def test_the_last_page_has_no_next(paged: Transcript, ordered: Transcript) -> None:
    for result in query_results.in_several_pages(paged, ordered):
        final = result.pages[result.final]
        expect.that(final.link("next") is None, "no next link", final.target("next"), final.exchange)


@requirement("akamai_reporting.links.first-without-prev")
def test_the_first_page_has_no_prev(paged: Transcript, ordered: Transcript) -> None:
    for result in query_results.in_several_pages(paged, ordered):
        by = "akamai_reporting.links.location-is-first"
        expect.precondition(result.begins_at_first, "the Location gives a later page", by=by)
        found = result.pages[0].link(*PREV)
        expect.that(found is None, "no prev link", found and found.href, result.pages[0].exchange)


@requirement("akamai_reporting.links.prev-leads-back")
def test_prev_leads_back(paged: Transcript) -> None:
    query_results.in_several_pages(paged)
    result = QueryResult(paged, "part")
    found = [(number, page, url) for number, page in enumerate(result.pages) if number and (url := page.target(*PREV))]
    expect.applies(bool(found), "no page has a prev link")
    for number, page, url in found:
        expect.equal(result.number_of(url), number - 1, f"the number of the page at {url}", page.exchange)


@requirement("akamai_reporting.links.first-on-every-page")
def test_every_page_has_a_first_link(paged: Transcript, ordered: Transcript) -> None:
    for result in query_results.in_several_pages(paged, ordered):
        expect.precondition(
            result.pages[0].link("first") is not None,
            "not even the first page has one",
            by="akamai_reporting.links.first",
        )
        for page in [page for page in result.answers if page.links]:
            rels = [link.rel for link in page.links]
            expect.that(page.link("first") is not None, "a first link", rels, page.exchange)


@requirement("akamai_reporting.links.first-equal")
def test_all_first_links_are_equal(paged: Transcript, ordered: Transcript) -> None:
    for result in query_results.in_several_pages(paged, ordered):
        _same_everywhere(result, "first", "akamai_reporting.links.first")


@requirement("akamai_reporting.links.last-equal")
def test_all_last_links_are_equal(paged: Transcript, ordered: Transcript) -> None:
    for result in query_results.in_several_pages(paged, ordered):
        _same_everywhere(result, "last", "akamai_reporting.links.last")


def _same_everywhere(result: QueryResult, rel: str, by: str) -> None:
    found = [(page, url) for page in result.answers if (url := page.target(rel))]
    expect.precondition(bool(found), f"no page has a {rel} link", by=by)
    for page, url in found[1:]:
        expect.that(links.same(url, found[0][1]), f"{rel} = {found[0][1]}, as before", url, page.exchange)


@requirement("akamai_reporting.links.last-leads-to-last-page")
def test_the_last_link_leads_to_the_last_rows(paged: Transcript) -> None:
    query_results.in_several_pages(paged)
    result = QueryResult(paged, "part")
    last = result.pages[0].target("last")
    expect.precondition(last is not None, "the page has no last link", by="akamai_reporting.links.last")
    assert last is not None
    expect.equal(result.number_of(last), result.final, f"the number of the page at {last}", result.pages[0].exchange)


def hrefs(*transcripts: Transcript) -> list[tuple[Page, Link]]:
    """All links with an href of all pages; blocked if there is none."""
    found = [(page, link) for page in query_results.pages(*transcripts) for link in page.links if link.url]
    expect.precondition(bool(found), "no page has links", by="akamai_reporting.links.present")
    return found


@requirement("akamai_reporting.links.same-origin")
def test_every_href_stays_at_the_origin_of_the_request(paged: Transcript, ordered: Transcript) -> None:
    for page, link in hrefs(paged, ordered):
        expect.that(
            origin(link.url) == origin(page.url), "scheme, host and port of the request", link.url, page.exchange
        )


@requirement("akamai_reporting.links.absolute-path")
def test_every_href_is_an_absolute_path(paged: Transcript, ordered: Transcript) -> None:
    for page, link in hrefs(paged, ordered):
        expect.that(links.is_absolute_path(link.href), "an absolute path", link.href, page.exchange)
