"""A scenario that does not end when the run has been ended is inconclusive, and keeps what it recorded."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from pytest_reportconformance.akamai_reporting.reference import Reference
from pytest_reportconformance.http.server import Server
from pytest_reportconformance.recording import recorder
from pytest_reportconformance.recording.steps import Steps
from pytest_reportconformance.run.run import Run, RunSettings
from pytest_reportconformance.run.target_argument import describe
from pytest_reportconformance.scenarios import Need, Scenario
from pytest_reportconformance.target.target import Target
from pytest_reportconformance.transcript.exchange import Request


def test_a_scenario_that_waits_for_an_answer_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorder, "CLAIM_SECONDS", 0.05)
    released, ended, need = threading.Event(), threading.Event(), Need("blocked")
    done: list[Need] = []

    def blocked(step: Steps, _target: Target) -> None:
        step("first", Request("GET", "/reporting-api/v2/reports"))
        released.wait(60)
        ended.set()

    with Server(Reference(slow_seconds=0.1)) as server:
        target = describe(server)
        limits = replace(target.limits, run_seconds=0.5)
        with Run.prepared(RunSettings(replace(target, limits=limits), tmp_path)) as run:
            run.recorder.play({"blocked": Scenario("blocked", blocked, __name__, "")}, [need], done.append)
            found = run.judging_context.transcript(need)
            released.set()
            assert ended.wait(10)
            time.sleep(0.2)
            assert run.judging_context.transcript(need) == found
            played = run.recorder.played
    assert found.ended is not None
    assert found.ended.outcome == "inconclusive"
    assert "limits.run_seconds" in found.ended.reason
    assert [one.name for one in found] == ["first"]
    assert [one.key for one in played] == ["blocked"]
    assert done == [need]
