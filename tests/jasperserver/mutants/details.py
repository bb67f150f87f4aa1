"""Servers that lie in the details of an execution."""

from __future__ import annotations

from typing import Any

from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.jasperserver.reference.faults import Refusal
from pytest_reportconformance.jasperserver.reference.negotiation import JSON, XML
from pytest_reportconformance.jasperserver.reference.people import Caller
from pytest_reportconformance.jasperserver.reference.state import Execution, Export
from pytest_reportconformance.serving import Answer
from tests.killing import kills

DETAILS = "jasperserver.details."
Members = dict[str, Any]


def is_read(caller: Caller) -> bool:
    """Whether details, and nothing else, are asked for."""
    return caller.call.method == "GET" and "reportExecutions" in caller.call.path.rstrip("/").split("/")[-2]


def in_xml(caller: Caller) -> bool:
    """Whether XML is asked for."""
    return caller.call.header("Accept") == XML


class _Read(Reference):
    """Changes the descriptor that a GET of the details answers."""

    def change(self, members: Members, execution: Execution, caller: Caller) -> None:
        raise NotImplementedError

    def execution_members(self, execution: Execution, caller: Caller) -> Members:
        members = super().execution_members(execution, caller)
        if is_read(caller):
            self.change(members, execution, caller)
        return members


class _ReadExports(_Read):
    """Changes the exports in the details."""

    def change_export(self, export: Members, number: int, execution: Execution, caller: Caller) -> None:
        raise NotImplementedError

    def change(self, members: Members, execution: Execution, caller: Caller) -> None:
        for number, export in enumerate(members.get("exports", [])):
            self.change_export(export, number, execution, caller)


@kills(DETAILS + "unknown-id", "jasperserver.delete.details-gone", "jasperserver.delete.running-gone")
class DescribesNobodys(Reference):
    """Describes an unknown execution as failed, in XML."""

    def read_details(self, caller: Caller, id: str) -> Answer:
        if id not in self.executions and in_xml(caller):
            return self.represent("reportExecution", {"requestId": id, "status": "failed"}, XML)
        return super().read_details(caller, id)


@kills(DETAILS + "unknown-id")
class GoneInJson(Reference):
    """Answers 410 instead of 404 to the details of an unknown execution, in JSON."""

    def read_details(self, caller: Caller, id: str) -> Answer:
        if id not in self.executions and not in_xml(caller):
            raise Refusal(410)
        return super().read_details(caller, id)


@kills(DETAILS + "same-request")
class NamesAnotherInXml(_Read):
    """Names another request id in the details in XML."""

    def change(self, members: Members, execution: Execution, caller: Caller) -> None:
        if in_xml(caller):
            members["requestId"] = members["requestId"][::-1]


@kills(DETAILS + "same-request")
class NamesTheLatest(_Read):
    """Names the latest execution of the same report in the details."""

    def change(self, members: Members, execution: Execution, caller: Caller) -> None:
        same = [one.id for one in list(self.executions.values()) if one.unit_uri == execution.unit_uri]
        if execution.unit_uri.endswith("runcounter") and same:
            members["requestId"] = same[-1]


@kills(DETAILS + "lists-output")
class ForgetsTheContentType(_ReadExports):
    """Leaves the content type out of the output resource, in XML."""

    def change_export(self, export: Members, number: int, execution: Execution, caller: Caller) -> None:
        if in_xml(caller) and "outputResource" in export:
            del export["outputResource"]["contentType"]
            export["outputResource"]["fileName"] = "x"


@kills(DETAILS + "lists-output")
class ListsNoExportInXml(_Read):
    """Lists no exports of a report of several pages in XML while it has but one."""

    def change(self, members: Members, execution: Execution, caller: Caller) -> None:
        if in_xml(caller) and len(execution.exports) == 1 and execution.unit_uri.endswith("multi"):
            del members["exports"]


@kills(DETAILS + "lists-attachments")
class NamesNoFiles(_ReadExports):
    """Lists attachments without their file names, in XML."""

    def change_export(self, export: Members, number: int, execution: Execution, caller: Caller) -> None:
        if in_xml(caller):
            export["attachments"] = [{"contentType": one["contentType"]} for one in export.get("attachments", [])]


@kills(DETAILS + "lists-attachments")
class TypesNoFiles(_ReadExports):
    """Lists the second attachment without its content type."""

    def change_export(self, export: Members, number: int, execution: Execution, caller: Caller) -> None:
        for one in export.get("attachments", [])[1:2]:
            del one["contentType"]


@kills(DETAILS + "attachments-html-only")
class AttachesToPdf(Reference):
    """Lists pictures as attachments of a pdf."""

    def attachment_members(self, execution: Execution, export: Export, caller: Caller) -> list[Members]:
        if export.options.format == "pdf" and execution.unit_uri.endswith("images"):
            return [{"contentType": "image/png", "fileName": "img_0_0_1.png"}]
        return super().attachment_members(execution, export, caller)


@kills(DETAILS + "attachments-html-only")
class AttachesToSheets(Reference):
    """Lists a style sheet as attachment of a workbook, in XML."""

    def attachment_members(self, execution: Execution, export: Export, caller: Caller) -> list[Members]:
        if export.options.format == "xlsx" and in_xml(caller):
            return [{"contentType": "text/css", "fileName": "x.css"}]
        return super().attachment_members(execution, export, caller)


@kills(DETAILS + "total-pages")
class CountsOneMore(_Read):
    """Counts one page more in the details."""

    def change(self, members: Members, execution: Execution, caller: Caller) -> None:
        if execution.unit_uri.endswith("multi") and "totalPages" in members:
            members["totalPages"] += 1


@kills(DETAILS + "total-pages")
class CountsFromZeroInXml(_Read):
    """Tells the index of the last page as the number of pages, in XML."""

    def change(self, members: Members, execution: Execution, caller: Caller) -> None:
        if in_xml(caller) and "totalPages" in members:
            members["totalPages"] -= 1


@kills(DETAILS + "total-pages")
class CountsNoSinglePages(_Read):
    """Does not count the page of the slow report."""

    def change(self, members: Members, execution: Execution, caller: Caller) -> None:
        if execution.unit_uri.endswith("slow"):
            members.pop("totalPages", None)


@kills(DETAILS + "current-page")
class CountsDown(_Read):
    """Counts the pages that are still to be made."""

    def change(self, members: Members, execution: Execution, caller: Caller) -> None:
        if "currentPage" in members:
            members["currentPage"] = len(execution.fill.pages()) - members["currentPage"]


@kills(DETAILS + "current-page")
class CountsBelowZero(_Read):
    """Shows a current page of -1 while the report runs."""

    def change(self, members: Members, execution: Execution, caller: Caller) -> None:
        if members["status"] == "execution" and execution.unit_uri.endswith("slowpages"):
            members["currentPage"] = -1


@kills(DETAILS + "output-when-ready")
class PromisesOutput(_ReadExports):
    """Shows an output resource of an export that is pending."""

    def change_export(self, export: Members, number: int, execution: Execution, caller: Caller) -> None:
        if export["status"] in ("queued", "execution"):
            export["outputResource"] = {"contentType": "text/html"}


@kills(DETAILS + "output-when-ready")
class PromisesFailedOutput(_ReadExports):
    """Shows an output resource of an export that failed, in XML."""

    def change_export(self, export: Members, number: int, execution: Execution, caller: Caller) -> None:
        if export["status"] == "failed" and in_xml(caller):
            export["outputResource"] = {"contentType": "text/html"}


@kills(DETAILS + "failed-error")
class FailsForNoReason(_Read):
    """Leaves out of the details in JSON why a report failed."""

    def change(self, members: Members, execution: Execution, caller: Caller) -> None:
        if not in_xml(caller):
            members.pop("errorDescriptor", None)


@kills(DETAILS + "failed-error")
class FailsForAnEmptyReason(_Read):
    """Tells a reason without code and message in XML, of a report that failed late."""

    def change(self, members: Members, execution: Execution, caller: Caller) -> None:
        if in_xml(caller) and "errorDescriptor" in members and execution.unit_uri.endswith("late"):
            members["errorDescriptor"] = {"errorUid": "1"}


@kills(DETAILS + "failed-exports", "jasperserver.export-status.agrees-with-details")
class ExportsOutliveFailure(Reference):
    """Shows the exports of a failed report as cancelled."""

    def export_members(self, execution: Execution, export: Export, caller: Caller) -> Members:
        members = super().export_members(execution, export, caller)
        if (
            is_read(caller)
            and execution.unit_uri.endswith(("failing", "failinglate"))
            and members["status"] == "failed"
        ):
            return {"id": export.id, "status": "cancelled"}
        return members


@kills(DETAILS + "lists-every-export")
class LosesAnExport(_Read):
    """Leaves the fourth export out of the details in XML."""

    def change(self, members: Members, execution: Execution, caller: Caller) -> None:
        if in_xml(caller) and len(members.get("exports", [])) > 4:
            del members["exports"][3]


@kills(DETAILS + "lists-every-export")
class ListsTwelve(_Read):
    """Lists no more than twelve exports, the latest ones."""

    def change(self, members: Members, execution: Execution, caller: Caller) -> None:
        if len(members.get("exports", [])) > 12:
            members["exports"] = members["exports"][-12:]


@kills(DETAILS + "lists-every-export")
class RenumbersExports(_Read):
    """Lists the latest export under another id than the one that it was answered with."""

    def change(self, members: Members, execution: Execution, caller: Caller) -> None:
        if len(members.get("exports", [])) > 10:
            members["exports"][-1]["id"] += "-2"


@kills(DETAILS + "export-ids-distinct")
class ListsTwice(_Read):
    """Lists the latest export twice, in XML."""

    def change(self, members: Members, execution: Execution, caller: Caller) -> None:
        if in_xml(caller) and len(members.get("exports", [])) > 2:
            members["exports"].append(members["exports"][-1])


@kills(DETAILS + "absent-not-null")
class WritesNull(_Read):
    """Writes null for the error of a report that did not fail."""

    def change(self, members: Members, execution: Execution, caller: Caller) -> None:
        if not in_xml(caller):
            members.setdefault("errorDescriptor", None)


@kills(DETAILS + "absent-not-null")
class WritesNullOfPendingExports(_ReadExports):
    """Writes null for the output resource of an export that is pending or failed."""

    def change_export(self, export: Members, number: int, execution: Execution, caller: Caller) -> None:
        if not in_xml(caller):
            export.setdefault("outputResource", None)


@kills(DETAILS + "arrays")
class WritesOneExportBare(_Read):
    """Writes a single export of the report of several pages without its array."""

    def change(self, members: Members, execution: Execution, caller: Caller) -> None:
        single = len(members.get("exports", [])) == 1 and execution.unit_uri.endswith("multi")
        if single and caller.call.header("Accept") == JSON:
            members["exports"] = members["exports"][0]


@kills(DETAILS + "arrays")
class WritesAttachmentsByName(_ReadExports):
    """Writes attachments as an object by name."""

    def change_export(self, export: Members, number: int, execution: Execution, caller: Caller) -> None:
        if not in_xml(caller) and "attachments" in export:
            export["attachments"] = {one["fileName"]: one for one in export["attachments"]}
