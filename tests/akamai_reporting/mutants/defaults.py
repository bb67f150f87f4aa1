"""Mutants of the defaults that a submission without columns has."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pytest_reportconformance.akamai_reporting.reference import Reference
from pytest_reportconformance.akamai_reporting.reference.catalogue import Report, Row
from pytest_reportconformance.akamai_reporting.reference.query import Query
from pytest_reportconformance.akamai_reporting.reference.selection import Selection, SortBy
from pytest_reportconformance.http.server import Call
from tests.mutation.kill_matrix import kills


@kills("akamai_reporting.submit.only-default-columns")
class AddsAMetricToTheDefaults(Reference):
    """Adds a metric that is no default to the rows of a submission without columns."""

    def row_shown(self, query: Query, page: int, row: Row) -> dict[str, Any]:
        shown = super().row_shown(query, page, row)
        return shown if query.selection.body else {**shown, "originHitsSum": 1}


@kills("akamai_reporting.submit.only-default-columns")
class OptionsLackADefault(Reference):
    """Lists the first default dimension alone, and applies all of them."""

    def defaults_of(self, report: Report) -> dict[str, Any]:
        defaults = super().defaults_of(report)
        return defaults | {"defaultDimensions": defaults["defaultDimensions"][:1]}


@kills("akamai_reporting.submit.default-order")
class IgnoresTheDefaultOrder(Reference):
    """Ignores the default sort order: the rows of a submission without columns are in the order of a metric."""

    def sort_bys_of(self, selection: Selection) -> tuple[SortBy, ...]:
        found = super().sort_bys_of(selection)
        return found if selection.body else (SortBy("edgeHitsSum", "DESCENDING"),)


@kills("akamai_reporting.submit.default-order")
class TurnsTheDefaultOrder(Reference):
    """Applies the default sort order downward to an empty object."""

    def selection_of(self, call: Call, report: Report) -> Selection:
        selection = super().selection_of(call, report)
        if call.body != b"{}":
            return selection
        return replace(selection, sort_bys=(SortBy(report.default_sort, "DESCENDING"),))
