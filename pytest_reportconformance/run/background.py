"""Playing in the background: judging begins while scenarios still wait, and who needs a transcript waits for it alone.

Rule: only the main thread says anything in the terminal, and only it is interrupted. Under xdist it goes on hearing
the workers, one of which may die; they learn from marks on disk what is played.
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
from pytest_reportconformance.scenario import Need

EVERY = 0.05
IDLE = 10
"""So many times EVERY without anything to do: time for what is needed later."""


@dataclass(frozen=True)
class CompletionMarkers:
    """Empty files in a folder that tell xdist's workers which scenarios are played, and when all are."""

    folder: Path

    def played(self, api: str, need: Need) -> None:
        """Tell that a scenario of an API is played."""
        path = need.path(self.folder / api)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()

    def over(self) -> None:
        """Tell that nothing more is played."""
        self._over.touch()

    def wait(self, api: str, need: Need) -> None:
        """Wait until a scenario is played, or nothing more is."""
        self._wait(need.path(self.folder / api))

    def wait_for_all(self) -> None:
        """Wait until nothing more is played."""
        self._wait(self._over)

    @property
    def _over(self) -> Path:
        return self.folder / "over"

    def _wait(self, path: Path) -> None:
        parent = os.getppid()  # who plays; where it is gone nothing more is played
        while not (path.exists() or self._over.exists()) and os.getppid() == parent:
            time.sleep(EVERY)


class BackgroundRun:
    """The scenarios of some runs, played one run after the other.

    `show` is called again and again while one waits; `idle` once when that takes long.
    """

    def __init__(
        self,
        plays: Iterable[tuple[Run, list[Need]]],
        show: Callable[[Recorder], None],
        idle: Callable[[], None],
        marks: CompletionMarkers,
    ) -> None:
        self._plays = list(plays)
        self._show = show
        self._idle = cache(idle)
        self._marks = marks
        self._error: BaseException | None = None
        self._over = threading.Event()  # Thread.join takes a thread for ended where it is interrupted (CPython 3.11)
        threading.Thread(target=self._play, name="playing", daemon=True).start()

    def wait(self, run: Run, need: Need) -> None:
        """Wait until a scenario is played. Raises what went wrong with playing."""
        self._wait(lambda: run.recorder.has_played(need.key))

    def finish(self) -> None:
        """Wait until all are played. Raises what went wrong with playing."""
        self._wait(lambda: False)

    def stop(self) -> None:
        """End what is still played, what it made removed: END_SECONDS at most for each that runs."""
        for run, _ in self._plays:
            run.client.clock.stop()
        self._marks.over()
        self._over.wait(2 * END_SECONDS)
        self._over.set()

    def _wait(self, done: Callable[[], bool]) -> None:
        for turn in itertools.count():
            if self._over.is_set() or done():
                break
            if turn == IDLE:
                self._idle()
            self._over.wait(EVERY)
            for recorder in [run.recorder for run, _ in self._plays]:
                self._show(recorder)
        if self._error is not None:
            raise self._error

    def _play(self) -> None:
        try:
            for run, needs in self._plays:
                run.play(needs, partial(self._marks.played, run.target.api))
        except BaseException as error:  # raised where somebody waits
            self._error = error
        finally:
            self._over.set()
            self._marks.over()
