"""Playing scenarios: all that are needed start together and wait together, and each leaves a transcript.

Rule: the only place that sends requests during a run. No live execution is shared between scenarios; what a scenario
made is removed when it ends, whatever way it ends.
"""

from __future__ import annotations

import inspect
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pytest_reportconformance import har
from pytest_reportconformance.apis import Api
from pytest_reportconformance.client import Client, Conversation, Observer
from pytest_reportconformance.exchange import Broken, Ending, Exchange, NotReached, Request, Transcript, Trouble, Wait
from pytest_reportconformance.ledger import Entry, Ledger
from pytest_reportconformance.pacing import Clock, Stopped
from pytest_reportconformance.polling import SLOW_DOWN, retry_after
from pytest_reportconformance.target import NOBODY, Target

Play = Callable[..., None]
MOST_IN_A_ROW = 5
END_SECONDS = 15.0


@dataclass(frozen=True)
class Scenario:
    """One documented flow. `needs` are report purposes, `params` its variants (a list, in a stable order).

    `alone` keeps the target to itself while it is played; `harmless` means that nobody else could notice it.
    """

    name: str
    play: Play
    module: str
    says: str
    needs: tuple[str, ...] = ()
    params: tuple[str, ...] = ()
    alone: bool = False
    harmless: bool = False


def scenario(
    *, needs: Sequence[str] = (), params: Sequence[str] = (), alone: bool = False, harmless: bool = False
) -> Callable[[Play], Scenario]:
    """Make a scenario of a function `(step, target)`, or `(step, target, param)` where it has params."""

    def make(play: Play) -> Scenario:
        says = inspect.getdoc(play) or ""
        return Scenario(play.__name__, play, play.__module__, says, tuple(needs), tuple(params), alone, harmless)

    return make


@dataclass(frozen=True, order=True)
class Need:
    """A scenario that a check asks for, with its variant."""

    scenario: str
    param: str | None = None

    @property
    def key(self) -> str:
        """Its name in evidence: `run[json]`."""
        return self.scenario if self.param is None else f"{self.scenario}[{self.param}]"

    def path(self, folder: Path) -> Path:
        """Its transcript in a conformance report."""
        safe = "".join(char if char.isalnum() or char in "._-[]" else "_" for char in self.key)
        return folder / "transcripts" / f"{safe}.har"


class Steps:
    """The hands of a scenario: `step(name, request, person=…)` sends and records; see the methods for the rest."""

    def __init__(self, recorder: Recorder, writer: har.Writer | None = None) -> None:
        self.recorder = recorder
        self.target: Target = recorder.target
        self.clock: Clock = recorder.client.clock
        self.waits: list[Wait] = []
        self.facts: dict[str, Any] = {}
        self.absent: dict[str, Ending] = {}
        self.requests = 0
        self.seconds_answering = 0.0
        self.latest: Exchange | None = None
        self._writer = writer
        self._conversations: dict[tuple[str, str], Conversation] = {}
        self._lock = threading.Lock()

    def __call__(
        self,
        name: str,
        request: Request,
        *,
        person: str = "owner",
        establishes: str | None = None,
        observe: tuple[Observer, ...] = (),
        session: str = "",
    ) -> Exchange:
        """Send a request as a person and record it under a name.

        `establishes` is the requirement whose keeping the next steps rest on. `session` names another session of the
        same person: own cookies. A person that the target lacks gives an exchange that is untested.
        """
        if not self.has(person):
            return self._untested(name, request, person)
        self.recorder.check()
        conversation = self._conversation(person, session)
        entry = self._announce(request, person)
        exchange = conversation.send(name, request, establishes, observe)
        self._settle(entry, exchange, conversation, request)
        self._keep(exchange)
        if exchange.response is not None and exchange.response.status == 429:
            self.recorder.client.pace.slow_down(retry_after(exchange) or SLOW_DOWN)
        return exchange

    def has(self, person: str) -> bool:
        """Whether the target has such a person."""
        return person == NOBODY or person in self.target.people or (person == "owner" and not self.target.people)

    def note(self, **facts: Any) -> None:
        """Keep facts for the checks: JSON values."""
        self.facts.update(facts)

    def wait(self, seconds: float, reason: str, *, server: bool = True) -> None:
        """Pause; `server` tells whether the server makes us wait."""
        started = self.clock.wall()
        begun = self.clock.now()
        self.clock.sleep(seconds)
        with self._lock:
            self.waits.append(Wait(started, self.clock.now() - begun, reason, server))

    def together(self, calls: Iterable[Callable[[], Exchange]]) -> list[Exchange]:
        """Make several calls at once; the answers in the order of the calls."""
        calls = list(calls)
        with ThreadPoolExecutor(len(calls) or 1) as pool:
            return [future.result() for future in [pool.submit(call) for call in calls]]

    def clean(self) -> None:
        """Remove what was made and is still there; never fails a check."""
        for entry in [entry for entry in self.recorder.ledger.open_entries() if entry.number in self._entries]:
            self._remove(entry)

    @property
    def _entries(self) -> set[int]:
        return self.recorder.made_by(self)

    def _conversation(self, person: str, session: str) -> Conversation:
        with self._lock:
            key = (person, session)
            if key not in self._conversations:
                self._conversations[key] = self.recorder.client.open(self.target.person(person))
            return self._conversations[key]

    def _untested(self, name: str, request: Request, person: str) -> Exchange:
        reason = f"the target has no {person!r}: write [people.{person}]"
        self.absent[name] = Ending("untested", reason)
        return Exchange(name, person, request, None, self.clock.wall(), 0, trouble=Trouble("untested", reason))

    def _announce(self, request: Request, person: str) -> Entry | None:
        if request.creates is None:
            return None
        entry = self.recorder.ledger.making(request.creates, person, f"{request.method} {request.url}")
        self.recorder.claim(entry, self)
        return entry

    def _settle(self, entry: Entry | None, exchange: Exchange, conversation: Conversation, request: Request) -> None:
        if entry is not None:
            id = self.recorder.api.identify(entry.kind, exchange) if exchange.response is not None else None
            self.recorder.ledger.made(entry, id, conversation.cookies, certain=exchange.response is not None)
        if request.removes is not None and exchange.succeeded:
            gone = self.recorder.ledger.find(request.removes, exchange.person)
            if gone is not None:
                self.recorder.ledger.gone(gone)

    def _remove(self, entry: Entry) -> None:
        if entry.id is None:
            return
        conversation = self._conversation(entry.person, "")
        for request in self.recorder.api.removal(entry.kind, entry.id):
            last = conversation.send("cleanup", request, urgent=True)
            self._keep(last)
            if request.removes and last.response is not None and (last.succeeded or last.response.status == 404):
                self.recorder.ledger.gone(entry)
                return

    def _keep(self, exchange: Exchange) -> None:
        with self._lock:
            self.requests += 1
            self.latest = exchange
            self.seconds_answering += exchange.seconds
        self.recorder.seen(exchange)
        if self._writer is not None:
            self._writer.add(exchange)


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
    alone: bool = False


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
    _owners: dict[int, Steps] = field(default_factory=dict)
    _unreachable: int = 0

    def play(
        self, scenarios: dict[str, Scenario], needs: Iterable[Need], progress: Callable[[Recorder], None] | None = None
    ) -> None:
        """Play what is needed: all together, then those that want to be alone, one by one.

        Raises KeyboardInterrupt after everything that was made has been removed.
        """
        wanted = sorted(set(needs))
        shared = [need for need in wanted if not scenarios[need.scenario].alone]
        alone = [need for need in wanted if scenarios[need.scenario].alone]
        try:
            self._play_together(scenarios, shared, progress)
            for need in alone:
                self._play_together(scenarios, [need], progress)
        except KeyboardInterrupt:
            self.client.clock.stop()
            raise

    def check(self) -> None:
        """Raises Stopped where the run is being ended, NotReached where the target is gone."""
        if self.client.clock.stopped:
            raise Stopped
        if self.trouble is not None:
            raise NotReached("error", self.trouble)

    def seen(self, exchange: Exchange) -> None:
        """Count answers that did not come; after some in a row the target counts as gone."""
        silent = exchange.response is None and exchange.trouble is not None and exchange.trouble.outcome == "error"
        self._unreachable = self._unreachable + 1 if silent else 0
        if self._unreachable >= MOST_IN_A_ROW and self.trouble is None:
            assert exchange.trouble is not None
            self.trouble = f"the target {self.target.url} is gone: {exchange.trouble.text}"

    def claim(self, entry: Entry, steps: Steps) -> None:
        """Remember which scenario made an entry."""
        self._owners[entry.number] = steps

    def made_by(self, steps: Steps) -> set[int]:
        """The numbers of the entries that a scenario made."""
        return {number for number, owner in list(self._owners.items()) if owner is steps}

    def _play_together(
        self, scenarios: dict[str, Scenario], needs: list[Need], progress: Callable[[Recorder], None] | None
    ) -> None:
        threads = [
            threading.Thread(target=self._play_one, args=(scenarios[need.scenario], need), name=need.key, daemon=True)
            for need in needs
        ]
        for thread in threads:
            thread.start()
        try:
            for thread in threads:
                while thread.is_alive():
                    thread.join(0.2)
                    if progress is not None:
                        progress(self)
        except KeyboardInterrupt:
            self.client.clock.stop()
            for thread in threads:
                thread.join(END_SECONDS)
            raise

    def _play_one(self, scenario: Scenario, need: Need) -> None:
        writer = har.Writer(need.path(self.folder))
        steps = Steps(self, writer)
        started, begun = self.client.clock.wall(), self.client.clock.now()
        self.running[need.key] = begun
        ended = self._ending(scenario, need, steps)
        steps.clean()
        seconds = self.client.clock.now() - begun
        writer.close(
            Transcript(
                self.api.name, need.key, (), tuple(steps.waits), steps.facts, steps.absent, ended, started, seconds,
                scenario.alone,
            )
        )  # fmt: skip
        waiting = sum(wait.seconds for wait in steps.waits)
        self.played.append(
            Played(need.key, seconds, started, steps.requests, steps.seconds_answering, waiting, ended, scenario.alone)
        )
        del self.running[need.key]

    def _ending(self, scenario: Scenario, need: Need, steps: Steps) -> Ending | None:
        """Play; why it ended early, or None. An exception of ours is an error with its place."""
        try:
            if self.api.needs_consent and not scenario.harmless and not self.target.consents:
                reason = "others on the server could notice it: consent with disposable = true under [target]"
                return Ending("untested", reason)
            for purpose in scenario.needs:
                self.target.report(purpose)
            scenario.play(steps, self.target, *([] if need.param is None else [need.param]))
        except NotReached as error:
            return Ending(error.outcome, error.reason, error.by)
        except Broken as error:
            by = error.exchange.establishes if error.exchange else None
            return Ending("blocked", str(error), by)
        except Stopped:
            return Ending("inconclusive", "the run was ended")
        except Exception as error:  # a fault of a scenario is ours and must not end the run
            return Ending("error", f"{type(error).__name__} in scenario {need.key}: {error}{_place(error)}")
        return None


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "" if trace is None else f" ({Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno})"
