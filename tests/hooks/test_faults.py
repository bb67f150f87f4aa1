"""What this machine lacks ends a run with one sentence and the exit code of an error, in whatever hook it shows."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pytest_reportconformance.hooks.faults import of_the_machine
from pytest_reportconformance.transcript import har
from tests.hooks.test_command_line import run

RUN = f"{sys.executable} -m pytest -q -p no:cacheprovider"
SOME = ("embedded:jasperserver", "test_run.py or test_status.py"), ("embedded:akamai_reporting", "test_poll.py")
THREADS = "no more threads can be started: raise the limits"
MEMORY = "the memory is exhausted: raise the memory limit"
FILES = "Too many open files|this process may open no more files"


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        ("-v 50000", (MEMORY, THREADS)),
        ("-v 76800", (MEMORY, THREADS)),
        ("-v 307200", (MEMORY, THREADS)),
        ("-v 614400", (MEMORY, THREADS)),
        ("-n 25", FILES.split("|")),
    ],
)
@pytest.mark.parametrize(("target", "checks"), SOME, ids=["jasperserver", "akamai_reporting"])
def test_a_limit_of_the_process_is_one_sentence(
    tmp_path: Path, target: str, checks: str, limit: str, words: tuple[str, ...]
) -> None:
    command = f"ulimit {limit}; exec {RUN} --target {target} -k '{checks}'"
    done = subprocess.run(
        ["bash", "-c", command], cwd=tmp_path, capture_output=True, text=True, timeout=90, check=False
    )
    output = done.stdout + done.stderr
    assert done.returncode in (4, 7), output  # pytest itself calls a folder that it cannot read a usage error
    assert any(word in output for word in words), output
    assert "Traceback" not in output
    assert "INTERNALERROR" not in output


BROKEN = """
import pytest
from pytest_reportconformance.hooks import {module}

def broken(*arguments, **options):
    raise {error}

def pytest_configure():
    {module}.{name} = broken
"""
FULL = 'OSError(28, "No space left on device", "some.file")'
DENIED = 'open("/proc/none/x", "w")'


@pytest.mark.parametrize(
    ("name", "error", "says"),
    [
        ("controller.Controller._play", "MemoryError()", MEMORY),
        ("controller.Controller._play", 'RuntimeError("can\'t allocate lock")', MEMORY),
        ("controller.Controller._play", 'ImportError("some.so: failed to map segment from shared object")', MEMORY),
        ("controller.Controller._play", FULL, "some.file cannot be written or read: No space left on device"),
        ("controller.Controller._run_of", "MemoryError()", MEMORY),
        ("controller.Controller._partial", "MemoryError()", MEMORY),
        ("controller.progress.summary", FULL, "some.file cannot be written or read: No space left on device"),
        ("controller.standard_output.restored", "MemoryError()", MEMORY),
    ],
)
def test_a_fault_in_a_hook_is_one_sentence(tmp_path: Path, name: str, error: str, says: str) -> None:
    module, _, place = name.partition(".")
    (tmp_path / "conftest.py").write_text(BROKEN.format(module=module, name=place, error=error), encoding="utf-8")
    done = run(tmp_path, "--target", "embedded:akamai_reporting", "-k", "akamai_reporting.submit.accepted")
    assert done.returncode == 7, done.stdout + done.stderr
    assert says in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert "INTERNALERROR" not in done.stdout + done.stderr


def test_an_error_of_a_file_counts_if_our_own_code_raised_it() -> None:
    with pytest.raises(OSError, match="No such") as ours:
        har.read(Path("/proc/none/x"))
    assert not of_the_machine(FileNotFoundError("of another plugin"))
    assert of_the_machine(ours.value)
