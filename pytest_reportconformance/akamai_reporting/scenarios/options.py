"""Options: submissions that use what the options of a report offer."""

from __future__ import annotations

from pytest_reportconformance.akamai_reporting import described, operations
from pytest_reportconformance.planning import Cost
from pytest_reportconformance.scenario import scenario
from pytest_reportconformance.steps import Steps
from pytest_reportconformance.target import Target


@scenario(needs=["paged"], harmless=True, cost=Cost(submits=2, others=1))
def ranged(step: Steps, target: Target) -> None:
    """A report is submitted over the first and the last time range that its options list."""
    facts = target.report("paged")
    answer = step("options", operations.reports(*facts["path"].split("/")))
    listed = described.texts(described.body(answer).get("predefinedTimeRanges"))
    for name in dict.fromkeys([*listed[:1], *listed[-1:]]):
        step("submit", operations.request_for(facts, start=None, end=None, time_range=name))
