"""Mutants of pageSize."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pytest_reportconformance.akamai_reporting.reference import Reference
from pytest_reportconformance.akamai_reporting.reference.catalogue import Report, Row
from pytest_reportconformance.akamai_reporting.reference.problems import Fault
from pytest_reportconformance.akamai_reporting.reference.query import Query
from pytest_reportconformance.http.server import Answer, Call
from tests.mutation.kill_matrix import kills


@kills(
    "akamai_reporting.pages.one-row",
    "akamai_reporting.pages.full",
    "akamai_reporting.pages.at-most",
    "akamai_reporting.pages.last-not-empty",
    "akamai_reporting.links.last-without-next",
    "akamai_reporting.links.last-leads-to-last-page",
)
class SmallestPageIsTwo(Reference):
    """Reads pageSize=1 as 2 and still has three pages."""

    def rows_of(self, query: Query, page: int) -> Sequence[Row]:
        return query.rows[page * 2 : page * 2 + 2] if query.page_size == 1 else super().rows_of(query, page)


@kills("akamai_reporting.pages.larger-than-result")
class AlwaysTwoPages(Reference):
    """Halves a page size that is as large as the report."""

    def page_size_of(self, call: Call, report: Report) -> int:
        size = super().page_size_of(call, report)
        return 2 if size == 24 else size


@kills("akamai_reporting.pages.default-size")
class PagesOfTen(Reference):
    """Makes pages of ten rows without pageSize."""

    def page_size_of(self, call: Call, report: Report) -> int:
        return super().page_size_of(call, report) if call.argument("pageSize") else 10


@kills("akamai_reporting.pages.size-no-number")
class TextIsAPageSize(Reference):
    """Uses the default if pageSize is not a number."""

    def validate_page_size(self, text: str | None) -> Iterator[Fault]:
        return iter(()) if text == "abc" else super().validate_page_size(text)

    def page_size_of(self, call: Call, report: Report) -> int:
        return report.data_points if call.argument("pageSize") == "abc" else super().page_size_of(call, report)


@kills("akamai_reporting.pages.size-fraction")
class RoundsPageSizes(Reference):
    """Rounds a page size down."""

    def validate_page_size(self, text: str | None) -> Iterator[Fault]:
        return super().validate_page_size(text and text.partition(".")[0])

    def page_size_of(self, call: Call, report: Report) -> int:
        text = call.argument("pageSize")
        return int(float(text)) if text else super().page_size_of(call, report)


class TakesAnyNumber(Reference):
    """Reads the pageSize `accepts` as 1."""

    accepts = ""

    def validate_page_size(self, text: str | None) -> Iterator[Fault]:
        return iter(()) if text == self.accepts else super().validate_page_size(text)

    def page_size_of(self, call: Call, report: Report) -> int:
        return 1 if call.argument("pageSize") == self.accepts else super().page_size_of(call, report)


@kills("akamai_reporting.pages.size-zero")
class TakesZero(TakesAnyNumber):
    """Reads a pageSize of 0 as 1."""

    accepts = "0"


@kills("akamai_reporting.pages.size-negative")
class TakesNegative(TakesAnyNumber):
    """Reads a pageSize of -1 as 1."""

    accepts = "-1"


@kills("akamai_reporting.pages.size-on-get")
class ResizesOnGet(Reference):
    """Truncates a page to the pageSize of the GET."""

    def fetch(self, call: Call, query: Query, page: int) -> Answer:
        size = call.argument("pageSize")
        if size is None:
            return super().fetch(call, query, page)
        rows, query.rows = query.rows, [*query.rows[: page * query.page_size + int(size)]]
        answer = super().fetch(call, query, page)
        query.rows = rows
        return answer
