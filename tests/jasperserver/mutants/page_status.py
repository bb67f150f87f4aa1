"""Servers with faults in the status of pages."""

from __future__ import annotations

from typing import Any

from pytest_reportconformance.http.server import Answer
from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.jasperserver.reference.faults import Refusal
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.negotiation import JSON, STATUS_JSON
from pytest_reportconformance.jasperserver.reference.options import PageRange
from pytest_reportconformance.jasperserver.reference.state import Execution, Export
from tests.jasperserver.faults import accept_header
from tests.mutation.kill_matrix import kills


@kills("jasperserver.page-status.accepted")
class OffersPagesInPlainJsonOnly(Reference):
    """Offers the page status only as application/json."""

    def offered(self, kind: str, caller: Caller) -> Any:
        return (JSON,) if kind == "pageStatus" else super().offered(kind, caller)


@kills(
    "jasperserver.page-status.accepted",
    "jasperserver.status.agrees-with-details",
    "jasperserver.status.final-unchanged",
)
class ListsPageStatuses(Reference):
    """Wraps the application/status+json status of a page in an array."""

    def read_page_status(self, caller: Caller, id: str, pages: str) -> Answer:
        answer = super().read_page_status(caller, id, pages)
        if accept_header(caller) == STATUS_JSON:
            return Answer(200, b"[%s]" % answer.body, answer.headers)
        return answer


@kills("jasperserver.page-status.media-type")
class CallsPageStatusPlain(Reference):
    """Sends the status of a page as application/json, whatever media type is asked for."""

    def content_type(self, kind: str, media: str) -> str:
        return JSON if kind == "pageStatus" else super().content_type(kind, media)


@kills("jasperserver.page-status.plain-json")
class RefusesPlainJson(Reference):
    """Answers 406 to the status of a page as application/json."""

    def offered(self, kind: str, caller: Caller) -> Any:
        return (STATUS_JSON,) if kind == "pageStatus" else super().offered(kind, caller)


@kills("jasperserver.page-status.unknown-id", "jasperserver.delete.everything-gone")
class HasPagesOfUnknown(Reference):
    """Reports the pages of an unknown execution as final."""

    def read_page_status(self, caller: Caller, id: str, pages: str) -> Answer:
        if id not in self.executions:
            members = {"reportStatus": "ready", "pageFinal": True, "pageTimestamp": 0}
            return self.represent("pageStatus", members, accept_header(caller) or STATUS_JSON)
        return super().read_page_status(caller, id, pages)


@kills("jasperserver.page-status.unknown-id", "jasperserver.delete.everything-gone")
class RejectsPagesOfUnknown(Reference):
    """Answers 400 instead of 404 to the page status of an unknown execution."""

    def read_page_status(self, caller: Caller, id: str, pages: str) -> Answer:
        if id not in self.executions:
            raise Refusal(400)
        return super().read_page_status(caller, id, pages)


class _Members(Reference):
    """Changes the members of a page status."""

    def change(self, members: dict[str, Any], execution: Execution, page: int, caller: Caller) -> None:
        raise NotImplementedError

    def page_status_members(self, execution: Execution, wanted: PageRange, caller: Caller) -> dict[str, Any]:
        members = super().page_status_members(execution, wanted, caller)
        self.change(members, execution, wanted.last, caller)
        return members


@kills("jasperserver.page-status.members")
class HasNoTimestamp(_Members):
    """Omits the timestamp from the page status in plain JSON."""

    def change(self, members: dict[str, Any], execution: Execution, page: int, caller: Caller) -> None:
        if accept_header(caller) == JSON:
            members.pop("pageTimestamp", None)


@kills("jasperserver.page-status.members")
class WritesTimestampAsText(_Members):
    """Writes the timestamp as an ISO 8601 date while the report runs."""

    def change(self, members: dict[str, Any], execution: Execution, page: int, caller: Caller) -> None:
        if members["reportStatus"] == "execution":
            members["pageTimestamp"] = "2026-01-01T00:00:00Z"


@kills("jasperserver.page-status.members")
class MisspellsTheReportStatus(_Members):
    """Returns the report status `running` while the report runs."""

    def change(self, members: dict[str, Any], execution: Execution, page: int, caller: Caller) -> None:
        if members["reportStatus"] == "execution":
            members["reportStatus"] = "running"


@kills("jasperserver.page-status.final")
class MiddlePageIsNeverFinal(_Members):
    """Never reports the fourth page as final."""

    def change(self, members: dict[str, Any], execution: Execution, page: int, caller: Caller) -> None:
        if page == 4:
            members["pageFinal"] = False


@kills(
    "jasperserver.page-status.final",
    "jasperserver.status.agrees-with-details",
    "jasperserver.status.final-unchanged",
)
class LastPageLags(_Members):
    """Returns the report status `execution` of a finished report with its last page."""

    def change(self, members: dict[str, Any], execution: Execution, page: int, caller: Caller) -> None:
        if page == 7:
            members["reportStatus"] = "execution"


@kills("jasperserver.page-status.final")
class PlainPageIsNotFinal(_Members):
    """Reports the pages of a finished report as not final in plain JSON."""

    def change(self, members: dict[str, Any], execution: Execution, page: int, caller: Caller) -> None:
        if accept_header(caller) == JSON:
            members["pageFinal"] = False


@kills(
    "jasperserver.page-status.final",
    "jasperserver.page-status.accepted",
    "jasperserver.page-status.plain-json",
)
class KnowsNoLastPage(Reference):
    """Answers 404 to the last page because it counts pages from zero."""

    def pages_exist(self, execution: Execution, wanted: PageRange) -> bool:
        return super().pages_exist(execution, PageRange("", wanted.first, wanted.last + 1))


@kills("jasperserver.page-status.while-running")
class WaitsForTheWholeReport(Reference):
    """Returns the status of a page only after the report is finished."""

    def wait_for_pages(self, execution: Execution, wanted: PageRange) -> None:
        self.wait_for_report(execution)


@kills(
    "jasperserver.page-status.while-running",
    "jasperserver.page-status.accepted",
)
class RefusesPagesOfRunningReports(Reference):
    """Answers 409 to the status of a page while the report runs."""

    def wait_for_pages(self, execution: Execution, wanted: PageRange) -> None:
        if execution.fill.status(self.clock()) == "execution":
            raise Refusal(409)


@kills("jasperserver.page-status.unfinished-page-not-final")
class PromisesPages(_Members):
    """Reports every page as final as soon as it is asked for."""

    def wait_for_pages(self, execution: Execution, wanted: PageRange) -> None:
        return

    def change(self, members: dict[str, Any], execution: Execution, page: int, caller: Caller) -> None:
        members |= {"pageFinal": True, "pageTimestamp": 0}


@kills("jasperserver.page-status.finished-page-downloadable")
class HoldsPagesBack(Reference):
    """Delivers the output of the first page only after the report is finished."""

    def await_output(self, execution: Execution, export: Export, caller: Caller) -> None:
        self.wait_for_report(execution)
        super().await_output(execution, export, caller)


@kills("jasperserver.page-status.finished-page-downloadable")
class DeliversTheNextPage(Reference):
    """Delivers the second page if the first one is asked for."""

    def output_pages(self, execution: Execution, export: Export, caller: Caller) -> Any:
        pages = super().output_pages(execution, export, caller)
        if export.options.pages and export.options.pages.last == 1 and execution.unit_uri.endswith("slowpages"):
            return [(1, execution.fill.pages()[1])]
        return pages


@kills(
    "jasperserver.page-status.page-past-end",
    "jasperserver.contract.page-status-body",
)
class HasPagesPastTheEnd(Reference):
    """Returns a status for pages past the end."""

    def pages_exist(self, execution: Execution, wanted: PageRange) -> bool:
        return True


@kills("jasperserver.page-status.bad-page")
class TakesWordsForPages(Reference):
    """Answers 404 to the status of a page that is not a number."""

    def requested_pages(self, text: str) -> PageRange | None:
        return super().requested_pages(text) if text[0].isdigit() else None


@kills("jasperserver.page-status.page-range")
class KnowsNoRanges(Reference):
    """Answers 404 to the status of a range of pages."""

    def requested_pages(self, text: str) -> PageRange | None:
        return None if "-" in text else super().requested_pages(text)
