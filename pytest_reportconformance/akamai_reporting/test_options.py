"""Checks of the options of reports."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_reportconformance.akamai_reporting import assertions, contract, discovery, links
from pytest_reportconformance.akamai_reporting.query_results import Transcripts
from pytest_reportconformance.judging import expect
from pytest_reportconformance.register.register import requirement
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.failures import Missing
from pytest_reportconformance.transcript.transcript import Transcript

LEADS = "akamai_reporting.discovery.report-link-options"
STATUSES = ("PUBLISHED", "DEPRECATED")
METRIC_TYPES = ("LONG", "DOUBLE")
DIMENSION_TYPES = ("STRING", "LONG", "DOUBLE", "TIMESTAMP_SEC", "TIMESTAMP_MS", "DATE_ISO8601")
LIMITS = (
    "maxDimensions",
    "maxDateRangeInDays",
    "maxRetentionInDays",
    "inListFilterMaxValues",
    "textFilterMaxLength",
    "dataPointsLimit",
)
TIME_RANGES = (
    "LAST_15_MINUTES",
    "LAST_30_MINUTES",
    "LAST_1_HOUR",
    "LAST_3_HOURS",
    "LAST_6_HOURS",
    "LAST_12_HOURS",
    "LAST_1_DAY",
    "LAST_2_DAYS",
    "LAST_1_WEEK",
    "LAST_30_DAYS",
    "LAST_90_DAYS",
)

Documents = list[tuple[Exchange, dict[str, Any]]]


def documents(transcripts: Transcripts) -> Documents:
    """The options of reports, whichever scenario asked for them; blocked if there are none."""
    asked = [one for transcript in transcripts for one in contract.OPERATIONS["options"].exchanges(transcript)]
    answers = [(exchange, discovery.body(exchange)) for exchange in asked]
    found = [(exchange, document) for exchange, document in answers if {"metrics", "dimensions"} & document.keys()]
    expect.precondition(found != [], "no options of a report are answered", by=LEADS)
    return found


def having(transcripts: Transcripts, *path: str) -> list[tuple[Exchange, dict[str, Any], Any]]:
    """The options that have a member, with its value; not applicable if none has."""
    found = []
    for exchange, document in documents(transcripts):
        value: Any = document
        for name in path:
            value = value.get(name) if isinstance(value, dict) else None
        if value is not None:
            found.append((exchange, document, value))
    expect.applies(found != [], f"no options have {'.'.join(path)}")
    return found


def items(exchange: Exchange, document: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """The objects of an array of the options; raises Missing."""
    found = document.get(name)
    if not isinstance(found, list):
        raise Missing(f"an array {name}", str(found)[:100], exchange)
    for item in found:
        expect.that(isinstance(item, dict), f"an object in {name}", item, exchange)
    return discovery.objects(found)


def names(document: dict[str, Any], *lists: str) -> list[Any]:
    """The names of columns."""
    return [item.get("name") for name in lists for item in discovery.objects(document.get(name))]


def links_with(rel: str, document: dict[str, Any]) -> list[dict[str, Any]]:
    """The links with a rel."""
    listed = discovery.objects(document.get("links"))
    return [link for link in listed if str(link.get("rel")).lower() == rel]


@requirement("akamai_reporting.options.content-type")
def test_options_are_labelled_as_json(akamai_reporting_transcripts: Transcripts) -> None:
    for exchange, _ in documents(akamai_reporting_transcripts):
        expect.media_type(exchange, "application/json")


@requirement("akamai_reporting.options.name")
def test_options_have_a_name(akamai_reporting_transcripts: Transcripts) -> None:
    for exchange, document in documents(akamai_reporting_transcripts):
        found = document.get("name")
        assertions.text(found, "a text name", found, exchange)


@requirement("akamai_reporting.options.report-status")
def test_options_have_a_known_status(akamai_reporting_transcripts: Transcripts) -> None:
    for exchange, document in documents(akamai_reporting_transcripts):
        expect.among(document.get("status"), STATUSES, "status", exchange)


@requirement("akamai_reporting.options.status-as-listed")
def test_options_have_the_status_of_the_list(listed: Transcript, akamai_reporting_transcripts: Transcripts) -> None:
    statuses = discovery.entries(listed["all"])
    asked = [
        (*pair, statuses.get(links.report_of(pair[0].request.url))) for pair in documents(akamai_reporting_transcripts)
    ]
    found = [one for one in asked if one[1].get("status") in STATUSES and one[2] in STATUSES]
    expect.applies(found != [], "no report whose options were answered is in the list")
    for exchange, document, status in found:
        expect.equal(document["status"], status, "status, as in the list of reports", exchange)


@requirement("akamai_reporting.options.metrics")
def test_options_describe_metrics(akamai_reporting_transcripts: Transcripts) -> None:
    for exchange, document in documents(akamai_reporting_transcripts):
        for metric in items(exchange, document, "metrics"):
            good = named(metric) and metric.get("type") in METRIC_TYPES and flags(metric, "filterable", "mandatory")
            expect.that(good, "a metric with name, type, filterable and mandatory", metric, exchange)


@requirement("akamai_reporting.options.dimensions")
def test_options_describe_dimensions(akamai_reporting_transcripts: Transcripts) -> None:
    for exchange, document in documents(akamai_reporting_transcripts):
        for dimension in items(exchange, document, "dimensions"):
            good = named(dimension) and dimension.get("type") in DIMENSION_TYPES
            good = good and dimension.get("filterType") in ("TEXT", "ENUM")
            good = good and flags(dimension, "filterable", "mandatory", "authorizable")
            what = "a dimension with name, type, filterable, filterType, mandatory and authorizable"
            expect.that(good, what, dimension, exchange)


def named(column: dict[str, Any]) -> bool:
    """Whether a column has a name."""
    return isinstance(column.get("name"), str) and column["name"] != ""


def flags(column: dict[str, Any], *members: str) -> bool:
    """Whether members are booleans."""
    return all(isinstance(column.get(member), bool) for member in members)


@requirement("akamai_reporting.options.links")
def test_options_have_links(akamai_reporting_transcripts: Transcripts) -> None:
    for exchange, document in documents(akamai_reporting_transcripts):
        assertions.whole_links(document.get("links"), "an array links with links", exchange)


@requirement("akamai_reporting.options.data-link")
def test_options_link_to_the_data_of_the_report(akamai_reporting_transcripts: Transcripts) -> None:
    for exchange, document in documents(akamai_reporting_transcripts):
        expect.precondition(isinstance(document.get("links"), list), "no links", by="akamai_reporting.options.links")
        hrefs = [str(link.get("href")) for link in links_with("data", document)]
        expect.that(hrefs != [], "a link with rel data", document.get("links"), exchange)
        url = links.resolve(exchange.request.url, hrefs[0]).partition("?")[0]
        report = links.report_of(exchange.request.url)
        expect.that(url.endswith(f"{links.BASE}/{report}/data"), f"a link to the data of {report}", hrefs[0], exchange)


@requirement("akamai_reporting.options.data-link-post")
def test_the_link_to_data_allows_post(akamai_reporting_transcripts: Transcripts) -> None:
    found = [
        (exchange, link)
        for exchange, document in documents(akamai_reporting_transcripts)
        for link in links_with("data", document)
    ]
    expect.applies(found != [], "no options have a link with rel data")
    for exchange, link in found:
        allow = link.get("allow")
        expect.that(isinstance(allow, list) and "POST" in allow, "allow with POST", link, exchange)


@requirement("akamai_reporting.options.self-link")
def test_the_self_link_leads_to_the_options(akamai_reporting_transcripts: Transcripts) -> None:
    found = [
        (exchange, link)
        for exchange, document in documents(akamai_reporting_transcripts)
        for link in links_with("self", document)
        if links.is_whole(link)
    ]
    expect.applies(found != [], "no options have a link with rel self")
    for exchange, link in found:
        url = links.resolve(exchange.request.url, link["href"]).partition("?")[0]
        path = f"{links.BASE}/{links.report_of(exchange.request.url)}"
        good = url.rstrip("/").endswith(path) and "GET" in link["allow"]
        expect.that(good, f"a link self to {path} that allows GET", link, exchange)


@pytest.mark.parametrize(
    ("member", "lists"),
    [
        pytest.param("Metrics", ["metrics"], marks=requirement("akamai_reporting.options.default-metrics")),
        pytest.param("Dimensions", ["dimensions"], marks=requirement("akamai_reporting.options.default-dimensions")),
        pytest.param(
            "SortBys", ["metrics", "dimensions"], marks=requirement("akamai_reporting.options.default-sort-bys")
        ),
    ],
)
def test_defaults_are_columns_of_the_report(
    akamai_reporting_transcripts: Transcripts, member: str, lists: list[str]
) -> None:
    for exchange, document, found in having(akamai_reporting_transcripts, "defaults", f"default{member}"):
        known = names(document, *lists)
        for item in found if isinstance(found, list) else [found]:
            expect.among(item.get("name") if isinstance(item, dict) else item, known, f"default{member}", exchange)


@requirement("akamai_reporting.options.limits")
def test_limits_are_positive_integers(akamai_reporting_transcripts: Transcripts) -> None:
    for exchange, _document, found in having(akamai_reporting_transcripts, "limits"):
        known = found if isinstance(found, dict) else {"limits": found}
        for name, value in known.items():
            if name in (*LIMITS, "limits"):
                expect.that(discovery.whole(value), f"a positive integer {name}", value, exchange)


@requirement("akamai_reporting.options.enum-values-only")
def test_only_enumerations_list_values(akamai_reporting_transcripts: Transcripts) -> None:
    for exchange, document in documents(akamai_reporting_transcripts):
        for dimension in discovery.objects(document.get("dimensions")):
            if dimension.get("filterEnumValues") is not None:
                expect.equal(dimension.get("filterType"), "ENUM", f"filterType of {dimension.get('name')}", exchange)


@requirement("akamai_reporting.options.enum-values-listed")
def test_enumerations_list_values(akamai_reporting_transcripts: Transcripts) -> None:
    found = [
        (exchange, dimension)
        for exchange, document in documents(akamai_reporting_transcripts)
        for dimension in discovery.objects(document.get("dimensions"))
        if dimension.get("filterType") == "ENUM"
    ]
    expect.applies(found != [], "no dimension has the filterType ENUM")
    for exchange, dimension in found:
        values = dimension.get("filterEnumValues")
        expect.that(isinstance(values, list) and values != [], "filterEnumValues", dimension, exchange)


@requirement("akamai_reporting.options.time-ranges")
def test_time_ranges_have_documented_names(akamai_reporting_transcripts: Transcripts) -> None:
    for exchange, _document, found in having(akamai_reporting_transcripts, "predefinedTimeRanges"):
        for name in found if isinstance(found, list) else [found]:
            expect.among(name, TIME_RANGES, "a time range", exchange)


@requirement("akamai_reporting.options.time-range-accepted")
def test_a_listed_time_range_is_accepted(ranged: Transcript) -> None:
    answers = ranged.all("submit")
    expect.precondition(ranged["options"].succeeded, "no options of the report are answered", ranged["options"], LEADS)
    expect.applies(answers != [], "the options list no time range")
    for exchange in answers:
        expect.seen(exchange.status_code != 422, f"the cost of {exchange.request.url} exceeds what the server allows")
        expect.status(exchange, 303)
