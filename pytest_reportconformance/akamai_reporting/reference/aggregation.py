"""The rows of a selection: facts are filtered, grouped, measured and sorted.

If each fact is a row of its own, rows are computed when they are read: a report of any size costs no memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter
from typing import overload

from pytest_reportconformance.akamai_reporting.reference.catalogue import Row, Value
from pytest_reportconformance.akamai_reporting.reference.identities import Identity
from pytest_reportconformance.akamai_reporting.reference.selection import Selection, SortBy
from pytest_reportconformance.akamai_reporting.reference.validation import Validation


def row_of(selection: Selection, identity: Identity, facts: list[int]) -> Row:
    """The row of facts that agree in all dimensions."""
    report, seed = selection.report, selection.period.seed
    by_name = {dimension.name: dimension for dimension in report.dimensions}
    row: Row = {name: by_name[name].values(facts[0], identity.objects) for name in selection.dimensions}
    return row | {
        metric.name: metric.value(facts, seed) for name in selection.metrics if (metric := report.metric(name))
    }


class ComputedRows(Sequence[Row]):
    """The rows of a range of facts, each computed when asked for."""

    def __init__(self, selection: Selection, identity: Identity, facts: range) -> None:
        self.selection, self.identity, self.facts = selection, identity, facts

    def __len__(self) -> int:
        return len(self.facts)

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> ComputedRows: ...
    def __getitem__(self, index: int | slice) -> Row | ComputedRows:
        if isinstance(index, slice):
            return ComputedRows(self.selection, self.identity, self.facts[index])
        return row_of(self.selection, self.identity, [self.facts[index]])


class Selecting(Validation):
    """Computes results."""

    def rows_selected(self, selection: Selection, identity: Identity) -> Sequence[Row]:
        """All rows that match, in order, before any limit."""
        sort_bys = self.sort_bys_of(selection)
        key = selection.report.key
        if key in selection.dimensions and not selection.filters and (not sort_bys or sort_bys[0].name == key):
            facts = range(selection.report.facts)
            descending = bool(sort_bys) and sort_bys[0].order == "DESCENDING"
            return ComputedRows(selection, identity, facts[::-1] if descending else facts)
        groups = [facts for facts in self.groups(selection, identity) if self.group_passes(selection, facts)]
        return self.sorted_rows([row_of(selection, identity, facts) for facts in groups], sort_bys)

    def sort_bys_of(self, selection: Selection) -> tuple[SortBy, ...]:
        """How to sort: as requested, else by the report's default column if the result has it."""
        if selection.sort_bys or selection.report.default_sort not in selection.columns:
            return selection.sort_bys
        return (SortBy(selection.report.default_sort, "ASCENDING"),)

    def groups(self, selection: Selection, identity: Identity) -> list[list[int]]:
        """The facts that pass the filters on dimensions, those that agree in all requested dimensions together."""
        by_name = {dimension.name: dimension for dimension in selection.report.dimensions}
        conditions = [(filter, by_name[filter.name]) for filter in selection.filters if not filter.on_metric]
        groups: dict[tuple[Value, ...], list[int]] = {}
        for fact in range(selection.report.facts):
            if all(self.dimension_matches(one, by.values(fact, identity.objects)) for one, by in conditions):
                key = tuple(by_name[name].values(fact, identity.objects) for name in selection.dimensions)
                groups.setdefault(key, []).append(fact)
        return list(groups.values())

    def group_passes(self, selection: Selection, facts: list[int]) -> bool:
        """Whether the facts of a row pass the filters on metrics, requested or not."""
        metrics = {metric.name: metric for metric in selection.report.metrics}
        seed = selection.period.seed
        conditions = [filter for filter in selection.filters if filter.on_metric]
        return all(self.metric_matches(one, metrics[one.name].value(facts, seed)) for one in conditions)

    def sorted_rows(self, rows: list[Row], sort_bys: tuple[SortBy, ...]) -> list[Row]:
        """Rows in order, the first of `sort_bys` counting most; ties stay as they are."""
        for sort_by in reversed(sort_bys):
            rows = sorted(rows, key=itemgetter(sort_by.name), reverse=sort_by.order == "DESCENDING")
        return rows

    def limited(self, rows: Sequence[Row], limit: int | None) -> Sequence[Row]:
        """The rows within the limit of the request."""
        return rows if limit is None or limit >= len(rows) else rows[:limit]
