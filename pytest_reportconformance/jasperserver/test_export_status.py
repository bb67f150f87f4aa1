"""Checks of polling an export execution."""

from __future__ import annotations

import pytest

from pytest_reportconformance.jasperserver import descriptors
from pytest_reportconformance.jasperserver.assertions import (
    every_medium,
    explains_failure,
    extended,
    format_offered,
    has_form,
)
from pytest_reportconformance.jasperserver.media import EXPORT_STATUS_FORMS, STATUS_MEDIA
from pytest_reportconformance.jasperserver.scenarios.export import FORMATS, RANGES
from pytest_reportconformance.judging import expect
from pytest_reportconformance.register.register import requirement
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.transcript import Transcript

FORMS = [pytest.param(media, marks=requirement(id)) for media, id in EXPORT_STATUS_FORMS.items()]


@pytest.mark.parametrize("media", FORMS)
def test_the_status_of_an_export_has_the_form_of_its_media_type(finished: Transcript, media: str) -> None:
    has_form(finished[f"export-status-{media}"], media)


@pytest.mark.parametrize("media", FORMS)
def test_the_status_of_a_failed_export_has_the_form_of_its_media_type(failed: Transcript, media: str) -> None:
    has_form(failed[f"export-status-{media}"], media)


@every_medium
@requirement("jasperserver.export-status.unknown-execution")
def test_the_export_status_of_an_unknown_execution_answers_404(finished: Transcript, media: str) -> None:
    expect.refused(finished[f"export-status-{media}-unknown"], 404, control=finished[f"export-status-{media}"])


@every_medium
@requirement("jasperserver.export-status.unknown-export")
def test_the_status_of_an_unknown_export_answers_404(finished: Transcript, media: str) -> None:
    control = finished[f"export-status-{media}"]
    expect.refused(finished[f"export-status-{media}-unknown-export"], 404, control=control)


def is_failed(poll: Exchange) -> bool:
    """Whether a poll shows a failed export."""
    return poll.succeeded and descriptors.status(poll) == "failed"


def agrees(transcript: Transcript, media: str, details: str) -> None:
    """The final status of the first export is the one in the details."""
    exchange = transcript[f"export-status-{media}"]
    expect.precondition(exchange.succeeded, "it was not answered", by=EXPORT_STATUS_FORMS[media])
    listed = descriptors.export(transcript[details], descriptors.first_export(transcript["settling"])).get("status")
    expect.precondition(listed in descriptors.TERMINAL, "the details show no final status", transcript[details])
    expect.equal(descriptors.status(exchange), listed, "the status", exchange)


@every_medium
@pytest.mark.parametrize("details", ["details", "details-xml"])
@requirement("jasperserver.export-status.agrees-with-details")
def test_the_status_of_an_export_is_in_the_details(finished: Transcript, media: str, details: str) -> None:
    agrees(finished, media, details)


@every_medium
@requirement("jasperserver.export-status.agrees-with-details")
def test_the_status_of_a_failed_export_is_in_the_details(failed: Transcript, media: str) -> None:
    agrees(failed, media, "details")


@every_medium
@requirement("jasperserver.export-status.agrees-with-details")
def test_the_final_status_of_an_export_is_in_the_details_afterwards(awaited: Transcript, media: str) -> None:
    exchange, details = awaited[f"export-status-{media}"], awaited["details-late"]
    expect.precondition(exchange.succeeded, "it was not answered", by=EXPORT_STATUS_FORMS[media])
    if descriptors.status(exchange) in descriptors.TERMINAL:
        listed = descriptors.export(details, descriptors.first_export(awaited["settling"])).get("status")
        expect.equal(listed, descriptors.status(exchange), "the status in the details", details)


@extended
@requirement("jasperserver.export-status.extended-media-type")
def test_an_extended_export_status_has_the_requested_media_type(finished: Transcript, media: str) -> None:
    exchange = finished[f"export-status-{media}"]
    expect.precondition(exchange.succeeded, "it was not answered", by=EXPORT_STATUS_FORMS[media])
    expect.media_type(exchange, STATUS_MEDIA[media])


@requirement("jasperserver.export-status.agrees-with-details")
def test_the_status_of_each_export_is_in_the_details(exported: Transcript) -> None:
    for name, id in exported.fact("exports").items():
        listed, polled = (
            descriptors.export(exported["details"], id).get("status"),
            descriptors.status(exported[f"poll-{name}"]),
        )
        if polled in descriptors.TERMINAL:
            expect.equal(polled, listed, f"the status of {name}", exported[f"poll-{name}"])


@extended
@requirement("jasperserver.export-status.failed-text")
def test_the_extended_status_explains_why_the_export_of_a_failed_report_failed(failed: Transcript, media: str) -> None:
    explains_failure(failed[f"export-status-{media}"])


@extended
@requirement("jasperserver.export-status.failed-text")
def test_the_extended_status_explains_why_an_export_failed(misexported: Transcript, media: str) -> None:
    names = [poll.name.removeprefix("poll-") for poll in misexported.starting("poll-") if is_failed(poll)]
    expect.applies(bool(names), "no export failed")
    for name in names:
        explains_failure(misexported[f"status-{media}-{name}"])


@pytest.mark.parametrize("name", [*FORMATS, *RANGES])
@requirement("jasperserver.export-status.ready-downloads")
def test_a_ready_export_answers_200_at_once(exported: Transcript, run_used: Transcript, name: str) -> None:
    if descriptors.status(exported[f"poll-{name}"]) == "failed":
        format_offered(run_used, str(RANGES.get(name, {}).get("outputFormat", name)))
    expect.precondition(
        descriptors.status(exported[f"poll-{name}"]) == "ready", "it is not ready", exported[f"poll-{name}"]
    )
    expect.status(exported[f"output-{name}"], 200)


@requirement("jasperserver.export-status.ready-downloads")
def test_the_attachments_of_a_ready_export_answer_200_at_once(illustrated: Transcript) -> None:
    expect.precondition(descriptors.status(illustrated["export-poll-html"]) == "ready", "it is not ready")
    for attachment in illustrated.starting("again-"):
        expect.status(attachment, 200)


@requirement("jasperserver.export-status.collection")
def test_the_collection_of_exports_is_not_a_status(finished: Transcript) -> None:
    expect.status(finished["exports"], 404, 405)
