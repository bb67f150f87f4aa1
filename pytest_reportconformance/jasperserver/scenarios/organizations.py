"""What the organizations of users mean for their executions."""

from __future__ import annotations

from pytest_reportconformance.jasperserver import common_steps, descriptors, operations, patience
from pytest_reportconformance.jasperserver.media import XML
from pytest_reportconformance.recording.steps import Steps
from pytest_reportconformance.scenarios import scenario
from pytest_reportconformance.target.target import Target

USER = "child_user"


@scenario(needs=["slow"], priority=True)
def cancelled_in_child_organization(step: Steps, target: Target) -> None:
    """A report of a child organization is searched for, and cancelled by admins of another organization and its own."""
    report = target.report("slow")
    uri = report.get("child_uri") or report["uri"]
    step.note(seconds=float(report["seconds"]))
    run = step(
        "run",
        operations.run(uri, parameters=report.get("parameters") or None),
        identity=USER,
        establishes="jasperserver.run.accepted",
    )
    id = descriptors.id_of(run)
    common_steps.begin(step, id, identity=USER)
    begun = step.clock.now()
    step("by-uri", operations.search(reportURI=uri), identity=USER)
    step("by-uri-xml", operations.search(XML, reportURI=uri), identity=USER)
    step("all", operations.search(), identity=USER)
    cancels = {"other_admin": operations.cancel(id), "admin": operations.cancel(id, media=XML, accept=XML)}
    for identity, cancel in cancels.items():
        if step.has(identity):
            step(f"cancel-{identity}", cancel, identity=identity)
            common_steps.still(step, id, f"status-after-{identity}", identity=USER)
    patience.outlast(step, begun)
    step("late", operations.status(id), identity=USER, establishes="jasperserver.status.known")
