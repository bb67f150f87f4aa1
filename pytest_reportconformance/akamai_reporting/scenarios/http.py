"""HTTP: methods and media types that are not documented, on a query that is ready."""

from __future__ import annotations

from dataclasses import replace

from pytest_reportconformance.akamai_reporting import observation, operations, query_steps
from pytest_reportconformance.recording.steps import Steps
from pytest_reportconformance.scenarios import Cost, scenario
from pytest_reportconformance.target.target import Target

PAGE_SIZE = 5
MOST_ROWS = 5000
"""The largest number of rows that is requested as a page size: a server may have a limit."""


@scenario(needs=["paged"], read_only=True, cost=Cost(submits=1, polls=1, others=8, waits=1))
def touched(step: Steps, target: Target) -> None:
    """A ready query whose page holds all rows: HEAD, GET, GET for an image, POST, DELETE, GET."""
    facts = target.report("paged")
    at_once, observe = operations.request_for(facts, ""), (observation.page(facts),)
    count = step("count", at_once, observe=observe, establishes="akamai_reporting.sync.status")
    rows = len(count.observations.get("page", {}).get("rows", ()))
    step.note(rows=rows)
    query = query_steps.submit(step, "ready", facts, size=rows if 0 < rows <= MOST_ROWS else PAGE_SIZE)
    query_steps.stray(step, query, list(query_steps.follow(step, query, query_steps.wait(step, query), 2)))
    fetch = operations.fetch(query.link)
    step("head", replace(fetch, method="HEAD"))
    step("before", fetch, observe=(observation.page(facts),))
    step("image", fetch.with_header("Accept", "image/png"))
    step("get-data", replace(fetch, url=operations.submit(facts["path"]).url.partition("?")[0]))
    step("post-query", operations.with_body(replace(fetch, method="POST"), {}))
    step("delete-query", replace(fetch, method="DELETE"))
    step("after", fetch, observe=(observation.page(facts),))
