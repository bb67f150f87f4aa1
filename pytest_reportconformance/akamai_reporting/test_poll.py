"""Checks of polling: GET of a query's Location until its data is ready."""

from __future__ import annotations

from collections import Counter

from pytest_reportconformance.akamai_reporting import (
    assertions,
    http_fields,
    links,
    observation,
    poll_series,
    query_conditions,
    query_results,
    submissions,
)
from pytest_reportconformance.akamai_reporting.query_results import Transcripts
from pytest_reportconformance.http.retry_after import retry_after
from pytest_reportconformance.judging import expect
from pytest_reportconformance.register.register import requirement
from pytest_reportconformance.transcript.exchange import LIMITED, Exchange
from pytest_reportconformance.transcript.transcript import Transcript

STATUS = "akamai_reporting.poll.pending-status"
SAME_ROWS = "akamai_reporting.ready.same-rows"
READY = "akamai_reporting.poll.becomes-ready"
STAYS = "akamai_reporting.poll.stays-ready"


@requirement("akamai_reporting.poll.immediate-poll")
def test_a_poll_right_after_the_submission_is_answered(impatient: Transcript, polled: Transcript) -> None:
    assertions.locations_lead_to_queries(impatient, polled)
    polls = [*impatient.all("impatient-at-once"), impatient["impatient-fresh"], *impatient.all("impatient-poll")]
    first = next((poll for poll in polls if poll.status_code != 429), polls[-1])
    expect.seen(first.status_code != 429, f"each of {len(polls)} polls was answered 429")
    if not first.succeeded:
        expect.status(first, 303)


@requirement("akamai_reporting.poll.pending-status")
def test_every_poll_before_the_data_is_ready_is_answered_303(akamai_reporting_transcripts: Transcripts) -> None:
    for _, poll in poll_series.pending(*akamai_reporting_transcripts):
        expect.status(poll, 303)


def redirects(*transcripts: Transcript) -> list[tuple[poll_series.Series, Exchange]]:
    """The 303 answers before the data was ready; blocked if there are others only."""
    found = [(one, poll) for one, poll in poll_series.pending(*transcripts) if poll.status_code == 303]
    expect.precondition(bool(found), "no poll before the data was ready is answered 303", by=STATUS)
    return found


def all_redirects(*transcripts: Transcript) -> list[Exchange]:
    """The same, and those in sessions of their own."""
    fresh = [poll for one in poll_series.series(*transcripts) for poll in one.fresh]
    return [*(poll for _, poll in redirects(*transcripts)), *(poll for poll in fresh if _is_303(poll))]


def _is_303(exchange: Exchange) -> bool:
    return exchange.response is not None and exchange.error is None and exchange.status_code == 303


def pending_links(*transcripts: Transcript) -> list[tuple[poll_series.Series, Exchange, str]]:
    """The Locations of pending answers, as written; blocked if there is none."""
    found = [(one, poll, poll.header_values("Location")) for one, poll in redirects(*transcripts)]
    written = [(one, poll, values[0]) for one, poll, values in found if values and values[0]]
    expect.precondition(bool(written), "no pending answer has a Location", by="akamai_reporting.poll.pending-location")
    return written


@requirement("akamai_reporting.poll.pending-location")
def test_every_pending_answer_has_a_location(akamai_reporting_transcripts: Transcripts) -> None:
    for _, poll in redirects(*akamai_reporting_transcripts):
        expect.that(bool(poll.header("Location")), "a Location that is not empty", "an empty one", poll)


@requirement("akamai_reporting.poll.pending-same-link")
def test_every_pending_location_is_that_of_the_submission(akamai_reporting_transcripts: Transcripts) -> None:
    for one, poll, _ in pending_links(*akamai_reporting_transcripts):
        for written in poll.header_values("Location"):
            found = links.resolve(poll.request.url, written)
            expect.that(links.same(found, one.link), f"the link of the submission, {one.link}", found, poll)


@requirement("akamai_reporting.poll.pending-same-spelling")
def test_every_pending_location_is_identical_to_that_of_the_submission(
    akamai_reporting_transcripts: Transcripts,
) -> None:
    for one, poll, written in pending_links(*akamai_reporting_transcripts):
        found = links.resolve(poll.request.url, written)
        expect.precondition(
            links.same(found, one.link), f"another link: {found}", by="akamai_reporting.poll.pending-same-link"
        )
        known = one.submitted.header_values("Location")
        by = "akamai_reporting.submit.location-present"
        expect.precondition(bool(known), "the submission has no Location", by=by)
        expect.equal(written, known[0], "the Location", poll)


@requirement("akamai_reporting.poll.pending-no-rows")
def test_a_pending_answer_has_no_rows(akamai_reporting_transcripts: Transcripts) -> None:
    for one, poll in redirects(*akamai_reporting_transcripts):
        columns = submissions.columns(one.submitted, *akamai_reporting_transcripts)
        expect.that(not observation.carries_rows(poll, columns), "no rows", poll.text, poll)


@requirement("akamai_reporting.poll.pending-not-fresh")
def test_a_pending_answer_has_no_freshness_lifetime(akamai_reporting_transcripts: Transcripts) -> None:
    for poll in all_redirects(*akamai_reporting_transcripts):
        found = http_fields.freshness(poll)
        expect.that(found is None, "no explicit freshness", found, poll)


@requirement("akamai_reporting.poll.retry-after-present")
def test_a_pending_answer_has_a_retry_after(akamai_reporting_transcripts: Transcripts) -> None:
    for poll in all_redirects(*akamai_reporting_transcripts):
        poll.header("Retry-After")


@requirement("akamai_reporting.poll.retry-after-valid")
def test_the_retry_after_of_a_pending_answer_is_seconds_or_a_date(akamai_reporting_transcripts: Transcripts) -> None:
    advised = [poll for poll in all_redirects(*akamai_reporting_transcripts) if poll.header_values("Retry-After")]
    expect.applies(bool(advised), "no pending answer has Retry-After")
    for poll in advised:
        value = poll.header("Retry-After")
        expect.that(http_fields.is_retry_after(value), "seconds or an HTTP date", value, poll)


@requirement("akamai_reporting.poll.becomes-ready")
def test_polling_ends_with_the_data(akamai_reporting_transcripts: Transcripts) -> None:
    for result in query_results.awaited(*akamai_reporting_transcripts):
        last = result.transcript[f"{result.name}-poll"]
        ending = result.transcript.ended
        open_end = ending is not None and ending.outcome == "inconclusive" and not query_conditions.overdue(result)
        if open_end and not last.succeeded:  # a success without data is no query that is pending
            raise result.transcript.not_reached("data")
        expect.that(
            observation.has_data(last), f"the data of the query {result.name!r} in the end", last.status_code, last
        )


@requirement("akamai_reporting.poll.stays-ready")
def test_a_ready_query_is_never_pending_again(akamai_reporting_transcripts: Transcripts) -> None:
    found = [exchange for one in poll_series.series(*akamai_reporting_transcripts) for exchange in one.after[1:]]
    expect.precondition(bool(found), "no query became ready", by=READY)
    for exchange in found:
        expect.never(exchange, 303)


@requirement("akamai_reporting.poll.link-of-own-query")
def test_no_poll_returns_the_location_of_another_query(akamai_reporting_transcripts: Transcripts) -> None:
    known = {one.link for one in poll_series.series(*akamai_reporting_transcripts)}
    expect.applies(len(known) > 1, "only one query was in flight")
    for one, poll, written in pending_links(*akamai_reporting_transcripts):
        found = links.resolve(poll.request.url, written)
        others = [link for link in known - {one.link} if links.same(link, found)]
        expect.that(not others, f"no link of a query other than {one.name!r}", found, poll)


@requirement("akamai_reporting.poll.rows-of-own-query")
def test_no_query_returns_the_rows_of_another(polled: Transcript, impatient: Transcript, paged: Transcript) -> None:
    watched = observation.multiset(query_results.QueryResult(polled, "watched").pages)
    late = query_results.QueryResult(polled, "twin").pages[0] if "twin-poll" in polled else poll_series.late(polled)
    expect.precondition(late.has_data, "the equal query is not ready", by=READY)
    twin = observation.multiset([late])
    asked = polled["watched-submit"].request
    known = query_results.results(["impatient", "whole", "one"], impatient, paged)
    queries = [result for result in known if result.submitted.request != asked]
    others = [observation.multiset(result.pages) for result in queries]
    mixed = watched != twin and (watched in others or twin in others)
    expect.that(not mixed, "equal rows of equal queries", "the rows of another query", late.exchange)
    expect.seen(watched == twin, "two equal queries yield different rows")
    expect.seen(any(rows != watched for rows in others), "queries that differ yield equal rows")


@requirement("akamai_reporting.poll.without-session")
def test_a_new_connection_without_cookies_gets_the_same_answer(impatient: Transcript, polled: Transcript) -> None:
    steady(polled, impatient)
    own, fresh = impatient["impatient-at-once"], impatient["impatient-fresh"]
    later = impatient.all("impatient-poll")[0] if "impatient-poll" in impatient else impatient["impatient-poll"]
    if own.status_code == 303 and fresh.status_code != 429:
        expect.that(
            fresh.status_code == 303 or observation.has_data(fresh), "303 or the data", fresh.status_code, fresh
        )
        expect.that(
            later.status_code != 303 or fresh.status_code == 303, "303, as in the session", fresh.status_code, fresh
        )
        link = impatient.fact("impatient-link")
        alike = fresh.status_code != 303 or not _leads_to(own, link) or _leads_to(fresh, link)
        expect.that(alike, f"the Location of the session, {link}", fresh.header_values("Location"), fresh)
    for transcript, name in ((polled, "watched"), (impatient, "impatient")):
        first, own = transcript[f"{name}-poll"], transcript[f"{name}-again-1"]
        expect.precondition(observation.has_data(own), "the session itself gets no data", by=READY)
        expect.precondition(_rows(first) == _rows(own), "the session itself gets other rows", by=SAME_ROWS)
        fresh = transcript[f"{name}-again-fresh"]
        alike = own.status_code == fresh.status_code and _rows(own) == _rows(fresh)
        expect.that(alike, "the rows that the session gets", f"{fresh.status_code} with other rows or none", fresh)


def steady(*transcripts: Transcript) -> None:
    """Blocked if a query was pending again after it was ready: its polls prove nothing else then."""
    anew = any(one.begins_anew for one in poll_series.series(*transcripts))
    expect.precondition(not anew, "a query that was ready is pending again", by=STAYS)


def _leads_to(exchange: Exchange, link: str) -> bool:
    found = [links.resolve(exchange.request.url, written) for written in exchange.header_values("Location")]
    return bool(found) and all(links.same(one, link) for one in found)


def _rows(exchange: Exchange) -> Counter[str]:
    return Counter(exchange.observed("page").get("rows", ()))


@requirement("akamai_reporting.poll.ready-without-polling")
def test_a_query_becomes_ready_without_being_polled(polled: Transcript) -> None:
    expect.precondition(observation.has_data(polled["watched-poll"]), "the equal query did not become ready", by=READY)
    steady(polled)
    late = poll_series.late(polled).exchange
    expect.that(observation.has_data(late), "data long after the equal query had it", late.status_code, late)
    expect.seen("twin-late-2" not in polled, "it was ready later than the equal query: slow, or waiting for a poll")


@requirement("akamai_reporting.poll.advised-interval")
def test_polling_as_slowly_as_advised_is_never_answered_429(
    polled: Transcript, impatient: Transcript, paged: Transcript, ordered: Transcript, row_by_row: Transcript
) -> None:
    transcripts = (polled, impatient, paged, ordered, row_by_row)
    found = poll_series.series(*transcripts)
    advised = [poll for one in found for poll in (one.submitted, *one.pending) if retry_after(poll) is not None]
    expect.applies(bool(advised), "no answer advises a pace")
    limited = [one for transcript in transcripts for one in transcript.all(LIMITED)]
    polls = {one.link: one for one in found}
    others = [one for one in limited if one.request.url not in polls]
    expect.applies(not others, f"other requests exceeded the limit of the account as well, {len(others)} times")
    for one in limited:
        expect.never(one, 429)


def immediate_polls(impatient: Transcript) -> list[Exchange]:
    """The polls that were sent at once; not applicable if the first one had the data."""
    found = impatient.all("impatient-at-once")
    expect.applies(bool(found) and not observation.has_data(found[0]), "the query was ready at its first poll")
    return found


@requirement("akamai_reporting.poll.too-fast")
def test_polling_too_fast_is_answered_303_or_429(impatient: Transcript, polled: Transcript) -> None:
    assertions.locations_lead_to_queries(impatient, polled)
    for poll in immediate_polls(impatient):
        if not observation.has_data(poll):
            expect.status(poll, 303, 429)


@requirement("akamai_reporting.poll.too-fast-becomes-ready")
def test_a_query_polled_too_fast_becomes_ready(impatient: Transcript, polled: Transcript) -> None:
    assertions.locations_lead_to_queries(impatient, polled)
    immediate_polls(impatient)
    last = impatient["impatient-poll"]
    expect.that(observation.has_data(last), "the data in the end", last.status_code, last)
