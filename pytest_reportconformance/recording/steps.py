"""The hands of a scenario: each step sends a request as a person and records the exchange under a name.

Rule: what a step made goes into the ledger before it is made, and is removed in the end, whatever way it ends.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from math import inf
from typing import TYPE_CHECKING, Any

from pytest_reportconformance.cleanup.ledger import Entry
from pytest_reportconformance.http.client import Conversation, Observer
from pytest_reportconformance.http.rate_limit import Clock, Refused, Stopped
from pytest_reportconformance.recording.polling import wait_after_429
from pytest_reportconformance.target.target import ANONYMOUS, WRONG_PASSWORD, Target
from pytest_reportconformance.transcript import har
from pytest_reportconformance.transcript.exchange import LIMITED, Exchange, Request, TransportError
from pytest_reportconformance.transcript.failures import NotReached
from pytest_reportconformance.transcript.transcript import Ending, Wait

if TYPE_CHECKING:
    from pytest_reportconformance.recording.recorder import Recorder

MOST_ATTEMPTS = 8


class Steps:
    """The hands of a scenario: `step(name, request, person=…)` sends and records; see the methods for the rest."""

    def __init__(self, recorder: Recorder, writer: har.Writer | None = None, priority: bool = False) -> None:
        self.recorder = recorder
        self.priority = priority
        self.target: Target = recorder.target
        self.clock: Clock = recorder.client.clock
        self.waits: list[Wait] = []
        self.facts: dict[str, Any] = {}
        self.absent: dict[str, Ending] = {}
        self.due: dict[str, float] = {}  # when what was made is likely to be done, by its id and the clock
        self.requests = 0
        self.seconds_answering = 0.0
        self.latest: Exchange | None = None
        self.too_late = False
        self._writer = writer
        self._conversations: dict[tuple[str, str], Conversation] = {}
        self._makers: dict[int, Conversation] = {}
        self._lock = threading.Lock()

    def __call__(
        self,
        name: str,
        request: Request,
        *,
        identity: str = "owner",
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
        if not self.has(identity):
            return self._untested(name, request, identity)
        end = self.clock.now() + self.target.limits.deadline_seconds
        for attempt in range(MOST_ATTEMPTS):
            again = end if attempt else inf
            exchange = self._send(name, request, identity, establishes, observe, session, insist, keep, again)
            if exchange.name != LIMITED:
                return exchange
            wait_after_429(self, name, exchange, attempt, end - self.clock.now())
        raise NotReached("inconclusive", f"{name}: answered 429 {MOST_ATTEMPTS} times in a row", establishes)

    def _send(
        self,
        name: str,
        request: Request,
        identity: str,
        establishes: str | None,
        observe: tuple[Observer, ...],
        session: str,
        insist: bool,
        keep: bool,
        until: float,
    ) -> Exchange:
        self.recorder.check()
        conversation = self.session(identity, session)
        entry = None
        try:
            self.recorder.pending.ask(request, conversation)
            entry = self._announce(request, identity, conversation)
            sent = conversation.send(name, request, establishes, observe, False, keep, self.priority, until)
        except (Refused, Stopped) as error:
            if entry is not None:  # nothing was sent
                self.recorder.pending.answered(entry)
                self.recorder.ledger.gone(entry)
            if isinstance(error, Stopped):
                raise
            raise NotReached("inconclusive", f"{name}: {error} (limits.deadline_seconds)", establishes) from None
        exchange = self.recorder.confirmed(sent)
        if exchange.response is not None and exchange.response.status != 429:
            self.recorder.client.rate_limiter.granted()
        elif insist and exchange.response is not None:
            exchange = replace(exchange, name=LIMITED)
        self._settle(entry, exchange, conversation, request)
        self._keep(exchange)
        return exchange

    def has(self, identity: str) -> bool:
        """Whether the target has such a person."""
        if identity in (ANONYMOUS, WRONG_PASSWORD):
            return identity == ANONYMOUS or self.target.signs_on
        return identity in self.target.identities or (identity == "owner" and not self.target.identities)

    def session(self, identity: str, name: str = "") -> Conversation:
        """The session in which the steps of an identity are sent; `name` names another one of the same identity."""
        with self._lock:
            key = (identity, name)
            if key not in self._conversations:
                self._conversations[key] = self.recorder.client.open(self.target.identity(identity), bool(name))
            return self._conversations[key]

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
        """Pause, unless the time is over; `server` tells whether the server makes us wait."""
        if seconds <= 0:
            return
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

    def take(self, kind: str, id: str, identity: str) -> None:
        """Take charge of something that was made before; a person who may remove it does so in the end."""
        entry = self.recorder.ledger.making(kind, identity, f"{kind} {id}", id)
        self._makers[entry.number] = self.session(identity)

    def tidy(self, name: str, request: Request, identity: str) -> Exchange:
        """Send a request that belongs to the end of a run: it is sent and recorded however the run ends."""
        return self._urgently(name, request, self.session(identity))

    def clean(self) -> None:
        """Remove what was made and is still there, the newest first; never fails a check."""
        entries = [entry for entry in self.recorder.ledger.open_entries() if entry.number in self._makers]
        for entry in reversed(entries):
            try:
                self._remove(entry)
            except Exception as error:  # what cannot be removed is listed, and no check is to blame
                self.recorder.warnings.append(f"{entry.what}: not removed: {type(error).__name__}: {error}")

    def _untested(self, name: str, request: Request, identity: str) -> Exchange:
        reason = f"the target has no {identity!r}: write [identities.{identity}]"
        self.absent[name] = Ending("untested", reason)
        return Exchange(name, identity, request, None, self.clock.wall(), 0, error=TransportError("untested", reason))

    def _announce(self, request: Request, identity: str, conversation: Conversation) -> Entry | None:
        if request.creates is None:
            return None
        what = f"{request.method} {request.url}"
        entry = self.recorder.ledger.making(
            request.creates, identity, what, request.named, self.recorder.api.running.resource_of(request)
        )
        self._makers[entry.number] = conversation
        self.recorder.pending.await_answer(entry, request, conversation)
        return entry

    def _settle(self, entry: Entry | None, exchange: Exchange, conversation: Conversation, request: Request) -> None:
        if entry is not None:
            self.recorder.pending.answered(entry)
            id = self.recorder.api.identify(entry.kind, exchange) if exchange.response is not None else None
            certain = exchange.response is not None
            if request.named is not None:  # what has a name of ours is looked after even where the answer is odd
                id, certain = id or (request.named if exchange.succeeded else None), 300 <= _status(exchange) < 500
            self.recorder.ledger.made(entry, id, conversation.cookies, certain=certain)
        if request.removes is not None and exchange.succeeded:
            gone = self.recorder.ledger.find(request.removes, exchange.identity)
            if gone is not None:
                self.recorder.ledger.gone(gone)

    def _remove(self, entry: Entry) -> None:
        if entry.id is None or self.recorder.trouble is not None:
            return
        requests = self.recorder.api.clean_up.removal(entry.kind, entry.id)
        if not requests:
            self.recorder.ledger.gone(entry)
        for request in requests:
            last = self._clean_with(entry, request)
            if request.removes and (last.succeeded or _status(last) == 404) and not self._is_there(entry):
                self.recorder.ledger.gone(entry)
                return
        if requests:
            said = self.recorder.api.clean_up.retired(entry.kind, last)
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
        request = api.clean_up.presence(entry.kind, entry.id or "") if entry.kind in api.clean_up.verified else None
        return request is not None and _status(self._clean_with(entry, request)) != 404

    def _keep(self, exchange: Exchange) -> None:
        with self._lock:
            self.requests += 1
            self.latest = exchange
            self.seconds_answering += exchange.seconds
        if self._writer is not None:
            self._writer.add(exchange)


def _status(exchange: Exchange) -> int:
    return exchange.response.status if exchange.response is not None else 0


def _answered(exchange: Exchange) -> str:
    return exchange.error.text if exchange.error is not None else f"answered {_status(exchange)}"
