"""Liars about rate limits."""

from __future__ import annotations

from pytest_reportconformance.akamai_reporting.reference import Reference
from pytest_reportconformance.serving import Answer
from tests.killing import kills


class Limited(Reference):
    """Allows so many requests that no limit is ever met, and says where an account stands."""

    def __init__(self, slow_seconds=0.8):
        super().__init__(slow_seconds=slow_seconds, requests_per_minute=60000)


class LimitsFirstPoll(Reference):
    """Answers the first poll of every third query 429."""

    def pending_or_ready(self, call, query, page):
        return super().fetch(call, query, page)

    def fetch(self, call, query, page):
        if query.number % 3 == 0 and not hasattr(query, "limited"):
            query.limited = True
            return self.too_early(query)
        return self.pending_or_ready(call, query, page)

    def too_early(self, query):
        return self.problem(429, "rate-limit-exceeded", "Rate limit exceeded", "").replace("Retry-After", "0")


@kills("akamai_reporting.limits.exceeded")
class LimitIsPlainText(LimitsFirstPoll):
    """Answers 429 in plain text."""

    def too_early(self, query):
        return Answer(429, b"Slow down", [("Content-Type", "text/plain"), ("Retry-After", "0")])


@kills("akamai_reporting.limits.exceeded")
class LimitSaysAnotherStatus(LimitsFirstPoll):
    """Says 503 in the problem document of an answer 429."""

    def too_early(self, query):
        answer = super().too_early(query)
        answer.body = answer.body.replace(b'"status":429', b'"status":503')
        return answer


@kills("akamai_reporting.limits.exceeded-says-when")
class LimitDoesNotSayWhen(LimitsFirstPoll):
    """Answers 429 without a word of when to go on."""

    def too_early(self, query):
        return super().too_early(query).replace("Retry-After", None)


@kills("akamai_reporting.limits.query-survives")
class LimitEndsQueries(LimitsFirstPoll):
    """Forgets a query whose poll came too early, and has forgotten what was there."""

    def pending_or_ready(self, call, query, page):
        if hasattr(query, "limited"):
            return self.problem(404, "query-not-found", "Query not found", "")
        return super().pending_or_ready(call, query, page)


class ChangesHeaders(Limited):
    """Sends rate limit headers of which `changes` replaces some."""

    changes: dict[str, str] = {}  # noqa: RUF012  # a constant of each liar

    def rate_headers(self, account):
        prefix = "akamai-sync-ratelimit-"
        return [
            (name, self.changes.get(name.removeprefix(prefix), value)) for name, value in super().rate_headers(account)
        ]


@kills("akamai_reporting.limits.header-integers")
class RefillIsAFraction(ChangesHeaders):
    """Writes the refill as requests a second."""

    changes = {"refill": "0.33"}


@kills("akamai_reporting.limits.header-remaining")
class MoreRemainsThanAllowed(ChangesHeaders):
    """Says that more requests remain than there ever are."""

    changes = {"remaining": "60001"}


@kills("akamai_reporting.limits.header-next")
class NextIsSoon(ChangesHeaders):
    """Says in words when the next request may come."""

    changes = {"next": "soon"}


@kills("akamai_reporting.limits.header-next")
class NextIsInSeconds(ChangesHeaders):
    """Says in how many seconds the next request may come."""

    changes = {"next": "3"}
