"""Bookmarks and parts of reports."""

from __future__ import annotations

from pytest_reportconformance.jasperserver import common_steps, operations
from pytest_reportconformance.jasperserver.media import XML
from pytest_reportconformance.recording.steps import Steps
from pytest_reportconformance.scenarios import scenario
from pytest_reportconformance.target.target import Target
from pytest_reportconformance.transcript.exchange import Request

FORMS = {"json": "jasperserver.info.json", "xml": "jasperserver.info.xml"}


@scenario(needs=["bookmarks"])
def bookmarked(step: Steps, target: Target) -> None:
    """The bookmarks of a finished report, in JSON and XML."""
    step.note(page_of=target.report("bookmarks")["page_of"])
    _informed(step, "bookmarks")


@scenario(needs=["parts"])
def parted(step: Steps, target: Target) -> None:
    """The parts of a finished report, in JSON and XML."""
    _informed(step, "parts")


def _look(step: Steps, reads: dict[str, Request]) -> None:
    for name, request in reads.items():
        step(f"info-{name}", request, establishes=FORMS[name])


def _informed(step: Steps, purpose: str) -> None:
    id = common_steps.run(step, purpose)
    common_steps.finish(step, id)
    reads = {"json": operations.info(id), "xml": operations.info(id, XML)}
    if purpose == "parts":
        _look(step, {"xml": reads["xml"], "json": reads["json"]})
        step("details", operations.details(id))
    else:
        step("details", operations.details(id))
        _look(step, reads)
    for name in reads:
        step(f"again-{name}", reads[name])
    step("unknown-json", operations.info(common_steps.unknown(id)))
    step("unknown-xml", operations.info(common_steps.unknown(id), XML))
