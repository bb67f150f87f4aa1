"""Pages that appear one after another, and executions that are cancelled or removed."""

from __future__ import annotations

from jasperreports_io_conformance.taken_over import documented
from pytest_reportconformance.jasperserver import common_steps
from pytest_reportconformance.jasperserver.media import JSON
from pytest_reportconformance.jasperserver.scenarios import cancel, delete, page_status
from pytest_reportconformance.recording.steps import Steps
from pytest_reportconformance.scenarios import scenario
from pytest_reportconformance.target.target import Target

cancelled_early = documented(cancel.cancelled_early, __name__)
deleted = documented(delete.deleted, __name__)
deleted_running = documented(delete.deleted_running, __name__)


@documented
@scenario(needs=["slow"], priority=True)
def cancelled(step: Steps, target: Target) -> None:
    """A running report is cancelled, while another one runs to its end."""
    cancel.cancel_each(step, {"json": JSON})


@documented
@scenario(needs=["slowpages"], priority=True)
def unfolded(step: Steps, target: Target) -> None:
    """While the pages of a report appear: details, the status of three pages, outputs; details once more."""
    page_status.watch(step, common_steps.run(step, "slowpages"))
