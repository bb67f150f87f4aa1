"""What the organizations of users mean for their executions."""

from __future__ import annotations

from pytest_reportconformance.jasperserver import common_steps, descriptors, operations
from pytest_reportconformance.recording.steps import Steps
from pytest_reportconformance.scenario import scenario
from pytest_reportconformance.target.target import Target

USER = "child_user"


@scenario(needs=["slow"], priority=True)
def cancelled_in_child_organization(step: Steps, target: Target) -> None:
    """A running report of a user of a child organization, cancelled by administrators of another and of the parent."""
    report = target.report("slow")
    step.note(seconds=float(report["seconds"]))
    run = step(
        "run",
        operations.run(report.get("child_uri") or report["uri"], parameters=report.get("parameters") or None),
        identity=USER,
        establishes="jasperserver.run.accepted",
    )
    id = descriptors.id_of(run)
    common_steps.begin(step, id, identity=USER)
    begun = step.clock.now()
    for identity in ("other_admin", "admin"):
        if step.has(identity):
            step(f"cancel-{identity}", operations.cancel(id), identity=identity)
            common_steps.still(step, id, f"status-after-{identity}", identity=USER)
    common_steps.outlast(step, begun)
    step("late", operations.status(id), identity=USER, establishes="jasperserver.status.known")
