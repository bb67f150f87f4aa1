"""Cancelling: running executions by their owner, and executions that no longer run."""

from __future__ import annotations

from collections.abc import Mapping

from pytest_reportconformance.jasperserver import common_steps, descriptors, operations
from pytest_reportconformance.jasperserver.media import STATUS_FORMS, STATUS_MEDIA
from pytest_reportconformance.jasperserver.operations import MEDIA
from pytest_reportconformance.jasperserver.scenarios import attempts, rereads
from pytest_reportconformance.jasperserver.timing import SURELY_RUNNING
from pytest_reportconformance.recording.polling import wait_until
from pytest_reportconformance.recording.steps import Steps
from pytest_reportconformance.scenarios import scenario
from pytest_reportconformance.target.target import Target
from pytest_reportconformance.transcript.failures import NotReached, TooLate

ANSWERS = {"json": "jasperserver.cancel.json", "xml": "jasperserver.cancel.xml"}


@scenario(needs=["slow"], priority=True)
def cancelled(step: Steps, target: Target) -> None:
    """Two running reports are cancelled by their owner, in JSON and in XML, while a third one runs to its end."""
    cancel_each(step, MEDIA)


def cancel_each(step: Steps, types: Mapping[str, str]) -> None:
    """Cancel a running report in each of these media types, in steps such as `cancel-json`, beside one that goes on."""
    step.note(seconds=float(step.target.report("slow")["seconds"]))
    ids = {media: common_steps.run(step, "slow", name=f"run-{media}") for media in types}
    other = common_steps.run(step, "slow", name="run-other")
    for media, id in ids.items():
        common_steps.begin(step, id, f"begin-{media}")
        request = operations.cancel(id, media=types[media], accept=types[media])
        if step(f"cancel-{media}", request, establishes=ANSWERS[media]).status_code == 204:
            common_steps.still(step, id, f"status-{media}")
    last = {media: common_steps.become(step, id, "cancelled", f"settling-{media}") for media, id in ids.items()}
    common_steps.finish(step, other, "other")
    for media, id in ids.items():
        if not common_steps.over(last[media]):  # the target is slow: the other report took its time as well
            common_steps.become(step, id, "cancelled", f"settling-{media}")
    for media, id in ids.items():
        _look_back(step, media, id)


def _look_back(step: Steps, media: str, id: str) -> None:
    """Long after the work would be over: what is left of a cancelled execution, before and after a second cancel."""
    for name, type in STATUS_MEDIA.items():
        step(f"late-{name}-{media}", operations.status(id, type), establishes=STATUS_FORMS[name])
    step(f"late-status-{media}", operations.status(id), establishes="jasperserver.status.known")
    details = step(f"details-{media}", operations.details(id), establishes="jasperserver.details.same-request")
    left = descriptors.export_ids(details)[:1]
    for export in left:
        step(f"output-{media}", operations.output(id, export))
    step(f"again-{media}", operations.cancel(id), establishes="jasperserver.cancel.again")
    step(f"again-status-{media}", operations.status(id), establishes="jasperserver.status.known")
    for export in left:
        step(f"again-output-{media}", operations.output(id, export))
    step(f"third-{media}", operations.cancel(id), establishes="jasperserver.cancel.again")
    if media == "json":
        attempts.read(step, "cancelled", id, next(iter(left), "none"))
        rereads.in_every_form(step, "cancelled", id, next(iter(left), "none"))
    step(f"delete-{media}", operations.delete(id), establishes="jasperserver.delete.cancelled")
    step(f"gone-{media}", operations.details(id))


@scenario(needs=["slow"], priority=True)
def cancelled_at_once(step: Steps, target: Target) -> None:
    """A report is cancelled immediately after its run, and searched for."""
    id = common_steps.run(step, "slow")
    if step("cancel", operations.cancel(id), establishes="jasperserver.cancel.json").status_code == 200:
        common_steps.finish(step, id)
        common_steps.vanish(step, id, "search")


@scenario(needs=["slow"], priority=True)
def cancelled_early(step: Steps, target: Target) -> None:
    """A report is cancelled as soon as its status is execution; if that has no effect, once more when it is listed."""
    seconds = float(target.report("slow")["seconds"])
    step.note(seconds=seconds)
    id = common_steps.run(step, "slow")
    try:
        last = wait_until(step, "begin", operations.status(id), common_steps.working, deadline=SURELY_RUNNING * seconds)
    except NotReached:  # it is shown as queued all the time
        return
    if common_steps.over(last):
        raise TooLate("the report was over before it was seen running")
    if step("cancel", operations.cancel(id), establishes="jasperserver.cancel.json").status_code == 204:
        common_steps.still(step, id, "status")
        common_steps.known(step, id)
        step("cancel-known", operations.cancel(id))
