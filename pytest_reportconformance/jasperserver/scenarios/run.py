"""Running a report: with every property of the chapter's example, in JSON and XML, synchronously and asynchronously."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pytest_reportconformance.jasperserver import common_steps, descriptors, operations, purposes
from pytest_reportconformance.jasperserver.media import STATUS_MEDIA, XML
from pytest_reportconformance.jasperserver.scenarios import attempts, negotiation, rereads
from pytest_reportconformance.judging import file_formats
from pytest_reportconformance.recording.steps import Steps
from pytest_reportconformance.scenarios import scenario
from pytest_reportconformance.target.target import Target
from pytest_reportconformance.transcript.exchange import Exchange, Request

ACCEPTED = "jasperserver.run.accepted"
EXAMPLE: dict[str, Any] = {
    "reportContainerWidth": 900,
    "freshData": False,
    "saveDataSnapshot": False,
    "outputFormat": "html",
    "ignorePagination": False,
}
"""The properties of the chapter's example, except those that each run below sets itself."""
ATTEMPTS = 3
PAGES = {"json": (2, 4), "xml": (2, 3)}


def note_pages(step: Steps) -> None:
    """Keep what each page of the report of several pages shows, for the checks."""
    facts = step.target.report("multi")
    pages = facts["pages"]
    step.note(shows=[purposes.page_text(facts, page) for page in range(1, pages + 1)])


def observed(step: Steps, name: str, id: str, export: str) -> Exchange:
    """Download an output in a step of that name, and record its format."""
    request = operations.output(id, export)
    return step(name, request, observe=(file_formats.observe,), establishes="jasperserver.output.ready")


@scenario(needs=["multi"], params=["json", "xml"])
def run_documented(step: Steps, target: Target, family: str) -> None:
    """A run with all documented properties; without them if they are refused; then its outputs and details."""
    id, export = use_every_property(step, family)
    negotiation.negotiate(step, id, export, STATUS_MEDIA[family])


def use_every_property(step: Steps, family: str) -> tuple[str, str]:
    """The run with all documented properties, its output and details; the ids of run and export."""
    first, last = PAGES[family]
    media, uri = STATUS_MEDIA[family], step.target.report("multi")["uri"]
    note_pages(step)
    step.note(family=family, pages=[first, last], uri=uri)
    members = {**EXAMPLE, "interactive": family == "json", "pages": f"{first}-{last}"}
    documented = "jasperserver.run.documented-properties"
    run = step("run", operations.run(uri, media=media, accept=media, **members), establishes=documented)
    if not run.succeeded:
        run = step("run-plain", operations.run(uri, media=media, accept=media), establishes=ACCEPTED)
    id = descriptors.id_of(run)
    common_steps.finish(step, id)
    export = descriptors.first_export(common_steps.settle(step, id))
    step("details", operations.details(id))
    step("details-xml", operations.details(id, XML))
    observed(step, "output", id, export)
    return id, export


@scenario(needs=["slow"], priority=True, params=["json", "xml"])
def run_slow(step: Steps, target: Target, family: str) -> None:
    """A slow report is run asynchronously; others request it in XML; in JSON its owner cancels it, wrongly at first."""
    report, media = target.report("slow"), STATUS_MEDIA[family]
    step.note(seconds=report["seconds"])
    request = operations.run(report["uri"], media=media, accept=media, parameters=report.get("parameters") or None)
    begun = step.clock.now()
    id = descriptors.id_of(step("run", request, establishes=ACCEPTED))
    step.due[id] = begun + float(report["seconds"])
    common_steps.known(step, id)
    step("status", operations.status(id))
    common_steps.begin(step, id)
    if family == "json":
        _cancel_by_default(step, id if _still_runs_after_mistakes(step, id) else None, request)
    else:
        details = step("details", operations.details(id), establishes="jasperserver.details.same-request")
        export = descriptors.first_export(details)
        attempts.change(step, "execution", id)
        attempts.read(step, "execution", id, export)


def _still_runs_after_mistakes(step: Steps, id: str) -> bool:
    """Send bodies that do not cancel a report; whether it runs on."""
    step("other-value", operations.cancel(id, value="ready"))
    common_steps.still(step, id, "status-after-other-value")
    step("empty-object", replace(operations.cancel(id), body=b"{}"))
    last = step("status-after-empty-object", operations.status(id), establishes="jasperserver.status.known")
    return not common_steps.over(last)


def _cancel_by_default(step: Steps, id: str | None, request: Request) -> None:
    """Search and cancel without an Accept header while a report runs; run another if it was over before."""
    for _ in range(ATTEMPTS):
        if id is None:
            id = descriptors.id_of(step("run-again", request, establishes=ACCEPTED))
        common_steps.begin(step, id)
        step("search", operations.search(None))
        if step("cancel", operations.cancel(id, accept=None)).status_code != 204:
            return
        id = None


@scenario(needs=["slow"], priority=True, params=["xml", "json"])
def run_waiting(step: Steps, target: Target, family: str) -> None:
    """A slow report is run with async=false in XML, and without async in JSON; then its status and output are read."""
    report, media = target.report("slow"), STATUS_MEDIA[family]
    step.note(seconds=report["seconds"])
    members: dict[str, Any] = {
        "async": None if family == "json" else False,
        "parameters": report.get("parameters") or None,
    }
    request = operations.run(report["uri"], media=media, accept=media, **members)
    run = step("run", request, establishes=ACCEPTED)
    id = descriptors.id_of(run)
    step("status", operations.status(id))
    export = descriptors.exports(run) or descriptors.exports(common_steps.settle(step, id))
    if export:
        observed(step, "output", id, export[0]["id"])


@scenario(needs=["multi"])
def run_unpaginated(step: Steps, target: Target) -> None:
    """A report of several pages is run synchronously without pagination, in JSON and in XML."""
    members: dict[str, Any] = {"async": False, "ignorePagination": True, "outputFormat": "pdf"}
    run = step("run", operations.run(target.report("multi")["uri"], **members), establishes=ACCEPTED)
    id = descriptors.id_of(run)
    step("status", operations.status(id))
    export = descriptors.first_export(run if descriptors.exports(run) else common_steps.settle(step, id))
    observed(step, "output", id, export)
    uri = target.report("multi")["uri"]
    again = step("run-xml", operations.run(uri, media=XML, accept=XML, **members), establishes=ACCEPTED)
    if again.succeeded:
        id = descriptors.id_of(again)
        export = descriptors.first_export(
            again if descriptors.exports(again) else common_steps.settle(step, id, "settling-xml")
        )
        rereads.output_first(step, id, export)
