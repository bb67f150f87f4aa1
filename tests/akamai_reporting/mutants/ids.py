"""Mutants of the ids of queries."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

from pytest_reportconformance.akamai_reporting.reference import Reference
from pytest_reportconformance.akamai_reporting.reference.identities import Identity
from pytest_reportconformance.akamai_reporting.reference.query import Query
from pytest_reportconformance.akamai_reporting.reference.selection import Selection
from pytest_reportconformance.http.server import Answer, Call
from tests.mutation.kill_matrix import kills


@kills("akamai_reporting.ids.unique", "akamai_reporting.ids.unique-when-equal")
class OneIdForAllQueries(Reference):
    """Gives all queries one id and distinguishes them by a query argument."""

    def answer(self, call: Call) -> Answer:
        return super().answer(replace(call, target=call.target.replace("/queries/.report+id=?key=", "/queries/")))

    def location_for(self, query: Query, call: Call) -> str:
        head, _, id = super().location_for(query, call).rpartition("/")
        return f"{head}/.report+id=?key={id}"


@kills("akamai_reporting.ids.unique-when-equal")
class KeepsResults(Reference):
    """Answers a submission that equals an earlier one with the earlier query."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.one_by_one = threading.Lock()

    def create_query(self, selection: Selection, identity: Identity) -> Query:
        with self.one_by_one:
            for query in self.queries.values():
                known = query.selection
                if (
                    known.period.label == selection.period.label
                    and replace(known, period=selection.period) == selection
                ):
                    return query
            return super().create_query(selection, identity)


@kills("akamai_reporting.ids.unique-when-equal")
class ReusesReadyQueries(KeepsResults):
    """Answers a submission with an earlier equal query only if that one is ready."""

    def create_query(self, selection: Selection, identity: Identity) -> Query:
        found = super().create_query(selection, identity)
        return found if found.ready_at <= self.clock() else Reference.create_query(self, selection, identity)


@kills(
    "akamai_reporting.ids.page-links-distinct",
    "akamai_reporting.links.single-page",
    "akamai_reporting.links.get-page",
)
class FirstPagesAreShared(Reference):
    """Has the link of another query's page as the first link of a single page."""

    def links_of(self, query: Query, page: int) -> list[dict[str, Any]]:
        others = [one for one in self.queries.values() if one.number < query.number and one.page_count == 1]
        links = super().links_of(query, page)
        if query.page_count == 1 and others and not query.selection.report.slow:
            links[0] |= {"href": self.href_of(others[0], 0)}
        return links


@kills("akamai_reporting.ids.one-segment")
class TwoSegments(Reference):
    """Issues ids of two path segments for queries with a limit."""

    def answer(self, call: Call) -> Answer:
        return super().answer(replace(call, target=call.target.replace("/queries/limited/", "/queries/")))

    def location_for(self, query: Query, call: Call) -> str:
        link = super().location_for(query, call)
        return link if query.selection.limit is None else link.replace("/queries/", "/queries/limited/")


class PlainIds(Reference):
    """Issues ids of letters and digits with `mark` in the id of the last of several pages, and refuses ids with it."""

    mark = ""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.issued: dict[str, tuple[Query, int]] = {}

    def query_id(self, query: Query, page: int) -> str:
        id = super().query_id(query, page).strip(".=").replace("+", "P").replace(".", "D")
        last = page + 1 == query.page_count > 1
        if last:
            id = f".{id}" if self.mark == "." else f"{id}{self.mark}z"
        self.issued[id] = (query, page)
        return id

    def find(self, identifier: str) -> tuple[Query, int] | None:
        return None if self.mark in identifier else self.issued.get(identifier)


@kills("akamai_reporting.ids.raw-plus", "akamai_reporting.links.get-page", "akamai_reporting.links.reach-all")
class RefusesAPlus(PlainIds):
    """Refuses the id of a last page, which contains a plus."""

    mark = "+"


@kills("akamai_reporting.ids.raw-equals", "akamai_reporting.links.get-page", "akamai_reporting.links.reach-all")
class RefusesAnEqualsSign(PlainIds):
    """Refuses the id of a last page, which contains an equals sign."""

    mark = "="


@kills("akamai_reporting.ids.leading-dot", "akamai_reporting.links.get-page", "akamai_reporting.links.reach-all")
class RefusesALeadingDot(PlainIds):
    """Refuses the id of a last page, which begins with a dot."""

    mark = "."


@kills("akamai_reporting.ids.percent-encoded")
class EncodedIdsAreFirstPages(Reference):
    """Answers a percent-encoded id with the first page."""

    def find(self, identifier: str) -> tuple[Query, int] | None:
        if "%2B" not in identifier:
            return super().find(identifier)
        found = super().find(identifier.replace("%2B", "+").replace("%3D", "="))
        return found and (found[0], 0)


@kills("akamai_reporting.ids.percent-encoded")
class EncodedIdIsAServerError(Reference):
    """Answers a percent-encoded id 500."""

    def answer(self, call: Call) -> Answer:
        answer = super().answer(call)
        if "%2B" in call.path:
            answer.status = 500
        return answer
