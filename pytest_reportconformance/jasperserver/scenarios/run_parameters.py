"""Running a report with parameters: valid ones in JSON and XML, and one that an input control refuses."""

from __future__ import annotations

from typing import Any

from pytest_reportconformance.jasperserver import common_steps, descriptors, operations
from pytest_reportconformance.jasperserver.media import STATUS_JSON, STATUS_MEDIA, STATUS_XML, XML
from pytest_reportconformance.jasperserver.scenarios.run import observed
from pytest_reportconformance.recording.steps import Steps
from pytest_reportconformance.scenarios import scenario
from pytest_reportconformance.target.target import Target

ANSWERED = {"json": "jasperserver.run.parameters-json", "xml": "jasperserver.negotiation.mixed-families"}
"""What a run with parameters establishes if it is answered in JSON, by the format of its body."""


@scenario(needs=["params"], params=["json", "xml"])
def run_parameters(step: Steps, target: Target, family: str) -> None:
    """A report prints the values that were sent. The XML body asks for JSON; for XML if that is refused."""
    report, media = target.report("params"), STATUS_MEDIA[family]
    step.note(valid=dict(report["valid"]), shows=list(report["shows"]))
    members = {"outputFormat": "csv", "parameters": report["valid"]}
    run = step("run", operations.run(report["uri"], media=media, **members), establishes=ANSWERED[family])
    if family == "xml" and not run.succeeded:
        request = operations.run(report["uri"], media=media, accept=media, **members)
        run = step("run-same-family", request, establishes="jasperserver.run.parameters-xml")
    id = descriptors.id_of(run)
    common_steps.finish(step, id)
    observed(step, "output", id, descriptors.first_export(common_steps.settle(step, id)))


@scenario(needs=["params"])
def run_invalid(step: Steps, target: Target) -> None:
    """A value that an input control refuses is sent synchronously, then asynchronously until the run is over."""
    report = target.report("params")
    members: dict[str, Any] = {"parameters": report["invalid"]}
    step("run-waiting", operations.run(report["uri"], **{"async": False, **members}))
    fails = "jasperserver.run.invalid-parameter-fails"
    id = descriptors.id_of(step("run", operations.run(report["uri"], **members), establishes=fails))
    common_steps.finish(step, id, ends=fails)
    step("status-json", operations.status(id, STATUS_JSON))
    step("status-xml", operations.status(id, STATUS_XML))
    common_steps.settle(step, id)
    step("details", operations.details(id))
    step("details-xml", operations.details(id, XML))
