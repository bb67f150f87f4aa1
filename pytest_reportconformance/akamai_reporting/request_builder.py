"""From the options of a report to requests that can serve a purpose: columns, time range, filters.

Rule: pure functions; the facts they return have the keys of `purposes`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any

from pytest_reportconformance.akamai_reporting.discovery import Column, Options

NOTHING = "nothing-is-called-this.invalid"
Facts = dict[str, Any]


def request_facts(report: Options, now: datetime) -> Facts | None:
    """A request over a past time with the default columns; None if no value is known for a mandatory filter."""
    filters = [_in_list(column, column.values[0]) for column in report.dimensions if column.mandatory and column.values]
    if len(filters) < sum(column.mandatory for column in report.dimensions):
        return None
    facts: Facts = {"path": report.path, **past(report.limits, now)}
    columns = {"metrics": _metrics(report), "dimensions": _dimensions(report), "filters": filters}
    return facts | {name: found for name, found in columns.items() if found}


def past(limits: Mapping[str, int], now: datetime) -> dict[str, str]:
    """A past week, or the part of it that the report retains and allows."""
    kept = limits.get("maxRetentionInDays", 30)
    days = max(1, min(7, limits.get("maxDateRangeInDays", 7), kept - 2))
    midnight = datetime.combine(now.astimezone(UTC).date(), time(tzinfo=UTC))
    end = midnight - timedelta(days=1 if kept > 2 else 0)
    moments = {"start": end - timedelta(days=days), "end": end}
    return {name: moment.isoformat().replace("+00:00", "Z") for name, moment in moments.items()}


def _metrics(report: Options) -> list[str]:
    """The mandatory metrics, else one: integers before fractions, default metrics first."""
    known = sorted(report.metrics, key=lambda one: (one.type != "LONG", one.name not in report.default_metrics))
    mandatory = [column.name for column in known if column.mandatory]
    return mandatory or [column.name for column in known[:1]]


def _dimensions(report: Options) -> list[str]:
    """The default dimensions, else the first two; none whose objects some identities cannot access."""
    most = report.limits.get("maxDimensions", 2)
    open_to_all = [column.name for column in report.dimensions if not column.authorizable]
    defaults = [name for name in report.default_dimensions if name in open_to_all]
    return (defaults or open_to_all)[: min(most, 3 if defaults else 2)]


def in_total_order(facts: Facts) -> Facts | None:
    """The same request sorted by all of its columns; None if it has no dimensions."""
    columns = [*facts.get("dimensions", ()), *facts.get("metrics", ())]
    sort_bys = [{"name": name, "sortOrder": "ASCENDING"} for name in columns]
    return {**facts, "sort_bys": sort_bys} if facts.get("dimensions") else None


def matching_nothing(facts: Facts, report: Options) -> Facts | None:
    """The same request with a filter that no row passes; None without a filterable column."""
    filters = [*facts.get("filters", ())]
    for column in report.dimensions:
        if column.filterable and not column.authorizable and not column.values and column.type == "STRING":
            return {**facts, "filters": [*filters, _in_list(column, NOTHING)]}
    for column in report.metrics:
        if column.filterable:
            below = {"metricName": column.name, "operator": "LESS_THAN", "expression": "-1"}
            return {**facts, "filters": [*filters, below]}
    return None


def by_objects(facts: Facts, report: Options) -> tuple[Facts, Column] | None:
    """The same request by a dimension whose objects some identities cannot access; None if none is filterable."""
    for column in report.dimensions:
        if column.authorizable and column.filterable:
            return {**facts, "dimensions": [column.name]}, column
    return None


def with_object(facts: Facts, column: Column, value: Any) -> Facts:
    """The same request with a filter by one object."""
    return {**facts, "filters": [*facts.get("filters", ()), _in_list(column, str(value))]}


def _in_list(column: Column, value: str) -> dict[str, Any]:
    return {"dimensionName": column.name, "operator": "IN_LIST", "expressions": [value]}
