"""Mutants of where links lead: first, self, prev, next and last."""

from __future__ import annotations

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
    """Leaves links out that `lacks` names."""

    def links_of(self, query: Query, page: int) -> list[dict[str, Any]]:
        return [link for link in super().links_of(query, page) if not self.lacks(link["rel"], query, page)]

    def lacks(self, rel: str, query: Query, page: int) -> bool:
        raise NotImplementedError


@kills("akamai_reporting.links.first")
class FirstPageLacksFirst(LacksLinks):
    """Leaves `first` out on the first page."""

    def lacks(self, rel: str, query: Query, page: int) -> bool:
        return rel == "first" and page == 0


@kills("akamai_reporting.links.self")
class FirstPageLacksSelf(LacksLinks):
    """Leaves `self` out on the first page of several."""

    def lacks(self, rel: str, query: Query, page: int) -> bool:
        return rel == "self" and page == 0 and query.page_count > 1


@kills("akamai_reporting.links.last")
class FirstPageLacksLast(LacksLinks):
    """Leaves `last` out on the first page."""

    def lacks(self, rel: str, query: Query, page: int) -> bool:
        return rel == "last" and page == 0


@kills("akamai_reporting.links.next", "akamai_reporting.pages.count")
class FirstPageLacksNext(LacksLinks):
    """Leaves `next` out on the first page, where `last` and `prev` lead to all others."""

    def lacks(self, rel: str, query: Query, page: int) -> bool:
        return rel == "next" and page == 0


@kills("akamai_reporting.pages.count")
class MiddlePageLacksNext(LacksLinks):
    """Leaves `next` out on the second page, where `last` and `prev` lead to all others."""

    def lacks(self, rel: str, query: Query, page: int) -> bool:
        return rel == "next" and page == 1


@kills("akamai_reporting.links.reach-all")
class MiddlePageIsAnEnd(LacksLinks):
    """Leaves `next` out on the second page, and `prev` everywhere."""

    def lacks(self, rel: str, query: Query, page: int) -> bool:
        return rel == "prev" or (rel == "next" and page == 1)


@kills("akamai_reporting.links.first-on-every-page")
class MiddlePagesLackFirst(LacksLinks):
    """Leaves `first` out on middle pages."""

    def lacks(self, rel: str, query: Query, page: int) -> bool:
        return rel == "first" and 0 < page < query.page_count - 1


@kills("akamai_reporting.links.location-is-first", "akamai_reporting.links.first-without-prev")
class LocationIsTheSecondPage(Reference):
    """Hands out the second page as the Location of a query with several."""

    def location_for(self, query: Query, call: Call) -> str:
        return self.href_of(query, 1 if query.page_size == 7 else 0)


@kills("akamai_reporting.links.get-page", "akamai_reporting.links.reach-all")
class RedirectsToTheCanonicalLink(Reference):
    """Answers the third page 303, to the first."""

    def ready(self, query: Query, page: int, format: str) -> Answer:
        return self.redirect(query, self.href_of(query, 0)) if page == 2 else super().ready(query, page, format)


@kills("akamai_reporting.links.get-page", "akamai_reporting.links.reach-all")
class LastPageIsGone(Reference):
    """Does not find the last page of several."""

    def ready(self, query: Query, page: int, format: str) -> Answer:
        return self.query_not_found() if is_last(query, page) else super().ready(query, page, format)


@kills("akamai_reporting.links.distinct", "akamai_reporting.links.next-ends", "akamai_reporting.pages.count")
class NextIsSelf(Reference):
    """Leads from the second page to itself."""

    def next_page(self, query: Query, page: int) -> int | None:
        following = super().next_page(query, page)
        return page if page == 1 and following else following


@kills("akamai_reporting.links.distinct", "akamai_reporting.links.next-ends", "akamai_reporting.links.reach-all")
class OneLinkForAll(Reference):
    """Links everything to the first page, as an example of a first page would."""

    def next_page(self, query: Query, page: int) -> int | None:
        return 0 if super().next_page(query, page) else None

    def last_page(self, query: Query, page: int) -> int:
        return 0


@kills("akamai_reporting.links.reach-all")
class SkipsAPage(Reference):
    """Leads from the first page to the third, and back again."""

    def next_page(self, query: Query, page: int) -> int | None:
        return 2 if page == 0 and query.page_count > 2 else super().next_page(query, page)

    def previous_page(self, query: Query, page: int) -> int | None:
        return 0 if page == 2 else super().previous_page(query, page)


@kills("akamai_reporting.links.next-ends", "akamai_reporting.links.last-without-next")
class GoesRoundInCircles(Reference):
    """Leads from the last page to the first."""

    def next_page(self, query: Query, page: int) -> int | None:
        return (page + 1) % query.page_count if query.page_count > 1 else None


@kills("akamai_reporting.links.next-ends", "akamai_reporting.links.last-without-next")
class LastLeadsToItself(Reference):
    """Leads from the last page to itself."""

    def next_page(self, query: Query, page: int) -> int | None:
        return page if is_last(query, page) else super().next_page(query, page)


@kills("akamai_reporting.links.self-resolves")
class SelfIsFirst(Reference):
    """Links the last page to the first as to itself."""

    def self_page(self, query: Query, page: int) -> int | None:
        return 0 if is_last(query, page) else page


class Repeats(ChangesMetadata):
    """Changes the metadata of later pages from the second GET on."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.times: Counter[tuple[str, int]] = Counter()

    def changed(self, metadata: dict[str, Any], query: Query, page: int) -> dict[str, Any]:
        self.times[query.token, page] += 1
        if page and self.times[query.token, page] > 1:
            metadata["links"] = [*self.again(metadata["links"])]
        return metadata

    def again(self, links: list[dict[str, Any]]) -> Iterable[dict[str, Any]]:
        raise NotImplementedError


@kills("akamai_reporting.links.self-resolves")
class SelfIsFirstTheNextTime(Repeats):
    """Links a page to the first as to itself when it is fetched again."""

    def again(self, links: list[dict[str, Any]]) -> Iterable[dict[str, Any]]:
        first = next(link["href"] for link in links if link["rel"] == "first")
        return (link | {"href": first} if link["rel"] == "self" else link for link in links)


@kills("akamai_reporting.links.first-on-every-page")
class LosesFirstTheNextTime(Repeats):
    """Leaves `first` out of a page that is fetched again."""

    def again(self, links: list[dict[str, Any]]) -> Iterable[dict[str, Any]]:
        return (link for link in links if link["rel"] != "first")


@kills("akamai_reporting.links.last-equal")
class LastIsFirstTheNextTime(Repeats):
    """Leads to the first page as the last from a page that is fetched again."""

    def again(self, links: list[dict[str, Any]]) -> Iterable[dict[str, Any]]:
        first = next(link["href"] for link in links if link["rel"] == "first")
        return (link | {"href": first} if link["rel"] == "last" else link for link in links)


@kills("akamai_reporting.links.self-resolves", "akamai_reporting.links.get-page")
class SelfDropsTheEqualsSign(ChangesLinks):
    """Drops the equals sign from the own link of the second page."""

    def changed(self, link: dict[str, Any], query: Query, page: int) -> dict[str, Any]:
        return link | {"href": link["href"].rstrip("=")} if link["rel"] == "self" and page == 1 else link


@kills("akamai_reporting.links.first-without-prev")
class FirstHasPrev(Reference):
    """Leads from the first page back to itself."""

    def previous_page(self, query: Query, page: int) -> int | None:
        return page if page == 0 and query.page_count > 1 else super().previous_page(query, page)


@kills("akamai_reporting.links.prev-leads-back")
class PrevIsFirst(Reference):
    """Leads back from every page to the first."""

    def previous_page(self, query: Query, page: int) -> int | None:
        return 0 if page else None


@kills("akamai_reporting.links.prev-leads-back")
class PrevIsSelf(Reference):
    """Leads back from the last page to itself, and calls it previous."""

    def rel_name(self, rel: str) -> str:
        return "previous" if rel == "prev" else rel

    def previous_page(self, query: Query, page: int) -> int | None:
        return page if is_last(query, page) else super().previous_page(query, page)


@kills("akamai_reporting.links.first-equal")
class FirstDiffersOnTheLastPage(Reference):
    """Leads from the last page to the second as the first."""

    def first_page(self, query: Query, page: int) -> int | None:
        return 1 if is_last(query, page) else 0


@kills("akamai_reporting.links.first-equal", "akamai_reporting.links.self-resolves")
class FirstIsCounted(ChangesLinks):
    """Tells in the first link of later pages where it was followed from."""

    def changed(self, link: dict[str, Any], query: Query, page: int) -> dict[str, Any]:
        return link | {"href": f"{link['href']}?from={page}"} if link["rel"] == "first" and page else link


@kills("akamai_reporting.links.last-equal")
class LastDiffersOnTheMiddlePage(Reference):
    """Leads from the second page of four to the third as the last."""

    def last_page(self, query: Query, page: int) -> int:
        last = super().last_page(query, page)
        return last - 1 if page == 1 and last > 1 else last


@kills("akamai_reporting.links.last-leads-to-last-page")
class LastIsOneShort(Reference):
    """Leads to the last page but one as the last."""

    def last_page(self, query: Query, page: int) -> int:
        return max(0, super().last_page(query, page) - 1)


@kills("akamai_reporting.links.last-leads-to-last-page", "akamai_reporting.links.last-equal")
class FirstKnowsNoBetterLast(Reference):
    """Calls the first page the last on the first page, as before the rows were counted."""

    def last_page(self, query: Query, page: int) -> int:
        return super().last_page(query, page) if page else 0
