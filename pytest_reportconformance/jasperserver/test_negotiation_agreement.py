"""Checks that the JSON and XML details of one execution agree."""

from __future__ import annotations

import pytest

from pytest_reportconformance.jasperserver import descriptors
from pytest_reportconformance.judging import expect
from pytest_reportconformance.register.register import requirement
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.transcript import Transcript


def _agree(json: Exchange, xml: Exchange) -> None:
    for exchange in (json, xml):
        expect.precondition(exchange.status_code == 200, f"details were answered with {exchange.status_code}", exchange)
    expect.equal(_summary(xml), _summary(json), "the details in XML", xml)
    in_json, in_xml = _files(json), _files(xml)
    for what in in_json.keys() & in_xml.keys():
        expect.equal(in_xml[what], in_json[what], f"{' of '.join(what)} in XML", xml)


@requirement("jasperserver.negotiation.json-and-xml-agree")
@pytest.mark.parametrize("when", ["", "-many"])
def test_details_agree_in_json_and_xml(run_documented: Transcript, when: str) -> None:
    _agree(run_documented[f"details{when}"], run_documented[f"details-xml{when}"])


@requirement("jasperserver.negotiation.json-and-xml-agree")
def test_details_of_a_failed_run_agree_in_json_and_xml(run_invalid: Transcript) -> None:
    _agree(run_invalid["details"], run_invalid["details-xml"])


@requirement("jasperserver.negotiation.json-and-xml-agree")
def test_details_of_many_exports_agree_in_json_and_xml(exported: Transcript) -> None:
    _agree(exported["details"], exported["details-xml"])


@requirement("jasperserver.negotiation.json-and-xml-agree")
def test_details_with_attachments_agree_in_json_and_xml(illustrated: Transcript) -> None:
    _agree(illustrated["details"], illustrated["details-xml"])


def _summary(details: Exchange) -> dict[str, object]:
    """The members that are the same in both."""
    exports = sorted((str(one.get("id")), str(one.get("status"))) for one in descriptors.exports(details))
    return {
        "requestId": descriptors.id_of(details),
        "status": descriptors.member(details, "status"),
        "exports": exports,
    }


def _files(details: Exchange) -> dict[tuple[str, str], object]:
    """What is the same in both if both show it: report, type of each output, names and types of attachments."""
    uri = str(descriptors.descriptor(details).get("reportURI") or "").removeprefix("repo:")
    found: dict[tuple[str, str], object] = {("reportURI", "the report"): uri}
    for one in descriptors.exports(details):
        output, attachments = one.get("outputResource"), one.get("attachments")
        found["contentType", str(one.get("id"))] = output.get("contentType") if isinstance(output, dict) else None
        listed = attachments if isinstance(attachments, list) else []
        names = {str(each["fileName"]): each.get("contentType") for each in listed if _named(each)}
        found["attachments", str(one.get("id"))] = names
    return {what: value for what, value in found.items() if value}


def _named(attachment: object) -> bool:
    return isinstance(attachment, dict) and bool(attachment.get("fileName")) and bool(attachment.get("contentType"))
