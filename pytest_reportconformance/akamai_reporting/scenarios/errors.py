"""Errors: submissions that do not fit the report, and ids that were never issued."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from pytest_reportconformance.akamai_reporting import discovery, ids, operations, query_steps
from pytest_reportconformance.akamai_reporting.row_observation import Facts
from pytest_reportconformance.recording.steps import Steps
from pytest_reportconformance.scenarios import Cost, scenario
from pytest_reportconformance.target.target import Target
from pytest_reportconformance.transcript.exchange import Request

UNKNOWN = "no-such-name-4711"
PAGE_SIZE = 5


@scenario(needs=["paged"], read_only=True, cost=Cost(submits=1, polls=1, others=26, waits=1))
def refused(step: Steps, target: Target) -> None:
    """One valid query, submissions with one fault each, and links of the query with one change each."""
    facts = target.report("paged")
    query = query_steps.submit(step, "valid", facts, size=PAGE_SIZE)
    answer = step("options", operations.reports(*facts["path"].split("/")), establishes=discovery.OPTIONS)
    for name, request in wrong_submissions(facts, discovery.body(answer)):
        step(name, request)
    page = query_steps.wait(step, query)
    others = [one["path"] for purpose, one in target.reports.items() if purpose != "forbidden"]
    other = next((path for path in others if path != facts["path"]), None)
    for name, url in ids.wrong(query.link, other):
        step(name, operations.fetch(url))
    if next_page := page.target("next"):
        step.note(**{"valid-links": {"valid-next": next_page}})
        query_steps.fetch(step, query, "valid-next", next_page)
        for name, url in ids.wrong(next_page, other):
            step(f"page-{name}", operations.fetch(url))


def wrong_submissions(facts: Facts, options: Mapping[str, Any]) -> Iterator[tuple[str, Request]]:
    """Submissions with one fault each, by the name of the fault."""
    family, area, _ = facts["path"].split("/")
    yield "unknown-report", operations.request_for(facts, path=f"{family}/{area}/{UNKNOWN}")
    yield "unknown-metric", operations.request_for(facts, metrics=[*facts.get("metrics", ()), UNKNOWN])
    yield "unknown-dimension", operations.request_for(facts, dimensions=[*facts.get("dimensions", ()), UNKNOWN])
    for column in _filterable(facts, options):
        wrong = {"dimensionName": column, "operator": "IS_RATHER_LIKE", "expressions": ["x"]}
        yield "unknown-operator", operations.request_for(facts, filters=[*facts.get("filters", ()), wrong])
    yield (
        "unknown-member",
        operations.with_body(operations.request_for(facts), {**operations.body_of(facts), UNKNOWN: 1}),
    )
    yield (
        "malformed-json",
        replace(operations.with_body(operations.request_for(facts), {}), body=b'{"metrics": ["unfinished'),
    )
    yield from _wrong_times(facts, options)
    yield from _too_many(facts, options)


def _filterable(facts: Facts, options: Mapping[str, Any]) -> list[str]:
    """One dimension that can be filtered by, else one that the request names."""
    known = discovery.objects(options.get("dimensions"))
    found = [str(one["name"]) for one in known if one.get("filterable") is True and isinstance(one.get("name"), str)]
    return [*found, *facts.get("dimensions", ())][:1]


def _wrong_times(facts: Facts, options: Mapping[str, Any]) -> Iterator[tuple[str, Request]]:
    now = datetime.now(UTC).replace(microsecond=0)
    day, week = (now - timedelta(days=days) for days in (1, 7))
    yield "end-before-start", _between(facts, day, week)
    days = _limit(options, "maxDateRangeInDays")
    if days is not None:
        yield "range-too-long", _between(facts, day - timedelta(days=min(days, 9999) + 2), day)
    yield "unknown-time-range", operations.request_for(facts, start=None, end=None, time_range="LAST_4711_MOONS")


def _between(facts: Facts, start: datetime, end: datetime) -> Request:
    moments = {"start": start, "end": end}
    texts = {name: moment.isoformat().replace("+00:00", "Z") for name, moment in moments.items()}
    return operations.request_for(facts, time_range=None, **texts)


def _too_many(facts: Facts, options: Mapping[str, Any]) -> Iterator[tuple[str, Request]]:
    most = _limit(options, "maxDimensions")
    known = [one["name"] for one in discovery.objects(options.get("dimensions")) if isinstance(one.get("name"), str)]
    if most is not None and len(known) > most:
        yield "too-many-dimensions", operations.request_for(facts, dimensions=known, sort_bys=None)


def _limit(options: Mapping[str, Any], name: str) -> int | None:
    limits = options.get("limits")
    found = limits.get(name) if isinstance(limits, dict) else None
    return found if isinstance(found, int) and discovery.whole(found) else None
