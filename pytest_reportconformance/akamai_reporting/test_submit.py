"""Checks of submissions: POST …/data?async=true."""

from __future__ import annotations

from pytest_reportconformance.akamai_reporting import (
    assertions,
    http_fields,
    links,
    observation,
    poll_series,
    query_results,
    submissions,
)
from pytest_reportconformance.akamai_reporting.query_results import Transcripts
from pytest_reportconformance.http.origin import origin
from pytest_reportconformance.judging import expect
from pytest_reportconformance.register.register import requirement
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.transcript import Transcript

LOCATION = "akamai_reporting.submit.location-present"
FORM = "akamai_reporting.submit.location-form"


def location(submission: Exchange) -> str:
    """The Location as it was sent; blocked if there is none."""
    values = submission.header_values("Location")
    expect.precondition(bool(values and values[0]), f"{submission.name}: 303 without a Location", by=LOCATION)
    return values[0]


def link(submission: Exchange) -> str:
    """The Location resolved."""
    return links.resolve(submission.request.url, location(submission))


def place(submission: Exchange) -> links.Place:
    """Where the Location leads; blocked if it is not of the documented form."""
    found = links.place(link(submission))
    expect.precondition(found is not None, f"{submission.name}: {link(submission)} is no link to a query", by=FORM)
    assert found is not None
    return found


@requirement("akamai_reporting.submit.accepted")
def test_a_submission_is_answered_303(
    paged: Transcript, ordered: Transcript, polled: Transcript, impatient: Transcript
) -> None:
    steps = {"whole-submit", "all-submit", "watched-submit", "twin-submit", "impatient-submit"}
    found = [one for one in (*paged, *ordered, *polled, *impatient) if one.name in steps]
    selective = [one for one in found if (one.request.body or b"").strip() not in (b"", b"{}")]
    for submission in selective or found or [paged["whole-submit"]]:
        expect.status(submission, 303)


@requirement("akamai_reporting.submit.location-present")
def test_a_submission_returns_a_location(akamai_reporting_transcripts: Transcripts) -> None:
    for submission in submissions.accepted(*akamai_reporting_transcripts):
        expect.that(bool(submission.header("Location")), "a Location that is not empty", "an empty one", submission)


@requirement("akamai_reporting.submit.location-single")
def test_a_submission_returns_one_location(akamai_reporting_transcripts: Transcripts) -> None:
    for submission in submissions.accepted(*akamai_reporting_transcripts):
        location(submission)
        expect.equal(len(submission.header_values("Location")), 1, "the number of Location fields", submission)


@requirement("akamai_reporting.submit.location-url")
def test_a_location_is_an_http_url(akamai_reporting_transcripts: Transcripts) -> None:
    for submission in submissions.accepted(*akamai_reporting_transcripts):
        sound = links.is_reference(location(submission)) and links.is_web(link(submission))
        expect.that(sound, "a URI reference that resolves to an http or https URL", location(submission), submission)


@requirement("akamai_reporting.submit.location-form")
def test_a_location_names_a_query(akamai_reporting_transcripts: Transcripts) -> None:
    for submission in submissions.accepted(*akamai_reporting_transcripts):
        found = links.place(link(submission))
        prefix = submission.request.url.partition("://")[2].partition(links.BASE)[0].partition("/")[2].rstrip("/")
        known = found is not None and found.prefix.strip("/") in ("", prefix)
        expect.that(known, f"a path {links.BASE}/…/…/…/queries/{{query_id}}", link(submission), submission)


@requirement("akamai_reporting.submit.location-same-report")
def test_a_location_names_the_report_that_was_submitted(akamai_reporting_transcripts: Transcripts) -> None:
    for submission in submissions.accepted(*akamai_reporting_transcripts):
        report = links.report_of(submission.request.url)
        expect.equal(place(submission).report, report, "the report in the Location", submission)


@requirement("akamai_reporting.submit.location-same-origin")
def test_a_location_stays_at_the_origin_of_the_request(akamai_reporting_transcripts: Transcripts) -> None:
    for submission in submissions.accepted(*akamai_reporting_transcripts):
        same = origin(link(submission)) == origin(submission.request.url)
        expect.that(same, "scheme, host and port of the request", link(submission), submission)


@requirement("akamai_reporting.submit.location-absolute-path")
def test_a_location_is_an_absolute_path(paged: Transcript, polled: Transcript) -> None:
    for submission in submissions.accepted(paged, polled):
        written = location(submission)
        expect.that(links.is_absolute_path(written), "an absolute path", written, submission)


@requirement("akamai_reporting.submit.no-rows")
def test_the_answer_to_a_submission_has_no_rows(akamai_reporting_transcripts: Transcripts) -> None:
    for submission in submissions.accepted(*akamai_reporting_transcripts):
        columns = submissions.columns(submission, *akamai_reporting_transcripts)
        expect.that(not observation.carries_rows(submission, columns), "no rows", submission.text, submission)


@requirement("akamai_reporting.submit.page-size-accepted")
def test_a_submission_with_a_page_size_is_answered_303(
    paged: Transcript, ordered: Transcript, row_by_row: Transcript
) -> None:
    steps = {"part-submit", "one-submit", "pairs-submit", "single-submit"}
    found = [one for one in (*paged, *ordered, *row_by_row) if one.name in steps]
    for submission in found or [paged["part-submit"]]:
        accepted(submission)


@requirement("akamai_reporting.submit.page-size-accepted")
def test_a_submission_that_matches_nothing_is_answered_303(matched_nothing: Transcript) -> None:
    accepted(matched_nothing["empty-submit"])


def accepted(submission: Exchange) -> None:
    """A submission is answered 303 with a Location."""
    expect.status(submission, 303)
    expect.that(bool(submission.header("Location")), "a Location that is not empty", "an empty one", submission)


@requirement("akamai_reporting.submit.parameter-order")
def test_the_order_of_parameters_does_not_matter(ordered: Transcript) -> None:
    usual, reordered = ordered["pairs-submit"], ordered["threes-submit"]
    expect.precondition(usual.status_code == 303, f"the usual order is answered {usual.status_code}", usual)
    expect.status(reordered, 303)


@requirement("akamai_reporting.submit.retry-after-present")
def test_the_answer_to_a_submission_has_a_retry_after(akamai_reporting_transcripts: Transcripts) -> None:
    for submission in submissions.accepted(*akamai_reporting_transcripts):
        submission.header("Retry-After")


@requirement("akamai_reporting.submit.retry-after-valid")
def test_the_retry_after_of_a_submission_is_seconds_or_a_date(akamai_reporting_transcripts: Transcripts) -> None:
    found = submissions.accepted(*akamai_reporting_transcripts)
    advised = [submission for submission in found if submission.header_values("Retry-After")]
    expect.applies(bool(advised), "no submission is answered with Retry-After")
    for submission in advised:
        value = submission.header("Retry-After")
        expect.that(http_fields.is_retry_after(value), "seconds or an HTTP date", value, submission)


@requirement("akamai_reporting.submit.without-body")
def test_a_submission_without_a_body_is_answered_303(defaulted: Transcript) -> None:
    expect.status(defaulted["bare-submit"], 303)


@requirement("akamai_reporting.submit.empty-object")
def test_a_submission_of_an_empty_object_is_answered_303(defaulted: Transcript) -> None:
    expect.status(defaulted["braces-submit"], 303)


@requirement("akamai_reporting.submit.empty-object-same-rows")
def test_an_empty_object_has_the_rows_of_no_body(defaulted: Transcript) -> None:
    bare, braces = query_results.QueryResult(defaulted, "bare"), query_results.QueryResult(defaulted, "braces")
    rows = observation.multiset(bare.pages), observation.multiset(braces.pages)
    fixed = "start=" in defaulted["bare-submit"].request.url
    expect.seen(fixed or rows[0] == rows[1], "the rows of a relative time range can have changed between the two")
    expect.seen(bare.ended == braces.ended == "no next" or rows[0] == rows[1], "there are more rows than were fetched")
    expect.that(
        rows[0] == rows[1],
        f"{bare.fetched_rows} rows, those of no body",
        f"{braces.fetched_rows}, others among them",
        braces.pages[0].exchange,
    )


@requirement("akamai_reporting.submit.answers-early")
def test_a_submission_is_answered_long_before_its_rows_are_ready(impatient: Transcript) -> None:
    submitted, last = impatient["impatient-submit"], impatient["impatient-poll"]
    declared = impatient.fact("impatient-seconds")
    slow = poll_series.Series("impatient", "", submitted, impatient.all("impatient-at-once"), []).pending or declared
    expect.applies(bool(slow), "no report is known to be slow")
    needed = max(last.started - submitted.started, declared or 0)
    expect.that(submitted.seconds < needed / 2, f"an answer long before {needed:.1f} s", submitted.seconds, submitted)


@requirement("akamai_reporting.submit.async-invalid")
def test_an_async_that_is_no_boolean_is_a_client_error(row_by_row: Transcript) -> None:
    expect.precondition(
        row_by_row["single-submit"].status_code == 303, "the same request with async=true is not answered 303"
    )
    assertions.client_error(row_by_row["async-banana"])
