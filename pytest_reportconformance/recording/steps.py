"""Sends and records the requests of one scenario: each step is one request of an identity, recorded under a name.

Rule: a step sends, waits if the target asks for it, and ends with an exchange; what it creates is removed when the
scenario ends, in whatever way that happens.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from math import inf
from typing import Any

from pytest_reportconformance.cleanup.ledger import Entry
from pytest_reportconformance.cleanup.removal import Created
from pytest_reportconformance.http.bodies import Observer
from pytest_reportconformance.http.client import Conversation
from pytest_reportconformance.http.rate_limit import Clock, Refused, Stopped
from pytest_reportconformance.recording.context import Exploration, RunContext
from pytest_reportconformance.recording.polling import wait_after_429
from pytest_reportconformance.recording.threads import look_for_room
from pytest_reportconformance.target.target import ANONYMOUS, WRONG_PASSWORD, Target
from pytest_reportconformance.transcript import har
from pytest_reportconformance.transcript.exchange import LIMITED, Exchange, Request, TransportError
from pytest_reportconformance.transcript.failures import NotReached
from pytest_reportconformance.transcript.transcript import Ending, Wait

MOST_ATTEMPTS = 8


@dataclass(frozen=True)
class _Step:
    """What `Steps.__call__` was called with."""

    name: str
    request: Request
    identity: str
    establishes: str | None
    observe: tuple[Observer, ...]
    session: str
    insist: bool
    keep: bool


class Steps:
    """The steps of a scenario: `step(name, request, identity=…)` sends and records.

    `due` is when something that was created is probably done, by its id and the clock of the steps.
    """

    def __init__(self, context: RunContext, writer: har.Writer | None = None, priority: bool = False) -> None:
        self.priority = priority
        self.target: Target = context.target
        self.clock: Clock = context.client.clock
        self.rate_limiter = context.client.rate_limiter
        self.waits: list[Wait] = []
        self.facts: dict[str, Any] = {}
        self.absent: dict[str, Ending] = {}
        self.due: dict[str, float] = {}
        self.requests = 0
        self.seconds_answering = 0.0
        self.latest: Exchange | None = None
        self.too_late = False
        self._context = context
        self._writer = writer
        self._conversations: dict[tuple[str, str], Conversation] = {}
        self._created = Created(context.api, context.ledger, context.pending, self._clean_up_with)
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
        """Send a request of an identity and record the exchange under a name.

        `establishes` is the requirement that the next steps depend on. `session` names another session of the same
        identity: its own cookies, its own connections. `keep = False` drops a successful answer's body once it is
        observed. An identity that the target lacks gives an exchange that is untested. A request that is answered 429
        is recorded as LIMITED and sent again after the wait, unless `insist = False`: then 429 is the answer. Raises
        NotReached if the waits exceed the target's deadline.
        """
        if not self.has(identity):
            return self._untested(name, request, identity)
        step = _Step(name, request, identity, establishes, observe, session, insist, keep)
        end = self.clock.now() + self.target.limits.deadline_seconds
        for attempt in range(MOST_ATTEMPTS):
            exchange = self._send(step, end if attempt else inf)
            if exchange.name != LIMITED:
                return exchange
            wait_after_429(self, name, exchange, attempt, end - self.clock.now())
        raise NotReached("inconclusive", f"{name}: answered 429 {MOST_ATTEMPTS} times in a row", establishes)

    def _send(self, step: _Step, until: float) -> Exchange:
        """Send a step once; an exchange LIMITED if it is to be sent again."""
        self._context.reachability.check()
        session, request, entry = self.session(step.identity, step.session), step.request, None
        try:
            entry = self._created.announce(request, step.identity, session)
            sent = session.send(
                step.name, request, step.establishes, step.observe, False, step.keep, self.priority, until
            )
        except Stopped:
            self._created.not_sent(entry)
            raise
        except Refused as error:
            self._created.not_sent(entry)
            reason = f"{step.name}: {error} (limits.deadline_seconds)"
            raise NotReached("inconclusive", reason, step.establishes) from None
        exchange = self._context.reachability.still_let_in(self._context.reachability.confirmed(sent), request)
        if exchange.response is not None and exchange.response.status_code != 429:
            self.rate_limiter.granted()
        elif step.insist and exchange.response is not None:
            exchange = replace(exchange, name=LIMITED)
        self._created.answered(entry, request, exchange, session)
        self._record(exchange)
        return exchange

    def together(self, calls: Iterable[Callable[[], Exchange]]) -> list[Exchange]:
        """Make several calls at once; the answers in the order of the calls."""
        calls, futures = list(calls), []
        with ThreadPoolExecutor(len(calls) or 1) as pool:
            for call in calls:
                look_for_room()
                futures.append(pool.submit(call))
            return [future.result() for future in futures]

    def has(self, identity: str) -> bool:
        """Whether the target has such an identity."""
        if identity in (ANONYMOUS, WRONG_PASSWORD):
            return identity == ANONYMOUS or self.target.signs_on
        return identity in self.target.identities or (identity == "owner" and not self.target.identities)

    def session(self, identity: str, name: str = "") -> Conversation:
        """The session in which the steps of an identity are sent; `name` names another one of the same identity."""
        with self._lock:
            key = (identity, name)
            if key not in self._conversations:
                self._conversations[key] = self._context.client.open(self.target.identity(identity), bool(name))
            return self._conversations[key]

    def adopt(self, target: Target) -> None:
        """Continue with a target of which more is known: its identities and their secrets, its reports."""
        self.target = target
        self._context.adopt(target)

    def say(self, text: str) -> None:
        """Log an action on the target for the user who started the run, before it is done."""
        self._context.log(text)

    def note(self, **facts: Any) -> None:
        """Keep facts for the checks: JSON values."""
        self.facts.update(facts)

    def wait(self, seconds: float, reason: str, *, server: bool = True) -> None:
        """Pause and record why; `server` is false if the pause is ours. Raises Stopped when the run is being ended."""
        if seconds <= 0:
            return
        started = self.clock.wall()
        begun = self.clock.now()
        self.clock.sleep(seconds)
        with self._lock:
            self.waits.append(Wait(started, self.clock.now() - begun, reason, server))

    @property
    def exploration(self) -> Exploration:
        """What the run is to explore."""
        return self._context.exploration

    def count_explored(self, steps: int = 1) -> None:
        """Count steps of the exploration."""
        self._context.count_explored(steps)

    @property
    def lateness(self) -> float | None:
        """By how many seconds the target was late at most, in all scenarios; None as long as nothing was due."""
        return self._context.lateness

    @property
    def lateness_is_measured(self) -> bool:
        """Whether a scenario polls something that is due, so that the lateness will be known or grow."""
        return self._context.measuring > 0

    def measures_lateness(self) -> AbstractContextManager[None]:
        """While this scenario polls something that is due."""
        return self._context.measures()

    @property
    def mean_answer(self) -> float:
        """How many seconds an answer took on average in this scenario; 0 before the first."""
        return self.seconds_answering / max(1, self.requests)

    def report_lateness(self, seconds: float) -> None:
        """Note by how many seconds the target was late with something that was due."""
        self._context.report_lateness(seconds)

    @property
    def reachable(self) -> bool:
        """Whether the target answers, as far as is known."""
        return self._context.reachability.error is None

    def created(self) -> list[Entry]:
        """What the run created and has not removed yet, oldest first."""
        return self._context.ledger.open_entries()

    def take(self, kind: str, id: str, identity: str) -> None:
        """Take over something that an earlier run created: this identity removes it at the end."""
        self._created.take(kind, id, identity, self.session(identity))

    def tidy(self, name: str, request: Request, identity: str) -> Exchange:
        """Send a request that belongs to the end of a run: it is sent and recorded in whatever way the run ends."""
        return self._urgently(name, request, self.session(identity))

    def clean(self) -> None:
        """Remove what was created and is still there; no check fails because of it."""
        self._context.warnings += self._created.remove(lambda: self.reachable)

    def _clean_up_with(self, request: Request, session: Conversation) -> Exchange:
        return self._urgently("cleanup", request, session)

    def _urgently(self, name: str, request: Request, session: Conversation) -> Exchange:
        exchange = session.send(name, request, urgent=True)
        self._record(exchange)
        return exchange

    def leave_out(self, name: str, reason: str) -> None:
        """Note that a step is not sent because the target lacks what it needs."""
        self.absent[name] = Ending("untested", reason)

    def _untested(self, name: str, request: Request, identity: str) -> Exchange:
        reason = f"the target has no {identity!r}: write [identities.{identity}]"
        self.leave_out(name, reason)
        return Exchange(name, identity, request, None, self.clock.wall(), 0, error=TransportError("untested", reason))

    def _record(self, exchange: Exchange) -> None:
        with self._lock:
            self.requests += 1
            self.latest = exchange
            self.seconds_answering += exchange.seconds
        if self._writer is not None:
            self._writer.add(exchange)
