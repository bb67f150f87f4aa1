"""The reports on offer: what each can measure, by what it can be grouped, and its facts, computed and never stored."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from zlib import crc32

from pytest_reportconformance.akamai_reporting.reference.identities import OTHER_ACCOUNT

Value = str | int | float
Row = dict[str, Value]

TIME_RANGES = {
    "LAST_15_MINUTES": 15,
    "LAST_30_MINUTES": 30,
    "LAST_1_HOUR": 60,
    "LAST_3_HOURS": 180,
    "LAST_6_HOURS": 360,
    "LAST_12_HOURS": 720,
    "LAST_1_DAY": 1440,
    "LAST_2_DAYS": 2880,
    "LAST_1_WEEK": 10080,
    "LAST_30_DAYS": 43200,
    "LAST_90_DAYS": 129600,
}
"""Every predefined time range with its length in minutes."""

COUNTRIES = ("AT", "BR", "CH", "DE", "FR", "JP")
RESPONSE_CLASSES = ("2xx", "3xx", "4xx", "5xx")
ACTIONS = ("DELETE", "INVALIDATE", "PREFETCH")
STREAM_TYPES = ("LIVE", "VOD")


@dataclass(frozen=True)
class Metric:
    """Something measured: LONG metrics add up over the facts of a row, DOUBLE metrics are their mean."""

    name: str
    description: str
    type: str = "LONG"
    filterable: bool = True

    def value(self, facts: list[int], seed: int) -> Value:
        """The value over some facts in the period that `seed` stands for."""
        weight = crc32(self.name.encode()) + seed
        values = [(fact * 7919 + weight) % 99991 for fact in facts]
        return sum(values) if self.type == "LONG" else round(sum(values) / len(values) / 1000, 3)


@dataclass(frozen=True)
class Dimension:
    """Something to group by: `values` maps the number of a fact and the objects of an account to its value."""

    name: str
    description: str
    values: Callable[[int, tuple[str, ...]], Value]
    type: str = "STRING"
    filterable: bool = True
    enumeration: tuple[str, ...] = ()
    mandatory: bool = False
    authorizable: bool = False


@dataclass(frozen=True)
class Report:
    """One report. `key` names the dimension that differs in each fact and rises with it; `accounts` None means all."""

    family: str
    area: str
    report: str
    name: str
    description: str
    metrics: tuple[Metric, ...]
    dimensions: tuple[Dimension, ...]
    facts: int
    default_metrics: tuple[str, ...]
    default_dimensions: tuple[str, ...]
    default_sort: str
    key: str | None = None
    slow: bool = False
    status: str = "PUBLISHED"
    accounts: frozenset[str] | None = None
    time_ranges: tuple[str, ...] = tuple(TIME_RANGES)
    default_minutes: int = 1440
    maximum_dimensions: int = 4
    maximum_days: int = 90
    retention_days: int = 92
    list_maximum: int = 100
    text_maximum: int = 200
    data_points: int = 50000

    @property
    def path(self) -> str:
        """Family, area and report, as they stand in a URL."""
        return f"{self.family}/{self.area}/{self.report}"

    def metric(self, name: object) -> Metric | None:
        """The metric of that name, None if there is none."""
        return next((metric for metric in self.metrics if metric.name == name), None)

    def dimension(self, name: object) -> Dimension | None:
        """The dimension of that name, None if there is none."""
        return next((dimension for dimension in self.dimensions if dimension.name == name), None)


HITS = Metric("edgeHitsSum", "Requests answered at the edge")
BYTES = Metric("edgeBytesSum", "Bytes delivered from the edge")
ORIGIN_HITS = Metric("originHitsSum", "Requests answered by the origin", filterable=False)
OFFLOAD = Metric("offloadedHitsPercentage", "Share of requests that spared the origin", "DOUBLE")

COUNTRY = Dimension("countryCode", "Country of the visitor", lambda fact, _: COUNTRIES[fact % 6])
RESPONSE_CLASS = Dimension(
    "responseClass",
    "Class of the status code",
    lambda fact, _: RESPONSE_CLASSES[fact // 6 % 4],
    enumeration=RESPONSE_CLASSES,
)
CPCODE = Dimension(
    "cpcode", "Content provider code", lambda fact, objects: objects[fact % len(objects)], authorizable=True
)
DAY_PART = Dimension("dayPart", "Hour of the day", lambda fact, _: fact % 24, "LONG", filterable=False)
HOSTNAME = Dimension("hostname", "Name of the host", lambda fact, _: f"host-{fact:06}.example")
REQUEST_ID = Dimension("requestId", "Id of the purge request", lambda fact, _: f"purge-{fact:04}")
ACTION = Dimension("action", "Kind of the purge request", lambda fact, _: ACTIONS[fact % 3], enumeration=ACTIONS)
USER = Dimension("userName", "User of the purge request", lambda fact, _: f"user{fact % 4}@host.example")
STREAM_TYPE = Dimension(
    "streamType", "Live or on demand", lambda fact, _: STREAM_TYPES[fact % 2], enumeration=STREAM_TYPES, mandatory=True
)
TRAFFIC_METRICS = (HITS, BYTES, ORIGIN_HITS, OFFLOAD)
TRAFFIC_DIMENSIONS = (COUNTRY, RESPONSE_CLASS, CPCODE, DAY_PART, HOSTNAME)
TRAFFIC_DEFAULTS = ("edgeHitsSum", "offloadedHitsPercentage")


def catalogue(rows: int) -> tuple[Report, ...]:
    """All reports; `rows` is how many rows the report by hostname has."""
    return (
        Report(
            "delivery",
            "traffic",
            "current",
            "Traffic",
            "Traffic by country and response",
            TRAFFIC_METRICS,
            TRAFFIC_DIMENSIONS,
            240,
            TRAFFIC_DEFAULTS,
            ("countryCode", "responseClass"),
            "countryCode",
        ),
        Report(
            "delivery",
            "traffic",
            "hostnames",
            "Traffic by hostname",
            "One row for each host",
            TRAFFIC_METRICS,
            (HOSTNAME, COUNTRY, CPCODE),
            rows,
            TRAFFIC_DEFAULTS,
            ("hostname",),
            "hostname",
            key="hostname",
            time_ranges=("LAST_1_HOUR", "LAST_1_DAY", "LAST_1_WEEK"),
        ),
        Report(
            "delivery",
            "traffic",
            "history",
            "Historical traffic",
            "Traffic over long periods, slow to compute",
            TRAFFIC_METRICS,
            TRAFFIC_DIMENSIONS,
            240,
            TRAFFIC_DEFAULTS,
            ("countryCode",),
            "countryCode",
            slow=True,
        ),
        Report(
            "delivery",
            "traffic",
            "peering",
            "Peering",
            "Traffic between networks, for some accounts only",
            TRAFFIC_METRICS,
            TRAFFIC_DIMENSIONS,
            24,
            TRAFFIC_DEFAULTS,
            ("countryCode",),
            "countryCode",
            accounts=frozenset({OTHER_ACCOUNT}),
        ),
        Report(
            "delivery",
            "purge",
            "audit-requests-details",
            "Purge requests",
            "Who purged what; nothing is measured",
            (),
            (REQUEST_ID, ACTION, USER),
            31,
            (),
            ("requestId", "action", "userName"),
            "requestId",
            key="requestId",
        ),
        Report(
            "media",
            "delivery",
            "streams",
            "Streams",
            "Streams of one type",
            (HITS, BYTES),
            (STREAM_TYPE, COUNTRY),
            60,
            ("edgeHitsSum",),
            ("countryCode",),
            "countryCode",
            status="DEPRECATED",
            time_ranges=("LAST_1_HOUR", "LAST_1_DAY"),
        ),
    )
