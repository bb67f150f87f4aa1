"""The purposes: which reports the checks need, and the keys that target.toml can give for each.

Rule: target.toml can describe every purpose; those that it leaves out are discovered before the run (`preparation`).
"""

from __future__ import annotations

from math import inf
from typing import Any

from pytest_reportconformance.api import Key, Purpose


def _path(value: Any) -> bool:
    return len(value.split("/")) == 3 and all(value.split("/"))


def _names(value: Any) -> bool:
    return all(isinstance(name, str) and name for name in value)


def _filters(value: Any) -> bool:
    on_dimension, on_metric = {"dimensionName", "operator", "expressions"}, {"metricName", "operator", "expression"}
    return all(isinstance(item, dict) and set(item) in (on_dimension, on_metric) for item in value)


def _sort_bys(value: Any) -> bool:
    return all(isinstance(item, dict) and set(item) == {"name", "sortOrder"} for item in value)


KEYS = {
    "path": Key(str, "productFamily/reportingArea/report, as in a reportLink", required=True, fits=_path),
    "start": Key(
        str, "start of the time range, RFC 3339, in quotes; past, so that rows do not change; together with end"
    ),
    "end": Key(
        str, "end of the time range, RFC 3339, in quotes; past, so that rows do not change; together with start"
    ),
    "time_range": Key(str, "a predefined time range such as LAST_1_DAY, instead of start and end"),
    "metrics": Key(list, "names of metrics; default: the report's default metrics", fits=_names),
    "dimensions": Key(list, "names of dimensions; default: the report's default dimensions", fits=_names),
    "filters": Key(
        list,
        "filters: { dimensionName, operator, expressions = [texts] } or { metricName, operator, expression }",
        fits=_filters,
    ),
    "sort_bys": Key(list, "sort order: { name, sortOrder = ASCENDING or DESCENDING }", fits=_sort_bys),
    "limit": Key(int, "maximum number of rows of the query"),
    "rows": Key(int, "number of rows of the query; default: discovered"),
    "seconds": Key(
        float,
        "how long a query is pending, above 0: many times as long without data is a violation; default: discovered",
        fits=lambda value: 0 < value < inf,
    ),
}

PURPOSES = {
    "paged": Purpose(
        "A past time range with at least 13 rows that do not change; more than a few hundred rows only take longer.",
        KEYS,
    ),
    "sorted": Purpose("Like `paged`, sorted by columns that form a unique key.", KEYS),
    "slow": Purpose(
        "A query that is pending for at least some seconds, so that pending answers can be observed.", KEYS
    ),
    "empty": Purpose("A request whose filters match no row.", KEYS),
    "forbidden": Purpose("A report that exists and that the owner has no access to.", KEYS),
    "unseen": Purpose(
        "A request with a filter on an authorizable dimension by an object that the owner has no access to.", KEYS
    ),
}
