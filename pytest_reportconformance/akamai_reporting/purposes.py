"""What reports a server of the Reporting API has to offer for all checks to be made, and what may be told about each.

Rule: every purpose may be told in target.toml; those that are not are looked for before the run (`preparing`).
"""

from __future__ import annotations

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
    "start": Key(str, "begin of the time range, RFC 3339, in quotes; past, so that rows stay; together with end"),
    "end": Key(str, "end of the time range, RFC 3339, in quotes; past, so that rows stay; together with start"),
    "time_range": Key(str, "a predefined time range such as LAST_1_DAY, instead of start and end"),
    "metrics": Key(list, "names of metrics; left out: the report's default metrics", fits=_names),
    "dimensions": Key(list, "names of dimensions; left out: the report's default dimensions", fits=_names),
    "filters": Key(
        list,
        "filters: { dimensionName, operator, expressions = [texts] } or { metricName, operator, expression }",
        fits=_filters,
    ),
    "sort_bys": Key(list, "sort order: { name, sortOrder = ASCENDING or DESCENDING }", fits=_sort_bys),
    "limit": Key(int, "most rows of the whole query"),
    "rows": Key(int, "how many rows the query has; left out: found out by asking"),
    "seconds": Key(float, "how long a query is pending; left out: found out by waiting"),
}

PURPOSES = {
    "paged": Purpose(
        "A past time range with at least 13 rows that stay the same; more than a few hundred only cost time.", KEYS
    ),
    "sorted": Purpose("The like, with sort_bys over columns that together differ in every row.", KEYS),
    "slow": Purpose("A query that is pending for some seconds at least, so that pending can be seen.", KEYS),
    "empty": Purpose("A request, by its filters, that matches nothing.", KEYS),
    "forbidden": Purpose("A report that exists and that the owner may not use.", KEYS),
    "unseen": Purpose(
        "A request with a filter on an authorizable dimension by an object that the owner may not see.", KEYS
    ),
}
