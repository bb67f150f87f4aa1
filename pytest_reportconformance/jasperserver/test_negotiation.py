"""Checks of content negotiation, and of the variants in which one request may be written."""

from __future__ import annotations

import pytest

from pytest_reportconformance.jasperserver.assertions import (
    FAILED,
    IN_JSON,
    IN_XML,
    SLOW_IN_JSON,
    accepted,
    pages_shown,
    started,
)
from pytest_reportconformance.jasperserver.media import JSON, STATUS_JSON, STATUS_XML, XML
from pytest_reportconformance.judging import expect
from pytest_reportconformance.register.register import requirement
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.transcript import Transcript

SEARCH = "jasperserver.search.running-listed"


def in_json(exchange: Exchange) -> None:
    """The answer is a JSON object with that media type."""
    expect.status(exchange, 200)
    expect.media_type(exchange, JSON)
    expect.that(isinstance(exchange.json(), dict), "a JSON object", exchange.json(), exchange)


def in_xml(exchange: Exchange, root: str) -> None:
    """The answer is XML with that root and media type."""
    expect.status(exchange, 200)
    expect.media_type(exchange, XML)
    expect.equal(exchange.xml.tag, root, "root element", exchange)


@requirement("jasperserver.negotiation.details-json")
@pytest.mark.parametrize("name", ["details", "details-many"])
def test_details_come_as_json(run_documented: Transcript, name: str) -> None:
    in_json(run_documented[name])


@requirement("jasperserver.negotiation.details-xml")
@pytest.mark.parametrize("name", ["details-xml", "details-xml-many"])
def test_details_come_as_xml(run_documented: Transcript, name: str) -> None:
    in_xml(run_documented[name], "reportExecution")


@requirement("jasperserver.negotiation.details-xml")
def test_details_of_a_running_report_come_as_xml(awaited: Transcript) -> None:
    in_xml(awaited["details-running-xml"], "reportExecution")


@requirement("jasperserver.negotiation.details-json")
def test_details_of_a_running_report_come_as_json(awaited: Transcript) -> None:
    in_json(awaited["details-running"])


@requirement("jasperserver.negotiation.details-json")
def test_details_of_a_quick_report_come_as_json(run_used: Transcript) -> None:
    in_json(run_used["details"])


@pytest.mark.parametrize(
    "run_documented",
    [
        pytest.param("json", marks=requirement("jasperserver.negotiation.run-json-body")),
        pytest.param("xml", marks=requirement("jasperserver.negotiation.run-xml-body")),
    ],
    indirect=True,
)
def test_a_run_accepts_a_body(run_documented: Transcript) -> None:
    runs = run_documented.starting("run")
    expect.that(any(run.succeeded for run in runs), "a run that is accepted", runs[-1].status_code, runs[-1])


@requirement("jasperserver.negotiation.run-answer")
@IN_JSON
def test_a_run_is_answered_in_json(run_documented: Transcript) -> None:
    expect.media_type(accepted(run_documented), JSON)


@requirement("jasperserver.negotiation.run-answer")
@IN_XML
def test_a_run_is_answered_in_xml(run_documented: Transcript) -> None:
    expect.media_type(accepted(run_documented), XML)


@requirement("jasperserver.negotiation.export-json")
def test_an_export_is_answered_in_json(run_documented: Transcript) -> None:
    answer = run_documented["export-json"]
    expect.precondition(answer.succeeded, f"the export was answered with {answer.status_code}", answer)
    in_json(answer)


@requirement("jasperserver.negotiation.export-xml")
def test_an_export_is_answered_in_xml(run_documented: Transcript) -> None:
    answer = run_documented["export-xml"]
    expect.precondition(answer.succeeded, f"the export was answered with {answer.status_code}", answer)
    in_xml(answer, "exportExecution")


def default_is_xml(exchange: Exchange, *roots: str) -> None:
    """Without an Accept header the answer is XML, plain or extended."""
    expect.media_type(exchange, XML, STATUS_XML)
    expect.among(exchange.xml.tag, roots, "root element", exchange)


@requirement("jasperserver.negotiation.status-default-xml")
def test_a_status_is_xml_by_default(run_documented: Transcript) -> None:
    expect.status(run_documented["status-default"], 200)
    default_is_xml(run_documented["status-default"], "status")


@requirement("jasperserver.negotiation.status-default-xml")
@FAILED
def test_the_status_of_a_failed_report_is_xml_by_default(failed: Transcript) -> None:
    expect.status(failed["status-default"], 200)
    default_is_xml(failed["status-default"], "status")


@requirement("jasperserver.negotiation.export-status-default-xml")
def test_the_status_of_an_export_is_xml_by_default(run_documented: Transcript) -> None:
    expect.status(run_documented["export-status-default"], 200)
    default_is_xml(run_documented["export-status-default"], "status")


@requirement("jasperserver.negotiation.export-default-xml")
def test_an_export_is_answered_in_xml_by_default(run_documented: Transcript) -> None:
    others = [run_documented[f"export-{name}"] for name in ("json", "xml")]
    expect.precondition(any(other.succeeded for other in others), "no export is accepted", others[0])
    expect.status(run_documented["export-default"], 200)
    default_is_xml(run_documented["export-default"], "exportExecution")


@requirement("jasperserver.negotiation.search-default-xml")
@SLOW_IN_JSON
def test_a_search_is_answered_in_xml_by_default(run_slow: Transcript) -> None:
    answer = run_slow["search"]
    expect.precondition(answer.status_code == 200, f"the search was answered with {answer.status_code}", answer, SEARCH)
    default_is_xml(answer, "reportExecutions")


@requirement("jasperserver.negotiation.cancel-default-xml")
@SLOW_IN_JSON
def test_a_cancel_is_answered_in_xml_by_default(run_slow: Transcript) -> None:
    answer = run_slow["cancel"]
    expect.seen(answer.status_code != 204, "the report was over before it was cancelled")
    expect.status(answer, 200)
    default_is_xml(answer, "status")


@requirement("jasperserver.negotiation.not-acceptable")
def test_a_status_as_html_answers_406(run_documented: Transcript) -> None:
    expect.refused(run_documented["status-html"], 406, control=run_documented["status-json"])


@requirement("jasperserver.negotiation.unsupported-media-type")
@IN_JSON
def test_a_run_in_plain_text_answers_415(run_refused: Transcript, run_documented: Transcript) -> None:
    expect.refused(run_refused["text-plain"], 415, control=started(run_documented))


@requirement("jasperserver.negotiation.quality-values")
def test_the_media_type_of_higher_quality_is_sent(run_documented: Transcript) -> None:
    expect.precondition(run_documented["details"].succeeded, "no details", run_documented["details"])
    for media in ("json", "xml"):
        answer = run_documented[f"details-{media}-first"]
        expect.status(answer, 200)
        expect.that(answer.media_type.endswith(media), f"a media type of {media}", answer.media_type, answer)


@requirement("jasperserver.negotiation.wildcard")
@pytest.mark.parametrize("name", ["details", "status", "export"])
def test_any_application_type_is_answered(run_documented: Transcript, name: str) -> None:
    control = {"details": "details", "status": "status-json", "export": "export-json"}[name]
    expect.precondition(run_documented[control].succeeded, "it is refused in any case", run_documented[control])
    expect.status(run_documented[f"{name}-any"], 200)
    expect.media_type(run_documented[f"{name}-any"], JSON, XML, STATUS_JSON, STATUS_XML)


@requirement("jasperserver.negotiation.charset-parameter")
def test_a_charset_in_accept_is_accepted(run_documented: Transcript) -> None:
    expect.precondition(run_documented["details"].succeeded, "no details", run_documented["details"])
    expect.status(run_documented["details-charset"], 200)


@requirement("jasperserver.negotiation.unknown-xml-elements")
@IN_XML
def test_unknown_elements_are_ignored(run_documented: Transcript) -> None:
    expect.precondition(run_documented["export-xml"].succeeded, "no export in XML", run_documented["export-xml"])
    expect.status(run_documented["export-unknown-elements"], 200)


@requirement("jasperserver.negotiation.mixed-families")
@pytest.mark.parametrize("run_parameters", ["xml"], indirect=True)
def test_a_run_in_xml_is_answered_in_json(run_parameters: Transcript) -> None:
    run = run_parameters["run"]
    expect.precondition(run.succeeded or run_parameters["run-same-family"].succeeded, "no run in XML is accepted", run)
    expect.that(run.succeeded, "a run that is accepted", run.status_code, run)
    expect.media_type(run, JSON)


def _variant(run_variants: Transcript, name: str) -> Exchange:
    """The run in a variant, alone or combined with all others; blocks if not even a plain run is accepted."""
    if "run-plain" not in run_variants:
        return run_variants["run-together"]
    expect.precondition(run_variants["run-plain"].succeeded, "no run is accepted", run_variants["run-plain"])
    return run_variants[f"run-{name}"]


def _output(run_variants: Transcript, name: str) -> Exchange:
    """The output of such a run."""
    together = "run-plain" not in run_variants
    return run_variants["output-together" if together else f"output-{name}"]


def _pages(run_variants: Transcript, name: str) -> list[int]:
    """The pages that the output of such a run shows."""
    return pages_shown(_output(run_variants, name), run_variants.fact("shows"))


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("charset", marks=requirement("jasperserver.negotiation.charset-parameter")),
        pytest.param("xml-answer", marks=requirement("jasperserver.negotiation.mixed-families")),
        pytest.param("boolean-as-text", marks=requirement("jasperserver.negotiation.boolean-as-text")),
        pytest.param("pages-as-number", marks=requirement("jasperserver.negotiation.pages-as-number")),
        pytest.param("unknown-members", marks=requirement("jasperserver.negotiation.unknown-json-members")),
        pytest.param("null-members", marks=requirement("jasperserver.negotiation.null-members")),
        pytest.param("format-case", marks=requirement("jasperserver.run.format-case")),
        pytest.param("optional-properties", marks=requirement("jasperserver.run.optional-properties")),
        pytest.param("single-page", marks=requirement("jasperserver.run.single-page")),
    ],
)
def test_a_run_in_a_variant_is_accepted(run_variants: Transcript, name: str) -> None:
    run = _variant(run_variants, name)
    expect.that(run.succeeded, "a run that is accepted", run.status_code, run)


@requirement("jasperserver.negotiation.mixed-families")
def test_a_run_in_json_is_answered_in_xml(run_variants: Transcript) -> None:
    run = _variant(run_variants, "xml-answer")
    expect.precondition(run.succeeded, f"the run was answered with {run.status_code}", run)
    expect.media_type(run, XML)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("single-page", marks=requirement("jasperserver.run.single-page")),
        pytest.param("pages-as-number", marks=requirement("jasperserver.negotiation.pages-as-number")),
    ],
)
def test_the_output_is_restricted_to_one_page(run_variants: Transcript, name: str) -> None:
    expect.precondition(_variant(run_variants, name).succeeded, "the run was refused")
    expect.equal(_pages(run_variants, name), [2], "pages in the output", _output(run_variants, name))


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("null-members", marks=requirement("jasperserver.negotiation.null-members")),
        pytest.param("boolean-as-text", marks=requirement("jasperserver.negotiation.boolean-as-text")),
        pytest.param("format-case", marks=requirement("jasperserver.run.format-case")),
        pytest.param("unknown-members", marks=requirement("jasperserver.negotiation.unknown-json-members")),
    ],
)
def test_a_variant_changes_nothing(run_variants: Transcript, name: str) -> None:
    expect.precondition(_variant(run_variants, name).succeeded, "the run was refused")
    if "run-plain" in run_variants:
        alike = "single-page" if name == "boolean-as-text" else "plain"
        expect.precondition(f"output-{alike}" in run_variants, "an ordinary run has no output")
        found = _pages(run_variants, name) if f"output-{name}" in run_variants else []
        expect.equal(found, _pages(run_variants, alike), "pages in the output", run_variants[f"run-{name}"])


@IN_JSON
@pytest.mark.parametrize(
    ("name", "alike"),
    [
        pytest.param("unknown-members", "json", marks=requirement("jasperserver.negotiation.unknown-json-members")),
        pytest.param("null-members", "json", marks=requirement("jasperserver.negotiation.null-members")),
        pytest.param("page-number", "ordinary", marks=requirement("jasperserver.negotiation.pages-as-number")),
        pytest.param("boolean-as-text", "ordinary", marks=requirement("jasperserver.negotiation.boolean-as-text")),
    ],
)
def test_an_export_in_a_variant_is_accepted(run_documented: Transcript, name: str, alike: str) -> None:
    control, answer = run_documented[f"export-{alike}"], run_documented[f"export-{name}"]
    expect.precondition(control.succeeded, "no export is accepted", control)
    expect.that(answer.succeeded, "an export that is accepted", answer.status_code, answer)
    expect.precondition("output-ordinary" in run_documented, "an ordinary export has no output", control)
    texts = run_documented.fact("shows")
    made = pages_shown(run_documented[f"output-{name}"], texts) if f"output-{name}" in run_documented else []
    plain = pages_shown(run_documented["output-ordinary"], texts)
    wanted = plain if alike == "ordinary" else list(range(1, len(texts) + 1))
    expect.equal(made, wanted, "pages in the output", answer)
