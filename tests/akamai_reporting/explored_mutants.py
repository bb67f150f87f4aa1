"""Servers whose faults show only after certain requests in a row, which no scenario sends in that order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from pytest_reportconformance.akamai_reporting.reference import Reference
from pytest_reportconformance.akamai_reporting.reference.catalogue import Row
from pytest_reportconformance.akamai_reporting.reference.identities import Identity
from pytest_reportconformance.akamai_reporting.reference.query import Query
from pytest_reportconformance.http.server import Answer, Call
from tests.mutation.exploration import shows

OTHER, STRANGE = -1, -2
"""Stand for a page that another account asked for, and for a link that was never issued."""


class CountsTime(Reference):
    """Each request takes a tenth of a second, however fast the machine is."""

    begun = datetime.now(UTC)

    def clock(self) -> float:
        return self.requests / 10

    def now(self) -> datetime:
        return self.begun + timedelta(seconds=self.clock())


class Remembering(CountsTime):
    """Knows which pages of each query were asked for, in order of time; pages count from 0."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.past: dict[str, list[int]] = defaultdict(list)
        self.latest = ""

    def fetch(self, call: Call, query: Query, page: int) -> Answer:
        self.past[query.token].append(page)
        self.latest = query.token
        return super().fetch(call, query, page)

    def may_read(self, identity: Identity, query: Query) -> bool:
        allowed = super().may_read(identity, query)
        if not allowed:
            self.past[query.token].append(OTHER)
        return allowed

    def query_not_found(self) -> Answer:
        self.past[self.latest].append(STRANGE)
        return super().query_not_found()

    def query_of_another(self) -> Answer:
        return super().query_not_found()

    def after(self, query: Query, *pages: int) -> bool:
        """Whether these pages were asked for last, the present one included."""
        return self.past[query.token][-len(pages) :] == [*pages]


def shifted(query: Query, page: int) -> Sequence[Row]:
    """The rows of a page, each one place further."""
    return query.rows[page * query.page_size + 1 : (page + 1) * query.page_size + 1]


@shows("akamai_reporting.pages.same-rows")
class ThirdReadInARowDiffers(Remembering):
    """Sends other rows of the second page at its third GET in a row."""

    def rows_of(self, query: Query, page: int) -> Sequence[Row]:
        return shifted(query, page) if self.after(query, 1, 1, 1) else super().rows_of(query, page)


@shows("akamai_reporting.pages.any-order")
class JumpBackDiffers(Remembering):
    """Sends other rows of the second page if the first one was read between two of its GETs."""

    def rows_of(self, query: Query, page: int) -> Sequence[Row]:
        return shifted(query, page) if self.after(query, 1, 0, 1) else super().rows_of(query, page)


@shows("akamai_reporting.pages.any-order")
class AlternationDiffers(Remembering):
    """Sends other rows of the second page if the third one was read between two of its GETs."""

    def rows_of(self, query: Query, page: int) -> Sequence[Row]:
        return shifted(query, page) if self.after(query, 1, 2, 1) else super().rows_of(query, page)


@shows("akamai_reporting.pages.any-order")
class WrongIdMixesUpPages(Remembering):
    """Sends other rows of the first page right after the last one and then a link that was never issued."""

    def rows_of(self, query: Query, page: int) -> Sequence[Row]:
        jumps = self.after(query, query.page_count - 1, STRANGE, 0)
        return shifted(query, page) if jumps else super().rows_of(query, page)


@shows("akamai_reporting.pages.same-order")
class RepeatedReadIsReversed(Remembering):
    """Sends the rows of the second page in reverse order at its third GET in a row."""

    def rows_of(self, query: Query, page: int) -> Sequence[Row]:
        rows = super().rows_of(query, page)
        return [*rows][::-1] if self.after(query, 1, 1, 1) else rows


@shows("akamai_reporting.pages.full")
class RowIsLostAfterARefusal(Remembering):
    """Leaves out a row of the first page right after another account was refused a page of the query twice."""

    def rows_of(self, query: Query, page: int) -> Sequence[Row]:
        rows = super().rows_of(query, page)
        return rows[:-1] if self.after(query, OTHER, OTHER, 0) else rows


@shows("akamai_reporting.pages.at-most")
class RowIsAddedAfterAJump(Remembering):
    """Sends a row too many on the first page if it is read right after the second one, twice."""

    def rows_of(self, query: Query, page: int) -> Sequence[Row]:
        rows = super().rows_of(query, page)
        return [*rows, *rows[:1]] if self.after(query, 1, 0, 0) else rows


@shows("akamai_reporting.poll.stays-ready")
class ReadyTurnsPending(Remembering):
    """Answers 303 to a GET of the Location right after the second page was read twice in a row."""

    def is_pending(self, query: Query, poll_number: int) -> bool:
        return self.after(query, 1, 1, 0) or super().is_pending(query, poll_number)


@shows("akamai_reporting.links.get-page")
class PageIsLost(Remembering):
    """Does not find the second page right after it was read twice in a row, and then the first page."""

    def fetch(self, call: Call, query: Query, page: int) -> Answer:
        answer = super().fetch(call, query, page)
        return self.query_not_found() if self.after(query, 1, 1, 0, 1) else answer


@shows("akamai_reporting.pages.total-rows-equal")
class TotalGrows(Remembering):
    """Counts a row more at the third GET of the second page in a row."""

    def total_rows(self, query: Query, page: int) -> Any:
        return super().total_rows(query, page) + self.after(query, 1, 1, 1)


@shows("akamai_reporting.pages.name-equal")
class NameChanges(Remembering):
    """Sends another name on the second page at its second GET in a row, if the first page was read before."""

    def query_name(self, query: Query, page: int) -> str:
        return "another" if self.after(query, 0, 1, 1) else super().query_name(query, page)


@shows("akamai_reporting.permission.other-user-page")
class ThirdTryIsGranted(Remembering):
    """Sends a page to another account that asks three times in a row."""

    def may_read(self, identity: Identity, query: Query) -> bool:
        return super().may_read(identity, query) or self.after(query, OTHER, OTHER)


@shows("akamai_reporting.links.last-equal")
class LastLeadsAway(Remembering):
    """Has the first page as the last link of the second page at its third GET in a row."""

    def last_page(self, query: Query, page: int) -> int:
        return 0 if self.after(query, 1, 1, 1) else super().last_page(query, page)


@shows("akamai_reporting.links.next-leads-on")
class NextSkipsAPage(Remembering):
    """Has the third page as the next link of the first one, once the second one was read three times in a row."""

    def next_page(self, query: Query, page: int) -> int | None:
        skips = self.after(query, 1, 1, 1, 0) and query.page_count > 2
        return 2 if skips else super().next_page(query, page)


@shows("akamai_reporting.links.prev-leads-back")
class PrevStays(Remembering):
    """Has the first page as the prev link of the third one if the first one was read right before."""

    def previous_page(self, query: Query, page: int) -> int | None:
        return 0 if self.after(query, 2, 0, 2) else super().previous_page(query, page)
