"""Checks of error answers: their descriptors, their formats, and what they must not contain."""

from __future__ import annotations

import re

import pytest

from pytest_reportconformance.jasperserver import descriptors
from pytest_reportconformance.jasperserver.assertions import IN_JSON, IN_XML, error_code, started
from pytest_reportconformance.jasperserver.scenarios.errors import ODD_IDS
from pytest_reportconformance.judging import expect
from pytest_reportconformance.register.register import requirement
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.transcript import Transcript

ABOUT = (
    *("unknown-status-json", "unknown-status-xml", "unknown-status-extended-json", "unknown-status-extended-xml"),
    *("unknown-details-json", "unknown-details-xml", "unknown-output-json", "unknown-output-xml"),
    *("unknown-export-json", "unknown-export-xml"),
)
"""Steps about an unknown execution. No document promises what a 404 about one holds."""
REFUSED_RUNS = ("bad-pages-json", "bad-pages-xml")
TRACES = re.compile(
    r"^\s+at [\w.$<>]+\([^)\n]*\)|^\s+at .+:\d+:\d+|Traceback \(most recent call last\)"
    r"|^\s*Caused by: [\w.]+:|\.java:\d+\)",
    re.MULTILINE,
)
CONTAINER = re.compile(
    r"Apache Tomcat(?:/[\w.]+)?|Powered by Jetty|JBoss ?Web(?:/[\w.]+)?|GlassFish Server|WebSphere|WebLogic|Undertow"
)
"""What the error pages of servlet containers are signed with."""
FAMILIES = pytest.mark.parametrize("family", ["json", "xml"])


def _explained(exchange: Exchange) -> None:
    """A 4xx with a body in JSON or XML; not applicable if it has none."""
    expect.applies(
        400 <= exchange.status_code < 500, f"{exchange.name} is not refused but answered {exchange.status_code}"
    )
    has_body = exchange.answer.size > 0 and exchange.media_type.endswith(("json", "xml"))
    expect.applies(has_body, f"{exchange.name} has no body in JSON or XML")


def _has_a_code(answer: Exchange) -> None:
    """A refusal with a body is an error descriptor with a code."""
    _explained(answer)
    found = descriptors.error_descriptor(answer) or {}
    expect.that(bool(found.get("errorCode")), "an error descriptor with an errorCode", answer.text[:200], answer)


@requirement("jasperserver.errors.descriptor")
@pytest.mark.parametrize("name", REFUSED_RUNS)
def test_a_refused_run_is_described_with_a_code(run_used: Transcript, name: str) -> None:
    _has_a_code(run_used[name])


@requirement("jasperserver.errors.unknown-id-descriptor")
@pytest.mark.parametrize("name", ABOUT)
def test_an_unknown_execution_is_described_with_a_code(run_used: Transcript, name: str) -> None:
    _has_a_code(run_used[name])


@requirement("jasperserver.errors.descriptor-family")
@pytest.mark.parametrize("name", REFUSED_RUNS)
def test_a_refused_run_is_described_in_the_requested_format(run_used: Transcript, name: str) -> None:
    _has_the_family(run_used[name], "xml" if name.endswith("xml") else "json")


@requirement("jasperserver.errors.unknown-id-descriptor-family")
@pytest.mark.parametrize("name", ABOUT)
def test_an_unknown_execution_is_described_in_the_requested_format(run_used: Transcript, name: str) -> None:
    _has_the_family(run_used[name], "xml" if name.endswith("xml") else "json")


def _has_the_family(answer: Exchange, family: str) -> None:
    """A refusal with a body has the requested format, by its media type and by its bytes."""
    _explained(answer)
    expect.that(answer.media_type.endswith(family), f"a media type of {family}", answer.media_type, answer)
    looks = "xml" if answer.text.lstrip("\ufeff \t\r\n").startswith("<") else "json"
    expect.equal(looks, family, "format of the body", answer)


@requirement("jasperserver.errors.names-missing-id")
@pytest.mark.parametrize("name", ABOUT)
def test_an_error_names_the_missing_id(run_used: Transcript, name: str) -> None:
    answer = run_used[name]
    found = descriptors.error_descriptor(answer)
    expect.applies(answer.status_code == 404 and found is not None, "no 404 answer with a descriptor")
    parameters = (found or {}).get("parameters")
    expect.that(
        isinstance(parameters, list) and run_used.fact("unknown") in parameters,
        f"parameters that name {run_used.fact('unknown')}",
        parameters,
        answer,
    )


@requirement("jasperserver.errors.access-denied-code")
@FAMILIES
def test_a_forbidden_run_has_its_code(run_forbidden: Transcript, family: str) -> None:
    answer = run_forbidden[f"{family}-async"]
    expect.equal(error_code(answer, 403), "access.denied", "errorCode", answer)


@requirement("jasperserver.errors.not-found-code")
@FAMILIES
def test_an_unknown_report_has_its_code(run_refused: Transcript, family: str) -> None:
    answer = run_refused[f"unknown-report-{family}-async"]
    expect.equal(error_code(answer, 404), "resource.not.found", "errorCode", answer)


@requirement("jasperserver.errors.missing-report-uri")
def test_a_run_without_a_report_answers_400(run_refused: Transcript, run_documented: Transcript) -> None:
    family = run_documented.fact("family")
    expect.refused(run_refused[f"no-uri-{family}"], 400, control=started(run_documented))


@requirement("jasperserver.errors.missing-report-uri-code")
@FAMILIES
def test_a_run_without_a_report_has_its_code(run_refused: Transcript, family: str) -> None:
    answer = run_refused[f"no-uri-{family}"]
    expect.equal(error_code(answer, 400), "mandatory.parameter.error", "errorCode", answer)


@requirement("jasperserver.errors.malformed-json")
@IN_JSON
def test_malformed_json_answers_400(run_refused: Transcript, run_documented: Transcript) -> None:
    answer = run_refused["malformed-json"]
    expect.refused(answer, 400, control=started(run_documented))
    found = descriptors.error_descriptor(answer)
    expect.equal((found or {}).get("errorCode"), "serialization.error", "errorCode", answer)


@requirement("jasperserver.errors.malformed-xml")
@IN_XML
def test_malformed_xml_answers_400(run_refused: Transcript, run_documented: Transcript) -> None:
    expect.refused(run_refused["malformed-xml"], 400, control=started(run_documented))


@requirement("jasperserver.errors.empty-body")
@pytest.mark.parametrize("name", ["empty-json", "empty-xml", "null"])
def test_a_run_without_a_body_is_refused(run_refused: Transcript, run_used: Transcript, name: str) -> None:
    answer = run_refused[name]
    expect.precondition(run_used["run"].succeeded, "no run is accepted", run_used["run"])
    expect.that(400 <= answer.status_code < 500, "status 4xx", answer.status_code, answer)


@requirement("jasperserver.errors.unusual-ids")
@pytest.mark.parametrize("operation", ["details", "status"])
@pytest.mark.parametrize("name", list(ODD_IDS))
def test_an_unusual_id_is_refused(run_used: Transcript, name: str, operation: str) -> None:
    answer = run_used[f"odd-{operation}-{name}"]
    expect.precondition(run_used["details"].succeeded, "no details", run_used["details"])
    expect.that(400 <= answer.status_code < 500, "status 4xx", answer.status_code, answer)


def no_trace(exchange: Exchange) -> None:
    """The answer holds no stack trace, not even within a JSON string."""
    plain = exchange.text.replace("\\r", "").replace("\\n", "\n").replace("\\t", "\t")
    expect.that(TRACES.search(plain) is None, "an answer without a stack trace", exchange.text[:200], exchange)


def _leaks(transcript: Transcript) -> None:
    container = ""
    for exchange in transcript:
        response = exchange.response
        if response is not None and response.status_code >= 400 and response.content:
            page = error_page(exchange)
            container = container or page
            if not page:
                no_trace(exchange)
    expect.applies(not container, f"an error page with a stack trace is that of the container, {container}")


def error_page(exchange: Exchange) -> str:
    """The name of the container whose error page an answer is, if that page holds a stack trace; else empty."""
    if exchange.media_type != "text/html" or TRACES.search(exchange.text) is None:
        return ""
    found = CONTAINER.search(exchange.text)
    return found[0] if found else ""


@requirement("jasperserver.errors.no-stack-trace")
def test_errors_about_an_execution_contain_no_stack_trace(run_used: Transcript) -> None:
    _leaks(run_used)


@requirement("jasperserver.errors.no-stack-trace")
def test_refused_runs_contain_no_stack_trace(run_refused: Transcript) -> None:
    _leaks(run_refused)


@requirement("jasperserver.errors.no-stack-trace")
def test_failed_runs_contain_no_stack_trace(run_invalid: Transcript) -> None:
    for name in ("status-json", "status-xml", "run-waiting"):
        no_trace(run_invalid[name])


@requirement("jasperserver.errors.letter-case")
@pytest.mark.parametrize(
    "name",
    [
        *("status", "details", "info", "page-status", "export-status", "output"),
        *("of-export-status", "of-export-output", "export", "parameters"),
    ],
)
def test_an_id_in_another_letter_case_is_unknown(run_used: Transcript, name: str) -> None:
    expect.precondition(run_used["details"].succeeded, "no details", run_used["details"])
    answer = run_used[f"case-{name}"]
    expect.that(400 <= answer.status_code < 500, "status 4xx", answer.status_code, answer)


@requirement("jasperserver.errors.letter-case")
def test_a_delete_of_an_id_in_another_letter_case_removes_nothing(run_used: Transcript) -> None:
    expect.precondition(run_used["details-last"].succeeded, "it was gone before", run_used["details-last"])
    expect.applies("case-delete" in run_used, "the id has no letters")
    expect.status(run_used["details-after-case"], 200)


@requirement("jasperserver.errors.no-stack-trace")
def test_reports_that_failed_show_no_stack_trace(failed: Transcript) -> None:
    for name in ("details", "details-xml", "status-extended-json", "status-extended-xml"):
        no_trace(failed[name])
    for exchange in (*failed.starting("export-status-"), *failed.all("output")):
        no_trace(exchange)


@requirement("jasperserver.errors.letter-case")
@pytest.mark.parametrize("name", ["case-execution", "case-export"])
def test_an_attachment_of_an_id_in_another_letter_case_is_unknown(illustrated: Transcript, name: str) -> None:
    control, answer = illustrated["attachment-0"], illustrated[name]
    expect.precondition(control.succeeded, f"the attachment answered {control.status_code}", control)
    expect.that(400 <= answer.status_code < 500, "status 4xx", answer.status_code, answer)
