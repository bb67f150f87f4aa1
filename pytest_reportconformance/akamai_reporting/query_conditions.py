"""Conditions of queries that open or close a question: equal sort keys, a limit without an order, time that is over.

Rule: pure over transcripts.
"""

from __future__ import annotations

import itertools
import json
from math import inf

from pytest_reportconformance.akamai_reporting import row_order
from pytest_reportconformance.akamai_reporting.query_results import QueryResult

MANY = 30
"""How many queries of the declared duration a server may work off one after another."""


def overdue(result: QueryResult) -> bool:
    """Whether a query was pending many times as long as its report is declared to take.

    Our own deadline proves nothing.
    """
    declared, last = result.transcript.facts.get(f"{result.name}-seconds"), result.transcript[f"{result.name}-poll"]
    pending = last.started + last.seconds - result.submitted.started
    return bool(pending > MANY * (declared or inf))


def has_ties(result: QueryResult) -> bool:
    """Whether rows that follow each other are equal in all sorted columns, so that their order is open."""
    orders = [page.seen["order"] for page in result.pages if "order" in page.seen]
    edges = [order["edges"] for order in orders if order["edges"]]
    across = any(one[1] == other[0] for one, other in itertools.pairwise(edges))
    return across or any(order["ties"] for order in orders)


def cut_anywhere(result: QueryResult) -> bool:
    """Whether a limit applies and no requested sort order is kept: another query may return other rows then."""
    asked = json.loads(result.submitted.request.body or b"{}")
    orders = [page.seen["order"] for page in result.pages if page.rows and "order" in page.seen]
    kept = bool(asked.get("sortBys")) and row_order.first_fault(orders) is None
    return "limit" in asked and not kept and result.fetched_rows >= asked["limit"]
