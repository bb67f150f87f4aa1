"""Queries in scenarios: submitted, polled until they are ready, and fetched page by page along their links.

Rule: every Retry-After is honored here. Steps are named after the query: `whole-submit`,
`whole-poll`, `whole-page-2`; the links that they fetched are noted as `whole-links`, for `query_results`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from pytest_reportconformance.akamai_reporting import links, observation, operations
from pytest_reportconformance.akamai_reporting.observation import Page
from pytest_reportconformance.akamai_reporting.row_observation import Facts
from pytest_reportconformance.recording.polling import wait_as_advised, wait_until
from pytest_reportconformance.recording.steps import Steps
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.failures import NotReached

ACCEPTED = "akamai_reporting.submit.accepted"
PAGE_SIZE = "akamai_reporting.submit.page-size-accepted"
EMPTY = "akamai_reporting.submit.empty-object"
LOCATION = "akamai_reporting.submit.location-present"
READY = "akamai_reporting.poll.becomes-ready"
PAGE = "akamai_reporting.links.get-page"
NO_CONTENT = 204
MOST_STRANGE = 40
MOST_REFUSED = 3
MOST_STRAYS = 8


@dataclass
class Query:
    """A query of a scenario: `name` begins the names of its steps, `link` is its Location, resolved.

    `size` is its pageSize, None for none. `visited` holds every link that was fetched, normalised.
    """

    name: str
    facts: Facts
    link: str
    submitted: Exchange
    size: int | None = None
    visited: set[str] = field(default_factory=set)


def submit(
    step: Steps,
    name: str,
    facts: Facts,
    query: str = "async=true",
    *,
    size: int | None = None,
    establishes: str | None = None,
    **changes: Any,
) -> Query:
    """Submit a request of facts; raises NotReached if no link came back.

    `establishes` is what the submission establishes, by default that submissions are accepted.
    """
    facts = {**facts, **changes}
    arguments = query if size is None else f"{query}&pageSize={size}"
    request = operations.request_for(facts, arguments)
    promised = establishes or (EMPTY if request.body == b"{}" else ACCEPTED if size is None else PAGE_SIZE)
    submitted = step(f"{name}-submit", request, establishes=promised)
    return taken(step, name, facts, submitted, size)


def taken(step: Steps, name: str, facts: Facts, submitted: Exchange, size: int | None = None) -> Query:
    """The query that a submission created; raises NotReached if there is none."""
    step.note(**{f"{name}-size": size, f"{name}-seconds": facts.get("seconds")})
    link = operations.location(submitted)
    if link is None:
        at_fault = LOCATION if submitted.answer.status_code == 303 else submitted.establishes
        raise NotReached("blocked", f"{submitted.name}: {submitted.status_code} without a link to a query", at_fault)
    step.note(**{f"{name}-link": link})
    return Query(name, facts, link, submitted, size)


def wait(step: Steps, query: Query) -> Page:
    """Poll until the query is ready, no earlier than the submission advises."""
    wait_as_advised(step, query.submitted)
    observe = (observation.page(query.facts),)
    last = wait_until(
        step, f"{query.name}-poll", operations.fetch(query.link), settled(), establishes=READY, observe=observe
    )
    query.visited.add(links.normal(query.link))
    return Page(last, query.link)


def settled() -> Callable[[Exchange], bool]:
    """Whether polling ends: there is data, or too many answers were neither data nor 303."""
    refused = strange = 0

    def done(exchange: Exchange) -> bool:
        nonlocal refused, strange
        if observation.has_data(exchange) or exchange.response is None or exchange.status_code == NO_CONTENT:
            return True
        if exchange.status_code == 303:
            refused = strange = 0
            return False
        strange += 1
        refused += exchange.status_code >= 400
        return strange >= MOST_STRANGE or refused >= MOST_REFUSED

    return done


def fetch(
    step: Steps,
    query: Query,
    name: str,
    link: str,
    *,
    session: str = "",
    keep: bool = True,
    establishes: str | None = PAGE,
) -> Page:
    """Fetch a page by its link."""
    query.visited.add(links.normal(link))
    observe = (observation.page(query.facts),)
    exchange = step(name, operations.fetch(link), establishes=establishes, observe=observe, session=session, keep=keep)
    return Page(exchange, link)


def follow(step: Steps, query: Query, page: Page, most: int, *, keep: bool = True) -> Iterator[Page]:
    """The pages from `page` on along `next`, at most `most` in all; ends at a link that was fetched before.

    The links are noted as `…-links`, the reason for the end as `…-ended`.
    """
    asked: dict[str, str] = {}
    step.note(**{f"{query.name}-links": asked})
    yield page
    ended = "more pages than expected"
    for number in range(2, most + 1):
        link = page.target("next")
        if not page.has_data or link is None:
            ended = "no next" if page.has_data and page.link("next") is None else "no data"
            break
        if links.normal(link) in query.visited:
            ended = "a page that was fetched before"
            break
        name = f"{query.name}-page-{number}"
        asked[name] = link
        page = fetch(step, query, name, link, keep=keep)
        yield page
    step.note(**{f"{query.name}-ended": ended})


def ahead(step: Steps, query: Query, page: Page, most: int) -> list[Page]:
    """The pages from the last one backward, before those between were fetched: `…-ahead-1` and so on."""
    asked: dict[str, str] = {}
    step.note(**{f"{query.name}-ahead": asked})
    unread = Query(f"{query.name}-ahead", query.facts, query.link, query.submitted)
    unread.visited.add(links.normal(page.url))
    link = page.target("last") or next((one.url for one in reversed(page.links) if one.leads_to_page), None)
    found: list[Page] = []
    while page.has_data and link is not None and links.normal(link) not in unread.visited and len(asked) < most:
        name = f"{unread.name}-{len(asked) + 1}"
        asked[name] = link
        page = fetch(step, unread, name, link)
        found.append(page)
        link = page.target("prev", "previous")
    return found


def stray(step: Steps, query: Query, pages: list[Page]) -> None:
    """Fetch up to a few links of the pages that `next` did not lead to: `…-stray-1` and so on.

    Links with other rels count as links to pages only if none has the rel `next`.
    """
    numbered = query.size is not None and not any(page.link("next") for page in pages)
    asked: dict[str, str] = {}
    step.note(**{f"{query.name}-strays": asked})
    queue = [*pages]
    for page in queue:
        for link in page.links:
            known = link.rel in observation.NAVIGATION or (numbered and link.leads_to_page)
            fresh = known and link.url and links.normal(link.url) not in query.visited
            if fresh and len(asked) < MOST_STRAYS:
                name = f"{query.name}-stray-{len(asked) + 1}"
                asked[name] = link.url
                queue.append(fetch(step, query, name, link.url))
