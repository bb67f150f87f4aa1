"""Ten concurrent runs, and concurrent reads of one execution."""

from __future__ import annotations

from functools import partial
from typing import Any

from pytest_reportconformance.jasperserver import common_steps, descriptors, operations, purposes
from pytest_reportconformance.jasperserver.scenarios import snapshots
from pytest_reportconformance.judging import file_formats
from pytest_reportconformance.recording.steps import Steps
from pytest_reportconformance.scenarios import scenario
from pytest_reportconformance.target.target import Target
from pytest_reportconformance.transcript.exchange import Exchange, Request

TEN = (
    *(("fast", format) for format in ("html", "csv", "xml")),
    *(("multi", format) for format in ("html", "csv", "xml")),
    *(("runcounter", format) for format in ("html", "html", "csv", "csv")),
)
"""The reports and formats of the ten runs: no two outputs are alike."""
READINGS = 3


@scenario(needs=["fast", "multi", "runcounter"], exclusive=True)
def run_together(step: Steps, target: Target) -> None:
    """Ten quick reports run concurrently in an existing session; then concurrent requests read the first."""
    facts = target.reports
    page = purposes.page_text(facts["multi"], 1)
    step.note(fast=facts["fast"]["text"], multi=page, runcounter=facts["runcounter"]["varies"])
    step("session", operations.search())
    members: dict[str, Any] = snapshots.fresh(facts["runcounter"]) | {
        "parameters": facts["runcounter"]["parameters"] or None
    }
    further = {"runcounter": members}
    requests = [
        operations.run(facts[purpose]["uri"], outputFormat=format, **further.get(purpose, {}))
        for purpose, format in TEN
    ]
    runs = step.together([partial(_run, step, number, request) for number, request in enumerate(requests)])
    ids = [descriptors.request_id(run) if run.succeeded else None for run in runs]
    ends = [(number, id) for number, id in enumerate(ids) if id is not None]
    for number, id in ends:
        common_steps.finish(step, id, f"poll-{number}")
    exports = [(number, id, _export(step, number, id)) for number, id in ends]
    step.together([partial(_output, step, f"output-{number}", id, export) for number, id, export in exports if export])
    for number, id, export in exports[:1]:
        if export and number == 0:
            _read(step, id, export)


def _run(step: Steps, number: int, request: Request) -> Exchange:
    return step(f"run-{number}", request, establishes="jasperserver.concurrency.all-ready")


def _export(step: Steps, number: int, id: str) -> str | None:
    listed = descriptors.exports(common_steps.settle(step, id, f"details-{number}"))
    return str(listed[0]["id"]) if listed and listed[0].get("id") else None


def _output(step: Steps, name: str, id: str, export: str) -> Exchange:
    return step(name, operations.output(id, export), observe=(file_formats.observe,))


def _read(step: Steps, id: str, export: str) -> None:
    """Everything about one execution, in concurrent requests."""
    requests = {"status": operations.status(id), "details": operations.details(id)}
    calls = [partial(step, f"{name}-at-once", request) for name, request in requests.items()] * READINGS
    step.together(calls + [partial(_output, step, "output-at-once", id, export)] * READINGS)
    step("details", operations.details(id))
    head = operations.details(id)
    step("head", Request("HEAD", head.url, head.headers))
