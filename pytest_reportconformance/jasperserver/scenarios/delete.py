"""Removing: a finished execution with all that belongs to it, and one that still runs."""

from __future__ import annotations

from pytest_reportconformance.jasperserver import common_steps, operations
from pytest_reportconformance.jasperserver.media import STATUS_MEDIA, XML
from pytest_reportconformance.jasperserver.operations import MEDIA
from pytest_reportconformance.jasperserver.scenarios import attempts, rereads
from pytest_reportconformance.recording.steps import Steps
from pytest_reportconformance.scenario import scenario
from pytest_reportconformance.target.target import Target


@scenario(needs=["fast"])
def deleted(step: Steps, target: Target) -> None:
    """One of two finished executions of a report is deleted; the other one stays, and a cancel does not change it."""
    twin, twin_export = common_steps.ready(step, "fast", outputFormat="csv")
    id, export = common_steps.ready(step, "fast", outputFormat="csv")
    step.note(deleted=id)
    _look_around(step, "before", id, export)
    common_steps.finish(step, id)
    step("search-before", operations.search(), establishes="jasperserver.search.finished-listed")
    _look_at(step, "twin-before", twin, twin_export)
    step("delete", operations.delete(id), establishes="jasperserver.delete.finished")
    _look_around(step, "after", id, export)
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
    step("cancel-deleted", operations.cancel(id))
    step("again", operations.delete(id))
    step("third", operations.delete(id))
    unknown = common_steps.unknown(id, [twin])
    step("delete-unknown", operations.delete(unknown))
    _look_at(step, "twin-after", twin, twin_export)
    for media, type in MEDIA.items():
        for name, one in (("cancel-twin", twin), ("cancel-unknown", unknown)):
            step(f"{name}-{media}", operations.cancel(one, media=type, accept=type))
    _look_at(step, "twin-cancelled", twin, twin_export)


def _look_at(step: Steps, name: str, id: str, export: str) -> None:
    """Request what shows whether an execution is unchanged."""
    step(f"{name}-status", operations.status(id), establishes="jasperserver.status.known")
    step(f"{name}-details", operations.details(id), establishes="jasperserver.details.same-request")
    step(f"{name}-output", operations.output(id, export), establishes="jasperserver.output.ready")


def _look_around(step: Steps, name: str, id: str, export: str) -> None:
    """Request everything that an execution offers; new parameters come last, because they restart it."""
    step(f"{name}-status", operations.status(id), establishes="jasperserver.status.known")
    step(f"{name}-details", operations.details(id), establishes="jasperserver.details.same-request")
    step(f"{name}-output", operations.output(id, export), establishes="jasperserver.output.ready")
    step(f"{name}-info", operations.info(id), establishes="jasperserver.info.json")
    step(f"{name}-page-status", operations.page_status(id, 1), establishes="jasperserver.page-status.accepted")
    step(f"{name}-export-status", operations.export_status(id, export), establishes="jasperserver.export-status.json")
    step(f"{name}-export", operations.export(id, outputFormat="pdf"), establishes="jasperserver.export.accepted-json")
    step(f"{name}-parameters", operations.parameters(id, {}), establishes="jasperserver.parameters.json")


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
    common_steps.vanish(step, id, "search-after")
    common_steps.finish(step, other, "other")
    step("other-details", operations.details(other), establishes="jasperserver.details.same-request")
    common_steps.outlast(step, begun)  # the other one began earlier
    step("details-late", operations.details(id))
