"""Plays scenarios in the background, so that checks are judged as soon as their transcripts are complete.

Rule: only the main thread is interrupted, and it writes to the terminal. Under xdist it goes on handling the messages
of workers, one of which may die, and a thread of its own shows the progress; workers learn from marker files which
scenarios are played.
"""

from __future__ import annotations

import itertools
import os
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from pytest_reportconformance.recording.recorder import END_SECONDS, Recorder
from pytest_reportconformance.run.run import Run
from pytest_reportconformance.scenarios import Need

EVERY = 0.05
IDLE = 10
"""Idle after this many waits of EVERY seconds: then modules that are needed later are imported."""


@dataclass(frozen=True)
class CompletionMarkers:
    """Empty files in a folder that show xdist's workers which scenarios are played, and when all are."""

    folder: Path

    def mark_played(self, api: str, need: Need) -> None:
        """Mark a scenario of an API as played."""
        path = need.path(self.folder / api)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()

    def mark_over(self) -> None:
        """Mark that no more scenarios are played."""
        self._over.touch()

    def wait(self, api: str, need: Need) -> None:
        """Wait until a scenario is played, or no more are."""
        self._wait(need.path(self.folder / api))

    def wait_for_all(self) -> None:
        """Wait until no more scenarios are played."""
        self._wait(self._over)

    @property
    def _over(self) -> Path:
        return self.folder / "over"

    def _wait(self, path: Path) -> None:
        parent = os.getppid()  # the controller: if it dies, no more scenarios are played
        while not (path.exists() or self._over.exists()) and os.getppid() == parent:
            time.sleep(EVERY)


class BackgroundRun:
    """The scenarios of some runs, played one run after the other.

    `show` is called repeatedly while a caller waits, `idle` once if the wait is long.
    """

    def __init__(
        self,
        plays: Iterable[tuple[Run, list[Need]]],
        show: Callable[[Recorder], None],
        idle: Callable[[], None],
        markers: CompletionMarkers,
    ) -> None:
        self._plays = list(plays)
        self._show = show
        self._idle = cache(idle)
        self._markers = markers
        self._error: BaseException | None = None
        self._over = threading.Event()  # an interrupted Thread.join marks the thread as ended (CPython 3.11)
        threading.Thread(target=self._play, name="scenarios", daemon=True).start()

    def wait(self, run: Run, need: Need) -> None:
        """Wait until a scenario is played. Raises the error that ended playing."""
        self._wait(lambda: run.recorder.has_played(need.key))

    def finish(self) -> None:
        """Wait until all are played. Raises the error that ended playing."""
        self._wait(lambda: False)

    def watch(self) -> None:
        """Show the scenarios until all are played, if no caller waits for them in this process (pytest-xdist)."""
        threading.Thread(target=self._watch, name="progress", daemon=True).start()

    def _watch(self) -> None:
        while not self._over.wait(EVERY):
            self._show_all()

    def stop(self) -> None:
        """Stop running scenarios and let them clean up: each takes END_SECONDS at most."""
        for run, _ in self._plays:
            run.client.clock.stop()
        self._markers.mark_over()
        self._over.wait(2 * END_SECONDS)
        self._over.set()

    def _wait(self, done: Callable[[], bool]) -> None:
        for turn in itertools.count():
            if self._over.is_set() or done():
                break
            if turn == IDLE:
                self._idle()
            self._over.wait(EVERY)
            self._show_all()
        if self._error is not None:
            raise self._error

    def _show_all(self) -> None:
        for run, _ in self._plays:
            self._show(run.recorder)

    def _play(self) -> None:
        try:
            for run, needs in self._plays:
                run.play(needs, partial(self._markers.mark_played, run.target.api))
        except BaseException as error:  # raised by `_wait`
            self._error = error
        finally:
            self._over.set()
            self._markers.mark_over()
