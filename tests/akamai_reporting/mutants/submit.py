"""Mutants of submissions."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

from pytest_reportconformance.akamai_reporting.reference import Reference
from pytest_reportconformance.akamai_reporting.reference.catalogue import Report
from pytest_reportconformance.akamai_reporting.reference.problems import Fault
from pytest_reportconformance.akamai_reporting.reference.query import Query
from pytest_reportconformance.akamai_reporting.reference.selection import Selection
from pytest_reportconformance.http.server import Answer, Call
from tests.mutation.kill_matrix import kills


@kills(
    "akamai_reporting.submit.accepted",
    "akamai_reporting.submit.page-size-accepted",
    "akamai_reporting.submit.without-body",
    "akamai_reporting.submit.empty-object",
    "akamai_reporting.options.time-range-accepted",
)
class AcceptsWith202(Reference):
    """Answers submissions 202, with everything else as documented."""

    def accepted(self, query: Query, call: Call) -> Answer:
        answer = super().accepted(query, call)
        answer.status = 202
        return answer


@kills("akamai_reporting.submit.accepted", "akamai_reporting.options.time-range-accepted")
class FoundWhereUnpaged(Reference):
    """Answers a submission with a body and without a page size 302."""

    def accepted(self, query: Query, call: Call) -> Answer:
        answer = super().accepted(query, call)
        if query.selection.body and call.argument("pageSize") is None:
            answer.status = 302
        return answer


@kills("akamai_reporting.submit.accepted")
class TemporaryForSlowReports(Reference):
    """Answers the submission of a slow report 307."""

    def accepted(self, query: Query, call: Call) -> Answer:
        answer = super().accepted(query, call)
        answer.status = 307 if query.selection.report.slow else 303
        return answer


@kills("akamai_reporting.submit.location-present")
class EmptyLocationWithALimit(Reference):
    """Has an empty Location for a request with a limit and without pageSize."""

    def accepted(self, query: Query, call: Call) -> Answer:
        answer = super().accepted(query, call)
        if query.selection.limit is not None and call.argument("pageSize") is None:
            return answer.replace("Location", "")
        return answer


@kills("akamai_reporting.submit.location-present", "akamai_reporting.submit.page-size-accepted")
class LinkInTheBody(Reference):
    """Sends the link as JSON and no Location."""

    def accepted(self, query: Query, call: Call) -> Answer:
        answer = super().accepted(query, call)
        answer.body = self.encoded({"link": answer.header("Location")})
        return answer.replace("Location", None)


@kills("akamai_reporting.submit.location-single")
class TwoLocations(Reference):
    """Sends the Location a second time, with the link of the last page."""

    def accepted(self, query: Query, call: Call) -> Answer:
        answer = super().accepted(query, call)
        answer.headers.append(("Location", self.href_of(query, query.page_count - 1)))
        return answer


@kills("akamai_reporting.submit.location-url")
class BarInTheLocation(Reference):
    """Has a character that URIs exclude in the Location of a limited query."""

    def location_for(self, query: Query, call: Call) -> str:
        link = super().location_for(query, call)
        return link if query.selection.limit is None else f"{link}?of=a|b"


@kills(
    "akamai_reporting.submit.location-url",
    "akamai_reporting.submit.location-same-origin",
    "akamai_reporting.submit.location-absolute-path",
)
class FileLocations(Reference):
    """Has a file URL as the Location of slow queries."""

    def accepted(self, query: Query, call: Call) -> Answer:
        answer = super().accepted(query, call)
        if not query.selection.report.slow:
            return answer
        return answer.replace("Location", f"file://{call.header('Host')}{answer.header('Location')}")


@kills("akamai_reporting.submit.location-form")
class GatewayInTheLocation(Reference):
    """Has Locations under a path prefix that the API does not have."""

    def answer(self, call: Call) -> Answer:
        return super().answer(replace(call, target=call.target.removeprefix("/gateway")))

    def location_for(self, query: Query, call: Call) -> str:
        return f"/gateway{super().location_for(query, call)}"


@kills("akamai_reporting.submit.location-form")
class JobsInTheLocation(Reference):
    """Has `jobs` instead of `queries` in the Locations of slow reports."""

    def answer(self, call: Call) -> Answer:
        return super().answer(replace(call, target=call.target.replace("/jobs/", "/queries/")))

    def location_for(self, query: Query, call: Call) -> str:
        link = super().location_for(query, call)
        return link.replace("/queries/", "/jobs/") if query.selection.report.slow else link


@kills("akamai_reporting.submit.location-same-report")
class LocationUnderAnotherReport(Reference):
    """Has the Location of a slow query under another report, and serves it there."""

    def belongs_to(self, query: Query, report: Report) -> bool:
        return query.selection.report.slow or super().belongs_to(query, report)

    def location_for(self, query: Query, call: Call) -> str:
        link = super().location_for(query, call)
        return link.replace("/traffic/history/", "/traffic/current/")


@kills("akamai_reporting.submit.location-same-origin")
class LocationAtAnotherName(Reference):
    """Has another name of the same host in the Location of a query with pageSize=1."""

    def accepted(self, query: Query, call: Call) -> Answer:
        answer = super().accepted(query, call)
        if call.argument("pageSize") != "1":
            return answer
        port = call.header("Host").rpartition(":")[2]
        return answer.replace("Location", f"http://localhost:{port}{answer.header('Location')}")


@kills("akamai_reporting.submit.location-absolute-path")
class RelativeLocations(Reference):
    """Has relative Locations, except for slow reports."""

    def location_for(self, query: Query, call: Call) -> str:
        link = super().location_for(query, call)
        return link if query.selection.report.slow else "queries/" + link.rpartition("/")[2]


@kills("akamai_reporting.submit.no-rows")
class RowsWithTheSubmission(Reference):
    """Sends the first rows with the 303 that answers a submission with a page size."""

    def accepted(self, query: Query, call: Call) -> Answer:
        answer = super().accepted(query, call)
        if call.argument("pageSize") is not None:
            answer.body = self.encoded({"data": [*query.rows[:2]]})
        return answer


@kills("akamai_reporting.submit.no-rows")
class BareRowsWithTheSubmission(Reference):
    """Sends the first row of a limited result as a bare array with the 303."""

    def accepted(self, query: Query, call: Call) -> Answer:
        answer = super().accepted(query, call)
        if query.selection.limit == 1:
            answer.body = self.encoded([*query.rows[:1]])
        return answer


@kills("akamai_reporting.submit.no-rows")
class PreviewWithTheSubmission(Reference):
    """Sends a row as a preview with the 303 that answers a sorted submission."""

    def accepted(self, query: Query, call: Call) -> Answer:
        answer = super().accepted(query, call)
        if query.selection.body.get("sortBys"):
            answer.body = self.encoded({"query": {"preview": [*query.rows[:1]]}})
        return answer


@kills("akamai_reporting.submit.page-size-accepted")
class SmallestPageAtOnce(Reference):
    """Answers pageSize=1 synchronously."""

    def is_asynchronous(self, call: Call) -> bool:
        return super().is_asynchronous(call) and call.argument("pageSize") != "1"


@kills("akamai_reporting.submit.parameter-order")
class AsyncComesFirst(Reference):
    """Reads async only as the first parameter."""

    def is_asynchronous(self, call: Call) -> bool:
        return call.target.partition("?")[2].startswith("async=true")


@kills("akamai_reporting.submit.retry-after-present")
class NoAdviceForPages(Reference):
    """Omits Retry-After in answers to submissions with pageSize."""

    def accepted(self, query: Query, call: Call) -> Answer:
        answer = super().accepted(query, call)
        return answer if call.argument("pageSize") is None else answer.replace("Retry-After", None)


@kills("akamai_reporting.submit.retry-after-valid")
class AdvisesFractions(Reference):
    """Has 0.5 as Retry-After for limited queries."""

    def accepted(self, query: Query, call: Call) -> Answer:
        answer = super().accepted(query, call)
        return answer if query.selection.limit is None else answer.replace("Retry-After", "0.5")


@kills("akamai_reporting.submit.retry-after-valid")
class AdvisesATimeOfItsOwn(Reference):
    """Has an ISO 8601 time as Retry-After for unpaged queries."""

    def accepted(self, query: Query, call: Call) -> Answer:
        answer = super().accepted(query, call)
        return answer if call.argument("pageSize") else answer.replace("Retry-After", self.timestamp(self.now()))


@kills("akamai_reporting.submit.without-body")
class RequiresABody(Reference):
    """Refuses a submission without a body, except for slow reports."""

    def faults_of_parameters(self, call: Call, report: Report) -> Iterator[Fault]:
        yield from super().faults_of_parameters(call, report)
        if not call.body and self.is_asynchronous(call) and not report.slow:
            yield Fault("body", "No body", "A body is required")


@kills("akamai_reporting.submit.empty-object")
class RequiresAMember(Reference):
    """Refuses a submission of an empty object."""

    def faults_of_parameters(self, call: Call, report: Report) -> Iterator[Fault]:
        yield from super().faults_of_parameters(call, report)
        if call.body == b"{}" and self.is_asynchronous(call):
            yield Fault("body", "Empty body", "Name a metric or a dimension")


@kills("akamai_reporting.submit.empty-object-same-rows", "akamai_reporting.submit.default-columns")
class EmptyObjectHasNoDefaults(Reference):
    """Uses fewer default columns for an empty object."""

    def selection_of(self, call: Call, report: Report) -> Selection:
        selection = super().selection_of(call, report)
        if call.body != b"{}":
            return selection
        return replace(selection, dimensions=selection.dimensions[:1], metrics=selection.metrics[:1])


@kills("akamai_reporting.submit.empty-object-same-rows")
class EmptyObjectLosesARow(Reference):
    """Omits the last row if the body is an empty object."""

    def accepted(self, query: Query, call: Call) -> Answer:
        if call.body == b"{}":
            query.rows = query.rows[:-1]
        return super().accepted(query, call)


@kills("akamai_reporting.submit.answers-early")
class AnswersWhenReady(Reference):
    """Answers a submission once its rows are ready."""

    def accepted(self, query: Query, call: Call) -> Answer:
        time.sleep(self.seconds_left(query))
        return super().accepted(query, call)


@kills("akamai_reporting.submit.async-invalid")
class AnyAsyncIsAccepted(Reference):
    """Reads an async that is not a boolean as false."""

    def validate_async(self, text: str | None) -> Iterator[Fault]:
        return iter(())
