"""One execution in one session, from its run to its removal: every operation, its URL forms, and authentication."""

from __future__ import annotations

import re
from dataclasses import replace

from pytest_reportconformance.jasperserver import common_steps, descriptors, operations
from pytest_reportconformance.jasperserver.media import JSON
from pytest_reportconformance.jasperserver.scenarios import access, attempts, errors, run_exports
from pytest_reportconformance.jasperserver.scenarios.run import ACCEPTED
from pytest_reportconformance.recording.steps import Steps
from pytest_reportconformance.scenarios import scenario
from pytest_reportconformance.target.target import Target
from pytest_reportconformance.transcript.exchange import Request

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.I)
"""An id of this form (RFC 9562) without its last character is the id of no other execution; other ids may count."""
ESTABLISHED = {
    "status": "jasperserver.status.known",
    "details": "jasperserver.details.same-request",
    "output": "jasperserver.output.ready",
    "export-status": "jasperserver.export-status.json",
    "search": "jasperserver.search.finished-listed",
    "export": "jasperserver.export.accepted-json",
    "parameters": "jasperserver.parameters.json",
    "cancel": "jasperserver.cancel.finished",
    "delete": "jasperserver.delete.finished",
}
"""What each operation on a finished execution establishes."""


@scenario(needs=["fast"])
def run_used(step: Steps, target: Target) -> None:
    """A quick report is used in every way, exported to every format, and deleted."""
    step.note(uri=target.report("fast")["uri"], text=target.report("fast")["text"])
    run = operations.run(target.report("fast")["uri"])
    id = descriptors.id_of(step("run", run, establishes=ACCEPTED))
    access.status_forms(step, id)
    common_steps.finish(step, id)
    export = descriptors.first_export(common_steps.settle(step, id))
    requests = operations_on(id, export)
    for name in ("status", "details", "output", "export-status", "search"):
        step(name, requests[name], establishes=ESTABLISHED[name])
    step("page-status", requests["page-status"], establishes="jasperserver.page-status.plain-json")
    step("info", requests["info"], establishes="jasperserver.info.json")
    sessions(step, id, export)
    access.url_forms(step, id, export)
    access.status_forms(step, id)
    common_steps.settle(step, id, "settled-again")
    access.methods(step, id)
    errors.about_ids(step, id, export)
    _read_in_another_case(step, id, export)
    run_exports.export_everything(step, id)
    access.wrong_passwords(step, {"run": run, **requests})
    _use_up(step, id, requests)


def _read_in_another_case(step: Steps, id: str, export: str) -> None:
    """Read the execution and its export by ids like theirs: in another letter case, and without the last character."""
    if id.swapcase() != id:
        for name, request in attempts.reads(id.swapcase(), export).items():
            step(f"case-{name}", request)
    if export.swapcase() != export:
        step("case-of-export-status", operations.export_status(id, export.swapcase()))
        step("case-of-export-output", operations.output(id, export.swapcase()))
    if UUID.fullmatch(id):
        step("shorter-status", operations.status(id[:-1]))
        step("shorter-details", operations.details(id[:-1]))


def _is_left_in_another_case(step: Steps, id: str) -> bool:
    """Change the execution by its id in another letter case; whether its details are answered afterwards."""
    if id.swapcase() == id:
        return True
    for name, request in attempts.changes(id.swapcase()).items():
        step(f"case-{name}", request)
    return step("details-after-case", operations.details(id)).succeeded


def operations_on(id: str, export: str) -> dict[str, Request]:
    """Every operation on one execution, by the names of steps."""
    return {
        "status": operations.status(id),
        "details": operations.details(id),
        "output": operations.output(id, export),
        "export-status": operations.export_status(id, export),
        "search": operations.search(),
        "page-status": operations.page_status(id, 1, JSON),
        "info": operations.info(id),
        "export": operations.export(id, outputFormat="csv"),
        "parameters": operations.parameters(id, {}),
        "cancel": operations.cancel(id),
        "delete": operations.delete(id),
    }


def sessions(step: Steps, id: str, export: str) -> None:
    """The cookie alone for every read, and another session of the same user."""
    others = {**attempts.reads(id, export), "search": operations.search()}
    request = operations.details(id)
    step("cookie-alone", replace(request, signed=False))
    for name, other in others.items():
        step(f"cookie-alone-{name}", replace(other, signed=False))
    step("no-credentials", replace(request, credentials=False))
    step("other-session", request, session="second")


def _use_up(step: Steps, id: str, requests: dict[str, Request]) -> None:
    """What changes the execution, at its end: an export, new parameters, a cancel after its end, its removal."""
    for name in ("export", "parameters"):
        step(name, requests[name], establishes=ESTABLISHED[name])
    common_steps.finish(step, id, "poll-again", "jasperserver.parameters.runs-again")
    for name in ("status", "details"):
        step(f"{name}-late", requests[name], establishes=ESTABLISHED[name])
    step("cancel", requests["cancel"], establishes=ESTABLISHED["cancel"])
    step("details-last", requests["details"], establishes=ESTABLISHED["details"])
    if _is_left_in_another_case(step, id):
        step("delete", requests["delete"], establishes=ESTABLISHED["delete"])
