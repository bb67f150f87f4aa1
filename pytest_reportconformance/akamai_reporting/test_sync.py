"""Checks of the synchronous mode."""

from __future__ import annotations

import json
from collections import Counter
from urllib.parse import parse_qs, urlsplit

import pytest

from pytest_reportconformance.akamai_reporting import assertions, contract, links, observation
from pytest_reportconformance.akamai_reporting.query_results import REACH_ALL, QueryResult, Transcripts
from pytest_reportconformance.akamai_reporting.sync_answers import (
    at_once,
    came_back,
    cut_off,
    everywhere,
    member,
    metadata,
    rows,
    whole,
)
from pytest_reportconformance.judging import expect
from pytest_reportconformance.register.register import requirement
from pytest_reportconformance.transcript.transcript import Transcript


@requirement("akamai_reporting.sync.status")
@pytest.mark.parametrize("name", ["whole", "limited", "limited-exactly", "limited-above", "whole-again"])
def test_a_post_without_async_is_answered_200(synchronous: Transcript, name: str) -> None:
    expect.status(at_once(synchronous, name), 200)


@requirement("akamai_reporting.sync.async-false")
def test_async_false_is_answered_like_no_async(synchronous: Transcript) -> None:
    expect.status(synchronous["async-false"], at_once(synchronous, "whole").status_code)
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
        path = f"{links.BASE}/{links.report_of(exchange.request.url)}/data"
        urls = [links.resolve(exchange.request.url, link["href"]).partition("?")[0] for link in own]
        expect.that(all(url.endswith(path) for url in urls), f"a link self to {path}", listed, exchange)


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
def test_every_limit_bounds_the_rows(akamai_reporting_transcripts: Transcripts) -> None:
    for exchange in everywhere(akamai_reporting_transcripts):
        most = json.loads(exchange.request.body or b"{}").get("limit")
        if most is not None:
            found = len(exchange.observed("page").get("rows", ()))
            expect.that(found <= most, f"at most {most} rows", found, exchange)


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


@requirement("akamai_reporting.sync.more-rows")
@pytest.mark.parametrize("name", ["limited-exactly", "limited-above"])
def test_has_more_rows_is_true_if_rows_are_missing(synchronous: Transcript, name: str) -> None:
    missing = len(whole(synchronous)) - len(rows(at_once(synchronous, name)))
    found = metadata(at_once(synchronous, name)).get("hasMoreRows")
    expect.precondition(isinstance(found, bool), "hasMoreRows is no boolean", by="akamai_reporting.sync.has-more-rows")
    expect.that(bool(found) or missing <= 0, f"true, because {missing} rows are missing", found, synchronous[name])


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


@pytest.mark.parametrize("name", ["whole", "async-false", "whole-again"])
@requirement("akamai_reporting.sync.no-more-rows")
def test_has_more_rows_is_false_if_no_row_is_missing(synchronous: Transcript, name: str) -> None:
    result = QueryResult(synchronous, "asynchronous")
    complete = result.ended == "no next" and result.pages[0].total == result.fetched_rows
    expect.applies(complete, "the number of rows that match is not known")
    answer = at_once(synchronous, name)
    expect.applies(Counter(rows(answer)) == _held(result), "the rows differ from those of the asynchronous mode")
    found = metadata(answer).get("hasMoreRows")
    expect.precondition(isinstance(found, bool), "hasMoreRows is no boolean", by="akamai_reporting.sync.has-more-rows")
    expect.equal(found, False, "hasMoreRows with all rows", answer)


@requirement("akamai_reporting.sync.page-size-tolerated")
def test_page_size_is_tolerated_without_async(synchronous: Transcript) -> None:
    expect.status(synchronous["page-size"], at_once(synchronous, "whole").status_code)


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


@requirement("akamai_reporting.ready.columns")
def test_every_synchronous_row_has_the_requested_columns(akamai_reporting_transcripts: Transcripts) -> None:
    for exchange in everywhere(akamai_reporting_transcripts):
        lacking = exchange.observed("page").get("lacking", {})
        expect.that(not lacking, f"a column {lacking.get('columns')}", lacking.get("row"), exchange)


@requirement("akamai_reporting.ready.numbers")
def test_synchronous_metrics_are_numbers(akamai_reporting_transcripts: Transcripts) -> None:
    metrics = contract.numeric_metrics(*akamai_reporting_transcripts)
    for exchange in everywhere(akamai_reporting_transcripts):
        texts = exchange.observed("page").get("texts", {})
        wrong = {name: texts[name] for name in metrics.get(links.report_of(exchange.request.url), ()) if name in texts}
        expect.that(not wrong, f"numbers as {', '.join(wrong)}", wrong, exchange)


@requirement("akamai_reporting.ready.whole-numbers")
def test_synchronous_long_metrics_are_whole_numbers(akamai_reporting_transcripts: Transcripts) -> None:
    metrics = contract.whole_metrics(*akamai_reporting_transcripts)
    for exchange in everywhere(akamai_reporting_transcripts):
        fractions = exchange.observed("page").get("fractions", {})
        known = metrics.get(links.report_of(exchange.request.url), ())
        wrong = {name: fractions[name] for name in known if name in fractions}
        expect.that(not wrong, f"whole numbers as {', '.join(wrong)}", wrong, exchange)
