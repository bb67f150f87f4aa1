"""Bookmarks and parts of reports."""

from __future__ import annotations

from pytest_reportconformance.jasperserver import common_steps, operations
from pytest_reportconformance.jasperserver.media import XML
from pytest_reportconformance.recording.steps import Steps
from pytest_reportconformance.scenario import scenario
from pytest_reportconformance.target.target import Target


@scenario(needs=["bookmarks"])
def bookmarked(step: Steps, target: Target) -> None:
    """The bookmarks of a finished report, in JSON and XML."""
    step.note(page_of=target.report("bookmarks")["page_of"])
    _informed(step, "bookmarks")


@scenario(needs=["parts"])
def parted(step: Steps, target: Target) -> None:
    """The parts of a finished report, in JSON and XML."""
    _informed(step, "parts")


def _informed(step: Steps, purpose: str) -> None:
    id = common_steps.run(step, purpose)
    common_steps.finish(step, id)
    step("details", operations.details(id))
    step("info-json", operations.info(id), establishes="jasperserver.info.json")
    step("info-xml", operations.info(id, XML), establishes="jasperserver.info.xml")
    step("unknown-json", operations.info(common_steps.unknown(id)))
    step("unknown-xml", operations.info(common_steps.unknown(id), XML))
