"""Checks that read the transcripts of all scenarios: what they concern, and which exchange they name."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pytest_reportconformance.judging import collection, contract, evaluate, outcomes
from pytest_reportconformance.judging.contract import Operation
from pytest_reportconformance.judging.outcomes import Judgement
from pytest_reportconformance.register import apis, register
from pytest_reportconformance.transcript.exchange import Exchange, Request, Response, TransportError
from pytest_reportconformance.transcript.failures import Broken, NotReached
from pytest_reportconformance.transcript.transcript import Ending, Transcript

THING = Operation("thing", "GET", "/things/{id}", (200,), {"application/json": "status"})
PROMISED = "jasperserver.status.known"


def exchange(url: str, status: int = 200, body: bytes = b"{}", **changes: Any) -> Exchange:
    """A GET of a URL, with its answer."""
    response = Response(status, "", (("Content-Type", "application/json"),), body, len(body), "")
    request = Request("GET", url, (("Accept", "application/json"),))
    return replace(Exchange("look", "owner", request, response, 0.0, 0.1), **changes)


def transcripts(*exchanges: Exchange) -> tuple[Transcript, ...]:
    """Each exchange in a transcript of its own."""
    return tuple(Transcript("api", f"scenario-{number}", (one,)) for number, one in enumerate(exchanges))


@pytest.mark.parametrize("api", register.api_names())
def test_every_scenario_is_read_by_a_check_of_its_own(api: str) -> None:
    own = {need for check in evaluate.checks(api) for need in check.transcripts.values()}
    assert own == set(collection.all_needs(api))


@pytest.mark.parametrize("api", register.api_names())
def test_what_steps_establish_is_a_requirement_with_a_check_of_all_transcripts(api: str) -> None:
    checked = {check.requirement for check in evaluate.checks(api) if check.reads_all}
    root = apis.folder(api)
    files = [*root.glob("scenarios/*.py"), *root.glob("*_steps.py")]
    established = {id for id in register.load(api).requirements for file in files if f'"{id}"' in file.read_text()}
    assert established - checked == set()


@pytest.mark.parametrize("url", ["http://a/context/things/1", "http://a/things/a%2Fb/", "http://a/things/1?x=/y"])
def test_an_operation_is_found_by_method_and_path(url: str) -> None:
    assert THING.parameters(exchange(url)) is not None


@pytest.mark.parametrize("url", ["http://a/things", "http://a/things/1/parts", "http://a/thing/1"])
def test_other_paths_are_other_operations(url: str) -> None:
    assert THING.parameters(exchange(url)) is None


def test_a_violation_names_its_exchange_and_all_others() -> None:
    good, bad, worse = (exchange(f"http://a/things/{status}", status) for status in (200, 201, 202))
    found = transcripts(good, bad, worse)
    with pytest.raises(Broken, match="things/201") as raised:
        contract.documented_success(found, THING)
    assert raised.value.exchange is bad
    assert raised.value.others == (bad, worse)
    assert evaluate.holding(raised.value, found) == ["scenario-1", "scenario-2"]


def test_what_never_happened_is_not_applicable() -> None:
    refused = exchange("http://a/things/1", 404)
    with pytest.raises(NotReached) as raised:
        contract.documented_success(transcripts(refused), THING)
    assert raised.value.outcome == "not applicable"


def test_a_redirection_is_no_success_of_an_operation_that_documents_none() -> None:
    contract.documented_success(transcripts(exchange("http://a/things/1"), exchange("http://a/things/2", 302)), THING)
    moved = replace(THING, success=(200, 303))
    with pytest.raises(Broken):
        contract.documented_success(transcripts(exchange("http://a/things/2", 302)), moved)
    unknown = exchange("http://a/things/2", 302, identity="anonymous")
    contract.documented_success(transcripts(exchange("http://a/things/1"), unknown), moved)


def test_only_the_requested_media_type_is_expected() -> None:
    contract.media_type(transcripts(exchange("http://a/things/1")), THING, "application/json")
    with pytest.raises(NotReached):
        contract.media_type(transcripts(exchange("http://a/things/1")), THING, "application/xml")


def test_a_promise_that_is_not_kept_is_a_violation() -> None:
    def kept(one: Exchange) -> None:
        if one.status_code != 200:
            raise Broken("200", str(one.status_code), one)

    promised = exchange("http://a/things/1", establishes=PROMISED)
    contract.promise(transcripts(promised), PROMISED, kept)
    contract.promise(transcripts(exchange("http://a/things/1", 404), promised), PROMISED, kept)
    with pytest.raises(Broken):
        contract.promise(transcripts(replace(promised, response=exchange("", 404).response)), PROMISED, kept)
    late = replace(promised, response=None, error=TransportError("inconclusive", "no answer in time"))
    contract.promise(transcripts(late, promised), PROMISED, kept)


def test_a_scenario_that_ended_because_of_a_requirement_violates_it() -> None:
    promised = exchange("http://a/things/1", establishes=PROMISED)
    ended = Transcript("api", "cut", (promised,), ended=Ending("blocked", "not done within 5 s", PROMISED))
    with pytest.raises(Broken, match="not done within 5 s"):
        contract.promise((ended,), PROMISED, lambda one: None)


def test_a_blocked_check_has_a_cause_that_is_violated() -> None:
    cause = Judgement("a.b.violated", "test_one", "failed", transcripts=("first",))
    blocked = Judgement("a.b.blocked", "test_two", "blocked", by="a.b.held", transcripts=("first", "second"))
    elsewhere = replace(blocked, transcripts=("third",))
    found = outcomes.settled([cause, blocked, elsewhere])
    assert [one.by for one in found] == [None, "a.b.violated", "a.b.held"]
