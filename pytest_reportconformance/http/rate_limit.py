"""Limits of the load on the target: requests in flight and requests per minute, with a clock that tests can replace.

Rule: one rate limiter for the whole run; nothing here knows HTTP. Requests of priority scenarios go first: they have to
be answered while a report runs, which would otherwise be over on a busy machine.
"""

from __future__ import annotations

import heapq
import itertools
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from math import inf

MINUTE = 60.0
ONE = 1 - 1e-9
"""One token, less a tolerance for rounding errors."""
SLOWEST = 6.0
"""Requests per minute that are sent at least, whatever was granted."""
TRIES = 8
"""Requests that are sent at least before a target that answers 429 is given up."""


class Stopped(Exception):
    """The run is being ended; no more requests but those that clean up."""


class Refused(Exception):
    """The target has answered 429 for longer than the patience of the run; the message has the numbers."""


class Clock:
    """Time in seconds. `sleep` ends early, with Stopped, when the run is being ended."""

    def __init__(self) -> None:
        self._stop = threading.Event()

    def now(self) -> float:
        """Monotonic time."""
        return time.monotonic()

    def wall(self) -> float:
        """Time since the epoch."""
        return time.time()

    def sleep(self, seconds: float) -> None:
        """Wait; raises Stopped."""
        if self._stop.wait(max(0.0, seconds)):
            raise Stopped

    def stop(self) -> None:
        """End every wait, now and later."""
        self._stop.set()

    @property
    def stopped(self) -> bool:
        """Whether the run is being ended."""
        return self._stop.is_set()


class Slots:
    """A number of slots; of the threads that wait for one, those with priority go first, then the earliest."""

    def __init__(self, count: int) -> None:
        self._free = count
        self._waiting: list[tuple[bool, int, threading.Event]] = []
        self._numbers = itertools.count()
        self._lock = threading.Lock()

    @contextmanager
    def one(self, priority: bool = False) -> Iterator[None]:
        """Wait for a slot and hold it."""
        called = threading.Event()
        with self._lock:
            if self._free:
                self._free -= 1
                called.set()
            else:
                heapq.heappush(self._waiting, (not priority, next(self._numbers), called))
        called.wait()
        try:
            yield
        finally:
            self._pass_on()

    def _pass_on(self) -> None:
        with self._lock:
            if self._waiting:
                heapq.heappop(self._waiting)[-1].set()
            else:
                self._free += 1


class RateLimiter:
    """At most `in_flight` requests at once, at most `per_minute` on average (a bucket of one minute's worth).

    If the target answers 429 again and again, the rate falls to what it granted within the last minute. If it answers
    nothing else for `patience` seconds, the wait ends with Refused.
    """

    def __init__(self, in_flight: int, per_minute: int | None, clock: Clock, patience: float = inf) -> None:
        self._slots = Slots(in_flight)
        self._rate = per_minute / MINUTE if per_minute else None
        self._capacity = float(per_minute or 0)
        self._tokens = self._capacity
        self._filled = clock.now()
        self._not_before = 0.0
        self._patience = patience
        self._refused_since: float | None = None
        self._sent: deque[float] = deque()
        self._clock = clock
        self._lock = threading.Lock()

    @contextmanager
    def turn(self, urgent: bool = False, priority: bool = False, until: float = inf) -> Iterator[float]:
        """Wait until a request may be sent; yields the seconds waited. An urgent one waits for a free slot only.

        Of the requests that wait for a slot, those with `priority` go first. A request that was answered 429 before is
        sent again before the time `until` of the clock, not later. Raises Stopped, Refused.
        """
        asked = self._clock.now()
        while not urgent and (pause := self._pause()) > 0:
            self._clock.sleep(min(pause, self._patience_left(until)))
        with self._slots.one(priority):
            if self._clock.stopped and not urgent:
                raise Stopped
            with self._lock:
                self._remember()
            yield self._clock.now() - asked

    def slow_down(self, seconds: float, learn: bool = False) -> None:
        """Send nothing for so many seconds after a 429. `learn` reduces the rate to what was granted so far."""
        with self._lock:
            now = self._clock.now()
            self._refused_since = now if self._refused_since is None else self._refused_since
            self._not_before = max(self._not_before, now + seconds)
            if self._sent:
                self._sent.pop()
            if learn:
                slowest = max(SLOWEST, TRIES * MINUTE / self._patience)
                granted = max(slowest, sum(now - moment <= MINUTE for moment in self._sent)) / MINUTE
                self._rate = granted if self._rate is None else min(self._rate, granted)
                self._capacity = self._rate * MINUTE
            self._tokens, self._filled = 0.0, now

    def granted(self) -> None:
        """Note that the target answered something other than 429."""
        self._refused_since = None

    def _patience_left(self, until: float) -> float:
        """Seconds that are left to wait for the target; raises Refused if there are none."""
        now, since = self._clock.now(), self._refused_since
        end = min(until, inf if since is None else since + self._patience)
        if now < end:
            return end - now
        rate = f", at {self._rate * MINUTE:g} requests a minute" if self._rate else ""
        refused = now - end + self._patience
        raise Refused(f"answered 429 for {refused:.1f} s{rate}; waited for {self._patience:g} s")

    def _remember(self) -> None:
        now = self._clock.now()
        self._sent.append(now)
        while now - self._sent[0] > MINUTE:
            self._sent.popleft()

    def _pause(self) -> float:
        with self._lock:
            now = self._clock.now()
            if now < self._not_before:
                return self._not_before - now
            if self._rate is None:
                return 0.0
            self._tokens = min(self._capacity, self._tokens + (now - self._filled) * self._rate)
            self._filled = now
            if self._tokens >= ONE:
                self._tokens = max(0.0, self._tokens - 1)
                return 0.0
            return (1 - self._tokens) / self._rate
