"""Checks of requesting report output."""

from __future__ import annotations

import re

import pytest

from pytest_reportconformance.jasperserver import descriptors, output_text
from pytest_reportconformance.jasperserver.assertions import (
    READABLE,
    complete,
    delivered,
    downloads,
    output_resource,
    same_output,
)
from pytest_reportconformance.jasperserver.scenarios.export import FORMATS, LATE, MISTAKES
from pytest_reportconformance.judging import expect, file_formats
from pytest_reportconformance.register.register import requirement
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.transcript import Transcript

every_format = pytest.mark.parametrize("format", FORMATS)
WRONG = [name for name in MISTAKES if name != "page-past-end"]


def media_type(text: str) -> str:
    """A media type without parameters, in lower case."""
    return text.partition(";")[0].strip().lower()


def _listed_ready(details: Exchange) -> None:
    """Precondition: the details list an export that is ready."""
    statuses = [one.get("status") for one in descriptors.exports(details)]
    reset = "cancelled" in statuses and descriptors.status(details) == "ready"
    by = "jasperserver.export-status.agrees-with-details" if reset else "jasperserver.details.lists-output"
    expect.precondition("ready" in statuses, "no export is ready", details, by=by)


@requirement("jasperserver.output.ready")
def test_a_ready_output_answers_200(finished: Transcript) -> None:
    _listed_ready(finished["details"])
    expect.status(finished["output"], 200)


@requirement("jasperserver.output.ready")
def test_the_ready_output_of_a_slow_report_answers_200(awaited: Transcript) -> None:
    _listed_ready(awaited["details"])
    expect.status(awaited["output"], 200)


@pytest.mark.parametrize("details", ["details", "details-xml", "details-after"])
@requirement("jasperserver.output.content-type")
def test_the_output_has_the_content_type_of_its_descriptor(finished: Transcript, details: str) -> None:
    delivered(finished["output"])
    declared = output_resource(finished[details], descriptors.first_export(finished["settling"]))["contentType"]
    for output in downloads(finished):
        if output.status_code == 200:
            expect.equal(output.media_type, media_type(str(declared)), "Content-Type", output)


@every_format
@requirement("jasperserver.output.content-type")
def test_each_export_has_the_content_type_of_its_descriptor(exported: Transcript, format: str) -> None:
    delivered(exported[f"output-{format}"])
    for details in ("details", "details-xml"):
        declared = output_resource(exported[details], descriptors.made(exported, format))["contentType"]
        for output in (*exported.all(f"output-{format}"), *exported.all(f"late-{format}")):
            if output.status_code == 200:
                expect.equal(output.media_type, media_type(str(declared)), "Content-Type", output)


@every_format
@requirement("jasperserver.output.content-type")
def test_each_export_has_the_content_type_that_its_first_answer_told(exported: Transcript, format: str) -> None:
    output, declared = (
        exported[f"output-{format}"],
        descriptors.descriptor(exported[f"export-{format}"]).get("outputResource"),
    )
    expect.applies(isinstance(declared, dict) and bool(declared.get("contentType")), "the answer shows no content type")
    delivered(output)
    expect.equal(output.media_type, media_type(str(dict(declared or {})["contentType"])), "Content-Type", output)


def genuine(output: Exchange, format: str) -> None:
    """The bytes are a document of a format, and open."""
    delivered(output)
    found = file_formats.of(output)
    expect.that(output.answer.size > 0, "a document that is not empty", output.answer.size, output)
    expect.equal(found.format, format, "the format of the bytes", output)
    expect.that(found.opens, f"a {format} that opens", found.broken, output)


@requirement("jasperserver.output.genuine")
def test_html_is_html(finished: Transcript) -> None:
    genuine(finished["output"], "html")


@requirement("jasperserver.output.genuine")
def test_csv_is_csv(misexported: Transcript) -> None:
    genuine(misexported["output-before"], "csv")


@requirement("jasperserver.output.genuine")
def test_xls_is_xls(exported: Transcript) -> None:
    genuine(exported["output-xls"], "xls")


@every_format
@requirement("jasperserver.output.genuine")
def test_an_export_opens(exported: Transcript, format: str) -> None:
    delivered(exported[f"output-{format}"])
    found = file_formats.of(exported[f"output-{format}"])
    expect.that(found.broken is None, f"a {format} that opens", found.broken, exported[f"output-{format}"])


@pytest.mark.parametrize("name", ["output", "output-as-json"])
@requirement("jasperserver.output.complete")
def test_html_shows_every_page(finished: Transcript, name: str) -> None:
    delivered(finished[name])
    complete(finished[name], finished)


@pytest.mark.parametrize("format", READABLE)
@requirement("jasperserver.output.complete")
def test_each_export_shows_every_page(exported: Transcript, format: str) -> None:
    delivered(exported[f"output-{format}"])
    complete(exported[f"output-{format}"], exported)


@requirement("jasperserver.output.complete")
def test_a_pdf_has_every_page(exported: Transcript) -> None:
    output = exported["output-pdf"]
    delivered(output)
    expect.equal(file_formats.of(output).page_count, exported.fact("pages"), "the number of pages", output)


@pytest.mark.parametrize("format", ["pdf", "xlsx", "docx", "rtf", "odt", "ods", "pptx"])
@requirement("jasperserver.output.complete")
def test_an_export_whose_pages_can_be_read_shows_every_page(exported: Transcript, format: str) -> None:
    """Other formats may split texts, so that no page can be found; an output that shows some pages shows all."""
    output = exported[f"output-{format}"]
    delivered(output)
    facts = {"pages": exported.fact("pages"), "page_text": exported.fact("page_text")}
    found = output_text.pages(output, facts) if file_formats.of(output).text else []
    expect.among(found, ([], list(range(1, facts["pages"] + 1))), "the pages that it shows", output)


def value(output: Exchange, transcript: Transcript) -> str:
    """The value in the output of the report that prints a different value in each run."""
    delivered(output)
    found = re.search(transcript.fact("varies"), output_text.text(output))
    expect.precondition(found is not None, f"{output.line} does not show the value", output)
    return found[0] if found else ""


@requirement("jasperserver.output.own-content")
def test_each_execution_has_its_own_output(recounted: Transcript) -> None:
    mine, other = value(recounted["output"], recounted), value(recounted["output-of-other"], recounted)
    expect.that(mine != other, "different outputs of two executions", mine, recounted["output"])


@pytest.mark.parametrize("name", ["output-late", "other-late"])
@requirement("jasperserver.output.own-content")
def test_an_execution_keeps_its_own_output(recounted: Transcript, name: str) -> None:
    first = {"output-late": "output", "other-late": "output-of-other"}[name]
    expect.equal(
        value(recounted[name], recounted), value(recounted[first], recounted), "what it shows", recounted[name]
    )


@requirement("jasperserver.output.own-content")
def test_outputs_of_two_reports_differ(finished: Transcript, awaited: Transcript) -> None:
    for output in (finished["output"], awaited["output"]):
        delivered(output)
    different = finished["output"].answer.sha256 != awaited["output"].answer.sha256
    expect.that(different, "different outputs of two reports", "the same bytes", finished["output"])


@requirement("jasperserver.output.unknown-execution")
def test_the_output_of_an_unknown_execution_answers_404(finished: Transcript) -> None:
    expect.refused(finished["output-unknown"], 404, control=finished["output"])


@pytest.mark.parametrize("accept", ["json", "xml"])
@requirement("jasperserver.output.unknown-execution")
def test_the_output_of_an_unknown_execution_answers_404_with_any_accept_header(
    run_used: Transcript, accept: str
) -> None:
    expect.refused(run_used[f"unknown-output-{accept}"], 404, control=run_used["output"])


@requirement("jasperserver.output.unknown-export")
def test_the_output_of_an_unknown_export_answers_404(finished: Transcript) -> None:
    expect.refused(finished["output-unknown-export"], 404, control=finished["output"])


@pytest.mark.parametrize("name", WRONG)
@requirement("jasperserver.output.bad-options")
def test_wrong_options_answer_400(misexported: Transcript, name: str) -> None:
    expect.precondition(
        misexported["output-before"].succeeded, "no output is sent at all", misexported["output-before"]
    )
    if misexported[f"export-{name}"].succeeded:
        expect.status(misexported[f"output-{name}"], 400)
    else:
        expect.status(misexported[f"export-{name}"], 400)


@requirement("jasperserver.output.accept-ignored")
def test_an_output_is_sent_with_any_accept_header(finished: Transcript) -> None:
    delivered(finished["output"])
    expect.status(finished["output-as-json"], 200)
    found = file_formats.of(finished["output-as-json"]).format
    expect.equal(found, file_formats.of(finished["output"]).format, "the format", finished["output-as-json"])


@pytest.mark.parametrize("name", ["output-again", "output-late"])
@requirement("jasperserver.output.repeatable")
def test_an_output_fetched_again_is_the_same(finished: Transcript, name: str) -> None:
    same_output(finished[name], finished["output"])


@pytest.mark.parametrize("name", [name for name in LATE if name != "first"])
@requirement("jasperserver.output.repeatable")
def test_an_export_fetched_again_is_the_same(exported: Transcript, name: str) -> None:
    same_output(exported[f"late-{name}"], exported[f"output-{name}"])


@requirement("jasperserver.output.repeatable")
def test_an_attachment_fetched_again_is_the_same(illustrated: Transcript) -> None:
    for late in illustrated.starting("late-"):
        first = illustrated[late.name.replace("late", "attachment")]
        if first.status_code == 200 and late.status_code == 200:
            same_output(late, first)


@requirement("jasperserver.output.never-truncated")
def test_an_early_output_is_complete(unfolded: Transcript) -> None:
    output = unfolded["early-output"]
    ended = next((one.started for one in unfolded.all("watch") if descriptors.status(one) in descriptors.TERMINAL), 0.0)
    expect.seen(output.started < ended, "the report was done before its output was requested")
    refused = 400 <= output.status_code < 500 or output.status_code == 503
    expect.that(output.status_code == 200 or refused, "200 or a refusal (4xx, 503)", output.status_code, output)
    expect.applies(output.status_code == 200, "it was refused")
    if "".join(output.header_values("output-final")).strip().lower() != "false":
        complete(output, unfolded)
