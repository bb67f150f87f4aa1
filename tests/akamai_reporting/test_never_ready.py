"""A query that never becomes ready is accused as soon as its time is clearly over, and not before."""

from __future__ import annotations

import json

import pytest

from pytest_reportconformance.akamai_reporting import query_conditions
from pytest_reportconformance.akamai_reporting.query_results import QueryResult
from pytest_reportconformance.transcript.exchange import Exchange, Request, Response
from pytest_reportconformance.transcript.transcript import Transcript

LINK = "http://x/reporting-api/v2/reports/a/b/c/queries/1"


def pending(seconds: float, declared: float | None) -> QueryResult:
    """A query whose last poll was answered 303 after so many seconds."""
    later = Response(303, "See Other", (("Location", LINK), ("Retry-After", "2")), b"", 0, "")
    exchanges = tuple(
        Exchange(name, "owner", Request(method, LINK, body=json.dumps({}).encode()), later, started, 0.0)
        for name, method, started in (("late-submit", "POST", 100.0), ("late-poll", "GET", 100.0 + seconds))
    )
    return QueryResult(Transcript("akamai_reporting", "polled", exchanges, facts={"late-seconds": declared}), "late")


@pytest.mark.parametrize(
    ("seconds", "declared", "over"),
    [(600, 10, True), (200, 10, False), (890, None, False)],
)
def test_the_time_of_a_query_is_over(seconds: float, declared: float | None, over: bool) -> None:
    assert query_conditions.overdue(pending(seconds, declared)) is over
