"""Mutants of the data of a ready query."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from pytest_reportconformance.akamai_reporting.reference import Reference
from pytest_reportconformance.akamai_reporting.reference.catalogue import Row
from pytest_reportconformance.akamai_reporting.reference.query import Query
from pytest_reportconformance.http.server import Answer
from tests.akamai_reporting.mutants.common import (
    ChangesMetadata,
    increased,
    is_last,
)
from tests.mutation.kill_matrix import kills


class ChangesAnswers(Reference):
    """Sends pages that `changed` has changed."""

    def page_answer(self, query: Query, page: int) -> Answer:
        return self.changed(super().page_answer(query, page), query, page)

    def changed(self, answer: Answer, query: Query, page: int) -> Answer:
        raise NotImplementedError


@kills("akamai_reporting.ready.status")
class LastPageIsPartial(ChangesAnswers):
    """Answers the last page 206."""

    def changed(self, answer: Answer, query: Query, page: int) -> Answer:
        answer.status = 206 if is_last(query, page) else 200
        return answer


@kills("akamai_reporting.ready.status")
class SlowIsNonAuthoritative(ChangesAnswers):
    """Answers the data of a slow report 203."""

    def changed(self, answer: Answer, query: Query, page: int) -> Answer:
        answer.status = 203 if query.selection.report.slow else 200
        return answer


@kills("akamai_reporting.ready.content-type")
class LastPageIsText(ChangesAnswers):
    """Labels the last page as text."""

    def changed(self, answer: Answer, query: Query, page: int) -> Answer:
        return answer.replace("Content-Type", "text/plain") if is_last(query, page) else answer


@kills("akamai_reporting.ready.content-type")
class NoTypeForSlowReports(ChangesAnswers):
    """Omits the Content-Type of slow reports."""

    def changed(self, answer: Answer, query: Query, page: int) -> Answer:
        return answer.replace("Content-Type", None) if query.selection.report.slow else answer


class ChangesDocuments(Reference):
    """Sends documents that `changed` has changed."""

    def page_document(self, query: Query, page: int) -> dict[str, Any]:
        return self.changed(super().page_document(query, page), query, page)

    def changed(self, document: dict[str, Any], query: Query, page: int) -> dict[str, Any]:
        raise NotImplementedError


@kills("akamai_reporting.ready.metadata")
class MetadataIsAList(ChangesDocuments):
    """Sends the metadata of the last page as an array of one object."""

    def changed(self, document: dict[str, Any], query: Query, page: int) -> dict[str, Any]:
        if is_last(query, page) and query.page_size > 3:
            document["metadata"] = [document["metadata"]]
        return document


@kills("akamai_reporting.ready.metadata")
class NoMetadataForAnOnlyPage(ChangesDocuments):
    """Omits metadata of a paged result of one page with rows."""

    def changed(self, document: dict[str, Any], query: Query, page: int) -> dict[str, Any]:
        paged = query.page_size < query.selection.report.data_points and query.page_count == 1
        return {"data": document["data"]} if paged and document["data"] else document


@kills("akamai_reporting.ready.data-array")
class DataIsKeyed(ChangesDocuments):
    """Sends the rows of the last page as an object with numbers as keys."""

    def changed(self, document: dict[str, Any], query: Query, page: int) -> dict[str, Any]:
        if is_last(query, page):
            document["data"] = {str(number): row for number, row in enumerate(document["data"])}
        return document


@kills("akamai_reporting.ready.data-array")
class RowsInsteadOfData(ChangesDocuments):
    """Names the array of rows of a limited result `rows`."""

    def changed(self, document: dict[str, Any], query: Query, page: int) -> dict[str, Any]:
        if query.selection.limit == 1:
            document["rows"] = document.pop("data")
        return document


@kills(
    "akamai_reporting.ready.row-objects",
    "akamai_reporting.pages.nothing-missing",
    "akamai_reporting.pages.nothing-extra",
)
class LastRowIsAList(ChangesDocuments):
    """Sends the last row of the last page as an array of its values."""

    def changed(self, document: dict[str, Any], query: Query, page: int) -> dict[str, Any]:
        if is_last(query, page) and query.page_size > 3:
            document["data"][-1] = [*document["data"][-1].values()]
        return document


@kills("akamai_reporting.ready.name")
class NamelessResults(ChangesMetadata):
    """Has an empty name for slow reports."""

    def changed(self, metadata: dict[str, Any], query: Query, page: int) -> dict[str, Any]:
        return metadata | {"name": ""} if query.selection.report.slow else metadata


@kills("akamai_reporting.ready.name")
class NoNameWithTheSmallestPages(ChangesMetadata):
    """Omits the name on pages of one row."""

    def changed(self, metadata: dict[str, Any], query: Query, page: int) -> dict[str, Any]:
        if query.page_size == 1:
            del metadata["name"]
        return metadata


@kills("akamai_reporting.ready.rows")
class CountsFullPages(Reference):
    """Has the page size as rows of the last page."""

    def row_count(self, query: Query, page: int, data: Sequence[dict[str, Any]]) -> Any:
        return query.page_size if is_last(query, page) else len(data)


@kills("akamai_reporting.ready.rows")
class CountsAsText(Reference):
    """Has a text as rows of later pages."""

    def row_count(self, query: Query, page: int, data: Sequence[dict[str, Any]]) -> Any:
        return str(len(data)) if page else len(data)


@kills("akamai_reporting.ready.rows")
class CountsAllRows(Reference):
    """Has the rows of the whole result as rows of the second page."""

    def row_count(self, query: Query, page: int, data: Sequence[dict[str, Any]]) -> Any:
        return len(query.rows) if page == 1 else len(data)


@kills("akamai_reporting.ready.total-rows")
class TotalsAsText(Reference):
    """Has a text as totalRows of a single page."""

    def total_rows(self, query: Query, page: int) -> Any:
        return str(len(query.rows)) if query.page_count == 1 and query.rows else len(query.rows)


@kills("akamai_reporting.ready.total-rows")
class TotalOfASlowReportIsZero(Reference):
    """Has 0 as totalRows of slow reports."""

    def total_rows(self, query: Query, page: int) -> Any:
        return 0 if query.selection.report.slow else len(query.rows)


@kills("akamai_reporting.ready.request-time")
class RequestTimeWithoutZone(Reference):
    """Has a requestTime without a time zone."""

    def request_time(self, query: Query, page: int) -> str:
        return super().request_time(query, page).rstrip("Z")


@kills("akamai_reporting.ready.request-time")
class RequestTimeInSeconds(ChangesMetadata):
    """Has seconds as the requestTime of slow reports."""

    def changed(self, metadata: dict[str, Any], query: Query, page: int) -> dict[str, Any]:
        slow = query.selection.report.slow
        return metadata | {"requestTime": int(query.request_time.timestamp())} if slow else metadata


@kills("akamai_reporting.ready.request-time")
class NoSuchRequestTime(Reference):
    """Has a requestTime in a thirteenth month on pages of one row."""

    def request_time(self, query: Query, page: int) -> str:
        return "2026-13-01T00:00:00Z" if query.page_size == 1 else super().request_time(query, page)


@kills("akamai_reporting.ready.eviction-time")
class EvictionTimeWithASpace(Reference):
    """Has a space before the hour in evictionTime."""

    def eviction_timestamp(self, query: Query, page: int) -> str:
        return super().eviction_timestamp(query, page).replace("T", " ")


@kills("akamai_reporting.ready.eviction-time")
class EvictionTimeInWords(Reference):
    """Has an HTTP date as the evictionTime of unpaged results."""

    def eviction_timestamp(self, query: Query, page: int) -> str:
        text = self.eviction_time(query).strftime("%a, %d %b %Y %H:%M:%S GMT")
        return (
            text if query.page_size == query.selection.report.data_points else super().eviction_timestamp(query, page)
        )


@kills("akamai_reporting.ready.request-time-past")
class RequestedTheDayAfterTomorrow(Reference):
    """Has a requestTime in the future."""

    def request_time(self, query: Query, page: int) -> str:
        return self.timestamp(query.request_time + timedelta(days=2))


@kills("akamai_reporting.ready.eviction-after-request", "akamai_reporting.ready.request-time-past")
class RequestedAfterEviction(Reference):
    """Has a requestTime after the evictionTime."""

    def request_time(self, query: Query, page: int) -> str:
        return self.timestamp(self.eviction_time(query) + timedelta(seconds=1))


@kills("akamai_reporting.ready.eviction-in-future")
class EvictedAlready(Reference):
    """Has an evictionTime in the past."""

    def request_time(self, query: Query, page: int) -> str:
        return self.timestamp(query.request_time - timedelta(minutes=5))

    def eviction_timestamp(self, query: Query, page: int) -> str:
        return self.timestamp(query.request_time - timedelta(minutes=1))


@kills("akamai_reporting.ready.no-other-metadata")
class HasAnUndocumentedMember(ChangesMetadata):
    """Has an undocumented member of the metadata on the last page."""

    def changed(self, metadata: dict[str, Any], query: Query, page: int) -> dict[str, Any]:
        return metadata | {"node": "a7"} if is_last(query, page) else metadata


@kills(
    "akamai_reporting.ready.columns", "akamai_reporting.pages.nothing-missing", "akamai_reporting.pages.nothing-extra"
)
class LastPageLacksAColumn(Reference):
    """Omits the metrics on the last page."""

    def row_shown(self, query: Query, page: int, row: Row) -> dict[str, Any]:
        metrics = query.selection.metrics
        return {name: row[name] for name in row if name not in metrics} if is_last(query, page) else row


@kills("akamai_reporting.ready.columns")
class FilteredColumnsAreLeftOut(Reference):
    """Omits the first column on pages of one row."""

    def row_shown(self, query: Query, page: int, row: Row) -> dict[str, Any]:
        return {name: row[name] for name in [*row][1:]} if query.page_size == 1 else row


@kills("akamai_reporting.ready.numbers", "akamai_reporting.sync.same-rows")
class NumbersAsTexts(Reference):
    """Sends the metrics of a filtered result as texts."""

    def row_shown(self, query: Query, page: int, row: Row) -> dict[str, Any]:
        metrics = query.selection.metrics
        return (
            {name: str(row[name]) if name in metrics else row[name] for name in row} if query.selection.filters else row
        )


@kills(
    "akamai_reporting.ready.numbers", "akamai_reporting.pages.nothing-missing", "akamai_reporting.pages.nothing-extra"
)
class LastNumberIsText(ChangesDocuments):
    """Sends the metric of the last row as a text."""

    def changed(self, document: dict[str, Any], query: Query, page: int) -> dict[str, Any]:
        if is_last(query, page) and query.page_size > 3:
            document["data"][-1] = {**document["data"][-1], "edgeHitsSum": "0"}
        return document


@kills(
    "akamai_reporting.ready.distinct-rows",
    "akamai_reporting.pages.nothing-missing",
    "akamai_reporting.pages.nothing-extra",
)
class FirstRowTwice(Reference):
    """Sends the first row of every middle page twice and its last not at all."""

    def rows_of(self, query: Query, page: int) -> Sequence[Row]:
        rows = [*super().rows_of(query, page)]
        return [rows[0], *rows[:-1]] if 0 < page < query.page_count - 1 and query.page_size > 3 else rows


@kills("akamai_reporting.ready.same-rows")
class LosesARowAtTheNextGet(Reference):
    """Omits the last row of a slow report at its second GET."""

    def data_of(self, query: Query, page: int) -> list[dict[str, Any]]:
        rows = super().data_of(query, page)
        return rows[:-1] if query.selection.report.slow and query.fetches == 2 else rows


@kills("akamai_reporting.ready.same-rows")
class GoneAfterTheFirstGet(Reference):
    """Answers the second GET of a limited result 404."""

    def ready(self, query: Query, page: int, format: str) -> Answer:
        if query.selection.limit == 1 and query.fetches == 2:
            return self.query_not_found()
        return super().ready(query, page, format)


@kills("akamai_reporting.ready.same-rows")
class CountsUp(Reference):
    """Has other values for a slow report at its fourth GET."""

    def row_shown(self, query: Query, page: int, row: Row) -> dict[str, Any]:
        if query.selection.report.slow and query.fetches == 4:
            return increased(row, query.selection.metrics)
        return row


@kills("akamai_reporting.ready.same-order")
class TurnsAround(Reference):
    """Returns the rows of a slow report in reverse order at every second GET."""

    def data_of(self, query: Query, page: int) -> list[dict[str, Any]]:
        rows = super().data_of(query, page)
        return rows[::-1] if query.selection.report.slow and query.fetches % 2 == 0 else rows
