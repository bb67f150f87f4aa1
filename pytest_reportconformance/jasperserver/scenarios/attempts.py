"""Requests about an execution by identities that did not start it, in whatever state it is."""

from __future__ import annotations

from functools import partial

from pytest_reportconformance.jasperserver import operations
from pytest_reportconformance.jasperserver.media import JSON
from pytest_reportconformance.recording.steps import Steps
from pytest_reportconformance.transcript.exchange import Request

WITHOUT_PERMISSION = ("other_user", "anonymous", "other_admin")
OTHERS = (*WITHOUT_PERMISSION, "admin", "superuser")

READABLE = {
    "status": "jasperserver.status.known",
    "details": "jasperserver.details.same-request",
    "info": "jasperserver.info.json",
    "page-status": "jasperserver.page-status.plain-json",
    "export-status": "jasperserver.export-status.json",
    "output": "jasperserver.output.ready",
    "attachment": "jasperserver.attachments.delivered",
}
"""The requirements that a finished execution meets if its owner reads it, by the names of steps."""


def reads(id: str, export: str) -> dict[str, Request]:
    """Everything that can be read of an execution, by the names of steps."""
    return {
        "status": operations.status(id),
        "details": operations.details(id),
        "info": operations.info(id),
        "page-status": operations.page_status(id, 1, JSON),
        "export-status": operations.export_status(id, export),
        "output": operations.output(id, export),
    }


def changes(id: str) -> dict[str, Request]:
    """Everything that changes an execution, by the names of steps; what is worst comes last."""
    return {
        "export": operations.export(id, outputFormat="csv"),
        "parameters": operations.parameters(id, {}),
        "cancel": operations.cancel(id),
        "delete": operations.delete(id),
    }


def read(step: Steps, state: str, id: str, export: str) -> None:
    """All others read an execution in a state, all at once, in steps such as `failed-other_user-details`."""
    step.together(
        [
            partial(step, f"{state}-{identity}-{name}", request, identity=identity)
            for identity in OTHERS
            for name, request in reads(id, export).items()
        ]
    )


def change(step: Steps, state: str, id: str) -> None:
    """Those without permission try to change an execution, after each of whom the owner reads its details."""
    for identity in WITHOUT_PERMISSION:
        for name, request in changes(id).items():
            step(f"{state}-{identity}-{name}", request, identity=identity)
        step(f"{state}-after-{identity}", operations.details(id))
