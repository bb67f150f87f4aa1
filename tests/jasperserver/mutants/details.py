"""Servers with faults in the details of an execution."""

from __future__ import annotations

from pytest_reportconformance.http.server import Answer
from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.jasperserver.reference.faults import Refusal
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.negotiation import JSON, XML
from pytest_reportconformance.jasperserver.reference.state import Execution
from tests.jasperserver.faults import ChangedDetails, ChangedExports, Members, accept_header, asks_plain_xml
from tests.mutation.kill_matrix import kills


@kills("jasperserver.details.unknown-id", "jasperserver.delete.details-gone")
class DescribesUnknown(Reference):
    """Describes an unknown execution as failed, in XML."""

    def read_details(self, caller: Caller, id: str) -> Answer:
        if id not in self.executions and asks_plain_xml(caller):
            return self.represent("reportExecution", {"requestId": id, "status": "failed"}, XML)
        return super().read_details(caller, id)


@kills("jasperserver.details.unknown-id", "jasperserver.delete.details-gone", "jasperserver.delete.running-gone")
class GoneInJson(Reference):
    """Answers 410 instead of 404 to the details of an unknown execution, in JSON."""

    def read_details(self, caller: Caller, id: str) -> Answer:
        if id not in self.executions and not asks_plain_xml(caller):
            raise Refusal(410)
        return super().read_details(caller, id)


@kills("jasperserver.details.same-request", "jasperserver.negotiation.json-and-xml-agree")
class NamesAnotherInXml(ChangedDetails):
    """Returns another request id in the details in XML."""

    def change(self, members: Members, execution: Execution, caller: Caller) -> None:
        if asks_plain_xml(caller):
            members["requestId"] = members["requestId"][::-1]


@kills("jasperserver.details.same-request")
class NamesTheLatest(ChangedDetails):
    """Returns the id of the latest execution of the same report in the details."""

    def change(self, members: Members, execution: Execution, caller: Caller) -> None:
        same = [one.id for one in list(self.executions.values()) if one.unit_uri == execution.unit_uri]
        if execution.unit_uri.endswith("runcounter") and same:
            members["requestId"] = same[-1]


@kills(
    "jasperserver.details.lists-output",
    "jasperserver.details.repeatable",
    "jasperserver.negotiation.json-and-xml-agree",
)
class ForgetsTheContentType(ChangedExports):
    """Omits the content type of the output resource, in XML."""

    def change_export(self, export: Members, number: int, execution: Execution, caller: Caller) -> None:
        if asks_plain_xml(caller) and "outputResource" in export:
            del export["outputResource"]["contentType"]
            export["outputResource"]["fileName"] = "x"


@kills("jasperserver.details.lists-output", "jasperserver.negotiation.json-and-xml-agree")
class ListsNoExportInXml(ChangedDetails):
    """Lists no exports in XML if a report of several pages has only one."""

    def change(self, members: Members, execution: Execution, caller: Caller) -> None:
        if asks_plain_xml(caller) and len(execution.exports) == 1 and execution.unit_uri.endswith("multi"):
            del members["exports"]


@kills("jasperserver.details.total-pages")
class CountsOneMore(ChangedDetails):
    """Counts one page too many in the details."""

    def change(self, members: Members, execution: Execution, caller: Caller) -> None:
        if execution.unit_uri.endswith("multi") and "totalPages" in members:
            members["totalPages"] += 1


@kills(
    "jasperserver.details.total-pages",
    "jasperserver.details.repeatable",
    "jasperserver.negotiation.json-and-xml-agree",
)
class CountsFromZeroInXml(ChangedDetails):
    """Returns the index of the last page as the number of pages, in XML."""

    def change(self, members: Members, execution: Execution, caller: Caller) -> None:
        if asks_plain_xml(caller) and "totalPages" in members:
            members["totalPages"] -= 1


@kills("jasperserver.details.total-pages")
class CountsNoSinglePages(ChangedDetails):
    """Omits the number of pages of the slow report."""

    def change(self, members: Members, execution: Execution, caller: Caller) -> None:
        if execution.unit_uri.endswith("slow"):
            members.pop("totalPages", None)


@kills("jasperserver.details.current-page")
class CountsDown(ChangedDetails):
    """Returns the number of remaining pages as the current page."""

    def change(self, members: Members, execution: Execution, caller: Caller) -> None:
        if "currentPage" in members:
            members["currentPage"] = len(execution.fill.pages()) - members["currentPage"]


@kills("jasperserver.details.current-page")
class CountsBelowZero(ChangedDetails):
    """Returns a current page of -1 while the report runs."""

    def change(self, members: Members, execution: Execution, caller: Caller) -> None:
        if members["status"] == "execution" and execution.unit_uri.endswith("slowpages"):
            members["currentPage"] = -1


@kills("jasperserver.details.failed-error")
class FailsForNoReason(ChangedDetails):
    """Omits the error of a failed report from the details in JSON."""

    def change(self, members: Members, execution: Execution, caller: Caller) -> None:
        if not asks_plain_xml(caller):
            members.pop("errorDescriptor", None)


@kills("jasperserver.details.failed-error")
class FailsForAnEmptyReason(ChangedDetails):
    """Returns an error without code and message in XML, for a report that failed late."""

    def change(self, members: Members, execution: Execution, caller: Caller) -> None:
        if asks_plain_xml(caller) and "errorDescriptor" in members and execution.unit_uri.endswith("late"):
            members["errorDescriptor"] = {"errorUid": "1"}


@kills("jasperserver.details.absent-not-null")
class WritesNull(ChangedDetails):
    """Writes null as the error of a report that did not fail."""

    def change(self, members: Members, execution: Execution, caller: Caller) -> None:
        if not asks_plain_xml(caller):
            members.setdefault("errorDescriptor", None)


@kills("jasperserver.details.absent-not-null")
class WritesNullOfPendingExports(ChangedExports):
    """Writes null as the output resource of a pending or failed export."""

    def change_export(self, export: Members, number: int, execution: Execution, caller: Caller) -> None:
        if not asks_plain_xml(caller):
            export.setdefault("outputResource", None)


@kills("jasperserver.details.arrays")
class WritesOneExportBare(ChangedDetails):
    """Writes a single export of the report of several pages without its array."""

    def change(self, members: Members, execution: Execution, caller: Caller) -> None:
        single = len(members.get("exports", [])) == 1 and execution.unit_uri.endswith("multi")
        if single and accept_header(caller) == JSON:
            members["exports"] = members["exports"][0]


@kills("jasperserver.details.arrays")
class WritesAttachmentsByName(ChangedExports):
    """Writes attachments as an object with their names as keys."""

    def change_export(self, export: Members, number: int, execution: Execution, caller: Caller) -> None:
        if not asks_plain_xml(caller) and "attachments" in export:
            export["attachments"] = {one["fileName"]: one for one in export["attachments"]}
