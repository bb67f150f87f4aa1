"""Mutants of the rows that a request selects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pytest_reportconformance.akamai_reporting.reference import Reference
from pytest_reportconformance.akamai_reporting.reference.catalogue import Metric, Row
from pytest_reportconformance.akamai_reporting.reference.identities import Identity
from pytest_reportconformance.akamai_reporting.reference.query import Query
from pytest_reportconformance.akamai_reporting.reference.selection import Selection, SortBy
from tests.akamai_reporting.mutants.common import increased
from tests.mutation.kill_matrix import kills


@kills("akamai_reporting.rows.sorted")
class SortsDownward(Reference):
    """Swaps ASCENDING and DESCENDING in the asynchronous mode."""

    def result_of(self, selection: Selection, identity: Identity) -> Sequence[Row]:
        turned = {"ASCENDING": "DESCENDING", "DESCENDING": "ASCENDING"}
        sort_bys = tuple(replace(one, order=turned[one.order]) for one in selection.sort_bys)
        return super().result_of(replace(selection, sort_bys=sort_bys), identity)


@kills("akamai_reporting.rows.sorted")
class SortsByTheFirstColumnAlone(Reference):
    """Sorts by the first column only, and reverses rows with equal values in it."""

    def sorted_rows(self, rows: list[Row], sort_bys: tuple[SortBy, ...]) -> list[Row]:
        return super().sorted_rows(super().sorted_rows(rows, sort_bys)[::-1], sort_bys[:1])


@kills("akamai_reporting.rows.sorted")
class SwapsTwoRows(Reference):
    """Has the third and the fourth row of a sorted result in the wrong order."""

    def result_of(self, selection: Selection, identity: Identity) -> Sequence[Row]:
        rows = [*super().result_of(selection, identity)]
        if selection.sort_bys and len(rows) > 3:
            rows[2], rows[3] = rows[3], rows[2]
        return rows


@kills("akamai_reporting.rows.sorted")
class SortsLater(Reference):
    """Returns sorted rows in reverse order in the synchronous mode."""

    def rows_at_once(self, selection: Selection, matching: Sequence[Row]) -> Sequence[Row]:
        rows = [*super().rows_at_once(selection, matching)]
        return rows[::-1] if selection.sort_bys else rows


@kills("akamai_reporting.rows.limited")
class OneRowTooMany(Reference):
    """Returns one row more than a limit of one."""

    def limited(self, rows: Sequence[Row], limit: int | None) -> Sequence[Row]:
        return super().limited(rows, 2 if limit == 1 else limit)


@kills("akamai_reporting.rows.limited", "akamai_reporting.pages.total-rows-sum")
class TotalIgnoresTheLimit(Reference):
    """Has a totalRows above a limit of one."""

    def total_rows(self, query: Query, page: int) -> Any:
        return len(query.rows) + 5 if query.selection.limit == 1 else len(query.rows)


@kills("akamai_reporting.rows.filtered", "akamai_reporting.sync.same-rows")
class OneRowIgnoresTheFilter(Reference):
    """Returns one row that does not pass the filter."""

    def result_of(self, selection: Selection, identity: Identity) -> Sequence[Row]:
        rows = [*super().result_of(selection, identity)]
        if rows and any(one.operator == "IN_LIST" for one in selection.filters):
            everything = super().result_of(replace(selection, filters=()), identity)
            rows.append(next(row for row in everything if row not in rows))
        return rows


@kills("akamai_reporting.rows.filtered", "akamai_reporting.sync.same-rows")
class FiltersEverythingOut(Reference):
    """Reads IN_LIST as NOT_IN_LIST for a value of two letters."""

    def result_of(self, selection: Selection, identity: Identity) -> Sequence[Row]:
        filters = tuple(
            replace(one, operator="NOT_IN_LIST") if len(one.expressions[0]) == 2 else one for one in selection.filters
        )
        return super().result_of(replace(selection, filters=filters), identity)


@kills("akamai_reporting.rows.limited-part")
class MeasuresLessWithALimit(Reference):
    """Has another value in the only row of a limit of one."""

    def row_shown(self, query: Query, page: int, row: Row) -> dict[str, Any]:
        return increased(row, query.selection.metrics) if query.selection.limit == 1 else row


@kills("akamai_reporting.rows.limited-part")
class SmallestPagesAreRounded(Reference):
    """Has another value in the last of the rows with pageSize=1."""

    def row_shown(self, query: Query, page: int, row: Row) -> dict[str, Any]:
        return increased(row, query.selection.metrics) if query.page_size == 1 and page == 2 else row


@kills("akamai_reporting.rows.filter-complete")
class OneRowDoesNotPass(Reference):
    """Omits one row that passes the filter, in both modes."""

    def rows_selected(self, selection: Selection, identity: Identity) -> Sequence[Row]:
        rows = super().rows_selected(selection, identity)
        return rows[1:] if any(one.operator == "IN_LIST" for one in selection.filters) else rows


@kills("akamai_reporting.ready.whole-numbers", "akamai_reporting.sync.same-rows")
class HalvesASum(Reference):
    """Has a half more in a metric of type LONG of the last row of a query without a limit."""

    def result_of(self, selection: Selection, identity: Identity) -> Sequence[Row]:
        rows = [*super().result_of(selection, identity)]
        if selection.limit is None and rows and "edgeHitsSum" in rows[-1]:
            rows[-1] = rows[-1] | {"edgeHitsSum": float(rows[-1]["edgeHitsSum"]) + 0.5}
        return rows


@kills("akamai_reporting.ready.whole-numbers")
class LongIsDouble(Reference):
    """Describes a metric with fractions as LONG."""

    def metric_option(self, metric: Metric) -> dict[str, Any]:
        return super().metric_option(metric) | {"type": "LONG"}
