"""Mutants of the members of links: rel, href and allow."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pytest_reportconformance.akamai_reporting.reference import Reference
from pytest_reportconformance.akamai_reporting.reference.catalogue import Report
from pytest_reportconformance.akamai_reporting.reference.query import Query
from pytest_reportconformance.http.server import Answer, Call
from tests.akamai_reporting.mutants.common import (
    ChangesLinks,
    ChangesMetadata,
    is_last,
)
from tests.mutation.kill_matrix import kills


@kills("akamai_reporting.links.present")
class LastPageHasNoLinks(ChangesMetadata):
    """Sends the last page without links."""

    def changed(self, metadata: dict[str, Any], query: Query, page: int) -> dict[str, Any]:
        return metadata | {"links": []} if is_last(query, page) else metadata


@kills("akamai_reporting.links.present")
class LinksByName(ChangesMetadata):
    """Sends the links of the last page as an object with their rels as keys."""

    def changed(self, metadata: dict[str, Any], query: Query, page: int) -> dict[str, Any]:
        by_name = {link["rel"]: link for link in metadata["links"]}
        return metadata | {"links": by_name} if is_last(query, page) else metadata


@kills("akamai_reporting.links.rel")
class NumberedRelations(ChangesLinks):
    """Has a number as the rel of the self link on the last page."""

    def changed(self, link: dict[str, Any], query: Query, page: int) -> dict[str, Any]:
        return link | {"rel": 1} if link["rel"] == "self" and is_last(query, page) else link


@kills("akamai_reporting.links.rel")
class RelationIsType(ChangesLinks):
    """Has the member `type` instead of rel in prev links."""

    def changed(self, link: dict[str, Any], query: Query, page: int) -> dict[str, Any]:
        return {"type": "prev", "href": link["href"], "allow": link["allow"]} if link["rel"] == "prev" else link


@kills("akamai_reporting.links.href")
class HrefIsAnObject(ChangesLinks):
    """Has an object as the href of the self link on the last page."""

    def changed(self, link: dict[str, Any], query: Query, page: int) -> dict[str, Any]:
        return link | {"href": {"url": link["href"]}} if link["rel"] == "self" and is_last(query, page) else link


@kills("akamai_reporting.links.href")
class EmptyHref(ChangesLinks):
    """Has an empty href in the prev link on the third page."""

    def changed(self, link: dict[str, Any], query: Query, page: int) -> dict[str, Any]:
        return link | {"href": ""} if link["rel"] == "prev" and page == 2 else link


@kills("akamai_reporting.links.href-url")
class SpaceInAnHref(ChangesLinks):
    """Has a space after the href of the self link on the last page."""

    def changed(self, link: dict[str, Any], query: Query, page: int) -> dict[str, Any]:
        own = link["rel"] == "self" and is_last(query, page)
        return link | {"href": f"{link['href']} "} if own else link


@kills("akamai_reporting.links.href-url")
class TemplateAsHref(ChangesLinks):
    """Has a link to a URI template on every page."""

    def links_of(self, query: Query, page: int) -> list[dict[str, Any]]:
        template = {"rel": "page", "href": f"{self.href_of(query, 0)}{{?page}}", "allow": ["GET"]}
        return [*super().links_of(query, page), template] if query.page_size == 2 else super().links_of(query, page)

    def changed(self, link: dict[str, Any], query: Query, page: int) -> dict[str, Any]:
        return link


@kills("akamai_reporting.links.allow")
class AllowIsText(ChangesLinks):
    """Has a text as allow in next links."""

    def changed(self, link: dict[str, Any], query: Query, page: int) -> dict[str, Any]:
        return link | {"allow": "GET"} if link["rel"] == "next" else link


@kills("akamai_reporting.links.allow")
class NoAllowOnTheLastPage(ChangesLinks):
    """Omits allow on the last page."""

    def changed(self, link: dict[str, Any], query: Query, page: int) -> dict[str, Any]:
        return {name: link[name] for name in ("rel", "href")} if is_last(query, page) else link


@kills("akamai_reporting.links.allow-get")
class PostForTheNextPage(ChangesLinks):
    """Has only POST in the allow of next links from the second page on."""

    def changed(self, link: dict[str, Any], query: Query, page: int) -> dict[str, Any]:
        return link | {"allow": ["POST"]} if link["rel"] == "next" and page else link


@kills("akamai_reporting.links.allow-get", "akamai_reporting.links.present-on-single-page")
class AllowsNothing(ChangesLinks):
    """Has an empty allow in last links."""

    def changed(self, link: dict[str, Any], query: Query, page: int) -> dict[str, Any]:
        return link | {"allow": []} if link["rel"] == "last" else link


@kills("akamai_reporting.links.href-form")
class PagesElsewhere(Reference):
    """Has links to later pages of two rows under `/pages/`."""

    def answer(self, call: Call) -> Answer:
        return super().answer(replace(call, target=call.target.replace("/pages/", "/queries/")))

    def href_of(self, query: Query, page: int) -> str:
        link = super().href_of(query, page)
        return link.replace("/queries/", "/pages/") if page and query.page_size == 2 else link


@kills("akamai_reporting.links.href-form")
class LastPageUnderAnotherReport(Reference):
    """Has links to the last page under another report, and serves it there."""

    def belongs_to(self, query: Query, report: Report) -> bool:
        return report.path.endswith("/hostnames") or super().belongs_to(query, report)

    def href_of(self, query: Query, page: int) -> str:
        link = super().href_of(query, page)
        return link.replace("/traffic/current/", "/traffic/hostnames/") if is_last(query, page) else link


@kills(
    "akamai_reporting.links.same-origin", "akamai_reporting.links.absolute-path", "akamai_reporting.links.self-resolves"
)
class LinksToAnotherHost(ChangesLinks):
    """Has another host in the self link of the last page."""

    def changed(self, link: dict[str, Any], query: Query, page: int) -> dict[str, Any]:
        own = link["rel"] == "self" and is_last(query, page)
        return link | {"href": f"https://reporting.example{link['href']}"} if own else link


@kills("akamai_reporting.links.absolute-path")
class RelativeLinks(ChangesLinks):
    """Has relative references in last links."""

    def changed(self, link: dict[str, Any], query: Query, page: int) -> dict[str, Any]:
        return link | {"href": "./" + link["href"].rpartition("/")[2]} if link["rel"] == "last" else link
