"""Mutants of the links first, self, prev, next and last."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from typing import Any

from pytest_reportconformance.akamai_reporting.reference import Reference
from pytest_reportconformance.akamai_reporting.reference.query import Query
from pytest_reportconformance.http.server import Answer, Call
from tests.akamai_reporting.mutants.common import (
    ChangesLinks,
    ChangesMetadata,
    is_last,
)
from tests.mutation.kill_matrix import kills


class LacksLinks(Reference):
    """Omits the links for which `lacks` is true."""

    def links_of(self, query: Query, page: int) -> list[dict[str, Any]]:
        return [link for link in super().links_of(query, page) if not self.lacks(link["rel"], query, page)]

    def lacks(self, rel: str, query: Query, page: int) -> bool:
        raise NotImplementedError


@kills("akamai_reporting.links.first")
class FirstPageLacksFirst(LacksLinks):
    """Omits the first link on the first page."""

    def lacks(self, rel: str, query: Query, page: int) -> bool:
        return rel == "first" and page == 0


@kills("akamai_reporting.links.self")
class FirstPageLacksSelf(LacksLinks):
    """Omits the self link on the first page of several."""

    def lacks(self, rel: str, query: Query, page: int) -> bool:
        return rel == "self" and page == 0 and query.page_count > 1


@kills("akamai_reporting.links.last")
class FirstPageLacksLast(LacksLinks):
    """Omits the last link on the first page."""

    def lacks(self, rel: str, query: Query, page: int) -> bool:
        return rel == "last" and page == 0


@kills("akamai_reporting.links.next", "akamai_reporting.pages.count")
class FirstPageLacksNext(LacksLinks):
    """Omits the next link on the first page; last and prev still lead to all pages."""

    def lacks(self, rel: str, query: Query, page: int) -> bool:
        return rel == "next" and page == 0


@kills("akamai_reporting.pages.count")
class MiddlePageLacksNext(LacksLinks):
    """Omits the next link on the second page; last and prev still lead to all pages."""

    def lacks(self, rel: str, query: Query, page: int) -> bool:
        return rel == "next" and page == 1


@kills("akamai_reporting.links.reach-all")
class MiddlePageIsAnEnd(LacksLinks):
    """Omits the next link on the second page, and all prev links."""

    def lacks(self, rel: str, query: Query, page: int) -> bool:
        return rel == "prev" or (rel == "next" and page == 1)


@kills("akamai_reporting.links.first-on-every-page")
class MiddlePagesLackFirst(LacksLinks):
    """Omits the first link on middle pages."""

    def lacks(self, rel: str, query: Query, page: int) -> bool:
        return rel == "first" and 0 < page < query.page_count - 1


@kills("akamai_reporting.links.location-is-first")
class LocationIsTheSecondPage(Reference):
    """Has the second page as the Location of a query with several pages."""

    def location_for(self, query: Query, call: Call) -> str:
        return self.href_of(query, 1 if query.page_size == 7 else 0)


@kills("akamai_reporting.links.location-is-first")
class FirstLinkReversesTheRows(Reference):
    """Has a first link of its own, which returns the rows of the first page in reverse order."""

    def link(self, query: Query, rel: str, target: int) -> dict[str, Any]:
        link = super().link(query, rel, target)
        return link | {"href": f"{link['href']}?reverse"} if rel == "first" and query.page_count > 1 else link

    def fetch(self, call: Call, query: Query, page: int) -> Answer:
        answer = super().fetch(call, query, page)
        if "reverse" in call.query and answer.status == 200:
            document = json.loads(answer.body)
            document["data"].reverse()
            for link in document["metadata"]["links"]:
                if link["rel"] == "self":
                    link["href"] += "?reverse"
            answer.body = json.dumps(document).encode()
        return answer


@kills("akamai_reporting.links.get-page", "akamai_reporting.links.reach-all")
class RedirectsToTheCanonicalLink(Reference):
    """Redirects the third page to the first."""

    def ready(self, query: Query, page: int, format: str) -> Answer:
        return self.redirect(query, self.href_of(query, 0)) if page == 2 else super().ready(query, page, format)


@kills("akamai_reporting.links.get-page", "akamai_reporting.links.reach-all")
class LastPageIsGone(Reference):
    """Answers the last page of several 404."""

    def ready(self, query: Query, page: int, format: str) -> Answer:
        return self.query_not_found() if is_last(query, page) else super().ready(query, page, format)


@kills("akamai_reporting.links.get-page")
class LaterPagesOfSlowReportsAreGone(Reference):
    """Answers every page but the first of a slow report 404."""

    def ready(self, query: Query, page: int, format: str) -> Answer:
        gone = query.selection.report.slow and page > 0
        return self.query_not_found() if gone else super().ready(query, page, format)


@kills("akamai_reporting.links.distinct", "akamai_reporting.links.next-ends", "akamai_reporting.pages.count")
class NextIsSelf(Reference):
    """Has a next link to the same page on the second page."""

    def next_page(self, query: Query, page: int) -> int | None:
        following = super().next_page(query, page)
        return page if page == 1 and following else following


@kills("akamai_reporting.links.distinct", "akamai_reporting.links.next-ends", "akamai_reporting.links.reach-all")
class OneLinkForAll(Reference):
    """Has the first page as the next and the last link."""

    def next_page(self, query: Query, page: int) -> int | None:
        return 0 if super().next_page(query, page) else None

    def last_page(self, query: Query, page: int) -> int:
        return 0


@kills("akamai_reporting.links.reach-all")
class SkipsAPage(Reference):
    """Skips the second page in next and prev links."""

    def next_page(self, query: Query, page: int) -> int | None:
        return 2 if page == 0 and query.page_count > 2 else super().next_page(query, page)

    def previous_page(self, query: Query, page: int) -> int | None:
        return 0 if page == 2 else super().previous_page(query, page)


@kills("akamai_reporting.links.next-ends", "akamai_reporting.links.last-without-next")
class LastPageLinksToTheFirst(Reference):
    """Has a next link to the first page on the last page."""

    def next_page(self, query: Query, page: int) -> int | None:
        return (page + 1) % query.page_count if query.page_count > 1 else None


@kills("akamai_reporting.links.next-ends", "akamai_reporting.links.last-without-next")
class LastLeadsToItself(Reference):
    """Has a next link to the same page on the last page."""

    def next_page(self, query: Query, page: int) -> int | None:
        return page if is_last(query, page) else super().next_page(query, page)


@kills("akamai_reporting.links.self-resolves")
class SelfIsFirst(Reference):
    """Has the first page as the self link of the last page."""

    def self_page(self, query: Query, page: int) -> int | None:
        return 0 if is_last(query, page) else page


class Repeats(ChangesMetadata):
    """Changes the links of later pages of one result from their second GET on."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.times: Counter[tuple[str, int]] = Counter()

    def changed(self, metadata: dict[str, Any], query: Query, page: int) -> dict[str, Any]:
        self.times[query.token, page] += 1
        if page and self.times[query.token, page] > 1 and query.page_size == 7:
            metadata["links"] = [*self.again(metadata["links"])]
        return metadata

    def again(self, links: list[dict[str, Any]]) -> Iterable[dict[str, Any]]:
        raise NotImplementedError


@kills("akamai_reporting.links.self-resolves")
class SelfIsFirstTheNextTime(Repeats):
    """Has the first page as the self link when a page is fetched again."""

    def again(self, links: list[dict[str, Any]]) -> Iterable[dict[str, Any]]:
        first = next(link["href"] for link in links if link["rel"] == "first")
        return (link | {"href": first} if link["rel"] == "self" else link for link in links)


@kills("akamai_reporting.links.first-on-every-page")
class LosesFirstTheNextTime(Repeats):
    """Omits the first link when a page is fetched again."""

    def again(self, links: list[dict[str, Any]]) -> Iterable[dict[str, Any]]:
        return (link for link in links if link["rel"] != "first")


@kills("akamai_reporting.links.last-equal")
class LastIsFirstTheNextTime(Repeats):
    """Has the first page as the last link when a page is fetched again."""

    def again(self, links: list[dict[str, Any]]) -> Iterable[dict[str, Any]]:
        first = next(link["href"] for link in links if link["rel"] == "first")
        return (link | {"href": first} if link["rel"] == "last" else link for link in links)


@kills("akamai_reporting.links.self-resolves", "akamai_reporting.links.get-page")
class SelfDropsTheEqualsSign(ChangesLinks):
    """Omits the equals sign from the self link of the second page."""

    def changed(self, link: dict[str, Any], query: Query, page: int) -> dict[str, Any]:
        return link | {"href": link["href"].rstrip("=")} if link["rel"] == "self" and page == 1 else link


@kills("akamai_reporting.links.first-without-prev")
class FirstHasPrev(Reference):
    """Has a prev link to the same page on the first page."""

    def previous_page(self, query: Query, page: int) -> int | None:
        return page if page == 0 and query.page_count > 1 else super().previous_page(query, page)


@kills("akamai_reporting.links.prev-leads-back")
class PrevIsFirst(Reference):
    """Has a prev link to the first page on every later page."""

    def previous_page(self, query: Query, page: int) -> int | None:
        return 0 if page else None


@kills("akamai_reporting.links.prev-leads-back")
class PrevIsSelf(Reference):
    """Has a previous link to the same page on the last page."""

    def rel_name(self, rel: str) -> str:
        return "previous" if rel == "prev" else rel

    def previous_page(self, query: Query, page: int) -> int | None:
        return page if is_last(query, page) else super().previous_page(query, page)


@kills("akamai_reporting.links.first-equal")
class FirstDiffersOnTheLastPage(Reference):
    """Has the second page as the first link of the last page."""

    def first_page(self, query: Query, page: int) -> int | None:
        return 1 if is_last(query, page) else 0


@kills("akamai_reporting.links.first-equal", "akamai_reporting.links.self-resolves")
class FirstIsCounted(ChangesLinks):
    """Adds the number of the page to the first link of later pages."""

    def changed(self, link: dict[str, Any], query: Query, page: int) -> dict[str, Any]:
        return link | {"href": f"{link['href']}?from={page}"} if link["rel"] == "first" and page else link


@kills("akamai_reporting.links.last-equal")
class LastDiffersOnTheMiddlePage(Reference):
    """Has the third of four pages as the last link of the second page."""

    def last_page(self, query: Query, page: int) -> int:
        last = super().last_page(query, page)
        return last - 1 if page == 1 and last > 1 else last


@kills("akamai_reporting.links.last-leads-to-last-page")
class LastIsOneShort(Reference):
    """Has the second to last page as the last link."""

    def last_page(self, query: Query, page: int) -> int:
        return max(0, super().last_page(query, page) - 1)


@kills("akamai_reporting.links.last-leads-to-last-page", "akamai_reporting.links.last-equal")
class FirstPageIsItsOwnLast(Reference):
    """Has the first page as the last link on the first page."""

    def last_page(self, query: Query, page: int) -> int:
        return super().last_page(query, page) if page else 0
