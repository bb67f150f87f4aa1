"""An interrupt ends a run in order, wherever it comes."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from types import TracebackType

import pytest

from pytest_reportconformance.hooks.interrupts import ENDING, SAME, Interrupts
from tests.hooks.test_command_line import ONE, results, run


def interrupted(ended: list[bool]) -> None:
    try:
        raise KeyboardInterrupt
    finally:
        ended.append(True)


def test_an_interrupt_between_two_lines_is_shown_as_well() -> None:
    nowhere = next(n for n, place in enumerate(interrupted.__code__.co_positions()) if place[0] is None)
    with pytest.raises(KeyboardInterrupt) as caught:
        interrupted([])
    last = caught.tb.tb_next
    assert last is not None
    last.tb_next = TracebackType(None, last.tb_frame, 2 * nowhere, -1)
    assert last.tb_next.tb_lineno is None
    interrupts = Interrupts(pytest.Config.fromdictargs({}, []), [], Path(), embedded=False)
    interrupts.pytest_keyboard_interrupt(caught)
    assert interrupts.interrupted
    assert "KeyboardInterrupt" in str(caught.getrepr())


def test_a_signal_that_a_wrapper_passes_on_counts_once(capfd: pytest.CaptureFixture[str]) -> None:
    interrupts = Interrupts(pytest.Config.fromdictargs({}, []), [], Path(), embedded=False)
    interrupts.install()
    try:
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(SAME / 2)
    finally:
        list(interrupts.pytest_unconfigure())
    assert capfd.readouterr().err == ""


AT_THE_END = """
import os, signal, time

def pytest_sessionfinish():
    for _ in range({times}):
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.2)
"""


def test_the_first_signal_at_the_end_of_a_run_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(AT_THE_END.format(times=1), encoding="utf-8")
    done = run(tmp_path, "--target", "embedded:jasperserver", "-k", ONE)
    assert done.returncode == 0, done.stdout
    assert ENDING in done.stderr
    assert results(tmp_path)["verdict"] == "partial"


def test_the_second_one_ends_it(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(AT_THE_END.format(times=2), encoding="utf-8")
    done = run(tmp_path, "--target", "embedded:jasperserver", "-k", ONE, XDG_STATE_HOME=str(tmp_path / "state"))
    assert done.returncode == 2, done.stdout
    assert "interrupted again: the run ends without removing anything" in done.stderr
    assert "left on the target" not in done.stderr, "an embedded server ends with the run"
    assert list((tmp_path / "state").rglob("*.jsonl")) == []
    assert "Traceback" not in done.stderr
