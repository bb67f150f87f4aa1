"""Faults of the machine in any hook: no memory, no disk, no more threads.

Rule: such a fault ends the session with one sentence and the exit code of an error. It is no internal error of pytest
with a traceback, and it never counts against the target.
"""

from __future__ import annotations

import mmap
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any

import pytest

from pytest_reportconformance.judging.exit_codes import ExitCode
from pytest_reportconformance.transcript import files
from pytest_reportconformance.transcript.parsing import visible

PACKAGE = str(Path(__file__).parents[1])
RESERVE = 16 * 1024 * 1024
"""Bytes of address space that are freed when memory is exhausted; no memory is used for them."""
Hook = Generator[None, Any, Any]


class Faults:
    """The outermost hooks of a session; `stop` is called with the sentence, before the session ends because of it."""

    def __init__(self, stop: Callable[[str], None]) -> None:
        self._stop = stop
        self._session: pytest.Session | None = None
        self._reserve = mmap.mmap(-1, RESERVE)

    @pytest.hookimpl(tryfirst=True)
    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Free what the end of the session needs (pytest calls this for every early end)."""
        self._reserve.close()
        if excinfo.type is pytest.exit.Exception:
            shown = excinfo.traceback.filter(excinfo)[-1:]  # pytest parses the source file of each entry
            excinfo.traceback = shown or excinfo.traceback

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionstart(self, session: pytest.Session) -> Hook:
        """End the session if the machine fails while targets are prepared."""
        self._session = session
        with self._one_sentence():
            return (yield)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_collection(self) -> Hook:
        """End the session if the machine fails while tests are collected."""
        with self._one_sentence():
            return (yield)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtestloop(self) -> Hook:
        """End the session if the machine fails while checks are judged."""
        with self._one_sentence():
            return (yield)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(self) -> Hook:
        """End the session if the machine fails while the conformance report is written."""
        with self._one_sentence():
            return (yield)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_unconfigure(self) -> Hook:
        """Report what fails while the target is cleaned up."""
        try:
            return (yield)
        except Exception as error:  # a full disk or memory has many types; all else goes on upwards
            if not of_the_machine(error):
                raise
            if self._session is not None:
                self._session.exitstatus = ExitCode.ERROR
            with suppress(OSError, MemoryError, AttributeError):
                print(visible(f"ERROR: {files.sentence(error)}"), file=sys.stderr, flush=True)

    @contextmanager
    def _one_sentence(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:  # a full disk or memory has many types; all else goes on upwards
            if not of_the_machine(error):
                raise
            self._reserve.close()
            text = visible(files.sentence(error))
            error.__traceback__ = None
            self._stop(text)
            raise pytest.exit.Exception(text, ExitCode.ERROR) from None


def of_the_machine(error: BaseException) -> bool:
    """Whether an error is a fault of the machine: of any plugin, or an OSError of this package's own code."""
    return files.exhausted(error) or (isinstance(error, OSError) and _is_ours(error.__traceback__))


def _is_ours(trace: TracebackType | None) -> bool:
    """Whether an error was raised by code of this package: what a hook of another plugin raised passes through ours."""
    ours = False
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if "pluggy" in file:
            ours = False
        elif file.startswith(PACKAGE) and file != __file__:
            ours = True
        trace = trace.tb_next
    return ours
