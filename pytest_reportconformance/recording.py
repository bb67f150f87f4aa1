"""Playing scenarios: all that are needed start together and wait together, and each leaves a transcript.

Rule: the only place that sends requests during a run. No live execution is shared between scenarios; what a scenario
made is removed when it ends, whatever way it ends.
"""

from __future__ import annotations

import inspect
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pytest_reportconformance import har
from pytest_reportconformance.apis import Api
from pytest_reportconformance.client import Client, Conversation, Observer
from pytest_reportconformance.exchange import (
    LIMITED,
    Broken,
    Ending,
    Exchange,
    NotReached,
    Overtaken,
    Request,
    Transcript,
    Trouble,
    Wait,
)
from pytest_reportconformance.ledger import Entry, Ledger
from pytest_reportconformance.pacing import Clock, Stopped
from pytest_reportconformance.planning import Cost
from pytest_reportconformance.retrying import retry_after
from pytest_reportconformance.target import IMPOSTOR, NOBODY, Person, Target

Play = Callable[..., None]
PAUSES = (0.0, 0.5, 1.0)
MOST_SILENT = 16
END_SECONDS = 15.0
MOST_PLAYS = 5
MOST_ATTEMPTS = 8
SHORTEST_PAUSE = 0.1


@dataclass(frozen=True)
class Scenario:
    """One documented flow. `needs` are report purposes, `params` its variants (a list, in a stable order).

    `alone` keeps the target to itself while it is played, on all targets or on those that it is true of; `harmless`
    means that nobody else could notice it. `cost` is what it sends, for the plan of a run.
    """

    name: str
    play: Play
    module: str
    says: str
    needs: tuple[str, ...] = ()
    params: tuple[str, ...] = ()
    alone: bool | Callable[[Target], bool] = False
    harmless: bool = False
    cost: Cost | None = None

    def alone_on(self, target: Target) -> bool:
        """Whether it wants a target to itself."""
        return self.alone(target) if callable(self.alone) else self.alone

    def alone_because(self, target: Target) -> str:
        """Why it wants a target to itself; empty where it does not."""
        if not self.alone_on(target):
            return ""
        return inspect.getdoc(self.alone if callable(self.alone) else self.play) or self.name


def scenario(
    *,
    needs: Sequence[str] = (),
    params: Sequence[str] = (),
    alone: bool | Callable[[Target], bool] = False,
    harmless: bool = False,
    cost: Cost | None = None,
) -> Callable[[Play], Scenario]:
    """Make a scenario of a function `(step, target)`, or `(step, target, param)` where it has params."""

    def make(play: Play) -> Scenario:
        says = inspect.getdoc(play) or ""
        return Scenario(play.__name__, play, play.__module__, says, tuple(needs), tuple(params), alone, harmless, cost)

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
        self.overtaken = False
        self._writer = writer
        self._conversations: dict[tuple[str, str], Conversation] = {}
        self._makers: dict[int, Conversation] = {}
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
        insist: bool = True,
        keep: bool = True,
    ) -> Exchange:
        """Send a request as a person and record it under a name.

        `establishes` is the requirement whose keeping the next steps rest on. `session` names another session of the
        same person: own cookies, own connections. `keep = False` drops a successful answer's body once it is observed.
        A person that the target lacks gives an exchange that is untested. What is answered 429 is recorded as LIMITED
        and sent again after the wait, unless `insist = False`: then 429 is the answer. Raises NotReached where the
        waits exceed the target's deadline.
        """
        if not self.has(person):
            return self._untested(name, request, person)
        end = self.clock.now() + self.target.limits.deadline_seconds
        for attempt in range(MOST_ATTEMPTS):
            exchange = self._send(name, request, person, establishes, observe, session, insist, keep)
            if exchange.name != LIMITED:
                return exchange
            self._slow_down(name, exchange, attempt, end - self.clock.now())
        raise NotReached("inconclusive", f"{name}: answered 429 {MOST_ATTEMPTS} times in a row", establishes)

    def _send(
        self, name: str, request: Request, person: str, establishes: str | None, observe: tuple[Observer, ...],
        session: str, insist: bool, keep: bool,
    ) -> Exchange:  # fmt: skip
        self.recorder.check()
        conversation = self._conversation(person, session)
        entry = self._announce(request, person, conversation)
        exchange = self.recorder.confirmed(conversation.send(name, request, establishes, observe, keep=keep))
        if insist and exchange.response is not None and exchange.response.status == 429:
            exchange = replace(exchange, name=LIMITED)
        self._settle(entry, exchange, conversation, request)
        self._keep(exchange)
        return exchange

    def _slow_down(self, name: str, exchange: Exchange, attempt: int, left: float) -> None:
        """Wait as a 429 asks for, all scenarios with us; raises NotReached where it asks for more than is left."""
        asked = retry_after(exchange)
        seconds = 2.0**attempt if asked is None else max(asked, SHORTEST_PAUSE * 2**attempt)
        if seconds > left:
            budget = f"{max(left, 0):.0f} s of {self.target.limits.deadline_seconds:g} s are left"
            reason = f"{name}: answered 429, to wait {seconds:g} s; {budget} (limits.deadline_seconds)"
            raise NotReached("inconclusive", reason, exchange.establishes)
        self.recorder.client.pace.slow_down(seconds, learn=attempt > 0)
        self.wait(seconds, f"{name}: answered 429")

    def has(self, person: str) -> bool:
        """Whether the target has such a person."""
        if person in (NOBODY, IMPOSTOR):
            return person == NOBODY or self.target.signs_on
        return person in self.target.people or (person == "owner" and not self.target.people)

    def signed(self, request: Request, age: float = 0.0) -> Request | None:
        """The request with an EdgeGrid signature of the owner's, `age` seconds old; None where one signs on otherwise.

        Every sending of it carries the same signature.
        """
        return self._conversation("owner", "").signed(request, age)

    def adopt(self, target: Target) -> None:
        """Go on with a target of which more is known: its people and their secrets, its reports."""
        self.target = self.recorder.target = target
        self.recorder.client.meet(target)

    def say(self, text: str) -> None:
        """Tell the person who runs this what is about to be done to the target."""
        self.recorder.say(text)

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

    def take(self, kind: str, id: str, person: str) -> None:
        """Take charge of something that was made before; a person who may remove it does so in the end."""
        entry = self.recorder.ledger.making(kind, person, f"{kind} {id}", id)
        self._makers[entry.number] = self._conversation(person, "")

    def tidy(self, name: str, request: Request, person: str) -> Exchange:
        """Send a request that belongs to the end of a run: it is sent and recorded however the run ends."""
        return self._urgently(name, request, self._conversation(person, ""))

    def clean(self) -> None:
        """Remove what was made and is still there, the newest first; never fails a check."""
        entries = [entry for entry in self.recorder.ledger.open_entries() if entry.number in self._makers]
        for entry in reversed(entries):
            try:
                self._remove(entry)
            except Exception as error:  # what cannot be removed is listed, and no check is to blame
                self.recorder.warnings.append(f"{entry.what}: not removed: {type(error).__name__}: {error}")

    def _conversation(self, person: str, session: str) -> Conversation:
        with self._lock:
            key = (person, session)
            if key not in self._conversations:
                self._conversations[key] = self.recorder.client.open(self.target.person(person), bool(session))
            return self._conversations[key]

    def _untested(self, name: str, request: Request, person: str) -> Exchange:
        reason = f"the target has no {person!r}: write [people.{person}]"
        self.absent[name] = Ending("untested", reason)
        return Exchange(name, person, request, None, self.clock.wall(), 0, trouble=Trouble("untested", reason))

    def _announce(self, request: Request, person: str, conversation: Conversation) -> Entry | None:
        if request.creates is None:
            return None
        what = f"{request.method} {request.url}"
        entry = self.recorder.ledger.making(request.creates, person, what, request.named)
        self._makers[entry.number] = conversation
        return entry

    def _settle(self, entry: Entry | None, exchange: Exchange, conversation: Conversation, request: Request) -> None:
        if entry is not None:
            id = self.recorder.api.identify(entry.kind, exchange) if exchange.response is not None else None
            certain = exchange.response is not None
            if request.named is not None:  # what has a name of ours is looked after even where the answer is odd
                id, certain = id or (request.named if exchange.succeeded else None), 300 <= _status(exchange) < 500
            self.recorder.ledger.made(entry, id, conversation.cookies, certain=certain)
        if request.removes is not None and exchange.succeeded:
            gone = self.recorder.ledger.find(request.removes, exchange.person)
            if gone is not None:
                self.recorder.ledger.gone(gone)

    def _remove(self, entry: Entry) -> None:
        if entry.id is None or self.recorder.trouble is not None:
            return
        requests = self.recorder.api.removal(entry.kind, entry.id)
        if not requests:
            self.recorder.ledger.gone(entry)
        for request in requests:
            last = self._clean_with(entry, request)
            if request.removes and (last.succeeded or _status(last) == 404) and not self._is_there(entry):
                self.recorder.ledger.gone(entry)
                return
        if requests:
            said = self.recorder.api.retired(entry.kind, last)
            why = said or f"it is still there after {last.line}: {_answered(last)}"
            self.recorder.ledger.left(entry, why, settled=said is not None)

    def _clean_with(self, entry: Entry, request: Request) -> Exchange:
        return self._urgently("cleanup", request, self._makers[entry.number])

    def _urgently(self, name: str, request: Request, conversation: Conversation) -> Exchange:
        exchange = conversation.send(name, request, urgent=True)
        self._keep(exchange)
        return exchange

    def _is_there(self, entry: Entry) -> bool:
        """Whether something is still there although its removal was answered; not asked for every kind."""
        api = self.recorder.api
        request = api.presence(entry.kind, entry.id or "") if entry.kind in api.looked_for else None
        return request is not None and _status(self._clean_with(entry, request)) != 404

    def _keep(self, exchange: Exchange) -> None:
        with self._lock:
            self.requests += 1
            self.latest = exchange
            self.seconds_answering += exchange.seconds
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
    alone_because: str = ""


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
    _asking: threading.Lock = field(default_factory=threading.Lock)
    _answered: float = 0.0
    _silent: int = 0

    def play(
        self, scenarios: dict[str, Scenario], needs: Iterable[Need], progress: Callable[[Recorder], None] | None = None
    ) -> None:
        """Play what is needed: all together, then those that want to be alone, one by one.

        Raises KeyboardInterrupt after everything that was made has been removed.
        """
        wanted = sorted(set(needs))
        alone = [need for need in wanted if scenarios[need.scenario].alone_on(self.target)]
        shared = [need for need in wanted if need not in alone]
        try:
            self._play_together(scenarios, shared, progress)
            for need in alone:
                self._play_together(scenarios, [need], progress)
        except KeyboardInterrupt:
            self.client.clock.stop()
            raise

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
        if exchange.response is not None or not exchange.seconds or exchange.trouble is None:
            self._silent = 0 if exchange.response is not None else self._silent
            return exchange
        with self._asking:
            self._silent += exchange.trouble.outcome == "inconclusive"
            if self.trouble is None and (self._silent >= MOST_SILENT or not self._is_there(exchange)):
                self.trouble = f"the target {self.target.url} does not answer: {exchange.trouble.text}"
                self.client.clock.stop()
        return exchange if self.trouble is None else replace(exchange, trouble=Trouble("error", self.trouble))

    def _is_there(self, exchange: Exchange) -> bool:
        """Whether the target answers anything after an exchange that it did not answer.

        Asked some times, as one that restarts is there again soon, and beside the requests in flight, which may hang.
        """
        if self._answered >= exchange.started + exchange.seconds:
            return True
        client = Client(self.target)
        late = exchange.trouble is not None and exchange.trouble.outcome == "inconclusive"
        try:
            for pause in PAUSES[:1] if late else PAUSES:
                time.sleep(pause)
                answer = client.open(Person(NOBODY)).send("probe", self.api.probe)
                if answer.response is not None:
                    self._answered = answer.started
                    return True
            return False
        finally:
            client.close()

    def _play_together(
        self, scenarios: dict[str, Scenario], needs: list[Need], progress: Callable[[Recorder], None] | None
    ) -> None:
        threads = [
            threading.Thread(target=self._play_one, args=(scenarios[need.scenario], need), name=need.key, daemon=True)
            for need in needs
        ]
        try:
            for thread in threads:
                thread.start()
            for thread in threads:
                while thread.is_alive():
                    thread.join(0.2)
                    if progress is not None:
                        progress(self)
        except KeyboardInterrupt:
            self.client.clock.stop()
            end = time.monotonic() + END_SECONDS
            for thread in filter(threading.Thread.is_alive, threads):
                thread.join(max(0.0, end - time.monotonic()))
            raise

    def _play_one(self, scenario: Scenario, need: Need) -> None:
        """Play a scenario; one that the server's work overtook again, so that a busy machine spoils nothing."""
        for _ in range(MOST_PLAYS):
            steps, played = self._play_once(scenario, need)
            if not steps.overtaken:
                break
        self.played.append(played)
        del self.running[need.key]

    def _play_once(self, scenario: Scenario, need: Need) -> tuple[Steps, Played]:
        writer = har.Writer(need.path(self.folder))
        steps = Steps(self, writer)
        alone = scenario.alone_on(self.target)
        started, begun = self.client.clock.wall(), self.client.clock.now()
        self.running[need.key] = begun
        ended = self._ending(scenario, need, steps)
        steps.clean()
        seconds = self.client.clock.now() - begun
        writer.close(
            Transcript(
                self.api.name, need.key, (), tuple(steps.waits), steps.facts, steps.absent, ended, started, seconds,
                alone,
            )
        )  # fmt: skip
        waiting = sum(wait.seconds for wait in steps.waits)
        return steps, Played(
            need.key, seconds, started, steps.requests, steps.seconds_answering, waiting, ended, alone,
            scenario.alone_because(self.target),
        )  # fmt: skip

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
            steps.overtaken = isinstance(error, Overtaken)
            return Ending(error.outcome, error.reason, error.by)
        except Broken as error:
            by = error.exchange.establishes if error.exchange else None
            return Ending("blocked", str(error), by)
        except Stopped:
            return Ending("error", self.trouble) if self.trouble else Ending("inconclusive", "the run was ended")
        except Exception as error:  # a fault of a scenario is ours and must not end the run
            return Ending("error", f"{type(error).__name__} in scenario {need.key}: {error}{_place(error)}")
        return None


def _status(exchange: Exchange) -> int:
    return exchange.response.status if exchange.response is not None else 0


def _answered(exchange: Exchange) -> str:
    return exchange.trouble.text if exchange.trouble is not None else f"answered {_status(exchange)}"


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "" if trace is None else f" ({Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno})"
