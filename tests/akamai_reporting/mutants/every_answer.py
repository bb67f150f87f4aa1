"""Servers whose one wrong answer is not the one that the check of a requirement was first written for."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pytest_reportconformance.akamai_reporting.reference import Reference
from pytest_reportconformance.akamai_reporting.reference.catalogue import Report, Row
from pytest_reportconformance.akamai_reporting.reference.identities import Identity
from pytest_reportconformance.akamai_reporting.reference.problems import Refusal
from pytest_reportconformance.akamai_reporting.reference.query import Query
from pytest_reportconformance.akamai_reporting.reference.selection import Selection
from pytest_reportconformance.http.server import Answer, Call
from tests.akamai_reporting.mutants.common import ChangesLinks, ChangesMetadata, is_last
from tests.akamai_reporting.mutants.sync import Rewrites
from tests.mutation.kill_matrix import kills


@kills("akamai_reporting.pages.request-time-equal")
class ReadsTheClockAgain(Reference):
    """Has another requestTime at the second GET of a result of one page."""

    def request_time(self, query: Query, page: int) -> str:
        if query.page_count > 1 or query.fetches < 2:
            return super().request_time(query, page)
        return self.timestamp(query.request_time.replace(microsecond=0))


@kills("akamai_reporting.links.present-on-single-page")
class DefaultsAreRead(ChangesLinks):
    """Allows only HEAD in the links of a single page of a submission without members."""

    def changed(self, link: dict[str, Any], query: Query, page: int) -> dict[str, Any]:
        open_to_all = query.selection.body or query.page_count > 1
        return link if open_to_all else link | {"allow": ["HEAD"]}


@kills("akamai_reporting.contract.fetch-body")
class AllowsTwice(ChangesLinks):
    """Lists GET twice in the links of a slow report."""

    def changed(self, link: dict[str, Any], query: Query, page: int) -> dict[str, Any]:
        return link | {"allow": ["GET", "GET"]} if query.selection.report.slow else link


@kills("akamai_reporting.contract.fetch-body")
class LastPageOfSlowReportsIsEmpty(Reference):
    """Sends the last page of a slow report without a body."""

    def page_answer(self, query: Query, page: int) -> Answer:
        answer = super().page_answer(query, page)
        if query.selection.report.slow and is_last(query, page):
            answer.body = b""
        return answer


@kills("akamai_reporting.errors.media-type")
class TurnsOthersAwayInHtml(Reference):
    """Answers another account in HTML."""

    def query_of_another(self) -> Answer:
        return Answer(404, b"<h1>Not found</h1>", [("Content-Type", "text/html")])


@kills("akamai_reporting.errors.problem-body")
class DetailsAreNested(Reference):
    """Sends an object as the detail of problems."""

    def problem_document(self, status: int, kind: str, title: str, detail: str) -> dict[str, Any]:
        return super().problem_document(status, kind, title, detail) | {"detail": {"text": detail}}


@kills("akamai_reporting.submit.location-present")
class ForgetsTheLocationOfTimeRanges(Reference):
    """Answers a submission with timeRange without a Location."""

    def submit(self, call: Call, identity: Identity, report: Report) -> Answer:
        answer = super().submit(call, identity, report)
        if call.argument("timeRange"):
            answer.headers = [(name, value) for name, value in answer.headers if name != "Location"]
        return answer


@kills("akamai_reporting.sync.status")
class RefusesToSortAtOnce(Reference):
    """Refuses a synchronous request with sortBys."""

    def answered_at_once(self, selection: Selection, identity: Identity, format: str) -> Answer:
        if selection.body.get("sortBys"):
            raise Refusal(self.cost_exceeded(2, 1))
        return super().answered_at_once(selection, identity, format)


@kills("akamai_reporting.sync.limited")
class SortsOneTooMany(Rewrites):
    """Sends a row twice if a synchronous request has sortBys and limit."""

    def rewrite(self, document: dict[str, Any], metadata: dict[str, Any]) -> None:
        if self.selection.body.get("sortBys") and self.selection.limit is not None:
            document["data"].append(document["data"][-1])


class RewritesPages(Rewrites):
    """Sends other rows if a synchronous request has a pageSize."""

    asked = threading.local()

    def selection_of(self, call: Call, report: Report) -> Selection:
        self.asked.paged = call.argument("pageSize") is not None
        return super().selection_of(call, report)

    def rewrite(self, document: dict[str, Any], metadata: dict[str, Any]) -> None:
        if self.asked.paged:
            document["data"] = [self.row(row) for row in document["data"]]

    def row(self, row: Row) -> dict[str, Any]:
        raise NotImplementedError


@kills("akamai_reporting.ready.numbers")
class WritesNumbersAsTexts(RewritesPages):
    """Sends metrics as texts if a synchronous request has a pageSize."""

    def row(self, row: Row) -> dict[str, Any]:
        return {name: str(value) for name, value in row.items()}


@kills("akamai_reporting.ready.columns")
class LosesAColumnAtOnce(RewritesPages):
    """Omits the first column if a synchronous request has a pageSize."""

    def row(self, row: Row) -> dict[str, Any]:
        return dict([*row.items()][1:])


@kills("akamai_reporting.sync.self-link")
class LinksItselfToTheOptions(Reference):
    """Has the path of the options in the self link of a synchronous answer."""

    def report_links(self, report: Report) -> list[dict[str, Any]]:
        return [link | {"href": link["href"].removesuffix("/data")} for link in super().report_links(report)]


@kills("akamai_reporting.sync.more-rows")
class AnyLimitCosts(Reference):
    """Omits the last row if a limit is given that removes none, and does not tell."""

    def rows_at_once(self, selection: Selection, matching: Sequence[Row]) -> Sequence[Row]:
        rows = super().rows_at_once(selection, matching)
        return rows[:-1] if selection.limit is not None and selection.limit >= len(matching) else rows

    def has_more_rows(self, data: Sequence[Row], matching: int) -> Any:
        return matching > len(data) + 1 or (matching > len(data) and len(data) == self.limit)

    def report_metadata(self, selection: Selection, data: Sequence[Row], matching: int) -> dict[str, Any]:
        self.limit = selection.limit
        return super().report_metadata(selection, data, matching)


@kills("akamai_reporting.sync.no-more-rows")
class MoreRowsWithoutLimit(Rewrites):
    """Has hasMoreRows true without a limit."""

    def rewrite(self, document: dict[str, Any], metadata: dict[str, Any]) -> None:
        metadata["hasMoreRows"] = metadata["hasMoreRows"] or self.selection.limit is None


@kills("akamai_reporting.submit.default-columns")
class OneDefaultIsLost(Reference):
    """Omits the last default metric if a request has no members."""

    def selection_of(self, call: Call, report: Report) -> Selection:
        selection = super().selection_of(call, report)
        return selection if selection.body else replace(selection, metrics=selection.metrics[:-1])


@kills("akamai_reporting.pages.total-rows-sum")
class CountsMoreByDefault(ChangesMetadata):
    """Has one more as totalRows of a single page of a submission without members."""

    def changed(self, metadata: dict[str, Any], query: Query, page: int) -> dict[str, Any]:
        more = not query.selection.body and query.page_count == 1
        return metadata | {"totalRows": metadata["totalRows"] + more}


@kills("akamai_reporting.links.allow-get")
class OwnersMayNotReadOn(ChangesLinks):
    """Allows only HEAD in the last link of the last page of a slow report."""

    def changed(self, link: dict[str, Any], query: Query, page: int) -> dict[str, Any]:
        end = query.selection.report.slow and is_last(query, page) and link["rel"] == "last"
        return link | {"allow": ["HEAD"]} if end else link
