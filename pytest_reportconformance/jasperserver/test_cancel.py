"""Checks of stopping running reports."""

from __future__ import annotations

from pytest_reportconformance import expect
from pytest_reportconformance.exchange import Transcript
from pytest_reportconformance.register import requirement


@requirement("jasperserver.cancel.json")
def test_cancelling_a_running_report_answers_200(cancelled: Transcript) -> None:
    expect.status(cancelled["cancel"], 200)
