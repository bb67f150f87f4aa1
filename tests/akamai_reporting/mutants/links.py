"""Liars about the links that lead from page to page."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from pytest_reportconformance.akamai_reporting.reference import Reference
from tests.akamai_reporting.mutants.ready import ChangesMetadata, is_last
from tests.mutation.kill_matrix import kills

REACH_ALL = "akamai_reporting.links.reach-all"
NEXT_ENDS = "akamai_reporting.links.next-ends"
DISTINCT = "akamai_reporting.links.distinct"
COUNT = "akamai_reporting.pages.count"


@kills("akamai_reporting.links.present")
class LastPageHasNoLinks(ChangesMetadata):
    """Sends the last page without links."""

    def changed(self, metadata, query, page):
        return metadata | {"links": []} if is_last(query, page) else metadata


@kills("akamai_reporting.links.present")
class LinksByName(ChangesMetadata):
    """Sends the links of the last page as an object by their relations."""

    def changed(self, metadata, query, page):
        by_name = {link["rel"]: link for link in metadata["links"]}
        return metadata | {"links": by_name} if is_last(query, page) else metadata


@kills("akamai_reporting.links.present-on-single-page")
class OnlyPageHasNoLinks(ChangesMetadata):
    """Sends an only page without links."""

    def changed(self, metadata, query, page):
        return metadata | {"links": []} if query.page_count == 1 else metadata


@kills("akamai_reporting.links.present-on-single-page")
class OnlyPageAllowsUntold(ChangesMetadata):
    """Leaves `allow` out of the last link of an only page."""

    def changed(self, metadata, query, page):
        *links, last = metadata["links"]
        short = {name: value for name, value in last.items() if name != "allow"}
        return metadata | {"links": [*links, short]} if query.page_count == 1 else metadata


@kills("akamai_reporting.links.present-on-single-page")
class NoLinksWhereThereIsNothing(ChangesMetadata):
    """Leaves the links out where there are no rows."""

    def changed(self, metadata, query, page):
        if not query.rows:
            del metadata["links"]
        return metadata


class ChangesLinks(Reference):
    """Sends links that `changed` has changed."""

    def links_of(self, query, page):
        return [self.changed(link, query, page) for link in super().links_of(query, page)]

    def changed(self, link, query, page):
        raise NotImplementedError


@kills("akamai_reporting.links.rel")
class NumberedRelations(ChangesLinks):
    """Numbers the relation of the last page's own link."""

    def changed(self, link, query, page):
        return link | {"rel": 1} if link["rel"] == "self" and is_last(query, page) else link


@kills("akamai_reporting.links.rel")
class RelationIsType(ChangesLinks):
    """Calls the relation of `prev` links `type`."""

    def changed(self, link, query, page):
        return {"type": "prev", "href": link["href"], "allow": link["allow"]} if link["rel"] == "prev" else link


@kills("akamai_reporting.links.href")
class HrefIsAnObject(ChangesLinks):
    """Sends the href of the last page's own link as an object."""

    def changed(self, link, query, page):
        return link | {"href": {"url": link["href"]}} if link["rel"] == "self" and is_last(query, page) else link


@kills("akamai_reporting.links.href")
class EmptyHref(ChangesLinks):
    """Leaves the href of `prev` on the third page empty."""

    def changed(self, link, query, page):
        return link | {"href": ""} if link["rel"] == "prev" and page == 2 else link


@kills("akamai_reporting.links.href-url")
class BlankInAnHref(ChangesLinks):
    """Puts a blank behind the href of the last page's own link."""

    def changed(self, link, query, page):
        own = link["rel"] == "self" and is_last(query, page)
        return link | {"href": f"{link['href']} "} if own else link


@kills("akamai_reporting.links.href-url")
class TemplateAsHref(ChangesLinks):
    """Links to a template of pages on every page."""

    def links_of(self, query, page):
        template = {"rel": "page", "href": f"{self.href_of(query, 0)}{{?page}}", "allow": ["GET"]}
        return [*super().links_of(query, page), template] if query.page_size == 2 else super().links_of(query, page)

    def changed(self, link, query, page):
        return link


@kills("akamai_reporting.links.allow")
class AllowIsText(ChangesLinks):
    """Sends allow as a text where the link leads to the next page."""

    def changed(self, link, query, page):
        return link | {"allow": "GET"} if link["rel"] == "next" else link


@kills("akamai_reporting.links.allow")
class NoAllowOnTheLastPage(ChangesLinks):
    """Leaves allow out on the last page."""

    def changed(self, link, query, page):
        return {name: link[name] for name in ("rel", "href")} if is_last(query, page) else link


@kills("akamai_reporting.links.allow-get")
class PostForTheNextPage(ChangesLinks):
    """Allows POST for the next page from the second page on."""

    def changed(self, link, query, page):
        return link | {"allow": ["POST"]} if link["rel"] == "next" and page else link


@kills("akamai_reporting.links.allow-get", "akamai_reporting.links.present-on-single-page")
class AllowsNothing(ChangesLinks):
    """Allows nothing for the last link."""

    def changed(self, link, query, page):
        return link | {"allow": []} if link["rel"] == "last" else link


@kills("akamai_reporting.links.href-form")
class PagesElsewhere(Reference):
    """Links to later pages of two rows below `/pages/`."""

    def answer(self, call):
        return super().answer(replace(call, target=call.target.replace("/pages/", "/queries/")))

    def href_of(self, query, page):
        link = super().href_of(query, page)
        return link.replace("/queries/", "/pages/") if page and query.page_size == 2 else link


@kills("akamai_reporting.links.href-form")
class LastPageUnderAnotherReport(Reference):
    """Links to the last page under another report, and finds it there."""

    def belongs_to(self, query, report):
        return report.path.endswith("/hostnames") or super().belongs_to(query, report)

    def href_of(self, query, page):
        link = super().href_of(query, page)
        return link.replace("/traffic/current/", "/traffic/hostnames/") if is_last(query, page) else link


class LacksLinks(Reference):
    """Leaves links out that `lacks` names."""

    def links_of(self, query, page):
        return [link for link in super().links_of(query, page) if not self.lacks(link["rel"], query, page)]

    def lacks(self, rel, query, page):
        raise NotImplementedError


@kills("akamai_reporting.links.first")
class FirstPageLacksFirst(LacksLinks):
    """Leaves `first` out on the first page."""

    def lacks(self, rel, query, page):
        return rel == "first" and page == 0


@kills("akamai_reporting.links.self")
class FirstPageLacksSelf(LacksLinks):
    """Leaves `self` out on the first page of several."""

    def lacks(self, rel, query, page):
        return rel == "self" and page == 0 and query.page_count > 1


@kills("akamai_reporting.links.last")
class FirstPageLacksLast(LacksLinks):
    """Leaves `last` out on the first page."""

    def lacks(self, rel, query, page):
        return rel == "last" and page == 0


@kills("akamai_reporting.links.next", COUNT)
class FirstPageLacksNext(LacksLinks):
    """Leaves `next` out on the first page, where `last` and `prev` lead to all others."""

    def lacks(self, rel, query, page):
        return rel == "next" and page == 0


@kills(COUNT)
class MiddlePageLacksNext(LacksLinks):
    """Leaves `next` out on the second page, where `last` and `prev` lead to all others."""

    def lacks(self, rel, query, page):
        return rel == "next" and page == 1


@kills(REACH_ALL)
class MiddlePageIsAnEnd(LacksLinks):
    """Leaves `next` out on the second page, and `prev` everywhere."""

    def lacks(self, rel, query, page):
        return rel == "prev" or (rel == "next" and page == 1)


@kills("akamai_reporting.links.first-on-every-page")
class MiddlePagesLackFirst(LacksLinks):
    """Leaves `first` out on middle pages."""

    def lacks(self, rel, query, page):
        return rel == "first" and 0 < page < query.page_count - 1


@kills("akamai_reporting.links.location-is-first", "akamai_reporting.links.first-without-prev")
class LocationIsTheSecondPage(Reference):
    """Hands out the second page as the Location of a query with several."""

    def location_for(self, query, call):
        return self.href_of(query, 1 if query.page_size == 7 else 0)


@kills("akamai_reporting.links.get-page", REACH_ALL)
class RedirectsToTheCanonicalLink(Reference):
    """Answers the third page 303, to the first."""

    def ready(self, query, page, format):
        return self.see_other(query, None) if page == 2 else super().ready(query, page, format)


@kills("akamai_reporting.links.get-page", REACH_ALL)
class LastPageIsGone(Reference):
    """Does not find the last page of several."""

    def ready(self, query, page, format):
        return self.query_not_found() if is_last(query, page) else super().ready(query, page, format)


@kills(DISTINCT, NEXT_ENDS, COUNT)
class NextIsSelf(Reference):
    """Leads from the second page to itself."""

    def next_page(self, query, page):
        following = super().next_page(query, page)
        return page if page == 1 and following else following


@kills(DISTINCT, NEXT_ENDS, REACH_ALL)
class OneLinkForAll(Reference):
    """Links everything to the first page, as an example of a first page would."""

    def next_page(self, query, page):
        return 0 if super().next_page(query, page) else None

    def last_page(self, query, page):
        return 0


@kills(REACH_ALL)
class SkipsAPage(Reference):
    """Leads from the first page to the third, and back again."""

    def next_page(self, query, page):
        return 2 if page == 0 and query.page_count > 2 else super().next_page(query, page)

    def previous_page(self, query, page):
        return 0 if page == 2 else super().previous_page(query, page)


@kills(NEXT_ENDS, "akamai_reporting.links.last-without-next")
class GoesRoundInCircles(Reference):
    """Leads from the last page to the first."""

    def next_page(self, query, page):
        return (page + 1) % query.page_count if query.page_count > 1 else None


@kills(NEXT_ENDS, "akamai_reporting.links.last-without-next")
class LastLeadsToItself(Reference):
    """Leads from the last page to itself."""

    def next_page(self, query, page):
        return page if is_last(query, page) else super().next_page(query, page)


@kills("akamai_reporting.links.self-resolves")
class SelfIsFirst(Reference):
    """Links the last page to the first as to itself."""

    def self_page(self, query, page):
        return 0 if is_last(query, page) else page


class Repeats(ChangesMetadata):
    """Changes the metadata of later pages from the second GET on."""

    def __init__(self, **options):
        super().__init__(**options)
        self.times = Counter()

    def changed(self, metadata, query, page):
        self.times[query.token, page] += 1
        if page and self.times[query.token, page] > 1:
            metadata["links"] = [*self.again(metadata["links"])]
        return metadata

    def again(self, links):
        raise NotImplementedError


@kills("akamai_reporting.links.self-resolves")
class SelfIsFirstTheNextTime(Repeats):
    """Links a page to the first as to itself when it is fetched again."""

    def again(self, links):
        first = next(link["href"] for link in links if link["rel"] == "first")
        return (link | {"href": first} if link["rel"] == "self" else link for link in links)


@kills("akamai_reporting.links.first-on-every-page")
class LosesFirstTheNextTime(Repeats):
    """Leaves `first` out of a page that is fetched again."""

    def again(self, links):
        return (link for link in links if link["rel"] != "first")


@kills("akamai_reporting.links.last-equal")
class LastIsFirstTheNextTime(Repeats):
    """Leads to the first page as the last from a page that is fetched again."""

    def again(self, links):
        first = next(link["href"] for link in links if link["rel"] == "first")
        return (link | {"href": first} if link["rel"] == "last" else link for link in links)


@kills("akamai_reporting.links.self-resolves", "akamai_reporting.links.get-page")
class SelfDropsTheEqualsSign(ChangesLinks):
    """Drops the equals sign from the own link of the second page."""

    def changed(self, link, query, page):
        return link | {"href": link["href"].rstrip("=")} if link["rel"] == "self" and page == 1 else link


@kills("akamai_reporting.links.first-without-prev")
class FirstHasPrev(Reference):
    """Leads from the first page back to itself."""

    def previous_page(self, query, page):
        return page if page == 0 and query.page_count > 1 else super().previous_page(query, page)


@kills("akamai_reporting.links.prev-leads-back")
class PrevIsFirst(Reference):
    """Leads back from every page to the first."""

    def previous_page(self, query, page):
        return 0 if page else None


@kills("akamai_reporting.links.prev-leads-back")
class PrevIsSelf(Reference):
    """Leads back from the last page to itself, and calls it previous."""

    def rel_name(self, rel):
        return "previous" if rel == "prev" else rel

    def previous_page(self, query, page):
        return page if is_last(query, page) else super().previous_page(query, page)


@kills("akamai_reporting.links.first-equal")
class FirstDiffersOnTheLastPage(Reference):
    """Leads from the last page to the second as the first."""

    def first_page(self, query, page):
        return 1 if is_last(query, page) else 0


@kills("akamai_reporting.links.first-equal", "akamai_reporting.links.self-resolves")
class FirstIsCounted(ChangesLinks):
    """Tells in the first link of later pages where it was followed from."""

    def changed(self, link, query, page):
        return link | {"href": f"{link['href']}?from={page}"} if link["rel"] == "first" and page else link


@kills("akamai_reporting.links.last-equal")
class LastDiffersOnTheMiddlePage(Reference):
    """Leads from the second page of four to the third as the last."""

    def last_page(self, query, page):
        last = super().last_page(query, page)
        return last - 1 if page == 1 and last > 1 else last


@kills("akamai_reporting.links.last-leads-to-last-page")
class LastIsOneShort(Reference):
    """Leads to the last page but one as the last."""

    def last_page(self, query, page):
        return max(0, super().last_page(query, page) - 1)


@kills("akamai_reporting.links.last-leads-to-last-page", "akamai_reporting.links.last-equal")
class FirstKnowsNoBetterLast(Reference):
    """Calls the first page the last on the first page, as before the rows were counted."""

    def last_page(self, query, page):
        return super().last_page(query, page) if page else 0


@kills("akamai_reporting.links.single-page")
class OnlyPageHasTwoLinks(ChangesLinks):
    """Counts the visits of an only page in its first link."""

    def changed(self, link, query, page):
        only = query.page_count == 1 and link["rel"] == "first"
        return link | {"href": f"{link['href']}?page=1"} if only else link


@kills("akamai_reporting.links.single-page-without-neighbors")
class OnlyPageHasNext(Reference):
    """Leads from an only page to itself."""

    def next_page(self, query, page):
        return 0 if query.page_count == 1 and query.rows else super().next_page(query, page)


@kills("akamai_reporting.links.single-page-without-neighbors")
class OnlyPageHasPrevious(Reference):
    """Leads back from an only page to itself."""

    def previous_page(self, query, page):
        return 0 if query.page_count == 1 else super().previous_page(query, page)


@kills("akamai_reporting.links.empty-without-next")
class NothingHasNext(Reference):
    """Leads on where there are no rows."""

    def next_page(self, query, page):
        return super().next_page(query, page) if query.rows else 0


@kills(
    "akamai_reporting.links.same-origin", "akamai_reporting.links.absolute-path", "akamai_reporting.links.self-resolves"
)
class LinksToAnotherHost(ChangesLinks):
    """Writes the link of the last page to itself with another host."""

    def changed(self, link, query, page):
        own = link["rel"] == "self" and is_last(query, page)
        return link | {"href": f"https://reporting.example{link['href']}"} if own else link


@kills("akamai_reporting.links.absolute-path")
class RelativeLinks(ChangesLinks):
    """Writes links to the last page without their path."""

    def changed(self, link, query, page):
        return link | {"href": "./" + link["href"].rpartition("/")[2]} if link["rel"] == "last" else link
