"""Checks of exporting a report asynchronously."""

from __future__ import annotations

import re

import pytest

from pytest_reportconformance.jasperserver import descriptors, output_text
from pytest_reportconformance.jasperserver.assertions import format_offered, references_begin_with
from pytest_reportconformance.jasperserver.scenarios.export import FORMATS, LATE, MISTAKES, RANGES, pages_of
from pytest_reportconformance.judging import expect, file_formats
from pytest_reportconformance.register.register import requirement
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.transcript import Transcript

ACCEPTED = {"json": "jasperserver.export.accepted-json", "xml": "jasperserver.export.accepted-xml"}
every_format = pytest.mark.parametrize("format", FORMATS)
BY_KIND = [
    pytest.param(format, marks=requirement(ACCEPTED["xml" if number % 2 else "json"]))
    for number, format in enumerate(FORMATS)
]


ALIKE: dict[str, tuple[str, str | None]] = {"again-csv": ("csv", None), "default": ("pdf", None)}
"""Formats and pages of exports whose names do not show them."""


def is_descriptor(exchange: Exchange) -> None:
    """An answer is 200 with an exportExecution descriptor: it names an id."""
    expect.status(exchange, 200)
    expect.that("id" in descriptors.descriptor(exchange), "an exportExecution", exchange.text[:200], exchange)


@pytest.mark.parametrize("format", BY_KIND)
def test_an_export_is_accepted(exported: Transcript, run_used: Transcript, format: str) -> None:
    if not exported[f"export-{format}"].succeeded:
        format_offered(run_used, format)
    is_descriptor(exported[f"export-{format}"])


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=requirement(ACCEPTED["xml" if "media" in members else "json"]))
        for name, members in RANGES.items()
    ],
)
def test_an_export_of_some_pages_is_accepted(exported: Transcript, name: str) -> None:
    is_descriptor(exported[f"export-{name}"])


@requirement("jasperserver.export.id-and-status")
def test_each_export_has_an_id_and_a_status(exported: Transcript) -> None:
    for exchange in exported.starting("export-"):
        if exchange.succeeded:
            found = descriptors.descriptor(exchange)
            expect.that(isinstance(found.get("id"), str) and bool(found["id"]), "an id", found, exchange)
            expect.among(found.get("status"), descriptors.STATES, "status", exchange)


@pytest.mark.parametrize("name", ["json", "xml", "default"])
@requirement("jasperserver.export.id-and-status")
def test_an_answer_in_each_media_type_has_an_id_and_a_status(run_documented: Transcript, name: str) -> None:
    """The details list the export, and it did not become ready after it had failed."""
    exchange, details = run_documented[f"export-{name}"], run_documented["details-many"]
    expect.precondition(exchange.succeeded, f"it was answered with {exchange.status_code}", exchange)
    shown = descriptors.descriptor(exchange)
    expect.among(shown.get("status"), descriptors.STATES, "status", exchange)
    expect.precondition(details.succeeded, f"the details were answered with {details.status_code}", details)
    expect.among(shown.get("id"), descriptors.export_ids(details), "id of an export in the details", exchange)
    now = descriptors.export(details, str(shown["id"])).get("status")
    expect.that(now != "ready" or shown["status"] not in ("failed", "cancelled"), "the status it has", shown, exchange)


@requirement("jasperserver.export.id-and-status")
def test_different_exports_have_different_ids(exported: Transcript) -> None:
    """Two requests for the same export may share one."""
    known: dict[str, object] = {exported.fact("first"): ("html", None)}
    for name, id in exported.fact("exports").items():
        asked = RANGES.get(name, {})
        wanted = ALIKE.get(name) or (asked.get("outputFormat", name), asked.get("pages"))
        expect.equal(
            known.setdefault(id, wanted), wanted, f"format and pages of the export {id}", exported[f"export-{name}"]
        )


@pytest.mark.parametrize("accept", ["json", "xml"])
@requirement("jasperserver.export.unknown-execution")
def test_an_export_of_an_unknown_execution_answers_404(exported: Transcript, accept: str) -> None:
    expect.refused(exported[f"export-unknown-execution-{accept}"], 404, control=exported["export-csv"])


@pytest.mark.parametrize("name", [*FORMATS, "again-csv", *RANGES])
@requirement("jasperserver.export.reaches-ready")
def test_an_export_becomes_ready(exported: Transcript, run_used: Transcript, name: str) -> None:
    """An export that stays pending may be slow: only one whose output is already available is judged."""
    poll = exported[f"poll-{name}"]
    ended = descriptors.status(poll) in descriptors.TERMINAL
    if descriptors.status(poll) == "failed" and name in FORMATS:
        format_offered(run_used, name)
    expect.seen(ended or exported[f"output-{name}"].succeeded, f"it is still {descriptors.status(poll)}")
    expect.equal(descriptors.status(poll), "ready", "the last status", poll)
    shown = descriptors.descriptor(exported[f"export-{name}"]).get("status")
    expect.that(
        shown not in ("failed", "cancelled"), "a status that can become ready", shown, exported[f"export-{name}"]
    )


def of_format(output: Exchange, *formats: str) -> None:
    """The bytes of an output are of one of the formats."""
    expect.precondition(
        output.status_code == 200, "it was not delivered", by="jasperserver.export-status.ready-downloads"
    )
    found = file_formats.of(output)
    expect.precondition(
        found.format is not None, f"the format is unknown: {found.broken}", output, "jasperserver.output.genuine"
    )
    expect.among(found.format, formats, "the format of the bytes", output)


@every_format
@requirement("jasperserver.export.own-format")
def test_an_export_is_of_its_format(exported: Transcript, format: str) -> None:
    of_format(exported[f"output-{format}"], *(("xls", "xlsx") if format == "xls" else (format,)))


@pytest.mark.parametrize("name", list(RANGES))
@requirement("jasperserver.export.own-format")
def test_an_export_of_some_pages_is_of_its_format(exported: Transcript, name: str) -> None:
    of_format(exported[f"output-{name}"], str(RANGES[name]["outputFormat"]))


@requirement("jasperserver.export.report-stays-ready")
def test_the_report_stays_unchanged(exported: Transcript) -> None:
    unchanged(exported["details-before"], exported["details"], ("requestId", "status", "totalPages", "reportURI"))
    expect.equal(descriptors.status(exported["status"]), "ready", "the status after exports", exported["status"])


@requirement("jasperserver.export.report-stays-ready")
def test_the_report_stays_ready_during_exports(recounted: Transcript) -> None:
    for exchange in recounted.starting("status-after-"):
        expect.precondition(exchange.succeeded, "the status was not answered", exchange)
        expect.equal(descriptors.status(exchange), "ready", "the status after the request for an export", exchange)


def unchanged(before: Exchange, after: Exchange, names: tuple[str, ...]) -> None:
    """Members of the details are unchanged."""
    expect.precondition(before.succeeded and after.succeeded, "the details were not answered", after)
    expect.precondition(descriptors.status(before) == "ready", "the report was not ready before", before)
    old, new = descriptors.descriptor(before), descriptors.descriptor(after)
    for name in names:
        expect.equal(new.get(name), old.get(name), name, after)


@pytest.mark.parametrize("name", ["csv", "csv-xml", "html"])
@requirement("jasperserver.export.same-data")
def test_an_export_shows_the_data_of_the_run(recounted: Transcript, name: str) -> None:
    first = re.search(recounted.fact("varies"), output_text.text(recounted["output"]))
    expect.precondition(first is not None, "the output of the run does not show its value", recounted["output"])
    output = recounted[f"output-{name}"]
    expect.precondition(
        output.status_code == 200, "it was not delivered", by="jasperserver.export-status.ready-downloads"
    )
    found = re.search(recounted.fact("varies"), output_text.text(output))
    expect.equal(found and found[0], first and first[0], "the value that it shows", output)


@pytest.mark.parametrize("name", list(RANGES))
@requirement("jasperserver.export.pages")
def test_an_export_holds_the_requested_pages(exported: Transcript, name: str) -> None:
    output = exported[f"output-{name}"]
    expect.precondition(
        output.status_code == 200, "it was not delivered", by="jasperserver.export-status.ready-downloads"
    )
    first, _, last = pages_of(name, exported.fact("pages")).partition("-")
    wanted = list(range(int(first), int(last or first) + 1))
    if RANGES[name]["outputFormat"] == "pdf":
        expect.equal(file_formats.of(output).page_count, len(wanted), "the number of pages", output)
    else:
        facts = {"pages": exported.fact("pages"), "page_text": exported.fact("page_text")}
        expect.equal(output_text.pages(output, facts), wanted, "the pages that it shows", output)


@pytest.mark.parametrize("name", ["prefixed", "prefixed-xml"])
@requirement("jasperserver.export.prefix")
def test_the_references_begin_with_the_prefix_of_the_export(illustrated: Transcript, name: str) -> None:
    references_begin_with(illustrated, f"output-{name}", "details-exports", illustrated.fact("prefix"))


@requirement("jasperserver.export.while-running")
def test_an_export_requested_early_becomes_ready(unfolded: Transcript) -> None:
    ended = next((one.started for one in unfolded.all("watch") if descriptors.status(one) in descriptors.TERMINAL), 0.0)
    expect.seen(unfolded["export"].started < ended, "the report was done before the request for the export")
    expect.status(unfolded["export"], 200)
    expect.equal(descriptors.status(unfolded["export-poll"]), "ready", "the last status", unfolded["export-poll"])


@pytest.mark.parametrize("name", LATE)
@requirement("jasperserver.export.coexist")
def test_an_export_keeps_format_and_output_beside_others(exported: Transcript, name: str) -> None:
    early, late = exported[f"output-{name}"], exported[f"late-{name}"]
    expect.precondition(early.status_code == 200 and late.status_code == 200, "it was not delivered twice", late)
    expect.equal(file_formats.of(late).format, file_formats.of(early).format, "the format later on", late)
    if early.answer.sha256 != late.answer.sha256:
        expect.equal(file_formats.of(late).text, file_formats.of(early).text, "the text later on", late)


@requirement("jasperserver.export.coexist")
def test_exports_of_all_and_of_some_pages_differ(exported: Transcript) -> None:
    outputs = [exported[f"output-{name}"] for name in ("csv", "csv-2-3", "csv-4")]
    expect.precondition(all(output.status_code == 200 for output in outputs), "they were not delivered", outputs[0])
    expect.equal(len({output.answer.sha256 for output in outputs}), 3, "the number of different outputs", outputs[0])


@pytest.mark.parametrize("details", ["details", "details-xml"])
@requirement("jasperserver.export.coexist")
def test_exports_keep_their_own_content_types(exported: Transcript, details: str) -> None:
    types = {}
    for format in [one for one in ("pdf", "csv", "html", "xlsx") if f"output-{one}" in exported]:
        resource = descriptors.export(exported[details], descriptors.made(exported, format)).get("outputResource")
        shown = resource.get("contentType") if isinstance(resource, dict) else None
        expect.precondition(bool(shown), "the details show no content type", exported[details])
        types[format] = str(shown).partition(";")[0].strip().lower()
    expect.equal(len(set(types.values())), len(types), "the number of different content types", exported[details])


@requirement("jasperserver.export.default-format")
def test_an_export_without_format_is_a_pdf(exported: Transcript) -> None:
    expect.precondition(exported["export-csv"].succeeded, "no export is accepted", exported["export-csv"])
    expect.status(exported["export-default"], 200)
    expect.equal(file_formats.of(exported["output-default"]).format, "pdf", "the format", exported["output-default"])


@pytest.mark.parametrize("name", ["bad-pages", "bad-pages-xml"])
@requirement("jasperserver.export.bad-pages")
def test_a_malformed_page_range_answers_400(misexported: Transcript, name: str) -> None:
    expect.status(misexported[f"export-{name}"], 400)


@pytest.mark.parametrize("name", ["unknown-format", "unknown-format-xml"])
@requirement("jasperserver.export.unknown-format")
def test_an_export_of_an_unknown_format_fails(misexported: Transcript, name: str) -> None:
    asked = misexported[f"export-{name}"]
    if asked.succeeded:
        poll = misexported[f"poll-{name}"]
        expect.equal(descriptors.status(poll), "failed", "the last status of the export", poll)
    else:
        expect.that(400 <= asked.status_code < 500, "a refusal (4xx)", asked.status_code, asked)


@requirement("jasperserver.export.failed-leaves-report")
def test_failed_exports_leave_the_report_unchanged(misexported: Transcript) -> None:
    known = [misexported[f"export-{name}"] for name in MISTAKES]
    expect.applies(bool(known), "no export failed")
    unchanged(misexported["details-before"], misexported["details"], ("requestId", "status", "totalPages"))
    status = misexported["status"]
    expect.equal(descriptors.status(status), "ready", "the status after failed exports", status)
