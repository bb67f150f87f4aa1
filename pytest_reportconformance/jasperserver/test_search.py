"""Checks of finding running and finished reports."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from pytest_reportconformance.jasperserver import descriptors
from pytest_reportconformance.judging import expect
from pytest_reportconformance.register.register import requirement
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.failures import Broken
from pytest_reportconformance.transcript.transcript import Transcript

PATTERN = ("fireTimeFrom-utc", "fireTimeFrom-offset", "fireTimeTo-utc", "fireTimeTo-offset", "fireTimes")
BAD = pytest.mark.parametrize("name", ["fireTimeFrom", "fireTimeTo"])
ENTRIES = pytest.mark.parametrize("media", ["json", "xml"])


def _lists(transcript: Transcript, name: str) -> None:
    """The search lists the running report, unless it was over by then, or first listed later."""
    id, search = descriptors.id_of(transcript["run"]), transcript[name]
    expect.status(search, 200, 204)
    if id not in descriptors.found_executions(search):
        going_on = descriptors.status(transcript["status"]) == "execution"
        later = id in descriptors.found_executions(transcript["still"])
        expect.seen(going_on or later, "the report was over before the end")
        known = [*transcript.all("known"), transcript["all-json"]]
        expect.seen(not later or any(_shows(id, each) for each in known), "the engine learned of the run late")
        raise Broken(f"a search that lists {id}", search.text[:200] or f"{search.status_code} without a body", search)


def _shows(id: str, search: Exchange) -> bool:
    return search.succeeded and id in descriptors.found_executions(search)


def _leaves_out(transcript: Transcript, name: str) -> None:
    """The search does not list the running report, although the search by its own URI does."""
    id, listed, by = descriptors.id_of(transcript["run"]), transcript["by-uri"], "jasperserver.search.by-report-uri"
    expect.precondition(id in descriptors.found_executions(listed), "by-uri does not list the report", listed, by)
    search = transcript[name]
    expect.status(search, 200, 204)
    expect.that(id not in descriptors.found_executions(search), f"a search without {id}", search.text[:200], search)


def _entries(exchange: Exchange) -> list[tuple[str, str | None]]:
    expect.precondition(exchange.status_code == 200, f"the search answered {exchange.status_code}", exchange)
    entries = list(descriptors.found_executions(exchange).items())
    expect.seen(bool(entries), "the result is empty")
    return entries


@requirement("jasperserver.search.running-listed")
@ENTRIES
def test_a_search_without_arguments_lists_the_running_report(searched: Transcript, media: str) -> None:
    _lists(searched, f"all-{media}")


@requirement("jasperserver.search.json")
def test_a_result_requested_in_json_is_json(searched: Transcript) -> None:
    search = searched["all-json"]
    expect.precondition(search.status_code == 200, f"the search answered {search.status_code}", search)
    expect.media_type(search, "application/json")
    expect.that(isinstance(search.json(), dict | list), "a JSON object or array", search.text[:100], search)


@requirement("jasperserver.search.xml")
def test_a_result_requested_in_xml_has_the_root_report_executions(searched: Transcript) -> None:
    search = searched["all-xml"]
    expect.precondition(search.status_code != 204, "the search found nothing", search)
    expect.status(search, 200)
    expect.media_type(search, "application/xml")
    expect.equal(search.xml.tag, "reportExecutions", "root element", search)


@requirement("jasperserver.search.request-id")
@ENTRIES
def test_each_entry_holds_a_request_id(searched: Transcript, media: str) -> None:
    search = searched[f"all-{media}"]
    expect.that("" not in dict(_entries(search)), "a request id in each entry", search.text[:200], search)


@requirement("jasperserver.search.report-uri")
@ENTRIES
def test_each_entry_holds_the_uri_of_its_report(searched: Transcript, media: str) -> None:
    search = searched[f"all-{media}"]
    expect.that(all(uri for _, uri in _entries(search)), "a reportURI in each entry", search.text[:200], search)
    id, uri = descriptors.id_of(searched["run"]), descriptors.member(searched["run"], "reportURI")
    found = dict(_entries(search))
    expect.seen(id in found, "the running report is not listed")
    expect.equal(
        str(found[id] or "").removeprefix("repo:"), str(uri).removeprefix("repo:"), "reportURI of the run", search
    )


@requirement("jasperserver.search.json-member")
def test_a_json_result_is_an_object_with_an_array(searched: Transcript) -> None:
    search = searched["all-json"]
    expect.precondition(search.status_code == 200, f"the search answered {search.status_code}", search)
    entries = search.json().get("reportExecution") if isinstance(search.json(), dict) else None
    expect.that(isinstance(entries, list), "an object with an array reportExecution", search.text[:200], search)


@requirement("jasperserver.search.listed-id-has-details")
def test_the_details_of_a_listed_execution_answer_200(searched: Transcript) -> None:
    id, listed = descriptors.id_of(searched["run"]), searched["all-json"]
    expect.precondition(id in descriptors.found_executions(listed), "the running report was not listed", listed)
    expect.status(searched["details"], 200)
    expect.equal(descriptors.request_id(searched["details"]), id, "requestId of the details", searched["details"])


@requirement("jasperserver.search.by-report-uri")
@pytest.mark.parametrize("name", ["by-uri", "by-uri-xml"])
def test_a_search_by_report_uri_lists_the_running_report(searched: Transcript, name: str) -> None:
    expect.status(searched[name], 200, 204)
    _lists(searched, name)


@requirement("jasperserver.search.other-report-uri")
@pytest.mark.parametrize("name", ["by-uri", "by-uri-xml", "by-other-uri"])
def test_a_search_by_report_uri_lists_only_executions_of_that_report(searched: Transcript, name: str) -> None:
    """URIs may be relative to the organization of the user or to the root of the repository."""
    search = searched[name]
    expect.status(search, 200, 204)
    asked = parse_qs(urlsplit(search.request.url).query)["reportURI"][0]
    uris = [uri for uri in descriptors.found_executions(search).values() if uri]
    others = [uri for uri in uris if not str(uri).endswith(asked)]
    expect.equal(others, [], "other reports in the result", search)


@requirement("jasperserver.search.each-once")
@pytest.mark.parametrize("name", ["all-json", "all-xml"])
def test_no_execution_is_listed_twice(searched: Transcript, name: str) -> None:
    expect.precondition(
        searched[name].status_code == 200, f"the search answered {searched[name].status_code}", searched[name]
    )
    ids = descriptors.listed_executions(searched[name])
    expect.equal(len(set(ids)), len(ids), "number of different request ids", searched[name])


@requirement("jasperserver.search.other-report-uri")
@pytest.mark.parametrize("name", ["by-other-uri", "by-longer-uri", "by-shorter-uri", "by-same-name", "by-folder"])
def test_a_search_by_another_report_uri_does_not_list_the_report(searched: Transcript, name: str) -> None:
    _leaves_out(searched, name)


@requirement("jasperserver.search.unknown-job")
@pytest.mark.parametrize("name", ["by-unknown-job-id", "by-unknown-job-label"])
def test_a_search_by_an_unknown_job_answers_204_beside_a_running_report(searched: Transcript, name: str) -> None:
    expect.status(searched[name], 204)


@requirement("jasperserver.search.empty-argument")
def test_empty_arguments_count_as_absent(searched: Transcript) -> None:
    _lists(searched, "by-nothing")


@requirement("jasperserver.search.cancelled-not-listed")
def test_a_cancelled_execution_is_no_longer_listed(cancelled_at_once: Transcript) -> None:
    cancel = cancelled_at_once["cancel"]
    id = descriptors.id_of(cancelled_at_once["run"])
    expect.applies(cancel.status_code == 200, f"the cancel answered {cancel.status_code}")
    last, poll = cancelled_at_once["search"], cancelled_at_once["poll"]
    expect.precondition(descriptors.status(poll) == "cancelled", "the report is not cancelled", poll)
    expect.that(
        id not in descriptors.found_executions(last), "a search without the cancelled execution", last.text[:200], last
    )


@requirement("jasperserver.search.nothing-found")
@ENTRIES
def test_a_search_that_finds_nothing_answers_204_without_a_body(searched_in_vain: Transcript, media: str) -> None:
    expect.status(searched_in_vain[f"nothing-{media}"], 204)
    expect.empty(searched_in_vain[f"nothing-{media}"])


@requirement("jasperserver.search.nothing-found")
def test_no_search_answers_200_with_an_empty_result(searched: Transcript, searched_in_vain: Transcript) -> None:
    for search in (*searched_in_vain.begun(), *searched.starting("by-")):
        if search.status_code == 200:
            found = descriptors.found_executions(search)
            expect.that(bool(found), "204, as nothing was found", search.text[:200], search)


@requirement("jasperserver.search.fire-time-pattern")
@pytest.mark.parametrize("name", PATTERN)
def test_fire_times_in_the_documented_pattern_are_accepted(searched_in_vain: Transcript, name: str) -> None:
    expect.status(searched_in_vain[name], 200, 204)


@requirement("jasperserver.search.bad-fire-time")
@BAD
@pytest.mark.parametrize("case", ["bad", "no-such-day"])
def test_a_malformed_fire_time_answers_400(searched_in_vain: Transcript, name: str, case: str) -> None:
    expect.refused(searched_in_vain[f"{name}-{case}"], 400, control=searched_in_vain[f"{name}-utc"])


def _refused(searched_in_vain: Transcript, name: str) -> tuple[Exchange, dict[str, object]]:
    bad = searched_in_vain[f"{name}-bad"]
    expect.precondition(bad.status_code == 400, f"the malformed fire time answered {bad.status_code}", bad)
    error = descriptors.error_descriptor(bad)
    expect.applies(error is not None, "the refusal has no error descriptor")
    return bad, error or {}


@requirement("jasperserver.search.bad-fire-time-code")
@BAD
def test_a_malformed_fire_time_has_its_error_code(searched_in_vain: Transcript, name: str) -> None:
    bad, error = _refused(searched_in_vain, name)
    expect.equal(error.get("errorCode"), "illegal.parameter.value.error", "errorCode", bad)


@requirement("jasperserver.search.bad-fire-time-name")
@BAD
def test_the_refusal_of_a_fire_time_names_the_argument(searched_in_vain: Transcript, name: str) -> None:
    bad, error = _refused(searched_in_vain, name)
    parameters = error.get("parameters")
    named = isinstance(parameters, list) and name in parameters
    expect.that(named, f"parameters with {name}", parameters, bad)


@requirement("jasperserver.search.bad-job-id")
def test_a_job_id_that_is_not_a_number_finds_nothing_or_is_refused(searched_in_vain: Transcript) -> None:
    search = searched_in_vain["bad-job-id"]
    refused = 400 <= search.status_code < 500
    nothing = search.status_code in (200, 204) and not descriptors.found_executions(search)
    expect.that(refused or nothing, "status 204 or 4xx, or an empty result", search.status_code, search)


@requirement("jasperserver.search.finished-listed")
def test_a_finished_execution_that_is_still_available_is_listed(deleted: Transcript) -> None:
    details, search = deleted["twin-before-details"], deleted["search-before"]
    expect.applies(details.status_code == 200, f"the details of the finished execution answered {details.status_code}")
    expect.status(search, 200, 204)
    for id in (descriptors.id_of(details), deleted.fact("deleted")):
        expect.that(id in descriptors.found_executions(search), f"a search that lists {id}", search.text[:200], search)


@requirement("jasperserver.search.finished-listed")
@pytest.mark.parametrize("name", ["search-after", "search-after-xml"])
def test_a_finished_execution_is_listed_when_another_one_is_deleted(deleted: Transcript, name: str) -> None:
    details, search = deleted["twin-after-details"], deleted[name]
    expect.applies(details.status_code == 200, f"the details of the finished execution answered {details.status_code}")
    expect.status(search, 200, 204)
    id = descriptors.id_of(details)
    expect.that(id in descriptors.found_executions(search), f"a search that lists {id}", search.text[:200], search)


@requirement("jasperserver.search.deleted-not-listed")
def test_a_deleted_execution_is_no_longer_listed(deleted: Transcript) -> None:
    id, before, last = deleted.fact("deleted"), deleted["search-before"], deleted["search-after"]
    xml = deleted["search-after-xml"]
    expect.applies(id in descriptors.found_executions(before), "finished executions are not listed")
    expect.precondition(deleted["delete"].succeeded, "the delete did not succeed", deleted["delete"])
    for search in (last, xml):
        found = descriptors.found_executions(search)
        expect.that(id not in found, "a search without the deleted execution", search.text[:200], search)
