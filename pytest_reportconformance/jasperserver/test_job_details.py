"""Checks of the details and the output of executions that the scheduler started."""

from __future__ import annotations

from pytest_reportconformance.jasperserver import descriptors
from pytest_reportconformance.judging import expect
from pytest_reportconformance.register.register import requirement
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.transcript import Transcript


@requirement("jasperserver.jobs.details")
def test_the_details_of_a_jobs_execution_answer_200(job_searched: Transcript) -> None:
    details = job_searched["details"]
    expect.status(details, 200)
    expect.equal(descriptors.request_id(details), job_searched.fact("execution"), "requestId of the details", details)


def _finished(job_searched: Transcript) -> Exchange:
    """The details of a job's execution that is ready; not applicable if none show that."""
    details = job_searched["details"]
    expect.applies(details.succeeded, f"the details of the job's execution answer {details.status_code}")
    after = job_searched["details-after"]
    expect.applies(after.status_code == 200, f"the details of the finished execution answer {after.status_code}")
    shown = descriptors.status(after)
    expect.applies(shown == "ready", f"the execution is {shown}")
    return after


@requirement("jasperserver.jobs.details-exports")
def test_the_details_of_a_finished_job_list_its_output(job_searched: Transcript) -> None:
    details = _finished(job_searched)
    expect.that(bool(descriptors.export_ids(details)), "an export with an id", details.text[:200], details)


@requirement("jasperserver.jobs.details-exports")
def test_the_output_that_the_details_of_a_finished_job_list_is_delivered(job_searched: Transcript) -> None:
    _finished(job_searched)
    expect.applies("output" in job_searched, "the details list no export that is ready")
    output = job_searched["output"]
    expect.status(output, 200)
    expect.that(output.answer.size > 0, "an output", "an empty body", output)
