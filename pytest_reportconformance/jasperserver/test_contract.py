"""Checks of the contract of each operation, over every exchange of a run, whichever scenario sent it."""

from __future__ import annotations

import pytest

from pytest_reportconformance.jasperserver.contract import OPERATIONS, documented, read
from pytest_reportconformance.jasperserver.history import ELSEWHERE
from pytest_reportconformance.jasperserver.media import JSON, STATUS_JSON, STATUS_XML, XML
from pytest_reportconformance.judging import contract, expect
from pytest_reportconformance.register.register import requirement
from pytest_reportconformance.transcript.transcript import Transcript

API = "jasperserver"
Transcripts = tuple[Transcript, ...]
SUCCESSES = [
    pytest.param("run", marks=requirement("jasperserver.contract.run-success")),
    pytest.param("status", marks=requirement("jasperserver.contract.status-success")),
    pytest.param("page-status", marks=requirement("jasperserver.contract.page-status-success")),
    pytest.param("details", marks=requirement("jasperserver.contract.details-success")),
    pytest.param("output", marks=requirement("jasperserver.contract.output-success")),
    pytest.param("attachment", marks=requirement("jasperserver.contract.attachment-success")),
    pytest.param("info", marks=requirement("jasperserver.contract.info-success")),
    pytest.param("export", marks=requirement("jasperserver.contract.export-success")),
    pytest.param("parameters", marks=requirement("jasperserver.contract.parameters-success")),
    pytest.param("export-status", marks=requirement("jasperserver.contract.export-status-success")),
    pytest.param("search", marks=requirement("jasperserver.contract.search-success")),
    pytest.param("cancel", marks=requirement("jasperserver.contract.cancel-success")),
    pytest.param("delete", marks=requirement("jasperserver.contract.delete-success")),
]


@pytest.mark.parametrize("operation", SUCCESSES)
def test_every_success_has_the_documented_status(jasperserver_transcripts: Transcripts, operation: str) -> None:
    contract.documented_success(jasperserver_transcripts, OPERATIONS[operation])


CONTENTS = ("run", "status", "page-status", "details", "info", "export", "export-status", "cancel")


@pytest.mark.parametrize("operation", [one for one in SUCCESSES if one.values[0] in CONTENTS])
def test_every_success_has_the_documented_content(jasperserver_transcripts: Transcripts, operation: str) -> None:
    contract.has_body(jasperserver_transcripts, OPERATIONS[operation])


BODIES = [
    pytest.param("run", marks=requirement("jasperserver.contract.run-body")),
    pytest.param("status", marks=requirement("jasperserver.contract.status-body")),
    pytest.param("page-status", marks=requirement("jasperserver.contract.page-status-body")),
    pytest.param("details", marks=requirement("jasperserver.contract.details-body")),
    pytest.param("info", marks=requirement("jasperserver.contract.info-body")),
    pytest.param("export", marks=requirement("jasperserver.contract.export-body")),
    pytest.param("export-status", marks=requirement("jasperserver.contract.export-status-body")),
    pytest.param("search", marks=requirement("jasperserver.contract.search-body")),
    pytest.param("cancel", marks=requirement("jasperserver.contract.cancel-body")),
]


@pytest.mark.parametrize("operation", BODIES)
def test_every_body_in_json_fits_its_schema(jasperserver_transcripts: Transcripts, operation: str) -> None:
    contract.fits_schema(jasperserver_transcripts, OPERATIONS[operation], API, "json", read)


@pytest.mark.parametrize("operation", [one for one in BODIES if one.values != ("page-status",)])
def test_every_body_in_xml_fits_its_schema(jasperserver_transcripts: Transcripts, operation: str) -> None:
    contract.fits_schema(jasperserver_transcripts, OPERATIONS[operation], API, "xml", read)


MEDIA_TYPES = [
    pytest.param("run", JSON, marks=requirement("jasperserver.negotiation.run-answer")),
    pytest.param("run", XML, marks=requirement("jasperserver.negotiation.run-answer")),
    pytest.param("status", JSON, marks=requirement("jasperserver.status.json")),
    pytest.param("status", XML, marks=requirement("jasperserver.status.xml")),
    pytest.param("status", STATUS_JSON, marks=requirement("jasperserver.status.extended-media-type")),
    pytest.param("status", STATUS_XML, marks=requirement("jasperserver.status.extended-media-type")),
    pytest.param("page-status", STATUS_JSON, marks=requirement("jasperserver.page-status.media-type")),
    pytest.param("page-status", JSON, marks=requirement("jasperserver.page-status.plain-json")),
    pytest.param("details", JSON, marks=requirement("jasperserver.negotiation.details-json")),
    pytest.param("details", XML, marks=requirement("jasperserver.negotiation.details-xml")),
    pytest.param("info", JSON, marks=requirement("jasperserver.info.json")),
    pytest.param("info", XML, marks=requirement("jasperserver.info.xml")),
    pytest.param("export", JSON, marks=requirement("jasperserver.negotiation.export-json")),
    pytest.param("export", XML, marks=requirement("jasperserver.negotiation.export-xml")),
    pytest.param("export-status", JSON, marks=requirement("jasperserver.export-status.json")),
    pytest.param("export-status", XML, marks=requirement("jasperserver.export-status.xml")),
    pytest.param("export-status", STATUS_JSON, marks=requirement("jasperserver.export-status.extended-media-type")),
    pytest.param("export-status", STATUS_XML, marks=requirement("jasperserver.export-status.extended-media-type")),
    pytest.param("search", JSON, marks=requirement("jasperserver.search.json")),
    pytest.param("search", XML, marks=requirement("jasperserver.search.xml")),
    pytest.param("cancel", JSON, marks=requirement("jasperserver.cancel.json")),
    pytest.param("cancel", XML, marks=requirement("jasperserver.cancel.xml")),
]


@pytest.mark.parametrize(("operation", "asked"), MEDIA_TYPES)
def test_every_answer_has_the_requested_media_type(
    jasperserver_transcripts: Transcripts, operation: str, asked: str
) -> None:
    contract.media_type(jasperserver_transcripts, OPERATIONS[operation], asked)


SERVER_ERRORS = [
    pytest.param("run", marks=requirement("jasperserver.contract.run-server-error")),
    pytest.param("status", marks=requirement("jasperserver.contract.status-server-error")),
    pytest.param("page-status", marks=requirement("jasperserver.contract.page-status-server-error")),
    pytest.param("details", marks=requirement("jasperserver.contract.details-server-error")),
    pytest.param("output", marks=requirement("jasperserver.contract.output-server-error")),
    pytest.param("attachment", marks=requirement("jasperserver.contract.attachment-server-error")),
    pytest.param("info", marks=requirement("jasperserver.contract.info-server-error")),
    pytest.param("export", marks=requirement("jasperserver.contract.export-server-error")),
    pytest.param("parameters", marks=requirement("jasperserver.contract.parameters-server-error")),
    pytest.param("export-status", marks=requirement("jasperserver.contract.export-status-server-error")),
    pytest.param("search", marks=requirement("jasperserver.contract.search-server-error")),
    pytest.param("cancel", marks=requirement("jasperserver.contract.cancel-server-error")),
    pytest.param("delete", marks=requirement("jasperserver.contract.delete-server-error")),
]


@pytest.mark.parametrize("operation", SERVER_ERRORS)
def test_no_documented_request_is_a_server_error(jasperserver_transcripts: Transcripts, operation: str) -> None:
    contract.no_server_error(jasperserver_transcripts, OPERATIONS[operation], documented)


@requirement("jasperserver.contract.search-success")
def test_no_documented_search_of_a_known_user_is_refused(jasperserver_transcripts: Transcripts) -> None:
    """Others judge 401, and requests in which the credentials are not those of the identity."""
    for transcript in jasperserver_transcripts:
        for search in OPERATIONS["search"].exchanges(transcript):
            known = search.identity not in contract.UNKNOWN and not search.name.startswith(ELSEWHERE)
            if known and documented(transcript, search) and search.status_code != 401:
                expect.that(not 400 <= search.status_code < 500, "status 200 or 204", search.status_code, search)
