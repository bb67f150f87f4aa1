"""The limit on requests for data: per account, by the minute, shared by all its clients."""

from __future__ import annotations

import math
from datetime import timedelta

from pytest_reportconformance.akamai_reporting.reference.identities import Identity
from pytest_reportconformance.akamai_reporting.reference.permissions import Permissions
from pytest_reportconformance.akamai_reporting.reference.problems import Refusal
from pytest_reportconformance.http.server import Answer


class RateLimits(Permissions):
    """A bucket for each account, refilled steadily. Without a configured limit there is neither 429 nor header."""

    def tokens(self, account: str) -> float:
        """How many requests the account has left, a fraction while the next one fills up."""
        limit = float(self.requests_per_minute or 0)
        left, since = self.buckets.get(account, (limit, self.clock()))
        return min(limit, left + (self.clock() - since) * limit / 60)

    def charge(self, identity: Identity) -> None:
        """Take one request off the account's bucket; refuses with 429 if it is empty."""
        if self.requests_per_minute is None:
            return
        with self.lock:
            left = self.tokens(identity.account)
            if granted := left >= 1:
                self.buckets[identity.account] = (left - 1, self.clock())
        if not granted:
            raise Refusal(self.too_many_requests(identity))

    def seconds_to_next(self, account: str) -> float:
        """How long until the account may send again; 0 if it may now."""
        return max(0.0, (1 - self.tokens(account)) * 60 / (self.requests_per_minute or 1))

    def next_request(self, account: str) -> str:
        """When the account may send again."""
        return self.timestamp(self.now() + timedelta(seconds=self.seconds_to_next(account)))

    def bucket_full(self, account: str) -> str:
        """When the account has its whole limit again."""
        limit = self.requests_per_minute or 1
        return self.timestamp(self.now() + timedelta(seconds=(limit - self.tokens(account)) * 60 / limit))

    def retry_after_limit(self, account: str) -> str:
        """Retry-After of a 429, in whole seconds."""
        return str(max(1, math.ceil(self.seconds_to_next(account))))

    def rate_headers(self, account: str) -> list[tuple[str, str]]:
        """The header fields with the state of an account's limit."""
        limit = str(self.requests_per_minute)
        return [
            ("akamai-sync-ratelimit-limit", limit),
            ("akamai-sync-ratelimit-remaining", str(int(self.tokens(account)))),
            ("akamai-sync-ratelimit-refill", limit),
            ("akamai-sync-ratelimit-next", self.next_request(account)),
            ("akamai-sync-ratelimit-reset", self.bucket_full(account)),
        ]

    def too_many_requests(self, identity: Identity) -> Answer:
        """429: a problem document with the state of the bucket, as strings."""
        limit = str(self.requests_per_minute)
        answer = self.problem(
            429,
            "rate-limit-exceeded",
            "Rate limit exceeded",
            f"The account may send {limit} requests a minute",
            rateLimit=limit,
            rateLimitRemaining="0",
            rateLimitRefill=limit,
            rateLimitNextRequest=self.next_request(identity.account),
        )
        answer.headers += self.rate_headers(identity.account)
        return answer.replace("Retry-After", self.retry_after_limit(identity.account))

    def with_rate_headers(self, answer: Answer, identity: Identity) -> Answer:
        """An answer to an identity, with the state of its bucket if there is a limit."""
        if self.requests_per_minute is not None:
            answer.headers += self.rate_headers(identity.account)
        return answer
