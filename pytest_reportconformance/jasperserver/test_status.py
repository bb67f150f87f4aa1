"""Checks of polling a report execution."""

from __future__ import annotations

import pytest

from pytest_reportconformance.jasperserver import descriptors
from pytest_reportconformance.jasperserver.assertions import every_medium, explains_failure, extended, has_form
from pytest_reportconformance.jasperserver.media import STATUS_FORMS, STATUS_MEDIA
from pytest_reportconformance.judging import expect
from pytest_reportconformance.register.register import requirement
from pytest_reportconformance.transcript.transcript import Transcript

RUNNING = ("queued", "execution")
FORMS = [pytest.param(media, marks=requirement(id)) for media, id in STATUS_FORMS.items()]


@requirement("jasperserver.status.known")
def test_the_status_of_an_execution_answers_200(finished: Transcript) -> None:
    expect.status(finished["poll"], 200)


@requirement("jasperserver.status.known")
def test_the_status_of_a_running_execution_answers_200(awaited: Transcript) -> None:
    expect.status(awaited["start"], 200)


@every_medium
@requirement("jasperserver.status.unknown-id")
def test_the_status_of_an_unknown_id_answers_404(finished: Transcript, media: str) -> None:
    expect.refused(finished[f"status-{media}-unknown"], 404, control=finished[f"status-{media}"])


@requirement("jasperserver.status.unknown-id")
def test_the_status_of_a_shorter_id_answers_404(run_used: Transcript) -> None:
    expect.applies("shorter-status" in run_used, "the id is no UUID: without its last character it may be another one")
    expect.refused(run_used["shorter-status"], 404, control=run_used["status"])


@pytest.mark.parametrize("media", FORMS)
def test_a_final_status_has_the_form_of_its_media_type(finished: Transcript, media: str) -> None:
    for exchange in (finished[f"status-{media}"], *finished.all(f"again-{media}")):
        has_form(exchange, media)


@requirement("jasperserver.status.json")
def test_every_poll_shows_a_known_status(finished: Transcript, awaited: Transcript) -> None:
    for exchange in (*finished.all("poll"), *awaited.all("start"), *awaited.all("poll")):
        expect.precondition(exchange.status_code == 200, f"the poll answered {exchange.status_code}", exchange)
        has_form(exchange, "json")


@pytest.mark.parametrize("media", FORMS)
def test_a_running_status_has_the_form_of_its_media_type(awaited: Transcript, media: str) -> None:
    has_form(awaited[f"running-{media}"], media)


@pytest.mark.parametrize("media", FORMS)
def test_a_failed_status_has_the_form_of_its_media_type(failed: Transcript, media: str) -> None:
    for exchange in (failed[f"status-{media}"], *failed.all(f"again-{media}")):
        has_form(exchange, media)


@extended
@requirement("jasperserver.status.extended-media-type")
def test_an_extended_status_has_the_requested_media_type(finished: Transcript, media: str) -> None:
    expect.precondition(finished[f"status-{media}"].succeeded, "it was not answered", by=STATUS_FORMS[media])
    for exchange in (finished[f"status-{media}"], *finished.all(f"again-{media}")):
        expect.media_type(exchange, STATUS_MEDIA[media])


@every_medium
@requirement("jasperserver.status.running")
def test_a_running_report_is_in_execution(awaited: Transcript, media: str) -> None:
    """Another status is wrong if a later poll in plain JSON still shows the report running."""
    exchange = awaited[f"running-{media}"]
    expect.precondition(exchange.succeeded, "it was not answered", by=STATUS_FORMS[media])
    if descriptors.status(exchange) not in RUNNING:
        later = any(descriptors.status(poll) in RUNNING for poll in awaited.all("poll"))
        expect.seen(later, "the report was done before its status was requested in every media type")
        expect.among(descriptors.status(exchange), RUNNING, "the status", exchange)


@pytest.mark.parametrize("details", ["details-running", "details-running-xml"])
@requirement("jasperserver.status.running")
def test_the_details_of_a_running_report_show_it_running(awaited: Transcript, details: str) -> None:
    """They show another status only if no later poll finds the report running."""
    expect.precondition(awaited[details].succeeded, "they were not answered", awaited[details])
    if any(descriptors.status(poll) in RUNNING for poll in awaited.all("poll")):
        expect.among(descriptors.member(awaited[details], "status"), RUNNING, "the status", awaited[details])


@requirement("jasperserver.status.running")
def test_a_report_is_not_reported_ready_while_it_runs(awaited: Transcript) -> None:
    """Ready is too early if it comes long before the declared time is over, and the output really took that time."""
    run, seconds = awaited["run"], awaited.fact("seconds")
    poll = awaited["poll"]
    called = poll.started + poll.seconds - run.started
    took = awaited["settling"].started - run.started
    expect.that(called > 0.8 * seconds or took < 0.9 * seconds, "execution", descriptors.status(poll), poll)


@requirement("jasperserver.status.running")
def test_a_report_that_executes_is_not_reported_queued(awaited: Transcript) -> None:
    """The report executes for its declared time before its end: in the last three quarters it is not queued."""
    polls = [*awaited.all("start"), *awaited.all("poll")]
    ends = [poll for poll in polls if descriptors.status(poll) in descriptors.TERMINAL]
    expect.precondition(bool(ends), "the report did not end", awaited["poll"])
    last = ends[0]
    ended = last.started + last.seconds
    work = min(awaited.fact("seconds"), ended - awaited["run"].started)
    for poll in polls[: polls.index(last)]:
        if poll.started > ended - 0.75 * work:
            expect.that(descriptors.status(poll) != "queued", "execution while it executes", poll.text, poll)


def _over(transcript: Transcript) -> None:
    """Precondition: the report was over, or overdue, when polling ended."""
    ended = transcript.ended
    waits = ended is not None and ended.outcome == "inconclusive"
    if waits and descriptors.status(transcript["poll"]) not in descriptors.TERMINAL:
        raise transcript.not_reached("settling")


@requirement("jasperserver.status.reaches-ready")
def test_a_report_ends_ready(finished: Transcript) -> None:
    _over(finished)
    expect.equal(descriptors.status(finished["poll"]), "ready", "the last status", finished["poll"])


@requirement("jasperserver.status.reaches-ready")
def test_a_slow_report_ends_ready(awaited: Transcript) -> None:
    _over(awaited)
    expect.equal(descriptors.status(awaited["poll"]), "ready", "the last status", awaited["poll"])


@requirement("jasperserver.status.reaches-failed")
def test_a_report_that_fails_ends_failed(failed: Transcript) -> None:
    _over(failed)
    expect.equal(descriptors.status(failed["poll"]), "failed", "the last status", failed["poll"])


@extended
@requirement("jasperserver.status.failed-text")
def test_the_extended_status_explains_why_a_report_failed(failed: Transcript, media: str) -> None:
    for exchange in (failed[f"status-{media}"], *failed.all(f"again-{media}")):
        explains_failure(exchange)


@requirement("jasperserver.status.plain-value-only")
def test_the_plain_status_holds_only_the_value(failed: Transcript) -> None:
    found = descriptors.descriptor(failed["status-json"])
    expect.that("errorDescriptor" not in found, "no errorDescriptor", found, failed["status-json"])
    in_xml = failed["status-xml"]
    expect.that(in_xml.xml.find("errorDescriptor") is None, "no errorDescriptor", "one in XML", in_xml)


@extended
@requirement("jasperserver.status.error-means-failed")
def test_a_status_that_is_not_failed_has_no_error(finished: Transcript, media: str) -> None:
    exchange = finished[f"status-{media}"]
    expect.precondition(descriptors.status(exchange) != "failed", "the report failed", exchange)
    expect.that(
        not descriptors.descriptor(exchange).get("errorDescriptor"), "no errorDescriptor", exchange.text, exchange
    )


@pytest.mark.parametrize("details", ["details", "details-xml"])
@requirement("jasperserver.status.error-means-failed")
def test_the_details_of_a_ready_report_have_no_error(finished: Transcript, details: str) -> None:
    exchange = finished[details]
    expect.precondition(descriptors.status(exchange) == "ready", "the report is not ready", exchange)
    expect.that(
        not descriptors.descriptor(exchange).get("errorDescriptor"), "no errorDescriptor", exchange.text, exchange
    )


def stays_final(transcript: Transcript, media: str) -> None:
    """Every answer after the first final status in a media type shows that status."""
    exchanges = [*transcript.all("poll" if media == "json" else f"status-{media}"), *transcript.all(f"again-{media}")]
    answered = [exchange for exchange in exchanges if exchange.succeeded]
    finals = [exchange for exchange in answered if descriptors.status(exchange) in descriptors.TERMINAL]
    expect.precondition(bool(finals), "no final status was shown", by=STATUS_FORMS[media])
    for exchange in answered[answered.index(finals[0]) :]:
        expect.equal(descriptors.status(exchange), descriptors.status(finals[0]), "the status later on", exchange)


@every_medium
@requirement("jasperserver.status.final-unchanged")
def test_a_ready_report_stays_ready(finished: Transcript, media: str) -> None:
    stays_final(finished, media)


@every_medium
@requirement("jasperserver.status.final-unchanged")
def test_a_slow_report_stays_ready(awaited: Transcript, media: str) -> None:
    stays_final(awaited, media)


@every_medium
@requirement("jasperserver.status.final-unchanged")
def test_a_failed_report_stays_failed(failed: Transcript, media: str) -> None:
    stays_final(failed, media)


def agrees(transcript: Transcript, media: str, details: str) -> None:
    """A final status is the one in the details."""
    exchange = transcript[f"status-{media}"]
    expect.precondition(exchange.succeeded, "it was not answered", by=STATUS_FORMS[media])
    expect.precondition(transcript[details].succeeded, "the details were not answered", transcript[details])
    expect.equal(
        descriptors.status(exchange), descriptors.member(transcript[details], "status"), "the status", exchange
    )


@every_medium
@requirement("jasperserver.status.agrees-with-details")
def test_the_status_of_a_ready_report_is_in_its_details(finished: Transcript, media: str) -> None:
    agrees(finished, media, "details")


@requirement("jasperserver.status.agrees-with-details")
def test_the_status_of_a_ready_report_is_in_its_details_in_xml(finished: Transcript) -> None:
    agrees(finished, "json", "details-xml")


@every_medium
@requirement("jasperserver.status.agrees-with-details")
def test_the_status_of_a_slow_report_is_in_its_details(awaited: Transcript, media: str) -> None:
    agrees(awaited, media, "details")


@every_medium
@pytest.mark.parametrize("details", ["details", "details-xml"])
@requirement("jasperserver.status.agrees-with-details")
def test_the_status_of_a_failed_report_is_in_its_details(failed: Transcript, media: str, details: str) -> None:
    agrees(failed, media, details)


@pytest.mark.parametrize("media", ["json", "xml"])
@requirement("jasperserver.status.agrees-with-details")
def test_the_status_of_a_cancelled_report_is_in_its_details(cancelled: Transcript, media: str) -> None:
    cancel, status, details = (cancelled[f"{name}-{media}"] for name in ("cancel", "late-status", "details"))
    expect.precondition(cancel.succeeded, f"the cancel answered {cancel.status_code}", cancel)
    by = "jasperserver.cancel.becomes-cancelled"
    expect.precondition(descriptors.status(status) == "cancelled", "the report is not cancelled", status, by)
    expect.precondition(details.succeeded, "the details were not answered", details)
    expect.equal(descriptors.member(details, "status"), "cancelled", "status in the details", details)


@requirement("jasperserver.status.polling-changes-nothing")
def test_polling_changes_nothing(finished: Transcript) -> None:
    before, after = finished["details"], finished["details-after"]
    expect.precondition(before.succeeded, "the details were not answered before", before)
    for what in ("requestId", "status"):
        expect.equal(descriptors.member(after, what), descriptors.member(before, what), what, after)
    ids = [sorted(str(one.get("id")) for one in descriptors.exports(details)) for details in (before, after)]
    expect.equal(ids[1], ids[0], "the ids of the exports", after)
