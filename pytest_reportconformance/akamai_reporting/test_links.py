"""Checks of the links that lead from page to page."""

from __future__ import annotations

import pytest

from pytest_reportconformance.akamai_reporting import links, query_results
from pytest_reportconformance.akamai_reporting.observation import NAVIGATION, Link, Page
from pytest_reportconformance.akamai_reporting.query_results import QueryResult, Transcripts
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
        for result in query_results.in_pages(*transcripts)
        for page in result.everything
        for link in page.links
    ]
    expect.precondition(bool(found), "no page has links", by="akamai_reporting.links.present")
    return found


def to_pages(*transcripts: Transcript) -> list[tuple[Page, Link]]:
    """Those of the links that lead to pages: by their names, or by their form if no link has the rel `next`."""
    linked(*transcripts)
    found = []
    for result in query_results.in_pages(*transcripts):
        numbered = not any(page.link("next") for page in result.pages)
        listed_links = [(page, link) for page in result.everything for link in page.links]
        found += [pair for pair in listed_links if pair[1].rel in NAVIGATION or (numbered and pair[1].leads_to_page)]
    return found


@requirement("akamai_reporting.links.present")
def test_every_page_has_links(akamai_reporting_transcripts: Transcripts) -> None:
    for result in query_results.in_pages(*akamai_reporting_transcripts):
        for page in result.everything:
            found = listed(page)
            expect.that(is_list_of_links(found), "an array of objects, not empty, as links", found, page.exchange)


@requirement("akamai_reporting.links.rel")
def test_every_link_has_a_rel(akamai_reporting_transcripts: Transcripts) -> None:
    for page, link in linked(*akamai_reporting_transcripts):
        expect.that(link.rel != "", "a text rel", excerpt(link.raw), page.exchange)


@requirement("akamai_reporting.links.href")
def test_every_link_has_an_href(akamai_reporting_transcripts: Transcripts) -> None:
    for page, link in linked(*akamai_reporting_transcripts):
        expect.that(link.href != "", "a text href", excerpt(link.raw), page.exchange)


@requirement("akamai_reporting.links.href-url")
def test_every_href_is_an_http_url(akamai_reporting_transcripts: Transcripts) -> None:
    for page, link in linked(*akamai_reporting_transcripts):
        sound = not link.href or (link.url != "" and links.is_web(link.url))
        expect.that(sound, "a URI reference that resolves to an http or https URL", link.href, page.exchange)


@requirement("akamai_reporting.links.allow")
def test_every_link_has_an_allow(akamai_reporting_transcripts: Transcripts) -> None:
    for page, link in linked(*akamai_reporting_transcripts):
        if link.href and not link.leads_to_page:
            continue  # other links are free to differ
        allow = link.raw.get("allow")
        texts = isinstance(allow, list) and all(isinstance(method, str) for method in allow)
        expect.that(texts, "an array of texts as allow", excerpt(link.raw), page.exchange)


@requirement("akamai_reporting.links.allow-get")
def test_every_link_to_a_page_allows_get(akamai_reporting_transcripts: Transcripts) -> None:
    for page, link in to_pages(*akamai_reporting_transcripts):
        allow = link.raw.get("allow")
        if isinstance(allow, list):
            expect.that("GET" in allow, f"GET in the allow of {link.rel}", allow, page.exchange)


@requirement("akamai_reporting.links.href-form")
def test_every_link_to_a_page_names_the_queries_of_the_report(akamai_reporting_transcripts: Transcripts) -> None:
    linked(*akamai_reporting_transcripts)
    for result in query_results.in_pages(*akamai_reporting_transcripts):
        report = links.report_of(result.submitted.request.url)
        for page, link in [(one, link) for one in result.everything for link in one.links]:
            if link.rel in NAVIGATION and link.url:
                place = links.place(link.url)
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
def test_the_page_of_the_location_has_the_link(akamai_reporting_transcripts: Transcripts, rel: str) -> None:
    for result in query_results.in_pages(*akamai_reporting_transcripts):
        page = result.pages[0]
        expect.precondition(bool(page.links), "the page has no links", by="akamai_reporting.links.present")
        expect.that(page.link(rel) is not None, f"a link {rel}", [link.rel for link in page.links], page.exchange)


@requirement("akamai_reporting.links.first-on-every-page")
def test_every_page_has_a_first_link(akamai_reporting_transcripts: Transcripts) -> None:
    for result in query_results.in_pages(*akamai_reporting_transcripts):
        expect.precondition(
            result.pages[0].link("first") is not None,
            "not even the first page has one",
            by="akamai_reporting.links.first",
        )
        for page in [page for page in result.everything if page.links]:
            rels = [link.rel for link in page.links]
            expect.that(page.link("first") is not None, "a first link", rels, page.exchange)


@requirement("akamai_reporting.links.first-equal")
def test_all_first_links_are_equal(akamai_reporting_transcripts: Transcripts) -> None:
    for result in query_results.in_pages(*akamai_reporting_transcripts):
        _same_everywhere(result, "first", "akamai_reporting.links.first")


@requirement("akamai_reporting.links.last-equal")
def test_all_last_links_are_equal(akamai_reporting_transcripts: Transcripts) -> None:
    for result in query_results.in_pages(*akamai_reporting_transcripts):
        _same_everywhere(result, "last", "akamai_reporting.links.last")


def _same_everywhere(result: QueryResult, rel: str, by: str) -> None:
    found = [(page, url) for page in result.everything if (url := page.target(rel))]
    expect.precondition(bool(found), f"no page has a {rel} link", by=by)
    for page, url in found[1:]:
        expect.that(links.same(url, found[0][1]), f"{rel} = {found[0][1]}, as before", url, page.exchange)


def hrefs(*transcripts: Transcript) -> list[tuple[Page, Link]]:
    """All links with an href of all pages; blocked if there is none."""
    found = [(page, link) for page in query_results.pages(*transcripts) for link in page.links if link.url]
    expect.precondition(bool(found), "no page has links", by="akamai_reporting.links.present")
    return found


@requirement("akamai_reporting.links.same-origin")
def test_every_href_stays_at_the_origin_of_the_request(akamai_reporting_transcripts: Transcripts) -> None:
    for page, link in hrefs(*akamai_reporting_transcripts):
        expect.that(
            origin(link.url) == origin(page.url), "scheme, host and port of the request", link.url, page.exchange
        )


@requirement("akamai_reporting.links.absolute-path")
def test_every_href_is_an_absolute_path(akamai_reporting_transcripts: Transcripts) -> None:
    for page, link in hrefs(*akamai_reporting_transcripts):
        expect.that(links.is_absolute_path(link.href), "an absolute path", link.href, page.exchange)
