"""Reads of a finished execution in another order, in every media type, and again."""

from __future__ import annotations

from pytest_reportconformance.jasperserver import operations
from pytest_reportconformance.jasperserver.media import JSON, STATUS_JSON, STATUS_MEDIA, XML
from pytest_reportconformance.judging import file_formats
from pytest_reportconformance.recording.steps import Steps

AGAIN = 2


def in_reverse(step: Steps, id: str, export: str, pages: int) -> None:
    """Pages from the last to the first, and everything else but the output, in steps such as `reread-info-xml`."""
    media = STATUS_JSON if step("reread-page-status", operations.page_status(id, pages)).succeeded else JSON
    for _ in range(AGAIN):
        for page in range(pages, 0, -1):
            step(f"reread-page-status-of-{page}", operations.page_status(id, page, media))
        for name, type in STATUS_MEDIA.items():
            step(f"reread-export-status-{name}", operations.export_status(id, export, type))
        for name, type in (("xml", XML), ("json", JSON)):
            step(f"reread-info-{name}", operations.info(id, type))
            step(f"reread-details-{name}", operations.details(id, type))


def in_every_form(step: Steps, state: str, id: str, export: str) -> None:
    """What an execution in a state still answers, in every media type, in steps such as `cancelled-info-xml`."""
    for name, type in STATUS_MEDIA.items():
        step(f"{state}-export-status-{name}", operations.export_status(id, export, type))
    for name, type in (("xml", XML), ("json", JSON)):
        step(f"{state}-info-{name}", operations.info(id, type))
        step(f"{state}-details-{name}", operations.details(id, type))
    step(f"{state}-page-status-json", operations.page_status(id, 1, JSON))
    step(f"{state}-output-json", operations.output(id, export, JSON))


def output_first(step: Steps, id: str, export: str) -> None:
    """The output of a synchronous run before anything else is read; then its export, its details and its status."""
    step("output-xml", operations.output(id, export), observe=(file_formats.observe,))
    step("first-page-status", operations.page_status(id, 1, JSON))
    step("first-export-status", operations.export_status(id, export))
    step("first-info", operations.info(id, XML))
    step("first-details-xml", operations.details(id, XML))
    step("first-details", operations.details(id))
    step("first-status-xml", operations.status(id, XML))
    step("first-status", operations.status(id))
