"""The plan of a run is what a run sends, and stays within what the vendor's example figures allow."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from pytest_reportconformance import cli
from pytest_reportconformance.akamai_reporting.reference import Reference
from pytest_reportconformance.cli.plan import of
from pytest_reportconformance.http.server import Server
from pytest_reportconformance.register import apis
from pytest_reportconformance.run.plan import estimate
from pytest_reportconformance.run.run import Run, RunSettings
from pytest_reportconformance.run.target_argument import describe
from pytest_reportconformance.scenarios import Cost
from pytest_reportconformance.target.target import Target
from pytest_reportconformance.transcript import har
from pytest_reportconformance.transcript.transcript import Transcript
from tests.mutation.kill_matrix import needs

API = "akamai_reporting"


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Transcript]:
    """The transcripts of a run in which every query is pending until its Retry-After has passed."""
    folder = tmp_path_factory.mktemp("plan")
    with Server(Reference(slow_seconds=0.9, quick_seconds=0.9, retry_after=1, auth="edgegrid")) as server:
        with Run.prepared(RunSettings(replace(describe(server), name="plan"), folder)) as run:
            run.play(needs(API))
        return {one.key: har.read(folder / "transcripts" / f"{one.key}.har") for one in run.recorder.played}


def spent(transcript: Transcript) -> Cost:
    """What a scenario sent."""
    submits = sum(one.request.creates is not None and one.status_code == 303 for one in transcript)
    polls = sum(one.name.endswith("-poll") for one in transcript)
    return Cost(submits, polls, len(transcript.exchanges) - submits - polls)


@pytest.mark.parametrize("name", list(apis.scenarios(API)))
def test_a_scenario_costs_what_it_declares(played: dict[str, Transcript], name: str) -> None:
    declared, found = apis.scenarios(API)[name].cost, spent(played[name])
    assert declared is not None
    assert (found.submits, found.others) == (declared.submits, declared.others)
    assert declared.polls <= found.polls <= declared.polls + 2  # a poll may come a moment early
    waited = sum(wait.seconds for wait in played[name].waits if wait.server)
    assert waited <= declared.waits + 0.5


def vendor(reports: Mapping[str, Mapping[str, Any]]) -> Target:
    """A target with the vendor's example figures."""
    target = Target(API, "https://reporting.example", "example", reports=reports)
    return replace(target, limits=replace(target.limits, requests_per_minute=20))


@pytest.mark.parametrize("described", [True, False])
def test_the_plan_keeps_within_the_vendors_figures(described: bool) -> None:
    with Server(Reference()) as server:
        reports = describe(server).reports if described else {}
    plan = of(vendor(reports), 300.0)
    assert plan.unknown == plan.lacking == ()
    assert plan.total.requests < 200
    assert plan.total.submits <= 24
    assert plan.total.waits <= 3
    assert plan.seconds == (plan.total.requests - 20) * 3 + plan.total.waits * 300


def test_scenarios_without_their_report_are_not_planned() -> None:
    with Server(Reference()) as server:
        target = describe(server)
    plan = estimate(replace(target, reports={}), apis.scenarios(API), needs(API), Cost())
    assert "paged" in plan.lacking
    assert "listed" in plan.costs


def test_the_command_prints_the_plan(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["plan", f"embedded:{API}", "--retry-after", "300"]) == 0
    assert "2 x 300 s of waiting" in capsys.readouterr().out
    assert cli.main(["plan", f"embedded:{API}", "--format", "json"]) == 0
    (plan,) = json.loads(capsys.readouterr().out)
    assert plan["total"]["requests"] == sum(one["requests"] for one in plan["scenarios"].values())


def test_the_command_refuses_a_missing_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["plan", "nothing.toml"]) == 4
    assert "nothing.toml" in capsys.readouterr().err


def test_collect_only_prints_the_plan(pytester: pytest.Pytester) -> None:
    result = pytester.runpytest_subprocess("--target", f"embedded:{API}", "--collect-only", "-v", "-k", "too_fast")
    result.stdout.fnmatch_lines(["plan for embedded-akamai_reporting", "impatient*", "polled*", "18 requests*"])
    assert result.ret == 0
