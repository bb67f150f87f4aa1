"""Checks of stopping running reports."""

from __future__ import annotations

import pytest

from pytest_reportconformance.jasperserver import described, descriptors
from pytest_reportconformance.jasperserver.assertions import FAILED, SLOW_IN_JSON, cancel_in_time
from pytest_reportconformance.jasperserver.media import STATUS_MEDIA
from pytest_reportconformance.judging import expect
from pytest_reportconformance.register.register import requirement
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.transcript import Transcript

MEDIA = pytest.mark.parametrize("media", ["json", "xml"])
GONE = "jasperserver.delete.details-gone"


def _stopped(transcript: Transcript, media: str) -> None:
    """Precondition: the server answered that it stopped the report."""
    cancel = transcript[f"cancel-{media}"]
    expect.precondition(cancel.status_code == 200, f"the cancel answered {cancel.status_code}", cancel)


def _understood(cancelled: Transcript, media: str) -> None:
    """Precondition: the server accepted the cancel of a running report in this media type."""
    cancel = cancelled[f"cancel-{media}"]
    expect.precondition(cancel.succeeded, f"the cancel of a running report answered {cancel.status_code}", cancel)


def _cancelled(transcript: Transcript, media: str) -> None:
    """Precondition: the report is cancelled."""
    late = transcript[f"late-status-{media}"]
    _understood(transcript, media)
    expect.precondition(descriptors.status(late) == "cancelled", "the report is not cancelled", late)


def _without_pages(details: Exchange) -> None:
    pages = descriptors.descriptor(details).get("currentPage", 0)
    expect.applies(not pages, f"{pages} pages were finished before the cancel")


def _undelivered(exchange: Exchange) -> None:
    delivered = exchange.succeeded and exchange.answer.size > 0
    found = f"{exchange.status_code}, {exchange.answer.size} bytes"
    expect.that(not delivered, "no output of a cancelled report", found, exchange)


def _unchanged(transcript: Transcript, before: str, after: str) -> None:
    """Status and output are unchanged."""
    found, expected = transcript[f"{after}-status"], transcript[f"{before}-status"]
    expect.equal(descriptors.status(found), descriptors.status(expected), "status", found)
    output, again = transcript[f"{before}-output"], transcript[f"{after}-output"]
    expect.precondition(output.succeeded, f"there was no output before: {output.status_code}", output)
    expect.status(again, output.status_code)
    expect.equal(again.answer.sha256, output.answer.sha256, "digest of the output", again)
    expect.equal(again.media_type, output.media_type, "media type of the output", again)


@requirement("jasperserver.cancel.json")
def test_a_cancel_in_json_answers_200_with_the_value_cancelled(cancelled: Transcript, awaited: Transcript) -> None:
    cancel = cancel_in_time(cancelled, awaited, "cancel-json", "run-json", "status-json")
    expect.status(cancel, 200)
    expect.media_type(cancel, "application/json", "application/status+json")
    expect.equal(cancel.field("value"), "cancelled", "value", cancel)


@requirement("jasperserver.cancel.xml")
def test_a_cancel_in_xml_answers_200_with_an_element_status(cancelled: Transcript, awaited: Transcript) -> None:
    cancel = cancel_in_time(cancelled, awaited, "cancel-xml", "run-xml", "status-xml")
    expect.status(cancel, 200)
    expect.media_type(cancel, "application/xml", "application/status+xml")
    expect.equal(cancel.xml.tag, "status", "root element", cancel)
    expect.equal((cancel.xml.text or "").strip(), "cancelled", "text of status", cancel)


@requirement("jasperserver.cancel.becomes-cancelled")
@MEDIA
def test_a_cancelled_report_shows_it_in_its_status(cancelled: Transcript, media: str) -> None:
    _stopped(cancelled, media)
    last = cancelled[f"settling-{media}"]
    expect.equal(descriptors.status(last), "cancelled", "status after the cancel", last)


@requirement("jasperserver.cancel.becomes-cancelled")
@pytest.mark.parametrize("form", STATUS_MEDIA)
@MEDIA
def test_a_cancelled_report_shows_it_in_every_media_type(cancelled: Transcript, media: str, form: str) -> None:
    _cancelled(cancelled, media)
    poll = cancelled[f"late-{form}-{media}"]
    expect.precondition(poll.succeeded, f"the poll answered {poll.status_code}", poll)
    expect.equal(descriptors.status(poll), "cancelled", "status after the cancel", poll)


@requirement("jasperserver.cancel.json")
def test_a_permitted_cancel_by_others_answers_with_the_value_cancelled(cancelled_by_others: Transcript) -> None:
    names = [f"cancel-{identity}" for identity in ("superuser", "admin") if f"cancel-{identity}" in cancelled_by_others]
    cancels = [cancelled_by_others[name] for name in names if cancelled_by_others[name].status_code == 200]
    expect.applies(bool(cancels), "no other user cancelled a report")
    for cancel in cancels:
        expect.equal(cancel.field("value"), "cancelled", "value", cancel)


@requirement("jasperserver.cancel.unknown-id")
def test_cancelling_a_deleted_execution_answers_404(deleted: Transcript, cancelled: Transcript) -> None:
    _understood(cancelled, "json")
    gone = deleted["after-details"]
    expect.precondition(
        gone.status_code == 404, f"the details of what was deleted answered {gone.status_code}", by=GONE
    )
    expect.refused(deleted["cancel-deleted"], 404, control=deleted["cancel-twin-json"])


@requirement("jasperserver.cancel.work-stops")
@MEDIA
def test_a_cancelled_report_does_not_become_ready(cancelled: Transcript, media: str) -> None:
    _stopped(cancelled, media)
    later = [*cancelled.all(f"settling-{media}"), cancelled[f"late-status-{media}"], cancelled[f"details-{media}"]]
    for poll in later:
        expect.that(descriptors.status(poll) != "ready", "a status other than ready", descriptors.status(poll), poll)


@requirement("jasperserver.cancel.output-not-delivered")
@MEDIA
def test_the_output_of_a_cancelled_report_is_not_delivered(cancelled: Transcript, media: str) -> None:
    _stopped(cancelled, media)
    _without_pages(cancelled[f"details-{media}"])
    _undelivered(cancelled[f"output-{media}"])


@requirement("jasperserver.cancel.no-output-resource")
@MEDIA
def test_the_exports_of_a_cancelled_report_have_no_output_resource(cancelled: Transcript, media: str) -> None:
    _stopped(cancelled, media)
    details = cancelled[f"details-{media}"]
    _without_pages(details)
    shown = [one["outputResource"] for one in descriptors.exports(details) if one.get("outputResource")]
    expect.equal(shown, [], "output resources", details)


@requirement("jasperserver.cancel.leaves-others")
def test_cancelling_leaves_another_report_running(cancelled: Transcript) -> None:
    other = cancelled["other"]
    expect.equal(descriptors.status(other), "ready", "status of the report that was not cancelled", other)


@requirement("jasperserver.cancel.again")
@MEDIA
def test_a_second_cancel_answers_204(cancelled: Transcript, media: str) -> None:
    _cancelled(cancelled, media)
    expect.status(cancelled[f"again-{media}"], 204)


@requirement("jasperserver.cancel.state-unchanged")
@MEDIA
def test_a_second_cancel_changes_nothing(cancelled: Transcript, media: str) -> None:
    _cancelled(cancelled, media)
    status = cancelled[f"again-status-{media}"]
    expect.equal(descriptors.status(status), "cancelled", "status after a second cancel", status)
    if f"output-{media}" in cancelled:
        before, after = cancelled[f"output-{media}"], cancelled[f"again-output-{media}"]
        expect.equal(after.succeeded, before.succeeded, "whether there is an output", after)


@requirement("jasperserver.cancel.finished")
@MEDIA
def test_a_cancel_of_a_finished_report_answers_204(deleted: Transcript, cancelled: Transcript, media: str) -> None:
    _understood(cancelled, media)
    before = deleted["twin-after-status"]
    expect.precondition(descriptors.status(before) == "ready", "the report is not ready", before)
    expect.status(deleted[f"cancel-twin-{media}"], 204)


@requirement("jasperserver.cancel.state-unchanged")
def test_cancelling_a_finished_report_changes_nothing(deleted: Transcript) -> None:
    _unchanged(deleted, "twin-after", "twin-cancelled")
    before, after = deleted["twin-after-details"], deleted["twin-cancelled-details"]
    expect.precondition(before.succeeded and after.succeeded, "the details were not answered", after)
    found = described.facts(descriptors.descriptor(after))
    for what, expected in described.facts(descriptors.descriptor(before)).items():
        expect.equal(found.get(what), expected, f"{what} after the cancel", after)


@requirement("jasperserver.cancel.failed")
@MEDIA
@FAILED
def test_a_cancel_of_a_failed_report_answers_204(failed: Transcript, cancelled: Transcript, media: str) -> None:
    _understood(cancelled, media)
    last = failed["poll"]
    expect.precondition(
        descriptors.status(last) == "failed", "the report did not fail", last, "jasperserver.status.reaches-failed"
    )
    expect.status(failed[f"cancel-{media}"], 204)


@requirement("jasperserver.cancel.state-unchanged")
@FAILED
def test_cancelling_a_failed_report_leaves_it_failed(failed: Transcript) -> None:
    last = failed["poll"]
    expect.precondition(
        descriptors.status(last) == "failed", "the report did not fail", last, "jasperserver.status.reaches-failed"
    )
    status = failed["status-cancelled"]
    expect.equal(descriptors.status(status), "failed", "status after the cancel", status)


@requirement("jasperserver.cancel.unknown-id")
@MEDIA
def test_cancelling_an_unknown_id_answers_404(deleted: Transcript, cancelled: Transcript, media: str) -> None:
    _understood(cancelled, media)
    expect.refused(deleted[f"cancel-unknown-{media}"], 404, control=deleted[f"cancel-twin-{media}"])


@requirement("jasperserver.cancel.other-value")
@SLOW_IN_JSON
def test_another_value_is_refused_and_the_report_continues(run_slow: Transcript) -> None:
    expect.status(run_slow["other-value"], 400)
    after = run_slow["status-after-other-value"]
    expect.among(descriptors.status(after), ["queued", "execution", "ready"], "status", after)


@requirement("jasperserver.cancel.empty-object")
@SLOW_IN_JSON
def test_an_empty_object_does_not_cancel(run_slow: Transcript) -> None:
    before, after = run_slow["status-after-other-value"], run_slow["status-after-empty-object"]
    expect.precondition(descriptors.status(before) != "cancelled", "the report was cancelled before", before)
    expect.that(
        descriptors.status(after) != "cancelled", "a status other than cancelled", descriptors.status(after), after
    )


@requirement("jasperserver.cancel.once-executing")
def test_a_report_that_executes_is_cancelled_at_once(cancelled_early: Transcript, awaited: Transcript) -> None:
    before = cancelled_early["begin"]
    expect.precondition(before.succeeded, "no status", before, "jasperserver.status.known")
    expect.applies(descriptors.status(before) == "execution", "the report was not shown as executing")
    cancel = cancel_in_time(cancelled_early, awaited, "cancel", "run", "status")
    expect.status(cancel, 200)


@requirement("jasperserver.cancel.while-queued")
def test_an_immediate_cancel_takes_effect_or_answers_204(cancelled_at_once: Transcript) -> None:
    cancel = cancelled_at_once["cancel"]
    expect.status(cancel, 200, 204)
    if cancel.status_code == 200:
        last = cancelled_at_once["poll"]
        expect.equal(descriptors.status(last), "cancelled", "status after a cancel that answered 200", last)
