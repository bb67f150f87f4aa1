"""One execution in one session, from its run to its removal: every operation, its URL forms, and authentication."""

from __future__ import annotations

from dataclasses import replace

from pytest_reportconformance.jasperserver import common_steps, descriptors, operations
from pytest_reportconformance.jasperserver.media import JSON
from pytest_reportconformance.jasperserver.scenarios import access, errors, run_exports
from pytest_reportconformance.jasperserver.scenarios.run import ACCEPTED
from pytest_reportconformance.recording.steps import Steps
from pytest_reportconformance.scenario import scenario
from pytest_reportconformance.target.target import Target
from pytest_reportconformance.transcript.exchange import Request


@scenario(needs=["fast"])
def run_used(step: Steps, target: Target) -> None:
    """A quick report is used in every way, exported to every format, and deleted; then it is run once more."""
    step.note(uri=target.report("fast")["uri"])
    run = operations.run(target.report("fast")["uri"])
    id = descriptors.id_of(step("run", run, establishes=ACCEPTED))
    access.status_forms(step, id)
    common_steps.finish(step, id)
    export = descriptors.first_export(common_steps.settle(step, id))
    requests = operations_on(id, export)
    for name in ("status", "details", "output", "export-status", "search"):
        step(name, requests[name])
    step("page-status", requests["page-status"], establishes="jasperserver.page-status.plain-json")
    step("info", requests["info"], establishes="jasperserver.info.json")
    sessions(step, id)
    access.url_forms(step, id, export)
    access.status_forms(step, id)
    access.methods(step, id)
    errors.about_ids(step, id, export)
    run_exports.export_everything(step, id)
    access.wrong_passwords(step, {"run": run, **requests})
    _use_up(step, requests)
    step("run-again", run)


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


def sessions(step: Steps, id: str) -> None:
    """The cookie alone, and another session of the same user."""
    request = operations.details(id)
    step("cookie-alone", replace(request, signed=False))
    step("no-credentials", replace(request, credentials=False))
    step("other-session", request, session="second")


def _use_up(step: Steps, requests: dict[str, Request]) -> None:
    """What changes the execution, at its end: an export, new parameters, a cancel after its end, its removal."""
    step("export", requests["export"])
    step("parameters", requests["parameters"])
    common_steps.finish(step, _id(requests), "poll-again")
    for name in ("status", "details"):
        step(f"{name}-late", requests[name])
    step("cancel", requests["cancel"])
    step("details-last", requests["details"])
    step("delete", requests["delete"])


def _id(requests: dict[str, Request]) -> str:
    found = requests["delete"].removes
    assert found is not None
    return found
