"""Checks of reads in another order, in every media type, in every state, and again."""

from __future__ import annotations

import pytest

from pytest_reportconformance.jasperserver import descriptors
from pytest_reportconformance.jasperserver.assertions import every_medium, has_form, of_identities
from pytest_reportconformance.jasperserver.media import EXPORT_STATUS_FORMS, JSON, STATUS_MEDIA, XML
from pytest_reportconformance.judging import expect
from pytest_reportconformance.register.register import requirement
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.transcript import Transcript

FINAL = (True, "true")
IN_BOTH = (
    pytest.param("json", marks=requirement("jasperserver.info.json")),
    pytest.param("xml", marks=requirement("jasperserver.info.xml")),
)
DETAILS_IN_BOTH = (
    pytest.param("json", marks=requirement("jasperserver.negotiation.details-json")),
    pytest.param("xml", marks=requirement("jasperserver.negotiation.details-xml")),
)
TYPES = {"json": JSON, "xml": XML}
by_form = pytest.mark.parametrize(
    "media", [pytest.param(name, marks=requirement(id)) for name, id in EXPORT_STATUS_FORMS.items()]
)


@requirement("jasperserver.page-status.final")
def test_every_page_is_final_when_pages_are_read_backward(finished: Transcript) -> None:
    expect.precondition(finished["page-status-of-1"].succeeded, "no page is answered", finished["page-status-of-1"])
    probe = [finished["reread-page-status"]] if finished["page-status"].succeeded else []
    for exchange in (*probe, *finished.starting("reread-page-status-of-")):
        expect.status(exchange, 200)
        expect.precondition(descriptors.readable(exchange), "it is no object", by="jasperserver.page-status.accepted")
        members = descriptors.descriptor(exchange)
        expect.among(members.get("pageFinal"), FINAL, "pageFinal", exchange)
        expect.equal(members.get("reportStatus"), "ready", "reportStatus", exchange)


@by_form
def test_the_status_of_an_export_has_its_form_again(finished: Transcript, media: str) -> None:
    before = finished[f"export-status-{media}"]
    expect.precondition(before.succeeded, "it was not answered before", before)
    for exchange in finished.all(f"reread-export-status-{media}"):
        has_form(exchange, media)


@every_medium
@requirement("jasperserver.export-status.agrees-with-details")
def test_the_status_of_an_export_is_in_the_details_again(finished: Transcript, media: str) -> None:
    export = finished[f"reread-export-status-{media}"].request.url.rpartition("/exports/")[2].partition("/")[0]
    for exchange in finished.all(f"reread-export-status-{media}"):
        expect.precondition(exchange.succeeded, "it was not answered", exchange, EXPORT_STATUS_FORMS[media])
        listed = descriptors.export(finished["details-after"], export)
        expect.equal(descriptors.status(exchange), listed.get("status"), "the status of the export", exchange)


def _answered(exchanges: list[Exchange], kind: str) -> None:
    for exchange in exchanges:
        expect.status(exchange, 200)
        expect.media_type(exchange, TYPES[kind])
        expect.that(descriptors.readable(exchange), "a descriptor", exchange.text[:200], exchange)


@pytest.mark.parametrize("kind", IN_BOTH)
def test_the_info_is_answered_again(finished: Transcript, bookmarked: Transcript, kind: str) -> None:
    expect.precondition(bookmarked[f"info-{kind}"].succeeded, "it was not answered before", bookmarked[f"info-{kind}"])
    _answered([*finished.all(f"reread-info-{kind}"), bookmarked[f"again-{kind}"]], kind)


@pytest.mark.parametrize("kind", IN_BOTH)
def test_the_info_of_parts_is_answered_again(parted: Transcript, kind: str) -> None:
    expect.precondition(parted[f"info-{kind}"].succeeded, "it was not answered before", parted[f"info-{kind}"])
    _answered([parted[f"again-{kind}"]], kind)


@pytest.mark.parametrize("kind", DETAILS_IN_BOTH)
def test_the_details_are_answered_again(finished: Transcript, kind: str) -> None:
    _answered(finished.all(f"reread-details-{kind}"), kind)


@requirement("jasperserver.details.same-request")
@pytest.mark.parametrize("kind", ["json", "xml"])
def test_the_details_hold_the_requested_id_again(finished: Transcript, kind: str) -> None:
    for exchange in finished.all(f"reread-details-{kind}"):
        expect.precondition(exchange.succeeded, "the details were not answered", exchange)
        expect.equal(descriptors.id_of(exchange), descriptors.id_of(finished["run"]), "requestId", exchange)


@requirement("jasperserver.status.polling-changes-nothing")
@pytest.mark.parametrize("kind", ["json", "xml"])
def test_reading_changes_neither_status_nor_exports(finished: Transcript, kind: str) -> None:
    first = finished["details" if kind == "json" else "details-xml"]
    for exchange in finished.all(f"reread-details-{kind}"):
        expect.precondition(first.succeeded and exchange.succeeded, "the details were not answered", exchange)
        expect.equal(descriptors.status(exchange), descriptors.status(first), "the status", exchange)
        ids = [sorted(descriptors.export_ids(details)) for details in (first, exchange)]
        expect.equal(ids[1], ids[0], "the ids of the exports", exchange)


def _names(found: object) -> list[object]:
    """The labels of bookmarks, or the names of parts, in the order of reading."""
    if isinstance(found, list):
        return [name for one in found for name in _names(one)]
    if not isinstance(found, dict):
        return []
    shown = [found[name] for name in ("label", "name") if name in found]
    return [*shown, *_names(found.get("bookmarks") or found.get("parts"))]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        pytest.param("bookmarks", "json", marks=requirement("jasperserver.info.bookmarks")),
        pytest.param("bookmarks", "xml", marks=requirement("jasperserver.info.bookmarks")),
        pytest.param("parts", "json", marks=requirement("jasperserver.info.parts")),
        pytest.param("parts", "xml", marks=requirement("jasperserver.info.parts")),
    ],
)
def test_the_info_contains_the_same_again(bookmarked: Transcript, parted: Transcript, name: str, kind: str) -> None:
    transcript = bookmarked if name == "bookmarks" else parted
    first, again = transcript[f"info-{kind}"], transcript[f"again-{kind}"]
    expect.precondition(first.succeeded and again.succeeded, "the info was not answered twice", first)
    expect.precondition(descriptors.readable(first), "the info cannot be read", first)
    shown = [_names(descriptors.descriptor(exchange).get(name)) for exchange in (first, again)]
    expect.equal(shown[1], shown[0], f"the {name}", again)


@requirement("jasperserver.run.sync-output-available")
def test_the_output_of_a_synchronous_run_in_xml_is_there_before_anything_is_read(run_unpaginated: Transcript) -> None:
    expect.precondition(run_unpaginated["run-xml"].succeeded, "the run was refused", run_unpaginated["run-xml"])
    expect.status(run_unpaginated["output-xml"], 200)


@requirement("jasperserver.run.sync-waits")
@pytest.mark.parametrize("name", ["first-details-xml", "first-details", "first-status"])
def test_a_synchronous_run_in_xml_is_ready_whatever_is_read_first(run_unpaginated: Transcript, name: str) -> None:
    expect.precondition(run_unpaginated["run-xml"].succeeded, "the run was refused", run_unpaginated["run-xml"])
    exchange = run_unpaginated[name]
    expect.precondition(exchange.succeeded, f"it was answered with {exchange.status_code}", exchange)
    expect.equal(descriptors.status(exchange), "ready", "the status", exchange)


@pytest.mark.parametrize("media", list(STATUS_MEDIA))
@requirement("jasperserver.delete.everything-gone")
def test_the_status_of_an_export_of_a_deleted_execution_is_gone_in_every_media_type(
    deleted: Transcript, finished: Transcript, media: str
) -> None:
    """A media type that is not offered is refused with 406 before the id is looked up."""
    control = finished[f"export-status-{media}"]
    _gone(deleted, f"export-status-{media}", control)


@pytest.mark.parametrize("kind", ["json", "xml"])
@requirement("jasperserver.delete.everything-gone")
def test_the_info_of_a_deleted_execution_is_gone_in_both(
    deleted: Transcript, bookmarked: Transcript, kind: str
) -> None:
    _gone(deleted, f"info-{kind}", bookmarked[f"info-{kind}"])


@requirement("jasperserver.delete.everything-gone")
def test_the_page_status_of_a_deleted_execution_is_gone_in_json(deleted: Transcript, finished: Transcript) -> None:
    _gone(deleted, "page-status-json", finished["page-status-plain"])


@requirement("jasperserver.delete.output-gone")
def test_the_output_of_a_deleted_execution_is_gone_with_any_accept_header(deleted: Transcript) -> None:
    expect.seen("before-again-output" in deleted, "no export was ready after the update of parameters")
    _gone(deleted, "output-json", deleted["before-again-output"])


def _gone(deleted: Transcript, what: str, control: Exchange) -> None:
    delete = deleted["delete"]
    expect.precondition(delete.succeeded, f"the delete answered {delete.status_code}", delete)
    expect.refused(deleted[f"deleted-{what}"], 404, control=control)


@requirement("jasperserver.cancel.output-not-delivered")
def test_the_output_of_a_cancelled_report_is_refused_with_any_accept_header(cancelled: Transcript) -> None:
    _cancelled(cancelled)
    exchange, details = cancelled["cancelled-output-json"], cancelled["cancelled-details-json"]
    expect.precondition(details.succeeded, f"the details were answered with {details.status_code}", details)
    expect.applies(not descriptors.descriptor(details).get("currentPage"), "it had pages when it was cancelled")
    expect.that(400 <= exchange.status_code < 500, "a refusal (4xx)", exchange.status_code, exchange)


def _cancelled(cancelled: Transcript) -> None:
    """Precondition: the report was cancelled, and shows it."""
    status = cancelled["late-status-json"]
    by = "jasperserver.cancel.becomes-cancelled"
    expect.precondition(descriptors.status(status) == "cancelled", "the report is not cancelled", status, by)


@pytest.mark.parametrize("kind", ["json", "xml"])
@requirement("jasperserver.status.agrees-with-details")
def test_the_details_of_a_cancelled_report_show_it_in_both(cancelled: Transcript, kind: str) -> None:
    _cancelled(cancelled)
    exchange = cancelled[f"cancelled-details-{kind}"]
    expect.precondition(exchange.succeeded, f"it was answered with {exchange.status_code}", exchange)
    expect.equal(descriptors.status(exchange), "cancelled", "status in the details", exchange)


@requirement("jasperserver.search.deleted-not-listed")
def test_a_deleted_execution_is_found_by_no_argument(deleted: Transcript) -> None:
    expect.precondition(deleted["delete"].succeeded, "the delete did not succeed", deleted["delete"])
    last = deleted["search-after"]
    expect.precondition(deleted.fact("deleted") not in descriptors.found_executions(last), "it is still listed", last)
    searches = [f"search-after-{form}-{one}" for one in ("owner", "admin", "superuser") for form in ("uri", "uri-xml")]
    for search in of_identities(deleted, searches):
        absent = deleted.fact("deleted") not in descriptors.found_executions(search)
        expect.that(absent, "a search without the deleted execution", search.text[:200], search)


@requirement("jasperserver.page-status.members")
def test_the_status_of_a_middle_page_has_its_members(unfolded: Transcript) -> None:
    exchange = unfolded["middle-page"]
    expect.applies(exchange.status_code == 200, f"it answered {exchange.status_code}")
    expect.precondition(descriptors.readable(exchange), "it is no object", by="jasperserver.page-status.accepted")
    members = descriptors.descriptor(exchange)
    expect.among(members.get("reportStatus"), descriptors.STATES, "reportStatus", exchange)
    expect.among(members.get("pageFinal"), (*FINAL, False, "false"), "pageFinal", exchange)


@by_form
def test_the_status_of_an_export_has_its_form_while_the_report_runs(awaited: Transcript, media: str) -> None:
    has_form(awaited[f"running-export-status-{media}"], media)


@requirement("jasperserver.cancel.again")
@pytest.mark.parametrize("media", ["json", "xml"])
def test_a_third_cancel_answers_204(cancelled: Transcript, media: str) -> None:
    second = cancelled[f"again-{media}"]
    expect.precondition(second.status_code == 204, f"the second answered {second.status_code}", second)
    expect.status(cancelled[f"third-{media}"], 204)
