"""Liars about the ids of queries."""

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
class TellsQueriesByArgument(Reference):
    """Gives all queries one id, and tells them apart by a query argument behind it."""

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


@kills("akamai_reporting.ids.page-links-distinct", "akamai_reporting.links.single-page")
class FirstPagesAreShared(Reference):
    """Links an only page to that of another query of the report as its first."""

    def links_of(self, query: Query, page: int) -> list[dict[str, Any]]:
        others = [one for one in self.queries.values() if one.number < query.number and one.page_count == 1]
        links = super().links_of(query, page)
        if query.page_count == 1 and others and not query.selection.report.slow:
            links[0] |= {"href": self.href_of(others[0], 0)}
        return links


@kills("akamai_reporting.ids.one-segment")
class TwoSegments(Reference):
    """Hands out ids of two path segments for limited queries."""

    def answer(self, call: Call) -> Answer:
        return super().answer(replace(call, target=call.target.replace("/queries/limited/", "/queries/")))

    def location_for(self, query: Query, call: Call) -> str:
        link = super().location_for(query, call)
        return link if query.selection.limit is None else link.replace("/queries/", "/queries/limited/")


class PlainIds(Reference):
    """Hands out ids of letters and digits, but for the last page of several, whose id has `mark` before or behind it,
    and refuses ids with that mark."""

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
    """Takes the plus in the id of a last page for a space."""

    mark = "+"


@kills("akamai_reporting.ids.raw-equals", "akamai_reporting.links.get-page", "akamai_reporting.links.reach-all")
class RefusesAnEqualsSign(PlainIds):
    """Does not know the equals sign in the id of a last page."""

    mark = "="


@kills("akamai_reporting.ids.leading-dot", "akamai_reporting.links.get-page", "akamai_reporting.links.reach-all")
class RefusesALeadingDot(PlainIds):
    """Hides what begins with a dot."""

    mark = "."


@kills("akamai_reporting.ids.percent-encoded")
class EncodedIdsAreFirstPages(Reference):
    """Gives the first page for an id that is percent-encoded."""

    def find(self, identifier: str) -> tuple[Query, int] | None:
        if "%2B" not in identifier:
            return super().find(identifier)
        found = super().find(identifier.replace("%2B", "+").replace("%3D", "="))
        return found and (found[0], 0)


@kills("akamai_reporting.ids.percent-encoded")
class StumblesOverEncodedIds(Reference):
    """Answers an id that is percent-encoded 500."""

    def answer(self, call: Call) -> Answer:
        answer = super().answer(call)
        if "%2B" in call.path:
            answer.status = 500
        return answer
