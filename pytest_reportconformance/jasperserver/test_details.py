"""Checks of requesting report execution details."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest

from pytest_reportconformance.jasperserver import descriptors, html_links
from pytest_reportconformance.judging import expect, file_formats
from pytest_reportconformance.register.register import requirement
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.transcript import Transcript

in_both = pytest.mark.parametrize("details", ["details", "details-xml"])


@pytest.mark.parametrize(("unknown", "details"), [("json", "details"), ("xml", "details-xml")])
@requirement("jasperserver.details.unknown-id")
def test_the_details_of_an_unknown_id_answer_404(finished: Transcript, unknown: str, details: str) -> None:
    expect.refused(finished[f"details-{unknown}-unknown"], 404, control=finished[details])


@requirement("jasperserver.details.unknown-id")
def test_the_details_of_a_shorter_id_answer_404(run_used: Transcript) -> None:
    expect.applies("shorter-details" in run_used, "the id is no UUID: without its last character it may be another one")
    expect.refused(run_used["shorter-details"], 404, control=run_used["details"])


@in_both
@requirement("jasperserver.details.same-request")
def test_the_details_hold_the_requested_id(finished: Transcript, details: str) -> None:
    expect.precondition(finished[details].succeeded, "they were not answered", finished[details])
    expect.equal(
        descriptors.id_of(finished[details]), descriptors.id_of(finished["run"]), "requestId", finished[details]
    )


@requirement("jasperserver.details.same-request")
def test_the_details_of_each_run_hold_its_id(recounted: Transcript) -> None:
    runs = recounted.all("run")
    expect.equal(descriptors.id_of(recounted["details"]), descriptors.id_of(runs[0]), "requestId", recounted["details"])


@in_both
@requirement("jasperserver.details.lists-output")
def test_the_details_list_the_output(finished: Transcript, details: str) -> None:
    exchange = finished[details]
    exports = descriptors.exports(exchange)
    expect.that(bool(exports), "an export", exchange.text, exchange)
    resource = exports[0].get("outputResource")
    expect.that(bool(exports[0].get("id")), "an id", exports[0], exchange)
    typed = isinstance(resource, dict) and bool(resource.get("contentType"))
    expect.that(typed, "a contentType", exports[0], exchange)


@requirement("jasperserver.details.lists-output")
def test_the_first_details_of_a_ready_report_list_an_export(finished: Transcript) -> None:
    details = finished["settling"]
    expect.precondition(details.succeeded, f"they were answered with {details.status_code}", details)
    expect.precondition(descriptors.status(finished["poll"]) == "ready", "the report is not ready", finished["poll"])
    expect.that(bool(descriptors.export_ids(details)), "an export with an id", details.text[:200], details)


@in_both
@requirement("jasperserver.details.lists-attachments")
def test_the_details_list_the_attachments_of_html(illustrated: Transcript, details: str) -> None:
    expect.applies(bool(html_links.pictures(illustrated["output"])), "the HTML holds all its pictures inline")
    listed = descriptors.export(illustrated[details], illustrated.fact("export")).get("attachments") or []
    expect.that(bool(listed), "attachments", listed, illustrated[details])
    expect.precondition(isinstance(listed, list), "they are not in an array", by="jasperserver.details.arrays")
    for one in listed:
        named = isinstance(one, dict) and bool(one.get("fileName")) and bool(one.get("contentType"))
        expect.that(named, "an attachment with contentType and fileName", one, illustrated[details])


def _list_pictures(details: Exchange, export: dict[str, Any]) -> None:
    """An export in some details lists attachments, each with name and type."""
    listed = export.get("attachments") or []
    expect.that(bool(listed), "attachments", export, details)
    for one in listed if isinstance(listed, list) else []:
        named = isinstance(one, dict) and bool(one.get("fileName")) and bool(one.get("contentType"))
        expect.that(named, "an attachment with contentType and fileName", one, details)


@pytest.mark.parametrize("name", ["settling", "details"])
@requirement("jasperserver.details.lists-attachments")
def test_the_details_list_the_attachments_of_every_ready_html(
    illustrated: Transcript, prefixed: Transcript, placed: Transcript, name: str
) -> None:
    for transcript in (illustrated, prefixed, placed):
        details, output = transcript[name], transcript["output"]
        if output.succeeded and html_links.pictures(output) and descriptors.status(details) == "ready":
            for export in [one for one in descriptors.exports(details) if one.get("status") == "ready"]:
                _list_pictures(details, export)


@requirement("jasperserver.details.lists-attachments")
def test_the_details_list_the_attachments_of_html_after_an_update(illustrated: Transcript) -> None:
    output, details = illustrated["renewed-output"], illustrated["renewed-details"]
    if output.status_code == 200 and html_links.pictures(output):
        _list_pictures(details, descriptors.export(details, illustrated.fact("renewed")))


@pytest.mark.parametrize("name", ["details-exports", "details-exports-xml"])
@requirement("jasperserver.details.lists-attachments")
def test_the_details_list_the_attachments_of_the_first_and_of_later_html(illustrated: Transcript, name: str) -> None:
    details, made = illustrated[name], {"": illustrated.fact("export"), **illustrated.fact("exports")}
    for output in [illustrated["output"], *illustrated.starting("output-")]:
        export = made[output.name.removeprefix("output").removeprefix("-")]
        if output.status_code == 200 and file_formats.of(output).format == "html" and html_links.pictures(output):
            _list_pictures(details, descriptors.export(details, export))


@requirement("jasperserver.details.attachments-html-only")
def test_a_pdf_of_pictures_has_no_attachments(illustrated: Transcript) -> None:
    found = descriptors.export(illustrated["details-exports"], descriptors.made(illustrated, "pdf"))
    expect.that(not found.get("attachments"), "no attachments", found, illustrated["details-exports"])


@in_both
@requirement("jasperserver.details.attachments-html-only")
def test_exports_that_are_not_html_have_no_attachments(exported: Transcript, details: str) -> None:
    for name, id in exported.fact("exports").items():
        if not name.startswith("html"):
            found = descriptors.export(exported[details], id)
            expect.that(not found.get("attachments"), "no attachments", found, exported[details])


@in_both
@requirement("jasperserver.details.total-pages")
def test_the_details_hold_the_number_of_pages(finished: Transcript, details: str) -> None:
    exchange = finished[details]
    expect.precondition(descriptors.status(exchange) == "ready", "the report is not ready", exchange)
    expect.equal(descriptors.member(exchange, "totalPages"), finished.fact("pages"), "totalPages", exchange)


@requirement("jasperserver.details.total-pages")
def test_the_details_hold_the_number_of_a_single_page(awaited: Transcript) -> None:
    expect.precondition(
        descriptors.status(awaited["details"]) == "ready", "the report is not ready", awaited["details"]
    )
    pages = descriptors.member(awaited["details"], "totalPages")
    expect.that(isinstance(pages, int) and pages > 0, "totalPages of at least one", pages, awaited["details"])


@requirement("jasperserver.details.current-page")
def test_the_current_page_never_decreases(unfolded: Transcript) -> None:
    watched = [exchange for exchange in unfolded.all("watch") if exchange.succeeded]
    running = [one for one in watched if descriptors.status(one) not in descriptors.TERMINAL]
    pages = [(page, one) for one in running if (page := descriptors.descriptor(one).get("currentPage")) is not None]
    expect.applies(bool(pages), "no current page was shown")
    for page, exchange in pages:
        expect.that(isinstance(page, int) and page >= 0, "a current page that is not negative", page, exchange)
    for (before, _), (after, exchange) in pairwise(pages):
        expect.that(after >= before, f"a current page of at least {before}", after, exchange)


def no_output_before_ready(exchange: Exchange) -> None:
    """No export that is not ready has an output resource."""
    for one in descriptors.exports(exchange):
        if one.get("status") != "ready":
            expect.that(not one.get("outputResource"), "no outputResource before it is ready", one, exchange)


@pytest.mark.parametrize("details", ["details-running", "details-running-xml"])
@requirement("jasperserver.details.output-when-ready")
def test_an_export_that_is_pending_has_no_output_resource(awaited: Transcript, details: str) -> None:
    no_output_before_ready(awaited[details])


@requirement("jasperserver.details.output-when-ready")
def test_an_export_that_is_waiting_for_pages_has_no_output_resource(unfolded: Transcript) -> None:
    for exchange in unfolded.all("watch"):
        no_output_before_ready(exchange)


@in_both
@requirement("jasperserver.details.output-when-ready")
def test_an_export_that_failed_has_no_output_resource(failed: Transcript, details: str) -> None:
    no_output_before_ready(failed[details])


@in_both
@requirement("jasperserver.details.failed-error")
def test_the_details_of_a_failed_report_hold_an_error_descriptor(failed: Transcript, details: str) -> None:
    expect.precondition(descriptors.status(failed[details]) == "failed", "the report did not fail", failed[details])
    found = descriptors.member(failed[details], "errorDescriptor")
    explained = isinstance(found, dict) and bool(found.get("errorCode") or found.get("message"))
    expect.that(explained, "an errorDescriptor with a code or message", found, failed[details])


@in_both
@requirement("jasperserver.details.failed-exports")
def test_every_export_of_a_failed_report_is_failed(failed: Transcript, details: str) -> None:
    expect.precondition(descriptors.status(failed[details]) == "failed", "the report did not fail", failed[details])
    for one in descriptors.exports(failed[details]):
        expect.equal(one.get("status"), "failed", "the status of the export", failed[details])


@in_both
@requirement("jasperserver.details.lists-every-export")
def test_every_export_is_listed(exported: Transcript, details: str) -> None:
    listed = [one.get("id") for one in descriptors.exports(exported[details])]
    for name, id in exported.fact("exports").items():
        expect.that(id in listed, f"the export {name}, {id}", listed, exported[details])


@requirement("jasperserver.details.lists-every-export")
def test_the_first_export_stays_listed(exported: Transcript) -> None:
    listed = [one.get("id") for one in descriptors.exports(exported["details"])]
    expect.that(exported.fact("first") in listed, "the export of the run", listed, exported["details"])


@in_both
@requirement("jasperserver.details.export-ids-distinct")
def test_no_two_exports_have_the_same_id(exported: Transcript, details: str) -> None:
    listed = [str(one.get("id")) for one in descriptors.exports(exported[details])]
    expect.equal(len(set(listed)), len(listed), "the number of distinct ids", exported[details])


def nulls(value: Any, at: str = "") -> Iterator[str]:
    """The paths at which a JSON value is null."""
    if value is None:
        yield at
    elif isinstance(value, dict):
        for key, member in value.items():
            yield from nulls(member, f"{at}/{key}")
    elif isinstance(value, list):
        for index, member in enumerate(value):
            yield from nulls(member, f"{at}/{index}")


@requirement("jasperserver.details.absent-not-null")
def test_no_member_of_a_finished_report_is_null(finished: Transcript) -> None:
    for name in ("run", "settling", "details"):
        expect.precondition(
            finished[name].succeeded, f"it was answered with {finished[name].status_code}", finished[name]
        )
        expect.equal(list(nulls(finished[name].json())), [], "the members that are null", finished[name])


@requirement("jasperserver.details.absent-not-null")
def test_no_member_of_a_running_report_is_null(awaited: Transcript) -> None:
    details = awaited["details-running"]
    expect.equal(list(nulls(details.json())), [], "the members that are null", details)


@requirement("jasperserver.details.absent-not-null")
def test_no_member_of_a_failed_report_is_null(failed: Transcript) -> None:
    expect.equal(list(nulls(failed["details"].json())), [], "the members that are null", failed["details"])


@requirement("jasperserver.details.arrays")
def test_a_single_export_is_in_an_array(finished: Transcript) -> None:
    exports = finished["settling"].field("exports")
    expect.that(isinstance(exports, list), "an array of exports", exports, finished["settling"])


@requirement("jasperserver.details.arrays")
def test_attachments_are_in_an_array(illustrated: Transcript) -> None:
    for one in descriptors.exports(illustrated["details"]):
        attachments = one.get("attachments", [])
        expect.that(isinstance(attachments, list), "an array of attachments", attachments, illustrated["details"])
