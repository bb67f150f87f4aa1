"""Mutants of the synchronous mode."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from pytest_reportconformance.akamai_reporting.reference import Reference
from pytest_reportconformance.akamai_reporting.reference.catalogue import Report, Row
from pytest_reportconformance.akamai_reporting.reference.identities import Identity
from pytest_reportconformance.akamai_reporting.reference.selection import Selection
from pytest_reportconformance.http.server import Answer, Call
from tests.mutation.kill_matrix import kills


@kills("akamai_reporting.sync.status")
class AnswersAccepted(Reference):
    """Answers a synchronous request 202, with its rows."""

    def answered_at_once(self, selection: Selection, identity: Identity, format: str) -> Answer:
        answer = super().answered_at_once(selection, identity, format)
        answer.status = 202
        return answer


@kills("akamai_reporting.sync.status")
class AnswersPartialContent(Reference):
    """Answers a synchronous request 206 if limit removes rows."""

    def answered_at_once(self, selection: Selection, identity: Identity, format: str) -> Answer:
        answer = super().answered_at_once(selection, identity, format)
        if b'"hasMoreRows":true' in answer.body:
            answer.status = 206
        return answer


@kills("akamai_reporting.sync.async-false")
class AnyAsyncIsTrue(Reference):
    """Reads async=false as async=true."""

    def is_asynchronous(self, call: Call) -> bool:
        return call.argument("async") is not None


@kills("akamai_reporting.sync.async-false")
class AsyncFalseLosesRow(Reference):
    """Omits the last row with async=false."""

    def selection_of(self, call: Call, report: Report) -> Selection:
        selection = super().selection_of(call, report)
        shorter = len(self.rows_selected(selection, self.identities[0])) - 1
        return replace(selection, limit=shorter) if call.argument("async") == "false" else selection


@kills("akamai_reporting.sync.content-type")
class LabelsPlainText(Reference):
    """Labels synchronous data as text/plain with a limit."""

    def answered_at_once(self, selection: Selection, identity: Identity, format: str) -> Answer:
        answer = super().answered_at_once(selection, identity, format)
        return answer if selection.limit is None else answer.replace("Content-Type", "text/plain")


class Rewrites(Reference):
    """Sends a synchronous document that `rewrite` has changed."""

    def answered_at_once(self, selection: Selection, identity: Identity, format: str) -> Answer:
        self.selection = selection
        return super().answered_at_once(selection, identity, format)

    def encoded(self, document: Any) -> bytes:
        if isinstance(document.get("metadata"), dict) and "hasMoreRows" in document["metadata"]:
            self.rewrite(document, document["metadata"])
        return super().encoded(document)

    def rewrite(self, document: dict[str, Any], metadata: dict[str, Any]) -> None:
        raise NotImplementedError


@kills("akamai_reporting.sync.data")
class CallsDataRows(Rewrites):
    """Names the array of rows of a synchronous answer `rows`."""

    def rewrite(self, document: dict[str, Any], metadata: dict[str, Any]) -> None:
        document["rows"] = document.pop("data")


@kills("akamai_reporting.sync.data")
class SendsRowsByNumber(Rewrites):
    """Sends synchronous rows as an object with numbers as keys."""

    def rewrite(self, document: dict[str, Any], metadata: dict[str, Any]) -> None:
        document["data"] = {str(at): row for at, row in enumerate(document["data"])}


@kills("akamai_reporting.sync.name")
class HasNoName(Rewrites):
    """Has an empty name."""

    def rewrite(self, document: dict[str, Any], metadata: dict[str, Any]) -> None:
        metadata["name"] = ""


@kills("akamai_reporting.sync.start")
class StartsInSeconds(Rewrites):
    """Has seconds since the epoch as start."""

    def rewrite(self, document: dict[str, Any], metadata: dict[str, Any]) -> None:
        metadata["start"] = 1793491200


@kills("akamai_reporting.sync.start")
class StartsInAnotherForm(Rewrites):
    """Has a space instead of the T and no time zone in start."""

    def rewrite(self, document: dict[str, Any], metadata: dict[str, Any]) -> None:
        metadata["start"] = metadata["start"][:19].replace("T", " ")


@kills("akamai_reporting.sync.end")
class EndIsLost(Rewrites):
    """Omits end if limit removes rows."""

    def rewrite(self, document: dict[str, Any], metadata: dict[str, Any]) -> None:
        if metadata["hasMoreRows"]:
            del metadata["end"]


@kills("akamai_reporting.sync.links")
class LinksWithoutMethods(Rewrites):
    """Adds a link without allow."""

    def rewrite(self, document: dict[str, Any], metadata: dict[str, Any]) -> None:
        metadata["links"] = [*metadata["links"], {"rel": "up", "href": "/reporting-api/v2/reports"}]


@kills("akamai_reporting.sync.links", "akamai_reporting.sync.self-link")
class LinksAreEmpty(Rewrites):
    """Sends an empty array of links."""

    def rewrite(self, document: dict[str, Any], metadata: dict[str, Any]) -> None:
        metadata["links"] = []


@kills("akamai_reporting.sync.self-link")
class LinksItselfByGet(Reference):
    """Has GET instead of POST in the allow of the self link."""

    def report_links(self, report: Report) -> list[dict[str, Any]]:
        return [{**link, "allow": ["GET"]} for link in super().report_links(report)]


@kills("akamai_reporting.sync.self-link")
class LinksItselfUnderAnotherName(Reference):
    """Has the rel `this` instead of self."""

    def report_links(self, report: Report) -> list[dict[str, Any]]:
        return [{**link, "rel": "this"} for link in super().report_links(report)]


@kills("akamai_reporting.sync.has-more-rows")
class MoreRowsAsText(Reference):
    """Has a text as hasMoreRows."""

    def has_more_rows(self, data: Sequence[Row], matching: int) -> Any:
        return str(super().has_more_rows(data, matching)).lower()


@kills("akamai_reporting.sync.has-more-rows")
class MoreRowsAsNumber(Reference):
    """Has 0 or 1 as hasMoreRows."""

    def has_more_rows(self, data: Sequence[Row], matching: int) -> Any:
        return int(super().has_more_rows(data, matching))


@kills("akamai_reporting.sync.start-echoed")
class StartIsShifted(Rewrites):
    """Has a start that is one hour too late."""

    def rewrite(self, document: dict[str, Any], metadata: dict[str, Any]) -> None:
        metadata["start"] = self.timestamp(self.selection.period.start + timedelta(hours=1))


@kills("akamai_reporting.sync.end-echoed")
class EndIsTheDayBefore(Rewrites):
    """Has an end that is one second too early."""

    def rewrite(self, document: dict[str, Any], metadata: dict[str, Any]) -> None:
        metadata["end"] = self.timestamp(self.selection.period.end - timedelta(seconds=1))


@kills("akamai_reporting.sync.start-echoed", "akamai_reporting.sync.end-echoed")
class LocalTimeAsUtc(Rewrites):
    """Has local times with the zone of UTC."""

    def rewrite(self, document: dict[str, Any], metadata: dict[str, Any]) -> None:
        for name in ("start", "end"):
            metadata[name] = self.timestamp(getattr(self.selection.period, name) - timedelta(hours=5))


@kills("akamai_reporting.sync.limited")
class LimitIsOneTooMany(Reference):
    """Sends one row more than limit."""

    def rows_at_once(self, selection: Selection, matching: Sequence[Row]) -> Sequence[Row]:
        return matching if selection.limit is None else matching[: selection.limit + 1]

    def has_more_rows(self, data: Sequence[Row], matching: int) -> Any:
        return self.limit is not None and matching > self.limit

    def report_metadata(self, selection: Selection, data: Sequence[Row], matching: int) -> dict[str, Any]:
        self.limit = selection.limit
        return super().report_metadata(selection, data, matching)


@kills("akamai_reporting.sync.limited")
class LimitChangesARow(Rewrites):
    """Has another metric in the first row of a synchronous answer with limit and without sort order."""

    def rewrite(self, document: dict[str, Any], metadata: dict[str, Any]) -> None:
        if self.selection.limit is not None and not self.selection.body.get("sortBys"):
            for row in document["data"][:1]:
                row["edgeHitsSum"] = row.get("edgeHitsSum", 0) + 1


@kills("akamai_reporting.sync.more-rows")
class NeverHasMoreRows(Reference):
    """Has hasMoreRows false for every limit."""

    def has_more_rows(self, data: Sequence[Row], matching: int) -> Any:
        return False


@kills("akamai_reporting.sync.no-more-rows", "akamai_reporting.sync.no-more-rows-at-limit")
class AlwaysHasMoreRows(Reference):
    """Has hasMoreRows true for every limit."""

    def has_more_rows(self, data: Sequence[Row], matching: int) -> Any:
        return True


@kills("akamai_reporting.sync.no-more-rows", "akamai_reporting.sync.no-more-rows-at-limit")
class MoreRowsWhereLimited(Rewrites):
    """Has hasMoreRows true if a limit is given."""

    def rewrite(self, document: dict[str, Any], metadata: dict[str, Any]) -> None:
        metadata["hasMoreRows"] = self.selection.limit is not None


@kills("akamai_reporting.sync.no-more-rows-at-limit")
class MoreRowsAtTheLimit(Rewrites):
    """Has hasMoreRows true if the number of rows is equal to the limit."""

    def rewrite(self, document: dict[str, Any], metadata: dict[str, Any]) -> None:
        limit = self.selection.limit
        metadata["hasMoreRows"] = limit is not None and len(document["data"]) >= limit


@kills("akamai_reporting.sync.page-size-tolerated")
class RefusesPageSizeAtOnce(Reference):
    """Refuses pageSize without async."""

    def selection_of(self, call: Call, report: Report) -> Selection:
        if call.argument("pageSize") == "5" and call.argument("async") is None:
            return super().selection_of(replace(call, target=call.target + "&async=neither"), report)
        return super().selection_of(call, report)


@kills("akamai_reporting.sync.same-rows")
class RoundsAtOnce(Rewrites):
    """Rounds the metrics of a synchronous answer to tens."""

    def rewrite(self, document: dict[str, Any], metadata: dict[str, Any]) -> None:
        for row in document["data"]:
            row.update({name: round(value, -1) for name, value in row.items() if name.endswith("Sum")})


@kills("akamai_reporting.sync.same-rows")
class SwapsMetricsOfTwoRows(Rewrites):
    """Swaps the metrics of the first two rows of a synchronous answer."""

    def rewrite(self, document: dict[str, Any], metadata: dict[str, Any]) -> None:
        if len(document["data"]) > 1:
            one, other = document["data"][:2]
            one = {**one, "edgeHitsSum": other.get("edgeHitsSum")}
            other = {**other, "edgeHitsSum": document["data"][0].get("edgeHitsSum")}
            document["data"] = [one, other, *document["data"][2:]]


@kills("akamai_reporting.sync.same-rows")
class FiltersOneTooManyAtOnce(Rewrites):
    """Omits the last row of a synchronous answer with a filter."""

    def rewrite(self, document: dict[str, Any], metadata: dict[str, Any]) -> None:
        if self.selection.filters:
            del document["data"][-1:]
