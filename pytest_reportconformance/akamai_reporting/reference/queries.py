"""Queries: their ids, their URLs, and whether they are pending. A clock decides this, no thread is needed.

An id stands for a query and one of its pages. It is opaque to clients: a token, then page and signature in base64 with
`.` for `/`, so that it starts with a dot, holds a raw plus, ends with an equals sign and is one path segment.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import math
import secrets
import string
from collections.abc import Sequence
from datetime import datetime, timedelta

from pytest_reportconformance.akamai_reporting.reference.aggregation import Selecting
from pytest_reportconformance.akamai_reporting.reference.catalogue import Report, Row
from pytest_reportconformance.akamai_reporting.reference.core import BASE
from pytest_reportconformance.akamai_reporting.reference.identities import Identity
from pytest_reportconformance.akamai_reporting.reference.problems import Refusal
from pytest_reportconformance.akamai_reporting.reference.query import Query
from pytest_reportconformance.akamai_reporting.reference.selection import Selection
from pytest_reportconformance.http.server import Answer, Call

ALPHABET = string.ascii_letters + string.digits
TOKEN_LENGTH = 16
PAGE_BYTES = 5
TAG_BYTES = 12
KEPT = timedelta(days=7)


class Queries(Selecting):
    """Makes queries and finds them again."""

    def new_token(self, selection: Selection) -> str:
        """A token that distinguishes the ids of a query from all others."""
        del selection
        return "".join(secrets.choice(ALPHABET) for _ in range(TOKEN_LENGTH))

    def seconds_of(self, selection: Selection) -> float:
        """How long the result takes."""
        return self.slow_seconds if selection.report.slow else self.quick_seconds

    def result_of(self, selection: Selection, identity: Identity) -> Sequence[Row]:
        """All rows of the result, frozen now."""
        return self.limited(self.rows_selected(selection, identity), selection.limit)

    def create_query(self, selection: Selection, identity: Identity) -> Query:
        """Submit a request."""
        rows = self.result_of(selection, identity)
        token, ready_at = self.new_token(selection), self.clock() + self.seconds_of(selection)
        with self.lock:
            self.forget_evicted()
            self.submissions += 1
            query = Query(token, identity.account, selection, rows, ready_at, self.now(), self.submissions)
            self.queries[token] = query
        return query

    def query_id(self, query: Query, page: int) -> str:
        """The id of a page of a query; pages count from 0."""
        number = page.to_bytes(PAGE_BYTES, "big")
        tag = hmac.digest(self.secret, query.token.encode() + number, "sha256")[:TAG_BYTES]
        masked = bytes(one ^ other for one, other in zip(number, tag, strict=False))
        return f".{query.token}+{base64.b64encode(masked + tag, b'+.').decode()}"

    def page_of_id(self, query: Query, identifier: str) -> int | None:
        """The page that an id stands for, None if it is none of this query's."""
        try:
            raw = base64.b64decode(identifier[TOKEN_LENGTH + 2 :], b"+.", validate=True)
        except (binascii.Error, ValueError):
            return None
        masked, tag = raw[:PAGE_BYTES], raw[PAGE_BYTES:]
        page = int.from_bytes(bytes(one ^ other for one, other in zip(masked, tag, strict=False)), "big")
        if page >= query.page_count or self.query_id(query, page) != identifier:
            return None
        return page

    def find(self, identifier: str) -> tuple[Query, int] | None:
        """The query and the page of an id, None for an id that was never issued."""
        query = self.queries.get(identifier[1 : TOKEN_LENGTH + 1])
        page = self.page_of_id(query, identifier) if query else None
        return None if query is None or page is None else (query, page)

    def belongs_to(self, query: Query, report: Report) -> bool:
        """Whether a query is found under that report."""
        return query.selection.report.path == report.path

    def eviction_time(self, query: Query) -> datetime:
        """Until when the result is kept."""
        return query.request_time + KEPT

    def is_evicted(self, query: Query) -> bool:
        """Whether the result is gone."""
        return self.now() > self.eviction_time(query)

    def forget_evicted(self) -> None:
        """Drop the oldest queries once their results are gone."""
        while self.queries and self.is_evicted(oldest := next(iter(self.queries.values()))):
            del self.queries[oldest.token]

    def query_for(self, identity: Identity, report: Report, identifier: str) -> tuple[Query, int]:
        """The query and page of an id; refuses with 404 any id that this identity does not find under this report."""
        found = self.find(identifier)
        if found is None or not self.belongs_to(found[0], report) or self.is_evicted(found[0]):
            raise Refusal(self.query_not_found())
        if not self.may_read(identity, found[0]):
            raise Refusal(self.query_of_another())
        return found

    def query_of_another(self) -> Answer:
        """The answer to a query of another account: the same as to an unknown id."""
        return self.query_not_found()

    def href_of(self, query: Query, page: int) -> str:
        """Where a page is: an absolute path."""
        return f"{BASE}/{query.selection.report.path}/queries/{self.query_id(query, page)}"

    def location_for(self, query: Query, call: Call) -> str:
        """Where a query is: the Location of the submission, and of every poll while it is pending."""
        del call
        return self.href_of(query, 0)

    def seconds_left(self, query: Query) -> float:
        """How long the result still takes."""
        return max(0.0, query.ready_at - self.clock())

    def is_pending(self, query: Query, poll_number: int) -> bool:
        """Whether the query is still being processed; polls count from 1."""
        del poll_number
        return self.seconds_left(query) > 0

    def retry_after(self, query: Query) -> str | None:
        """Retry-After, in whole seconds."""
        seconds = math.ceil(self.seconds_left(query)) if self.advised_seconds is None else self.advised_seconds
        return str(seconds)

    def see_other(self, query: Query, call: Call) -> Answer:
        """303 with the Location of the query."""
        return self.redirect(query, self.location_for(query, call))

    def redirect(self, query: Query, location: str) -> Answer:
        """303 with a Location and Retry-After; not cacheable."""
        answer = Answer(303, b"", [("Location", location), ("Cache-Control", "no-store")])
        return answer.replace("Retry-After", self.retry_after(query))

    def accepted(self, query: Query, call: Call) -> Answer:
        """The answer to a submission."""
        return self.see_other(query, call)

    def pending(self, query: Query, call: Call, poll_number: int) -> Answer:
        """The answer to a poll of a query that is still being processed."""
        del poll_number
        return self.see_other(query, call)
