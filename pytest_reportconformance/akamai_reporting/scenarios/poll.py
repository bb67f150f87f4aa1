"""Polling: a query as Retry-After advises, an equal query only at the end, and a query that is polled too fast."""

from __future__ import annotations

from pytest_reportconformance.akamai_reporting import observation, operations, query_steps
from pytest_reportconformance.akamai_reporting.observation import Page
from pytest_reportconformance.akamai_reporting.query_steps import ACCEPTED
from pytest_reportconformance.akamai_reporting.row_observation import Facts
from pytest_reportconformance.recording.polling import wait_as_advised
from pytest_reportconformance.recording.steps import Steps
from pytest_reportconformance.scenarios import Cost, scenario
from pytest_reportconformance.target.target import Target

HEAD_START = 0.2
PATIENCE = 3


@scenario(priority=True, cost=Cost(submits=2, polls=1, others=4, waits=1))
def polled(step: Steps, target: Target) -> None:
    """Two equal submissions at once: one polled until it is ready and later, the other not polled until then."""
    facts = pending_facts(target)
    request = operations.request_for(facts)
    accepted = query_steps.EMPTY if request.body == b"{}" else ACCEPTED
    calls = [lambda name=name: step(f"{name}-submit", request, establishes=accepted) for name in ("watched", "twin")]
    asked = step.clock.now()
    watched, twin = (
        query_steps.taken(step, name, facts, submitted)
        for name, submitted in zip(("watched", "twin"), step.together(calls), strict=True)
    )
    began = step.clock.now()
    page = query_steps.wait(step, watched)
    took = step.clock.now() - began
    query_steps.fetch(step, watched, "watched-again-1", watched.link)
    query_steps.fetch(step, watched, "watched-again-fresh", watched.link, session="fresh")
    step.wait(began - asked + HEAD_START, "the twin was submitted up to this much later", server=False)
    late = query_steps.fetch(step, twin, "twin-late-1", twin.link)
    if page.has_data and _redirects(late):
        wait_as_advised(step, late.exchange)
        step.wait(PATIENCE * took, "the twin of a query that was ready after a third of this", server=False)
        late = query_steps.fetch(step, twin, "twin-late-2", twin.link)
    query_steps.fetch(step, watched, "watched-again-2", watched.link)
    if page.has_data and _redirects(late):
        query_steps.wait(step, twin)


def _redirects(page: Page) -> bool:
    return page.exchange.response is not None and page.exchange.status_code == 303


def pending_facts(target: Target) -> Facts:
    """The slow report; if none is known the paged report, which may be pending as well."""
    return target.reports["slow"] if "slow" in target.reports else target.report("paged")


@scenario(priority=True, cost=Cost(submits=1, polls=1, others=6, waits=1))
def impatient(step: Steps, target: Target) -> None:
    """A query with another limit: polled three times without a wait, then on a new connection."""
    facts = pending_facts(target)
    query = query_steps.submit(step, "impatient", facts, limit=1)
    observe = (observation.page(query.facts),)
    poll = operations.fetch(query.link)
    step("impatient-at-once", poll, observe=observe, establishes=query_steps.READY)
    for name, session in (*[("impatient-at-once", "")] * 2, ("impatient-fresh", "fresh")):
        step(name, poll, session=session, observe=observe, insist=False, establishes=query_steps.READY)
    query_steps.wait(step, query)
    query_steps.fetch(step, query, "impatient-again-1", query.link)
    query_steps.fetch(step, query, "impatient-again-fresh", query.link, session="fresh")
