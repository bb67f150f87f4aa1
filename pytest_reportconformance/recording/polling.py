"""Waiting for the target: until a condition holds, as long as an answer advises, or after a 429.

Rule: how long a scenario waits for the target is decided here and nowhere else. Retry-After is honored within the
deadline of the target, and every pause is recorded.
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from typing import TYPE_CHECKING

from pytest_reportconformance.http.retry_after import require_within, retry_after
from pytest_reportconformance.transcript.exchange import Exchange, Request
from pytest_reportconformance.transcript.failures import NotReached

if TYPE_CHECKING:
    from pytest_reportconformance.http.bodies import Observer
    from pytest_reportconformance.recording.steps import Steps

FIRST_PAUSE = 0.05
GROWTH = 1.5
SECONDS_PER_EXTRA_SECOND = 10
"""After so many seconds of polling the interval may be one second longer than `limits.poll_seconds` allows."""
MOST_POLLS = 2000
SHORTEST_PAUSE = 0.1
"""Seconds to wait after a 429, at least; doubled with each one in a row."""


def wait_until(
    step: Steps,
    name: str,
    request: Request,
    done: Callable[[Exchange], bool],
    *,
    identity: str = "owner",
    establishes: str | None = None,
    ends: str | None = None,
    overdue: Callable[[], float] = lambda: inf,
    deadline: float | None = None,
    due: float | None = None,
    observe: tuple[Observer, ...] = (),
) -> Exchange:
    """Poll until `done`; every poll is a step of that name, observed by `observe`. Returns the last exchange.

    `deadline` in seconds, by default the target's. `due` is the time, by the clock of the steps, at which it is
    probably done: a poll is sent then, and frequent polls after it. `ends` is the requirement that it becomes done
    within `overdue()` seconds, which is asked at the end. Raises NotReached when the deadline passes: blocked by `ends`
    if so many seconds were waited, else inconclusive, as a server may be slow; and inconclusive if it asks for a longer
    wait than is left.
    """
    limits = step.target.limits
    budget = limits.deadline_seconds if deadline is None else deadline
    end = step.clock.now() + budget
    first = pause = min(FIRST_PAUSE, limits.poll_seconds)
    for _ in range(MOST_POLLS):
        exchange = step(name, request, identity=identity, establishes=establishes, observe=observe)
        if done(exchange):
            return exchange
        left = end - step.clock.now()
        asked = retry_after(exchange)
        if asked is not None:
            require_within(asked, left, budget, f"{name}: the server asks to wait", establishes)
        if left <= 0:
            break
        following = min(pause * GROWTH, max(limits.poll_seconds, (budget - left) / SECONDS_PER_EXTRA_SECOND))
        if due is not None and (until_due := due - step.clock.now()) <= pause:
            pause, following, due = max(first, until_due), first, None
        step.wait(min(left, max(pause, asked or 0)), f"{name}: not done yet")
        pause = following
    reason = f"{name}: not done within {budget:g} s (limits.deadline_seconds)"
    raise NotReached("blocked", reason, ends) if budget >= overdue() else NotReached("inconclusive", reason)


def wait_as_advised(step: Steps, answer: Exchange) -> None:
    """Wait as an answer advises, less the time since then. Raises NotReached if that exceeds the deadline."""
    asked = retry_after(answer) or 0.0
    budget = step.target.limits.deadline_seconds
    require_within(asked, budget, budget, f"{answer.name}: the server asks to wait")
    step.wait(
        asked - (step.clock.wall() - answer.started - answer.seconds), f"{answer.name}: Retry-After is {asked:g} s"
    )


def wait_after_429(step: Steps, name: str, answer: Exchange, attempt: int, left: float) -> None:
    """Wait after the 429 to an attempt (the first is 0), and hold back all requests of the run meanwhile.

    Raises NotReached if the wait exceeds the seconds that are left.
    """
    asked = retry_after(answer)
    seconds = 2.0**attempt if asked is None else max(asked, SHORTEST_PAUSE * 2**attempt)
    budget = step.target.limits.deadline_seconds
    require_within(seconds, left, budget, f"{name}: answered 429, to wait", answer.establishes)
    step.rate_limiter.slow_down(seconds, learn=attempt > 0)
    step.wait(seconds, f"{name}: answered 429")
