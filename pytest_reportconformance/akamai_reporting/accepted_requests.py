"""The requests for data that a server accepted, and the options of the reports that they are of.

Rule: pure over transcripts. Options that are malformed are left out: other checks judge their members.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from pytest_reportconformance.akamai_reporting import contract, discovery, links, observation
from pytest_reportconformance.akamai_reporting.query_results import Transcripts
from pytest_reportconformance.judging import expect
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.transcript import Transcript

ACCEPTED = (200, 303)
OWNER = "owner"
LISTS = ("IN_LIST", "NOT_IN_LIST", "EXACT")
"""Operators of filters whose expressions are values of the dimension."""
DAY = 86400.0
Document = dict[str, Any]


@dataclass(frozen=True)
class Requested:
    """What a request selects of its report.

    `days` is the length of its time range, 0 if it names no start or end; `time_range` the name of one, or empty.
    """

    exchange: Exchange
    report: str
    metrics: tuple[str, ...]
    dimensions: tuple[str, ...]
    filters: tuple[Document, ...]
    days: float
    time_range: str

    @property
    def filtered(self) -> tuple[str, ...]:
        """The columns that it filters by."""
        return tuple(str(one.get("dimensionName", one.get("metricName"))) for one in self.filters)

    @property
    def expressions(self) -> tuple[tuple[str, ...], ...]:
        """The expressions of its filters on dimensions."""
        return tuple(tuple(map(str, one["expressions"])) for one in self.filters if "expressions" in one)


def requested(exchange: Exchange) -> Requested | None:
    """What a POST for data selects; None if its body is no JSON object."""
    try:
        body = json.loads(exchange.request.body or b"{}")
    except ValueError:
        return None
    if not isinstance(body, dict):
        return None
    metrics, dimensions, filters = (tuple(body.get(name, ())) for name in ("metrics", "dimensions", "filters"))
    report, arguments = links.report_of(exchange.request.url), parse_qs(urlsplit(exchange.request.url).query)
    named = arguments.get("timeRange", [""])[0]
    return Requested(exchange, report, metrics, dimensions, filters, _days(arguments), named)


def _days(arguments: dict[str, list[str]]) -> float:
    moments = [observation.moment(arguments[name][0]) for name in ("start", "end") if name in arguments]
    start, end = moments if len(moments) == 2 else (None, None)
    return 0.0 if start is None or end is None else (end - start) / DAY


def by_owner(transcript: Transcript) -> tuple[Requested, ...]:
    """What the owner requested in a transcript, whatever the answer."""
    return transcript.once("requested", lambda one: tuple(_by_owner(one)))


def _by_owner(transcript: Transcript) -> Iterator[Requested]:
    for exchange in contract.OPERATIONS["submit"].exchanges(transcript):
        if exchange.identity == OWNER and (found := requested(exchange)) is not None:
            yield found


def described(transcript: Transcript) -> tuple[tuple[Exchange, str, Document], ...]:
    """The answers with options in a transcript, each with its family/area/report and its document."""
    return transcript.once("described", lambda one: tuple(_described(one)))


def _described(transcript: Transcript) -> Iterator[tuple[Exchange, str, Document]]:
    for exchange in contract.OPERATIONS["options"].exchanges(transcript):
        document = discovery.body(exchange) if exchange.identity == OWNER else {}
        if {"metrics", "dimensions"} & document.keys():
            yield exchange, links.report_of(exchange.request.url), document


def with_options(
    transcripts: Transcripts, statuses: tuple[int, ...] = ACCEPTED
) -> list[tuple[Exchange, Document, list[Requested]]]:
    """Every answer with options, and the requests for its report that were answered with one of the statuses.

    Not applicable if there is no such request for a report whose options were answered.
    """
    sent = [one for transcript in transcripts for one in by_owner(transcript) if one.exchange.status_code in statuses]
    found = [
        (exchange, document, of_report)
        for transcript in transcripts
        for exchange, report, document in described(transcript)
        if (of_report := [one for one in sent if one.report == report])
    ]
    expect.applies(bool(found), "no request for a report whose options were answered is of this kind")
    return found


def columns(document: Document, *lists: str) -> list[Document]:
    """The metrics or dimensions of options that have a name."""
    return [one for name in lists for one in discovery.objects(document.get(name)) if isinstance(one.get("name"), str)]


def names(document: Document, *lists: str) -> list[str]:
    """Their names."""
    return [one["name"] for one in columns(document, *lists)]


def unlisted(document: Document, request: Requested) -> list[str]:
    """The metrics and dimensions of a request that options do not list. A list that is no array is left out."""
    return [
        name
        for member, used in {"metrics": request.metrics, "dimensions": request.dimensions}.items()
        if isinstance(document.get(member), list)
        for name in used
        if name not in names(document, member)
    ]


def not_filterable(document: Document, request: Requested) -> list[str]:
    """The columns that a request filters by, and that options describe as not filterable."""
    closed = [one["name"] for one in columns(document, "metrics", "dimensions") if one.get("filterable") is False]
    return [name for name in request.filtered if name in closed]


def values_not_listed(document: Document, request: Requested) -> list[str]:
    """The values that a request filters by, and that options do not list for the enumeration."""
    listed = {one["name"]: discovery.texts(one.get("filterEnumValues")) for one in columns(document, "dimensions")}
    return [
        f"{one['dimensionName']} {value}"
        for one in request.filters
        if one.get("operator") in LISTS and listed.get(str(one.get("dimensionName")))
        for value in map(str, one.get("expressions", ()))
        if value not in listed[one["dimensionName"]]
    ]


def not_filtered(document: Document, request: Requested) -> list[str]:
    """The columns that options describe as mandatory filters, and that a request does not filter by."""
    mandatory = [one["name"] for one in columns(document, "metrics", "dimensions") if one.get("mandatory") is True]
    return [name for name in mandatory if name not in request.filtered]


def exceeded(document: Document, request: Requested) -> list[str]:
    """The limits of options that a request exceeds; a time range may have a part of a day more."""
    limits = document.get("limits")
    found = {
        "maxDimensions": len(request.dimensions),
        "maxDateRangeInDays": request.days - 1,
        "inListFilterMaxValues": max((len(one) for one in request.expressions), default=0),
        "textFilterMaxLength": max((len(text) for one in request.expressions for text in one), default=0),
    }
    known = limits if isinstance(limits, dict) else {}
    return [name for name, value in found.items() if discovery.whole(known.get(name)) and value > known[name]]


def not_authorizable(document: Document, request: Requested) -> list[str]:
    """The dimensions that a request filters by, if options describe none of them as authorizable."""
    known = [one for one in columns(document, "dimensions") if one["name"] in request.filtered]
    return [] if any(one.get("authorizable") is not False for one in known) else [one["name"] for one in known]


def unlisted_time_range(document: Document, request: Requested) -> list[str]:
    """The named time range of a request, if options list others but not this one."""
    listed = discovery.texts(document.get("predefinedTimeRanges"))
    return [request.time_range] if listed and request.time_range and request.time_range not in listed else []
