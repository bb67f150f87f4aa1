"""Checks of authorization: a matrix of identities and actions, each attempt beside its control."""

from __future__ import annotations

import pytest

from pytest_reportconformance.jasperserver import descriptors
from pytest_reportconformance.jasperserver.assertions import cancel_in_time, cells
from pytest_reportconformance.jasperserver.authorization import CLOSED, WITHOUT_CREDENTIALS
from pytest_reportconformance.judging import expect
from pytest_reportconformance.register.register import requirement
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.failures import Broken
from pytest_reportconformance.transcript.transcript import Transcript

GOING_ON = ("queued", "execution")
SEARCHES = {
    "superuser": "jasperserver.permission.superuser-search",
    "admin": "jasperserver.permission.admin-search",
    "other_admin": "jasperserver.permission.other-admin-search",
    "other_user": "jasperserver.permission.other-user-search",
}
"""A search lists the running report of another user, by identity."""
CANCELS = {
    "superuser": "jasperserver.permission.superuser-cancel",
    "admin": "jasperserver.permission.admin-cancel",
}
"""A cancel of the running report of another user is permitted, by identity."""
CANCELS_STOP = {
    "superuser": "jasperserver.permission.superuser-cancel-stops",
    "admin": "jasperserver.permission.admin-cancel-stops",
}
"""A report that they cancelled stops, by identity."""
CANCELS_SHOW = {
    "superuser": "jasperserver.permission.superuser-cancel-seen-by-owner",
    "admin": "jasperserver.permission.admin-cancel-seen-by-owner",
}
"""The owner sees the report that they cancelled as cancelled, by identity."""


@pytest.mark.parametrize(("identity", "action"), cells(CLOSED))
def test_others_are_refused_what_the_owner_may_do(guarded: Transcript, identity: str, action: str) -> None:
    expect.refused(guarded[f"{identity}-{action}"], 403, 404, control=guarded[f"owner-{action}"])


@pytest.mark.parametrize("action", cells(WITHOUT_CREDENTIALS))
def test_every_operation_without_credentials_answers_401(guarded: Transcript, action: str) -> None:
    expect.refused(guarded[f"anonymous-{action}"], 401, control=guarded[f"owner-{action}"])


@requirement("jasperserver.permission.anonymous-delete")
def test_a_delete_without_credentials_answers_401(guarded: Transcript) -> None:
    attempt, control = guarded["anonymous-delete"], guarded["owner-delete"]
    expect.precondition(
        attempt.succeeded or control.succeeded, f"the owner's delete answered {control.status_code}", control
    )
    expect.status(attempt, 401)


@requirement("jasperserver.permission.anonymous-run")
def test_a_run_without_credentials_answers_401(guarded: Transcript) -> None:
    expect.refused(guarded["anonymous-run"], 401, control=guarded["run"])


@requirement("jasperserver.permission.anonymous-search")
def test_a_search_without_credentials_answers_401(searched: Transcript) -> None:
    for suffix in ("", "-xml"):
        expect.refused(searched[f"all-anonymous{suffix}"], 401, control=searched["all-json"])


@pytest.mark.parametrize(
    ("identity", "before"),
    [
        pytest.param("other_user", "owner-details", marks=requirement("jasperserver.permission.other-user-delete")),
        pytest.param(
            "other_admin", "details-after-anonymous", marks=requirement("jasperserver.permission.other-admin-delete")
        ),
    ],
)
def test_a_delete_by_others_does_not_remove_the_execution(guarded: Transcript, identity: str, before: str) -> None:
    attempt, control = guarded[f"{identity}-delete"], guarded["owner-delete"]
    expect.precondition(guarded[before].succeeded, "the execution was gone before", attempt)
    expect.status(guarded[f"details-after-{identity}"], 200)
    expect.precondition(control.succeeded, f"the owner's delete answered {control.status_code}", control)


@requirement("jasperserver.permission.other-user-run-forbidden")
@pytest.mark.parametrize("media", ["json", "xml"])
def test_a_forbidden_report_is_refused_with_403(forbidden: Transcript, media: str) -> None:
    expect.refused(forbidden[f"refused-{media}"], 403, control=forbidden["allowed"])


@pytest.mark.parametrize("suffix", ["", "-xml"], ids=["json", "xml"])
@pytest.mark.parametrize("identity", cells(SEARCHES))
def test_every_authenticated_identity_sees_the_running_report(searched: Transcript, identity: str, suffix: str) -> None:
    id, search, still = descriptors.id_of(searched["run"]), searched[f"all-{identity}{suffix}"], searched["still"]
    expect.precondition(id in descriptors.found_executions(searched["all-json"]), "the owner does not see it", still)
    expect.status(search, 200, 204)
    if id not in descriptors.found_executions(search):
        going_on = descriptors.status(searched["status"]) == "execution"
        expect.seen(going_on or id in descriptors.found_executions(still), "the report was over before the end")
        raise Broken(f"a search that lists {id}", search.text[:200] or f"{search.status_code} without a body", search)


def _control(cancelled_by_others: Transcript) -> Exchange:
    """The permitted cancel of the same report."""
    name = "cancel-owner" if "cancel-owner" in cancelled_by_others else "cancel-admin"
    return cancelled_by_others[name]


def _attempt(transcript: Transcript, name: str, before: str) -> Exchange:
    """A cancel of a report that was running."""
    attempt = transcript[name]
    status = descriptors.status(transcript[before])
    expect.precondition(status != "cancelled", "the report was cancelled before", transcript[before])
    expect.seen(status in GOING_ON, f"the report was {status} when the cancel came")
    return attempt


def _declined(attempt: Exchange, control: Exchange) -> None:
    expect.precondition(control.succeeded, f"the permitted cancel answered {control.status_code}", control)
    refused = 400 <= attempt.status_code < 500
    expect.that(refused, f"a status 4xx to {attempt.line}", attempt.status_code, attempt)


@requirement("jasperserver.permission.other-user-cancel")
@pytest.mark.parametrize("form", ["other_user", "other_user-bare"])
def test_a_cancel_by_another_regular_user_is_refused(cancelled_by_others: Transcript, form: str) -> None:
    attempt = _attempt(cancelled_by_others, f"cancel-{form}", _first_look(cancelled_by_others))
    _declined(attempt, _control(cancelled_by_others))


@requirement("jasperserver.permission.other-user-cancel")
def test_a_cancel_in_xml_by_another_regular_user_is_refused(
    cancelled_by_others: Transcript, cancelled: Transcript
) -> None:
    attempt = _attempt(cancelled_by_others, "cancel-other_user-xml", _first_look(cancelled_by_others))
    _declined(attempt, cancelled["cancel-xml"])


@requirement("jasperserver.permission.other-user-cancel")
def test_a_cancel_by_a_user_of_a_child_organization_is_refused(cancelled_by_others: Transcript) -> None:
    expect.applies("cancel-child_user" in cancelled_by_others, "the target has no user of a child organization")
    attempt = _attempt(cancelled_by_others, "cancel-child_user", "status-after-anonymous")
    _declined(attempt, _control(cancelled_by_others))


@requirement("jasperserver.permission.other-user-cancel-status")
def test_a_cancel_by_another_regular_user_answers_403(cancelled_by_others: Transcript) -> None:
    attempt = _attempt(cancelled_by_others, "cancel-other_user", _first_look(cancelled_by_others))
    expect.refused(attempt, 403, control=_control(cancelled_by_others))


@requirement("jasperserver.permission.other-admin-cancel")
def test_a_cancel_by_the_admin_of_another_organization_is_refused(cancelled_by_others: Transcript) -> None:
    attempt = _attempt(cancelled_by_others, "cancel-other_admin", "status-after-child_user")
    _declined(attempt, _control(cancelled_by_others))


@requirement("jasperserver.permission.anonymous-cancel")
def test_a_cancel_without_credentials_answers_401(cancelled_by_others: Transcript) -> None:
    expect.refused(cancelled_by_others["cancel-anonymous"], 401, control=_control(cancelled_by_others))


@pytest.mark.parametrize(
    ("identity", "before"),
    [
        pytest.param("other_user", "", marks=requirement("jasperserver.permission.other-user-cancel-without-effect")),
        pytest.param(
            "other_admin",
            "status-after-child_user",
            marks=requirement("jasperserver.permission.other-admin-cancel-without-effect"),
        ),
    ],
)
def test_a_report_continues_after_others_tried_to_cancel_it(
    cancelled_by_others: Transcript, identity: str, before: str
) -> None:
    _attempt(cancelled_by_others, f"cancel-{identity}", before or _first_look(cancelled_by_others))
    after = cancelled_by_others[f"status-after-{identity}"]
    expect.among(descriptors.status(after), [*GOING_ON, "ready"], "status after the attempt", after)


def _first_look(transcript: Transcript) -> str:
    """The step that saw the report running before the first attempt to cancel it."""
    return "begin-admin" if "begin-admin" in transcript else "begin-owner"


BEFORE = {"superuser": "begin-superuser", "admin": "status-after-other_admin"}


def _granted(transcript: Transcript, identity: str) -> Exchange:
    """The permitted cancel of a report that was not cancelled before."""
    cancel, before = transcript[f"cancel-{identity}"], transcript[BEFORE[identity]]
    expect.precondition(descriptors.status(before) != "cancelled", "the report was cancelled before", before)
    return cancel


@pytest.mark.parametrize("identity", cells(CANCELS))
def test_a_permitted_cancel_answers_200(cancelled_by_others: Transcript, awaited: Transcript, identity: str) -> None:
    _granted(cancelled_by_others, identity)
    cancel = cancel_in_time(cancelled_by_others, awaited, f"cancel-{identity}", "run", f"status-after-{identity}")
    expect.status(cancel, 200)


@pytest.mark.parametrize("identity", cells(CANCELS_STOP))
def test_a_report_that_others_cancelled_does_not_become_ready(cancelled_by_others: Transcript, identity: str) -> None:
    cancel = _granted(cancelled_by_others, identity)
    expect.precondition(cancel.status_code == 200, f"the cancel answered {cancel.status_code}", cancel)
    late = cancelled_by_others[f"late-{identity}"]
    expect.that(descriptors.status(late) != "ready", "a status other than ready", descriptors.status(late), late)


@pytest.mark.parametrize("identity", cells(CANCELS_SHOW))
def test_the_owner_sees_that_others_cancelled_the_report(cancelled_by_others: Transcript, identity: str) -> None:
    cancel = _granted(cancelled_by_others, identity)
    expect.precondition(cancel.status_code == 200, f"the cancel answered {cancel.status_code}", cancel)
    late = cancelled_by_others[f"late-{identity}"]
    expect.equal(descriptors.status(late), "cancelled", "status that the owner sees", late)
