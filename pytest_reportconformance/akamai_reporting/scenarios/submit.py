"""Submissions that rely on the defaults of the report: without a body, and with an empty object."""

from __future__ import annotations

from pytest_reportconformance.akamai_reporting import discovery, operations, query_steps
from pytest_reportconformance.akamai_reporting.row_observation import Facts
from pytest_reportconformance.recording.steps import Steps
from pytest_reportconformance.scenarios import Cost, scenario
from pytest_reportconformance.target.target import Target
from pytest_reportconformance.transcript.failures import NotReached

KEPT = ("path", "start", "end", "time_range")
BARE = "akamai_reporting.submit.without-body"
BRACES = "akamai_reporting.submit.empty-object"


@scenario(needs=["paged"], cost=Cost(submits=2, polls=2, others=1, waits=1))
def defaulted(step: Steps, target: Target) -> None:
    """The options of a report, a submission without a body and one with the body {}, both over the same time."""
    facts = {name: fact for name, fact in _open_report(target).items() if name in KEPT}
    options = step("options", operations.reports(*facts["path"].split("/")), establishes=discovery.OPTIONS)
    order = discovery.default_order(discovery.body(options))
    step.note(sort_bys=order)
    request = operations.request_for(facts)
    without = step("bare-submit", operations.without_body(request), establishes=BARE)
    braces = step("braces-submit", request, establishes=BRACES)
    for name, submitted in (("bare", without), ("braces", braces)):
        query = query_steps.taken(step, name, {**facts, "sort_bys": order}, submitted)
        list(query_steps.follow(step, query, query_steps.wait(step, query), 2))


def _open_report(target: Target) -> Facts:
    """A report that is requested without filters; raises NotReached if none is known."""
    known = [target.reports[purpose] for purpose in ("paged", "sorted", "slow") if purpose in target.reports]
    found = next((facts for facts in known if not facts.get("filters")), None)
    if found is None:
        raise NotReached("not applicable", "every known report is requested with filters, which it may require")
    return found
