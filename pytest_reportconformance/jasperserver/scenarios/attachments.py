"""Pictures: attachments of HTML, the references to them, and exports without attachments."""

from __future__ import annotations

from typing import Any

from pytest_reportconformance.jasperserver import common_steps, descriptors, html_links, operations
from pytest_reportconformance.jasperserver.media import JSON, XML
from pytest_reportconformance.judging import file_formats
from pytest_reportconformance.recording.steps import Steps
from pytest_reportconformance.scenarios import scenario
from pytest_reportconformance.target.target import Target
from pytest_reportconformance.transcript.exchange import Exchange, Request

MOST = 6
PREFIX = "./conformance/pictures/"
PLACEHOLDERS = "/conformance{contextPath}/a-{reportExecutionId}/b-{exportExecutionId}/"


@scenario(needs=["images"])
def illustrated(step: Steps, target: Target) -> None:
    """A report with pictures as HTML: every attachment, every reference; then as PDF, and as HTML once more."""
    id, export = common_steps.ready(step, "images")
    step.note(export=export)
    details = step("details", operations.details(id))
    step("details-xml", operations.details(id, XML))
    output = step("output", operations.output(id, export), observe=(file_formats.observe,))
    names = _attachments(step, "attachment", id, export, details)
    for number, address in enumerate(html_links.pictures(output)[:MOST] if output.succeeded else []):
        step(f"reference-{number}", Request("GET", address), observe=(file_formats.observe,))
    for name in names[:1]:
        step("unknown-execution", operations.attachment(common_steps.unknown(id), export, name))
        step("unknown-export", operations.attachment(id, common_steps.unknown(export), name))
        step("unknown-name", operations.attachment(id, export, "x" + name))
        if id.swapcase() != id:
            step("case-execution", operations.attachment(id.swapcase(), export, name))
        if export.swapcase() != export:
            step("case-export", operations.attachment(id, export.swapcase(), name))
    _exports(step, id)
    for number, name in enumerate(names):
        step(f"late-{number}", operations.attachment(id, export, name), observe=(file_formats.observe,))
    _renew(step, id)


@scenario(needs=["images"])
def prefixed(step: Steps, target: Target) -> None:
    """The references to attachments begin with a prefix that the run sets, in XML."""
    _prefixed(step, PREFIX, XML)


@scenario(needs=["images"])
def placed(step: Steps, target: Target) -> None:
    """The prefix of the references names context, execution and export by placeholders; the run is interactive."""
    step.note(charts=target.report("images")["charts"])
    _prefixed(step, PLACEHOLDERS, JSON, interactive=True)


def _prefixed(step: Steps, prefix: str, media: str, **members: Any) -> None:
    id, export = common_steps.ready(step, "images", attachmentsPrefix=prefix, media=media, **members)
    step.note(prefix=prefix, id=id, export=export)
    step("details", operations.details(id))
    step("output", operations.output(id, export), observe=(file_formats.observe,))


def _exports(step: Steps, id: str) -> None:
    """An export as PDF, one as HTML, and two as HTML with a prefix; the details that list them all."""
    wanted: dict[str, dict[str, Any]] = {
        "pdf": {"outputFormat": "pdf"},
        "html": {"outputFormat": "html"},
        "prefixed": {"outputFormat": "html", "attachmentsPrefix": PREFIX},
        "prefixed-xml": {"outputFormat": "html", "attachmentsPrefix": PREFIX, "media": XML},
    }
    made = {name: common_steps.export(step, f"export-{name}", id, **members) for name, members in wanted.items()}
    for name, export in made.items():
        if export is not None:
            common_steps.finish_export(step, id, export, f"export-poll-{name}")
            step(f"output-{name}", operations.output(id, export), observe=(file_formats.observe,))
    details = step("details-exports", operations.details(id))
    step.note(prefix=PREFIX, exports={name: export for name, export in made.items() if export})
    step("details-exports-xml", operations.details(id, XML))
    if made["html"] is not None:
        _attachments(step, "again", id, made["html"], details)


def _renew(step: Steps, id: str) -> None:
    """New parameters, which run the report again; then a new export as HTML, and each of its attachments twice."""
    values = step.target.report("images").get("parameters") or {}
    step("parameters", operations.parameters(id, values), establishes="jasperserver.parameters.json")
    common_steps.finish(step, id, "renewed-poll")
    export = common_steps.export(step, "renewed-export", id, outputFormat="html")
    if export is not None:
        common_steps.finish_export(step, id, export, "renewed-export-poll")
        step.note(renewed=export)
        step("renewed-output", operations.output(id, export), observe=(file_formats.observe,))
        details = step("renewed-details", operations.details(id))
        for prefix in ("anew", "anew-again"):
            _attachments(step, prefix, id, export, details)


def _attachments(step: Steps, prefix: str, id: str, export: str, details: Exchange) -> list[str]:
    """Every attachment of an export, in steps `prefix-0` and so on; their names."""
    listed = descriptors.attachments(details, export)[:MOST]
    for number, one in enumerate(listed):
        step(f"{prefix}-{number}", operations.attachment(id, export, one["fileName"]), observe=(file_formats.observe,))
    return [one["fileName"] for one in listed]
