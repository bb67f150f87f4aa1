"""Removing: a finished execution with all that belongs to it, and one that still runs."""

from __future__ import annotations

from pytest_reportconformance.jasperserver import common_steps, operations, patience
from pytest_reportconformance.jasperserver.media import STATUS_MEDIA, XML
from pytest_reportconformance.jasperserver.operations import MEDIA
from pytest_reportconformance.jasperserver.scenarios import attempts, rereads
from pytest_reportconformance.recording.steps import Steps
from pytest_reportconformance.scenarios import scenario
from pytest_reportconformance.target.target import Target


@scenario(needs=["fast"])
def deleted(step: Steps, target: Target) -> None:
    """One of two finished executions of a report is deleted; the other one stays, and a cancel does not change it."""
    twin, twin_export = common_steps.ready(step, "fast", outputFormat="csv")
    id, export = common_steps.ready(step, "fast", outputFormat="csv")
    step.note(deleted=id)
    _look_around(step, "before", id, export, exists=True)
    common_steps.finish(step, id, ends="jasperserver.parameters.runs-again")
    export = _export_again(step, id) or export
    step("search-before", operations.search(), establishes="jasperserver.search.finished-listed")
    _look_at(step, "twin-before", twin, twin_export)
    step("delete", operations.delete(id), establishes="jasperserver.delete.finished")
    _look_around(step, "after", id, export, exists=False)
    common_steps.vanish(step, id, "search-after")
    step("search-after-xml", operations.search(XML))
    uri = target.report("fast")["uri"]
    for identity in ("owner", "admin", "superuser"):
        step(f"search-after-uri-{identity}", operations.search(reportURI=uri), identity=identity)
        step(f"search-after-uri-xml-{identity}", operations.search(XML, reportURI=uri), identity=identity)
    for name, type in STATUS_MEDIA.items():
        step(f"after-status-{name}", operations.status(id, type))
    step("after-details-xml", operations.details(id, XML))
    attempts.read(step, "deleted", id, export)
    rereads.in_every_form(step, "deleted", id, export)
    for identity in attempts.OTHERS:
        step(f"deleted-{identity}-export", operations.export(id, outputFormat="pdf"), identity=identity)
        step(f"deleted-{identity}-parameters", operations.parameters(id, {}), identity=identity)
    step("deleted-export-in-xml", operations.export(id, outputFormat="pdf", media=XML))
    step("deleted-parameters-in-xml", operations.parameters(id, {}, media=XML))
    step("cancel-deleted", operations.cancel(id))
    step("cancel-deleted-xml", operations.cancel(id, media=XML, accept=XML))
    step("again", operations.delete(id))
    step("third", operations.delete(id))
    unknown = common_steps.unknown(id, [twin])
    step("delete-unknown", operations.delete(unknown))
    _look_at(step, "twin-after", twin, twin_export)
    for media, type in MEDIA.items():
        for name, one in (("cancel-twin", twin), ("cancel-unknown", unknown)):
            step(f"{name}-{media}", operations.cancel(one, media=type, accept=type))
    _look_at(step, "twin-cancelled", twin, twin_export)


def _export_again(step: Steps, id: str) -> str | None:
    """Read a new export: an update of parameters may have removed those of before; its id, None if it is not ready."""
    export = common_steps.export_again(step, id)
    if export is not None:
        step("before-again-output", operations.output(id, export), establishes="jasperserver.output.ready")
        request = operations.export_status(id, export)
        step("before-again-export-status", request, establishes="jasperserver.export-status.json")
    return export


def _look_at(step: Steps, name: str, id: str, export: str) -> None:
    """Request what shows whether an execution is unchanged."""
    step(f"{name}-status", operations.status(id), establishes="jasperserver.status.known")
    step(f"{name}-details", operations.details(id), establishes="jasperserver.details.same-request")
    step(f"{name}-output", operations.output(id, export), establishes="jasperserver.output.ready")


def _look_around(step: Steps, name: str, id: str, export: str, *, exists: bool) -> None:
    """Request everything that an execution offers; new parameters come last, because they restart it."""
    wanted = {
        "status": (operations.status(id), "jasperserver.status.known"),
        "details": (operations.details(id), "jasperserver.details.same-request"),
        "output": (operations.output(id, export), "jasperserver.output.ready"),
        "info": (operations.info(id), "jasperserver.info.json"),
        "page-status": (operations.page_status(id, 1), "jasperserver.page-status.accepted"),
        "export-status": (operations.export_status(id, export), "jasperserver.export-status.json"),
        "export": (operations.export(id, outputFormat="pdf"), "jasperserver.export.accepted-json"),
        "parameters": (operations.parameters(id, {}), "jasperserver.parameters.json"),
    }
    for what, (request, establishes) in wanted.items():
        step(f"{name}-{what}", request, establishes=establishes if exists else None)


@scenario(needs=["slow"], priority=True)
def deleted_running(step: Steps, target: Target) -> None:
    """The later of two running executions of a report is deleted; the earlier one runs to its end."""
    other = common_steps.run(step, "slow", name="run-other")
    id = common_steps.run(step, "slow")
    common_steps.begin(step, id)
    begun = step.clock.now()
    step("search-before", operations.search(), establishes="jasperserver.search.running-listed")
    step("delete", operations.delete(id), establishes="jasperserver.delete.running")
    common_steps.still(step, other)
    step("details-after", operations.details(id))
    step("status-after", operations.status(id))
    for name, type in STATUS_MEDIA.items():
        step(f"status-after-{name}", operations.status(id, type))
    step("details-after-xml", operations.details(id, XML))
    common_steps.vanish(step, id, "search-after")
    common_steps.finish(step, other, "other")
    step("other-details", operations.details(other), establishes="jasperserver.details.same-request")
    patience.outlast(step, begun)  # the other one began earlier
    step("details-late", operations.details(id))
    step("cancel-late", operations.cancel(id))
