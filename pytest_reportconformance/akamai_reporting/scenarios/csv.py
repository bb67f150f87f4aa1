"""CSV: a submission and a fetch that accept text/csv, and the same page as JSON."""

from __future__ import annotations

from pytest_reportconformance.akamai_reporting import operations, query_steps
from pytest_reportconformance.recording.steps import Steps
from pytest_reportconformance.scenarios import Cost, scenario
from pytest_reportconformance.target.target import Target
from pytest_reportconformance.transcript.exchange import Request

PAGE_SIZE = 5


def as_csv(request: Request) -> Request:
    """The same request for text/csv."""
    return request.with_header("Accept", "text/csv")


@scenario(needs=["paged"], read_only=True, cost=Cost(submits=1, polls=1, others=3, waits=1))
def separated(step: Steps, target: Target) -> None:
    """A page as text/csv and as JSON, and a synchronous answer as text/csv."""
    facts = target.report("paged")
    step("synchronous", as_csv(operations.request_for(facts, "")))
    submitted = step(
        "csv-submit",
        as_csv(operations.request_for(facts, f"async=true&pageSize={PAGE_SIZE}")),
        establishes="akamai_reporting.csv.media-type",
    )
    query = query_steps.taken(step, "csv", facts, submitted, PAGE_SIZE)
    query_steps.wait(step, query)
    step("csv", as_csv(operations.fetch(query.link)))
    step("json", operations.fetch(query.link))
    step.note(columns=[*facts.get("dimensions", ()), *facts.get("metrics", ())])
