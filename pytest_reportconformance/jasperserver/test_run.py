"""Checks of running a report: what the answer holds, and when it arrives."""

from __future__ import annotations

import pytest

from pytest_reportconformance.jasperserver import descriptors
from pytest_reportconformance.jasperserver.assertions import accepted, started
from pytest_reportconformance.jasperserver.scenarios.snapshots import AFTER_REMOVAL
from pytest_reportconformance.judging import expect
from pytest_reportconformance.register.register import requirement
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.transcript import Transcript

EARLY = 0.9
TELLING = 0.3
"""Seconds that a report takes at least if the time of an answer is to be judged by it."""
SLOWER = 2
"""How many times as long as any read a run takes to answer at least, if it is late and not only slow like all."""
LATE = 0.5
WAITS = "jasperserver.run.sync-waits"
SYNCHRONOUS = pytest.mark.parametrize("run_waiting", ["xml"], indirect=True)


def same_report(found: object, asked: str) -> bool:
    """Whether a report URI is the requested one, with or without the prefix of repository addresses."""
    return isinstance(found, str) and found.removeprefix("repo:") == asked.removeprefix("repo:")


@requirement("jasperserver.run.accepted")
def test_a_run_answers_200_with_a_descriptor(run_documented: Transcript) -> None:
    run = started(run_documented)
    expect.status(run, 200)
    expect.that(bool(descriptors.descriptor(run)), "a reportExecution descriptor", run.text, run)
    if descriptors.is_xml(run):
        expect.equal(run.xml.tag, "reportExecution", "root element", run)


@requirement("jasperserver.run.accepted")
def test_a_run_of_a_quick_report_answers_200(run_used: Transcript) -> None:
    expect.status(run_used["run"], 200)


@requirement("jasperserver.run.documented-properties")
def test_a_run_accepts_the_properties_of_the_example(run_documented: Transcript) -> None:
    run = run_documented["run"]
    expect.precondition(run.succeeded or run_documented["run-plain"].succeeded, "no run is accepted", run)
    expect.that(run.succeeded, "a run that is accepted", run.status_code, run)


@requirement("jasperserver.run.request-id")
def test_a_run_answers_with_a_request_id(run_documented: Transcript) -> None:
    descriptors.id_of(accepted(run_documented))


@requirement("jasperserver.run.status-known")
def test_a_run_answers_with_a_status(run_documented: Transcript) -> None:
    run = accepted(run_documented)
    expect.among(descriptors.member(run, "status"), descriptors.STATES, "status", run)


@requirement("jasperserver.run.report-uri")
def test_a_run_answers_with_the_requested_report(run_documented: Transcript) -> None:
    run, asked = accepted(run_documented), run_documented.fact("uri")
    found = descriptors.member(run, "reportURI")
    expect.that(same_report(found, asked), f"reportURI = {asked}", found, run)


@requirement("jasperserver.run.report-uri")
def test_the_details_show_the_report_of_the_run(updated_in_json: Transcript) -> None:
    run = updated_in_json["run"]
    expect.precondition(run.succeeded, f"the run answered {run.status_code}", run)
    asked = descriptors.descriptor(run).get("reportURI")
    for details in updated_in_json.starting("details-"):
        found = descriptors.descriptor(details).get("reportURI") if details.succeeded else None
        if isinstance(asked, str) and found is not None:
            expect.that(same_report(found, asked), f"reportURI = {asked}", found, details)


@requirement("jasperserver.run.export-status")
def test_a_run_answers_with_the_status_of_its_export(run_documented: Transcript) -> None:
    run = accepted(run_documented)
    statuses = [one.get("status") for one in descriptors.exports(run)]
    expect.that(bool(statuses), "an export beside the report", run.text, run)
    for found in statuses:
        expect.among(found, descriptors.STATES, "status of the export", run)


@requirement("jasperserver.run.export-id")
def test_a_run_answers_with_the_id_of_its_export(run_documented: Transcript) -> None:
    run = accepted(run_documented)
    expect.precondition(
        bool(descriptors.exports(run)), "the answer holds no export", run, "jasperserver.run.export-status"
    )
    descriptors.first_export(run)


@pytest.mark.parametrize("details", ["details", "details-xml"])
@requirement("jasperserver.run.export-id")
def test_the_export_of_the_answer_is_in_the_details(run_documented: Transcript, details: str) -> None:
    shown, listed = descriptors.export_ids(accepted(run_documented)), run_documented[details]
    expect.precondition(bool(shown), "the answer holds no export with an id", by="jasperserver.run.export-status")
    known = descriptors.export_ids(listed) if listed.succeeded else []
    expect.precondition(bool(known), "the details list no export", listed, "jasperserver.details.lists-output")
    for id in shown:
        expect.among(id, known, "id of the export in the answer", listed)


def _distinct(runs: list[Exchange]) -> None:
    ids = [id for run in runs if run.succeeded and (id := descriptors.request_id(run))]
    expect.seen(len(ids) > 1, "fewer than two runs were answered with an id")
    expect.equal(len(set(ids)), len(ids), f"number of different ids among {', '.join(ids)}", runs[-1])


@requirement("jasperserver.run.distinct-ids")
def test_two_runs_of_a_report_have_two_ids(run_documented: Transcript, run_unpaginated: Transcript) -> None:
    _distinct([started(run_documented), run_unpaginated["run"]])


@requirement("jasperserver.run.distinct-ids")
def test_two_runs_of_a_slow_report_have_two_ids(run_slow: Transcript, run_waiting: Transcript) -> None:
    _distinct([run_slow["run"], run_waiting["run"]])


@requirement("jasperserver.run.distinct-ids")
def test_two_runs_with_equal_requests_have_two_ids(run_used: Transcript, run_together: Transcript) -> None:
    _distinct([run_used["run"], run_together["run-0"]])


@requirement("jasperserver.run.distinct-ids")
def test_a_run_after_a_removal_has_another_id(recounted: Transcript) -> None:
    _distinct([*recounted.all("run"), recounted[AFTER_REMOVAL]])


@requirement("jasperserver.run.async-returns-early")
def test_an_asynchronous_run_is_answered_before_it_is_done(run_slow: Transcript) -> None:
    run, poll = accepted(run_slow), run_slow["status"]
    if descriptors.status(poll) not in descriptors.TERMINAL:
        shown = descriptors.descriptor(run).get("status")
        expect.that(shown not in descriptors.TERMINAL, "the status of a report that is not done", shown, run)
        return
    expect.precondition(descriptors.status(poll) == "ready", f"the report is {descriptors.status(poll)}", poll)
    seconds = run_slow.fact("seconds")
    early = run.seconds < EARLY * seconds
    expect.seen(early or seconds >= TELLING, f"a report of {seconds:g} s (reports.slow.seconds) is too short to judge")
    reads = max(one.seconds for one in run_slow if one.request.method == "GET")
    expect.seen(early or run.seconds > SLOWER * reads, f"a read took up to {reads:.1f} s as well: all answers are slow")
    expect.that(early, f"an answer before the {seconds:g} s of the report", f"{run.seconds:.1f} s", run)


def _waited(transcript: Transcript) -> None:
    """The run was answered ready, and is."""
    run, poll = accepted(transcript), transcript["status"]
    expect.equal(descriptors.status(run), "ready", "status in the answer", run)
    expect.precondition(poll.succeeded, "the status cannot be polled", poll, "jasperserver.status.known")
    expect.equal(descriptors.status(poll), "ready", "status polled after the answer", poll)


def _not_generated_later(transcript: Transcript) -> None:
    """The time of the report was spent before the answer, not while its output was awaited."""
    run, seconds = transcript["run"], transcript.fact("seconds")
    for output in transcript.all("output"):
        shown = f"after {run.seconds:.1f} s, and the output after {output.seconds:.1f} s more"
        expect.that(not run.seconds < LATE * seconds < output.seconds, "an answer when the report is done", shown, run)


@pytest.mark.parametrize(
    "run_waiting",
    [
        pytest.param("xml", marks=requirement("jasperserver.run.sync-waits")),
        pytest.param("json", marks=requirement("jasperserver.run.default-sync")),
    ],
    indirect=True,
)
def test_a_synchronous_run_of_a_slow_report_is_answered_when_it_is_ready(run_waiting: Transcript) -> None:
    _waited(run_waiting)
    _not_generated_later(run_waiting)


@requirement("jasperserver.run.sync-waits")
def test_a_synchronous_run_in_json_is_answered_when_it_is_ready(run_unpaginated: Transcript) -> None:
    _waited(run_unpaginated)


@requirement("jasperserver.run.sync-output-available")
@SYNCHRONOUS
def test_the_output_of_a_synchronous_run_is_there_at_once(run_waiting: Transcript) -> None:
    expect.status(run_waiting["output"], 200)


@requirement("jasperserver.run.sync-output-available")
def test_the_output_of_a_synchronous_run_in_json_is_there_at_once(run_unpaginated: Transcript) -> None:
    expect.status(run_unpaginated["output"], 200)


def _finished(transcript: Transcript) -> Exchange:
    """The answer to a synchronous run; blocks if it did not wait."""
    run = accepted(transcript)
    expect.precondition(descriptors.status(run) == "ready", "the answer did not wait for the report", run, WAITS)
    return run


def _counted(run: Exchange) -> None:
    pages = descriptors.member(run, "totalPages")
    expect.that(isinstance(pages, int) and pages > 0, "totalPages, at least 1", pages, run)


def _delivered(run: Exchange) -> None:
    for one in descriptors.exports(run):
        expect.equal(one.get("status"), "ready", "status of the export", run)
        resource = one.get("outputResource")
        expect.that(bool(resource), "an outputResource of the export", one, run)


@requirement("jasperserver.run.sync-total-pages")
@SYNCHRONOUS
def test_a_synchronous_answer_holds_the_number_of_pages(run_waiting: Transcript) -> None:
    _counted(_finished(run_waiting))


@requirement("jasperserver.run.sync-total-pages")
def test_a_synchronous_answer_in_json_holds_the_number_of_pages(run_unpaginated: Transcript) -> None:
    _counted(_finished(run_unpaginated))


@requirement("jasperserver.run.sync-export-ready")
@SYNCHRONOUS
def test_a_synchronous_answer_shows_its_export_ready(run_waiting: Transcript) -> None:
    _delivered(_finished(run_waiting))


@requirement("jasperserver.run.sync-export-ready")
def test_a_synchronous_answer_in_json_shows_its_export_ready(run_unpaginated: Transcript) -> None:
    _delivered(_finished(run_unpaginated))
