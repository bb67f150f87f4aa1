"""Mutants of rate limits."""

from __future__ import annotations

from pytest_reportconformance.akamai_reporting.reference import Reference
from pytest_reportconformance.akamai_reporting.reference.query import Query
from pytest_reportconformance.http.server import Answer, Call
from tests.mutation.kill_matrix import kills


class Limited(Reference):
    """Sends rate limit headers and allows more requests than any run sends."""

    def __init__(self, slow_seconds: float = 0.8) -> None:
        super().__init__(slow_seconds=slow_seconds, requests_per_minute=60000)


class LimitsFirstPoll(Reference):
    """Answers the first poll of a slow query in pages of two rows 429."""

    def __init__(self, slow_seconds: float = 0.8) -> None:
        super().__init__(slow_seconds=slow_seconds)
        self.met: set[str] = set()

    def fetch(self, call: Call, query: Query, page: int) -> Answer:
        if query.selection.report.slow and query.page_size == 2 and query.token not in self.met:
            self.met.add(query.token)
            return self.too_early(query)
        return self.fetch_again(call, query, page)

    def fetch_again(self, call: Call, query: Query, page: int) -> Answer:
        return super().fetch(call, query, page)

    def too_early(self, query: Query) -> Answer:
        return self.problem(429, "rate-limit-exceeded", "Rate limit exceeded", "").replace("Retry-After", "0")


@kills("akamai_reporting.limits.exceeded")
class LimitIsPlainText(LimitsFirstPoll):
    """Answers 429 with plain text."""

    def too_early(self, query: Query) -> Answer:
        return Answer(429, b"Slow down", [("Content-Type", "text/plain"), ("Retry-After", "0")])


@kills("akamai_reporting.limits.exceeded")
class LimitHasAnotherStatus(LimitsFirstPoll):
    """Has the status 503 in the problem document of a 429 answer."""

    def too_early(self, query: Query) -> Answer:
        answer = super().too_early(query)
        answer.body = answer.body.replace(b'"status":429', b'"status":503')
        return answer


@kills("akamai_reporting.limits.exceeded-retry-time")
class LimitHasNoRetryAfter(LimitsFirstPoll):
    """Answers 429 without Retry-After."""

    def too_early(self, query: Query) -> Answer:
        return super().too_early(query).replace("Retry-After", None)


@kills("akamai_reporting.limits.query-becomes-ready")
class LimitEndsQueries(LimitsFirstPoll):
    """Forgets a query after a poll that was answered 429."""

    def fetch_again(self, call: Call, query: Query, page: int) -> Answer:
        if query.token in self.met:
            return self.problem(404, "query-not-found", "Query not found", "It was polled too fast")
        return super().fetch_again(call, query, page)


class ChangesHeader(Limited):
    """Sends the rate limit header `name` with the value `value`."""

    field = value = ""

    def rate_headers(self, account: str) -> list[tuple[str, str]]:
        wrong = f"akamai-sync-ratelimit-{self.field}"
        return [(name, self.value if name == wrong else value) for name, value in super().rate_headers(account)]


@kills("akamai_reporting.limits.header-integers")
class RefillIsAFraction(ChangesHeader):
    """Has a fraction as the refill header."""

    field, value = "refill", "0.33"


@kills("akamai_reporting.limits.header-remaining")
class MoreRemainsThanAllowed(ChangesHeader):
    """Has a remaining header above the limit header."""

    field, value = "remaining", "60001"


@kills("akamai_reporting.limits.header-next")
class NextIsSoon(ChangesHeader):
    """Has a word as the next header."""

    field, value = "next", "soon"


@kills("akamai_reporting.limits.header-next")
class NextIsInSeconds(ChangesHeader):
    """Has a number of seconds as the next header."""

    field, value = "next", "3"
