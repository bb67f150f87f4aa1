"""The facts of the storing server, and the rows that a request's body selects of them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any
from zlib import crc32

Row = dict[str, Any]
VALUES: dict[str, tuple[Any, ...]] = {
    "region": ("Köln & Bonn", "<north>", "São Paulo", "日本", 'a="b"+c', "plain"),
    "device": ("TV", "PHONE", "TABLET"),
    "hour": (0, 6, 12, 18),
    "account": ("A-1", "A-2"),
}
TYPES = {"region": "STRING", "device": "STRING", "hour": "LONG", "account": "STRING"}
METRICS = {"views": "LONG", "ratio": "DOUBLE", "seconds": "DOUBLE"}
DEFAULTS: Mapping[str, tuple[str, ...]] = {"dimensions": ("region", "device", "hour"), "metrics": ("views", "ratio")}
MEMBERS = {"metrics", "dimensions", "filters", "sortBys", "limit"}
HIDDEN = "A-9"
MOST_DIMENSIONS = 3
TESTS: dict[str, Callable[[str, str], bool]] = {
    "IN_LIST": str.__eq__,
    "EXACT": str.__eq__,
    "BEGINS_WITH": str.startswith,
    "ENDS_WITH": str.endswith,
    "CONTAINS": str.__contains__,
    "MATCH_REGEXP": lambda value, given: re.search(given, value) is not None,
}
COMPARED: dict[str, Callable[[float, float], bool]] = {
    "EQUAL": lambda value, given: value == given,
    "NOT_EQUAL": lambda value, given: value != given,
    "LESS_THAN": lambda value, given: value < given,
    "GREATER_THAN": lambda value, given: value > given,
}


class Unfit(Exception):
    """A request that does not fit the report: a status and a title."""

    def __init__(self, status: int, title: str) -> None:
        super().__init__(title)
        self.status = status


@dataclass(frozen=True)
class Wanted:
    """What a request selects: names of columns, filters, sort order, limit, and the time range as text."""

    report: str
    period: str
    dimensions: tuple[str, ...]
    metrics: tuple[str, ...]
    filters: tuple[Mapping[str, Any], ...]
    sort_bys: tuple[tuple[str, bool], ...]
    limit: int | None


def wanted(report: str, period: str, body: Any) -> Wanted:
    """What a body selects; raises Unfit."""
    require(isinstance(body, dict) and set(body) <= MEMBERS, "an object with documented members")
    named = {name: tuple(body.get(name) or ()) for name in DEFAULTS}
    columns = named if any(named.values()) else DEFAULTS
    require(set(columns["dimensions"]) <= set(VALUES) and set(columns["metrics"]) <= set(METRICS), "known columns")
    require(len(columns["dimensions"]) <= MOST_DIMENSIONS, f"at most {MOST_DIMENSIONS} dimensions")
    filters = tuple(body.get("filters", ()))
    for one in filters:
        fits(one)
    sort_bys = tuple((one["name"], one["sortOrder"] == "DESCENDING") for one in body.get("sortBys", ()))
    require({name for name, _ in sort_bys} <= {*columns["dimensions"], *columns["metrics"]}, "sorted columns")
    limit = body.get("limit")
    require(limit is None or (isinstance(limit, int) and limit >= 0), "a limit of 0 or more")
    return Wanted(report, period, columns["dimensions"], columns["metrics"], filters, sort_bys, limit)


def require(fits: bool, what: str) -> None:
    """Refuse a request that is not as it should be."""
    if not fits:
        raise Unfit(400, f"Expected {what}")


def fits(one: Mapping[str, Any]) -> None:
    """Refuse a filter that does not fit the report, or whose objects the account does not have."""
    if "metricName" in one:
        require(one["metricName"] in METRICS and one["operator"] in COMPARED, "a filter of the report")
        return
    require(one.get("dimensionName") in VALUES, "a filter of the report")
    require(one["operator"].removeprefix("NOT_") in TESTS, "a known operator")
    if one["dimensionName"] == "account" and HIDDEN in one["expressions"]:
        raise Unfit(403, "Not your account")


def rows(one: Wanted) -> list[Row]:
    """The rows, in the requested order or in none in particular, without regard to the limit."""
    groups: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for values in product(*VALUES.values()):
        fact = dict(zip(VALUES, values, strict=True))
        if all(admits(fact, condition) for condition in one.filters if "dimensionName" in condition):
            weight = crc32(f"{one.report} {one.period} {values}".encode()) % 9973
            groups[tuple(fact[name] for name in one.dimensions)].append(weight)
    measured = [row_of(one, key, weights) for key, weights in groups.items()]
    found = [row for row, values in measured if all(passes(values, condition) for condition in one.filters)]
    found.sort(key=lambda row: crc32(repr(sorted(row.items())).encode()))
    for name, descending in reversed(one.sort_bys):
        found.sort(key=lambda row: row[name], reverse=descending)
    return found


def row_of(one: Wanted, key: tuple[Any, ...], weights: list[int]) -> tuple[Row, Row]:
    """A row of a group of facts, and the values of all of its metrics."""
    total = sum(weights)
    values: Row = {"views": total, "ratio": total / 9973 / len(weights), "seconds": total / 7}
    dimensions = dict(zip(one.dimensions, key, strict=True))
    return dimensions | {name: values[name] for name in one.metrics}, values


def admits(fact: Row, one: Mapping[str, Any]) -> bool:
    """Whether a filter on a dimension admits a fact."""
    negated, operator = one["operator"].startswith("NOT_"), one["operator"].removeprefix("NOT_")
    value = str(fact[one["dimensionName"]])
    return any(TESTS[operator](value, str(given)) for given in one["expressions"]) is not negated


def passes(values: Row, one: Mapping[str, Any]) -> bool:
    """Whether a filter on a metric lets a row pass."""
    if "metricName" not in one:
        return True
    return COMPARED[one["operator"]](values[one["metricName"]], float(one["expression"]))
