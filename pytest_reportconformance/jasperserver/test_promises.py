"""Checks of what steps establish: what later steps rely on holds in every scenario, or it is a violation."""

from __future__ import annotations

import pytest

from pytest_reportconformance.jasperserver.assertions import established
from pytest_reportconformance.judging import contract
from pytest_reportconformance.register.register import requirement
from pytest_reportconformance.transcript.transcript import Transcript

ESTABLISHED = (
    "jasperserver.attachments.delivered",
    "jasperserver.cancel.again",
    "jasperserver.cancel.failed",
    "jasperserver.cancel.finished",
    "jasperserver.cancel.json",
    "jasperserver.cancel.xml",
    "jasperserver.concurrency.all-ready",
    "jasperserver.delete.cancelled",
    "jasperserver.delete.finished",
    "jasperserver.delete.running",
    "jasperserver.details.arrays",
    "jasperserver.details.lists-attachments",
    "jasperserver.details.lists-every-export",
    "jasperserver.details.lists-output",
    "jasperserver.details.same-request",
    "jasperserver.export-status.extended-json",
    "jasperserver.export-status.extended-xml",
    "jasperserver.export-status.json",
    "jasperserver.export-status.xml",
    "jasperserver.export.accepted-json",
    "jasperserver.export.accepted-xml",
    "jasperserver.export.while-running",
    "jasperserver.info.json",
    "jasperserver.info.xml",
    "jasperserver.jobs.cancel",
    "jasperserver.jobs.delete",
    "jasperserver.jobs.listed",
    "jasperserver.negotiation.mixed-families",
    "jasperserver.output.ready",
    "jasperserver.page-status.accepted",
    "jasperserver.page-status.plain-json",
    "jasperserver.parameters.invalid-value",
    "jasperserver.parameters.json",
    "jasperserver.parameters.runs-again",
    "jasperserver.run.accepted",
    "jasperserver.run.documented-properties",
    "jasperserver.run.invalid-parameter-fails",
    "jasperserver.run.parameters-json",
    "jasperserver.run.parameters-xml",
    "jasperserver.run.single-page",
    "jasperserver.search.finished-listed",
    "jasperserver.search.running-listed",
    "jasperserver.status.extended-json",
    "jasperserver.status.extended-xml",
    "jasperserver.status.json",
    "jasperserver.status.known",
    "jasperserver.status.reaches-failed",
    "jasperserver.status.reaches-ready",
    "jasperserver.status.xml",
)
"""Every requirement that a step of a scenario is to establish, or that ends a scenario early."""


@pytest.mark.parametrize("id", [pytest.param(id, marks=requirement(id)) for id in ESTABLISHED])
def test_every_step_establishes_what_others_rely_on(jasperserver_transcripts: tuple[Transcript, ...], id: str) -> None:
    contract.promise(jasperserver_transcripts, id, established)
