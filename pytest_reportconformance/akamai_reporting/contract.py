"""The operations of the API as `specs/akamai_reporting/openapi.yaml` describes them.

Rule: data, and which requests are documented; nothing is judged here.
"""

from __future__ import annotations

from typing import Any

from pytest_reportconformance.akamai_reporting.links import BASE
from pytest_reportconformance.judging.contract import Operation
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.transcript import Transcript

JSON = "application/json"
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


def read(exchange: Exchange, _schema: str) -> Any:
    """What an answer holds; raises Missing if it is no JSON."""
    return exchange.json


def documented(_transcript: Transcript, exchange: Exchange) -> bool:
    """Whether a request is one that the vendor documents: a step that others rely on, or a list that users may read."""
    submits = OPERATIONS["submit"].parameters(exchange) or OPERATIONS["fetch"].parameters(exchange)
    return exchange.establishes is not None if submits else exchange.identity == "owner"
