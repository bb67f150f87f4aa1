"""Polling with patience: a query as its Retry-After advises, and its twin only once at the end."""

from __future__ import annotations

from pytest_reportconformance.akamai_reporting import observation, operations, query_steps
from pytest_reportconformance.akamai_reporting.observation import Facts, Page
from pytest_reportconformance.akamai_reporting.query_steps import ACCEPTED
from pytest_reportconformance.recording.steps import Steps
from pytest_reportconformance.scenario import Cost, scenario
from pytest_reportconformance.target.target import Target

HEAD_START = 0.2
PATIENCE = 3


@scenario(priority=True, cost=Cost(submits=2, polls=1, others=4, waits=1))
def polled(step: Steps, target: Target) -> None:
    """Two equal submissions at once: one polled until it is ready and then some, the other left alone until then."""
    facts = pending_facts(target)
    request = operations.request_for(facts)
    calls = [lambda name=name: step(f"{name}-submit", request, establishes=ACCEPTED) for name in ("watched", "twin")]
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
    step.wait(began - asked + HEAD_START, "the twin may have been submitted that much later", server=False)
    late = query_steps.fetch(step, twin, "twin-late-1", twin.link)
    if page.has_data and _redirects(late):
        query_steps.pause(step, late.exchange)
        step.wait(PATIENCE * took, "the twin of a query that was ready after a third of this", server=False)
        late = query_steps.fetch(step, twin, "twin-late-2", twin.link)
    query_steps.fetch(step, watched, "watched-again-2", watched.link)
    if page.has_data and _redirects(late):
        query_steps.wait(step, twin)


def _redirects(page: Page) -> bool:
    return page.exchange.response is not None and page.exchange.status == 303


def pending_facts(target: Target) -> Facts:
    """The slow report; where none is known the paged one, which may be pending as well."""
    return target.reports["slow"] if "slow" in target.reports else target.report("paged")


@scenario(priority=True, cost=Cost(submits=1, polls=1, others=6, waits=1))
def impatient(step: Steps, target: Target) -> None:
    """A query that differs by its limit: polled at once and thrice, then on a new connection."""
    facts = pending_facts(target)
    step.note(told_seconds=facts.get("seconds"))
    query = query_steps.submit(step, "hasty", facts, limit=1)
    observe = (observation.page(query.facts),)
    hasty = operations.fetch(query.link)
    step("hasty-at-once", hasty, observe=observe, establishes=query_steps.READY)
    for name, session in (*[("hasty-at-once", "")] * 2, ("hasty-fresh", "fresh")):
        step(name, hasty, session=session, observe=observe, insist=False, establishes=query_steps.READY)
    query_steps.wait(step, query)
    query_steps.fetch(step, query, "hasty-again-1", query.link)
    query_steps.fetch(step, query, "hasty-again-fresh", query.link, session="fresh")
