"""How far the scenarios are is seen: at a terminal below the lines of pytest, elsewhere in plain lines."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pytest_reportconformance.hooks import progress_line
from pytest_reportconformance.hooks.progress_line import BACK, BELOW, KEEP
from tests.hooks.test_command_line import ONE

DRAWN = re.compile(f"{re.escape(KEEP + BELOW)}([^\x1b]*){re.escape(BACK)}")


def recorder(**given: Any) -> Any:
    """What the progress reads of a recorder."""
    context = SimpleNamespace(explored=3, exploration=SimpleNamespace(steps=12))
    client = SimpleNamespace(clock=SimpleNamespace(now=lambda: 100.0))
    values = {"played": [1, 2], "wanted": 9, "running": {"exported": 65.0, "deleted": 99.0}, "ends": 965.0}
    return SimpleNamespace(context=context, client=client, **{**values, **given})


def line(lines: list[str], *, verbosity: int = 0, begun: str = "", terminal: bool = False) -> progress_line.Line:
    """The progress of a session that writes to a list; `begun` stands on the line of the cursor."""
    writer = SimpleNamespace(width_of_current_line=len(begun), line=lambda: lines.append(begun))
    reporter = SimpleNamespace(isatty=terminal, write_line=lines.append, ensure_newline=lambda: None)
    plugins = {"terminalreporter": reporter}
    config: Any = SimpleNamespace(
        get_verbosity=lambda: verbosity,
        get_terminal_writer=lambda: writer,
        pluginmanager=SimpleNamespace(get_plugin=plugins.get),
    )
    return progress_line.Line(config)


def at_terminal(folder: Path, *options: str) -> str:
    """What a run of one requirement writes to a terminal."""
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--target", "embedded:jasperserver"]
    controller, terminal = pty.openpty()
    process = subprocess.Popen(
        [*command, "-k", ONE, *options],
        cwd=folder,
        stdout=terminal,
        stderr=terminal,
        env={**os.environ, "TERM": "xterm"},
    )
    os.close(terminal)
    pieces = []
    while True:
        try:
            piece = os.read(controller, 65536)
        except OSError:  # the other side was closed
            break
        if not piece:
            break
        pieces.append(piece)
    os.close(controller)
    assert process.wait(60) == 0
    return b"".join(pieces).decode()


def test_the_line_says_what_is_done_running_longest_and_left() -> None:
    assert progress_line.text(recorder()) == (
        "scenarios: 2 of 9 done, 2 running; longest exported 35 s; 865 s left; 3 of 12 steps explored"
    )


def test_without_a_terminal_there_is_a_plain_line_every_30_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    lines: list[str] = []
    shown = line(lines)
    for second in range(100):
        now[0] = float(second)
        shown.show(recorder())
    shown.clear()
    assert lines == [progress_line.text(recorder())] * 3


def test_a_plain_line_does_not_share_a_line_with_the_dots_of_several_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress_line, "PLAIN_SECONDS", -1.0)
    lines: list[str] = []
    line(lines, begun="....s..").show(recorder())
    assert lines == ["....s..", progress_line.text(recorder())]


def test_nothing_is_written_with_q_or_while_nothing_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress_line, "PLAIN_SECONDS", -1.0)
    lines: list[str] = []
    line(lines, verbosity=-1).show(recorder())
    line(lines).show(recorder(running={}))
    assert lines == []
    line(lines).show(recorder())
    assert len(lines) == 1


@pytest.mark.parametrize("processes", [[], ["-n", "2"]], ids=["alone", "parallel"])
def test_at_a_terminal_the_line_is_drawn_below_those_of_pytest(tmp_path: Path, processes: list[str]) -> None:
    output = at_terminal(tmp_path, *processes)
    drawn = DRAWN.findall(output)
    assert any(text.startswith("scenarios: ") for text in drawn)
    assert drawn[-1] == ""
    rest = DRAWN.sub("", output)
    assert "scenarios:" not in rest
    assert "\x1bD" not in rest
    assert "[100%]" in rest


def test_at_a_terminal_q_is_quiet(tmp_path: Path) -> None:
    assert "scenarios:" not in at_terminal(tmp_path, "-q")
