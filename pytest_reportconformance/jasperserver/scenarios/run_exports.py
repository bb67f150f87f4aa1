"""Exports of a run: to every documented format, and with options that yield no output."""

from __future__ import annotations

from typing import Any

from pytest_reportconformance.jasperserver import common_steps, descriptors, operations
from pytest_reportconformance.jasperserver.media import JSON
from pytest_reportconformance.judging import file_formats
from pytest_reportconformance.recording.steps import Steps

FORMATS = ("pdf", "html", "xls", "xlsx", "rtf", "csv", "xml", "docx", "odt", "ods", "pptx")
OPTIONS: dict[str, dict[str, Any]] = {
    "upper-case": {"outputFormat": "CSV"},
    "unknown-format": {"outputFormat": "abacus"},
    "unknown-anchor": {"outputFormat": "html", "anchor": "conformance-no-such-anchor"},
    "embeddable": {"outputFormat": "html", "markupType": "embeddable"},
    "page-to-itself": {"outputFormat": "csv", "pages": "1-1"},
    "past-end": {"outputFormat": "csv", "pages": "900"},
}
DOWNLOADED = ("embeddable", "page-to-itself", "upper-case")


def export_everything(step: Steps, id: str) -> None:
    """Request all exports, wait until none is pending, download some."""
    wanted = {format: {"outputFormat": format} for format in FORMATS} | OPTIONS
    made = {}
    for name, members in wanted.items():
        answer = step(f"export-{name}", operations.raw_export(id, operations.document("export", members, JSON)))
        found = descriptors.descriptor(answer).get("id") if answer.succeeded else None
        made[name] = found if isinstance(found, str) else None
    step.note(exports=made)
    settled = common_steps.settle(step, id, "exported")
    ready = {one.get("id") for one in descriptors.exports(settled) if one.get("status") == "ready"}
    for name in DOWNLOADED:
        export = made[name]
        if export in ready and export is not None:
            step(f"output-{name}", operations.output(id, export), observe=(file_formats.observe,))
