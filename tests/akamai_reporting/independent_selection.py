"""The reports of the independent server and what a request's body selects of them, as an aggregation of facts."""

from __future__ import annotations

import hashlib
import itertools
import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any


class Refused(Exception):
    """A request that is refused: a status and a title (of 405: the methods allowed)."""

    def __init__(self, status: int, title: str) -> None:
        super().__init__(title)
        self.status = status


@dataclass(frozen=True)
class Cube:
    """A report: the values of its dimensions, the type of each metric, and what it has by default."""

    dimensions: dict[str, tuple[str, tuple[Any, ...]]]
    metrics: dict[str, str] = field(default_factory=dict)
    default: tuple[str, ...] = ()
    enumerated: tuple[str, ...] = ()
    authorizable: tuple[str, ...] = ()

    def described(self) -> dict[str, Any]:
        """Its metrics and dimensions, as the options tell them."""
        about: dict[str, Any] = {"metrics": [], "dimensions": []}
        for name, kind in self.metrics.items():
            about["metrics"].append({"name": name, "type": kind, "filterable": True, "mandatory": False})
        for name, (kind, values) in self.dimensions.items():
            one = {"name": name, "type": kind, "filterable": name != "day", "mandatory": False, "filterType": "TEXT"}
            if name in self.enumerated:
                one |= {"filterType": "ENUM", "filterEnumValues": list(values)}
            about["dimensions"].append(one | {"authorizable": name in self.authorizable})
        if self.default:
            about["defaults"] = {"defaultDimensions": list(self.default), "defaultMetrics": list(self.metrics)}
        return about


DAYS = ("TIMESTAMP_SEC", (0, 1, 2))
EVENTS = Cube(
    {
        "policy": ("STRING", ("Straße", "a,b", 'say "no"')),
        "day": DAYS,
        "rule": ("LONG", (950001, 7)),
        "action": ("STRING", ("DENY", "ALERT")),
    },
    {"hits": "LONG", "share": "DOUBLE"},
    ("policy", "day", "rule"),
    ("action",),
    ("policy",),
)
LOGINS = Cube({"user": ("STRING", ("ann", "bo", "cy")), "ok": ("STRING", ("yes", "no")), "day": DAYS})
USAGE = Cube(
    {"contract": ("STRING", ("C-1", "C-2")), "zone": ("STRING", ("Süd", "Nord"))}, {"bytes": "DOUBLE"}, ("zone",)
)
THEIRS = "theirs"
ON_TEXT: dict[str, Callable[[str, list[str]], bool]] = {
    "IN_LIST": lambda value, given: value in given,
    "MATCH_REGEXP": lambda value, given: any(re.search(one, value) for one in given),
    "BEGINS_WITH": lambda value, given: any(value.startswith(one) for one in given),
    "ENDS_WITH": lambda value, given: any(value.endswith(one) for one in given),
    "CONTAINS": lambda value, given: any(one in value for one in given),
}
ON_NUMBER: dict[str, Callable[[float, float], bool]] = {
    "EQUAL": lambda value, given: value == given,
    "NOT_EQUAL": lambda value, given: value != given,
    "LESS_THAN": lambda value, given: value < given,
    "GREATER_THAN": lambda value, given: value > given,
}


class Selection:
    """The selection of a request's body. Raises Refused if the report does not have it."""

    def __init__(self, cube: Cube, body: Any) -> None:
        self.cube = cube
        if not isinstance(body, dict) or set(body) - {"metrics", "dimensions", "filters", "sortBys", "limit"}:
            raise Refused(400, "No such member")
        self.body = body
        default = not body.get("metrics") and not body.get("dimensions")
        self.dimensions = list(cube.default or cube.dimensions) if default else body.get("dimensions", [])
        self.metrics = list(cube.metrics) if default else body.get("metrics", [])
        self.limit = body.get("limit")
        self.check()

    def check(self) -> None:
        """Refuse names, filters, orders and limits that are none of the report's."""
        sorts = self.body.get("sortBys", [])
        known = (
            set(self.dimensions) <= set(self.cube.dimensions)
            and set(self.metrics) <= set(self.cube.metrics)
            and all(one["name"] in self.dimensions + self.metrics for one in sorts)
            and all(one["sortOrder"] in ("ASCENDING", "DESCENDING") for one in sorts)
            and all(self.usable(one) for one in self.body.get("filters", []))
        )
        limit = self.limit
        if not known or isinstance(limit, bool) or not (limit is None or (isinstance(limit, int) and limit >= 0)):
            raise Refused(400, "Not of this report")

    def usable(self, one: dict[str, Any]) -> bool:
        """Whether a filter is valid; raises Refused if its objects are those of another account."""
        if "metricName" in one:
            return one["metricName"] in self.cube.metrics and one["operator"] in ON_NUMBER
        if one.get("dimensionName") in self.cube.authorizable and THEIRS in one["expressions"]:
            raise Refused(403, "Not yours: [theirs]")
        operator = one["operator"].replace("EXACT", "IN_LIST").replace("NOT_", "")
        return one.get("dimensionName") in self.cube.dimensions and operator in ON_TEXT

    def rows(self, start: datetime, end: datetime, chance: random.Random) -> list[dict[str, Any]]:
        """The rows of a time range; in random order without a sort order."""
        groups: dict[tuple[Any, ...], list[float]] = {}
        for facts, number in self.facts(start, end):
            groups.setdefault(tuple(facts[name] for name in self.dimensions), []).append(number)
        found = [
            dict(zip(self.dimensions, key, strict=True)) | {name: self.total(name, numbers) for name in self.metrics}
            for key, numbers in groups.items()
        ]
        found = [row for row in found if all(self.keeps(row, one) for one in self.body.get("filters", []))]
        chance.shuffle(found)
        for one in reversed(self.body.get("sortBys", [])):
            found.sort(key=lambda row: row[one["name"]], reverse=one["sortOrder"] == "DESCENDING")
        return found[: self.limit]

    def facts(self, start: datetime, end: datetime) -> list[tuple[dict[str, Any], float]]:
        """Every fact of a time range: its values of all dimensions that filters let through, and a number."""
        found = []
        for values in itertools.product(*(values for _, values in self.cube.dimensions.values())):
            facts = dict(zip(self.cube.dimensions, values, strict=True))
            if "day" in facts:
                moment = start + (end - start) * facts["day"] / 3
                facts["day"] = int(moment.astimezone(UTC).timestamp())
            number = int(hashlib.sha256(repr(sorted(facts.items())).encode()).hexdigest()[:4], 16)
            if all(self.admits(facts, one) for one in self.body.get("filters", [])):
                found.append((facts, float(number)))
        return found

    def total(self, metric: str, numbers: list[float]) -> float | int:
        """The value of a metric for a group of facts."""
        if metric == "hits":
            return int(sum(numbers))
        return sum(numbers) / 7 if metric == "share" else sum(numbers)

    def admits(self, facts: dict[str, Any], one: dict[str, Any]) -> bool:
        """Whether a filter on a dimension lets a fact through."""
        if "metricName" in one:
            return True
        operator = one["operator"].replace("EXACT", "IN_LIST")
        matches = ON_TEXT[operator.removeprefix("NOT_")]
        given = [str(each) for each in one["expressions"]]
        return matches(str(facts[one["dimensionName"]]), given) is not operator.startswith("NOT_")

    def keeps(self, row: dict[str, Any], one: dict[str, Any]) -> bool:
        """Whether a filter on a metric lets a row through."""
        if one.get("metricName") not in row:
            return True
        return ON_NUMBER[one["operator"]](row[one["metricName"]], float(one["expression"]))
