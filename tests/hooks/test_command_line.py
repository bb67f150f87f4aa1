"""The command line as its users meet it: pytest in a process of its own against an embedded or served target."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pytest_reportconformance.http.server import Server
from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.register.register import api_names

ONE = "jasperserver.status.unknown-id"
ALONE_AND_PARALLEL = pytest.mark.parametrize("processes", [[], ["-n", "2"]], ids=["exclusive", "xdist"])


def run(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run pytest in a folder, with its output as text."""
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments]
    surroundings = {key: value for key, value in os.environ.items() if not key.startswith(("RC_", "PYTEST_"))}
    return subprocess.run(
        command,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=400,
        env={**surroundings, **environment},
    )


def results(folder: Path) -> dict[str, Any]:
    """The one record below a folder."""
    (path,) = folder.rglob("results.json")
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def outcomes(folder: Path) -> dict[str, str]:
    """The outcome of each requirement."""
    return {one["id"]: one["outcome"] for one in results(folder)["requirements"]}


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Reference, Path]]:
    """A reference server in this process, and the target.toml that describes it."""
    reference = Reference(slow_seconds=5, page_seconds=0.4)
    with Server(reference) as server:
        path = tmp_path / "served.toml"
        path.write_text(reference.target_toml(server.url), encoding="utf-8")
        yield reference, path


def test_without_a_target_the_plugin_does_nothing(tmp_path: Path) -> None:
    (tmp_path / "test_own.py").write_text("def test_own(): pass\n", encoding="utf-8")
    done = run(tmp_path)
    assert done.returncode == 0
    assert "verdict" not in done.stdout
    assert "conformance of" not in done.stdout
    assert not (tmp_path / "conformance").exists()


@pytest.mark.parametrize("api", api_names())
def test_the_header_names_the_target(tmp_path: Path, api: str) -> None:
    done = run(tmp_path, "--target", f"embedded:{api}", "--collect-only")
    assert done.returncode == 0
    assert f"target: embedded-{api} ({api}" in done.stdout
    assert "identities: owner, other_user" in done.stdout


@ALONE_AND_PARALLEL
def test_the_ini_of_the_user_does_not_affect_packaged_checks(
    tmp_path: Path, served: tuple[Reference, Path], processes: list[str]
) -> None:
    ini = "[pytest]\npython_files = check_*.py\npython_functions = verify_*\npython_classes = X\n"
    (tmp_path / "pytest.ini").write_text(ini, encoding="utf-8")
    done = run(tmp_path, "--target", str(served[1]), "-k", ONE, *processes)
    assert done.returncode == 0, done.stdout
    assert outcomes(tmp_path)[ONE] == "passed"


def test_testpaths_of_the_user_are_collected_as_well(tmp_path: Path, served: tuple[Reference, Path]) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\ntestpaths = own\n", encoding="utf-8")
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "test_mine.py").write_text(
        "def test_mine(target_url):\n    assert target_url\n", encoding="utf-8"
    )
    done = run(tmp_path, "--target", str(served[1]), "-k", f"{ONE} or test_mine", "-v")
    assert done.returncode == 0, done.stdout
    assert "test_mine PASSED" in done.stdout
    assert outcomes(tmp_path)[ONE] == "passed"


def test_own_tests_use_transcripts_and_the_url(tmp_path: Path) -> None:
    text = """
def test_mine(status_unknown, target_url):
    assert target_url.startswith("http://127.0.0.1:")
    assert [exchange.status_code for exchange in status_unknown]
"""
    scenario = next(iter(_scenarios_of(ONE)))
    (tmp_path / "test_mine.py").write_text(text.replace("status_unknown", scenario), encoding="utf-8")
    done = run(tmp_path, "--target", "embedded:jasperserver", "-W", "error", "test_mine.py")
    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout


def _scenarios_of(id: str) -> list[str]:
    from pytest_reportconformance.judging import evaluate

    return [name for check in evaluate.checks("jasperserver") if check.requirement == id for name in check.transcripts]


def test_own_tests_get_a_server_that_behaves_like_a_version(tmp_path: Path) -> None:
    text = """
import json
from urllib.request import urlopen

def version_of(url):
    with urlopen(url + "/rest_v2/serverInfo") as answer:
        return answer.read().decode()

def test_mine(jasperserver_url):
    assert "8.1.1" in version_of(jasperserver_url("8.1.1"))
    assert jasperserver_url("8.1.1") == jasperserver_url("8.1.1") != jasperserver_url()
"""
    (tmp_path / "test_mine.py").write_text(text, encoding="utf-8")
    done = run(tmp_path, "--target", "embedded:jasperserver", "test_mine.py")
    assert done.returncode == 0, done.stdout


@ALONE_AND_PARALLEL
def test_a_whole_run_is_conformant_and_leaves_nothing(
    tmp_path: Path, served: tuple[Reference, Path], processes: list[str]
) -> None:
    reference, target = served
    done = run(tmp_path, "--target", str(target), *processes)
    assert done.returncode == 0, done.stdout
    record = results(tmp_path)
    assert record["verdict"] == "conformant"
    # Two synchronous runs fail after their start: the server counts them, but its answers name no execution.
    # On a busy machine a cancel may come before the engine knows the execution: one more is cancelled then.
    assert record["executions_started"] + 2 == reference.executions_started <= 61
    assert reference.executions_left == 0
    assert {one["outcome"] for one in record["requirements"]} <= {"passed", "not applicable", "unchecked", "noted"}


def test_workers_judge_the_same_as_one_process(tmp_path: Path) -> None:
    folders = [tmp_path / "exclusive", tmp_path / "parallel"]
    for folder, processes in zip(folders, ([], ["-n", "4"]), strict=True):
        folder.mkdir()
        assert run(folder, "--target", "embedded:akamai_reporting", *processes).returncode == 0
    assert outcomes(folders[0]) == outcomes(folders[1])
    assert len({results(folder)["submissions_started"] for folder in folders}) == 1


def test_the_wall_time_is_the_longest_chain_of_waits(tmp_path: Path) -> None:
    """Not a timed test: the record says which scenario was the longest, and that it is one of those played."""
    assert run(tmp_path, "--target", "embedded:jasperserver").returncode == 0
    record = results(tmp_path)
    assert record["longest_scenario"]["name"] in {one["name"] for one in record["scenarios"]}


def test_options_are_documented() -> None:
    readme = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parents[2].glob("*.md"))
    docs = "".join(path.read_text(encoding="utf-8") for path in (Path(__file__).parents[2] / "docs").glob("*.md"))
    plugin = (Path(__file__).parents[2] / "pytest_reportconformance" / "plugin.py").read_text(encoding="utf-8")
    options = set(re.findall(r'"(--[a-z-]+)"', plugin))
    assert options
    assert {option for option in options if option not in readme + docs} == set()
