"""From a call to what it selects: every fault of a request is found before anything is made (400)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pytest_reportconformance.akamai_reporting.reference.catalogue import Report
from pytest_reportconformance.akamai_reporting.reference.filters import Filters
from pytest_reportconformance.akamai_reporting.reference.problems import Fault, Refusal
from pytest_reportconformance.akamai_reporting.reference.selection import Selection, SortBy
from pytest_reportconformance.http.server import Call

MEMBERS = ("metrics", "dimensions", "filters", "sortBys", "limit")
ORDERS = ("ASCENDING", "DESCENDING")


def chosen(body: dict[str, Any], member: str, default: tuple[str, ...]) -> tuple[str, ...]:
    """The names that a request asks for, the report's default if it asks for none."""
    return tuple(body.get(member) or default)


class Validation(Filters):
    """Reads and judges requests for data."""

    def is_asynchronous(self, call: Call) -> bool:
        """Whether the call requests the asynchronous mode."""
        return call.argument("async") == "true"

    def body_of(self, call: Call) -> dict[str, Any]:
        """The body as an object; no body is an empty one. Refuses anything else than a JSON object with 415 or 400."""
        if not call.body.strip():
            return {}
        if not self.is_json_type(call.header("Content-Type")):
            raise Refusal(self.unsupported_media_type())
        try:
            body = call.json()
        except (ValueError, RecursionError):
            raise Refusal(self.invalid_request([Fault("body", "Malformed body", "The body is not JSON")])) from None
        if not isinstance(body, dict):
            raise Refusal(self.invalid_request([Fault("body", "Malformed body", "The body is not an object")]))
        return body

    def is_json_type(self, content_type: str) -> bool:
        """Whether a body of that Content-Type is read; one without is taken to be JSON."""
        return content_type.partition(";")[0].strip().lower() in ("", "application/json")

    def selection_of(self, call: Call, report: Report) -> Selection:
        """What the call selects; refuses with 400 if it does not fit the report."""
        body = self.body_of(call)
        faults = [*self.faults_of_parameters(call, report), *self.faults_of_body(body, report)]
        if faults:
            raise Refusal(self.invalid_request(faults))
        return Selection(
            report,
            self.period_of(call, report),
            chosen(body, "metrics", report.default_metrics),
            chosen(body, "dimensions", report.default_dimensions),
            tuple(self.filter_of(item) for item in body.get("filters", ())),
            tuple(SortBy(item["name"], item["sortOrder"]) for item in body.get("sortBys", ())),
            body.get("limit"),
            self.page_size_of(call, report),
            body,
        )

    def page_size_of(self, call: Call, report: Report) -> int:
        """How many rows a page has: the requested number, else the report's limit of data points."""
        return int(call.argument("pageSize") or report.data_points)

    def faults_of_parameters(self, call: Call, report: Report) -> Iterator[Fault]:
        """Everything wrong with the query parameters."""
        yield from self.validate_async(call.argument("async"))
        yield from self.validate_page_size(call.argument("pageSize"))
        yield from self.validate_period(call, report)

    def faults_of_body(self, body: dict[str, Any], report: Report) -> Iterator[Fault]:
        """Everything wrong with the body."""
        yield from self.validate_members(body)
        yield from self.validate_metrics(report, body.get("metrics", []))
        yield from self.validate_dimensions(report, body.get("dimensions", []))
        yield from self.validate_filters(report, body.get("filters", []))
        yield from self.validate_sort_bys(report, body)
        yield from self.validate_limit(body.get("limit", 0))

    def validate_async(self, text: str | None) -> Iterator[Fault]:
        """A boolean."""
        if text not in (None, "true", "false"):
            yield Fault("async", "Invalid parameter", "async is neither true nor false")

    def validate_page_size(self, text: str | None) -> Iterator[Fault]:
        """A whole number of at least one."""
        if text is not None and not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) > 0):
            yield Fault("pageSize", "Invalid parameter", "pageSize is not a positive integer")

    def validate_members(self, body: dict[str, Any]) -> Iterator[Fault]:
        """No members but the documented ones."""
        for name in body:
            if name not in MEMBERS:
                yield Fault("body", "Unknown member", f"A request has no member '{name}'")

    def validate_names(self, part: str, names: Any) -> Iterator[Fault]:
        """An array of unique texts."""
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            yield Fault(part, f"Invalid {part}", f"{part} is not an array of names")
        elif len(set(names)) < len(names):
            yield Fault(part, f"Invalid {part}", f"{part} names something twice")

    def validate_metrics(self, report: Report, names: Any) -> Iterator[Fault]:
        """Metrics of this report."""
        yield from self.validate_names("metrics", names)
        for name in names if isinstance(names, list) else ():
            if report.metric(name) is None:
                yield Fault("metrics", "Unsupported metric", f"The report has no metric '{name}'")

    def validate_dimensions(self, report: Report, names: Any) -> Iterator[Fault]:
        """Dimensions of this report, no more than it allows."""
        yield from self.validate_names("dimensions", names)
        for name in names if isinstance(names, list) else ():
            if report.dimension(name) is None:
                yield Fault("dimensions", "Unsupported dimension", f"The report has no dimension '{name}'")
        yield from self.validate_dimension_count(report, names)

    def validate_dimension_count(self, report: Report, names: Any) -> Iterator[Fault]:
        """No more dimensions than the report allows."""
        if isinstance(names, list) and len(names) > report.maximum_dimensions:
            yield Fault("dimensions", "Too many dimensions", f"More than {report.maximum_dimensions}")

    def validate_sort_bys(self, report: Report, body: dict[str, Any]) -> Iterator[Fault]:
        """Each names a column of the result and one of the two directions."""
        items = body.get("sortBys", [])
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            yield Fault("sortBys", "Invalid sortBys", "sortBys is not an array of objects")
            return
        columns = (
            body.get("metrics") or [*report.default_metrics],
            body.get("dimensions") or report.default_dimensions,
        )
        for item in items:
            if not any(item.get("name") in names for names in columns if isinstance(names, list | tuple)):
                yield Fault("sortBys", "Unsupported column", f"The result has no column '{item.get('name')}'")
            if item.get("sortOrder") not in ORDERS or len(item) != 2:
                yield Fault("sortBys", "Invalid sortOrder", "sortOrder is neither ASCENDING nor DESCENDING")

    def validate_limit(self, limit: Any) -> Iterator[Fault]:
        """A whole number, not negative."""
        if isinstance(limit, bool) or not isinstance(limit, int) or limit < 0:
            yield Fault("limit", "Invalid limit", "limit is not an integer of at least 0")
