"""Rows in a total order: the first dozen unpaged, in pages of two and in pages of three, and at once."""

from __future__ import annotations

from pytest_reportconformance.akamai_reporting import observation, operations, page_sizes, query_steps
from pytest_reportconformance.akamai_reporting.row_observation import Facts
from pytest_reportconformance.recording.steps import Steps
from pytest_reportconformance.scenarios import Cost, scenario
from pytest_reportconformance.target.target import Target
from pytest_reportconformance.transcript.failures import NotReached
from pytest_reportconformance.transcript.transcript import Ending

DOZEN = 12
MOST = 200
"""The most rows that are fetched if the server ignores the limit."""


@scenario(needs=["paged"], cost=Cost(submits=3, polls=3, others=14, waits=1))
def ordered(step: Steps, target: Target) -> None:
    """Twelve rows, which 2 and 3 divide, under a total order: unpaged, in pages of both sizes, and at once.
    The pages of two are fetched from the last backward before they are fetched in order.

    If no total order is known, the rows of the paged report in the order of the server.
    """
    facts = _sorted(step, target)
    limit = page_sizes.narrowed(facts, DOZEN)
    step.note(limit=limit)
    whole = query_steps.submit(step, "all", facts, limit=limit)
    pairs = query_steps.submit(step, "pairs", facts, size=2, limit=limit)
    first = operations.request_for(facts, "pageSize=3&async=true", limit=limit)
    threes = query_steps.taken(
        step, "threes", facts, step("threes-submit", first, establishes=query_steps.PAGE_SIZE), 3
    )
    rows = 0
    for query in (whole, pairs, threes):
        most = page_sizes.pages(min(max(rows, limit), MOST), query.size or limit) + 2
        page = query_steps.wait(step, query)
        early = query_steps.ahead(step, query, page, most) if query is pairs else []
        pages = list(query_steps.follow(step, query, page, most))
        rows = rows or sum(len(page.rows) for page in pages if page.has_data)
        query_steps.stray(step, query, [*pages, *early])
    at_once = operations.request_for(facts, "", limit=limit)
    step("sync", at_once, observe=(observation.page(facts),), establishes="akamai_reporting.sync.status")


def _sorted(step: Steps, target: Target) -> Facts:
    """The sorted report, its order noted as `sort_bys`; the paged report if there is none."""
    try:
        facts = target.report("sorted")
    except NotReached as error:
        step.absent["sort_bys"] = Ending(error.outcome, error.reason, error.by)
        return target.report("paged")
    step.note(sort_bys=facts.get("sort_bys"))
    return facts
