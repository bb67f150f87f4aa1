"""Checks of concurrent runs and reads."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest

from pytest_reportconformance.jasperserver import descriptors
from pytest_reportconformance.jasperserver.assertions import format_offered, same_output
from pytest_reportconformance.jasperserver.scenarios.concurrency import TEN
from pytest_reportconformance.judging import expect, file_formats
from pytest_reportconformance.register.register import requirement
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.transcript import Transcript

COUNTERS = [number for number, (purpose, _) in enumerate(TEN) if purpose == "runcounter"]


@requirement("jasperserver.concurrency.distinct-ids")
def test_concurrent_runs_have_different_ids(run_together: Transcript) -> None:
    runs = [run for run in run_together.starting("run-") if run.succeeded]
    expect.precondition(len(runs) > 1, "fewer than two runs were accepted", by="jasperserver.run.accepted")
    ids = [descriptors.id_of(run) for run in runs]
    expect.equal(len(set(ids)), len(ids), f"number of different ids among {', '.join(ids)}", runs[0])


@requirement("jasperserver.concurrency.all-ready")
def test_ten_concurrent_runs_become_ready(run_together: Transcript) -> None:
    runs = run_together.starting("run-")
    expect.precondition(any(run.succeeded for run in runs), "no run is accepted", by="jasperserver.run.accepted")
    for number in range(len(TEN)):
        run = run_together[f"run-{number}"]
        expect.that(run.succeeded, "a run that is accepted", run.status_code, run)
        last = run_together[f"poll-{number}"]
        expect.equal(descriptors.status(last), "ready", f"status of run {number}", last)


def _text(output: Exchange) -> str:
    expect.precondition(output.status_code == 200, f"the output was answered with {output.status_code}", output)
    found = file_formats.of(output)
    expect.precondition(found.text is not None, "the output cannot be read", output)
    return found.text or ""


@requirement("jasperserver.concurrency.own-output")
@pytest.mark.parametrize("number", range(len(TEN)))
def test_each_run_delivers_its_own_report(run_together: Transcript, run_used: Transcript, number: int) -> None:
    purpose, format = TEN[number]
    if format == "xml":
        format_offered(run_used, format)
    output, fact = run_together[f"output-{number}"], run_together.fact(purpose)
    pattern = fact if purpose == "runcounter" else re.escape(fact)
    expect.that(re.search(pattern, _text(output)) is not None, f"an output that shows {fact}", _text(output), output)
    expect.equal(file_formats.of(output).format, format, "format of the output", output)


@requirement("jasperserver.concurrency.own-output")
def test_no_two_runs_deliver_the_same_output(run_together: Transcript) -> None:
    outputs = [run_together[f"output-{number}"] for number in COUNTERS]
    values = [re.findall(run_together.fact("runcounter"), _text(output))[:1] for output in outputs]
    for number, value in enumerate(values):
        expect.that(value not in values[:number], "an output that no other run has", value, outputs[number])


def _agree(answers: list[Exchange], what: str, values: Sequence[object]) -> None:
    for answer, value in zip(answers, values, strict=True):
        expect.equal(value, values[0], what, answer)


@requirement("jasperserver.concurrency.consistent-reads")
@pytest.mark.parametrize("name", ["status", "details", "output"])
def test_concurrent_reads_are_answered(run_together: Transcript, name: str) -> None:
    answers = run_together.all(f"{name}-at-once")
    expect.seen(bool(answers), "there were no concurrent reads")
    for answer in answers:
        expect.status(answer, 200)


@requirement("jasperserver.concurrency.consistent-reads")
def test_concurrent_reads_agree(run_together: Transcript) -> None:
    statuses, details = run_together.all("status-at-once"), run_together.all("details-at-once")
    outputs = [*run_together.all("output-0"), *run_together.all("output-at-once")]
    expect.seen(bool(statuses and details and outputs), "there were no concurrent reads")
    both = statuses + details
    _agree(both, "status", [descriptors.status(answer) for answer in both])
    own = [run_together["run-0"], *details]
    _agree(own, "requestId", [descriptors.id_of(answer) for answer in own])
    _agree(details, "exports", [sorted(str(one.get("id")) for one in descriptors.exports(one)) for one in details])
    for output in outputs:
        same_output(output, outputs[0])


@requirement("jasperserver.concurrency.head")
def test_a_head_is_answered_like_a_get(run_together: Transcript) -> None:
    expect.equal(
        run_together["head"].status_code,
        run_together["details"].status_code,
        "status of the HEAD",
        run_together["head"],
    )
    expect.empty(run_together["head"])
