"""Checks that what exists is answered: statuses, pages and later exports, over every exchange of a run."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_reportconformance.jasperserver import described, descriptors, history
from pytest_reportconformance.jasperserver.history import History, Statement
from pytest_reportconformance.jasperserver.media import JSON
from pytest_reportconformance.judging import expect
from pytest_reportconformance.register.register import requirement
from pytest_reportconformance.transcript.transcript import Transcript

Transcripts = tuple[Transcript, ...]
GONE = (403, 404, 410)
FIRST_PAGE = "/pages/1/status"


@requirement("jasperserver.output.content-type")
def test_every_output_of_a_later_export_has_the_content_type_of_its_descriptors(
    jasperserver_transcripts: Transcripts,
) -> None:
    """Until the next update of parameters, which may replace exports."""
    for one in history.histories(jasperserver_transcripts):
        for made in one.of("export"):
            types = _types_after(one, made)
            for output in one.of("output"):
                if one.of_export(made, output):
                    for declared in types:
                        expect.equal(output.exchange.media_type, declared, "Content-Type", output.exchange)


def _types_after(one: History, made: Statement) -> set[str]:
    """The media types that details declare for the output of an export, until the next update."""
    later = [
        export
        for details, export in one.exports("details")
        if made.end <= details.exchange.started and one.updates_before(made) == one.updates_before(details)
    ]
    resources = [export.get("outputResource") for export in later if export.get("id") == made.members.get("id")]
    return {described.media_type(shown["contentType"]) for shown in resources if shown and shown.get("contentType")}


@requirement("jasperserver.status.known")
def test_no_status_of_an_execution_that_exists_is_refused(jasperserver_transcripts: Transcripts) -> None:
    for one in history.histories(jasperserver_transcripts):
        for status in one.of_owner("status"):
            if not one.deleted_before(status):
                expect.never(status.exchange, *GONE)


@requirement("jasperserver.page-status.plain-json")
def test_no_status_of_the_first_page_of_a_ready_report_is_refused(jasperserver_transcripts: Transcripts) -> None:
    for one in history.histories(jasperserver_transcripts):
        for page in one.of_owner("page-status"):
            asked = page.exchange.request.header("Accept") == JSON and page.exchange.request.url.endswith(FIRST_PAGE)
            if asked and one.ready_before(page) and not one.changed_before(page):
                expect.never(page.exchange, *GONE)


@requirement("jasperserver.export-status.json")
def test_no_status_of_an_export_that_is_known_is_refused(jasperserver_transcripts: Transcripts) -> None:
    for one in history.histories(jasperserver_transcripts):
        shown = dict(one.export_statuses())
        for poll in one.of_owner("export-status"):
            known = any(each.end <= poll.exchange.started for each in shown.get(poll.asked.export, ()))
            if known and poll.exchange.request.header("Accept") == JSON and not one.changed_before(poll):
                expect.never(poll.exchange, *GONE)


@requirement("jasperserver.output.ready")
def test_every_output_of_a_ready_export_that_was_made_later_is_delivered(jasperserver_transcripts: Transcripts) -> None:
    """Until the next update of parameters, which may replace exports."""
    for one in history.histories(jasperserver_transcripts):
        polls = one.of("export-status")
        for made in one.of("export"):
            for output in one.of_owner("output"):
                wanted = output.exchange.request.url.endswith("/outputResource") and one.of_export(made, output)
                before = (each for each in polls if each.end <= output.exchange.started) if wanted else ()
                ready = [each for each in before if one.of_export(made, each)]
                if ready and ready[-1].members.get("value") == "ready":
                    expect.status(output.exchange, 200)


@requirement("jasperserver.details.lists-every-export")
def test_all_details_list_every_export_that_was_made_after_an_update(jasperserver_transcripts: Transcripts) -> None:
    for one in history.histories(jasperserver_transcripts):
        for made, details in _exports_and_details(one):
            listed = [export.get("id") for export in descriptors.exports(details.exchange)]
            id = made.members.get("id")
            expect.that(id in listed, f"the export {id}", listed, details.exchange)


@requirement("jasperserver.export-status.agrees-with-details")
def test_an_export_that_was_made_after_an_update_and_is_ready_is_so_in_later_details(
    jasperserver_transcripts: Transcripts,
) -> None:
    for one in history.histories(jasperserver_transcripts):
        for made, details in _exports_and_details(one):
            polls = [poll for poll in one.of("export-status") if poll.end <= details.exchange.started]
            shown = [
                export for export in descriptors.exports(details.exchange) if export.get("id") == made.members["id"]
            ]
            if shown and any(one.of_export(made, poll) and poll.members.get("value") == "ready" for poll in polls):
                expect.equal(shown[0].get("status"), "ready", "the status of the export", details.exchange)


@requirement("jasperserver.details.lists-output")
def test_the_details_after_an_update_show_the_content_type_of_a_new_export(
    jasperserver_transcripts: Transcripts,
) -> None:
    for one in history.histories(jasperserver_transcripts):
        for made, details in _exports_and_details(one):
            for export in descriptors.exports(details.exchange):
                if export.get("id") == made.members["id"] and export.get("status") == "ready":
                    resource = export.get("outputResource")
                    typed = isinstance(resource, dict) and bool(resource.get("contentType"))
                    expect.that(typed, "a contentType", export, details.exchange)


def _exports_and_details(one: History) -> Iterator[tuple[Statement, Statement]]:
    """Each export that was made after an update of parameters, with the details before the next update."""
    for made in one.of("export"):
        updates = one.updates_before(made)
        for details in one.of("details"):
            gone = one.deleted_before(details) or one.cancelled_before(details)
            if updates and updates == one.updates_before(details) and made.end <= details.exchange.started and not gone:
                yield made, details


@requirement("jasperserver.page-status.final")
def test_every_status_of_the_first_page_of_a_ready_report_is_final(jasperserver_transcripts: Transcripts) -> None:
    for one in history.histories(jasperserver_transcripts):
        for page in one.when_ready("page-status"):
            if page.exchange.request.url.endswith(FIRST_PAGE) and not one.changed_before(page):
                final = page.members.get("pageFinal")
                expect.that(final not in (False, "false"), "pageFinal true", final, page.exchange)
                shown = history.shown_status(page)
                expect.that(shown in (None, "ready"), "reportStatus ready", shown, page.exchange)
