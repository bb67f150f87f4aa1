"""Getting to know a server of the Reporting API before the run: which reports serve which purpose."""

from __future__ import annotations

from pytest_reportconformance.exchange import Exchange, Missing
from pytest_reportconformance.recording import Steps
from pytest_reportconformance.target import Target


def recognises(exchange: Exchange) -> bool:
    """Whether the answer to the list of reports, asked by nobody, is that of a Reporting API."""
    if exchange.status == 401:
        return True
    try:
        return exchange.succeeded and isinstance(exchange.field("reports"), list)
    except Missing:
        return False


def prepare(target: Target, step: Steps) -> Target:
    """Complete the target's reports."""
    return target
