"""Checks of what steps establish: what later steps rely on holds in every scenario, or it is a violation."""

from __future__ import annotations

import pytest

from pytest_reportconformance.jasperserver.assertions import established
from pytest_reportconformance.judging import contract
from pytest_reportconformance.register.register import requirement
from pytest_reportconformance.transcript.transcript import Transcript

ESTABLISHED = (
    "jasperreports_io.cancel.again",
    "jasperreports_io.cancel.failed",
    "jasperreports_io.cancel.json",
    "jasperreports_io.delete.cancelled",
    "jasperreports_io.delete.finished",
    "jasperreports_io.delete.running",
    "jasperreports_io.details.lists-output",
    "jasperreports_io.details.same-request",
    "jasperreports_io.export-status.extended-json",
    "jasperreports_io.export-status.json",
    "jasperreports_io.export.accepted-json",
    "jasperreports_io.info.json",
    "jasperreports_io.output.ready",
    "jasperreports_io.page-status.accepted",
    "jasperreports_io.parameters.json",
    "jasperreports_io.run.accepted",
    "jasperreports_io.run.documented-properties",
    "jasperreports_io.status.extended-json",
    "jasperreports_io.status.json",
    "jasperreports_io.status.known",
    "jasperreports_io.status.reaches-failed",
    "jasperreports_io.status.reaches-ready",
)
"""Every requirement that a step of a scenario is to establish, or that ends a scenario early."""


@pytest.mark.parametrize("id", [pytest.param(id, marks=requirement(id)) for id in ESTABLISHED])
def test_every_step_establishes_what_others_rely_on(
    jasperreports_io_transcripts: tuple[Transcript, ...], id: str
) -> None:
    contract.promise(jasperreports_io_transcripts, id, established)
