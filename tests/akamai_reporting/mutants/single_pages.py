"""Mutants of the links of a result of one page or without rows."""

from __future__ import annotations

from typing import Any

from pytest_reportconformance.akamai_reporting.reference import Reference
from pytest_reportconformance.akamai_reporting.reference.query import Query
from tests.akamai_reporting.mutants.common import (
    ChangesLinks,
    ChangesMetadata,
)
from tests.mutation.kill_matrix import kills


@kills("akamai_reporting.links.present-on-single-page")
class OnlyPageHasNoLinks(ChangesMetadata):
    """Sends a single page without links."""

    def changed(self, metadata: dict[str, Any], query: Query, page: int) -> dict[str, Any]:
        return metadata | {"links": []} if query.page_count == 1 else metadata


@kills("akamai_reporting.links.present-on-single-page")
class OnlyPageHasNoAllow(ChangesMetadata):
    """Omits allow in the last link of a single page."""

    def changed(self, metadata: dict[str, Any], query: Query, page: int) -> dict[str, Any]:
        *links, last = metadata["links"]
        short = {name: value for name, value in last.items() if name != "allow"}
        return metadata | {"links": [*links, short]} if query.page_count == 1 else metadata


@kills("akamai_reporting.links.present-on-single-page")
class NoLinksWhereThereIsNothing(ChangesMetadata):
    """Omits the links of a result without rows."""

    def changed(self, metadata: dict[str, Any], query: Query, page: int) -> dict[str, Any]:
        if not query.rows:
            del metadata["links"]
        return metadata


@kills("akamai_reporting.links.single-page")
class OnlyPageHasTwoLinks(ChangesLinks):
    """Adds a query argument to the first link of a single page."""

    def changed(self, link: dict[str, Any], query: Query, page: int) -> dict[str, Any]:
        only = query.page_count == 1 and link["rel"] == "first"
        return link | {"href": f"{link['href']}?page=1"} if only else link


@kills("akamai_reporting.links.single-page-without-neighbors")
class OnlyPageHasNext(Reference):
    """Has a next link on a single page."""

    def next_page(self, query: Query, page: int) -> int | None:
        return 0 if query.page_count == 1 and query.rows else super().next_page(query, page)


@kills("akamai_reporting.links.single-page-without-neighbors")
class OnlyPageHasPrevious(Reference):
    """Has a prev link on a single page."""

    def previous_page(self, query: Query, page: int) -> int | None:
        return 0 if query.page_count == 1 else super().previous_page(query, page)


@kills("akamai_reporting.links.empty-without-next")
class EmptyResultHasNext(Reference):
    """Has a next link in a result without rows."""

    def next_page(self, query: Query, page: int) -> int | None:
        return super().next_page(query, page) if query.rows else 0
