"""Liars about rate limits."""

from __future__ import annotations

from pytest_reportconformance.akamai_reporting.reference import Reference
from pytest_reportconformance.akamai_reporting.reference.query import Query
from pytest_reportconformance.http.server import Answer, Call
from tests.mutation.kill_matrix import kills


class Limited(Reference):
    """Allows so many requests that no limit is ever met, and says where an account stands."""

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
    """Answers 429 in plain text."""

    def too_early(self, query: Query) -> Answer:
        return Answer(429, b"Slow down", [("Content-Type", "text/plain"), ("Retry-After", "0")])


@kills("akamai_reporting.limits.exceeded")
class LimitSaysAnotherStatus(LimitsFirstPoll):
    """Says 503 in the problem document of an answer 429."""

    def too_early(self, query: Query) -> Answer:
        answer = super().too_early(query)
        answer.body = answer.body.replace(b'"status":429', b'"status":503')
        return answer


@kills("akamai_reporting.limits.exceeded-retry-time")
class LimitDoesNotSayWhen(LimitsFirstPoll):
    """Answers 429 without a word of when to go on."""

    def too_early(self, query: Query) -> Answer:
        return super().too_early(query).replace("Retry-After", None)


@kills("akamai_reporting.limits.query-becomes-ready")
class LimitEndsQueries(LimitsFirstPoll):
    """Forgets a query whose poll came too early, and has forgotten what was there."""

    def fetch_again(self, call: Call, query: Query, page: int) -> Answer:
        if query.token in self.met:
            return self.problem(404, "query-not-found", "Query not found", "")
        return super().fetch_again(call, query, page)


class ChangesHeader(Limited):
    """Sends the rate limit header `name` with the value `value`."""

    field = value = ""

    def rate_headers(self, account: str) -> list[tuple[str, str]]:
        wrong = f"akamai-sync-ratelimit-{self.field}"
        return [(name, self.value if name == wrong else value) for name, value in super().rate_headers(account)]


@kills("akamai_reporting.limits.header-integers")
class RefillIsAFraction(ChangesHeader):
    """Writes the refill as requests a second."""

    field, value = "refill", "0.33"


@kills("akamai_reporting.limits.header-remaining")
class MoreRemainsThanAllowed(ChangesHeader):
    """Says that more requests remain than there ever are."""

    field, value = "remaining", "60001"


@kills("akamai_reporting.limits.header-next")
class NextIsSoon(ChangesHeader):
    """Says in words when the next request may come."""

    field, value = "next", "soon"


@kills("akamai_reporting.limits.header-next")
class NextIsInSeconds(ChangesHeader):
    """Says in how many seconds the next request may come."""

    field, value = "next", "3"
