"""Mutants of what the metadata of synchronous answers repeat of the request."""

from __future__ import annotations

from typing import Any

from tests.akamai_reporting.mutants.sync import Rewrites
from tests.mutation.kill_matrix import kills


@kills("akamai_reporting.sync.columns-repeated")
class OmitsAMetric(Rewrites):
    """Omits the requested metrics in metadata.metrics of a sorted answer."""

    def rewrite(self, document: dict[str, Any], metadata: dict[str, Any]) -> None:
        if "sortBys" in metadata:
            metadata["metrics"] = []


@kills("akamai_reporting.sync.columns-repeated")
class ListsEveryDimension(Rewrites):
    """Has all dimensions of the report in metadata.dimensions."""

    def rewrite(self, document: dict[str, Any], metadata: dict[str, Any]) -> None:
        metadata["dimensions"] = [{"name": one.name} for one in self.selection.report.dimensions]


@kills("akamai_reporting.sync.filters-repeated")
class FilterHasAnotherValue(Rewrites):
    """Has another value of a filter in metadata.filters."""

    def rewrite(self, document: dict[str, Any], metadata: dict[str, Any]) -> None:
        if "filters" in metadata:
            metadata["filters"] = [one | {"expressions": ["x"]} for one in metadata["filters"]]


@kills("akamai_reporting.sync.filters-repeated")
class FiltersAreNone(Rewrites):
    """Has no filters in metadata.filters."""

    def rewrite(self, document: dict[str, Any], metadata: dict[str, Any]) -> None:
        metadata["filters"] = []


@kills("akamai_reporting.sync.sort-bys-repeated")
class SortKeysAreSwapped(Rewrites):
    """Has the sort keys in reverse order in metadata.sortBys."""

    def rewrite(self, document: dict[str, Any], metadata: dict[str, Any]) -> None:
        if "sortBys" in metadata:
            metadata["sortBys"] = metadata["sortBys"][::-1]


@kills("akamai_reporting.sync.sort-bys-repeated")
class DirectionIsUpward(Rewrites):
    """Turns the direction of the last sort key in metadata.sortBys."""

    def rewrite(self, document: dict[str, Any], metadata: dict[str, Any]) -> None:
        turned = {"ASCENDING": "DESCENDING", "DESCENDING": "ASCENDING"}
        if "sortBys" in metadata:
            *others, last = metadata["sortBys"]
            metadata["sortBys"] = [*others, last | {"sortOrder": turned[last["sortOrder"]]}]


@kills("akamai_reporting.sync.limit-repeated")
class LimitIsOneMore(Rewrites):
    """Has one more than the limit of the request in metadata.limit."""

    def rewrite(self, document: dict[str, Any], metadata: dict[str, Any]) -> None:
        if "limit" in metadata:
            metadata["limit"] += 1


@kills("akamai_reporting.sync.limit-repeated")
class LimitIsBelowTheRows(Rewrites):
    """Has a limit of one in metadata.limit without a limit in the request."""

    def rewrite(self, document: dict[str, Any], metadata: dict[str, Any]) -> None:
        metadata.setdefault("limit", 1)


@kills("akamai_reporting.sync.no-more-rows")
class MoreRowsForAWhile(Rewrites):
    """Has hasMoreRows true in the third to sixth synchronous answer to requests without a limit."""

    answered = 0

    def rewrite(self, document: dict[str, Any], metadata: dict[str, Any]) -> None:
        self.answered += self.selection.limit is None
        whole = self.selection.limit is None and 3 <= self.answered <= 6
        metadata["hasMoreRows"] = metadata["hasMoreRows"] or whole
