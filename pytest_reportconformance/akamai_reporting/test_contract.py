"""Checks of the contract of each operation, over every exchange of a run, whichever scenario sent it."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from pytest_reportconformance.akamai_reporting.contract import JSON, OPERATIONS, documented, read
from pytest_reportconformance.judging import contract, expect
from pytest_reportconformance.register.register import requirement
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.transcript import Transcript

API = "akamai_reporting"
READY = "akamai_reporting.poll.becomes-ready"
TOO_MANY = 429
LISTS = ("list-reports", "list-reports-of-family", "list-reports-of-area")
Transcripts = tuple[Transcript, ...]
OF_LISTS = [pytest.param(name, marks=requirement("akamai_reporting.contract.list-success")) for name in LISTS]
SUCCESSES = [
    *OF_LISTS,
    pytest.param("options", marks=requirement("akamai_reporting.contract.options-success")),
    pytest.param("submit", marks=requirement("akamai_reporting.contract.submit-success")),
    pytest.param("fetch", marks=requirement("akamai_reporting.contract.fetch-success")),
]


@pytest.mark.parametrize("operation", SUCCESSES)
def test_every_success_has_the_documented_status(akamai_reporting_transcripts: Transcripts, operation: str) -> None:
    contract.documented_success(akamai_reporting_transcripts, OPERATIONS[operation])


@requirement("akamai_reporting.submit.accepted")
def test_every_accepted_submission_is_answered_303(akamai_reporting_transcripts: Transcripts) -> None:
    contract.documented_success(akamai_reporting_transcripts, OPERATIONS["submit"], 303, among=_asynchronous)


def _asynchronous(exchange: Exchange) -> bool:
    return parse_qs(urlsplit(exchange.request.url).query).get("async") == ["true"]


BODIES = [
    *(pytest.param(name, marks=requirement("akamai_reporting.contract.list-body")) for name in LISTS),
    pytest.param("options", marks=requirement("akamai_reporting.contract.options-body")),
    pytest.param("submit", marks=requirement("akamai_reporting.contract.submit-body")),
    pytest.param("fetch", marks=requirement("akamai_reporting.contract.fetch-body")),
]


@pytest.mark.parametrize("operation", BODIES)
def test_every_body_fits_its_schema(akamai_reporting_transcripts: Transcripts, operation: str) -> None:
    contract.fits_schema(akamai_reporting_transcripts, OPERATIONS[operation], API, "json", read)


@pytest.mark.parametrize("operation", BODIES)
def test_every_success_has_a_body(akamai_reporting_transcripts: Transcripts, operation: str) -> None:
    contract.has_body(akamai_reporting_transcripts, OPERATIONS[operation])


MEDIA_TYPES = [
    *(pytest.param(name, marks=requirement("akamai_reporting.discovery.content-type")) for name in LISTS),
    pytest.param("options", marks=requirement("akamai_reporting.options.content-type")),
    pytest.param("submit", marks=requirement("akamai_reporting.sync.content-type")),
    pytest.param("fetch", marks=requirement("akamai_reporting.ready.content-type")),
]


@pytest.mark.parametrize("operation", MEDIA_TYPES)
def test_every_answer_has_the_requested_media_type(akamai_reporting_transcripts: Transcripts, operation: str) -> None:
    contract.media_type(akamai_reporting_transcripts, OPERATIONS[operation], JSON)


SERVER_ERRORS = [
    *(pytest.param(name, marks=requirement("akamai_reporting.contract.list-server-error")) for name in LISTS),
    pytest.param("options", marks=requirement("akamai_reporting.contract.options-server-error")),
]


@pytest.mark.parametrize("operation", SERVER_ERRORS)
def test_no_documented_request_is_a_server_error(akamai_reporting_transcripts: Transcripts, operation: str) -> None:
    contract.no_server_error(akamai_reporting_transcripts, OPERATIONS[operation], documented)


ESTABLISHED = (
    "akamai_reporting.csv.media-type",
    "akamai_reporting.discovery.report-link-options",
    "akamai_reporting.discovery.status",
    "akamai_reporting.links.get-page",
    "akamai_reporting.poll.becomes-ready",
    "akamai_reporting.rows.filtered",
    "akamai_reporting.submit.accepted",
    "akamai_reporting.submit.empty-object",
    "akamai_reporting.submit.location-present",
    "akamai_reporting.submit.page-size-accepted",
    "akamai_reporting.submit.without-body",
    "akamai_reporting.sync.async-false",
    "akamai_reporting.sync.page-size-tolerated",
    "akamai_reporting.sync.status",
)
"""Every requirement that a step of a scenario is to establish, or that ends a scenario early."""


def established(exchange: Exchange) -> None:
    """A step on whose success later steps rely succeeded; polls that are too early may be answered 429."""
    granted = exchange.granted or exchange.status_code == TOO_MANY
    expect.that(granted, "a success, which later steps rely on", exchange.status_code, exchange)


@pytest.mark.parametrize("id", [pytest.param(id, marks=requirement(id)) for id in ESTABLISHED])
def test_every_step_establishes_what_others_rely_on(akamai_reporting_transcripts: Transcripts, id: str) -> None:
    contract.promise(akamai_reporting_transcripts, id, established, last=id == READY)
