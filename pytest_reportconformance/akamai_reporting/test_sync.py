"""Checks of the synchronous mode."""

from __future__ import annotations

from collections import Counter
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from pytest_reportconformance.akamai_reporting import assertions, links, observation
from pytest_reportconformance.akamai_reporting.query_results import REACH_ALL, QueryResult, Transcripts
from pytest_reportconformance.judging import expect
from pytest_reportconformance.register.register import requirement
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.failures import Missing
from pytest_reportconformance.transcript.transcript import Transcript

DATA = "akamai_reporting.sync.data"


def at_once(synchronous: Transcript, name: str) -> Exchange:
    """An answer; not applicable if it is a link to a query, which no document forbids."""
    exchange = synchronous[name]
    led = [links.resolve(exchange.request.url, written) for written in exchange.headers("Location")]
    later = exchange.status == 303 and any(links.place(link) for link in led)
    expect.applies(not later, f"{name}: answered with a link to a query")
    return exchange


def everywhere(transcripts: Transcripts) -> list[Exchange]:
    """All successful answers to synchronous requests for JSON, of all scenarios.

    Blocked if there are only refusals, not applicable if there are only links to queries.
    """
    sent = [one for transcript in transcripts for one in transcript if one.request.method == "POST"]
    found = [one for one in sent if "page" in one.observations and one.response is not None and one.succeeded]
    refused = [one for one in sent if "page" in one.observations and one.response is not None and one.status >= 400]
    expect.applies(bool(found or refused), "no synchronous request is answered at once")
    expect.precondition(bool(found), "no synchronous request is answered with data", by="akamai_reporting.sync.status")
    return found


def metadata(exchange: Exchange) -> dict[str, Any]:
    """The metadata of a synchronous answer; raises Missing."""
    expect.precondition(exchange.succeeded, f"{exchange.name}: no data", exchange)
    found = exchange.observed("page").get("metadata")
    if not isinstance(found, dict):
        raise Missing("an object metadata", str(found), exchange)
    return found


def member(exchange: Exchange, name: str) -> Any:
    """A member of the metadata; raises Missing."""
    found = metadata(exchange)
    if name not in found:
        raise Missing(f"a member metadata.{name}", ", ".join(found), exchange)
    return found[name]


def rows(exchange: Exchange, by: str = DATA) -> list[str]:
    """The digests of the rows; blocked if there is no array data."""
    page = exchange.observed("page") if exchange.succeeded else {}
    expect.precondition(page.get("data") == "array", f"{exchange.name}: no rows", exchange, by)
    found: list[str] = page["rows"]
    return found


def whole(synchronous: Transcript) -> list[str]:
    """The rows of the request; not applicable if two equal requests return different rows."""
    first, last = rows(at_once(synchronous, "whole")), rows(at_once(synchronous, "whole-again"))
    expect.applies(Counter(first) == Counter(last), "the rows of the report change between two equal requests")
    return first


def came_back(synchronous: Transcript, found: Counter[str]) -> bool:
    """Whether the asynchronous mode returns the rows of the first answer although a later answer had others."""
    first, between, last = (rows(synchronous[name]) for name in ("whole", "async-false", "whole-again"))
    return Counter(first) == found != Counter(between) and Counter(last) != found


def cut_off(synchronous: Transcript) -> bool:
    """Whether hasMoreRows is true, and totalRows of the asynchronous mode does not contradict it."""
    polls = synchronous.all("asynchronous-poll")
    page = polls[-1].observations.get("page", {}) if polls else {}
    total = page["metadata"].get("totalRows") if isinstance(page.get("metadata"), dict) else None
    return metadata(at_once(synchronous, "whole")).get("hasMoreRows") is True and total != synchronous.fact("rows")


@requirement("akamai_reporting.sync.status")
@pytest.mark.parametrize("name", ["whole", "limited", "limited-exactly", "limited-above", "whole-again"])
def test_a_post_without_async_is_answered_200(synchronous: Transcript, name: str) -> None:
    expect.status(at_once(synchronous, name), 200)


@requirement("akamai_reporting.sync.async-false")
def test_async_false_is_answered_like_no_async(synchronous: Transcript) -> None:
    expect.status(synchronous["async-false"], at_once(synchronous, "whole").status)
    answer, expected = at_once(synchronous, "async-false"), Counter(whole(synchronous))
    expect.equal(Counter(rows(answer)), expected, "the rows with async=false", answer)


@requirement("akamai_reporting.sync.content-type")
def test_synchronous_data_is_json(akamai_reporting_transcripts: Transcripts) -> None:
    for exchange in everywhere(akamai_reporting_transcripts):
        expect.media_type(exchange, "application/json")


@requirement("akamai_reporting.sync.data")
def test_synchronous_rows_are_the_array_data(akamai_reporting_transcripts: Transcripts) -> None:
    for exchange in everywhere(akamai_reporting_transcripts):
        page = exchange.observed("page")
        expect.equal(page.get("data", page["kind"]), "array", "the member data", exchange)


@requirement("akamai_reporting.sync.name")
def test_synchronous_metadata_has_a_name(akamai_reporting_transcripts: Transcripts) -> None:
    for exchange in everywhere(akamai_reporting_transcripts):
        found = member(exchange, "name")
        assertions.text(found, "a text metadata.name", found, exchange)


@pytest.mark.parametrize(
    "moment",
    [
        pytest.param("start", marks=requirement("akamai_reporting.sync.start")),
        pytest.param("end", marks=requirement("akamai_reporting.sync.end")),
    ],
)
def test_synchronous_metadata_has_date_times(akamai_reporting_transcripts: Transcripts, moment: str) -> None:
    for exchange in everywhere(akamai_reporting_transcripts):
        found = member(exchange, moment)
        expect.that(observation.is_date_time(found), f"a date-time metadata.{moment}", found, exchange)


@requirement("akamai_reporting.sync.links")
def test_synchronous_metadata_has_links(akamai_reporting_transcripts: Transcripts) -> None:
    for exchange in everywhere(akamai_reporting_transcripts):
        assertions.whole_links(member(exchange, "links"), "an array metadata.links with links", exchange)


@requirement("akamai_reporting.sync.has-more-rows")
def test_has_more_rows_is_a_boolean(akamai_reporting_transcripts: Transcripts) -> None:
    for exchange in everywhere(akamai_reporting_transcripts):
        found = member(exchange, "hasMoreRows")
        expect.that(isinstance(found, bool), "a boolean metadata.hasMoreRows", found, exchange)


@requirement("akamai_reporting.sync.self-link")
def test_a_synchronous_answer_links_to_itself_by_post(akamai_reporting_transcripts: Transcripts) -> None:
    for exchange in everywhere(akamai_reporting_transcripts):
        listed = metadata(exchange).get("links")
        expect.precondition(isinstance(listed, list), "there are no links", by="akamai_reporting.sync.links")
        assert isinstance(listed, list)
        own = [link for link in listed if links.is_whole(link) and link["rel"].lower() == "self"]
        expect.that(any("POST" in link["allow"] for link in own), "a link self that allows POST", listed, exchange)


@pytest.mark.parametrize(
    ("moment", "by"),
    [
        pytest.param(
            "start",
            "akamai_reporting.sync.start",
            marks=requirement("akamai_reporting.sync.start-echoed"),
            id="start",
        ),
        pytest.param(
            "end", "akamai_reporting.sync.end", marks=requirement("akamai_reporting.sync.end-echoed"), id="end"
        ),
    ],
)
def test_metadata_has_the_requested_time_range(akamai_reporting_transcripts: Transcripts, moment: str, by: str) -> None:
    sent = [(one, parse_qs(urlsplit(one.request.url).query)) for one in everywhere(akamai_reporting_transcripts)]
    asked = [(exchange, arguments[moment][0]) for exchange, arguments in sent if moment in arguments]
    expect.applies(bool(asked), f"no request gives a {moment}")
    for exchange, requested in asked:
        found = metadata(exchange).get(moment)
        expect.precondition(observation.is_date_time(found), f"metadata.{moment} is no date-time", exchange, by)
        equal = observation.moment(str(found)) == observation.moment(requested)
        expect.that(equal, f"metadata.{moment} at the instant {requested}", found, exchange)


@requirement("akamai_reporting.sync.limited")
@pytest.mark.parametrize(("name", "above"), [("limited", -1), ("limited-exactly", 0), ("limited-above", 1)])
def test_a_limit_bounds_the_rows(synchronous: Transcript, name: str, above: int) -> None:
    most = synchronous.fact("rows") + above
    found = len(rows(at_once(synchronous, name)))
    expect.that(found <= most, f"at most {most} rows", found, synchronous[name])


@requirement("akamai_reporting.sync.limited")
@pytest.mark.parametrize("name", ["limited", "limited-exactly", "limited-above"])
def test_a_limit_leaves_rows_of_the_same_request_without_limit(synchronous: Transcript, name: str) -> None:
    everything, found = Counter(whole(synchronous)), Counter(rows(at_once(synchronous, name)))
    expect.applies(not cut_off(synchronous), "the answer without limit is incomplete as well")
    expect.equal(
        len(found - everything), 0, "the number of rows that the same request without limit lacks", synchronous[name]
    )


@requirement("akamai_reporting.sync.more-rows")
def test_has_more_rows_is_true_if_limit_removes_rows(synchronous: Transcript) -> None:
    whole(synchronous)
    found = metadata(at_once(synchronous, "limited")).get("hasMoreRows")
    expect.precondition(isinstance(found, bool), "hasMoreRows is no boolean", by="akamai_reporting.sync.has-more-rows")
    expect.equal(found, True, "hasMoreRows with limit one below the rows", synchronous["limited"])


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("limited-above", marks=requirement("akamai_reporting.sync.no-more-rows")),
        pytest.param("limited-exactly", marks=requirement("akamai_reporting.sync.no-more-rows-at-limit")),
    ],
)
def test_has_more_rows_is_false_if_limit_removes_no_row(synchronous: Transcript, name: str) -> None:
    expected = len(whole(synchronous))
    expect.applies(not cut_off(synchronous), "the answer without limit is incomplete as well")
    expect.applies(len(rows(at_once(synchronous, name))) == expected, "the rows differ from those without limit")
    found = metadata(at_once(synchronous, name)).get("hasMoreRows")
    expect.precondition(isinstance(found, bool), "hasMoreRows is no boolean", by="akamai_reporting.sync.has-more-rows")
    expect.equal(found, False, "hasMoreRows with a limit that removes no row", at_once(synchronous, name))


@requirement("akamai_reporting.sync.page-size-tolerated")
def test_page_size_is_tolerated_without_async(synchronous: Transcript) -> None:
    expect.status(synchronous["page-size"], at_once(synchronous, "whole").status)


@requirement("akamai_reporting.sync.same-rows")
def test_both_modes_return_the_same_rows(synchronous: Transcript) -> None:
    last = synchronous.all("asynchronous-poll")[-1:]
    pages = [*last, *synchronous.starting("asynchronous-page-")]
    ended = synchronous.fact("asynchronous-ended")
    expect.seen(ended == "no next", f"not all pages of the asynchronous mode were fetched: {ended}")
    expect.applies(not cut_off(synchronous), "the synchronous answer is incomplete")
    found = Counter(row for page in pages for row in rows(page, "akamai_reporting.ready.data-array"))
    if came_back(synchronous, found):
        expect.equal(Counter(rows(synchronous["whole-again"])), found, "the rows", synchronous["whole-again"])
    expect.equal(found, Counter(whole(synchronous)), "the rows of the asynchronous mode", pages[-1])


@requirement("akamai_reporting.sync.same-rows")
def test_both_modes_return_the_same_filtered_rows(paged: Transcript) -> None:
    expect.applies("filtered" in paged.facts, "no dimension is known to filter by")
    everything, filtered = (
        (QueryResult(paged, name), rows(at_once(paged, step)))
        for name, step in (("whole", "sync"), ("one", "one-sync"))
    )
    steady = everything[0].ended == "no next" and _held(everything[0]) == Counter(everything[1])
    expect.applies(steady, "the rows without the filter differ as well")
    complete = filtered[0].reached_all and not any("lacking" in page.seen for page in filtered[0].pages)
    expect.precondition(complete, "not all rows of the asynchronous mode were fetched", by=REACH_ALL)
    expect.equal(_held(filtered[0]), Counter(filtered[1]), "the filtered rows", filtered[0].pages[0].exchange)


def _held(result: QueryResult) -> Counter[str]:
    return Counter(observation.multiset(result.distinct))
