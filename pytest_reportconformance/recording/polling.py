"""Waiting for a terminal state: honours Retry-After within the target's deadline, and records every pause.

Rule: the pace of polling is decided here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from pytest_reportconformance.http.retry_after import retry_after
from pytest_reportconformance.transcript.exchange import Exchange, Request
from pytest_reportconformance.transcript.failures import NotReached

if TYPE_CHECKING:
    from pytest_reportconformance.http.client import Observer
    from pytest_reportconformance.recording.steps import Steps

FIRST_PAUSE = 0.05
GROWTH = 1.5
PATIENCE = 10
"""What was pending for so many seconds may wait one more."""
MOST_POLLS = 2000


def wait_until(
    step: Steps,
    name: str,
    request: Request,
    done: Callable[[Exchange], bool],
    *,
    identity: str = "owner",
    establishes: str | None = None,
    deadline: float | None = None,
    due: float | None = None,
    observe: tuple[Observer, ...] = (),
) -> Exchange:
    """Poll until `done`; every poll is a step of that name, observed by `observe`. Returns the last exchange.

    `deadline` in seconds, by default the target's. `due` is when it is likely to be done, by the clock of the steps: it
    is asked then, and often after. Raises NotReached: blocked by `establishes` when the deadline passes, inconclusive
    when the server asks for a longer wait than is left.
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
        if asked is not None and asked > left:
            reason = f"{name}: the server asks to wait {asked:g} s, {max(left, 0):.0f} s of {budget:g} s are left"
            raise NotReached("inconclusive", reason, establishes)
        if left <= 0:
            break
        following = min(pause * GROWTH, max(limits.poll_seconds, (budget - left) / PATIENCE))
        if due is not None and (until_due := due - step.clock.now()) <= pause:
            pause, following, due = max(first, until_due), first, None
        step.wait(min(left, max(pause, asked or 0)), f"{name}: not done yet")
        pause = following
    raise NotReached("blocked", f"{name}: not done within {budget:g} s (limits.deadline_seconds)", establishes)
