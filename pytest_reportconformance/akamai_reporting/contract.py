"""The operations of the API as `specs/akamai_reporting/openapi.yaml` describes them.

Rule: data, and which requests are documented; nothing is judged here.
"""

from __future__ import annotations

from typing import Any

from pytest_reportconformance.akamai_reporting import discovery, links
from pytest_reportconformance.akamai_reporting.links import BASE
from pytest_reportconformance.judging import expect
from pytest_reportconformance.judging.contract import UNKNOWN, Operation
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.transcript import Transcript

JSON = "application/json"
NUMERIC = ("LONG", "DOUBLE")
REPORT = f"{BASE}/{{productFamily}}/{{reportingArea}}/{{report}}"

OPERATIONS = {
    one.name: one
    for one in (
        Operation("list-reports", "GET", BASE, (200,), {JSON: "report-list"}),
        Operation("list-reports-of-family", "GET", f"{BASE}/{{productFamily}}", (200,), {JSON: "report-list"}),
        Operation(
            "list-reports-of-area", "GET", f"{BASE}/{{productFamily}}/{{reportingArea}}", (200,), {JSON: "report-list"}
        ),
        Operation("options", "GET", REPORT, (200,), {JSON: "report-options"}),
        Operation("submit", "POST", f"{REPORT}/data", (200, 303), {JSON: "sync-data"}),
        Operation("fetch", "GET", f"{REPORT}/queries/{{queryId}}", (200, 303), {JSON: "async-data"}),
    )
}
"""Every operation, from the lists of reports to the pages of a query."""


REFUSALS = {
    "list-reports-of-family": (404,),
    "list-reports-of-area": (404,),
    "options": (403, 404),
    "submit": (400, 403, 404, 422),
    "fetch": (403, 404, 422),
}
"""The refusals of each operation that are documented as problem documents; 429 is one of the rate limits."""


def refusals(*transcripts: Transcript) -> list[Exchange]:
    """Those refusals of requests by identities that are known."""
    sent = [one for transcript in transcripts for one in transcript if one.identity not in UNKNOWN]
    whole = [one for one in sent if one.response is not None and one.error is None]
    return [
        one
        for one in whole
        for name, statuses in REFUSALS.items()
        if one.status_code in statuses and OPERATIONS[name].parameters(one) is not None
    ]


def described(*transcripts: Transcript) -> dict[str, discovery.Options]:
    """The reports whose options were answered to their owner, by family/area/report."""
    asked = [one for transcript in transcripts for one in OPERATIONS["options"].exchanges(transcript)]
    found = {links.report_of(one.request.url): discovery.options("", one) for one in asked if one.succeeded}
    return {report: options for report, options in found.items() if options is not None}


def metrics_of_type(types: tuple[str, ...], *transcripts: Transcript) -> dict[str, list[str]]:
    """The metrics of each report that have one of these types in its options.

    Inconclusive if no options are known, not applicable if there is no such metric.
    """
    reports = described(*transcripts)
    expect.seen(bool(reports), "no options of a report give the types of its metrics")
    found = {path: [one.name for one in report.metrics if one.type in types] for path, report in reports.items()}
    expect.applies(any(found.values()), f"no report has a metric of the type {' or '.join(types)}")
    return found


def numeric_metrics(*transcripts: Transcript) -> dict[str, list[str]]:
    """The metrics of each report that its options type as numbers, see `metrics_of_type`."""
    return metrics_of_type(NUMERIC, *transcripts)


def whole_metrics(*transcripts: Transcript) -> dict[str, list[str]]:
    """The metrics of each report that its options type as whole numbers, see `metrics_of_type`."""
    return metrics_of_type(("LONG",), *transcripts)


def read(exchange: Exchange, _schema: str) -> Any:
    """What an answer holds; raises Missing if it is no JSON."""
    return exchange.json()


def documented(_transcript: Transcript, exchange: Exchange) -> bool:
    """Whether a request is one that the vendor documents: a step that others rely on, or a list that users may read."""
    submits = OPERATIONS["submit"].parameters(exchange) or OPERATIONS["fetch"].parameters(exchange)
    return exchange.establishes is not None if submits else exchange.identity == "owner"
