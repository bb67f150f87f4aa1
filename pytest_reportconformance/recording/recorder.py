"""Playing scenarios: all that are needed start together and wait together, and each leaves a transcript.

Rule: the only place that sends requests during a run. No live execution is shared between scenarios; what a scenario
made is removed when it ends, whatever way it ends.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from pytest_reportconformance.api import Api
from pytest_reportconformance.cleanup.interrupted import PendingRequests
from pytest_reportconformance.cleanup.ledger import Ledger
from pytest_reportconformance.http.client import Client
from pytest_reportconformance.http.rate_limit import Refused, Stopped
from pytest_reportconformance.recording.steps import Steps
from pytest_reportconformance.scenario import Need, Scenario
from pytest_reportconformance.target.target import ANONYMOUS, Identity, Target
from pytest_reportconformance.transcript import har
from pytest_reportconformance.transcript.exchange import Exchange, TransportError
from pytest_reportconformance.transcript.failures import Broken, NotReached, TooLate
from pytest_reportconformance.transcript.transcript import Ending, Transcript

PAUSES = (0.0, 0.5, 1.0)
MOST_SILENT = 16
CLAIM_SECONDS = 2.0
MOST_CLAIMS = 5
END_SECONDS = CLAIM_SECONDS * (MOST_CLAIMS + 1)
"""Once a run is being ended: what waits longer for an answer is claimed, some times, and cut short at the end."""
MOST_PLAYS = 5


@dataclass
class Played:
    """What one scenario cost: seconds from its start to its end, and how they were spent."""

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
    """Plays scenarios of one API against one target and writes their transcripts into `folder`."""

    target: Target
    api: Api
    client: Client
    ledger: Ledger
    folder: Path
    played: list[Played] = field(default_factory=list)
    running: dict[str, float] = field(default_factory=dict)
    trouble: str | None = None
    warnings: list[str] = field(default_factory=list)
    say: Callable[[str], None] = lambda text: None
    lateness: float | None = None
    pending: PendingRequests = field(init=False)
    _asking: threading.Lock = field(default_factory=threading.Lock)
    _answered: float = 0.0
    _silent: int = 0

    def __post_init__(self) -> None:
        self.pending = PendingRequests(self.api, self.ledger)

    def play(
        self, scenarios: dict[str, Scenario], needs: Iterable[Need], done: Callable[[Need], None] = lambda need: None
    ) -> None:
        """Play what is needed: those that want to be alone, one by one, then all others; `done` is told of each.

        Raises KeyboardInterrupt after everything that was made has been removed.
        """
        with suppress(Stopped, Refused):
            self.pending.begin(self.target, self.client)
        wanted = sorted(set(needs), key=lambda need: (not scenarios[need.scenario].priority, need.key))
        exclusive = [need for need in wanted if scenarios[need.scenario].exclusive_on(self.target)]
        shared = [need for need in wanted if need not in exclusive]
        for need in exclusive:
            self._play_together(scenarios, [need], done)
        self._play_together(scenarios, shared, done)

    def has_played(self, key: str) -> bool:
        """Whether a scenario was played to its end."""
        return any(played.key == key for played in self.played)

    def was_late(self, seconds: float) -> None:
        """Note by how much later than it was due something was seen done, in seconds; `lateness` is the most so far."""
        with self._asking:
            self.lateness = max(seconds, self.lateness or 0.0)

    def check(self) -> None:
        """Raises NotReached where the target is gone, Stopped where the run is being ended."""
        if self.trouble is not None:
            raise NotReached("error", self.trouble)
        if self.client.clock.stopped:
            raise Stopped

    def confirmed(self, exchange: Exchange) -> Exchange:
        """The exchange; an error where the target turns out to be gone: what a dead one left unsaid breaks no promise.

        Ends the run then, and also after MOST_SILENT requests in a row that were not answered in time.
        """
        if exchange.response is not None or not exchange.seconds or exchange.error is None:
            self._silent = 0 if exchange.response is not None else self._silent
            return exchange
        with self._asking:
            self._silent += exchange.error.outcome == "inconclusive"
            if self.trouble is None and (self._silent >= MOST_SILENT or not self._is_there(exchange)):
                self.trouble = f"the target {self.target.url} does not answer: {exchange.error.text}"
                self.client.clock.stop()
        return exchange if self.trouble is None else replace(exchange, error=TransportError("error", self.trouble))

    def _is_there(self, exchange: Exchange) -> bool:
        """Whether the target answers anything after an exchange that it did not answer.

        Asked some times, as one that restarts is there again soon, and beside the requests in flight, which may hang.
        """
        if self._answered >= exchange.started + exchange.seconds:
            return True
        client = Client(self.target)
        late = exchange.error is not None and exchange.error.outcome == "inconclusive"
        try:
            for pause in PAUSES[:1] if late else PAUSES:
                time.sleep(pause)
                answer = client.open(Identity(ANONYMOUS)).send("probe", self.api.probe)
                if answer.response is not None:
                    self._answered = answer.started
                    return True
            return False
        finally:
            client.close()

    def _play_together(self, scenarios: dict[str, Scenario], needs: list[Need], done: Callable[[Need], None]) -> None:
        calls = [(need, (scenarios[need.scenario], need, done)) for need in needs]
        threads = [
            threading.Thread(target=self._play_one, args=call, name=need.key, daemon=True) for need, call in calls
        ]
        try:
            for thread in threads:
                thread.start()
            self._end(threads)
        except KeyboardInterrupt:
            self.client.clock.stop()
            self._end(threads)
            raise

    def _end(self, threads: list[threading.Thread]) -> None:
        """Wait for the end of all; what still waits for an answer when the run is being ended is cut short."""
        self._join(threads, CLAIM_SECONDS)
        for _ in range(MOST_CLAIMS):  # what cannot be told apart yet can when more is removed
            if self.trouble is None and any(thread.is_alive() for thread in threads):
                self.pending.claim(self.target)
            self._join(threads, CLAIM_SECONDS)

    def _join(self, threads: list[threading.Thread], seconds: float) -> None:
        """Wait for the end of all, for so many seconds at most once the run is being ended."""
        end = float("inf")
        for thread in threads:
            while thread.is_alive() and time.monotonic() < end:
                thread.join(0.2)
                if self.client.clock.stopped:
                    end = min(end, time.monotonic() + seconds)

    def _play_one(self, scenario: Scenario, need: Need, done: Callable[[Need], None]) -> None:
        """Play a scenario; one that the server's work overtook again, so that a busy machine spoils nothing."""
        for _ in range(MOST_PLAYS):
            steps, played = self._play_once(scenario, need)
            if not steps.too_late:
                break
        self.played.append(played)
        del self.running[need.key]
        done(need)

    def _play_once(self, scenario: Scenario, need: Need) -> tuple[Steps, Played]:
        writer = har.Writer(need.path(self.folder))
        steps = Steps(self, writer, scenario.priority)
        exclusive = scenario.exclusive_on(self.target)
        started, begun = self.client.clock.wall(), self.client.clock.now()
        self.running[need.key] = begun
        ended = self._ending(scenario, need, steps)
        steps.clean()
        seconds = self.client.clock.now() - begun
        writer.close(
            Transcript(
                self.api.name,
                need.key,
                (),
                tuple(steps.waits),
                steps.facts,
                steps.absent,
                ended,
                started,
                seconds,
                exclusive,
            )
        )
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
            scenario.exclusive_because(self.target),
        )

    def _ending(self, scenario: Scenario, need: Need, steps: Steps) -> Ending | None:
        """Play; why it ended early, or None. An exception of ours is an error with its place."""
        try:
            if self.api.needs_consent and not scenario.read_only and not self.target.consents:
                reason = "others on the server could notice it: consent with disposable = true under [target]"
                return Ending("untested", reason)
            for purpose in scenario.needs:
                self.target.report(purpose)
            scenario.play(steps, self.target, *([] if need.param is None else [need.param]))
        except NotReached as error:
            steps.too_late = isinstance(error, TooLate)
            return Ending(error.outcome, error.reason, error.by)
        except Broken as error:
            by = error.exchange.establishes if error.exchange else None
            return Ending("blocked", str(error), by)
        except Stopped:
            return Ending("error", self.trouble) if self.trouble else Ending("inconclusive", "the run was ended")
        except Exception as error:  # a fault of a scenario is ours and must not end the run
            return Ending("error", f"{type(error).__name__} in scenario {need.key}: {error}{_place(error)}")
        return None


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "" if trace is None else f" ({Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno})"
