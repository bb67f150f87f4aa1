"""New parameters for a finished report, and for a running one."""

from __future__ import annotations

import json

from pytest_reportconformance.jasperserver import common_steps, operations, patience
from pytest_reportconformance.jasperserver.media import JSON, STATUS_JSON, XML
from pytest_reportconformance.judging import file_formats
from pytest_reportconformance.recording.steps import Steps
from pytest_reportconformance.scenarios import scenario
from pytest_reportconformance.target.target import Target
from pytest_reportconformance.transcript.exchange import Request

AGAIN = "jasperserver.parameters.runs-again"
BEFORE_UPDATE, AFTER_UPDATE = 0.5, 0.8


@scenario(needs=["params"])
def updated_in_json(step: Steps, target: Target) -> None:
    """A report that shows its parameters is run with defaults; then one is set, then all, then one, in JSON."""
    _updated(step, JSON)


@scenario(needs=["params"])
def updated_in_xml(step: Steps, target: Target) -> None:
    """The same in XML."""
    _updated(step, XML)


def _updated(step: Steps, media: str) -> None:
    report = step.target.report("params")
    everything = dict(report["valid"])
    one = dict(list(everything.items())[:1])
    id, first = common_steps.ready(step, "params", outputFormat="csv")
    step.note(id=id, shows=report["shows"])
    step("output-default", operations.output(id, first), observe=(file_formats.observe,))
    step("unknown-execution", operations.parameters(common_steps.unknown(id), everything, media=media))
    update(step, id, "fresh", operations.parameters(id, one, media=media, query="?freshData=true"))
    update(step, id, "all", operations.parameters(id, everything, media=media))
    step("output-old", operations.output(id, first), observe=(file_formats.observe,))
    update(step, id, "same", operations.parameters(id, everything, media=media))
    update(step, id, "one", operations.parameters(id, one, media=media))
    step("run-style", _run_style(operations.parameters(id, everything)))
    common_steps.finish(step, id, "run-style-poll", AGAIN)
    step("invalid", operations.parameters(id, report["invalid"], media=media))
    common_steps.finish(step, id, "invalid-poll", "jasperserver.parameters.invalid-value")
    step("invalid-status", operations.status(id, STATUS_JSON))


def update(step: Steps, id: str, name: str, request: Request) -> None:
    """Set parameters, wait until the report is done, export it, download the output, and read the details again."""
    step(f"set-{name}", request)
    common_steps.finish(step, id, f"poll-{name}", AGAIN)
    step(f"details-{name}", operations.details(id))
    made = common_steps.export(step, f"export-{name}", id, outputFormat="csv")
    if made is not None:
        common_steps.finish_export(step, id, made, f"export-poll-{name}")
        step(f"output-{name}", operations.output(id, made), observe=(file_formats.observe,))
        step(f"exported-{name}", operations.details(id, XML if request.header("Content-Type") == XML else JSON))


def _run_style(request: Request) -> Request:
    """The same parameters in the form of a run."""
    body = json.dumps({"reportParameter": json.loads(request.body or b"[]")}).encode()
    return Request(request.method, request.url, request.headers, body)


@scenario(needs=["slow"], priority=True)
def restarted(step: Steps, target: Target) -> None:
    """A running report gets new parameters at half of its time; its status is read when the first run would be over."""
    report, seconds = target.report("slow"), patience.slow_seconds(step)
    step.note(seconds=seconds)
    id = common_steps.run(step, "slow")
    common_steps.begin(step, id, "start")
    begun = step.clock.now()
    step.wait(BEFORE_UPDATE * seconds, "until a part of the work is done")
    common_steps.still(step, id, "status-before")
    step("set", operations.parameters(id, report.get("parameters") or {}))
    patience.outlast(step, begun, step.clock.now() + AFTER_UPDATE * seconds)  # a new run is not over by then
    step("status-after", operations.status(id))
