"""Checks of what users and administrators find and may do in a child organization."""

from __future__ import annotations

import pytest

from pytest_reportconformance.jasperserver import descriptors
from pytest_reportconformance.jasperserver.assertions import cancel_in_time
from pytest_reportconformance.judging import expect
from pytest_reportconformance.register.register import requirement
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.failures import Broken
from pytest_reportconformance.transcript.transcript import Transcript

BY_ANOTHER = "jasperserver.permission.other-admin-cancel-child-organization"


def _in_time(transcript: Transcript, awaited: Transcript) -> Exchange:
    """The cancel by the administrator of the parent organization; blocks if the report was cancelled before."""
    before = transcript["status-after-other_admin" if "status-after-other_admin" in transcript else "begin"]
    by = None if before.name == "begin" else BY_ANOTHER
    expect.precondition(descriptors.status(before) != "cancelled", "the report was cancelled before", before, by)
    return cancel_in_time(transcript, awaited, "cancel-admin", "run", "status-after-admin")


@requirement("jasperserver.permission.admin-cancel-child-organization")
def test_an_admin_cancels_a_report_of_a_child_organization(
    cancelled_in_child_organization: Transcript, awaited: Transcript
) -> None:
    expect.status(_in_time(cancelled_in_child_organization, awaited), 200)


@requirement("jasperserver.permission.admin-cancel-child-organization-stops")
def test_a_report_of_a_child_organization_that_the_admin_cancelled_does_not_become_ready(
    cancelled_in_child_organization: Transcript, awaited: Transcript
) -> None:
    cancel, late = _in_time(cancelled_in_child_organization, awaited), cancelled_in_child_organization["late"]
    expect.precondition(cancel.status_code == 200, f"the cancel answered {cancel.status_code}", cancel)
    expect.that(descriptors.status(late) != "ready", "a status other than ready", descriptors.status(late), late)


@requirement("jasperserver.permission.other-admin-cancel-child-organization")
def test_a_report_of_a_child_organization_continues_after_the_admin_of_another_one_tried_to_cancel_it(
    cancelled_in_child_organization: Transcript,
) -> None:
    begin, after = (cancelled_in_child_organization[name] for name in ("begin", "status-after-other_admin"))
    expect.precondition(descriptors.status(begin) != "cancelled", "the report was cancelled before", begin)
    expect.that(descriptors.status(after) != "cancelled", "a status other than cancelled", after.text[:100], after)


@requirement("jasperserver.permission.other-admin-cancel-child-organization")
def test_the_admin_of_another_organization_does_not_cancel_a_report_of_a_child_organization(
    cancelled_in_child_organization: Transcript,
) -> None:
    attempt, control = (cancelled_in_child_organization[f"cancel-{one}"] for one in ("other_admin", "admin"))
    begin = cancelled_in_child_organization["begin"]
    expect.precondition(descriptors.status(begin) != "cancelled", "the report was cancelled before", begin)
    expect.precondition(control.succeeded, f"the permitted cancel answered {control.status_code}", control)
    expect.that(400 <= attempt.status_code < 500, f"a status 4xx to {attempt.line}", attempt.status_code, attempt)


@pytest.mark.parametrize("name", ["by-uri", "by-uri-xml"])
@requirement("jasperserver.search.report-uri-relative")
def test_a_user_of_a_child_organization_finds_a_report_by_its_uri_in_that_organization(
    cancelled_in_child_organization: Transcript, searched: Transcript, name: str
) -> None:
    """The URI is that of the run: what the user of the child organization writes."""
    owners, by = descriptors.found_executions(searched["by-uri"]), "jasperserver.search.by-report-uri"
    expect.precondition(descriptors.id_of(searched["run"]) in owners, "no search by URI works", searched["by-uri"], by)
    id, search = descriptors.id_of(cancelled_in_child_organization["run"]), cancelled_in_child_organization[name]
    expect.status(search, 200, 204)
    if id not in descriptors.found_executions(search):
        listed = descriptors.found_executions(cancelled_in_child_organization["all"])
        expect.seen(id in listed, "no search without arguments lists the report")
        raise Broken(f"a search that lists {id}", search.text[:200] or f"{search.status_code} without a body", search)
