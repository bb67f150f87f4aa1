"""Every exit code, alone and under xdist."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from pytest_reportconformance.http.server import Answer, Call, Server
from pytest_reportconformance.jasperserver.reference import Reference
from tests.hooks.test_command_line import ALONE_AND_PARALLEL, ONE, outcomes, results, run

pytestmark = [ALONE_AND_PARALLEL, pytest.mark.sampled(0.5)]


class KnowsEveryId(Reference):
    """Answers 200 to the status of an id that does not exist."""

    def answer(self, call: Call) -> Any:
        found = super().answer(call)
        if call.method == "GET" and "/status" in call.path and found.status == 404:
            found.status, found.body = 200, b'{"value":"ready"}'
        return found


class ServesNoKnownApi(Reference):
    """Answers 404 to everything."""

    def answer(self, call: Call) -> Answer:
        return Answer(404)


@contextmanager
def target_of(reference: Reference, folder: Path, change: tuple[str, str] = ("", "")) -> Iterator[Path]:
    """Serve a server in this process, described by a target.toml in which one text is replaced."""
    with Server(reference) as server:
        path = folder / "t.toml"
        path.write_text(reference.target_toml(server.url).replace(*change), encoding="utf-8")
        yield path


def test_0_for_a_selection_without_failure(tmp_path: Path, processes: list[str]) -> None:
    done = run(tmp_path, "--target", "embedded:jasperserver", "-k", ONE, *processes)
    assert done.returncode == 0, done.stdout
    assert results(tmp_path)["verdict"] == "partial"


def test_0_for_collecting_only(tmp_path: Path, processes: list[str]) -> None:
    done = run(tmp_path, "--target", "embedded:jasperserver", "--collect-only", "-q", *processes)
    assert done.returncode == 0
    assert not (tmp_path / "conformance").exists()


def test_1_for_a_violated_requirement(tmp_path: Path, processes: list[str]) -> None:
    with target_of(KnowsEveryId(), tmp_path) as target:
        done = run(tmp_path, "--target", str(target), "-k", ONE, *processes)
    assert done.returncode == 1, done.stdout
    assert outcomes(tmp_path)[ONE] == "failed"
    assert results(tmp_path)["verdict"] == "not conformant"
    for word in ("requirement", ONE, "source", "expected", "status 404", "actual", "exchange", "curl -i"):
        assert word in done.stdout
    assert "joeuser:" not in done.stdout


def test_1_when_the_first_failure_ends_the_run(tmp_path: Path, processes: list[str]) -> None:
    with target_of(KnowsEveryId(), tmp_path) as target:
        done = run(tmp_path, "--target", str(target), "-k", "jasperserver.status.", "-x", *processes)
    assert done.returncode == 1, done.stdout


def test_1_for_a_failing_test_of_the_users_own(tmp_path: Path, processes: list[str]) -> None:
    (tmp_path / "test_own.py").write_text("def test_own(): assert False\n", encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\ntestpaths = test_own.py\n", encoding="utf-8")
    done = run(tmp_path, "--target", "embedded:jasperserver", "-k", f"{ONE} or test_own", *processes)
    assert done.returncode == 1, done.stdout
    assert results(tmp_path)["verdict"] == "partial"


@pytest.mark.parametrize(("number", "bound"), [(signal.SIGINT, False), (signal.SIGTERM, True)], ids=["INT", "TERM"])
def test_2_for_an_interrupted_run_which_leaves_nothing(
    tmp_path: Path, processes: list[str], number: int, bound: bool
) -> None:
    reference = Reference(slow_seconds=30, bind_sessions=bound)
    with target_of(reference, tmp_path) as target:
        command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--target", str(target), *processes]
        process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True, env=dict(os.environ))
        end = time.monotonic() + 60
        while reference.executions_left < 5 and time.monotonic() < end:
            time.sleep(0.05)
        time.sleep(2.0)  # some runs wait for their answers by now
        process.send_signal(number)
        output, _ = process.communicate(timeout=90)
        assert process.returncode == 2, output
        assert "left on the target" not in output
        assert reference.executions_left == 0


def test_3_for_an_internal_error_of_pytest(tmp_path: Path, processes: list[str]) -> None:
    text = "def pytest_collection_modifyitems(items):\n    raise RuntimeError('broken conftest')\n"
    (tmp_path / "conftest.py").write_text(text, encoding="utf-8")
    done = run(tmp_path, "--target", "embedded:jasperserver", "-k", ONE, *processes)
    assert done.returncode == 3, done.stdout


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--target", "nowhere.toml"], "nowhere.toml"),
        (["--target", "embedded:nope"], "unknown API 'nope'"),
        (["--target", "embedded:jasperserver@0.1"], "there is no edition 0.1"),
        (["--target", "typo.toml"], "did you mean 'disposable'"),
        (["--target", "embedded", "--explore", "many"], "--explore: found 'many'; allowed: a whole number"),
        (["--target", "embedded", "--explore-seed", "-1"], "--explore-seed: found '-1'; allowed: a whole number"),
    ],
    ids=["no-file", "no-api", "no-edition", "typo", "explore", "explore-seed"],
)
def test_4_for_usage_and_configuration(tmp_path: Path, processes: list[str], arguments: list[str], word: str) -> None:
    text = '[target]\napi = "jasperserver"\nurl = "http://127.0.0.1:1"\ndisposible = true\n'
    (tmp_path / "typo.toml").write_text(text, encoding="utf-8")
    done = run(tmp_path, *arguments, *processes)
    assert done.returncode == 4, done.stdout
    assert word in done.stderr + done.stdout


def test_4_for_a_url_that_serves_no_known_api(tmp_path: Path, processes: list[str]) -> None:
    with Server(ServesNoKnownApi()) as server:
        done = run(tmp_path, "--target", server.url, *processes)
    assert done.returncode == 4, done.stdout
    assert "--target-api" in done.stderr + done.stdout


def test_5_for_nothing_collected(tmp_path: Path, processes: list[str]) -> None:
    assert run(tmp_path, "--target", "embedded:jasperserver", "-k", "no_such_thing", *processes).returncode == 5


def test_6_if_a_must_could_not_be_judged(tmp_path: Path, processes: list[str]) -> None:
    with target_of(Reference(slow_seconds=0.6), tmp_path, ("[reports.failing]", "[reports.empty2]")) as target:
        kept = target.read_text(encoding="utf-8").split("[reports.empty2]")
        target.write_text(kept[0] + "[" + kept[1].split("[", 1)[1], encoding="utf-8")
        done = run(tmp_path, "--target", str(target), *processes)
    assert done.returncode == 6, done.stdout
    assert results(tmp_path)["verdict"] == "incomplete"
    assert "[reports.failing]" in done.stdout or "failing" in str(results(tmp_path))


def test_7_for_an_unreachable_url(tmp_path: Path, processes: list[str]) -> None:
    done = run(tmp_path, "--target", "http://127.0.0.1:1", *processes)
    assert done.returncode == 7, done.stdout
    assert "is unreachable: the connection was refused" in done.stdout + done.stderr


def test_7_for_an_unreachable_target(tmp_path: Path, processes: list[str]) -> None:
    done = run(tmp_path, "--target", "http://127.0.0.1:1", "--target-api", "jasperserver", *processes)
    assert done.returncode == 7, done.stdout
    assert "is unreachable: the connection was refused" in done.stdout + done.stderr
    assert results(tmp_path)["verdict"] == "error"
