"""Checks of removing report executions."""

from __future__ import annotations

import pytest

from pytest_reportconformance.jasperserver import descriptors
from pytest_reportconformance.jasperserver.assertions import FAILED
from pytest_reportconformance.jasperserver.media import STATUS_MEDIA
from pytest_reportconformance.judging import expect
from pytest_reportconformance.register.register import requirement
from pytest_reportconformance.transcript.transcript import Transcript


def _deleted(transcript: Transcript, name: str = "delete") -> None:
    """Precondition: the server answered that it deleted the execution."""
    delete = transcript[name]
    expect.precondition(delete.succeeded, f"the delete answered {delete.status_code}", delete)


def _gone(deleted: Transcript, what: str, control: str = "") -> None:
    _deleted(deleted)
    expect.refused(deleted[f"after-{what}"], 404, control=deleted[control or f"before-{what}"])


def _export_gone(deleted: Transcript, what: str) -> None:
    """What belongs to an export: it was there after the update of parameters, which may remove earlier exports."""
    expect.seen(f"before-again-{what}" in deleted, "no export was ready after the update of parameters")
    _gone(deleted, what, f"before-again-{what}")


@requirement("jasperserver.delete.finished")
def test_deleting_a_finished_report_answers_204_without_a_body(deleted: Transcript) -> None:
    expect.status(deleted["delete"], 204)
    expect.empty(deleted["delete"])


@requirement("jasperserver.delete.details-gone")
def test_the_details_of_a_deleted_execution_are_gone(deleted: Transcript) -> None:
    _gone(deleted, "details")


@requirement("jasperserver.delete.details-gone")
@FAILED
def test_the_details_of_a_deleted_failed_execution_are_gone(failed: Transcript) -> None:
    _deleted(failed)
    expect.refused(failed["details-deleted"], 404, control=failed["status-cancelled"])


@requirement("jasperserver.delete.details-gone")
@pytest.mark.parametrize("media", ["json", "xml"])
def test_the_details_of_a_deleted_cancelled_execution_are_gone(cancelled: Transcript, media: str) -> None:
    _deleted(cancelled, f"delete-{media}")
    expect.refused(cancelled[f"gone-{media}"], 404, control=cancelled[f"details-{media}"])


@requirement("jasperserver.delete.status-gone")
def test_the_status_of_a_deleted_execution_is_gone(deleted: Transcript) -> None:
    _gone(deleted, "status")


@requirement("jasperserver.delete.status-gone")
@pytest.mark.parametrize("media", list(STATUS_MEDIA))
def test_the_status_of_a_deleted_execution_is_gone_in_every_media_type(
    deleted: Transcript, finished: Transcript, media: str
) -> None:
    _deleted(deleted)
    expect.precondition(finished[f"status-{media}"].succeeded, "it is not answered at all", finished[f"status-{media}"])
    expect.refused(deleted[f"after-status-{media}"], 404, control=deleted["before-status"])


@requirement("jasperserver.delete.details-gone")
def test_the_details_of_a_deleted_execution_are_gone_in_xml(deleted: Transcript) -> None:
    _deleted(deleted)
    expect.refused(deleted["after-details-xml"], 404, control=deleted["before-details"])


@requirement("jasperserver.delete.output-gone")
def test_the_output_of_a_deleted_execution_is_gone(deleted: Transcript) -> None:
    _export_gone(deleted, "output")


@requirement("jasperserver.delete.attachments-gone")
def test_the_attachments_of_a_deleted_execution_are_gone(guarded: Transcript) -> None:
    _deleted(guarded, "owner-delete")
    expect.applies("owner-attachment" in guarded, "the report has no attachments")
    expect.seen("attachment-before" in guarded, "no export with attachments was ready after the update of parameters")
    expect.refused(guarded["attachment-after"], 404, control=guarded["attachment-before"])


@requirement("jasperserver.delete.everything-gone")
@pytest.mark.parametrize("what", ["info", "page-status", "export", "parameters"])
def test_everything_else_of_a_deleted_execution_is_gone(deleted: Transcript, what: str) -> None:
    _gone(deleted, what)


@requirement("jasperserver.delete.everything-gone")
def test_the_status_of_an_export_of_a_deleted_execution_is_gone(deleted: Transcript) -> None:
    _export_gone(deleted, "export-status")


@requirement("jasperserver.delete.again")
def test_a_third_delete_answers_404(deleted: Transcript) -> None:
    expect.refused(deleted["third"], 404, control=deleted["delete"])


@requirement("jasperserver.delete.again")
def test_a_second_delete_answers_404(deleted: Transcript) -> None:
    expect.refused(deleted["again"], 404, control=deleted["delete"])


@requirement("jasperserver.delete.unknown-id")
def test_deleting_an_unknown_id_answers_404(deleted: Transcript) -> None:
    expect.refused(deleted["delete-unknown"], 404, control=deleted["delete"])


@requirement("jasperserver.delete.leaves-others")
def test_a_delete_leaves_another_execution_of_the_report_unchanged(deleted: Transcript) -> None:
    _deleted(deleted)
    for what in ("status", "details", "output"):
        before, after = deleted[f"twin-before-{what}"], deleted[f"twin-after-{what}"]
        expect.precondition(before.succeeded, f"{what} of the other execution answered {before.status_code}", before)
        expect.status(after, before.status_code)
    status, output = deleted["twin-after-status"], deleted["twin-after-output"]
    expected = descriptors.status(deleted["twin-before-status"])
    expect.equal(descriptors.status(status), expected, "status of the other execution", status)
    digest = deleted["twin-before-output"].answer.sha256
    expect.equal(output.answer.sha256, digest, "digest of the other output", output)


@requirement("jasperserver.delete.leaves-others")
def test_deleting_a_running_report_leaves_another_running(deleted_running: Transcript) -> None:
    _deleted(deleted_running)
    other = deleted_running["other"]
    expect.equal(descriptors.status(other), "ready", "status of the report that was not deleted", other)
    expect.status(deleted_running["other-details"], 200)


@requirement("jasperserver.delete.running")
def test_deleting_a_running_report_answers_204(deleted_running: Transcript) -> None:
    expect.status(deleted_running["delete"], 204)


@requirement("jasperserver.delete.running-gone")
@pytest.mark.parametrize("when", ["after", "after-xml", "late"])
def test_the_details_of_a_report_deleted_while_running_are_gone(deleted_running: Transcript, when: str) -> None:
    _deleted(deleted_running)
    expect.refused(deleted_running[f"details-{when}"], 404, control=deleted_running["other-details"])


@requirement("jasperserver.delete.running-gone")
@pytest.mark.parametrize("media", ["", *(f"-{name}" for name in STATUS_MEDIA)])
def test_the_status_of_a_report_deleted_while_running_is_gone(deleted_running: Transcript, media: str) -> None:
    _deleted(deleted_running)
    expect.refused(deleted_running[f"status-after{media}"], 404, control=deleted_running["begin"])


@requirement("jasperserver.delete.running-stops")
def test_a_report_deleted_while_running_no_longer_runs(deleted_running: Transcript) -> None:
    _deleted(deleted_running)
    id, before = descriptors.id_of(deleted_running["run"]), deleted_running["search-before"]
    expect.precondition(id in descriptors.found_executions(before), "the running report was not listed", before)
    last = deleted_running["search-after"]
    expect.that(
        id not in descriptors.found_executions(last), "a search without the deleted report", last.text[:200], last
    )


@requirement("jasperserver.delete.failed")
@FAILED
def test_deleting_a_failed_report_answers_204(failed: Transcript) -> None:
    last = failed["poll"]
    expect.precondition(
        descriptors.status(last) == "failed", "the report did not fail", last, "jasperserver.status.reaches-failed"
    )
    for details in failed.starting("failed-after-"):
        expect.precondition(
            details.succeeded, "others deleted it", details, "jasperserver.permission.other-user-delete"
        )
    expect.status(failed["delete"], 204)


@requirement("jasperserver.delete.cancelled")
@pytest.mark.parametrize("media", ["json", "xml"])
def test_deleting_a_cancelled_report_answers_204(cancelled: Transcript, media: str) -> None:
    cancel, status = cancelled[f"cancel-{media}"], cancelled[f"again-status-{media}"]
    expect.precondition(cancel.succeeded, f"the cancel answered {cancel.status_code}", cancel)
    expect.precondition(descriptors.status(status) == "cancelled", "the report is not cancelled", status)
    expect.status(cancelled[f"delete-{media}"], 204)
