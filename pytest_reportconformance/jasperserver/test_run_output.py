"""Checks of the output of a run: pages, formats, markup."""

from __future__ import annotations

import re

import pytest

from pytest_reportconformance.jasperserver import described, descriptors
from pytest_reportconformance.jasperserver.assertions import accepted, pages_shown
from pytest_reportconformance.jasperserver.scenarios.run_exports import DOWNLOADED, FORMATS
from pytest_reportconformance.judging import expect, file_formats
from pytest_reportconformance.register.register import requirement
from pytest_reportconformance.transcript.transcript import Transcript

LISTED = "jasperserver.details.lists-every-export"
DOCUMENTED = "jasperserver.run.documented-properties"


def exported(run_used: Transcript, name: str) -> dict[str, object]:
    """An export, by name, as the details show it; blocks if it was refused."""
    answer, id = run_used[f"export-{name}"], run_used.fact("exports")[name]
    expect.precondition(
        answer.succeeded and id is not None, f"the export was answered with {answer.status_code}", answer
    )
    found = [one for one in descriptors.exports(run_used["exported"]) if one.get("id") == id]
    expect.precondition(bool(found), "the details do not list the export", run_used["exported"], LISTED)
    return found[0]


def failed(run_used: Transcript, name: str) -> None:
    """The export was refused, or failed."""
    answer = run_used[f"export-{name}"]
    if answer.succeeded:
        expect.equal(exported(run_used, name).get("status"), "failed", "status of the export", run_used["exported"])
    else:
        expect.that(400 <= answer.status_code < 500, "a failed export, or status 4xx", answer.status_code, answer)


@requirement("jasperserver.run.pages-range")
def test_a_page_range_restricts_the_output(run_documented: Transcript) -> None:
    expect.precondition("run-plain" not in run_documented, "the properties of the example are refused", by=DOCUMENTED)
    accepted(run_documented)
    first, last = run_documented.fact("pages")
    shown = pages_shown(run_documented["output"], run_documented.fact("shows"))
    expect.equal(shown, list(range(first, last + 1)), "pages in the output", run_documented["output"])


def _output_resource(run_documented: Transcript) -> dict[str, object]:
    expect.precondition("run-plain" not in run_documented, "the properties of the example are refused", by=DOCUMENTED)
    details = run_documented["details"]
    resource = next((one.get("outputResource") for one in descriptors.exports(details)), None)
    expect.precondition(isinstance(resource, dict), "no outputResource", details)
    return dict(resource or {})


@requirement("jasperserver.run.pages-in-descriptor")
def test_the_output_resource_repeats_the_pages(run_documented: Transcript) -> None:
    first, last = run_documented.fact("pages")
    found = _output_resource(run_documented).get("pages")
    expect.equal(found, f"{first}-{last}", "pages of the outputResource", run_documented["details"])


@requirement("jasperserver.run.pages-in-header")
def test_the_header_repeats_the_pages(run_documented: Transcript) -> None:
    expect.precondition("run-plain" not in run_documented, "the properties of the example are refused", by=DOCUMENTED)
    output, (first, last) = run_documented["output"], run_documented.fact("pages")
    expect.precondition(output.status_code == 200, f"the output was answered with {output.status_code}", output)
    expect.equal(output.header("report-pages"), f"{first}-{last}", "report-pages", output)


@requirement("jasperserver.run.ignore-pagination")
@pytest.mark.parametrize("suffix", ["", "-xml"], ids=["json", "xml"])
def test_without_pagination_a_report_is_one_page(run_unpaginated: Transcript, suffix: str) -> None:
    run = run_unpaginated[f"run{suffix}"]
    expect.precondition(run.status_code == 200, f"the run was answered with {run.status_code}", run)
    output = run_unpaginated[f"output{suffix}"]
    expect.precondition(output.status_code == 200, f"the output was answered with {output.status_code}", output)
    found = file_formats.of(output)
    if found.pages is not None:
        expect.equal(found.pages, 1, "pages in the output", output)
    else:
        total = descriptors.descriptor(run).get("totalPages")
        expect.equal(found.page_count if total is None else total, 1, "totalPages", run)


@requirement("jasperserver.run.formats")
@pytest.mark.parametrize("format", FORMATS)
def test_the_export_of_a_documented_format_becomes_ready(run_used: Transcript, format: str) -> None:
    answer, others = run_used[f"export-{format}"], [run_used[f"export-{other}"] for other in FORMATS]
    expect.precondition(any(other.succeeded for other in others), "no export is accepted", answer)
    expect.that(answer.succeeded, "an export that is accepted", answer.status_code, answer)
    expect.equal(exported(run_used, format).get("status"), "ready", "status of the export", run_used["exported"])


@requirement("jasperserver.run.format-case")
def test_a_format_in_capitals_is_exported(run_used: Transcript) -> None:
    expect.precondition(run_used["export-csv"].succeeded, "no export is accepted", run_used["export-csv"])
    answer = run_used["export-upper-case"]
    expect.that(answer.succeeded, "an export that is accepted", answer.status_code, answer)
    status = exported(run_used, "upper-case").get("status")
    expect.equal(status, "ready", "status of the export", run_used["exported"])
    output = run_used["output-upper-case"]
    expect.precondition(output.status_code == 200, f"the output was answered with {output.status_code}", output)
    expect.equal(file_formats.of(output).format, "csv", "format", output)


@requirement("jasperserver.output.content-type")
@pytest.mark.parametrize("name", DOWNLOADED)
def test_an_output_with_options_has_the_content_type_of_its_descriptor(run_used: Transcript, name: str) -> None:
    expect.applies(f"output-{name}" in run_used, "it was not delivered")
    resource, output = exported(run_used, name).get("outputResource"), run_used[f"output-{name}"]
    declared = resource.get("contentType") if isinstance(resource, dict) else None
    expect.applies(bool(declared) and output.status_code == 200, "no content type is shown, or no output delivered")
    expect.equal(output.media_type, described.media_type(declared), "Content-Type", output)


@requirement("jasperserver.run.unknown-format")
def test_an_unknown_format_is_not_exported(run_used: Transcript) -> None:
    answer = run_used["export-unknown-format"]
    if answer.succeeded:
        status = exported(run_used, "unknown-format").get("status")
        expect.that(status != "ready", "an export that is not ready", status, run_used["exported"])


@requirement("jasperserver.run.unknown-format")
def test_a_run_in_an_unknown_format_has_no_ready_export(run_refused: Transcript) -> None:
    run = run_refused["unknown-format"]
    if run.succeeded:
        statuses = [one.get("status") for one in descriptors.exports(run)]
        expect.that("ready" not in statuses, "an export that is not ready", statuses, run)


@requirement("jasperserver.run.unknown-format-sync")
def test_a_synchronous_run_in_an_unknown_format_is_refused(run_refused: Transcript, run_used: Transcript) -> None:
    run = run_refused["unknown-format"]
    expect.precondition(run_used["run"].succeeded, "no run is accepted", run_used["run"])
    expect.that(400 <= run.status_code < 500, "status 4xx", run.status_code, run)


@requirement("jasperserver.run.unknown-anchor")
def test_an_unknown_anchor_fails_the_export(run_used: Transcript) -> None:
    failed(run_used, "unknown-anchor")


@requirement("jasperserver.run.pages-past-end")
def test_pages_past_the_end_fail_the_export(run_used: Transcript) -> None:
    failed(run_used, "past-end")


@requirement("jasperserver.run.page-to-itself")
def test_a_range_from_a_page_to_itself_is_that_page(run_used: Transcript) -> None:
    expect.precondition(run_used["export-csv"].succeeded, "no export is accepted", run_used["export-csv"])
    answer = run_used["export-page-to-itself"]
    expect.that(answer.succeeded, "an export that is accepted", answer.status_code, answer)
    status = exported(run_used, "page-to-itself").get("status")
    expect.equal(status, "ready", "status of the export", run_used["exported"])
    output = run_used["output-page-to-itself"]
    expect.precondition(output.status_code == 200, f"the output was answered with {output.status_code}", output)
    expect.that(file_formats.of(output).opens, "an output that opens", file_formats.of(output).broken, output)


@requirement("jasperserver.run.embeddable-markup")
def test_embeddable_markup_is_a_fragment(run_used: Transcript) -> None:
    output = run_used["output-embeddable"]
    expect.precondition(output.status_code == 200, f"the output was answered with {output.status_code}", output)
    found = re.search(r"<html[\s>]", output.text, re.IGNORECASE)
    expect.that(found is None, "markup without an html element", output.text[:200], output)
