"""Checks of the parameters of a run: which values reach the report, and which an input control refuses."""

from __future__ import annotations

import pytest

from pytest_reportconformance.jasperserver import descriptors
from pytest_reportconformance.jasperserver.assertions import IN_JSON, IN_XML, started
from pytest_reportconformance.jasperserver.media import STATUS_FORMS
from pytest_reportconformance.judging import expect, file_formats
from pytest_reportconformance.register.register import requirement
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.transcript import Transcript

PARAMETERS = "jasperserver.run.parameters-json"
FAILS = "jasperserver.run.invalid-parameter-fails"
REFUSED = "input.controls.validation.error"
JSON = pytest.mark.parametrize("run_parameters", ["json"], indirect=True)
XML = pytest.mark.parametrize("run_parameters", ["xml"], indirect=True)
EXTENDED = pytest.mark.parametrize("family", ["json", "xml"])


def _of_several(transcript: Transcript) -> list[str]:
    """The texts that show a parameter of several values: they hold each of its values."""
    several = [values for values in transcript.fact("valid").values() if len(values) > 1]
    return [text for text in transcript.fact("shows") if any(all(one in text for one in values) for values in several)]


def _shows(transcript: Transcript, texts: list[str]) -> None:
    output = transcript["output"]
    expect.precondition(output.status_code == 200, f"the output was answered with {output.status_code}", output)
    found = file_formats.of(output)
    expect.precondition(found.text is not None, "the output cannot be read", output)
    missing = [text for text in texts if " ".join(text.split()) not in (found.text or "")]
    expect.that(not missing, f"an output that shows {', '.join(missing)}", found.text, output)


@requirement("jasperserver.run.parameters-xml")
@XML
@IN_XML
def test_parameters_in_xml_reach_the_report(run_parameters: Transcript, run_documented: Transcript) -> None:
    accepted = any(run.succeeded for run in run_documented.starting("run"))
    expect.precondition(accepted, "no run in XML is accepted", by="jasperserver.negotiation.run-xml-body")
    run = run_parameters["run-same-family"] if "run-same-family" in run_parameters else run_parameters["run"]
    expect.that(run.succeeded, "a run that is accepted", run.status_code, run)
    _shows(run_parameters, run_parameters.fact("shows"))


@requirement("jasperserver.run.parameters-json")
@JSON
@IN_JSON
def test_parameters_in_json_reach_the_report(run_parameters: Transcript, run_documented: Transcript) -> None:
    accepted = any(run.succeeded for run in run_documented.starting("run"))
    expect.precondition(accepted, "no run in JSON is accepted", by="jasperserver.negotiation.run-json-body")
    run = run_parameters["run"]
    expect.that(run.succeeded, "a run that is accepted", run.status_code, run)
    several = _of_several(run_parameters)
    _shows(run_parameters, [text for text in run_parameters.fact("shows") if text not in several])


@requirement("jasperserver.run.parameters-multi-value")
@JSON
def test_each_of_several_values_reaches_the_report(run_parameters: Transcript) -> None:
    expect.precondition(run_parameters["run"].succeeded, "the run was refused", run_parameters["run"], PARAMETERS)
    several = _of_several(run_parameters)
    expect.applies(bool(several), "no parameter of the report has several values")
    _shows(run_parameters, several)


@requirement("jasperserver.run.parameters-bare-array")
@IN_JSON
def test_a_bare_array_of_parameters_is_refused(run_refused: Transcript, run_documented: Transcript) -> None:
    expect.refused(run_refused["parameters-array"], 400, control=started(run_documented))


@requirement("jasperserver.run.invalid-parameter-fails")
def test_a_run_with_a_refused_value_fails(run_invalid: Transcript) -> None:
    last = run_invalid["poll"]
    expect.equal(descriptors.status(last), "failed", "status", last)


def _descriptor(run_invalid: Transcript, family: str) -> tuple[Exchange, dict[str, object]]:
    """The extended status of the failed run, and its error descriptor; blocks if it did not fail."""
    last, status = run_invalid["poll"], run_invalid[f"status-{family}"]
    expect.precondition(descriptors.status(last) == "failed", "the run did not fail", last, FAILS)
    expect.precondition(status.status_code == 200, "no extended status", status, STATUS_FORMS[f"extended-{family}"])
    return status, descriptors.error_descriptor(status) or {}


@requirement("jasperserver.run.invalid-parameter-code")
@EXTENDED
def test_a_refused_value_has_its_error_code(run_invalid: Transcript, family: str) -> None:
    status, found = _descriptor(run_invalid, family)
    expect.equal(found.get("errorCode"), REFUSED, "errorCode", status)


@requirement("jasperserver.run.invalid-parameter-message")
@EXTENDED
def test_a_refused_value_has_a_text_for_display(run_invalid: Transcript, family: str) -> None:
    status, found = _descriptor(run_invalid, family)
    texts = [found.get("message"), *_parameters(found)]
    expect.that(any(isinstance(text, str) and text.strip() for text in texts), "a text for display", found, status)


@requirement("jasperserver.run.invalid-parameter-text")
@EXTENDED
def test_a_refused_value_has_a_text_among_the_parameters(run_invalid: Transcript, family: str) -> None:
    status, found = _descriptor(run_invalid, family)
    texts = [text for text in _parameters(found) if isinstance(text, str) and text.strip()]
    expect.that(bool(texts), "a text among the parameters of the error", found, status)


def _parameters(found: dict[str, object]) -> list[object]:
    listed = found.get("parameters")
    return listed if isinstance(listed, list) else []


@requirement("jasperserver.run.invalid-parameter-sync")
def test_a_synchronous_run_with_a_refused_value_answers_400(run_invalid: Transcript) -> None:
    answer = run_invalid["run-waiting"]
    expect.precondition(run_invalid["run"].succeeded, "no run is accepted", run_invalid["run"])
    expect.status(answer, 400)
    found = descriptors.error_descriptor(answer) or {}
    expect.equal(found.get("errorCode"), REFUSED, "errorCode", answer)
