"""Checks of the lists of reports."""

from __future__ import annotations

import re
from typing import Any

import pytest

from pytest_reportconformance.akamai_reporting import assertions, discovery
from pytest_reportconformance.judging import expect
from pytest_reportconformance.register.register import requirement
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.transcript import Transcript

STATUS = "akamai_reporting.discovery.status"
REPORTS = "akamai_reporting.discovery.reports"
LINK_FORM = re.compile(r"(/[^?#]*)?/reporting-api/v2/reports(/[^/?#]+){3}")
FAMILY, AREA, OPTIONS = "family ", "area ", "options "


def lists(listed: Transcript) -> list[Exchange]:
    """The lists that were answered, of all three levels."""
    found = [listed["all"], *listed.starting(FAMILY), *listed.starting(AREA)]
    expect.precondition(listed["all"].succeeded, "the list of reports is not answered", listed["all"], STATUS)
    return [exchange for exchange in found if exchange.succeeded]


def entries(listed: Transcript) -> list[tuple[Exchange, dict[str, Any]]]:
    """Every entry of every list."""
    found = [(answer, entry) for answer in lists(listed) for entry in discovery.objects(_reports(answer))]
    expect.applies(found != [], "no list has an entry")
    return found


def _reports(exchange: Exchange) -> Any:
    found = exchange.json()
    listed = found.get("reports") if isinstance(found, dict) else None
    expect.precondition(isinstance(listed, list), f"{exchange.name}: no array reports", exchange, REPORTS)
    return listed


@requirement("akamai_reporting.discovery.status")
def test_reports_are_listed(listed: Transcript) -> None:
    expect.status(listed["all"], 200)


@requirement("akamai_reporting.discovery.reports")
def test_a_list_is_an_object_with_reports(listed: Transcript) -> None:
    for exchange in lists(listed):
        expect.that(isinstance(exchange.field("reports"), list), "an array reports", exchange.json(), exchange)


@requirement("akamai_reporting.discovery.content-type")
def test_every_list_is_labelled_as_json(listed: Transcript) -> None:
    for exchange in lists(listed):
        expect.media_type(exchange, "application/json")


@requirement("akamai_reporting.discovery.report-name")
def test_every_report_has_a_name(listed: Transcript) -> None:
    for exchange, entry in entries(listed):
        assertions.text(entry.get("reportName"), "a text reportName", entry, exchange)


@requirement("akamai_reporting.discovery.report-link")
def test_every_report_has_a_link(listed: Transcript) -> None:
    for exchange, entry in entries(listed):
        assertions.text(entry.get("reportLink"), "a text reportLink", entry, exchange)


@requirement("akamai_reporting.discovery.report-status")
def test_every_report_has_a_known_status(listed: Transcript) -> None:
    for exchange, entry in entries(listed):
        expect.among(entry.get("status"), ("PUBLISHED", "DEPRECATED"), "status", exchange)


@requirement("akamai_reporting.discovery.report-link-form")
def test_every_link_is_a_path_to_a_report(listed: Transcript) -> None:
    for exchange, entry in entries(listed):
        link = entry.get("reportLink")
        if isinstance(link, str) and link:
            good = LINK_FORM.fullmatch(link) is not None
            expect.that(good, "a path /reporting-api/v2/reports/family/area/report", link, exchange)


@requirement("akamai_reporting.discovery.report-link-options")
def test_every_link_leads_to_options(listed: Transcript) -> None:
    answers = listed.starting(OPTIONS)
    expect.applies(answers != [], "no link of the documented form is listed")
    for exchange in answers:
        used = exchange.name == f"{OPTIONS}{listed.fact('used')}"
        expect.status(exchange, *((200,) if used else (200, 403)))
        if exchange.succeeded:
            found = discovery.body(exchange)
            good = bool({"metrics", "dimensions"} & found.keys())
            expect.that(good, "the options of a report", found or exchange.text, exchange)


@requirement("akamai_reporting.discovery.family-list")
def test_the_list_of_a_family_holds_its_reports(listed: Transcript) -> None:
    _holds_exactly(listed, FAMILY)


@requirement("akamai_reporting.discovery.area-list")
def test_the_list_of_an_area_holds_its_reports(listed: Transcript) -> None:
    _holds_exactly(listed, AREA)


def _holds_exactly(listed: Transcript, level: str) -> None:
    _reports(listed["all"])
    everything = _entries(listed["all"])
    parts = listed.starting(level)
    expect.applies(parts != [], "no link of the documented form is listed")
    for exchange in parts:
        part = exchange.name.removeprefix(level)
        expect.status(exchange, 200)
        _reports(exchange)
        expected = [entry for entry in everything if entry[0].startswith(f"{part}/")]
        expect.equal(_entries(exchange), expected, f"the reports of {part}", exchange)


def _entries(exchange: Exchange) -> list[tuple[str, str, str]]:
    """The entries of a list, sorted: family/area/report, name and status of each report."""
    found = discovery.listed(exchange)
    return sorted((path, str(one.get("reportName")), str(one.get("status"))) for path, one in found)


@pytest.mark.parametrize(
    ("name", "control"),
    [
        pytest.param("family", FAMILY, marks=requirement("akamai_reporting.discovery.unknown-family")),
        pytest.param("area", AREA, marks=requirement("akamai_reporting.discovery.unknown-area")),
        pytest.param("report", OPTIONS, marks=requirement("akamai_reporting.discovery.unknown-report")),
    ],
)
def test_an_unknown_name_is_not_found(listed: Transcript, name: str, control: str) -> None:
    known = [exchange for exchange in listed.starting(control) if exchange.succeeded]
    expect.precondition(known != [], f"no known {name} is answered", by=STATUS)
    expect.refused(listed[f"unknown-{name}"], 404, control=known[0])
