"""Checks of ids and URIs in the answers of all scenarios: they are those of the request and of earlier answers."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile
from urllib.parse import unquote

from pytest_reportconformance.jasperserver import descriptors
from pytest_reportconformance.jasperserver.contract import OPERATIONS, members_of
from pytest_reportconformance.jasperserver.described import nulls, objects
from pytest_reportconformance.jasperserver.history import History, Statement, histories
from pytest_reportconformance.judging import contract, expect
from pytest_reportconformance.register.register import requirement
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.transcript import Transcript

Transcripts = tuple[Transcript, ...]
DETAILS = OPERATIONS["details"]

ANOTHER_CASE = "case-"
"""How the names of steps with an id in another letter case begin: another requirement is about them."""


def requested(exchange: Exchange, name: str = "requestId") -> str:
    """A path parameter of a request."""
    return unquote((DETAILS.parameters(exchange) or OPERATIONS["export"].parameters(exchange) or {}).get(name, ""))


@requirement("jasperserver.details.same-request")
def test_all_details_are_those_of_the_requested_execution(jasperserver_transcripts: Transcripts) -> None:
    def judge(exchange: Exchange) -> None:
        shown = descriptors.request_id(exchange)
        if exchange.name.startswith(ANOTHER_CASE):
            return
        expect.that(shown == requested(exchange), f"requestId = {requested(exchange)}", shown, exchange)

    contract.holds_for_bodies(jasperserver_transcripts, DETAILS, "requestId", judge)


@requirement("jasperserver.details.export-ids-distinct")
def test_no_details_of_any_execution_list_an_export_twice(jasperserver_transcripts: Transcripts) -> None:
    def judge(exchange: Exchange) -> None:
        exports = descriptors.descriptor(exchange).get("exports") if descriptors.readable(exchange) else None
        ids = [str(one.get("id")) for one in exports if isinstance(one, dict)] if isinstance(exports, list) else []
        expect.equal(len(set(ids)), len(ids), "the number of distinct ids", exchange)

    contract.holds_for_bodies(jasperserver_transcripts, DETAILS, "ids of exports", judge)


@requirement("jasperserver.details.absent-not-null")
def test_no_details_of_any_execution_have_a_member_that_is_null(jasperserver_transcripts: Transcripts) -> None:
    def judge(exchange: Exchange) -> None:
        members = descriptors.descriptor(exchange) if descriptors.readable(exchange) else {}
        expect.equal(list(nulls(members)), [], "the members that are null", exchange)

    contract.holds_for_bodies(jasperserver_transcripts, DETAILS, "members that are null", judge)


@requirement("jasperserver.run.report-uri")
def test_all_details_show_the_report_that_was_run(jasperserver_transcripts: Transcripts) -> None:
    asked = dict(pair for transcript in jasperserver_transcripts for pair in _reports(transcript))

    def judge(exchange: Exchange) -> None:
        if descriptors.readable(exchange):
            shown, wanted = descriptors.descriptor(exchange).get("reportURI"), asked.get(requested(exchange))
            same = wanted is None or shown is None or str(shown).removeprefix("repo:") == wanted
            expect.that(same, f"reportURI = {wanted}", shown, exchange)

    contract.holds_for_bodies(jasperserver_transcripts, DETAILS, "reportURI", judge)


def _reports(transcript: Transcript) -> Iterator[tuple[str, str]]:
    """The executions that a scenario started, each with the report that was requested."""
    for exchange in transcript:
        if exchange.request.creates == "execution" and exchange.succeeded:
            id, members = descriptors.request_id(exchange), members_of(exchange)
            uri = members.get("reportUnitUri") if isinstance(members, dict) else None
            if id is not None and isinstance(uri, str):
                yield id, uri.removeprefix("repo:")


@requirement("jasperserver.negotiation.json-and-xml-agree")
def test_all_details_in_xml_list_exports_that_json_shows(jasperserver_transcripts: Transcripts) -> None:
    for one in histories(jasperserver_transcripts):
        answers = [each for each in one.of("run", "details", "export") if not descriptors.is_xml(each.exchange)]
        shown = sorted({id for each in answers for id in _exports(each)})
        for details in one.of("details"):
            if descriptors.is_xml(details.exchange) and _followed_by_json(one, details):
                for id in _exports(details):
                    expect.among(id, shown, "id of an export in XML", details.exchange)


def _exports(statement: Statement) -> list[str]:
    """The ids of the exports that the answer to a run, to an export or to a request for details shows."""
    exports = statement.asked.operation == "export"
    shown = statement.members if exports else statement.members.get("exports")
    listed = objects([shown] if isinstance(shown, dict) else shown)  # others judge one that is in no array
    return [one["id"] for one in listed if isinstance(one.get("id"), str)]


def _followed_by_json(one: History, details: Statement) -> bool:
    """Whether details in JSON were requested later, before anything but GET was: they list all that the XML lists."""
    later = [each for each in one.statements if each.exchange.started >= details.end]
    reads = takewhile(lambda each: each.exchange.request.method == "GET", later)
    answered = (each for each in reads if each.asked.operation == "details" and each.exchange.status_code == 200)
    return any(not descriptors.is_xml(each.exchange) for each in answered)
