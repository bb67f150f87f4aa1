"""Checks of modifying report parameters."""

from __future__ import annotations

import pytest

from pytest_reportconformance.jasperserver import descriptors, output_text
from pytest_reportconformance.judging import expect
from pytest_reportconformance.register.register import requirement
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.transcript import Transcript

VALIDATION = "input.controls.validation.error"
LATEST = 0.95
ACCEPTED = {"json": "jasperserver.parameters.json", "xml": "jasperserver.parameters.xml"}
"""The requirement that an accepted update meets, by media type."""
KINDS = ("json", "xml")
in_both = pytest.mark.parametrize("kind", KINDS)
UPDATES = ("set-one", "set-all", "set-same")


def of(updated_in_json: Transcript, updated_in_xml: Transcript, kind: str) -> Transcript:
    """The transcript of the updates in one of the media types."""
    return updated_in_json if kind == "json" else updated_in_xml


@pytest.mark.parametrize("name", UPDATES)
@requirement("jasperserver.parameters.json")
def test_new_parameters_in_json_answer_204(updated_in_json: Transcript, name: str) -> None:
    expect.status(updated_in_json[name], 204)


@pytest.mark.parametrize("name", UPDATES)
@requirement("jasperserver.parameters.xml")
def test_new_parameters_in_xml_answer_204(updated_in_xml: Transcript, name: str) -> None:
    expect.status(updated_in_xml[name], 204)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("set-returned-json", marks=requirement("jasperserver.parameters.json")),
        pytest.param("set-returned-explicit", marks=requirement("jasperserver.parameters.json")),
        pytest.param("set-returned-xml", marks=requirement("jasperserver.parameters.xml")),
    ],
)
def test_new_parameters_of_a_report_that_varies_answer_204(recounted: Transcript, name: str) -> None:
    expect.status(recounted[name], 204)


@in_both
@requirement("jasperserver.parameters.fresh-data")
def test_new_parameters_of_a_report_that_varies_answer_204_with_fresh_data(recounted: Transcript, kind: str) -> None:
    without = recounted[f"set-returned-{kind}"]
    expect.precondition(without.status_code == 204, "no update answers 204", without, ACCEPTED[kind])
    for update in recounted.starting("set-fresh-"):
        if (update.request.header("Content-Type") or "").endswith(kind):
            expect.status(update, 204)


@in_both
@requirement("jasperserver.parameters.no-content")
def test_the_answer_to_new_parameters_is_empty(
    updated_in_json: Transcript, updated_in_xml: Transcript, kind: str
) -> None:
    """A 204 has no body; a length other than 0 in its header announces one (RFC 9110 section 8.6)."""
    for name in UPDATES:
        exchange = of(updated_in_json, updated_in_xml, kind)[name]
        expect.precondition(exchange.status_code == 204, "it did not answer 204", exchange, ACCEPTED[kind])
        expect.empty(exchange)
        expect.among("".join(exchange.header_values("Content-Length")).strip(), ("", "0"), "Content-Length", exchange)
        expect.equal(exchange.header_values("Transfer-Encoding"), [], "Transfer-Encoding", exchange)


@in_both
@requirement("jasperserver.parameters.unknown-execution")
def test_new_parameters_of_an_unknown_execution_answer_404(
    updated_in_json: Transcript, updated_in_xml: Transcript, kind: str
) -> None:
    transcript = of(updated_in_json, updated_in_xml, kind)
    expect.refused(transcript["unknown-execution"], 404, control=transcript["set-all"])


@in_both
@requirement("jasperserver.parameters.fresh-data")
def test_fresh_data_may_be_requested(updated_in_json: Transcript, updated_in_xml: Transcript, kind: str) -> None:
    transcript = of(updated_in_json, updated_in_xml, kind)
    expect.precondition(
        transcript["set-one"].status_code == 204, "no update answers 204", transcript["set-one"], ACCEPTED[kind]
    )
    expect.status(transcript["set-fresh"], 204)


def shown(output: Exchange, transcript: Transcript) -> list[str]:
    """Which of the texts that the new values give are in an output."""
    expect.precondition(
        output.status_code == 200, "the output was not sent", by="jasperserver.export-status.ready-downloads"
    )
    return [text for text in transcript.fact("shows") if output_text.shows(output, text)]


def updated(transcript: Transcript, name: str, kind: str) -> Exchange:
    """The output of an export after an update; the check is blocked if the update was refused."""
    expect.precondition(
        transcript[f"set-{name}"].succeeded, "the update was refused", transcript[f"set-{name}"], ACCEPTED[kind]
    )
    return transcript[f"output-{name}"]


@in_both
@requirement("jasperserver.parameters.new-values")
def test_an_export_shows_the_new_values(updated_in_json: Transcript, updated_in_xml: Transcript, kind: str) -> None:
    transcript = of(updated_in_json, updated_in_xml, kind)
    output = updated(transcript, "all", kind)
    expect.equal(shown(output, transcript), transcript.fact("shows"), "the values that it shows", output)


@in_both
@requirement("jasperserver.parameters.new-values")
def test_an_export_shows_values_that_are_set_again(
    updated_in_json: Transcript, updated_in_xml: Transcript, kind: str
) -> None:
    transcript = of(updated_in_json, updated_in_xml, kind)
    output = updated(transcript, "same", kind)
    expect.equal(shown(output, transcript), transcript.fact("shows"), "the values that it shows", output)


@in_both
@requirement("jasperserver.parameters.new-values")
def test_an_export_shows_a_single_new_value(updated_in_json: Transcript, updated_in_xml: Transcript, kind: str) -> None:
    transcript = of(updated_in_json, updated_in_xml, kind)
    output = updated(transcript, "fresh", kind)
    before = shown(transcript["output-default"], transcript)
    new = [text for text in shown(output, transcript) if text not in before]
    expect.that(bool(new), "the value that was set", output_text.text(output)[:200], output)


@in_both
@requirement("jasperserver.parameters.runs-again")
def test_the_report_is_ready_again_under_its_id(
    updated_in_json: Transcript, updated_in_xml: Transcript, kind: str
) -> None:
    transcript = of(updated_in_json, updated_in_xml, kind)
    for name in ("one", "all", "fresh"):
        expect.precondition(
            transcript[f"set-{name}"].succeeded, "it was refused", transcript[f"set-{name}"], ACCEPTED[kind]
        )
        expect.equal(descriptors.status(transcript[f"poll-{name}"]), "ready", "the status", transcript[f"poll-{name}"])
        details = transcript[f"details-{name}"]
        expect.equal(descriptors.id_of(details), transcript.fact("id"), "requestId", details)


@in_both
@requirement("jasperserver.parameters.invalid-value")
def test_a_refused_value_is_reported(updated_in_json: Transcript, updated_in_xml: Transcript, kind: str) -> None:
    transcript = of(updated_in_json, updated_in_xml, kind)
    update, status = transcript["invalid"], transcript["invalid-status"]
    expect.precondition(transcript["set-all"].succeeded, "no update is accepted", transcript["set-all"], ACCEPTED[kind])
    if update.succeeded:
        expect.equal(descriptors.status(status), "failed", "the status", status)
        found = descriptors.descriptor(status).get("errorDescriptor")
        code = found.get("errorCode") if isinstance(found, dict) else found
        expect.equal(code, VALIDATION, "errorCode", status)
    else:
        expect.that(400 <= update.status_code < 500, "a refusal (4xx)", update.status_code, update)


@requirement("jasperserver.parameters.while-running")
def test_an_update_restarts_a_running_report(restarted: Transcript) -> None:
    expect.seen(descriptors.status(restarted["status-before"]) == "execution", "the report was not running any more")
    expect.status(restarted["set"], 204)
    after, seconds = restarted["status-after"], restarted.fact("seconds")
    late = after.started + after.seconds - restarted["set"].started
    running = descriptors.status(after) in ("queued", "execution")
    expect.seen(running or late < LATEST * seconds, "the status was requested too late to judge")
    expect.that(running, "running again", descriptors.status(after), after)


@in_both
@requirement("jasperserver.parameters.replaced")
def test_parameters_that_are_not_named_fall_back_to_their_defaults(
    updated_in_json: Transcript, updated_in_xml: Transcript, kind: str
) -> None:
    transcript = of(updated_in_json, updated_in_xml, kind)
    kept, single = (shown(updated(transcript, name, kind), transcript) for name in ("fresh", "one"))
    expect.equal(single, kept, "the values that are shown when one is set", transcript["output-one"])


@requirement("jasperserver.parameters.run-style-body")
def test_the_parameters_of_a_run_answer_400(updated_in_json: Transcript) -> None:
    expect.refused(updated_in_json["run-style"], 400, control=updated_in_json["set-all"])


@in_both
@requirement("jasperserver.parameters.old-export")
def test_an_older_export_does_not_show_old_values(
    updated_in_json: Transcript, updated_in_xml: Transcript, kind: str
) -> None:
    transcript = of(updated_in_json, updated_in_xml, kind)
    old, new, default = (transcript[f"output-{name}"] for name in ("old", "all", "default"))
    before = shown(default, transcript)
    expect.precondition(
        shown(new, transcript) != before, "nothing new is shown", new, "jasperserver.parameters.new-values"
    )
    if old.status_code == 200:
        expect.that(shown(old, transcript) != before, "new values, or no output", output_text.text(old)[:200], old)
