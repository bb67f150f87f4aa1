"""Mutants of problem documents."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pytest_reportconformance.akamai_reporting.reference import Reference
from pytest_reportconformance.akamai_reporting.reference.identities import Identity
from pytest_reportconformance.akamai_reporting.reference.problems import Fault, Refusal
from pytest_reportconformance.http.server import Answer
from tests.mutation.kill_matrix import kills


@kills("akamai_reporting.errors.errors-listed")
class ErrorsOfMetricsAreLost(Reference):
    """Refuses an unknown metric without errors."""

    def error_entries(self, faults: Iterable[Fault]) -> list[dict[str, str]]:
        return [self.error_entry(fault) for fault in faults if fault.part != "metrics"]


@kills("akamai_reporting.errors.errors-listed")
class ErrorIsNotAnArray(Reference):
    """Sends a single error as an object."""

    def error_entries(self, faults: Iterable[Fault]) -> Any:
        entries = super().error_entries(faults)
        return entries if len(entries) > 1 else entries[0]


@kills("akamai_reporting.errors.errors-members")
class ErrorsOfTimesHaveNoDetail(Reference):
    """Omits the detail of errors about the time range."""

    def error_entry(self, fault: Fault) -> dict[str, str]:
        entry = super().error_entry(fault)
        if fault.part == "end":
            del entry["detail"]
        return entry


@kills("akamai_reporting.errors.errors-members")
class ErrorsAreCoded(Reference):
    """Has a number as the type of an error."""

    def error_entry(self, fault: Fault) -> Any:
        return super().error_entry(fault) | {"type": 17}


class ChangesProblem(Reference):
    """Sends problems of one kind that `changed` has changed."""

    kind = ""

    def problem(self, status: int, kind: str, title: str, detail: str, **more: Any) -> Answer:
        answer = super().problem(status, kind, title, detail, **more)
        return self.changed(answer) if kind == self.kind else answer

    def changed(self, answer: Answer) -> Answer:
        raise NotImplementedError


@kills("akamai_reporting.errors.media-type")
class BadRequestIsPlainJson(ChangesProblem):
    """Labels the answer to a bad request as application/json."""

    kind = "invalid-request"

    def changed(self, answer: Answer) -> Answer:
        return answer.replace("Content-Type", "application/json")


@kills("akamai_reporting.errors.media-type")
class UnknownQueryIsAPage(ChangesProblem):
    """Answers an unknown id with HTML."""

    kind = "query-not-found"

    def changed(self, answer: Answer) -> Answer:
        return Answer(404, b"<h1>Not found</h1>", [("Content-Type", "text/html")])


@kills("akamai_reporting.errors.media-type")
class UnknownAreaIsAnotherKind(Reference):
    """Labels the answer to an unknown area as application/vnd.error+json."""

    def list_answer(self, identity: Identity, path: str) -> Answer:
        try:
            return super().list_answer(identity, path)
        except Refusal as refusal:
            if "/" in path:
                refusal.answer.replace("Content-Type", "application/vnd.error+json")
            raise


@kills("akamai_reporting.errors.title")
class UnknownQueryHasNoTitle(ChangesProblem):
    """Omits the title in the answer to an unknown id."""

    kind = "query-not-found"

    def changed(self, answer: Answer) -> Answer:
        answer.body = answer.body.replace(b'"title":"Query not found",', b"")
        return answer


@kills("akamai_reporting.errors.title")
class BadRequestHasAnEmptyTitle(ChangesProblem):
    """Has an empty title in the answer to a bad request."""

    kind = "invalid-request"

    def changed(self, answer: Answer) -> Answer:
        answer.body = answer.body.replace(b'"title":"Invalid request"', b'"title":""')
        return answer


@kills("akamai_reporting.errors.status")
class StatusIsAText(ChangesProblem):
    """Has a text as the status of a bad request."""

    kind = "invalid-request"

    def changed(self, answer: Answer) -> Answer:
        answer.body = answer.body.replace(b'"status":400', b'"status":"400"')
        return answer


@kills("akamai_reporting.errors.status")
class StatusDiffersFromTheAnswer(ChangesProblem):
    """Has the status 400 in the problem document of a 404 answer."""

    kind = "query-not-found"

    def changed(self, answer: Answer) -> Answer:
        answer.body = answer.body.replace(b'"status":404', b'"status":400')
        return answer


@kills("akamai_reporting.errors.status")
class StatusOfUnknownReportIsLost(ChangesProblem):
    """Omits the status in the answer to an unknown report."""

    kind = "report-not-found"

    def changed(self, answer: Answer) -> Answer:
        answer.body = answer.body.replace(b'"status":404,', b"")
        return answer
