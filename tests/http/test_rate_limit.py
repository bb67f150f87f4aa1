"""Rate limits with a clock that the tests advance; Retry-After in each of its forms."""

from __future__ import annotations

import threading
import time

import pytest

from pytest_reportconformance.http.rate_limit import Clock, RateLimiter, Refused, Stopped
from pytest_reportconformance.http.retry_after import retry_after
from pytest_reportconformance.transcript.exchange import Exchange, Request, Response


class Turned(Clock):
    """Time that passes only during a sleep."""

    def __init__(self) -> None:
        super().__init__()
        self.time = 1000.0

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        if self.stopped:
            raise Stopped
        self.time += seconds


def send(limiter: RateLimiter, times: int, *, urgent: bool = False) -> float:
    """Take so many turns; seconds that it took."""
    waited = 0.0
    for _ in range(times):
        with limiter.turn(urgent) as seconds:
            waited += seconds
    return waited


def test_without_a_rate_no_request_waits() -> None:
    assert send(RateLimiter(8, None, Turned()), 1000) == 0


def test_a_minutes_worth_goes_at_once_and_the_rest_at_the_rate() -> None:
    limiter = RateLimiter(8, 60, Turned())
    assert send(limiter, 60) == 0
    assert send(limiter, 30) == pytest.approx(30, abs=0.01)


def test_in_any_minute_no_more_than_two_minutes_worth_goes_out() -> None:
    clock = Turned()
    limiter, sent = RateLimiter(8, 20, clock), []
    for _ in range(100):
        send(limiter, 1)
        sent.append(clock.time)
    assert max(sum(start <= moment < start + 60 for moment in sent) for start in sent) <= 40


def test_an_urgent_request_waits_for_no_rate() -> None:
    limiter = RateLimiter(8, 1, Turned())
    send(limiter, 1)
    assert send(limiter, 50, urgent=True) == 0


def test_after_429_nothing_is_sent_for_as_long_as_asked() -> None:
    limiter = RateLimiter(8, None, Turned())
    limiter.slow_down(30)
    assert send(limiter, 1) == pytest.approx(30)


def test_no_more_than_allowed_are_in_flight() -> None:
    limiter, now, most, lock = RateLimiter(3, None, Clock()), [0], [0], threading.Lock()
    meet = threading.Barrier(3, timeout=5)

    def work() -> None:
        with limiter.turn():
            with lock:
                now[0] += 1
                most[0] = max(most[0], now[0])
            meet.wait()
            with lock:
                now[0] -= 1

    threads = [threading.Thread(target=work) for _ in range(9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [3]


def test_priority_requests_go_first_and_then_the_earliest() -> None:
    limiter, sent, threads = RateLimiter(1, None, Clock()), list[str](), []

    def turn(name: str, *, priority: bool) -> None:
        with limiter.turn(priority=priority):
            sent.append(name)

    with limiter.turn():
        for number, (name, priority) in enumerate({"a": False, "b": False, "c": True, "d": True}.items(), 1):
            threads.append(threading.Thread(target=turn, args=(name,), kwargs={"priority": priority}))
            threads[-1].start()
            end = time.monotonic() + 5
            while len(limiter._slots._waiting) < number and time.monotonic() < end:
                time.sleep(0.001)
    for thread in threads:
        thread.join(5)
    assert sent == ["c", "d", "a", "b"]


def test_the_end_of_a_run_ends_every_wait() -> None:
    clock = Clock()
    clock.stop()
    with pytest.raises(Stopped):
        clock.sleep(60)
    with pytest.raises(Stopped), RateLimiter(1, None, clock).turn():
        pytest.fail("nothing is sent any more")


def answered(**fields: str) -> Exchange:
    """An answer with these header fields, that came at the epoch plus 1 000 000 000 seconds."""
    headers = tuple((name.replace("_", "-"), value) for name, value in fields.items())
    return Exchange("poll", "owner", Request("GET", "/x"), Response(303, "", headers, b"", 0, ""), 1_000_000_000, 0.1)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0),
        ("7", 7),
        (" 300 ", 300),
        ("", None),
        ("-1", None),
        ("1.5", None),
        ("soon", None),
        ("1e9", None),
        ("٣", None),
        ("Sun, 09 Sep 2001 01:46:50 GMT", 10),
        ("Sunday, 09-Sep-01 01:46:50 GMT", 10),
        ("Sun, 09 Sep 2001 01:46:30 GMT", 0),
        ("Sun, 09 Sep 99999 01:46:50 GMT", None),
    ],
)
def test_retry_after_in_seconds_or_as_a_time(text: str, seconds: float | None) -> None:
    assert retry_after(answered(Retry_After=text)) == seconds


def test_a_time_is_read_by_the_servers_own_clock() -> None:
    exchange = answered(Retry_After="Fri, 21 Nov 2036 20:00:05 GMT", Date="Fri, 21 Nov 2036 20:00:00 GMT")
    assert retry_after(exchange) == 5


def test_a_number_of_any_length_is_read() -> None:
    assert retry_after(answered(Retry_After="9" * 400)) == float("inf")


def test_a_missing_answer_has_no_retry_after() -> None:
    assert retry_after(Exchange("poll", "owner", Request("GET", "/x"), None, 0, 0)) is None
    assert retry_after(answered()) is None


@pytest.mark.parametrize(
    "text",
    ["", "soon", "-1", "1e309", "nan", "９", "\x00", "\ud800", "0x10", "1 2", "Thu, 99 Foo 20261", "--", "9" * 5000],
)
def test_no_value_of_retry_after_raises(text: str) -> None:
    found = retry_after(answered(Retry_After=text, Date=text))
    assert found is None or found >= 0


def test_a_target_that_always_answers_429_is_given_up_after_the_patience() -> None:
    clock = Turned()
    limiter = RateLimiter(8, None, clock, patience=20)

    def refused_again_and_again() -> None:
        for _ in range(10):
            send(limiter, 1)
            limiter.slow_down(1.0, learn=True)

    with pytest.raises(Refused, match=r"429 for 2\d\.0 s, at 24 requests a minute; waited for 20 s"):
        refused_again_and_again()
    assert clock.time <= 1021
    with pytest.raises(Refused):
        send(limiter, 1)


def test_a_target_that_grants_few_requests_is_not_given_up() -> None:
    clock = Turned()
    limiter = RateLimiter(8, None, clock, patience=20)
    for _ in range(30):
        send(limiter, 1)
        limiter.slow_down(1.0, learn=True)
        send(limiter, 1)
        limiter.granted()
    assert clock.time > 1100


def test_a_repeated_request_is_sent_before_its_time_limit() -> None:
    clock = Turned()
    limiter = RateLimiter(8, None, clock, patience=20)
    limiter.slow_down(30.0)
    limiter.granted()
    with pytest.raises(Refused), limiter.turn(until=1008.0):
        pass
    assert clock.time == 1008
    with limiter.turn() as waited:
        assert waited == 22
