"""Runs scenarios: all that are needed start together and wait together, and each leaves a transcript.

Rule: scenarios share no execution on the target. What a scenario created is removed when it ends, in whatever way that
happens.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from pytest_reportconformance.http.client import Client
from pytest_reportconformance.http.rate_limit import Refused, Stopped
from pytest_reportconformance.recording.context import RunContext
from pytest_reportconformance.recording.steps import Steps
from pytest_reportconformance.recording.threads import look_for_room
from pytest_reportconformance.scenarios import Need, Scenario
from pytest_reportconformance.transcript import files, har
from pytest_reportconformance.transcript.failures import Broken, NotReached, TooLate
from pytest_reportconformance.transcript.transcript import Ending, Transcript

CLAIM_SECONDS = 2.0
MOST_CLAIMS = 5
END_SECONDS = CLAIM_SECONDS * (MOST_CLAIMS + 1)
"""Seconds that a run takes to end, at most: MOST_CLAIMS times what unanswered requests created is removed."""
MOST_PLAYS = 5


@dataclass
class Played:
    """What one scenario cost: seconds from its start to its end, and how they were used."""

    key: str
    seconds: float
    started: float
    requests: int
    answering: float
    waiting: float
    ended: Ending | None = None
    exclusive: bool = False
    exclusive_because: str = ""


@dataclass
class Recorder:
    """Runs scenarios against one target and writes their transcripts into `folder`.

    `running` has the scenarios that are being run, each with its start by the clock of the client. `wanted` is how many
    are to be played, `ends` the time at which the run is ended.
    """

    context: RunContext
    folder: Path
    played: list[Played] = field(default_factory=list)
    running: dict[str, float] = field(default_factory=dict)
    _writers: dict[str, har.Writer] = field(default_factory=dict)
    wanted: int = 0
    ends: float | None = None
    _ended_because: str = "the run was ended"
    unkept: str | None = None
    fault: str | None = None
    """What this machine has no more of, so that the run ends."""

    def steps(self, writer: har.Writer | None = None, priority: bool = False) -> Steps:
        """Steps outside or inside a scenario; `priority` sends their requests before those of others."""
        return Steps(self.context, writer, priority)

    @property
    def client(self) -> Client:
        """What sends the requests."""
        return self.context.client

    @property
    def error(self) -> str | None:
        """Why the target is unreachable; None if it answers, as far as is known."""
        return self.context.reachability.error or self.unkept

    def play(
        self, scenarios: dict[str, Scenario], needs: Iterable[Need], done: Callable[[Need], None] = lambda need: None
    ) -> None:
        """Run what is needed: the exclusive scenarios one by one, then all others; `done` is called after each.

        After `limits.run_seconds` what is left is inconclusive. Raises KeyboardInterrupt after everything that was
        created has been removed.
        """
        with suppress(Stopped, Refused):
            self.context.pending.begin(self.context.target, self.client)
        wanted = sorted(set(needs), key=lambda need: (not scenarios[need.scenario].priority, need.key))
        self.wanted = len(wanted)
        exclusive = [need for need in wanted if scenarios[need.scenario].exclusive_on(self.context.target)]
        shared = [need for need in wanted if need not in exclusive]
        with self._deadline():
            for need in exclusive:
                self._play_together(scenarios, [need], done)
            self._play_together(scenarios, shared, done)

    @contextmanager
    def _deadline(self) -> Iterator[None]:
        """End the run after `limits.run_seconds`; clean-up follows as after an interrupt."""
        seconds = self.context.target.limits.run_seconds

        def expire() -> None:
            self._ended_because = f"the run was ended after {seconds:g} s (limits.run_seconds)"
            self.context.warnings.append(self._ended_because)
            self.client.clock.stop()

        self.ends = self.client.clock.now() + seconds
        timer = threading.Timer(min(seconds, threading.TIMEOUT_MAX), expire)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def has_played(self, key: str) -> bool:
        """Whether a scenario was played to its end."""
        return any(played.key == key for played in self.played)

    def _play_together(self, scenarios: dict[str, Scenario], needs: list[Need], done: Callable[[Need], None]) -> None:
        calls = [(need, (scenarios[need.scenario], need, done)) for need in needs]
        threads = [
            threading.Thread(target=self._play_one, args=call, name=need.key, daemon=True) for need, call in calls
        ]
        try:
            for thread in threads:
                look_for_room()
                thread.start()
            self._end(threads)
            self._abandon(needs, done)
        except BaseException:  # an interrupt, or no more threads
            self.client.clock.stop()
            self._end(threads)
            raise

    def _end(self, threads: list[threading.Thread]) -> None:
        """Wait until all have ended; when the run is being ended, remove what their unanswered requests created."""
        self._join(threads, CLAIM_SECONDS)
        for _ in range(MOST_CLAIMS):  # each removal leaves fewer candidates for the next one
            if self.error is None and any(thread.is_alive() for thread in threads):
                self.context.pending.claim(self.context.target)
            self._join(threads, CLAIM_SECONDS)

    def _join(self, threads: list[threading.Thread], seconds: float) -> None:
        """Wait until all have ended; for so many seconds at most when the run is being ended."""
        end = float("inf")
        for thread in threads:
            while thread.is_alive() and time.monotonic() < end:
                thread.join(0.2)
                if self.client.clock.stopped:
                    end = min(end, time.monotonic() + seconds)

    def _abandon(self, needs: list[Need], done: Callable[[Need], None]) -> None:
        """End the transcripts of scenarios that still wait for an answer although the run has been ended."""
        for need in needs:
            begun = self.running.pop(need.key, None)
            if begun is None:
                continue
            seconds, ended = self.client.clock.now() - begun, self._stopped()
            started = self.client.clock.wall() - seconds
            writer = self._writers.get(need.key) or har.Writer(need.path(self.folder))
            writer.close(Transcript(self.context.api.name, need.key, ended=ended, started=started, seconds=seconds))
            self.played.append(Played(need.key, seconds, started, 0, 0.0, 0.0, ended))
            done(need)

    def _play_one(self, scenario: Scenario, need: Need, done: Callable[[Need], None]) -> None:
        """Run a scenario; again if the server finished its work before the steps that need it running."""
        self.running[need.key] = self.client.clock.now()
        try:
            for _ in range(MOST_PLAYS):
                steps, played = self._play_once(scenario, need)
                if not steps.too_late or need.key not in self.running:
                    break
        except (OSError, MemoryError) as error:  # its evidence cannot be kept: the run has no verdict
            played = Played(need.key, 0.0, self.client.clock.wall(), 0, 0.0, 0.0, self._unkept(error))
        if self.running.pop(need.key, None) is None:  # it was abandoned
            return
        self.played.append(played)
        try:
            done(need)
        except OSError as error:
            self._unkept(error)

    def _unkept(self, error: BaseException) -> Ending:
        """The ending of a scenario whose evidence cannot be kept; the run ends if this machine is exhausted."""
        ended = Ending("error", files.sentence(error))
        self.unkept = self.unkept or ended.reason
        if files.exhausted(error):
            self.fault = self.unkept
            self.client.clock.stop()
        return ended

    def _play_once(self, scenario: Scenario, need: Need) -> tuple[Steps, Played]:
        writer = self._writers[need.key] = har.Writer(need.path(self.folder))
        steps = self.steps(writer, scenario.priority)
        exclusive = scenario.exclusive_on(self.context.target)
        started, begun = self.client.clock.wall(), self.client.clock.now()
        ended = self._ending(scenario, need, steps)
        steps.clean()
        seconds = self.client.clock.now() - begun
        transcript = Transcript(
            self.context.api.name,
            need.key,
            (),
            waits=tuple(steps.waits),
            facts=steps.facts,
            absent=steps.absent,
            ended=ended,
            started=started,
            seconds=seconds,
            exclusive=exclusive,
        )
        writer.close(transcript)
        waiting = sum(wait.seconds for wait in steps.waits)
        return steps, Played(
            need.key,
            seconds,
            started,
            steps.requests,
            steps.seconds_answering,
            waiting,
            ended,
            exclusive,
            scenario.exclusive_because(self.context.target),
        )

    def _stopped(self) -> Ending:
        """The ending of a scenario that was under way when the run was ended."""
        return Ending("error", self.error) if self.error else Ending("inconclusive", self._ended_because)

    def _ending(self, scenario: Scenario, need: Need, steps: Steps) -> Ending | None:
        """Run a scenario; why it ended early, or None. An exception of the suite's own is an error with its place."""
        target = self.context.target
        try:
            if self.context.withheld is not None:
                return Ending("untested", self.context.withheld)
            if self.context.api.needs_consent and not scenario.read_only and not target.consents:
                reason = "others on the server could notice it: consent with disposable = true under [target]"
                return Ending("untested", reason)
            for purpose in scenario.needs:
                target.report(purpose)
            scenario.play(steps, target, *([] if need.param is None else [need.param]))
        except NotReached as error:
            steps.too_late = isinstance(error, TooLate)
            return Ending(error.outcome, error.reason, error.by)
        except Broken as error:
            by = error.exchange.establishes if error.exchange else None
            return Ending("blocked", str(error), by)
        except Stopped:
            return self._stopped()
        except Exception as error:  # an error in a scenario is the suite's own and must not end the run
            if files.exhausted(error):
                return self._unkept(error)
            return Ending("error", f"{type(error).__name__} in scenario {need.key}: {error}{_place(error)}")
        return None


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "" if trace is None else f" ({Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno})"
