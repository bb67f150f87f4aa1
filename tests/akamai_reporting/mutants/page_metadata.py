"""Mutants of the metadata of pages, and of results without rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from pytest_reportconformance.akamai_reporting.reference import Reference
from pytest_reportconformance.akamai_reporting.reference.query import Query
from pytest_reportconformance.http.server import Answer
from tests.akamai_reporting.mutants.common import (
    ChangesMetadata,
    is_last,
)
from tests.mutation.kill_matrix import kills


@kills("akamai_reporting.pages.total-rows-equal")
class LastPageHasAnotherTotal(Reference):
    """Has a totalRows that is one too high on the last page."""

    def total_rows(self, query: Query, page: int) -> Any:
        return len(query.rows) + is_last(query, page)


@kills("akamai_reporting.pages.total-rows-equal")
class TotalOfWhatIsLeft(Reference):
    """Has the number of remaining rows as totalRows."""

    def total_rows(self, query: Query, page: int) -> Any:
        return len(query.rows) - page * query.page_size


@kills("akamai_reporting.pages.total-rows-sum")
class CountsTheHeader(Reference):
    """Has a totalRows that is one too high on all pages of several."""

    def total_rows(self, query: Query, page: int) -> Any:
        return len(query.rows) + (query.page_count > 1)


@kills("akamai_reporting.pages.total-rows-sum")
class TotalInWholePages(Reference):
    """Rounds totalRows up to whole pages."""

    def total_rows(self, query: Query, page: int) -> Any:
        return query.page_count * query.page_size if query.page_size == 7 else len(query.rows)


@kills("akamai_reporting.pages.name-equal")
class LastPageHasAnotherName(Reference):
    """Has another name on the last page."""

    def query_name(self, query: Query, page: int) -> str:
        return super().query_name(query, page) + (f" ({page + 1})" if is_last(query, page) else "")


@kills("akamai_reporting.pages.request-time-equal")
class EachPageIsRequestedAnew(Reference):
    """Has another requestTime on each page."""

    def request_time(self, query: Query, page: int) -> str:
        return self.timestamp(query.request_time + timedelta(milliseconds=page))


@kills("akamai_reporting.pages.request-time-equal")
class LastPageHasNoRequestTime(ChangesMetadata):
    """Omits requestTime on the last page."""

    def changed(self, metadata: dict[str, Any], query: Query, page: int) -> dict[str, Any]:
        if is_last(query, page):
            del metadata["requestTime"]
        return metadata


@kills("akamai_reporting.pages.eviction-time-equal")
class PagesAreEvictedOneByOne(Reference):
    """Has another evictionTime on each page."""

    def eviction_timestamp(self, query: Query, page: int) -> str:
        return self.timestamp(self.eviction_time(query) + timedelta(seconds=page))


@kills("akamai_reporting.pages.empty-status", "akamai_reporting.ready.status")
class EmptyIsNoContent(Reference):
    """Answers a result without rows 203."""

    def page_answer(self, query: Query, page: int) -> Answer:
        answer = super().page_answer(query, page)
        answer.status = 200 if query.rows else 203
        return answer


@kills("akamai_reporting.pages.empty-data", "akamai_reporting.ready.data-array")
class EmptyIsNull(Reference):
    """Has null as data of a result without rows."""

    def page_document(self, query: Query, page: int) -> dict[str, Any]:
        document = super().page_document(query, page)
        return document if query.rows else document | {"data": None}


@kills(
    "akamai_reporting.pages.empty-data",
    "akamai_reporting.ready.rows",
    "akamai_reporting.ready.total-rows",
    "akamai_reporting.ready.columns",
)
class EmptyHasAnEmptyRow(Reference):
    """Sends one empty row for a result without rows."""

    def page_document(self, query: Query, page: int) -> dict[str, Any]:
        document = super().page_document(query, page)
        return document if query.rows else document | {"data": [{}]}


@kills("akamai_reporting.pages.empty-rows")
class EmptyIsCountedAsOne(Reference):
    """Has 1 as rows of a result without rows."""

    def row_count(self, query: Query, page: int, data: Sequence[dict[str, Any]]) -> Any:
        return len(data) or 1


@kills("akamai_reporting.pages.empty-total-rows", "akamai_reporting.ready.total-rows")
class EmptyHasNoTotal(Reference):
    """Has null as totalRows of a result without rows."""

    def total_rows(self, query: Query, page: int) -> Any:
        return len(query.rows) or None
