"""Pages of a result: of several sizes, fetched along links in several orders, and the same rows without pageSize."""

from __future__ import annotations

from typing import Any

from pytest_reportconformance.akamai_reporting import (
    discovery,
    exploring,
    links,
    observation,
    operations,
    page_sizes,
    query_steps,
)
from pytest_reportconformance.akamai_reporting.discovery import Options
from pytest_reportconformance.akamai_reporting.observation import Page
from pytest_reportconformance.akamai_reporting.query_steps import Query
from pytest_reportconformance.akamai_reporting.row_observation import Facts
from pytest_reportconformance.recording.steps import Steps
from pytest_reportconformance.scenarios import Cost, scenario
from pytest_reportconformance.target.target import Target

MOST_WHOLE = 20
LATER = 1.1
FEW = 3
NO_SIZES = {"no-number": "abc", "fraction": "1.5", "zero": "0", "negative": "-1"}


@scenario(needs=["paged"], cost=Cost(submits=3, polls=3, others=17, waits=2))
def paged(step: Steps, target: Target) -> None:
    """A result unpaged and in pages that do not divide it; each page again, then backward on new connections."""
    facts = target.report("paged")
    options = step("options", operations.reports(*facts["path"].split("/")), establishes=discovery.OPTIONS)
    whole = query_steps.submit(step, "whole", facts)
    unpaged = list(query_steps.follow(step, whole, query_steps.wait(step, whole), MOST_WHOLE))
    rows = sum(len(page.rows) for page in unpaged if page.has_data) or facts.get("rows", page_sizes.UNKNOWN)
    step("sync", operations.request_for(facts, ""), observe=(observation.page(facts),))
    part = query_steps.submit(step, "part", facts, size=page_sizes.not_a_multiple(rows))
    one = _one_value(step, facts, discovery.options(facts["path"], options), unpaged[0], rows)
    pages = list(
        query_steps.follow(step, part, query_steps.wait(step, part), page_sizes.pages(rows, part.size or 1) + 3)
    )
    pages = [page for page in pages if page.has_data] or pages[:1]
    query_steps.stray(step, part, [*pages, *_again(step, part, pages)])
    _asked_otherwise(step, part, pages[-1])
    if one is not None:
        most = page_sizes.pages(rows, one.size or 1) + 1
        query_steps.stray(step, one, list(query_steps.follow(step, one, query_steps.wait(step, one), most)))
    exploring.walk_on(step, target, part)


def _one_value(step: Steps, facts: Facts, report: Options | None, page: Page, rows: int) -> Query | None:
    """The same report filtered to one value of a dimension: at once, and in a few pages."""
    sample: dict[str, Any] = page.exchange.observations.get("page", {}).get("sample", {})
    open_to_filters = [column.name for column in report.dimensions if column.filterable] if report else [*sample]
    for name in facts.get("dimensions", sample):
        value = sample.get(name)
        if name in open_to_filters and isinstance(value, str) and value:
            filters = [{"dimensionName": name, "operator": "IN_LIST", "expressions": [value]}]
            step.note(filtered={"name": name, "value": value})
            narrowed = {**facts, "filters": [*facts.get("filters", ()), *filters]}
            sync = step("one-sync", operations.request_for(narrowed, ""), observe=(observation.page(narrowed),))
            found = len(sync.observations.get("page", {}).get("rows", ())) or rows
            filtered = "akamai_reporting.rows.filtered"
            return query_steps.submit(step, "one", narrowed, size=page_sizes.pages(found, FEW), establishes=filtered)
    return None


def _again(step: Steps, query: Query, pages: list[Page]) -> list[Page]:
    """Each page once more in order, then from the last to the first, each on a connection of its own."""
    numbered = [*enumerate(pages, 1)]
    again = [query_steps.fetch(step, query, f"part-again-{number}", page.url) for number, page in numbered]
    backward = [
        query_steps.fetch(step, query, f"part-backward-{number}", page.url, session=f"backward-{number}")
        for number, page in reversed(numbered)
    ]
    return [*again, *backward]


def _asked_otherwise(step: Steps, query: Query, page: Page) -> None:
    """The last page with a pageSize on the GET, and with what its id holds percent-encoded."""
    query_steps.fetch(step, query, "part-resized", links.with_argument(page.url, "pageSize=2"), establishes=None)
    encoded = links.encoded(page.url)
    if encoded != page.url:
        query_steps.fetch(step, query, "part-encoded", encoded, establishes=None)


@scenario(needs=["paged"], cost=Cost(submits=1, polls=1, others=7, waits=1))
def row_by_row(step: Steps, target: Target) -> None:
    """Three rows with pageSize=1; the same request with page sizes that are no number of rows, and with an async
    that is no boolean."""
    facts = target.report("paged")
    limit = page_sizes.narrowed(facts, FEW)
    step.note(limit=limit)
    query = query_steps.submit(step, "single", facts, size=1, limit=limit)
    for name, size in NO_SIZES.items():
        step(f"size-{name}", operations.request_for(facts, f"async=true&pageSize={size}"))
    step("async-banana", operations.request_for(facts, "async=banana"))
    query_steps.stray(step, query, list(query_steps.follow(step, query, query_steps.wait(step, query), FEW + 1)))


@scenario(needs=["empty"], cost=Cost(submits=1, polls=1, waits=1))
def matched_nothing(step: Steps, target: Target) -> None:
    """A request that matches nothing, with a page size."""
    query = query_steps.submit(step, "empty", target.report("empty"), size=5)
    query_steps.stray(step, query, list(query_steps.follow(step, query, query_steps.wait(step, query), 2)))


@scenario(needs=["paged"], cost=Cost(submits=1, polls=1, others=5, waits=1))
def revisited(step: Steps, target: Target) -> None:
    """Three pages at most: the first two at once, the third a second later, and then all of them once more."""
    query = query_steps.submit(step, "moving", target.report("paged"), size=5, start=None, end=None)
    pages = []
    for page in query_steps.follow(step, query, query_steps.wait(step, query), 3):
        pages.append(page)
        if len(pages) == 2:
            step.wait(LATER, "the data can have changed after this time", server=False)
    for number, page in enumerate(pages, 1):
        query_steps.fetch(step, query, f"moving-again-{number}", page.url)
