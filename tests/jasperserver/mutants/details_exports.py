"""Servers with faults in the exports and attachments of the details."""

from __future__ import annotations

from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.options import DEFAULT_PREFIX
from pytest_reportconformance.jasperserver.reference.state import Execution, Export
from tests.jasperserver.faults import ChangedDetails, ChangedExports, Members, asks_plain_xml, reads_details
from tests.mutation.kill_matrix import kills


@kills("jasperserver.details.lists-attachments")
class NamesNoFiles(ChangedExports):
    """Lists attachments without their file names, in XML."""

    def change_export(self, export: Members, number: int, execution: Execution, caller: Caller) -> None:
        if asks_plain_xml(caller):
            export["attachments"] = [{"contentType": one["contentType"]} for one in export.get("attachments", [])]


@kills("jasperserver.details.lists-attachments")
class TypesNoFiles(ChangedExports):
    """Lists the second attachment without its content type."""

    def change_export(self, export: Members, number: int, execution: Execution, caller: Caller) -> None:
        for one in export.get("attachments", [])[1:2]:
            del one["contentType"]


@kills("jasperserver.details.attachments-html-only")
class AttachesToPdf(Reference):
    """Lists pictures as attachments of a PDF."""

    def attachment_members(self, execution: Execution, export: Export, caller: Caller) -> list[Members]:
        if export.options.format == "pdf" and execution.unit_uri.endswith("images"):
            return [{"contentType": "image/png", "fileName": "img_0_0_1.png"}]
        return super().attachment_members(execution, export, caller)


@kills("jasperserver.details.attachments-html-only")
class AttachesToSheets(Reference):
    """Lists a style sheet as an attachment of a workbook, in XML."""

    def attachment_members(self, execution: Execution, export: Export, caller: Caller) -> list[Members]:
        if export.options.format == "xlsx" and asks_plain_xml(caller):
            return [{"contentType": "text/css", "fileName": "x.css"}]
        return super().attachment_members(execution, export, caller)


@kills(
    "jasperserver.details.output-when-ready",
    "jasperserver.output.content-type",
)
class PromisesOutput(ChangedExports):
    """Describes an output resource of a pending export."""

    def change_export(self, export: Members, number: int, execution: Execution, caller: Caller) -> None:
        if export["status"] in ("queued", "execution"):
            export["outputResource"] = {"contentType": "text/html"}


@kills("jasperserver.details.output-when-ready")
class PromisesFailedOutput(ChangedExports):
    """Describes an output resource of a failed export, in XML."""

    def change_export(self, export: Members, number: int, execution: Execution, caller: Caller) -> None:
        if export["status"] == "failed" and asks_plain_xml(caller):
            export["outputResource"] = {"contentType": "text/html"}


@kills("jasperserver.details.failed-exports", "jasperserver.export-status.agrees-with-details")
class ExportsOutliveFailure(Reference):
    """Reports the exports of a failed report as cancelled."""

    def export_members(self, execution: Execution, export: Export, caller: Caller) -> Members:
        members = super().export_members(execution, export, caller)
        if (
            reads_details(caller)
            and execution.unit_uri.endswith(("failing", "failinglate"))
            and members["status"] == "failed"
        ):
            return {"id": export.id, "status": "cancelled"}
        return members


@kills("jasperserver.details.lists-every-export", "jasperserver.negotiation.json-and-xml-agree")
class LosesAnExport(ChangedDetails):
    """Omits the fourth export from the details in XML."""

    def change(self, members: Members, execution: Execution, caller: Caller) -> None:
        if asks_plain_xml(caller) and len(members.get("exports", [])) > 4:
            del members["exports"][3]


@kills(
    "jasperserver.details.lists-every-export",
    "jasperserver.details.repeatable",
)
class ListsTwelve(ChangedDetails):
    """Lists only the latest twelve exports."""

    def change(self, members: Members, execution: Execution, caller: Caller) -> None:
        if len(members.get("exports", [])) > 12:
            members["exports"] = members["exports"][-12:]


@kills("jasperserver.details.lists-every-export")
class RenumbersExports(ChangedDetails):
    """Lists the latest export under another id than the answer to the export."""

    def change(self, members: Members, execution: Execution, caller: Caller) -> None:
        if len(members.get("exports", [])) > 10:
            members["exports"][-1]["id"] += "-2"


@kills("jasperserver.details.export-ids-distinct", "jasperserver.negotiation.json-and-xml-agree")
class ListsTwice(ChangedDetails):
    """Lists the latest export twice, in XML."""

    def change(self, members: Members, execution: Execution, caller: Caller) -> None:
        if asks_plain_xml(caller) and len(members.get("exports", [])) > 2:
            members["exports"].append(members["exports"][-1])


@kills("jasperserver.details.lists-attachments")
class ForgetsFilesOfAPrefix(ChangedExports):
    """Lists no attachments, in XML, of HTML that was exported later with a prefix of its own."""

    def change_export(self, export: Members, number: int, execution: Execution, caller: Caller) -> None:
        options = execution.exports[export["id"]].options
        if asks_plain_xml(caller) and number and options.attachments_prefix != DEFAULT_PREFIX:
            export.pop("attachments", None)
