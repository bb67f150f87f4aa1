"""Checks of what each person may see and do: a matrix of people and actions, each cell beside its control."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_reportconformance.jasperserver import descriptors
from pytest_reportconformance.jasperserver.test_cancel import in_time
from pytest_reportconformance.judging import expect
from pytest_reportconformance.register.register import requirement
from pytest_reportconformance.transcript.exchange import Broken, Exchange, Transcript

READS = ("details", "status", "output", "attachment")
CHANGES = ("export", "parameters")
GOING_ON = ("queued", "execution")


def _people(*people: str, action: str) -> list[Any]:
    """A parameter `person` for each person, with the requirement of an action."""
    return [pytest.param(person, marks=_cell(person, action)) for person in people]


def _closed() -> list[Any]:
    """Parameters `person, action` of the cells in which others' requests are refused."""
    return [
        pytest.param(person, action, marks=_cell(person, action))
        for person in ("stranger", "other_admin", "admin", "superuser")
        for action in (*READS, *(CHANGES if person in ("stranger", "other_admin") else ()))
    ]


def _cell(person: str, action: str) -> pytest.MarkDecorator:
    return requirement(f"jasperserver.permission.{person.replace('_', '-')}-{action}")


@pytest.mark.parametrize(("person", "action"), _closed())
def test_others_are_refused_what_the_owner_may(guarded: Transcript, person: str, action: str) -> None:
    expect.refused(guarded[f"{person}-{action}"], 403, 404, control=guarded[f"owner-{action}"])


@pytest.mark.parametrize("action", [pytest.param(one, marks=_cell("nobody", one)) for one in (*READS, *CHANGES)])
def test_without_credentials_everything_answers_401(guarded: Transcript, action: str) -> None:
    expect.refused(guarded[f"nobody-{action}"], 401, control=guarded[f"owner-{action}"])


@requirement("jasperserver.permission.nobody-delete")
def test_a_delete_without_credentials_answers_401(guarded: Transcript) -> None:
    attempt, control = guarded["nobody-delete"], guarded["owner-delete"]
    expect.premise(attempt.succeeded or control.succeeded, f"the owner's delete answered {control.status}", control)
    expect.status(attempt, 401)


@requirement("jasperserver.permission.nobody-run")
def test_a_run_without_credentials_answers_401(guarded: Transcript) -> None:
    expect.refused(guarded["nobody-run"], 401, control=guarded["run"])


@requirement("jasperserver.permission.nobody-search")
def test_a_search_without_credentials_answers_401(searched: Transcript) -> None:
    expect.refused(searched["all-nobody"], 401, control=searched["all-json"])


@pytest.mark.parametrize(
    ("person", "before"),
    [
        pytest.param("stranger", "owner-details", marks=_cell("stranger", "delete")),
        pytest.param("other_admin", "details-after-nobody", marks=_cell("other_admin", "delete")),
    ],
)
def test_a_delete_by_others_does_not_remove_the_execution(guarded: Transcript, person: str, before: str) -> None:
    attempt, control = guarded[f"{person}-delete"], guarded["owner-delete"]
    expect.premise(guarded[before].succeeded, "the execution was gone before", attempt)
    expect.status(guarded[f"details-after-{person}"], 200)
    expect.premise(control.succeeded, f"the owner's delete answered {control.status}", control)


@requirement("jasperserver.permission.stranger-run-forbidden")
@pytest.mark.parametrize("media", ["json", "xml"])
def test_a_forbidden_report_is_refused_with_403(forbidden: Transcript, media: str) -> None:
    expect.refused(forbidden[f"refused-{media}"], 403, control=forbidden["allowed"])


@pytest.mark.parametrize("suffix", ["", "-xml"], ids=["json", "xml"])
@pytest.mark.parametrize("person", _people("superuser", "admin", "other_admin", "stranger", action="search"))
def test_everybody_signed_on_sees_the_running_report(searched: Transcript, person: str, suffix: str) -> None:
    id, search, still = descriptors.id_of(searched["run"]), searched[f"all-{person}{suffix}"], searched["still"]
    expect.premise(id in descriptors.found_executions(searched["all-json"]), "the owner does not see it", still)
    expect.status(search, 200, 204)
    if id not in descriptors.found_executions(search):
        going_on = descriptors.status(searched["status"]) == "execution"
        expect.seen(going_on or id in descriptors.found_executions(still), "the report was over before the end")
        raise Broken(f"a search that lists {id}", search.text[:200] or f"{search.status} without a body", search)


def _control(cancelled_by_others: Transcript) -> Exchange:
    """The cancel of the same report by one who may."""
    name = "cancel-owner" if "cancel-owner" in cancelled_by_others else "cancel-admin"
    return cancelled_by_others[name]


def _attempt(transcript: Transcript, name: str, before: str) -> Exchange:
    """A cancel of a report that was running."""
    attempt = transcript[name]
    status = descriptors.status(transcript[before])
    expect.premise(status != "cancelled", "the report was cancelled before", transcript[before])
    expect.seen(status in GOING_ON, f"the report was {status} when the cancel came")
    return attempt


def _declined(attempt: Exchange, control: Exchange) -> None:
    expect.premise(control.succeeded, f"the cancel by one who may answered {control.status}", control)
    refused = 400 <= attempt.status < 500
    expect.that(refused, f"a status 4xx to {attempt.line}", attempt.status, attempt)


@requirement("jasperserver.permission.stranger-cancel")
@pytest.mark.parametrize("form", ["stranger", "stranger-bare"])
def test_a_cancel_by_another_regular_user_is_refused(cancelled_by_others: Transcript, form: str) -> None:
    attempt = _attempt(cancelled_by_others, f"cancel-{form}", _first_look(cancelled_by_others))
    _declined(attempt, _control(cancelled_by_others))


@requirement("jasperserver.permission.stranger-cancel")
def test_a_cancel_in_xml_by_another_regular_user_is_refused(
    cancelled_by_others: Transcript, cancelled: Transcript
) -> None:
    attempt = _attempt(cancelled_by_others, "cancel-stranger-xml", _first_look(cancelled_by_others))
    _declined(attempt, cancelled["cancel-xml"])


@requirement("jasperserver.permission.stranger-cancel-status")
def test_a_cancel_by_another_regular_user_answers_403(cancelled_by_others: Transcript) -> None:
    attempt = _attempt(cancelled_by_others, "cancel-stranger", _first_look(cancelled_by_others))
    expect.refused(attempt, 403, control=_control(cancelled_by_others))


@requirement("jasperserver.permission.other-admin-cancel")
def test_a_cancel_by_the_admin_of_another_organization_is_refused(cancelled_by_others: Transcript) -> None:
    attempt = _attempt(cancelled_by_others, "cancel-other_admin", "status-after-nobody")
    _declined(attempt, _control(cancelled_by_others))


@requirement("jasperserver.permission.nobody-cancel")
def test_a_cancel_without_credentials_answers_401(cancelled_by_others: Transcript) -> None:
    expect.refused(cancelled_by_others["cancel-nobody"], 401, control=_control(cancelled_by_others))


@pytest.mark.parametrize(
    ("person", "before"),
    [
        pytest.param("stranger", "", marks=_cell("stranger", "cancel-harmless")),
        pytest.param("other_admin", "status-after-nobody", marks=_cell("other_admin", "cancel-harmless")),
    ],
)
def test_a_report_goes_on_that_others_tried_to_cancel(
    cancelled_by_others: Transcript, person: str, before: str
) -> None:
    _attempt(cancelled_by_others, f"cancel-{person}", before or _first_look(cancelled_by_others))
    after = cancelled_by_others[f"status-after-{person}"]
    expect.among(descriptors.status(after), [*GOING_ON, "ready"], "status after the attempt", after)


def _first_look(transcript: Transcript) -> str:
    """The step that saw the report running before anybody tried to cancel it."""
    return "begin-admin" if "begin-admin" in transcript else "begin-owner"


RULERS = ("superuser", "admin")
BEFORE = {"superuser": "begin-superuser", "admin": "status-after-other_admin"}


def _granted(transcript: Transcript, person: str) -> Exchange:
    """The cancel by one who may, of a report that nobody had cancelled before."""
    cancel, before = transcript[f"cancel-{person}"], transcript[BEFORE[person]]
    expect.premise(descriptors.status(before) != "cancelled", "the report was cancelled before", before)
    return cancel


@pytest.mark.parametrize("person", _people(*RULERS, action="cancel"))
def test_a_cancel_by_one_who_may_answers_200(cancelled_by_others: Transcript, person: str) -> None:
    _granted(cancelled_by_others, person)
    cancel = in_time(cancelled_by_others, f"cancel-{person}", "run", f"status-after-{person}")
    expect.status(cancel, 200)


@pytest.mark.parametrize("person", _people(*RULERS, action="cancel-stops"))
def test_a_report_that_others_cancelled_does_not_become_ready(cancelled_by_others: Transcript, person: str) -> None:
    cancel = _granted(cancelled_by_others, person)
    expect.premise(cancel.status == 200, f"the cancel answered {cancel.status}", cancel)
    late = cancelled_by_others[f"late-{person}"]
    expect.that(descriptors.status(late) != "ready", "a status other than ready", descriptors.status(late), late)


@pytest.mark.parametrize("person", _people(*RULERS, action="cancel-shows"))
def test_the_owner_sees_that_others_cancelled_the_report(cancelled_by_others: Transcript, person: str) -> None:
    cancel = _granted(cancelled_by_others, person)
    expect.premise(cancel.status == 200, f"the cancel answered {cancel.status}", cancel)
    late = cancelled_by_others[f"late-{person}"]
    expect.equal(descriptors.status(late), "cancelled", "status that the owner sees", late)
