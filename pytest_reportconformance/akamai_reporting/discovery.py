"""Reports as the discovery resources describe them; anything that is not as documented is left out.

Rule: pure functions over answers; no answer of a server makes them raise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from pytest_reportconformance.akamai_reporting.operations import BASE
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.failures import Broken, NotReached

MOST_ENTRIES = 1000
OPTIONS = "akamai_reporting.discovery.report-link-options"
"""What a request for the options of a report establishes."""
ORDERS = ("ASCENDING", "DESCENDING")
PATH = re.compile(r"[!-.0-~]+/[!-.0-~]+/[!-.0-~]+")
"""Three segments of printable ASCII without a slash."""


@dataclass(frozen=True)
class Column:
    """A metric or dimension as the options of a report describe it; `values` are those of an enumeration."""

    name: str
    type: str = ""
    filterable: bool = False
    mandatory: bool = False
    authorizable: bool = False
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Options:
    """The options of one report, `path` is family/area/report; `limits` are positive integers by name."""

    path: str
    metrics: tuple[Column, ...]
    dimensions: tuple[Column, ...]
    default_metrics: tuple[str, ...]
    default_dimensions: tuple[str, ...]
    limits: dict[str, int]
    time_ranges: tuple[str, ...]

    @property
    def default_columns(self) -> tuple[str, ...]:
        """The columns of a request that names none."""
        return (*self.default_dimensions, *self.default_metrics)


def body(exchange: Exchange) -> dict[str, Any]:
    """The JSON object of a successful answer; empty for any other answer."""
    return (problem(exchange) or {}) if exchange.succeeded else {}


def problem(exchange: Exchange) -> dict[str, Any] | None:
    """The JSON object of an answer of any status; None if there is none."""
    try:
        found = exchange.json()
    except (Broken, NotReached):
        return None
    return found if isinstance(found, dict) else None


def entries(exchange: Exchange) -> dict[str, str]:
    """The reports of a list: `family/area/report` of each link of the documented form, with its status."""
    return {path: str(item.get("status")) for path, item in listed(exchange)}


def report_links(exchange: Exchange) -> dict[str, str]:
    """The reports of a list: `family/area/report` of each link of the documented form, with the link as it stands."""
    return {path: item["reportLink"] for path, item in listed(exchange)}


def listed(exchange: Exchange) -> Iterator[tuple[str, dict[str, Any]]]:
    """The entries of a list whose links have the documented form, each with its `family/area/report`."""
    for item in objects(body(exchange).get("reports"))[:MOST_ENTRIES]:
        path = report_path(item.get("reportLink"))
        if path is not None:
            yield path, item


def report_path(link: Any) -> str | None:
    """`family/area/report` of a link to a report's options; None for a link of another form."""
    if not isinstance(link, str):
        return None
    try:
        path = urlsplit(link).path
    except ValueError:
        return None
    rest = path.partition(f"{BASE}/")[2]
    return rest if PATH.fullmatch(rest) else None


def options(path: str, exchange: Exchange) -> Options | None:
    """The options of a report; None if the answer holds neither metrics nor dimensions."""
    document = body(exchange)
    defaults, limits = document.get("defaults"), document.get("limits")
    defaults = defaults if isinstance(defaults, dict) else {}
    found = Options(
        path,
        tuple(_columns(document.get("metrics"))),
        tuple(_columns(document.get("dimensions"))),
        texts(defaults.get("defaultMetrics")),
        texts(defaults.get("defaultDimensions")),
        {name: value for name, value in limits.items() if whole(value)} if isinstance(limits, dict) else {},
        texts(document.get("predefinedTimeRanges")),
    )
    return found if found.metrics or found.dimensions else None


def default_order(document: dict[str, Any]) -> list[dict[str, str]]:
    """The default sort keys of options with a name and a direction; none if one of them has neither."""
    defaults = document.get("defaults")
    listed = objects(defaults.get("defaultSortBys")) if isinstance(defaults, dict) else []
    known = [one for one in listed if isinstance(one.get("name"), str) and one.get("sortOrder") in ORDERS]
    return known if len(known) == len(listed) else []


def _columns(value: Any) -> Iterator[Column]:
    for item in objects(value):
        if isinstance(item.get("name"), str):
            yield Column(
                item["name"],
                str(item.get("type")),
                item.get("filterable") is True,
                item.get("mandatory") is True,
                item.get("authorizable") is True,
                texts(item.get("filterEnumValues")),
            )


def objects(value: Any) -> list[dict[str, Any]]:
    """The objects of an array; empty for anything else."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def texts(value: Any) -> tuple[str, ...]:
    """The texts of an array that are not empty; empty for anything else."""
    return tuple(item for item in value if isinstance(item, str) and item) if isinstance(value, list) else ()


def whole(value: Any) -> bool:
    """Whether a value is a positive integer."""
    return isinstance(value, int) and not isinstance(value, bool) and value > 0
