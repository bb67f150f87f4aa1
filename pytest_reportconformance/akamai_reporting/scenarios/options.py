"""Options: submissions that use what the options of a report offer."""

from __future__ import annotations

from pytest_reportconformance.akamai_reporting import discovery, operations
from pytest_reportconformance.recording.steps import Steps
from pytest_reportconformance.scenarios import Cost, scenario
from pytest_reportconformance.target.target import Target


@scenario(needs=["paged"], read_only=True, cost=Cost(submits=2, others=1))
def ranged(step: Steps, target: Target) -> None:
    """A report is submitted over the first and the last time range that its options list."""
    facts = target.report("paged")
    answer = step("options", operations.reports(*facts["path"].split("/")), establishes=discovery.OPTIONS)
    listed = discovery.texts(discovery.body(answer).get("predefinedTimeRanges"))
    for name in dict.fromkeys([*listed[:1], *listed[-1:]]):
        step("submit", operations.request_for(facts, start=None, end=None, time_range=name))
