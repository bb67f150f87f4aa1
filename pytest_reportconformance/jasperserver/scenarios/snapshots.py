"""Runs and updates with fresh data and with a saved data snapshot, if target.toml says that snapshots are enabled.

Rule: without that, runs are sent as if there were no snapshots.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pytest_reportconformance.jasperserver import common_steps, operations, output_text, patience
from pytest_reportconformance.jasperserver.media import JSON, XML
from pytest_reportconformance.jasperserver.scenarios.parameters import update
from pytest_reportconformance.jasperserver.timing import GRACE_SECONDS
from pytest_reportconformance.judging import file_formats
from pytest_reportconformance.recording.steps import Steps
from pytest_reportconformance.transcript.exchange import Exchange

REPORT = "runcounter"
AFTER_REMOVAL = "run-after-removal"
RETURNS = {"explicit": (JSON, "?freshData=false"), "json": (JSON, ""), "xml": (XML, "")}
"""Media type and query of the updates that do not ask for fresh data, by name."""
NO_OTHER_VALUES = "target.toml names no other values of the parameters: write changed under [reports.runcounter]"


def enabled(facts: Mapping[str, Any]) -> bool:
    """Whether data snapshots are enabled for a report; another product may not have any."""
    return bool(facts.get("snapshots"))


def fresh(facts: Mapping[str, Any]) -> dict[str, bool]:
    """The members of a run that has to query its data."""
    return {"freshData": True} if enabled(facts) else {}


def saved(facts: Mapping[str, Any]) -> dict[str, bool]:
    """The members of a run that queries its data and saves them."""
    return {"freshData": True, "saveDataSnapshot": True} if enabled(facts) else {}


def run_by_default(step: Steps, facts: Mapping[str, Any], first: Exchange) -> None:
    """A run without freshData, and updates with and without it; another run if that one shows other data than `first`.

    By then the server had time to save the data, and updates may have shown that they are saved.
    """
    if not enabled(facts):
        common_steps.run(step, REPORT, name=AFTER_REMOVAL)
        return
    id, output = _run(step, AFTER_REMOVAL)
    _update(step, id, facts)
    if output_text.value(output, facts["varies"]) != output_text.value(first, facts["varies"]):
        step.wait(patience.stretched(step, GRACE_SECONDS), "the snapshot may not be saved yet")
        _run(step, "run-after-wait")


def _update(step: Steps, id: str, facts: Mapping[str, Any]) -> None:
    """Updates with freshData and other values, each followed by one without it and with the values of the runs."""
    for name, (media, query) in RETURNS.items():
        if not facts["changed"]:
            step.leave_out(f"output-fresh-{name}", NO_OTHER_VALUES)
            step.leave_out(f"output-returned-{name}", NO_OTHER_VALUES)
            continue
        changed = operations.parameters(id, facts["changed"], media=media, query="?freshData=true")
        update(step, id, f"fresh-{name}", changed)
        update(step, id, f"returned-{name}", operations.parameters(id, facts["parameters"], media=media, query=query))


def _run(step: Steps, name: str) -> tuple[str, Exchange]:
    """Run the report without freshData; its request id and its output."""
    id, export = common_steps.ready(step, REPORT, name=name)
    request = operations.output(id, export)
    return id, step("output-by-default", request, observe=(file_formats.observe,))
