"""The limits of a target are respected: 429, every form of Retry-After, a rate limiter that learns."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from pytest_reportconformance.akamai_reporting.reference import Reference
from pytest_reportconformance.akamai_reporting.reference.identities import Identity
from pytest_reportconformance.akamai_reporting.reference.query import Query
from pytest_reportconformance.akamai_reporting.reference.server import Route
from pytest_reportconformance.http.rate_limit import Clock, RateLimiter
from pytest_reportconformance.http.server import Answer, Call
from tests.mutation.kill_matrix import judged, violated


class FakeClock(Clock):
    """A clock that sleeping advances."""

    def __init__(self) -> None:
        super().__init__()
        self.time = 1000.0

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += seconds


class Busy(Reference):
    """Answers every third request for data 429, the same one not twice; `advice` is its Retry-After."""

    advice = "0"

    def __init__(self) -> None:
        super().__init__(slow_seconds=0.3)
        self.asked = 0
        self.counting = threading.Lock()
        self.refused: set[tuple[str, str, bytes]] = set()

    def handled(self, call: Call, route: Route, identity: Identity) -> Answer:
        with self.counting:
            self.asked += 1
            first = (call.method, call.target, call.body) not in self.refused
            if first and self.asked % 3 == 0:
                self.refused.add((call.method, call.target, call.body))
                return self.too_many()
        return super().handled(call, route, identity)

    def too_many(self) -> Answer:
        return self.problem(429, "rate-limit-exceeded", "Too fast", "").replace("Retry-After", self.advice)


def test_a_busy_server_violates_nothing() -> None:
    reference = Busy()
    judgements = judged(reference)
    assert len(reference.refused) > 10
    about = "akamai_reporting.poll.advised-interval"  # undecidable if other requests meet the limit as well
    assert {id for id in violated(judgements) if id != about} == set()
    unknown = [one for one in judgements if one.outcome in ("blocked", "inconclusive", "error", "untested")]
    assert [one for one in unknown if one.requirement != about] == []


class Closed(Busy):
    """Answers 429 and asks for two hours."""

    advice = "7200"


def test_a_wait_beyond_the_budget_is_inconclusive_with_the_numbers() -> None:
    judgements = judged(Closed())
    assert [one for one in judgements if one.outcome in ("failed", "error")] == []
    reasons = [one.reason for one in judgements if one.outcome == "inconclusive"]
    assert any("7200 s" in reason and "900 s" in reason for reason in reasons)


class Advises(Reference):
    """Advises `advice` while a query is pending."""

    def __init__(self, advice: str) -> None:
        super().__init__(slow_seconds=0.4)
        self.advice = advice

    def retry_after(self, query: Query) -> str:
        return self.advice


ABSURD = ["-1", "soon", "1.5", "", "Thu, 01 Jan 1970 00:00:00 GMT", "Mon, 99 Foo 99999 99:99:99 GMT"]


@pytest.mark.parametrize("advice", ABSURD)
def test_an_absurd_advice_is_reported_and_polling_goes_on(advice: str) -> None:
    judgements = judged(Advises(advice))
    allowed = {
        f"akamai_reporting.{where}.retry-after-{what}" for where in ("submit", "poll") for what in ("valid", "present")
    }
    assert set(violated(judgements)) <= allowed
    assert [one for one in judgements if one.outcome in ("blocked", "inconclusive", "error")] == []


@pytest.mark.parametrize("advice", ["7200", "9" * 40, "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_an_advice_beyond_the_budget_is_inconclusive(advice: str) -> None:
    judgements = judged(Advises(advice))
    assert violated(judgements) == {}
    reasons = [one.reason for one in judgements if one.outcome == "inconclusive"]
    assert any("asks to wait" in reason and "900 s" in reason for reason in reasons)


def test_no_advice_of_zero_makes_a_flood() -> None:
    reference = Advises("0")
    judged(reference, lambda target: replace(target, limits=replace(target.limits, deadline_seconds=20)))
    assert reference.requests < 300


def send(limiter: RateLimiter, count: int) -> None:
    """Send so many requests, one after another."""
    for _ in range(count):
        with limiter.turn():
            pass


def test_a_pause_holds_back_all_requests() -> None:
    clock = FakeClock()
    limiter = RateLimiter(8, None, clock)
    limiter.slow_down(7.0)
    send(limiter, 1)
    assert clock.time == 1007.0


def test_a_limit_that_is_met_again_is_learned() -> None:
    clock = FakeClock()
    limiter = RateLimiter(8, None, clock)
    send(limiter, 21)
    limiter.slow_down(3.0, learn=True)
    began = clock.time
    send(limiter, 20)
    assert 60 <= clock.time - began <= 70


def test_a_learned_limit_is_never_raised_and_never_zero() -> None:
    clock = FakeClock()
    limiter = RateLimiter(8, 30, clock)
    send(limiter, 30)
    limiter.slow_down(0.0, learn=True)
    began = clock.time
    send(limiter, 29)
    assert 58 <= clock.time - began <= 62
    clock.time += 1000
    limiter.slow_down(0.0, learn=True)
    began = clock.time
    send(limiter, 6)
    assert 50 <= clock.time - began <= 70
