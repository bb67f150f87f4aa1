"""Without consent nothing is sent that others on the server could notice; live hosts are asked for by name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pytest_reportconformance.http.server import Server
from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.judging import evaluate
from pytest_reportconformance.judging.outcomes import Judgement
from pytest_reportconformance.register import apis
from pytest_reportconformance.run.run import Run, RunSettings
from pytest_reportconformance.run.target_argument import choose, describe
from pytest_reportconformance.target import target
from pytest_reportconformance.target.target import Target, TargetError
from tests.mutation.kill_matrix import needs


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(Reference(slow_seconds=0.3)) as server:
        yield server


def judged(target: Target, folder: Path) -> list[Judgement]:
    """The judgements of a whole run."""
    with Run.prepared(RunSettings(target, folder)) as run:
        run.play(needs(target.api))
        context = run.judging_context
        return evaluate.judge(target.api, context.transcript, context.facts, context.register)


def elsewhere(server: Server, monkeypatch: pytest.MonkeyPatch) -> Target:
    """The server as if it were not on this machine."""
    found = replace(describe(server), disposable=False)
    monkeypatch.setattr(target, "is_loopback", lambda url: False)
    return found


def test_without_consent_nothing_runs_and_the_reason_says_what_to_write(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    judgements = judged(elsewhere(server, monkeypatch), tmp_path)
    assert isinstance(server.reference, Reference)
    assert server.reference.executions_started == 0
    scenarios = apis.scenarios("jasperserver")
    bold = {name for name, scenario in scenarios.items() if not scenario.read_only}
    asked = [
        one for one in judgements if one.transcripts and {key.partition("[")[0] for key in one.transcripts} <= bold
    ]
    assert asked
    assert {one.outcome for one in asked} <= {"untested", "not applicable"}
    assert all("disposable = true" in one.reason for one in asked if one.outcome == "untested")


def test_consent_can_be_written_down(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = replace(elsewhere(server, monkeypatch), disposable=True)
    assert found.consents
    with Run.prepared(RunSettings(found, tmp_path)) as run:
        run.play([need for need in needs("jasperserver") if need.scenario == "cancelled"])
    assert isinstance(server.reference, Reference)
    assert server.reference.executions_started > 0
    assert server.reference.executions_left == 0


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "http://[::1]:1", "http://localhost:1", "http://a.localhost"])
def test_this_machine_is_disposable(url: str) -> None:
    assert Target("jasperserver", url, "t").consents


@pytest.mark.parametrize("url", ["http://10.0.0.1", "http://localhost.example.com", "http://127.0.0.1.example.com"])
def test_no_other_machine_is(url: str) -> None:
    assert not Target("jasperserver", url, "t").consents


VENDOR = "https://akab-x.luna.akamaiapis.net"


@pytest.mark.parametrize("api", ["akamai_reporting", None])
def test_a_vendors_own_host_needs_live(api: str | None) -> None:
    with pytest.raises(TargetError, match="with --live"):
        choose(VENDOR, api)


def test_with_live_it_is_a_target() -> None:
    assert choose(VENDOR, "akamai_reporting", live=True).targets[0].url == VENDOR


def test_a_host_that_the_user_lists_needs_live(tmp_path: Path) -> None:
    file = tmp_path / "target.toml"
    text = '[target]\napi = "jasperserver"\nurl = "https://reports.example.com/js"\nlive_hosts = ["*.example.com"]\n'
    file.write_text(text)
    with pytest.raises(TargetError, match=r"a live host \(\*\.example\.com\)"):
        choose(str(file))
    assert choose(str(file), live=True).targets[0].live_hosts == ("*.example.com",)


def test_a_refused_live_host_is_a_usage_error(pytester: pytest.Pytester) -> None:
    done = pytester.runpytest_subprocess("--target", VENDOR, "--target-api", "akamai_reporting")
    assert done.ret == pytest.ExitCode.USAGE_ERROR
    done.stderr.fnmatch_lines(["*a live host*--live*"])
