"""Running a report: with every property of the guide's example, slowly, synchronously, and without the report."""

from __future__ import annotations

from jasperreports_io_conformance.taken_over import documented
from pytest_reportconformance.jasperserver import common_steps, operations
from pytest_reportconformance.jasperserver.scenarios import run, status
from pytest_reportconformance.jasperserver.scenarios import run_refused as refused
from pytest_reportconformance.recording.steps import Steps
from pytest_reportconformance.scenarios import scenario
from pytest_reportconformance.target.target import Target

finished = documented(status.finished, __name__)
awaited = documented(status.awaited, __name__)
failed = documented(status.failed, __name__)
run_unpaginated = documented(run.run_unpaginated, __name__)


@documented
@scenario(needs=["multi"])
def run_documented(step: Steps, target: Target) -> None:
    """A run with all documented properties; without them if they are refused; then its output and details."""
    run.use_every_property(step, "json")


@documented
@scenario(needs=["slow"], priority=True)
def run_slow(step: Steps, target: Target) -> None:
    """A slow report is run asynchronously, and polled at once."""
    step.note(seconds=target.report("slow")["seconds"])
    step("status", operations.status(common_steps.run(step, "slow")))


@documented
@scenario(needs=["fast"])
def run_refused(step: Steps, target: Target) -> None:
    """A report that does not exist is run, asynchronously and synchronously."""
    for mode, members in refused.MODES.items():
        step(f"unknown-report-json-{mode}", operations.run(refused.absent(target), **members))
