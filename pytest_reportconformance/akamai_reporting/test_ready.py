"""Checks of the data of a ready query."""

from __future__ import annotations

import itertools

from pytest_reportconformance.akamai_reporting import (
    assertions,
    contract,
    http_fields,
    links,
    observation,
    poll_series,
    query_results,
)
from pytest_reportconformance.akamai_reporting.assertions import same_rows
from pytest_reportconformance.akamai_reporting.observation import Page
from pytest_reportconformance.akamai_reporting.query_results import Transcripts
from pytest_reportconformance.judging import expect
from pytest_reportconformance.register.register import requirement
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.failures import Broken
from pytest_reportconformance.transcript.transcript import Transcript, cut_short

DOCUMENTED = {"name", "links", "rows", "totalRows", "requestTime", "evictionTime"}
UNKNOWN_SKEW = 86400
"""Tolerated clock skew in seconds of a server that sends no Date header."""
SAME_ROWS = "akamai_reporting.ready.same-rows"
DATE_TIMES = {
    "requestTime": "akamai_reporting.ready.request-time",
    "evictionTime": "akamai_reporting.ready.eviction-time",
}
"""Times of the metadata, each with the requirement about its form."""


def ready(*transcripts: Transcript) -> list[Page]:
    """All pages that were answered with data; blocked if there is none."""
    found = [page for page in query_results.pages(*transcripts) if observation.has_data(page.exchange)]
    expect.precondition(bool(found), "no query became ready", by="akamai_reporting.poll.becomes-ready")
    return found


def described_by_metadata(*transcripts: Transcript) -> list[Page]:
    """Those with metadata, which every paged query has to have; all if none has metadata."""
    found = ready(*transcripts)
    return [page for page in found if isinstance(page.seen.get("metadata"), dict)] or found


@requirement("akamai_reporting.ready.status")
def test_a_ready_query_is_answered_200(akamai_reporting_transcripts: Transcripts) -> None:
    for page in ready(*akamai_reporting_transcripts):
        expect.status(page.exchange, 200)


@requirement("akamai_reporting.ready.metadata")
def test_a_paged_query_has_metadata(akamai_reporting_transcripts: Transcripts) -> None:
    names = (*query_results.WALKED, *query_results.BEGUN)
    for result in query_results.results(names, *akamai_reporting_transcripts):
        for page in result.pages:
            if page.exchange.succeeded:
                kind = page.seen.get("metadata", page.seen["kind"])
                expect.that(isinstance(kind, dict), "a JSON object with an object metadata", kind, page.exchange)


@requirement("akamai_reporting.ready.content-type")
def test_the_data_is_labelled_as_json(akamai_reporting_transcripts: Transcripts) -> None:
    for page in ready(*akamai_reporting_transcripts):
        expect.media_type(page.exchange, "application/json")


@requirement("akamai_reporting.ready.data-array")
def test_the_rows_are_the_array_data(akamai_reporting_transcripts: Transcripts) -> None:
    for page in ready(*akamai_reporting_transcripts):
        expect.equal(page.seen.get("data", page.seen["kind"]), "array", "the type of data", page.exchange)


@requirement("akamai_reporting.ready.row-objects")
def test_every_row_is_an_object(akamai_reporting_transcripts: Transcripts) -> None:
    for page in ready(*akamai_reporting_transcripts):
        expect.that("odd" not in page.seen, "objects", page.seen.get("odd"), page.exchange)


@requirement("akamai_reporting.ready.name")
def test_the_metadata_names_the_report(akamai_reporting_transcripts: Transcripts) -> None:
    for page in described_by_metadata(*akamai_reporting_transcripts):
        name = page.member("name")
        assertions.text(name, "a text that is not empty", name, page.exchange)


@requirement("akamai_reporting.ready.rows")
def test_the_metadata_counts_the_rows_of_the_page(akamai_reporting_transcripts: Transcripts) -> None:
    for page in described_by_metadata(*akamai_reporting_transcripts):
        if page.seen.get("data") == "array":
            expect.equal(page.member("rows"), len(page.rows), "metadata.rows", page.exchange)


@requirement("akamai_reporting.ready.total-rows")
def test_the_metadata_counts_no_fewer_rows_in_all(akamai_reporting_transcripts: Transcripts) -> None:
    for page in described_by_metadata(*akamai_reporting_transcripts):
        total = page.member("totalRows")
        whole = isinstance(total, int) and not isinstance(total, bool) and total >= len(page.rows)
        expect.that(whole, f"an integer not less than {len(page.rows)} as totalRows", total, page.exchange)


def timed(name: str, *transcripts: Transcript) -> list[Page]:
    """The pages whose metadata has that member; not applicable if none has."""
    found = [page for page in described_by_metadata(*transcripts) if name in page.metadata]
    expect.applies(bool(found), f"metadata has no {name}")
    return found


@requirement("akamai_reporting.ready.request-time")
def test_the_request_time_is_a_date_time(akamai_reporting_transcripts: Transcripts) -> None:
    for page in timed("requestTime", *akamai_reporting_transcripts):
        found = page.member("requestTime")
        expect.that(observation.is_date_time(found), "an RFC 3339 date-time as requestTime", found, page.exchange)


@requirement("akamai_reporting.ready.request-time-past")
def test_the_request_time_is_before_the_answer(akamai_reporting_transcripts: Transcripts) -> None:
    for page in timed("requestTime", *akamai_reporting_transcripts):
        skew = 1 if page.exchange.header_values("Date") else UNKNOWN_SKEW
        past = moment(page, "requestTime") < http_fields.clock(page.exchange) + skew
        expect.that(past, "a requestTime in the past", page.metadata["requestTime"], page.exchange)


@requirement("akamai_reporting.ready.eviction-time")
def test_the_eviction_time_is_a_date_time(akamai_reporting_transcripts: Transcripts) -> None:
    for page in timed("evictionTime", *akamai_reporting_transcripts):
        found = page.member("evictionTime")
        expect.that(observation.is_date_time(found), "an RFC 3339 date-time as evictionTime", found, page.exchange)


def moment(page: Page, name: str) -> float:
    """A time of the metadata in seconds since the epoch; blocked if it is no date-time."""
    value = page.metadata.get(name)
    expect.precondition(observation.is_date_time(value), f"{name} is no date-time", by=DATE_TIMES[name])
    found = observation.moment(value) if isinstance(value, str) else None
    assert found is not None
    return found


@requirement("akamai_reporting.ready.eviction-after-request")
def test_the_eviction_time_is_after_the_request_time(akamai_reporting_transcripts: Transcripts) -> None:
    found = [page for page in timed("evictionTime", *akamai_reporting_transcripts) if "requestTime" in page.metadata]
    expect.applies(bool(found), "metadata has no requestTime")
    for page in found:
        later = moment(page, "evictionTime") > moment(page, "requestTime")
        expect.that(later, "an evictionTime after the requestTime", page.metadata["evictionTime"], page.exchange)


@requirement("akamai_reporting.ready.eviction-in-future")
def test_the_eviction_time_is_in_the_future(akamai_reporting_transcripts: Transcripts) -> None:
    for page in timed("evictionTime", *akamai_reporting_transcripts):
        ahead = moment(page, "evictionTime") > http_fields.clock(page.exchange) - 1
        expect.that(ahead, "an evictionTime in the future", page.metadata["evictionTime"], page.exchange)


@requirement("akamai_reporting.ready.no-other-metadata")
def test_the_metadata_has_only_documented_members(akamai_reporting_transcripts: Transcripts) -> None:
    for page in described_by_metadata(*akamai_reporting_transcripts):
        expect.equal(sorted(set(page.metadata) - DOCUMENTED), [], "members beyond the documented ones", page.exchange)


@requirement("akamai_reporting.ready.columns")
def test_every_row_has_the_requested_columns(akamai_reporting_transcripts: Transcripts) -> None:
    for page in ready(*akamai_reporting_transcripts):
        lacking = page.seen.get("lacking", {})
        expect.that(not lacking, f"a column {lacking.get('columns')}", lacking.get("row"), page.exchange)


@requirement("akamai_reporting.ready.numbers")
def test_metrics_are_numbers(akamai_reporting_transcripts: Transcripts) -> None:
    metrics = contract.numeric_metrics(*akamai_reporting_transcripts)
    for page in ready(*akamai_reporting_transcripts):
        texts = page.seen.get("texts", {})
        wrong = {name: texts[name] for name in metrics.get(links.report_of(page.url), ()) if name in texts}
        expect.that(not wrong, f"numbers as {', '.join(wrong)}", wrong, page.exchange)


@requirement("akamai_reporting.ready.whole-numbers")
def test_long_metrics_are_whole_numbers(akamai_reporting_transcripts: Transcripts) -> None:
    metrics = contract.whole_metrics(*akamai_reporting_transcripts)
    for page in ready(*akamai_reporting_transcripts):
        fractions = page.seen.get("fractions", {})
        wrong = {name: fractions[name] for name in metrics.get(links.report_of(page.url), ()) if name in fractions}
        expect.that(not wrong, f"whole numbers as {', '.join(wrong)}", wrong, page.exchange)


@requirement("akamai_reporting.ready.distinct-rows")
def test_no_two_rows_of_a_page_are_equal(paged: Transcript, ordered: Transcript, row_by_row: Transcript) -> None:
    for page in ready(paged, ordered, row_by_row):
        expect.equal(len(page.rows) - len(set(page.rows)), 0, "the number of repeated rows", page.exchange)


def repeated(*transcripts: Transcript) -> list[tuple[Page, Page]]:
    """Each answer with data, with the answer to the next GET of the same query that was not 303."""
    found = [
        (Page(one, series.link), Page(other, series.link))
        for series in poll_series.series(*transcripts)
        if series.name != "moving"
        for one, other in itertools.pairwise([one for one in series.after if one.status_code != 303])
    ]
    if not found:
        raise cut_short(transcripts).not_reached("a second GET of a ready query")
    return found


@requirement("akamai_reporting.ready.same-rows")
def test_a_ready_query_returns_the_same_rows_at_every_get(akamai_reporting_transcripts: Transcripts) -> None:
    for one, other in repeated(*akamai_reporting_transcripts):
        if not other.has_data:
            raise Broken(f"the {len(one.rows)} rows of the GET before", _answered(other.exchange), other.exchange)
        expect.that(same_rows(one, other), f"the {len(one.rows)} rows of the GET before", "other rows", other.exchange)


@requirement("akamai_reporting.ready.same-order")
def test_a_ready_query_returns_its_rows_in_the_same_order_at_every_get(
    akamai_reporting_transcripts: Transcripts,
) -> None:
    for one, other in repeated(*akamai_reporting_transcripts):
        expect.precondition(same_rows(one, other), "it gives other rows", by=SAME_ROWS)
        expect.that(one.rows == other.rows, "the order of the GET before", "another order", other.exchange)


def _answered(exchange: Exchange) -> str:
    return f"{exchange.status_code} {exchange.media_type}"
