"""Single faults of the storing server: what is wrong, where and when, in several hundred combinations.

`python -m tests.akamai_reporting.single_faults [NUMBER] [SEED]` judges a seeded number of them and prints those that no
check notices. A MUST fault violates the normative document, a SHOULD fault one of the vendor's other documents.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from pytest_reportconformance.http.server import Answer
from pytest_reportconformance.register import register
from tests.akamai_reporting.storing_server import BASE, Fault, Moment, StoringServer
from tests.mutation.kill_matrix import judged_in_process, violated

Page = dict[str, Any]
Change = Callable[[Any, Moment], Any]
When = Callable[[Moment], Any]
API = "akamai_reporting"
LAWFUL = {"akamai_reporting.csv.media-type"}
DEADLINE = 6
"""Seconds after which a query that is never ready has failed."""


def number_of_pages(moment: Moment) -> int:
    """How many pages the query has."""
    pages: int = moment.query.pages
    return pages


PLACES: dict[str, When] = {
    "on the first of several pages": lambda at: at.page == 0 and number_of_pages(at) > 1,
    "on the second page": lambda at: at.page == 1,
    "on the third page": lambda at: at.page == 2,
    "on the fifth page": lambda at: at.page == 4,
    "on the last page": lambda at: 0 < at.page == number_of_pages(at) - 1,
    "on the second page from its second GET on": lambda at: at.page == 1 and at.visit > 1,
    "on the last page from its second GET on": lambda at: 0 < at.page == number_of_pages(at) - 1 and at.visit > 1,
    "on the second page at its third GET": lambda at: at.page == 1 and at.visit == 3,
    "if the page before was never fetched": lambda at: at.page > 0 and at.page - 1 not in at.history,
    "right after the page that follows": lambda at: at.history[-1:] == (at.page + 1,),
    "after the last page was fetched": lambda at: 0 < number_of_pages(at) - 1 in at.history,
}
SELECTIONS: dict[str, When] = {
    "with pageSize=1": lambda at: at.query.size == 1,
    "with pageSize=2": lambda at: at.query.size == 2,
    "with a filter": lambda at: at.wanted.filters and at.query.rows,
    "with a limit": lambda at: at.wanted.limit,
    "with sortBys": lambda at: at.wanted.sort_bys,
}


def rows(change: Callable[[list[Any], Moment], list[Any]]) -> Change:
    """Change the rows of a page, and their number in the metadata."""

    def tell(page: Page, at: Moment) -> Page:
        page["data"] = change(page["data"], at)
        page["metadata"]["rows"] = len(page["data"])
        return page

    return tell


def more(row: dict[str, Any]) -> dict[str, Any]:
    """A row with larger metrics."""
    return {name: value + 1 if name in ("views", "ratio") else value for name, value in row.items()}


def stored(at: Moment, page: int) -> list[Any]:
    """The rows of another page of the query."""
    found: list[Any] = at.query.rows[page * at.query.step : (page + 1) * at.query.step]
    return found


def metadata(name: str, change: Callable[[Any], Any]) -> Change:
    """Change a member of the metadata."""

    def tell(page: Page, _: Moment) -> Page:
        page["metadata"][name] = change(page["metadata"].get(name))
        return page

    return tell


def link(rel: str, change: Callable[[dict[str, Any], Moment], dict[str, Any] | None]) -> Change:
    """Change the links of a relation (`*` for all); None removes one."""

    def tell(page: Page, at: Moment) -> Page:
        listed = page["metadata"]["links"]
        changed = [change(one, at) if rel in ("*", one["rel"]) else one for one in listed]
        page["metadata"]["links"] = [one for one in changed if one is not None]
        return page

    return tell


def to(page: Callable[[Moment], int]) -> Callable[[dict[str, Any], Moment], dict[str, Any]]:
    """Let a link lead to another page, if there is such a page."""
    return lambda one, at: one | ({"href": at.query.ids[page(at)]} if 0 <= page(at) < number_of_pages(at) else {})


ROWS: dict[str, Change] = {
    "loses the last row": rows(lambda data, _: data[:-1]),
    "has the last row twice": rows(lambda data, _: data + data[-1:]),
    "has no rows": rows(lambda data, _: []),
    "measures the last row anew": rows(lambda data, _: data[:-1] + [more(row) for row in data[-1:]]),
    "has the rows of the next page": rows(lambda data, at: stored(at, at.page + 1) or data),
    "begins with a row of the page before": rows(lambda data, at: stored(at, at.page - 1)[-1:] + data[1:]),
    "has a strange row": rows(lambda data, _: data[:-1] + [dict.fromkeys(row, 1) for row in data[-1:]]),
}
LINKS: dict[str, Change] = {
    "has no links": metadata("links", lambda links: []),
    "has links by name": metadata("links", lambda links: {one["rel"]: one["href"] for one in links}),
    "has no rel": link("self", lambda one, _: {"href": one["href"], "allow": one["allow"]}),
    "has no href": link("self", lambda one, _: {"rel": one["rel"], "allow": one["allow"]}),
    "allows POST only": link("self", lambda one, _: one | {"allow": ["POST"]}),
    "has a text as allow": link("*", lambda one, _: one | {"allow": "GET"}),
    "has another path": link("last", lambda one, _: one | {"href": one["href"].replace("/queries/", "/pages/")}),
    "has a dead next link": link("next", lambda one, at: one | {"href": f"{BASE}/{at.wanted.report}/queries/.x+="}),
    "has itself as next": link("next", to(lambda at: at.page)),
}
ANSWERS: dict[str, Change] = {
    "is not found": lambda answer, _: Answer(404, b"{}", answer.headers),
    "is an error": lambda answer, _: Answer(500, b"{}", answer.headers),
    "is pending": lambda _, at: at.server.redirect(at.query),
    "is empty": lambda answer, _: Answer(200, b"", answer.headers),
    "is cut off": lambda answer, _: Answer(200, answer.body[:-9], answer.headers),
}
METADATA: dict[str, Change] = {
    "counts one row more": metadata("rows", lambda found: found + 1),
    "has a larger total": metadata("totalRows", lambda found: found + 1),
    "has a text as total": metadata("totalRows", str),
    "has no name": metadata("name", lambda _: ""),
    "was requested in words": metadata("requestTime", lambda _: "yesterday"),
    "was evicted": metadata("evictionTime", lambda _: "2026-01-01T00:00:00Z"),
}
RELATIONS: dict[str, Change] = {
    "has itself as first": link("first", to(lambda at: at.page)),
    "has itself as last": link("last", to(lambda at: at.page)),
    "has the next page as self": link("self", to(lambda at: at.page + 1)),
    "has the first page as prev": link("prev", to(lambda at: 0)),
    "skips the next page": link("next", to(lambda at: at.page + 2)),
    "leads to another host": link("last", lambda one, _: one | {"href": f"http://other.invalid{one['href']}"}),
    "turns its rows around": rows(lambda data, _: data[::-1]),
}
REDIRECTS: dict[str, Change] = {
    "is 302": lambda answer, _: Answer(302, b"", answer.headers),
    "is 202": lambda answer, _: Answer(202, b"", answer.headers),
    "has no Location": lambda answer, _: answer.replace("Location", None),
    "has an empty Location": lambda answer, _: answer.replace("Location", ""),
    "leads to another report": lambda answer, at: answer.replace("Location", at.query.location.replace("/pl", "/cl")),
    "leads nowhere on the web": lambda answer, at: answer.replace("Location", f"ftp://h{at.query.location}"),
    "has rows": lambda answer, at: replace(answer, body=json.dumps({"data": at.query.rows or [{}]}).encode()),
}
ADVICE: dict[str, Change] = {
    "has no Retry-After": lambda answer, _: answer.replace("Retry-After", None),
    "advises a negative time": lambda answer, _: answer.replace("Retry-After", "-1"),
    "advises in words": lambda answer, _: answer.replace("Retry-After", "soon"),
}
POLLS: dict[str, When] = {
    "at the first poll": lambda at: at.visit == 1,
    "at the second poll": lambda at: at.visit == 2,
    "from the third poll on": lambda at: at.visit > 2,
    "with a limit": lambda at: at.wanted.limit,
}


def sized(change: Callable[[int], int | None]) -> Change:
    """Store a query with another page size."""

    def tell(query: Any, _: Moment) -> Any:
        query.size = change(query.size) if query.size else query.size
        return query

    return tell


def never_ready(query: Any, _: Moment) -> Any:
    """Store a query that is never ready."""
    query.ready = time.monotonic() + 1e6
    return query


QUERIES: dict[str, Change] = {
    "has larger pages": sized(lambda size: size + 1),
    "has pages of at most four rows": sized(lambda size: min(size, 4)),
    "ignores pageSize": sized(lambda size: None),
    "is never ready": never_ready,
}
SYNCHRONOUS: dict[str, Change] = {
    "has another start": metadata("start", lambda _: "2026-01-01T00:00:00Z"),
    "has a text as hasMoreRows": metadata("hasMoreRows", str),
    "has no links": metadata("links", lambda _: []),
    "has no name": metadata("name", lambda _: ""),
    "loses the last row": lambda page, _: page | {"data": page["data"][:-1]},
    "measures the last row anew": lambda page, _: (
        page | {"data": page["data"][:-1] + [more(row) for row in page["data"][-1:]]}
    ),
}
MODES: dict[str, When] = {
    "always": lambda at: True,
    "with a filter": lambda at: at.wanted.filters,
    "with sortBys": lambda at: at.wanted.sort_bys,
}
WANTED: dict[str, tuple[When, Change]] = {
    "ignores filters": (lambda at: at.wanted.filters, lambda one, _: replace(one, filters=())),
    "ignores the limit": (lambda at: at.wanted.limit, lambda one, _: replace(one, limit=None)),
    "returns one row more than the limit": (
        lambda at: at.wanted.limit,
        lambda one, _: replace(one, limit=one.limit + 1),
    ),
    "ignores sortBys": (lambda at: at.wanted.sort_bys, lambda one, _: replace(one, sort_bys=())),
    "sorts by the first column only": (
        lambda at: at.wanted.sort_bys,
        lambda one, _: replace(one, sort_bys=one.sort_bys[:1]),
    ),
    "turns sortBys around": (
        lambda at: at.wanted.sort_bys,
        lambda one, _: replace(one, sort_bys=tuple((name, not down) for name, down in one.sort_bys)),
    ),
}


def combined(level: str, point: str, tells: Mapping[str, Change], whens: Mapping[str, When]) -> Iterator[Fault]:
    """Each change with each place and time."""
    for what, tell in tells.items():
        for when, applies in whens.items():
            yield Fault(f"{point} {what} {when}", level, point, applies, tell)


def faults() -> list[Fault]:
    """All faults."""
    return [
        *combined("MUST", "page", ROWS | LINKS, PLACES),
        *combined("MUST", "page answer", ANSWERS, {**PLACES, **SELECTIONS}),
        *combined("MUST", "page", LINKS, {"with pageSize=1": SELECTIONS["with pageSize=1"]}),
        *combined("SHOULD", "page", METADATA | RELATIONS, PLACES),
        *combined("SHOULD", "page", METADATA, SELECTIONS),
        *combined("MUST", "poll", REDIRECTS, POLLS),
        *combined("SHOULD", "poll", ADVICE, POLLS),
        *combined("MUST", "submission", REDIRECTS, SELECTIONS),
        *combined("SHOULD", "submission", ADVICE, SELECTIONS),
        *combined("MUST", "query", QUERIES, SELECTIONS),
        *combined("SHOULD", "sync", SYNCHRONOUS, MODES),
        *(Fault(f"selection {what}", "SHOULD", "wanted", when, change) for what, (when, change) in WANTED.items()),
    ]


def fate(fault: Fault) -> str:
    """The highest level of a requirement that a fault violates; `silent` if none, `unseen` if it never showed."""
    server = StoringServer(0.3, fault, DEADLINE if fault.point == "query" else 60)
    found = set(violated(judged_in_process(server))) - LAWFUL
    levels = {register.load(API).requirements[id].level for id in found}
    heard = next((level for level in ("MUST", "SHOULD", "MAY") if level in levels), "silent")
    return heard if server.shown else "unseen"


def main(number: int, seed: int) -> None:
    """Judge some faults and print the outcome."""
    found: Counter[tuple[str, str]] = Counter()
    for fault in random.Random(seed).sample(faults(), number):
        became = fate(fault)
        found[fault.level, became] += 1
        if became in ("silent", "MAY") or (fault.level, became) == ("MUST", "SHOULD"):
            print(f"{fault.level} {became}: {fault.name}", flush=True)
    for (level, became), times in sorted(found.items()):
        print(f"{level:6} {became:6} {times:4}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 40, int(sys.argv[2]) if len(sys.argv) > 2 else 1)
