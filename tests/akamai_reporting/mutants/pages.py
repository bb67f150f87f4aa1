"""Mutants of the rows on the pages of a result."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from pytest_reportconformance.akamai_reporting.reference import Reference
from pytest_reportconformance.akamai_reporting.reference.catalogue import TIME_RANGES, Row
from pytest_reportconformance.akamai_reporting.reference.identities import Identity
from pytest_reportconformance.akamai_reporting.reference.query import Query
from pytest_reportconformance.akamai_reporting.reference.selection import Selection
from tests.akamai_reporting.mutants.common import (
    OneMorePage,
    increased,
    is_last,
    is_middle,
)
from tests.mutation.kill_matrix import kills


@kills(
    "akamai_reporting.pages.full",
    "akamai_reporting.pages.nothing-missing",
    "akamai_reporting.pages.total-rows-sum",
)
class MiddlePageLosesItsLastRow(Reference):
    """Omits the last row of every middle page."""

    def rows_of(self, query: Query, page: int) -> Sequence[Row]:
        rows = super().rows_of(query, page)
        return rows[:-1] if is_middle(query, page) and query.page_size > 3 else rows


@kills("akamai_reporting.pages.full")
class FirstPageIsShort(Reference):
    """Has a first page of one row less, and a last page of one row more."""

    def rows_of(self, query: Query, page: int) -> Sequence[Row]:
        if query.page_size != 7:
            return super().rows_of(query, page)
        start = page * 7 - (page > 0)
        end = len(query.rows) if page + 1 == query.page_count else (page + 1) * 7 - 1
        return query.rows[start:end]


@kills(
    "akamai_reporting.pages.full",
    "akamai_reporting.pages.at-most",
    "akamai_reporting.pages.nothing-extra",
    "akamai_reporting.pages.total-rows-sum",
)
class OneRowOverlaps(Reference):
    """Ends every page but the last with the first row of the next."""

    def rows_of(self, query: Query, page: int) -> Sequence[Row]:
        size = query.page_size
        more = page + 1 < query.page_count and size > 3
        return query.rows[page * size : (page + 1) * size + more]


@kills(
    "akamai_reporting.pages.full",
    "akamai_reporting.pages.at-most",
    "akamai_reporting.pages.nothing-extra",
    "akamai_reporting.pages.total-rows-sum",
)
class MiddlePageIgnoresTheSize(Reference):
    """Sends all rows on the second page of several."""

    def rows_of(self, query: Query, page: int) -> Sequence[Row]:
        return query.rows if page == 1 and query.page_size > 3 else super().rows_of(query, page)


@kills(
    "akamai_reporting.pages.last-not-empty",
    "akamai_reporting.pages.count",
    "akamai_reporting.links.last-without-next",
    "akamai_reporting.links.last-leads-to-last-page",
)
class EmptyPageAfterTheLast(Reference):
    """Has an empty page after a full last page."""

    def create_query(self, selection: Selection, identity: Identity) -> Query:
        query = super().create_query(selection, identity)
        full = query.rows and len(query.rows) % query.page_size == 0 and query.page_size in (2, 3)
        query.__class__ = OneMorePage if full else query.__class__
        return query


@kills(
    "akamai_reporting.pages.nothing-missing",
    "akamai_reporting.pages.nothing-extra",
    "akamai_reporting.ready.distinct-rows",
)
class OneLostOneTwice(Reference):
    """Repeats the first row of the second page instead of its last row."""

    def rows_of(self, query: Query, page: int) -> Sequence[Row]:
        rows = [*super().rows_of(query, page)]
        return [*rows[:-1], rows[0]] if page == 1 and len(rows) > 3 else rows


@kills("akamai_reporting.pages.nothing-missing", "akamai_reporting.pages.nothing-extra")
class RowOfThePageBefore(Reference):
    """Begins the third page with the last row of the second instead of its own first."""

    def rows_of(self, query: Query, page: int) -> Sequence[Row]:
        rows = [*super().rows_of(query, page)]
        return [query.rows[page * query.page_size - 1], *rows[1:]] if page == 2 and query.page_size > 3 else rows


@kills("akamai_reporting.pages.nothing-missing", "akamai_reporting.pages.nothing-extra")
class LastPageIsMeasuredAnew(Reference):
    """Has another value in the last row of a paged result."""

    def row_shown(self, query: Query, page: int, row: Row) -> dict[str, Any]:
        if is_last(query, page) and query.page_size > 3 and row is query.rows[-1]:
            return increased(row, query.selection.metrics)
        return row


@kills("akamai_reporting.pages.nothing-extra", "akamai_reporting.sync.same-rows")
class UnpagedLosesARow(Reference):
    """Omits the last row of a result without pageSize."""

    def rows_of(self, query: Query, page: int) -> Sequence[Row]:
        rows = super().rows_of(query, page)
        return rows[:-1] if query.page_size == query.selection.report.data_points and len(rows) == 24 else rows

    def total_rows(self, query: Query, page: int) -> Any:
        return len(self.rows_of(query, page)) if query.page_count == 1 else len(query.rows)


class ChangesRepeatedly(Reference):
    """Counts how often each page was fetched: `changed` gets its rows and the number of the GET."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.seen: Counter[tuple[str, int]] = Counter()

    def data_of(self, query: Query, page: int) -> list[dict[str, Any]]:
        self.seen[query.token, page] += 1
        rows = super().data_of(query, page)
        return self.changed(rows, query, page, self.seen[query.token, page]) if query.page_size == 7 else rows

    def changed(self, rows: list[Row], query: Query, page: int, times: int) -> list[Row]:
        raise NotImplementedError


@kills("akamai_reporting.pages.same-rows")
class LosesARowAtTheSecondGet(ChangesRepeatedly):
    """Omits a row of middle pages at their second GET."""

    def changed(self, rows: list[Row], query: Query, page: int, times: int) -> list[Row]:
        return rows[1:] if times == 2 and is_middle(query, page) else rows


@kills("akamai_reporting.pages.same-rows")
class LastPageOnce(ChangesRepeatedly):
    """Has no rows on the last page when it is fetched again."""

    def changed(self, rows: list[Row], query: Query, page: int, times: int) -> list[Row]:
        return [] if times == 2 and is_last(query, page) else rows


@kills("akamai_reporting.pages.same-order", "akamai_reporting.ready.same-order")
class TurnsPagesAround(ChangesRepeatedly):
    """Returns the rows of a page in reverse order at its second GET."""

    def changed(self, rows: list[Row], query: Query, page: int, times: int) -> list[Row]:
        return rows[::-1] if times == 2 else rows


@kills("akamai_reporting.pages.any-order")
class OrderOfFetchingCounts(Reference):
    """Returns the rows of the page before if the page after was fetched last."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.before: dict[str, int] = {}

    def rows_of(self, query: Query, page: int) -> Sequence[Row]:
        back = self.before.get(query.token) == page + 1 and query.page_size == 7
        self.before[query.token] = page
        return super().rows_of(query, page - 1 if back and page else page)


@kills("akamai_reporting.pages.any-order")
class NewConnectionsAreEmpty(ChangesRepeatedly):
    """Returns no rows of a middle page at its third GET."""

    def changed(self, rows: list[Row], query: Query, page: int, times: int) -> list[Row]:
        return rows if times < 3 or not is_middle(query, page) else []


@kills("akamai_reporting.pages.count", "akamai_reporting.pages.full")
class OneRowAtTheEnd(Reference):
    """Has the last row on a page of its own although the page before is not full."""

    def create_query(self, selection: Selection, identity: Identity) -> Query:
        query = super().create_query(selection, identity)
        if selection.page_size == 7:
            query.__class__ = OneMorePage
        return query

    def rows_of(self, query: Query, page: int) -> Sequence[Row]:
        if query.page_size != 7:
            return super().rows_of(query, page)
        cut = len(query.rows) - 1
        return query.rows[page * 7 : min(cut, page * 7 + 7)] if page + 1 < query.page_count else query.rows[cut:]


@kills(
    "akamai_reporting.pages.sequence",
    "akamai_reporting.pages.size-independent",
    "akamai_reporting.rows.sorted",
)
class SwapsRowsOfTwoPages(Reference):
    """Swaps the last row of the second page of two rows with the first of the third."""

    def rows_of(self, query: Query, page: int) -> Sequence[Row]:
        if query.page_size != 2 or query.page_count < 3 or page not in (1, 2):
            return super().rows_of(query, page)
        rows = query.rows
        return [rows[2], rows[4]] if page == 1 else [rows[3], *rows[5:6]]


@kills(
    "akamai_reporting.pages.sequence",
    "akamai_reporting.pages.size-independent",
    "akamai_reporting.rows.sorted",
)
class SortsEachPageDownward(Reference):
    """Reverses the order on each page of three rows."""

    def rows_of(self, query: Query, page: int) -> Sequence[Row]:
        rows = super().rows_of(query, page)
        return rows[::-1] if query.page_size == 3 else rows


@kills("akamai_reporting.pages.sequence", "akamai_reporting.rows.sorted")
class PagesInTheOppositeOrder(Reference):
    """Returns the pages of a sorted result in reverse order if they are small."""

    def rows_of(self, query: Query, page: int) -> Sequence[Row]:
        rows = query.rows[::-1] if query.selection.sort_bys and query.page_size < 4 else query.rows
        return rows[page * query.page_size : (page + 1) * query.page_size]


@kills("akamai_reporting.pages.one-snapshot")
class MovesWithTheClock(Reference):
    """Has other values for a relative time range a second later."""

    def row_shown(self, query: Query, page: int, row: Row) -> dict[str, Any]:
        late = (self.now() - query.request_time).total_seconds() > 0.9
        relative = query.selection.period.label == f"last {TIME_RANGES['LAST_1_DAY']} minutes"
        return increased(row, query.selection.metrics) if late and relative else row


@kills("akamai_reporting.pages.one-snapshot", "akamai_reporting.pages.total-rows-equal")
class GrowsWithTheClock(Reference):
    """Has a higher totalRows for a relative time range a second later."""

    def total_rows(self, query: Query, page: int) -> Any:
        late = (self.now() - query.request_time).total_seconds() > 0.9
        return len(query.rows) + (late and query.selection.period.label.startswith("last ") and query.page_size == 5)
