"""A second Ctrl-C ends a run at once: it names what may be left on the target, and how to remove it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pytest_reportconformance.http.server import Answer, Call
from pytest_reportconformance.jasperserver.reference import Reference
from tests.hooks.test_command_line import ALONE_AND_PARALLEL
from tests.hostile.hostile_run import describe
from tests.hostile.wire import Hostile, Wire, until

pytestmark = [ALONE_AND_PARALLEL, pytest.mark.sampled(0.5)]
SEVERAL = "jasperserver.status or jasperserver.cancel or jasperserver.delete"


def never(wire: Wire, call: Call, answer: Answer) -> None:
    """No answer to what stops or removes an execution: the clean-up hangs."""
    wire.hang()


@pytest.fixture
def server() -> Iterator[Hostile]:
    """A server on which executions take long, and on which they cannot be removed."""
    removes = ("PUT", "DELETE")
    reference = Reference(slow_seconds=30, bind_sessions=True)
    with Hostile(
        reference, never, lambda call: call.method in removes and reference.executions_started > 1
    ) as server:  # the first execution is that of the preconditions
        yield server


def begin(folder: Path, server: Hostile, *options: str) -> subprocess.Popen[str]:
    """Start a run as the foreground process group of a terminal, and wait until it waits for its executions."""
    reference = server.reference
    assert isinstance(reference, Reference)
    (folder / "t.toml").write_text(describe(reference, server.url, "[limits]\nanswer_seconds = 60\n"))
    command = [sys.executable, "-m", "pytest", "--target", "t.toml", "-k", SEVERAL, "-p", "no:cacheprovider", *options]
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, "XDG_STATE_HOME": str(folder / "state")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert until(60, lambda: reference.executions_left > 1)
    time.sleep(1.0)
    return process


def press(process: subprocess.Popen[str], times: int, pause: float) -> tuple[str, float]:
    """Press Ctrl-C in a terminal: all processes of the group receive it. The output, and the seconds to the end."""
    for number in range(times):
        if number:
            time.sleep(pause)
        os.killpg(process.pid, signal.SIGINT)
    pressed = time.monotonic()
    process.wait(60)
    seconds = time.monotonic() - pressed
    return process.communicate(timeout=60)[0], seconds


@pytest.mark.parametrize(("times", "pause"), [(2, 2.0), (3, 0.3)], ids=["two", "three-fast"])
def test_it_ends_at_once_and_names_what_may_be_left(
    tmp_path: Path, server: Hostile, processes: list[str], times: int, pause: float
) -> None:
    process = begin(tmp_path, server, *processes)
    output, seconds = press(process, times, pause)
    assert process.returncode == 2, output
    assert seconds < 5, output  # in order it takes 12 s: the removals are never answered
    assert "Traceback" not in output
    assert "INTERNALERROR" not in output
    (line,) = re.findall("may be left on the target: execution (.*)", output)
    reference = server.reference
    assert isinstance(reference, Reference)
    assert set(line.split(", ")) & set(reference.executions), output
    assert f"remove it: reportconformance cleanup {tmp_path}/conformance/" in output


def test_the_named_command_removes_what_was_left(tmp_path: Path, server: Hostile, processes: list[str]) -> None:
    process = begin(tmp_path, server, *processes)
    output, _ = press(process, 2, 1.0)
    server.when = lambda call: False
    (command,) = re.findall("remove it: (.*)", output)
    reference = server.reference
    assert isinstance(reference, Reference)
    done = subprocess.run(
        [str(Path(sys.executable).with_name("reportconformance")), *command.split()[1:]],
        cwd=tmp_path,
        env={**os.environ, "XDG_STATE_HOME": str(tmp_path / "state")},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "removed" in done.stdout, done.stdout + done.stderr
    assert reference.executions_left == 0
