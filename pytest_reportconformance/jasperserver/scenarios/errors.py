"""Errors about executions: unknown ids, and ids that no server creates."""

from __future__ import annotations

from pytest_reportconformance.jasperserver import common_steps, operations
from pytest_reportconformance.jasperserver.media import JSON, STATUS_MEDIA, XML
from pytest_reportconformance.recording.steps import Steps

ODD_IDS = {
    "slash": "%2F",
    "slash-inside": "a%2Fb",
    "dots": "%2E%2E",
    "dots-inside": "..%2F..%2Fserver",
    "blank": "%20",
    "long": "a" * 2000,
}


def about_ids(step: Steps, id: str, export: str) -> None:
    """Requests about an unknown execution, in every format; then with unusual ids."""
    other = common_steps.unknown(id)
    step.note(unknown=other, unknown_export=common_steps.unknown(export))
    for name, media in STATUS_MEDIA.items():
        step(f"unknown-status-{name}", operations.status(other, media))
    for name, media in (("json", JSON), ("xml", XML)):
        step(f"unknown-details-{name}", operations.details(other, media))
        step(f"unknown-output-{name}", operations.output(other, export, media))
        step(f"unknown-export-{name}", operations.export(other, media=media, accept=media, outputFormat="csv"))
        step(
            f"bad-pages-{name}", operations.run(step.target.report("fast")["uri"], media=media, accept=media, pages="x")
        )
    for name, odd in ODD_IDS.items():
        step(f"odd-details-{name}", operations.details(odd))
        step(f"odd-status-{name}", operations.status(odd))
