"""Refusals: problem documents (RFC 9457) with the vendor's members, and the form of all JSON answers."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pytest_reportconformance.akamai_reporting.reference.core import Core
from pytest_reportconformance.http.server import Answer

ERROR_TYPES = "/reporting-api/error-types"


class Refusal(Exception):
    """Ends the handling of a call with an answer."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


@dataclass(frozen=True)
class Fault:
    """One fault of a request: the part of the request, and a description."""

    part: str
    title: str
    detail: str


class Problems(Core):
    """How answers and refusals are written."""

    def json_media_type(self) -> str:
        """The Content-Type of JSON answers that are no problem."""
        return "application/json"

    def problem_media_type(self) -> str:
        """The Content-Type of problem documents."""
        return "application/problem+json"

    def encoded(self, document: Any) -> bytes:
        """A document as bytes of JSON."""
        return json.dumps(document, separators=(",", ":")).encode()

    def json_answer(self, document: Any, status: int = 200) -> Answer:
        """A document as an answer."""
        return Answer(status, self.encoded(document), [("Content-Type", self.json_media_type())])

    def problem_id(self) -> str:
        """The id of one occurrence."""
        return str(uuid.uuid4())

    def problem_status(self, status: int) -> int:
        """The member `status` of a problem that is answered with that status code."""
        return status

    def problem_document(self, status: int, kind: str, title: str, detail: str) -> dict[str, Any]:
        """A problem document; `kind` is the last segment of its type."""
        return {
            "type": f"{ERROR_TYPES}/{kind}",
            "title": title,
            "status": self.problem_status(status),
            "detail": detail,
            "problemId": self.problem_id(),
        }

    def problem(self, status: int, kind: str, title: str, detail: str, **more: Any) -> Answer:
        """A problem document as an answer, with `more` members."""
        document = self.problem_document(status, kind, title, detail) | more
        return Answer(status, self.encoded(document), [("Content-Type", self.problem_media_type())])

    def error_entry(self, fault: Fault) -> dict[str, str]:
        """One fault as an item of `errors`."""
        return {"type": fault.part, "title": fault.title, "detail": fault.detail}

    def error_entries(self, faults: Iterable[Fault]) -> list[dict[str, str]]:
        """The member `errors`."""
        return [self.error_entry(fault) for fault in faults]

    def invalid_request(self, faults: list[Fault]) -> Answer:
        """400: the request does not fit the report."""
        detail = "; ".join(fault.detail for fault in faults)
        entries = self.error_entries(faults)
        return self.problem(400, "invalid-request", "Invalid request", detail, errors=entries)

    def out_of_scope(self) -> Answer:
        """403: the client lacks the scope."""
        detail = "The client lacks the scope REPORTING_REPORTS_EXECUTOR_CORE_READ"
        return self.problem(403, "unauthorized", "Unauthorized", detail)

    def report_forbidden(self, path: str) -> Answer:
        """403: the account may not use the report."""
        return self.problem(403, "unauthorized", "Unauthorized", f"No permission for report '/{path}'")

    def objects_forbidden(self, objects: Iterable[str]) -> Answer:
        """403: a filter names objects that the client may not see."""
        detail = f"No permission for objects [{','.join(objects)}]"
        return self.problem(403, "unauthorized-objects", "Unauthorized objects", detail)

    def report_not_found(self, path: str) -> Answer:
        """404: no such report, area or family."""
        return self.problem(404, "report-not-found", "Report not found", f"No report '/{path}'")

    def query_not_found(self) -> Answer:
        """404: no such query here."""
        return self.problem(404, "query-not-found", "Query not found", "The query does not exist")

    def resource_not_found(self) -> Answer:
        """404: nothing has this path."""
        return self.problem(404, "resource-not-found", "Resource not found", "The path names no resource")

    def method_not_allowed(self, allowed: tuple[str, ...]) -> Answer:
        """405 with Allow (RFC 9110 section 15.5.6)."""
        answer = self.problem(405, "method-not-allowed", "Method not allowed", f"Allowed: {', '.join(allowed)}")
        return answer.replace("Allow", ", ".join(allowed))

    def not_acceptable(self, offered: tuple[str, ...]) -> Answer:
        """406: none of the offered media types is acceptable."""
        return self.problem(406, "not-acceptable", "Not acceptable", f"Offered: {', '.join(offered)}")

    def unsupported_media_type(self) -> Answer:
        """415: the body is not JSON."""
        return self.problem(415, "unsupported-media-type", "Unsupported media type", "The body is not application/json")

    def cost_exceeded(self, cost: int, maximum: int) -> Answer:
        """422: the query would cost too much."""
        detail = f"The query costs {cost}, the maximum is {maximum}"
        return self.problem(422, "query-cost-exceeded", "Query cost exceeded", detail)
