"""Mutants of the refusals of invalid submissions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from pytest_reportconformance.akamai_reporting.reference import Reference
from pytest_reportconformance.akamai_reporting.reference.catalogue import Report
from pytest_reportconformance.akamai_reporting.reference.identities import Identity
from pytest_reportconformance.akamai_reporting.reference.problems import Fault, Refusal
from pytest_reportconformance.akamai_reporting.reference.selection import Selection
from pytest_reportconformance.http.server import Answer, Call
from tests.mutation.kill_matrix import kills


@kills("akamai_reporting.errors.unknown-report")
class UnknownReportIsABadRequest(Reference):
    """Answers a submission to an unknown report 400."""

    def report_for(self, identity: Identity, path: str, operation: str) -> Report:
        if operation == "submit" and path not in self.reports:
            raise Refusal(self.invalid_request([Fault("path", "Unknown report", "No such report")]))
        return super().report_for(identity, path, operation)


@kills("akamai_reporting.errors.unknown-report")
class UnknownReportIsAccepted(Reference):
    """Accepts a submission to an unknown report."""

    def report_for(self, identity: Identity, path: str, operation: str) -> Report:
        if operation == "submit" and path not in self.reports:
            path = "delivery/traffic/current"
        return super().report_for(identity, path, operation)


@kills("akamai_reporting.errors.unknown-metric")
class UnknownMetricIsIgnored(Reference):
    """Ignores unknown metrics."""

    def validate_metrics(self, report: Report, names: Any) -> Iterator[Fault]:
        return iter(())


@kills("akamai_reporting.errors.unknown-metric")
class UnknownMetricIsUnprocessable(Reference):
    """Answers an unknown metric 422."""

    def invalid_request(self, faults: list[Fault]) -> Answer:
        answer = super().invalid_request(faults)
        if faults[0].part != "metrics":
            return answer
        return replace(answer, status=422, body=answer.body.replace(b'"status":400', b'"status":422'))


@kills("akamai_reporting.errors.unknown-dimension")
class UnknownDimensionIsIgnored(Reference):
    """Ignores unknown dimensions."""

    def validate_dimensions(self, report: Report, names: Any) -> Iterator[Fault]:
        names[:] = [name for name in names if report.dimension(name)]
        return super().validate_dimensions(report, names)


@kills("akamai_reporting.errors.unknown-dimension")
class UnknownDimensionFailsLater(Reference):
    """Accepts an unknown dimension asynchronously, refuses it synchronously."""

    def faults_of_body(self, body: dict[str, Any], report: Report) -> Iterator[Fault]:
        self.body = body
        yield from super().faults_of_body(body, report)

    def selection_of(self, call: Call, report: Report) -> Selection:
        if self.is_asynchronous(call) and call.body:
            known = [name for name in self.body_of(call).get("dimensions", ()) if report.dimension(name)]
            body = {**self.body_of(call), "dimensions": known}
            return super().selection_of(replace(call, body=self.encoded(body)), report)
        return super().selection_of(call, report)


@kills("akamai_reporting.errors.unknown-operator")
class UnknownOperatorIsEquality(Reference):
    """Reads an unknown operator as IN_LIST."""

    def validate_dimension_filter(self, report: Report, item: dict[str, Any]) -> Iterator[Fault]:
        if "RATHER" in item["operator"]:
            item["operator"] = "IN_LIST"
        return super().validate_dimension_filter(report, item)


@kills("akamai_reporting.errors.unknown-member")
class UnknownMemberIsIgnored(Reference):
    """Ignores unknown members of a body."""

    def validate_members(self, body: dict[str, Any]) -> Iterator[Fault]:
        return iter(())


@kills("akamai_reporting.errors.malformed-json")
class MalformedIsEmpty(Reference):
    """Reads a body that is not JSON as no body."""

    def body_of(self, call: Call) -> dict[str, Any]:
        try:
            call.json()
        except ValueError:
            call = replace(call, body=b"")
        return super().body_of(call)


@kills("akamai_reporting.errors.end-before-start")
class EndBeforeStartIsAccepted(Reference):
    """Accepts an end before the start."""

    def validate_order(self, start: datetime, end: datetime) -> Iterator[Fault]:
        return iter(())


@kills("akamai_reporting.errors.range-too-long")
class LongRangeIsAccepted(Reference):
    """Accepts a range beyond its limit."""

    def validate_length(self, start: datetime, end: datetime, report: Report) -> Iterator[Fault]:
        return iter(())

    def validate_retention(self, start: datetime, report: Report) -> Iterator[Fault]:
        return iter(())


@kills("akamai_reporting.errors.too-many-dimensions")
class TooManyDimensionsAreAccepted(Reference):
    """Accepts more dimensions than its limit."""

    def validate_dimension_count(self, report: Report, names: Any) -> Iterator[Fault]:
        return iter(())


@kills("akamai_reporting.errors.unknown-time-range")
class UnknownTimeRangeIsAFault(Reference):
    """Answers an unknown time range 500."""

    def invalid_request(self, faults: list[Fault]) -> Answer:
        if faults[0].part == "timeRange":
            return self.problem(500, "internal-server-error", "Internal server error", "")
        return super().invalid_request(faults)


@kills("akamai_reporting.errors.unknown-time-range")
class UnknownTimeRangeIsTheDefault(Reference):
    """Reads an unknown time range as the default."""

    def validate_time_range(self, name: str | None, report: Report) -> Iterator[Fault]:
        return iter(())


@kills("akamai_reporting.errors.no-location")
class RefusalHasALocation(Reference):
    """Refuses a body that is not JSON, with a Location."""

    def invalid_request(self, faults: list[Fault]) -> Answer:
        answer = super().invalid_request(faults)
        return answer.replace("Location", "/help") if faults[0].title == "Malformed body" else answer
