"""Synchronous mode: one request with several limits, and the same request in the asynchronous mode."""

from __future__ import annotations

from pytest_reportconformance.akamai_reporting import observation, operations, query_steps
from pytest_reportconformance.recording.steps import Steps
from pytest_reportconformance.scenarios import Cost, scenario
from pytest_reportconformance.target.target import Target
from pytest_reportconformance.transcript.exchange import Exchange

STATUS = "akamai_reporting.sync.status"
MOST_PAGES = 10


ESTABLISHED = {
    "async-false": "akamai_reporting.sync.async-false",
    "page-size": "akamai_reporting.sync.page-size-tolerated",
}
"""What a step establishes by its name, if it is not the status of a synchronous request."""


@scenario(needs=["paged"], read_only=True, cost=Cost(submits=1, polls=1, others=7, waits=1))
def synchronous(step: Steps, target: Target) -> None:
    """One request: answered at once, limited below, at and above its rows, and fetched asynchronously."""
    facts = target.report("paged")

    def ask(name: str, query: str = "", **changes: int) -> Exchange:
        request = operations.request_for(facts, query, **changes)
        return step(name, request, establishes=ESTABLISHED.get(name, STATUS), observe=(observation.page(facts),))

    whole = ask("whole")
    ask("async-false", "async=false")
    ask("page-size", "pageSize=5")
    rows = len(whole.observations.get("page", {}).get("rows", ()))
    step.note(rows=rows, start=facts.get("start"), end=facts.get("end"))
    if rows > 1:
        ask("limited", limit=rows - 1)
        ask("limited-exactly", limit=rows)
        ask("limited-above", limit=rows + 1)
    query = query_steps.submit(step, "asynchronous", facts)
    for _page in query_steps.follow(step, query, query_steps.wait(step, query), MOST_PAGES):
        pass
    ask("whole-again")
