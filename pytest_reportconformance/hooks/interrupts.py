"""Signals that end a run: the first one ends it in order, the next one at once.

Rule: the first signal removes what the run created. The next one removes nothing: it names what may be left on the
target, and the process ends with the exit code of an interrupted run. The ledger stays for the next run.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import time
from collections.abc import Generator, Iterable
from contextlib import suppress
from math import inf
from pathlib import Path
from typing import Any

import pytest

from pytest_reportconformance.hooks import progress
from pytest_reportconformance.run.run import Run
from pytest_reportconformance.transcript.parsing import visible

Hook = Generator[None, Any, Any]
SIGNALS = (signal.SIGINT, signal.SIGTERM)
SAME = 0.1
"""Seconds within which two signals are one: a wrapper passes on what the terminal has sent to the whole group."""
ENDING = "interrupted: what the run created is being removed; interrupt again to end at once and leave it on the target"


class Interrupts:
    """The signals of a session; `runs` is the controller's list, changed in place, `folder` its temporary folder.

    `embedded` is true if the servers are in this process, and end with it.
    """

    def __init__(self, config: pytest.Config, runs: list[Run], folder: Path, *, embedded: bool) -> None:
        self.config = config
        self.runs = runs
        self.folder = folder
        self.embedded = embedded
        self.interrupted = False
        self._ending = False
        self._latest = -inf
        self._received = 0
        self._before: dict[int, Any] = {}

    def install(self) -> None:
        """Handle the signals from now on."""
        self._before = {number: signal.signal(number, self._receive) for number in SIGNALS}

    def _receive(self, _number: int, _frame: Any) -> None:
        now = time.monotonic()
        again, self._latest = now - self._latest < SAME, now
        if again:
            return
        self._received += 1
        if self._received > 1:
            self._leave()
        if not self._ending:
            raise KeyboardInterrupt
        self._write(ENDING)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(self) -> Hook:
        """From now on the first signal does not cut the end short."""
        self._ending = True
        return (yield)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_unconfigure(self) -> Hook:
        """The same if the session ended before it began; then the signals are left to others."""
        self._ending = True
        try:
            return (yield)
        finally:
            for number, handler in self._before.items():
                signal.signal(number, handler)

    @pytest.hookimpl(tryfirst=True)
    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Record whether the user interrupted the run (pytest calls this for -x as well)."""
        excinfo.traceback = excinfo.traceback.filter(_has_a_line)
        self.interrupted = excinfo.type is KeyboardInterrupt
        if self.interrupted:
            for run in self.runs:
                run.error = run.error or "the run was interrupted"
            if any(run.ledger.open_entries() for run in self.runs):
                self._write(ENDING)

    def _leave(self) -> None:
        """End the process at once, whatever it is doing."""
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        capture: Any = self.config.pluginmanager.get_plugin("capturemanager")
        with suppress(Exception):  # what is captured or in the middle of being written is lost
            capture.stop_global_capturing()
            sys.stdout.flush()
        if self.embedded:
            for run in self.runs:
                run.ledger.path.unlink(missing_ok=True)
        self._write("\n".join(["interrupted again: the run ends without removing anything", *self._left()]))
        shutil.rmtree(self.folder, ignore_errors=True)
        os._exit(pytest.ExitCode.INTERRUPTED)

    @staticmethod
    def _write(text: str) -> None:
        """Write to standard error, whatever is being written there."""
        with suppress(OSError):
            os.write(2, f"\n{visible(text)}\n".encode("utf-8", "replace"))

    def _left(self) -> Iterable[str]:
        """What may be left on the targets, and how to remove it."""
        if self.embedded:
            return
        for run in self.runs:
            entries = [entry for entry in run.ledger.open_entries() if not entry.settled]
            yield from (f"may be {line}" for line in progress.leftovers(entries))
            if entries:
                yield f"remove it: {progress.cleanup_command(run)}"


def _has_a_line(entry: Any) -> bool:
    """Whether an entry of a traceback has a line: in CPython 3.11 some have none, and pytest cannot show those."""
    try:
        return bool(entry.lineno >= 0)
    except TypeError:
        return False
