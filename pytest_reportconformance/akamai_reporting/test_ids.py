"""Checks of the opaque query_id."""

from __future__ import annotations

import pytest

from pytest_reportconformance.akamai_reporting import assertions, links, observation, query_results, submissions
from pytest_reportconformance.akamai_reporting.observation import Page
from pytest_reportconformance.akamai_reporting.query_results import QueryResult, Transcripts
from pytest_reportconformance.judging import expect
from pytest_reportconformance.register.register import requirement
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.transcript import Transcript

FORM = "akamai_reporting.submit.location-form"
LOCATION = "akamai_reporting.submit.location-present"


def identified(*transcripts: Transcript) -> list[tuple[Exchange, str]]:
    """Every submission with the id of its Location; blocked if none has one."""
    written = [
        (one, value) for one in submissions.accepted(*transcripts) for value in one.header_values("Location")[:1]
    ]
    expect.precondition(any(value for _, value in written), "no submission returns a Location", by=LOCATION)
    found = [(one, id) for one, value in written if (id := links.query_id(links.resolve(one.request.url, value)))]
    expect.precondition(bool(found), "no Location holds an id", by=FORM)
    return found


def asked(submission: Exchange) -> tuple[str, bytes | None]:
    """What distinguishes a submission from others; no body is equivalent to an empty object."""
    return submission.request.url, submission.request.body or b"{}"


@requirement("akamai_reporting.ids.unique")
def test_different_submissions_get_different_ids(akamai_reporting_transcripts: Transcripts) -> None:
    known: dict[str, Exchange] = {}
    for submission, id in identified(*akamai_reporting_transcripts):
        other = known.setdefault(id, submission)
        unlike = asked(other) == asked(submission)
        expect.that(unlike, f"an id other than that of {other.name!r}", id, submission)


@requirement("akamai_reporting.ids.unique-when-equal")
def test_equal_submissions_get_different_ids(polled: Transcript) -> None:
    found = identified(polled)
    if len(found) < 2:
        raise polled.not_reached("twin-submit")
    (_, watched), (twin, other) = found[:2]
    expect.that(watched != other, "an id other than that of an equal submission", other, twin)


@requirement("akamai_reporting.ids.unique-when-equal")
def test_no_submission_gets_the_id_of_an_equal_one(akamai_reporting_transcripts: Transcripts) -> None:
    known: dict[str, Exchange] = {}
    for submission, id in identified(*akamai_reporting_transcripts):
        other = known.setdefault(id, submission)
        equal = other is not submission and asked(other) == asked(submission)
        expect.that(not equal, f"an id other than that of the equal submission {other.name!r}", id, submission)


@requirement("akamai_reporting.ids.page-links-distinct")
def test_no_page_is_that_of_another_query(akamai_reporting_transcripts: Transcripts) -> None:
    known: dict[str, QueryResult] = {}
    for result in query_results.results(query_results.NAMES, *akamai_reporting_transcripts):
        for page in result.pages:
            for url in (
                page.url,
                *(link.url for link in page.links if link.rel in observation.NAVIGATION and link.url),
            ):
                other = known.setdefault(links.normal(url), result)
                own = other == result or asked(other.submitted) == asked(result.submitted)
                expect.that(own, f"a link that is none of the query {other.name!r}", url, page.exchange)


@requirement("akamai_reporting.ids.one-segment")
def test_an_id_is_one_path_segment(
    paged: Transcript, ordered: Transcript, row_by_row: Transcript, polled: Transcript, impatient: Transcript
) -> None:
    for submission, id in identified(paged, ordered, row_by_row, polled, impatient):
        expect.that("/" not in id, "an id without a slash", id, submission)


@pytest.mark.parametrize(
    "mark",
    [
        pytest.param("+", marks=requirement("akamai_reporting.ids.raw-plus"), id="plus"),
        pytest.param("=", marks=requirement("akamai_reporting.ids.raw-equals"), id="equals"),
        pytest.param(".", marks=requirement("akamai_reporting.ids.leading-dot"), id="dot"),
    ],
)
def test_an_id_is_accepted_as_it_was_issued(
    paged: Transcript, ordered: Transcript, row_by_row: Transcript, polled: Transcript, impatient: Transcript, mark: str
) -> None:
    transcripts = (paged, ordered, row_by_row, polled, impatient)
    sent = [one for transcript in transcripts for one in transcript if _holds(one, mark)]
    expect.applies(bool(sent), f"no id {'begins with' if mark == '.' else 'holds'} a {mark}")
    sent = [one for one in sent if one.status_code != 429]
    expect.seen(bool(sent), "every GET of such an id was answered with 429")
    accepted = [one for one in sent if one.succeeded or one.status_code == 303]
    refused = next((one for one in sent if one not in accepted), sent[0])
    assertions.locations_lead_to_queries(*transcripts)
    expect.that(bool(accepted), f"303 or success for one of {len(sent)} such ids", refused.status_code, refused)


def _holds(exchange: Exchange, mark: str) -> bool:
    id = links.query_id(exchange.request.url)
    if exchange.request.method != "GET" or exchange.name == "part-encoded" or exchange.response is None:
        return False
    return id.startswith(mark) if mark == "." else mark in id


@requirement("akamai_reporting.ids.percent-encoded")
def test_a_percent_encoded_id_returns_the_same_data_or_none(paged: Transcript) -> None:
    encoded, page = Page(paged["part-encoded"], ""), QueryResult(paged, "part").pages[-1]
    if encoded.exchange.succeeded:
        expect.that(encoded.rows == page.rows, "the rows of the page", "other rows", encoded.exchange)
    else:
        expect.status(encoded.exchange, 400, 404)
