"""Checks of authorization in every state of an execution: running, failed, cancelled and deleted."""

from __future__ import annotations

import pytest

from pytest_reportconformance.jasperserver import described, descriptors
from pytest_reportconformance.jasperserver.assertions import FAILED, cells, of_identities
from pytest_reportconformance.jasperserver.authorization import (
    ANONYMOUS_CHANGES,
    ANONYMOUS_READS,
    BY_OTHERS,
    EFFECTS,
    GONE,
    OTHER_ANONYMOUS,
    OTHER_READS,
    READS_BY_OTHERS,
)
from pytest_reportconformance.jasperserver.scenarios.attempts import OTHERS, WITHOUT_PERMISSION
from pytest_reportconformance.judging import expect
from pytest_reportconformance.register.register import requirement
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.transcript import Transcript

GOING_ON = ("queued", "execution")
SEARCHES = {
    "other_user": "jasperserver.permission.other-user-search",
    "admin": "jasperserver.permission.admin-search",
}
"""What lists the report without arguments, by identity."""
while_running = pytest.mark.parametrize("run_slow", ["xml"], indirect=True)


def _refused(transcript: Transcript, name: str, control: str, *allowed: int) -> None:
    expect.refused(transcript[name], *allowed, *_unoffered(name), control=transcript[control])


def _unoffered(name: str) -> tuple[int, ...]:
    """A server may offer page status in one media type only, and refuse the other one before it looks up the id."""
    return (406,) if name.endswith("page-status") else ()


@pytest.mark.parametrize(("identity", "action"), cells(OTHER_READS))
def test_others_are_refused_what_the_owner_may_read(guarded: Transcript, identity: str, action: str) -> None:
    _refused(guarded, f"{identity}-{action}", f"owner-{action}", 403, 404)


@pytest.mark.parametrize("action", cells(OTHER_ANONYMOUS))
def test_every_read_without_credentials_answers_401(guarded: Transcript, action: str) -> None:
    _refused(guarded, f"anonymous-{action}", f"owner-{action}", 401)


@while_running
@pytest.mark.parametrize(("identity", "action"), cells(BY_OTHERS))
def test_others_are_refused_while_a_report_runs(run_slow: Transcript, identity: str, action: str) -> None:
    _refused(run_slow, f"execution-{identity}-{action}", "details", 403, 404)


@while_running
@pytest.mark.parametrize("action", cells(ANONYMOUS_CHANGES))
def test_a_request_without_credentials_answers_401_while_a_report_runs(run_slow: Transcript, action: str) -> None:
    _refused(run_slow, f"execution-anonymous-{action}", "details", 401)


@FAILED
@pytest.mark.parametrize(("identity", "action"), cells(BY_OTHERS))
def test_others_are_refused_after_a_report_failed(failed: Transcript, identity: str, action: str) -> None:
    _refused(failed, f"failed-{identity}-{action}", "details", 403, 404)


@FAILED
@pytest.mark.parametrize("action", cells(ANONYMOUS_CHANGES))
def test_a_request_without_credentials_answers_401_after_a_report_failed(failed: Transcript, action: str) -> None:
    _refused(failed, f"failed-anonymous-{action}", "details", 401)


@pytest.mark.parametrize(("identity", "action"), cells(READS_BY_OTHERS))
def test_others_are_refused_after_a_report_was_cancelled(cancelled: Transcript, identity: str, action: str) -> None:
    _refused(cancelled, f"cancelled-{identity}-{action}", "details-json", 403, 404)


@pytest.mark.parametrize("action", cells(ANONYMOUS_READS))
def test_a_request_without_credentials_answers_401_after_a_report_was_cancelled(
    cancelled: Transcript, action: str
) -> None:
    _refused(cancelled, f"cancelled-anonymous-{action}", "details-json", 401)


@pytest.mark.parametrize("action", cells(GONE))
def test_a_deleted_execution_is_gone_for_every_identity(deleted: Transcript, action: str) -> None:
    """403 is lawful as well, because it is the execution of another user, and 401 without credentials."""
    delete = deleted["delete"]
    expect.precondition(delete.succeeded, f"the delete answered {delete.status_code}", delete)
    for answer in of_identities(deleted, [f"deleted-{identity}-{action}" for identity in OTHERS]):
        unknown = (401,) if answer.identity == "anonymous" else ()
        expect.status(answer, 403, 404, *unknown, *_unoffered(action))


def _after(transcript: Transcript, state: str, identity: str, attempt: str) -> Exchange:
    """The details after an attempt of an identity; blocked if the execution was gone before the attempts."""
    expect.precondition(transcript[f"{state}-{identity}-{attempt}"].response is not None, "there was no attempt")
    earlier = WITHOUT_PERMISSION[: WITHOUT_PERMISSION.index(identity)]
    before = transcript[f"{state}-after-{earlier[-1]}" if earlier else "details"]
    expect.precondition(before.succeeded, "the execution was gone before", before)
    expect.precondition(descriptors.status(before) != "cancelled", "it was cancelled before", before)
    return transcript[f"{state}-after-{identity}"]


@while_running
@pytest.mark.parametrize("identity", cells(EFFECTS))
def test_a_delete_by_others_does_not_remove_a_running_report(run_slow: Transcript, identity: str) -> None:
    expect.status(_after(run_slow, "execution", identity, "delete"), 200)


@FAILED
@pytest.mark.parametrize("identity", cells(EFFECTS))
def test_a_delete_by_others_does_not_remove_a_failed_report(failed: Transcript, identity: str) -> None:
    expect.status(_after(failed, "failed", identity, "delete"), 200)


@pytest.mark.parametrize(
    "identity",
    cells(
        {
            "other_user": "jasperserver.permission.other-user-cancel-without-effect",
            "other_admin": "jasperserver.permission.other-admin-cancel-without-effect",
        }
    ),
)
@while_running
def test_a_report_continues_after_others_tried_to_cancel_it(run_slow: Transcript, identity: str) -> None:
    after = _after(run_slow, "execution", identity, "cancel")
    expect.precondition(after.succeeded, "the details were not answered", after)
    expect.among(descriptors.status(after), [*GOING_ON, "ready"], "status after the attempt", after)


@requirement("jasperserver.cancel.state-unchanged")
def test_a_finished_report_stays_ready_after_others_tried_to_cancel_it(guarded: Transcript) -> None:
    before, after = guarded["owner-details"], guarded["details-after-cancels"]
    expect.precondition(before.succeeded, "the details were not answered before", before)
    expect.precondition(descriptors.status(before) == "ready", "the report was not ready before", before)
    expect.status(after, 200)
    expect.equal(descriptors.status(after), "ready", "status after the attempts", after)
    found = described.facts(descriptors.descriptor(after))
    for what, expected in described.facts(descriptors.descriptor(before)).items():
        expect.equal(found.get(what), expected, f"{what} after the attempts", after)


@requirement("jasperserver.cancel.finished")
def test_a_cancel_of_a_finished_report_by_who_may_cancel_it_answers_204(guarded: Transcript) -> None:
    before = guarded["owner-details"]
    expect.precondition(before.succeeded and descriptors.status(before) == "ready", "the report is not ready", before)
    for cancel in of_identities(guarded, ["admin-cancel", "superuser-cancel"]):
        expect.status(cancel, 204)


@requirement("jasperserver.delete.attachments-gone")
def test_the_attachments_of_a_deleted_execution_are_gone_for_every_identity(guarded: Transcript) -> None:
    delete, control = guarded["owner-delete"], guarded["owner-attachment"]
    expect.precondition(delete.succeeded, f"the delete answered {delete.status_code}", delete)
    expect.precondition(control.succeeded, f"the attachment answered {control.status_code}", control)
    for answer in of_identities(guarded, [f"attachment-after-{identity}" for identity in OTHERS]):
        expect.status(answer, 401, 403, 404)


@requirement("jasperserver.search.by-report-uri")
def test_others_find_the_running_report_by_its_uri(searched: Transcript) -> None:
    """They write the URI as its owner does, because they are of the same organization."""
    id, by_identity = descriptors.id_of(searched["run"]), SEARCHES.items()
    listings = of_identities(searched, [f"all-{identity}" for identity, _ in by_identity])
    searches = of_identities(searched, [f"by-uri-{identity}" for identity, _ in by_identity])
    for listed, search in zip(listings, searches, strict=True):
        seen = id in descriptors.found_executions(listed)
        expect.precondition(seen, "they do not see it without arguments", listed, SEARCHES[listed.identity])
        expect.status(search, 200, 204)
        if id not in descriptors.found_executions(search):
            expect.seen(descriptors.status(searched["status"]) == "execution", "the report was over before the end")
            expect.that(False, f"a search that lists {id}", search.text[:200], search)


@requirement("jasperserver.permission.anonymous-search")
def test_a_search_by_uri_without_credentials_answers_401(searched: Transcript) -> None:
    expect.refused(searched["by-uri-anonymous"], 401, control=searched["all-json"])
