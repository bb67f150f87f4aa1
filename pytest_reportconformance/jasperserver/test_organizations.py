"""Checks of what administrators may do with executions of a child organization."""

from __future__ import annotations

from pytest_reportconformance.jasperserver import descriptors
from pytest_reportconformance.jasperserver.assertions import cancel_in_time
from pytest_reportconformance.judging import expect
from pytest_reportconformance.register.register import requirement
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.transcript import Transcript


def _in_time(transcript: Transcript) -> Exchange:
    """The cancel by the administrator of the parent organization; blocks if the report was cancelled before."""
    before = transcript["status-after-other_admin" if "status-after-other_admin" in transcript else "begin"]
    expect.precondition(descriptors.status(before) != "cancelled", "the report was cancelled before", before)
    return cancel_in_time(transcript, "cancel-admin", "run", "status-after-admin")


@requirement("jasperserver.permission.admin-cancel-child-organization")
def test_an_admin_cancels_a_report_of_a_child_organization(cancelled_in_child_organization: Transcript) -> None:
    expect.status(_in_time(cancelled_in_child_organization), 200)


@requirement("jasperserver.permission.admin-cancel-child-organization-stops")
def test_a_report_of_a_child_organization_that_the_admin_cancelled_does_not_become_ready(
    cancelled_in_child_organization: Transcript,
) -> None:
    cancel, late = _in_time(cancelled_in_child_organization), cancelled_in_child_organization["late"]
    expect.precondition(cancel.status == 200, f"the cancel answered {cancel.status}", cancel)
    expect.that(descriptors.status(late) != "ready", "a status other than ready", descriptors.status(late), late)


@requirement("jasperserver.permission.other-admin-cancel-child-organization")
def test_the_admin_of_another_organization_does_not_cancel_a_report_of_a_child_organization(
    cancelled_in_child_organization: Transcript,
) -> None:
    attempt, control = (cancelled_in_child_organization[f"cancel-{one}"] for one in ("other_admin", "admin"))
    begin = cancelled_in_child_organization["begin"]
    expect.precondition(descriptors.status(begin) != "cancelled", "the report was cancelled before", begin)
    expect.precondition(control.succeeded, f"the permitted cancel answered {control.status}", control)
    expect.that(400 <= attempt.status < 500, f"a status 4xx to {attempt.line}", attempt.status, attempt)
