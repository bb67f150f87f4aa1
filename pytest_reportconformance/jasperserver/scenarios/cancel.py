"""Cancelling: a running execution, by its owner and by others."""

from __future__ import annotations

from pytest_reportconformance.exchange import Exchange
from pytest_reportconformance.jasperserver import operations
from pytest_reportconformance.polling import wait_until
from pytest_reportconformance.recording import Steps, scenario
from pytest_reportconformance.target import Target


def running(exchange: Exchange) -> bool:
    """Whether a status is `execution`."""
    return bool(exchange.field("value") == "execution")


@scenario(needs=["slow"])
def cancelled(step: Steps, target: Target) -> None:
    """A running report is cancelled by its owner, after a stranger tried."""
    run = step("run", operations.run(target.report("slow")["uri"]), establishes="jasperserver.run.accepted")
    id = run.field("requestId")
    wait_until(step, "poll", operations.status(id), running, establishes="jasperserver.status.running")
    step("cancel-by-stranger", operations.cancel(id), person="stranger")
    step("cancel", operations.cancel(id))
