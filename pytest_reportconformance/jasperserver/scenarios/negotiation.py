"""Content negotiation, and the variants in which one request may be written."""

from __future__ import annotations

import json
from typing import Any

from pytest_reportconformance.jasperserver import common_steps, descriptors, operations, purposes
from pytest_reportconformance.jasperserver.media import JSON, XML
from pytest_reportconformance.judging import file_formats
from pytest_reportconformance.recording.steps import Steps
from pytest_reportconformance.scenarios import scenario
from pytest_reportconformance.target.target import Target
from pytest_reportconformance.transcript.exchange import Exchange, Request

ACCEPTED = "jasperserver.run.accepted"
ANY_APPLICATION = "application/*"
JSON_BEFORE_XML = "application/xml;q=0.3, application/json;q=0.9"
XML_BEFORE_JSON = "application/json;q=0.3, application/xml;q=0.9"
UNKNOWN = {"x-purpose": "conformance", "x-nested": {"list": [1, None], "flag": True}}
NULLS: dict[str, None] = dict.fromkeys(("anchor", "attachmentsPrefix", "parameters"))
OPTIONAL = {
    "freshData": True,
    "saveDataSnapshot": False,
    "interactive": True,
    "allowInlineScripts": False,
    "baseUrl": "http://localhost/static",
    "markupType": "full",
    "transformerKey": "conformance",
    "reportContainerWidth": 600,
}
BASE = {"async": True, "outputFormat": "csv"}
VARIANTS: dict[str, dict[str, Any]] = {
    "boolean-as-text": {"async": "true", "ignorePagination": "false", "pages": "2"},
    "pages-as-number": {"pages": 2},
    "single-page": {"pages": "2"},
    "unknown-members": UNKNOWN,
    "null-members": NULLS | dict.fromkeys(("ignorePagination", "pages", "baseUrl", "markupType", "freshData")),
    "format-case": {"outputFormat": "CSV"},
    "optional-properties": OPTIONAL,
}
"""Variants of the members of a run, each by itself."""
TOGETHER = {
    **UNKNOWN,
    **NULLS,
    **OPTIONAL,
    "async": "true",
    "ignorePagination": "false",
    "outputFormat": "CSV",
    "pages": 2,
}
"""All of them in one request."""
EXPORTED: dict[str, dict[str, Any]] = {
    "unknown-members": UNKNOWN,
    "null-members": dict.fromkeys(("pages", "anchor", "attachmentsPrefix", "ignorePagination", "markupType")),
    "page-number": {"pages": 2},
    "boolean-as-text": {"ignorePagination": "false", "pages": "2"},
    "ordinary": {"pages": "2"},
}
"""Variants of the members of an export to CSV."""


def negotiate(step: Steps, id: str, export: str, media: str) -> None:
    """Request one finished execution with every form of Accept header; `media` is that of the bodies sent."""
    step("details-any", operations.details(id, ANY_APPLICATION))
    step("details-charset", operations.details(id, "application/json; charset=UTF-8"))
    step("details-json-first", operations.details(id, JSON_BEFORE_XML))
    step("details-xml-first", operations.details(id, XML_BEFORE_JSON))
    step("status-html", operations.status(id, "text/html"))
    step("status-json", operations.status(id))
    step("status-any", operations.status(id, ANY_APPLICATION))
    step("status-default", operations.status(id, None))
    step("export-status-default", operations.export_status(id, export, None))
    accepts = {"json": JSON, "xml": XML, "default": None, "any": ANY_APPLICATION}
    for name, accept in accepts.items():
        step(f"export-{name}", operations.export(id, media=media, accept=accept, outputFormat="csv"))
    if media == XML:
        body = b"<export><xPurpose><deep>1</deep></xPurpose><outputFormat>csv</outputFormat></export>"
        step("export-unknown-elements", operations.raw_export(id, body, media=media))
    else:
        _export_variants(step, id)
    common_steps.settle(step, id, "settled")
    step("details-many", operations.details(id))
    step("details-xml-many", operations.details(id, XML))


def _export_variants(step: Steps, id: str) -> None:
    """Send every variant in an export of its own, and download its output."""
    made = {}
    for name, members in EXPORTED.items():
        request = operations.raw_export(id, json.dumps({"outputFormat": "csv", **members}).encode())
        answer = step(f"export-{name}", request)
        made[name] = descriptors.descriptor(answer).get("id") if answer.succeeded else None
    settled = common_steps.settle(step, id, "exported")
    ready = {one.get("id") for one in descriptors.exports(settled) if one.get("status") == "ready"}
    for name, export in made.items():
        if isinstance(export, str) and export in ready:
            step(f"output-{name}", operations.output(id, export), observe=(file_formats.observe,))


@scenario(needs=["multi"])
def run_variants(step: Steps, target: Target) -> None:
    """One JSON request combines all variants that clients send; if it fails, each is sent by itself."""
    facts = target.report("multi")
    texts = [purposes.page_text(facts, page) for page in range(1, facts["pages"] + 1)]
    step.note(shows=texts)
    charset = "application/json; charset=UTF-8"
    together = _request(facts["uri"], TOGETHER, media=charset, accept="application/xml; charset=UTF-8")
    output = _play(step, "together", together)
    if output is not None and _pages(output, texts) == [2]:
        return
    _play(step, "plain", _request(facts["uri"], {}))
    _play(step, "charset", _request(facts["uri"], {}, media=charset, accept=charset))
    _play(step, "xml-answer", _request(facts["uri"], {}, accept=XML))
    for name, members in VARIANTS.items():
        _play(step, name, _request(facts["uri"], members))


def _request(uri: str, members: dict[str, Any], media: str = JSON, accept: str = JSON) -> Request:
    body = json.dumps({"reportUnitUri": uri, **BASE, **members}).encode()
    return operations.raw_run(body, media=media, accept=accept)


def _play(step: Steps, name: str, request: Request) -> Exchange | None:
    """Run in a step `run-<name>` and download in `output-<name>`; None if there is no output."""
    run = step(f"run-{name}", request, establishes=ACCEPTED if name == "plain" else None)
    id = descriptors.request_id(run) if run.succeeded else None
    if id is None:
        return None
    common_steps.finish(step, id, f"poll-{name}")
    listed = descriptors.exports(common_steps.settle(step, id, f"details-{name}"))
    if not listed or listed[0].get("status") != "ready":
        return None
    return step(f"output-{name}", operations.output(id, listed[0]["id"]), observe=(file_formats.observe,))


def _pages(output: Exchange, texts: list[str]) -> list[int]:
    """The numbers of the pages that an output shows."""
    found = file_formats.of(output)
    return [number for number, text in enumerate(texts, start=1) if found.format == "csv" and found.shows(text)]
