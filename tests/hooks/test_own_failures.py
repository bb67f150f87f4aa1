"""What fails beside the packaged checks keeps its exit code, and broken output leaves no traceback."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.hooks.test_command_line import ONE, results, run

GATE = """
import pytest

@pytest.hookimpl(wrapper=True)
def pytest_runtestloop(session):
    found = yield
    session.testsfailed += 1
    return found
"""


def test_a_failing_test_is_counted_without_a_terminal_plugin(tmp_path: Path) -> None:
    (tmp_path / "test_own.py").write_text("def test_own(): assert False\n", encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\ntestpaths = test_own.py\n", encoding="utf-8")
    arguments = ("--target", "embedded:jasperserver", "-p", "no:terminal", "-k", f"{ONE} or test_own")
    assert run(tmp_path, *arguments).returncode == 1


def test_the_gate_of_another_plugin_keeps_its_exit_code(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(GATE, encoding="utf-8")
    done = run(tmp_path, "--target", "embedded:jasperserver", "-k", ONE)
    assert done.returncode == 1, done.stdout


def test_the_verdict_is_printed_without_a_terminal_plugin(tmp_path: Path) -> None:
    done = run(tmp_path, "--target", "embedded:jasperserver", "-p", "no:terminal", "-k", ONE)
    assert done.returncode == 0, done.stderr
    folder = tmp_path / "conformance" / "embedded-jasperserver"
    says = "partial: not all requirements were selected"
    assert done.stdout == f"conformance of embedded-jasperserver: {says}; conformance report: {folder}\n"


RERUNS = """
from _pytest.runner import runtestprotocol

def pytest_runtest_protocol(item, nextitem):
    for outcome in ("rerun", None):
        for report in runtestprotocol(item, nextitem=nextitem, log=False):
            report.outcome = outcome or report.outcome
            item.ihook.pytest_runtest_logreport(report=report)
    return True
"""


def test_what_another_plugin_runs_again_is_judged_once(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(RERUNS, encoding="utf-8")
    done = run(tmp_path, "--target", "embedded:jasperserver", "-k", ONE)
    assert done.returncode == 0, done.stdout
    checks = [check for one in results(tmp_path)["requirements"] for check in one["checks"]]
    assert len(checks) == len({check["name"] for check in checks}) > 0


def test_an_exit_code_of_another_plugin_stays(tmp_path: Path) -> None:
    text = "def pytest_sessionfinish(session):\n    session.exitstatus = 42\n"
    (tmp_path / "conftest.py").write_text(text, encoding="utf-8")
    assert run(tmp_path, "--target", "embedded:jasperserver", "-k", ONE).returncode == 42


RUN = f"{sys.executable} -m pytest -q -p no:cacheprovider --target embedded:jasperserver -k {ONE}"
LIST = f"{Path(sys.executable).parent}/reportconformance requirements"


@pytest.mark.parametrize(
    ("command", "code", "word"),
    [
        (f"set -o pipefail; {RUN} | head -c 0", 0, ""),
        (f"set -o pipefail; {LIST} | head -c 1", 0, ""),
        (f"{RUN} >&-", 4, "standard output is closed"),
        (f"{LIST} >&-", 4, "standard output is closed"),
        (f"{RUN} > /dev/full", 7, "standard output cannot be written: No space left on device"),
        (f"{LIST} > /dev/full", 7, "standard output cannot be written: No space left on device"),
    ],
    ids=["run-head", "list-head", "run-closed", "list-closed", "run-full", "list-full"],
)
def test_broken_output_is_quiet_or_one_sentence(tmp_path: Path, command: str, code: int, word: str) -> None:
    done = subprocess.run(
        ["bash", "-c", command], cwd=tmp_path, capture_output=True, text=True, timeout=90, check=False
    )
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert "INTERNALERROR" not in done.stderr
    assert word in done.stderr
    assert word or not done.stderr
