"""Mutants that answer a further GET of a page, or a GET in another order, otherwise."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from pytest_reportconformance.akamai_reporting.reference import Reference
from pytest_reportconformance.akamai_reporting.reference.catalogue import Row
from pytest_reportconformance.akamai_reporting.reference.query import Query
from tests.akamai_reporting.mutants.common import is_middle
from tests.akamai_reporting.mutants.navigation import Repeats
from tests.akamai_reporting.mutants.pages import ChangesRepeatedly
from tests.mutation.kill_matrix import kills


@kills("akamai_reporting.links.next-leads-on")
class LosesNextTheNextTime(Repeats):
    """Omits the next link when a page is fetched again."""

    def again(self, links: list[dict[str, Any]]) -> Iterable[dict[str, Any]]:
        return (link for link in links if link["rel"] != "next")


@kills("akamai_reporting.links.next-leads-on")
class NextIsLastTheNextTime(Repeats):
    """Has the last page as the next link when a page is fetched again."""

    def again(self, links: list[dict[str, Any]]) -> Iterable[dict[str, Any]]:
        last = next(link["href"] for link in links if link["rel"] == "last")
        return (link | {"href": last} if link["rel"] == "next" else link for link in links)


@kills("akamai_reporting.links.next-leads-on", "akamai_reporting.links.get-page")
class NextIsDeadTheNextTime(Repeats):
    """Has an id that it does not know in the next link when a page is fetched again."""

    def again(self, links: list[dict[str, Any]]) -> Iterable[dict[str, Any]]:
        return (link | {"href": link["href"][:-9] + "="} if link["rel"] == "next" else link for link in links)


@kills("akamai_reporting.links.prev-leads-back")
class PrevIsFirstTheNextTime(Repeats):
    """Has the first page as the prev link when a page is fetched again."""

    def again(self, links: list[dict[str, Any]]) -> Iterable[dict[str, Any]]:
        first = next(link["href"] for link in links if link["rel"] == "first")
        return (link | {"href": first} if link["rel"] == "prev" else link for link in links)


@kills("akamai_reporting.pages.any-order")
class FindsItsPlaceByReading(Reference):
    """Has the rows of the page before if that page was never fetched."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.fetched: defaultdict[str, set[int]] = defaultdict(set)

    def rows_of(self, query: Query, page: int) -> Sequence[Row]:
        known = self.fetched[query.token]
        lost = page > 0 and page - 1 not in known
        known.add(page)
        return super().rows_of(query, page - lost)


@kills("akamai_reporting.pages.same-order")
class TurnsPagesAroundOnANewConnection(ChangesRepeatedly):
    """Returns the rows of a middle page in reverse order at its third GET."""

    def changed(self, rows: list[Row], query: Query, page: int, times: int) -> list[Row]:
        return rows[::-1] if times == 3 and is_middle(query, page) else rows
