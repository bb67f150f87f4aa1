"""Checks of what the answers show of each execution, over every exchange of a run, whichever scenario sent it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pytest_reportconformance.jasperserver import described, descriptors, history, requests_sent
from pytest_reportconformance.jasperserver.assertions import has_form, same_output
from pytest_reportconformance.jasperserver.history import History, Statement
from pytest_reportconformance.jasperserver.media import EXPORT_STATUS_FORMS, JSON, STATUS_FORMS, STATUS_MEDIA, XML
from pytest_reportconformance.judging import expect
from pytest_reportconformance.register.register import requirement
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.transcript import Transcript

Transcripts = tuple[Transcript, ...]
FORMS = [pytest.param(media, marks=requirement(id)) for media, id in STATUS_FORMS.items()]
EXPORT_FORMS = [pytest.param(media, marks=requirement(id)) for media, id in EXPORT_STATUS_FORMS.items()]
DETAILS = [
    pytest.param(JSON, marks=requirement("jasperserver.negotiation.details-json")),
    pytest.param(XML, marks=requirement("jasperserver.negotiation.details-xml")),
]
UNKNOWN = [
    pytest.param("status", marks=requirement("jasperserver.status.unknown-id")),
    pytest.param("details", marks=requirement("jasperserver.details.unknown-id")),
    pytest.param("output", marks=requirement("jasperserver.output.unknown-execution")),
    pytest.param("export", marks=requirement("jasperserver.export.unknown-execution")),
]
UNKNOWN_IN_ALL_FORMS = [
    pytest.param("page-status", marks=requirement("jasperserver.page-status.unknown-id")),
    pytest.param("attachment", marks=requirement("jasperserver.attachments.unknown-execution")),
    pytest.param("info", marks=requirement("jasperserver.info.unknown-id")),
    pytest.param("parameters", marks=requirement("jasperserver.parameters.unknown-execution")),
    pytest.param("export-status", marks=requirement("jasperserver.export-status.unknown-execution")),
    pytest.param("cancel", marks=requirement("jasperserver.cancel.unknown-id")),
    pytest.param("delete", marks=requirement("jasperserver.delete.unknown-id")),
]
OF_STATUS = ("status", "page-status")
OF_EXECUTION = ("details", "run")
UNSUPPORTED = (406, 415)
STAYING = ("status", "details")
"""What an execution has until it is deleted, also after a cancel or new parameters."""
KNOWN_BY_STATUS = ("details", JSON)
"""Details that every execution has whose status is answered."""


def existing(one: History, operation: str, accept: str) -> Iterator[Statement]:
    """The requests of the owner about an execution that it did not delete, if one of the same kind succeeded.

    None about an execution that the scheduler started.
    """
    mine = [each for each in one.statements if _by_owner(one, each) and not one.by_scheduler]
    alike = [each for each in mine if each.asked.operation == operation and _accepted(each) == accept]
    known = alike + [
        each for each in mine if each.asked.operation == "status" and (operation, accept) == KNOWN_BY_STATUS
    ]
    gone = one.deleted_before if operation in STAYING else one.changed_before
    if any(each.exchange.succeeded for each in known):
        yield from (each for each in alike if not gone(each))


def _accepted(statement: Statement) -> str:
    """The media type that a request asks for, without parameters; empty if it names none."""
    return (statement.exchange.request.header("Accept") or "").partition(";")[0].strip()


def _by_owner(one: History, statement: Statement) -> bool:
    sent = statement.exchange
    return sent.identity == one.run.exchange.identity and not sent.name.startswith(history.ELSEWHERE)


@pytest.mark.parametrize("media", FORMS)
def test_every_status_has_the_form_of_its_media_type(jasperserver_transcripts: Transcripts, media: str) -> None:
    for one in history.histories(jasperserver_transcripts):
        for statement in existing(one, "status", STATUS_MEDIA[media]):
            has_form(statement.exchange, media)


@pytest.mark.parametrize("media", EXPORT_FORMS)
def test_every_export_status_has_the_form_of_its_media_type(jasperserver_transcripts: Transcripts, media: str) -> None:
    for one in history.histories(jasperserver_transcripts):
        for statement in one.of("export-status"):
            if statement.exchange.request.header("Accept") == STATUS_MEDIA[media]:
                has_form(statement.exchange, media)


@pytest.mark.parametrize("media", DETAILS)
def test_all_details_are_answered(jasperserver_transcripts: Transcripts, media: str) -> None:
    for one in history.histories(jasperserver_transcripts):
        for statement in existing(one, "details", media):
            expect.status(statement.exchange, 200)
            expect.that(bool(statement.members), "a descriptor", statement.exchange.text[:200], statement.exchange)


@requirement("jasperserver.details.same-request")
def test_all_details_hold_the_requested_id(jasperserver_transcripts: Transcripts) -> None:
    for one in history.histories(jasperserver_transcripts):
        for details in one.of("details"):
            expect.equal(details.members.get("requestId"), one.execution, "requestId", details.exchange)


@requirement("jasperserver.run.distinct-ids")
def test_all_runs_have_different_ids(jasperserver_transcripts: Transcripts) -> None:
    for transcript in jasperserver_transcripts:
        known: set[str] = set()
        for exchange in transcript:
            if requests_sent.is_run(exchange) and exchange.succeeded:
                id = descriptors.request_id(exchange)
                expect.that(id not in known, "a request id that no earlier run has", id, exchange)
                known.add(id or "")


@requirement("jasperserver.run.report-uri")
def test_all_answers_show_the_report_of_the_run(jasperserver_transcripts: Transcripts) -> None:
    for one in history.histories(jasperserver_transcripts):
        asked = one.report
        for shown in one.of(*OF_EXECUTION):
            found = shown.members.get("reportURI")
            if found is not None or shown.asked.operation == "run":
                expect.that(history.ends_with(found, asked), f"reportURI = {asked}", found, shown.exchange)


@requirement("jasperserver.status.agrees-with-details")
def test_a_final_status_and_later_details_agree(jasperserver_transcripts: Transcripts) -> None:
    for one in history.histories(jasperserver_transcripts):
        for first, second in ((OF_STATUS, OF_EXECUTION), (OF_EXECUTION, OF_STATUS)):
            for earlier, later in one.pairs(one.of(*OF_STATUS, *OF_EXECUTION), history.is_final):
                if earlier.asked.operation in first and later.asked.operation in second:
                    expect.equal(
                        history.shown_status(later), history.shown_status(earlier), "the status", later.exchange
                    )


@requirement("jasperserver.status.final-unchanged")
def test_every_final_status_stays(jasperserver_transcripts: Transcripts) -> None:
    for one in history.histories(jasperserver_transcripts):
        for earlier, later in one.pairs(one.of(*OF_STATUS, *OF_EXECUTION), history.is_final):
            expect.equal(history.shown_status(later), history.shown_status(earlier), "the status", later.exchange)


@requirement("jasperserver.export-status.agrees-with-details")
def test_a_ready_export_is_ready_in_all_later_answers(jasperserver_transcripts: Transcripts) -> None:
    for one in history.histories(jasperserver_transcripts):
        for export, shown in one.export_statuses():
            for _, later in one.pairs(shown, lambda each: each.shown == "ready"):
                expect.equal(later.shown, "ready", f"the status of the export {export}", later.exchange)


@requirement("jasperserver.details.repeatable")
def test_later_details_show_what_earlier_ones_showed(jasperserver_transcripts: Transcripts) -> None:
    for one in history.histories(jasperserver_transcripts):
        of_json, of_xml = (
            [each for each in one.of("details") if descriptors.is_xml(each.exchange) == is_xml]
            for is_xml in (False, True)
        )
        for earlier, later in (*one.pairs(of_json, history.is_ready), *one.pairs(of_xml, history.is_ready)):
            found = described.facts(later.members)
            for what, before in described.facts(earlier.members).items():
                expect.equal(found.get(what), before, what, later.exchange)


@requirement("jasperserver.negotiation.json-and-xml-agree")
def test_details_agree_with_earlier_ones_in_the_other_format(jasperserver_transcripts: Transcripts) -> None:
    for one in history.histories(jasperserver_transcripts):
        for earlier, later in one.pairs(one.of("details"), history.is_ready):
            if descriptors.is_xml(earlier.exchange) != descriptors.is_xml(later.exchange):
                found = described.facts(later.members)
                for what, before in described.facts(earlier.members).items():
                    if before and found.get(what):
                        expect.equal(found[what], before, what, later.exchange)


@requirement("jasperserver.details.lists-every-export")
def test_all_details_list_every_export_that_was_accepted(jasperserver_transcripts: Transcripts) -> None:
    for one in history.histories(jasperserver_transcripts):
        for made in one.of("export"):
            for details in one.of("details"):
                over = history.shown_status(details) in ("failed", "cancelled")
                if not over and (one.undisturbed(made, details) or _without_effect(one, made, details)):
                    listed = [export.get("id") for export in descriptors.exports(details.exchange)]
                    id = made.members.get("id")
                    expect.that(id in listed, f"the export {id}", listed, details.exchange)


def _without_effect(one: History, made: Statement, details: Statement) -> bool:
    """Whether the report is still ready after all that the client did since an export: a cancel had no effect."""
    later = made.end <= details.exchange.started and history.is_ready(details)
    return later and not one.updates_before(details) and not one.deleted_before(details)


@requirement("jasperserver.details.export-ids-distinct")
def test_no_answer_lists_an_export_twice(jasperserver_transcripts: Transcripts) -> None:
    for one in history.histories(jasperserver_transcripts):
        for shown in one.of(*OF_EXECUTION):
            listed = [str(export.get("id")) for export in descriptors.exports(shown.exchange)]
            expect.equal(len(set(listed)), len(listed), "the number of distinct ids", shown.exchange)


@requirement("jasperserver.output.content-type")
def test_every_output_has_the_content_type_of_its_descriptors(jasperserver_transcripts: Transcripts) -> None:
    for one in history.histories(jasperserver_transcripts):
        types = one.content_types()
        for output in one.unchanged("output"):
            for declared in types.get(output.asked.export, ()):
                expect.equal(output.exchange.media_type, declared, "Content-Type", output.exchange)


@requirement("jasperserver.attachments.content-type")
def test_every_attachment_has_the_content_type_of_its_descriptors(jasperserver_transcripts: Transcripts) -> None:
    for one in history.histories(jasperserver_transcripts):
        types = one.attachment_types()
        for attachment in one.unchanged("attachment"):
            for declared in types.get((attachment.asked.export, attachment.asked.file), ()):
                expect.equal(attachment.exchange.media_type, declared, "Content-Type", attachment.exchange)


@requirement("jasperserver.output.repeatable")
def test_every_output_that_is_fetched_again_is_the_same(jasperserver_transcripts: Transcripts) -> None:
    for one in history.histories(jasperserver_transcripts):
        for first, again in one.repeated("output", "attachment"):
            same_output(again.exchange, first.exchange)


@requirement("jasperserver.output.ready")
def test_every_output_of_a_ready_export_is_delivered(jasperserver_transcripts: Transcripts) -> None:
    for one in history.histories(jasperserver_transcripts):
        ready = dict(one.export_statuses())
        for output in existing(one, "output", ""):
            earlier = [each for each in ready.get(output.asked.export, ()) if each.end <= output.exchange.started]
            documented = output.exchange.request.url.endswith("/outputResource")
            if documented and earlier and earlier[-1].shown == "ready":
                expect.status(output.exchange, 200)


@requirement("jasperserver.output.genuine")
def test_no_output_of_a_report_with_pages_is_empty(jasperserver_transcripts: Transcripts) -> None:
    for one in history.histories(jasperserver_transcripts):
        pages = [details.members.get("totalPages") for details in one.of("details", "run") if history.is_ready(details)]
        for output in one.when_ready("output"):
            if any(isinstance(count, int) and count > 0 for count in pages):
                expect.that(output.exchange.answer.size > 0, "content", "an empty body", output.exchange)


@requirement("jasperserver.export.id-and-status")
def test_exports_of_different_formats_have_different_ids(jasperserver_transcripts: Transcripts) -> None:
    for one in history.histories(jasperserver_transcripts):
        known: dict[str, str] = {}
        for made in one.of("export"):
            id, format = str(made.members.get("id")), (requests_sent.format_of(made.exchange) or "").lower()
            if not format:  # the default format is open, and an equal export may have the same id
                continue
            expect.equal(known.setdefault(id, format), format, f"the format of the export {id}", made.exchange)


def _about_unknown(transcripts: Transcripts, operation: str) -> Iterator[Exchange]:
    """Every answered request of an operation about an unknown execution."""
    for transcript in transcripts:
        for exchange in transcript.once("about unknown", history.about_unknown):
            asked = requests_sent.asked_for(exchange)
            if asked is not None and asked.operation == operation:
                yield exchange


@pytest.mark.parametrize("operation", UNKNOWN)
def test_every_request_about_an_unknown_execution_answers_404(
    jasperserver_transcripts: Transcripts, operation: str
) -> None:
    for exchange in _about_unknown(jasperserver_transcripts, operation):
        expect.status(exchange, 404)


@pytest.mark.parametrize("operation", UNKNOWN_IN_ALL_FORMS)
def test_every_other_request_about_an_unknown_execution_answers_404(
    jasperserver_transcripts: Transcripts, operation: str
) -> None:
    """Others judge a server error, and a server that does not know the media type of the request."""
    for exchange in _about_unknown(jasperserver_transcripts, operation):
        if exchange.status_code < 500 and exchange.status_code not in UNSUPPORTED:
            expect.status(exchange, 404)
