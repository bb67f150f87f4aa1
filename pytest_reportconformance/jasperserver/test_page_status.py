"""Checks of requesting page status."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_reportconformance.jasperserver import descriptors, output_text
from pytest_reportconformance.judging import expect, file_formats
from pytest_reportconformance.register.register import requirement
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.transcript import Transcript

TRUTH = {"true": True, "false": False}
STEPS = ("page-status", "page-status-plain")


def members_of(exchange: Exchange) -> dict[str, Any]:
    """The members of a page status; the check is blocked if it was not answered."""
    expect.precondition(exchange.status_code == 200, f"it answered {exchange.status_code}", exchange)
    members = None if descriptors.is_xml(exchange) else exchange.json()
    expect.precondition(
        isinstance(members, dict), "it is not an object", exchange, by="jasperserver.page-status.accepted"
    )
    return dict(members or {})


@requirement("jasperserver.page-status.accepted")
def test_the_status_of_a_page_is_answered(finished: Transcript) -> None:
    answer = finished["page-status"]
    expect.status(answer, 200)
    expect.that(isinstance(answer.json(), dict), "a JSON object", answer.text, answer)


@requirement("jasperserver.page-status.media-type")
def test_the_status_of_a_page_has_the_requested_media_type(finished: Transcript) -> None:
    expect.precondition(finished["page-status"].succeeded, "it was refused", by="jasperserver.page-status.accepted")
    expect.media_type(finished["page-status"], "application/status+json")


@requirement("jasperserver.page-status.plain-json")
def test_the_status_of_a_page_is_answered_in_plain_json(finished: Transcript) -> None:
    answer = finished["page-status-plain"]
    expect.status(answer, 200)
    expect.media_type(answer, "application/json")
    expect.that(isinstance(answer.json(), dict), "a JSON object", answer.text, answer)


@requirement("jasperserver.page-status.unknown-id")
def test_the_page_status_of_an_unknown_id_answers_404(finished: Transcript) -> None:
    expect.refused(finished["page-status-unknown"], 404, control=finished["page-status-of-1"])


def truth(members: dict[str, Any]) -> bool | None:
    """Whether the page is final, as a boolean or as text; None if it is neither."""
    found = members.get("pageFinal")
    return TRUTH.get(found) if isinstance(found, str) else found if isinstance(found, bool) else None


def has_members(exchange: Exchange) -> None:
    """The members that clients use."""
    members = members_of(exchange)
    expect.among(members.get("reportStatus"), descriptors.STATES, "reportStatus", exchange)
    expect.that(truth(members) is not None, "pageFinal as true or false", members, exchange)
    number = members.get("pageTimestamp")
    is_number = str(number).isdigit() and not isinstance(number, bool)
    expect.that(is_number, "pageTimestamp as a number", number, exchange)


@pytest.mark.parametrize("name", STEPS)
@requirement("jasperserver.page-status.members")
def test_a_page_status_has_its_members(finished: Transcript, name: str) -> None:
    has_members(finished[name])


@requirement("jasperserver.page-status.members")
def test_a_page_status_has_its_members_while_the_report_runs(unfolded: Transcript) -> None:
    has_members(unfolded["first-page"])


@requirement("jasperserver.page-status.final")
def test_every_page_of_a_finished_report_is_final(finished: Transcript) -> None:
    pages = finished.starting("page-status-of-")[: finished.fact("pages")]
    for exchange in (finished["page-status-plain"], *pages):
        members = members_of(exchange)
        expect.that(truth(members) is True, "pageFinal true", members, exchange)
        expect.equal(members.get("reportStatus"), "ready", "reportStatus", exchange)


@requirement("jasperserver.page-status.final")
def test_every_page_of_a_finished_report_is_answered(finished: Transcript) -> None:
    for exchange in finished.starting("page-status-of-")[: finished.fact("pages")]:
        expect.precondition(finished["page-status-of-1"].succeeded, "no page is", finished["page-status-of-1"])
        expect.status(exchange, 200)


def end_of(exchange: Exchange) -> float:
    """When the answer was complete, in seconds since the epoch."""
    return exchange.started + exchange.seconds


def running_at(transcript: Transcript, moment: float) -> bool:
    """Whether details requested after a moment showed the report running."""
    watched = [one for one in transcript.all("watch") if one.succeeded]
    return any(one.started >= moment and descriptors.status(one) not in descriptors.TERMINAL for one in watched)


def while_running(transcript: Transcript, exchange: Exchange) -> None:
    """An answer came before the report was done.

    It is late only if details that were requested several pages later were answered meanwhile and showed the report
    running: then neither the server nor the connection was slow in general. Otherwise the check is inconclusive.
    """
    if running_at(transcript, end_of(exchange)):
        return
    later = exchange.started + 2 * transcript.fact("seconds_per_page")
    watched = [one for one in transcript.all("watch") if one.succeeded and end_of(one) < end_of(exchange)]
    kept = any(one.started > later and descriptors.status(one) not in descriptors.TERMINAL for one in watched)
    expect.seen(kept, "there was too little time to judge")
    late = f"after {exchange.seconds:.2f} s, when the report was done"
    expect.that(False, "an answer while the report is running", late, exchange)


@requirement("jasperserver.page-status.while-running")
def test_the_status_of_a_page_is_answered_while_the_report_runs(unfolded: Transcript) -> None:
    expect.status(unfolded["first-page"], 200)
    while_running(unfolded, unfolded["first-page"])


@requirement("jasperserver.page-status.unfinished-page-not-final")
def test_a_page_that_is_not_finished_is_not_final(unfolded: Transcript) -> None:
    """The last page is finished when the report is done: long before that it is not reported as final."""
    last, first = unfolded["last-page"], unfolded["first-page"]
    expect.precondition(first.succeeded, "no page is answered while the report runs", first)
    if last.status_code == 200 and truth(members_of(last)):
        far_off = running_at(unfolded, end_of(last) + 2 * unfolded.fact("seconds_per_page"))
        expect.that(not far_off, "the last page not final two pages before the end", last.text, last)


@requirement("jasperserver.page-status.finished-page-downloadable")
def test_a_page_is_downloadable_while_the_report_runs(unfolded: Transcript) -> None:
    output = unfolded["first-page-output"]
    expect.status(output, 200)
    while_running(unfolded, output)


@requirement("jasperserver.page-status.finished-page-downloadable")
def test_the_downloaded_page_is_the_requested_one(unfolded: Transcript) -> None:
    output = unfolded["first-page-output"]
    expect.precondition(
        output.status_code == 200 and file_formats.of(output).format == "html", "it was not sent as HTML", output
    )
    facts = {"pages": unfolded.fact("pages"), "page_text": unfolded.fact("page_text")}
    expect.equal(output_text.pages(output, facts), [1], "the pages that it shows", output)


@requirement("jasperserver.page-status.page-past-end")
def test_the_status_of_a_page_past_the_end_answers_404(finished: Transcript) -> None:
    expect.refused(finished["page-status-past-end"], 404, control=finished["page-status-of-1"])


@requirement("jasperserver.page-status.bad-page")
def test_the_status_of_a_page_that_is_not_a_number_answers_400(finished: Transcript) -> None:
    expect.refused(finished["page-status-of-word"], 400, control=finished["page-status-of-1"])


@requirement("jasperserver.page-status.page-range")
def test_the_status_of_a_range_of_pages_is_answered(finished: Transcript) -> None:
    expect.precondition(finished["page-status-of-1"].succeeded, "no page is answered", finished["page-status-of-1"])
    expect.status(finished["page-status-of-range"], 200)
