"""How far the scenarios are: at a terminal a line below pytest's output, elsewhere a plain line twice a minute.

Rule: pytest's own lines stay whole. Capturing is suspended while something is written; with `-q` nothing is.
"""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from pytest_reportconformance.recording.recorder import Recorder
from pytest_reportconformance.transcript.parsing import visible

PLAIN_SECONDS = 30.0
DRAWN_SECONDS = 0.25
KEEP = "\x1bD\x1bM\x1b7\x1b[K"
"""Make room below the line of the cursor, without moving it, remember its place, and remove what is right of it."""
BELOW, BACK = "\x1b[1B\r\x1b[K", "\x1b8"
"""Go to the line below and empty it; go back."""


class Line:
    """The progress of a session."""

    def __init__(self, config: pytest.Config) -> None:
        reporter = config.pluginmanager.get_plugin("terminalreporter")
        self._reporter: Any = None if config.get_verbosity() < 0 else reporter
        self._writer: Any = config.get_terminal_writer() if reporter is not None else None
        self._capture: Any = config.pluginmanager.get_plugin("capturemanager")
        self._terminal = reporter is not None and bool(reporter.isatty)
        self._next = time.monotonic() + (0.0 if self._terminal else PLAIN_SECONDS)
        self._shown = False

    def show(self, recorder: Recorder) -> None:
        """Say how many scenarios are done and running, which one has run the longest, and how much time is left."""
        if self._reporter is None or not recorder.running or time.monotonic() < self._next:
            return
        self._next = time.monotonic() + (DRAWN_SECONDS if self._terminal else PLAIN_SECONDS)
        with self._uncaptured():
            if self._terminal:
                self._draw(text(recorder)[: shutil.get_terminal_size().columns - 1])
            else:
                self._reporter.ensure_newline()
                if self._writer.width_of_current_line:  # the dots of xdist
                    self._writer.line()
                self._reporter.write_line(text(recorder))

    def clear(self) -> None:
        """Remove the line at a terminal."""
        if self._shown:
            self._shown = False
            with self._uncaptured():
                self._write(f"{KEEP}{BELOW}{BACK}")

    def _draw(self, line: str) -> None:
        self._shown = True
        self._write(f"{KEEP}{BELOW}{line}{BACK}")

    def _write(self, line: str) -> None:
        sys.stdout.write(line)  # the reporter would count it as a part of its own line
        sys.stdout.flush()

    @contextmanager
    def _uncaptured(self) -> Iterator[None]:
        """While a test runs, what is written would become its captured output."""
        if self._capture is None:
            yield
            return
        with self._capture.global_and_fixture_disabled():
            yield


def text(recorder: Recorder) -> str:
    """The progress in one line."""
    now = recorder.client.clock.now()
    oldest, since = min(list(recorder.running.items()), key=lambda pair: pair[1])
    parts = [
        f"scenarios: {len(recorder.played)} of {recorder.wanted} done, {len(recorder.running)} running",
        f"longest {oldest} {now - since:.0f} s",
    ]
    if recorder.ends is not None:
        parts.append(f"{max(recorder.ends - now, 0):.0f} s left")
    return visible("; ".join([*parts, *_explored(recorder)]))


def _explored(recorder: Recorder) -> list[str]:
    """How many steps of the exploration are made, while it makes some."""
    made, steps = recorder.context.explored, recorder.context.exploration.steps
    return [f"{made} of {steps} steps explored"] if 0 < made < steps else []
