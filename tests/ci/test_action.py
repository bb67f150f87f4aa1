"""The steps of action.yml, run here: the first night is green, and red is the one after an upgrade of the server.

The package is installed by the step itself, without the index: the dependencies are those of this process.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.ci.local_action import Job, Runner, temporary
from tests.ci.nights import BASELINE, REPORT, WORSE, environment, served

INSTALL = "Install the suite"
STEPS = {
    "actions/setup-python": 0,
    "Wait for the server": 0,
    "Fetch the baseline": 0,
    "Certify": 0,
    "actions/upload-artifact conformance": 0,
    "actions/upload-artifact conformance-baseline": 0,
}
KEPT_BASELINE = "conformance-baseline"


@pytest.fixture
def runner(tmp_path: Path, workspace: Path, installed: Job) -> Runner:
    """A runner on which the suite is installed."""
    found = Runner(tmp_path / "store", workspace, environment(tmp_path))
    found.skipped = {INSTALL}
    found.added = [(installed.folder / "path").read_text(encoding="utf-8").strip()]
    return found


def night(runner: Runner, **inputs: str) -> Job:
    """One run of the action, on a fresh checkout."""
    (runner.workspace / BASELINE).unlink(missing_ok=True)
    shutil.rmtree(runner.workspace / REPORT, ignore_errors=True)
    given = {name.replace("_", "-"): value for name, value in inputs.items()}
    return runner.run({"target": "target.toml", "accept-deviations": "true", **given})


def baseline(job: Job) -> bytes:
    """The baseline that a job keeps."""
    return (job.artifact(KEPT_BASELINE) / BASELINE).read_bytes()


def kept(runner: Runner, branch: str, text: str, *, expired: bool = False) -> None:
    """Keep a baseline as an earlier run of a branch did."""
    run = runner.store / str(1 + sum(1 for _ in runner.store.glob("*")))
    (run / "artifacts" / KEPT_BASELINE).mkdir(parents=True)
    (run / "artifacts" / KEPT_BASELINE / BASELINE).write_text(text, encoding="utf-8")
    (run / "branch").write_text(branch, encoding="utf-8")
    if expired:
        (run / "expired").touch()


def record(job: Job) -> dict[str, Any]:
    """The record that a job keeps."""
    found: dict[str, Any] = json.loads((job.artifact("conformance") / "results.json").read_text(encoding="utf-8"))
    return found


def test_the_suite_is_installed_from_the_action(installed: Job) -> None:
    wanted = {name: 0 for name in STEPS if "aseline" not in name and name != "Certify"}
    assert installed.codes == wanted | {INSTALL: 0}
    python = temporary(installed) / "reportconformance" / "bin" / "python"
    show = "import pytest_reportconformance as one; print(one.__file__)"
    done = subprocess.run([python, "-P", "-c", show], capture_output=True, text=True, check=True, env={})
    assert Path(done.stdout).is_relative_to(python.parents[1])


def test_the_first_night_is_green_and_the_night_after_an_upgrade_is_red(runner: Runner) -> None:
    with served(runner.workspace, "6.4.2") as url:
        first = night(runner)
        assert first.codes == STEPS
        assert json.loads(baseline(first)) == record(first)
        assert record(first)["comparison"] is None
        assert "# reference: partial" in first.summary
    with served(runner.workspace, "8.1.1", url):
        second = night(runner)
        assert second.codes == STEPS | {"Certify": 1}
        for text in WORSE:
            assert text in second.summary
        assert record(second)["verdict"] == "worse than the baseline"
        assert baseline(second) == baseline(first)
        renewed = night(runner, new_baseline="true")
        assert renewed.codes == STEPS
        assert baseline(renewed) != baseline(first)


def test_the_baseline_is_the_newest_of_the_branch_that_is_not_expired(runner: Runner) -> None:
    with served(runner.workspace, "6.4.2"):
        first = night(runner)
    good = baseline(first).decode()
    for branch in ("main@fork", "another"):
        kept(runner, branch, "{}")
    kept(runner, "main", "{}", expired=True)
    runner.skipped |= {"Wait for the server", "Certify"}
    assert baseline(night(runner)) == good.encode()
    kept(runner, "main", "newer")
    assert baseline(night(runner)) == b"newer"


def test_a_baseline_of_the_checkout_goes_before_that_of_the_last_run(runner: Runner) -> None:
    kept(runner, "main", "{}")
    runner.skipped |= {"Wait for the server", "Certify"}
    (runner.workspace / BASELINE).write_text("mine", encoding="utf-8")
    assert baseline(runner.run({"target": "target.toml"})) == b"mine"


def test_artifacts_that_cannot_be_listed_are_no_first_night(runner: Runner) -> None:
    runner.environment["GH_FAILS"] = "true"
    runner.skipped.add("Wait for the server")
    job = runner.run({"target": "target.toml"})
    assert job.failed
    assert "Certify" not in job.codes
    assert not job.artifact(KEPT_BASELINE).exists()


def test_a_server_that_does_not_start_ends_the_job_with_the_code_of_the_wait(runner: Runner) -> None:
    job = runner.run({"target": "http://127.0.0.1:1", "wait-seconds": "1"})
    assert job.codes["Wait for the server"] == 7
    assert "Certify" not in job.codes


def test_every_option_reaches_the_run(runner: Runner) -> None:
    commands = runner.store.parent / "commands"
    commands.mkdir()
    (commands / "pytest").write_text('#!/bin/sh\nprintf "%s\\n" "$@" > options\nexit 6\n', encoding="utf-8")
    (commands / "pytest").chmod(0o755)
    runner.added.append(str(commands))
    given = {"target": "embedded", "api": "jasperserver", "explore": "7", "report": "r", "baseline": "b.json"}
    job = runner.run({**given, "accept-deviations": "true"})
    assert job.codes["Certify"] == 6
    options = (runner.workspace / "options").read_text(encoding="utf-8").split()
    assert "testpaths=r" in options
    wanted = "--target embedded --conformance-report r --target-api jasperserver --explore 7 --accept-deviations"
    assert " ".join(options).endswith(f"{wanted} --conformance-baseline b.json --conformance-baseline-create")
    runner.run({"target": "embedded", "baseline": ""})
    options = (runner.workspace / "options").read_text(encoding="utf-8").split()
    assert options[-4:] == ["--target", "embedded", "--conformance-report", REPORT]


def test_an_unknown_input_is_refused(runner: Runner) -> None:
    with pytest.raises(SystemExit):
        runner.run({"target": "embedded", "base-line": "x"})
