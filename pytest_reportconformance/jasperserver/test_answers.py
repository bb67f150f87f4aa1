"""Checks of every answer of one kind, over every exchange of a run, whichever scenario sent it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pytest_reportconformance.jasperserver import described, descriptors, history, requests_sent
from pytest_reportconformance.jasperserver.history import History, Statement
from pytest_reportconformance.judging import expect, file_formats
from pytest_reportconformance.register.register import requirement
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.transcript import Transcript

Transcripts = tuple[Transcript, ...]
CODES = [
    pytest.param(403, "access.denied", marks=requirement("jasperserver.errors.access-denied-code")),
    pytest.param(404, "resource.not.found", marks=requirement("jasperserver.errors.not-found-code")),
]
RUNNING = ("queued", "execution")


def searches(transcripts: Transcripts) -> Iterator[tuple[Transcript, Exchange]]:
    """Every search that succeeded."""
    for transcript in transcripts:
        for exchange in transcript.once("searches", history.searches):
            yield transcript, exchange


def of_ready(transcripts: Transcripts) -> Iterator[tuple[History, Statement]]:
    """All details of a ready report that the client neither updated nor deleted: a cancel had no effect."""
    for one in history.histories(transcripts):
        for details in filter(history.is_ready, one.of("details")):
            if not one.updates_before(details) and not one.deleted_before(details):
                yield one, details


@requirement("jasperserver.search.nothing-found")
def test_every_result_that_is_empty_is_204_without_a_body(jasperserver_transcripts: Transcripts) -> None:
    for _, search in searches(jasperserver_transcripts):
        if search.status_code == 204:
            expect.empty(search)
        else:
            found = search.answer.size and descriptors.listed_executions(search)
            expect.that(bool(found), "204 for a result without entries", search.text[:100] or "no body", search)


@requirement("jasperserver.search.request-id")
def test_every_entry_of_every_result_holds_a_request_id(jasperserver_transcripts: Transcripts) -> None:
    for _, search in searches(jasperserver_transcripts):
        listed = descriptors.listed_executions(search)
        expect.that("" not in listed, "a request id in each entry", search.text[:200], search)


@requirement("jasperserver.search.each-once")
def test_every_result_lists_an_execution_once(jasperserver_transcripts: Transcripts) -> None:
    for _, search in searches(jasperserver_transcripts):
        listed = descriptors.listed_executions(search)
        expect.equal(len(set(listed)), len(listed), "the number of different ids", search)


@requirement("jasperserver.search.report-uri")
def test_every_entry_of_every_result_holds_the_uri_of_its_report(jasperserver_transcripts: Transcripts) -> None:
    for transcript, search in searches(jasperserver_transcripts):
        asked = {one.execution: one.report for one in history.histories([transcript])}
        for id, uri in descriptors.found_executions(search).items():
            expect.that(bool(uri), "a reportURI in each entry", search.text[:200], search)
            same = history.ends_with(uri, asked.get(id))
            expect.that(same, f"reportURI = {asked.get(id)} of the execution {id}", uri, search)


@requirement("jasperserver.search.running-listed")
def test_every_search_of_the_owner_lists_what_runs(jasperserver_transcripts: Transcripts) -> None:
    """Searches before the first one that lists a run are left out: the engine may learn of a run late."""
    for transcript, search in searches(jasperserver_transcripts):
        for one in history.histories([transcript]):
            if search.identity == one.run.exchange.identity and "?" not in search.request.url and _runs(one, search):
                listed = descriptors.listed_executions(search)
                shown = one.execution in listed or search.started < _first_listed(transcript, one)
                expect.that(shown, f"the running execution {one.execution}", listed, search)


def _first_listed(transcript: Transcript, one: History) -> float:
    """When the first search began that lists an execution, in seconds since the epoch; 0 if none does."""
    found = transcript.once("searches", history.searches)
    return min((each.started for each in found if one.execution in descriptors.listed_executions(each)), default=0.0)


def _runs(one: History, search: Exchange) -> bool:
    """Whether an execution runs during a search: answers before and after it show so, before anything changed it."""
    shown = [each for each in one.unchanged("status", "details") if history.shown_status(each) in RUNNING]
    before = any(each.end <= search.started for each in shown)
    return before and any(each.exchange.started >= search.started + search.seconds for each in shown)


@requirement("jasperserver.run.export-status")
def test_every_run_with_a_format_shows_the_status_of_its_export(jasperserver_transcripts: Transcripts) -> None:
    for one in history.histories(jasperserver_transcripts):
        if requests_sent.format_of(one.run.exchange) and history.shown_status(one.run) not in ("failed", "cancelled"):
            shown = [export.get("status") for export in descriptors.exports(one.run.exchange)]
            expect.that(bool(shown), "an export beside the report", one.run.exchange.text, one.run.exchange)
            for found in shown:
                expect.among(found, descriptors.STATES, "status of the export", one.run.exchange)


@requirement("jasperserver.details.lists-output")
def test_all_details_of_a_ready_report_list_what_can_be_downloaded(jasperserver_transcripts: Transcripts) -> None:
    for one, details in of_ready(jasperserver_transcripts):
        exports = descriptors.exports(details.exchange)
        if requests_sent.format_of(one.run.exchange):
            expect.that(bool(exports), "an export", details.exchange.text, details.exchange)
        for export in exports:
            resource = export.get("outputResource")
            typed = isinstance(resource, dict) and bool(resource.get("contentType"))
            expect.that(typed or export.get("status") != "ready", "a contentType", export, details.exchange)


@requirement("jasperserver.details.total-pages")
def test_all_details_of_a_ready_report_hold_its_number_of_pages(jasperserver_transcripts: Transcripts) -> None:
    for _, details in of_ready(jasperserver_transcripts):
        pages = descriptors.member(details.exchange, "totalPages")
        expect.that(isinstance(pages, int), "totalPages as a number", pages, details.exchange)


@requirement("jasperserver.details.output-when-ready")
def test_no_export_that_is_not_ready_has_an_output(jasperserver_transcripts: Transcripts) -> None:
    for one in history.histories(jasperserver_transcripts):
        for shown, export in one.exports("details"):
            pending = export.get("status") != "ready"
            expect.that(not (pending and export.get("outputResource")), "no outputResource yet", export, shown.exchange)


@requirement("jasperserver.details.absent-not-null")
def test_no_descriptor_has_a_member_that_is_null(jasperserver_transcripts: Transcripts) -> None:
    for one in history.histories(jasperserver_transcripts):
        for shown in one.of("run", "details", "export"):
            expect.equal(list(described.nulls(shown.members)), [], "the members that are null", shown.exchange)


@requirement("jasperserver.details.attachments-html-only")
def test_no_export_of_another_type_has_attachments(jasperserver_transcripts: Transcripts) -> None:
    for one in history.histories(jasperserver_transcripts):
        for shown, export in one.exports("details"):
            resource = export.get("outputResource")
            declared = str(resource.get("contentType") or "") if isinstance(resource, dict) else ""
            if declared and "html" not in declared:
                expect.that(not export.get("attachments"), f"no attachments of {declared}", export, shown.exchange)


@requirement("jasperserver.output.final-html")
def test_every_html_of_a_ready_report_is_final(jasperserver_transcripts: Transcripts) -> None:
    for one in history.histories(jasperserver_transcripts):
        for output in one.when_ready("output"):
            if file_formats.of(output.exchange).format == "html":
                found = output.exchange.header("output-final").strip().lower()
                expect.equal(found, "true", "output-final", output.exchange)


@requirement("jasperserver.errors.descriptor")
def test_every_refused_run_is_described(jasperserver_transcripts: Transcripts) -> None:
    for transcript in jasperserver_transcripts:
        for exchange in transcript.once("refused runs", history.refused_runs):
            found = descriptors.error_descriptor(exchange) or {}
            expect.that(bool(found.get("errorCode")), "an errorCode", exchange.text[:200], exchange)


@pytest.mark.parametrize(("status", "code"), CODES)
def test_every_refused_run_has_the_code_of_its_reason(
    jasperserver_transcripts: Transcripts, status: int, code: str
) -> None:
    for transcript in jasperserver_transcripts:
        for exchange in transcript.once("refused runs", history.refused_runs):
            found = descriptors.error_descriptor(exchange)
            if exchange.status_code == status and found is not None:
                expect.equal(found.get("errorCode"), code, "errorCode", exchange)


@requirement("jasperserver.search.finished-listed")
def test_every_search_of_the_owner_lists_what_is_ready_and_stays(jasperserver_transcripts: Transcripts) -> None:
    for transcript, search in searches(jasperserver_transcripts):
        for one in history.histories([transcript]):
            if search.identity == one.run.exchange.identity and "?" not in search.request.url and _stays(one, search):
                listed = descriptors.listed_executions(search)
                expect.that(one.execution in listed, f"the ready execution {one.execution}", listed, search)


def _stays(one: History, search: Exchange) -> bool:
    """Whether an execution was ready before a search and is available after it, and nothing changed it until then."""
    end = search.started + search.seconds
    before = any(history.is_ready(each) and each.end <= search.started for each in one.of("status", "details"))
    after = any(each.exchange.started >= end for each in one.of("details"))
    return before and after and not any(start < end for start, _ in one.changes)


@requirement("jasperserver.run.export-id")
def test_the_exports_of_every_run_are_in_the_details_of_the_ready_report(jasperserver_transcripts: Transcripts) -> None:
    for one in history.histories(jasperserver_transcripts):
        for details in one.unchanged("details"):
            listed = [export.get("id") for export in descriptors.exports(details.exchange)]
            for _, export in one.exports("run"):
                if history.is_ready(details) and listed and one.undisturbed(one.run, details):
                    expect.among(export.get("id"), listed, "id of the export in the answer", details.exchange)


def _kept(exchange: Exchange) -> bool:
    """Whether the bytes of an answer, if it has any, were kept or observed."""
    return exchange.answer.size > 0 and (exchange.answer.content is not None or "content" in exchange.observations)


@requirement("jasperserver.output.genuine")
def test_every_output_opens(jasperserver_transcripts: Transcripts) -> None:
    for one in history.histories(jasperserver_transcripts):
        for output in one.of("output"):
            if _kept(output.exchange):
                broken = file_formats.of(output.exchange).broken
                expect.that(broken is None, "an output that opens", broken, output.exchange)


@requirement("jasperserver.attachments.genuine")
def test_every_picture_opens(jasperserver_transcripts: Transcripts) -> None:
    for one in history.histories(jasperserver_transcripts):
        for picture in one.of("attachment"):
            if picture.exchange.media_type.startswith("image/"):
                expect.that(picture.exchange.answer.size > 0, "a picture", "an empty body", picture.exchange)
                if _kept(picture.exchange):
                    broken = file_formats.of(picture.exchange).broken
                    expect.that(broken is None, "a picture that opens", broken, picture.exchange)
