"""Servers whose descriptors of runs, exports and details contradict each other."""

from __future__ import annotations

from typing import Any

from pytest_reportconformance.http.server import Answer
from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.state import Execution, Export
from tests.jasperserver.faults import ChangedDetails, ChangedExports, Members, asks_plain_xml, is_first, is_of
from tests.mutation.kill_matrix import kills


@kills(
    "jasperserver.status.running",
    "jasperserver.details.total-pages",
    "jasperserver.status.agrees-with-details",
    "jasperserver.status.final-unchanged",
)
class CallsRunningDetailsReady(ChangedDetails):
    """Reports a running report as ready in its details in XML."""

    def change(self, members: Members, execution: Execution, caller: Caller) -> None:
        if asks_plain_xml(caller) and members["status"] == "execution":
            members["status"] = "ready"


@kills(
    "jasperserver.status.agrees-with-details",
    "jasperserver.status.final-unchanged",
)
class CallsCancelledFailed(ChangedDetails):
    """Reports a cancelled report as failed in its details."""

    def change(self, members: Members, execution: Execution, caller: Caller) -> None:
        if members["status"] == "cancelled":
            members["status"] = "failed"


@kills("jasperserver.status.error-means-failed")
class HasAnErrorAlthoughReady(ChangedDetails):
    """Shows an error in the details of a report of several pages that is ready."""

    def change(self, members: Members, execution: Execution, caller: Caller) -> None:
        if members["status"] == "ready" and is_of(execution, "multi"):
            members["errorDescriptor"] = {"errorCode": "generic.error.message", "message": "Something happened."}


@kills(
    "jasperserver.export-status.agrees-with-details",
    "jasperserver.details.repeatable",
)
class QueuesInDetails(ChangedExports):
    """Reports the export of a slow report as `execution` in the details after it was downloaded."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.sent: set[str] = set()

    def output_body(self, execution: Execution, export: Export, caller: Caller) -> bytes:
        self.sent.add(export.id)
        return super().output_body(execution, export, caller)

    def change_export(self, export: Members, number: int, execution: Execution, caller: Caller) -> None:
        if is_of(execution, "slow") and export["id"] in self.sent:
            export["status"] = "execution"
            export.pop("outputResource", None)


@kills("jasperserver.details.lists-attachments")
class AttachesToTheFirstOnly(ChangedExports):
    """Omits the attachments of later HTML exports from the details if there are several."""

    def change_export(self, export: Members, number: int, execution: Execution, caller: Caller) -> None:
        if number > 0:
            export.pop("attachments", None)


@kills("jasperserver.negotiation.json-and-xml-agree")
class AttachesLessInXml(ChangedExports):
    """Omits the last of several attachments in XML."""

    def change_export(self, export: Members, number: int, execution: Execution, caller: Caller) -> None:
        if asks_plain_xml(caller) and len(export.get("attachments", [])) > 1:
            export["attachments"] = export["attachments"][:-1]


@kills("jasperserver.run.export-id")
class AnnouncesOtherExports(Reference):
    """Answers a run of several pages with an export id that the details never list."""

    def run(self, caller: Caller) -> Answer:
        answer = super().run(caller)
        execution = next((one for one in list(self.executions.values()) if one.id.encode() in answer.body), None)
        faulty = b'"async": true' in caller.call.body and b'"1-' not in caller.call.body
        if faulty and execution and is_of(execution, "multi"):
            for export in list(execution.exports):
                answer.body = answer.body.replace(export.encode(), export[::-1].encode())
        return answer


class _Answered(Reference):
    """Changes the descriptor that answers an export."""

    def change(self, members: Members, execution: Execution, export: Export, caller: Caller) -> None:
        raise NotImplementedError

    def export_members(self, execution: Execution, export: Export, caller: Caller) -> Members:
        members = super().export_members(execution, export, caller)
        if caller.call.method == "POST" and not is_first(execution, export):
            self.change(members, execution, export, caller)
        return members


@kills("jasperserver.export.reaches-ready")
class FailsAtFirst(_Answered):
    """Answers an export as DOCX with the status failed, and completes it."""

    def change(self, members: Members, execution: Execution, export: Export, caller: Caller) -> None:
        if export.options.format == "docx":
            members["status"] = "failed"


@kills("jasperserver.export.id-and-status")
class HidesStatusInXml(_Answered):
    """Omits the status from the answer to an export in XML."""

    def change(self, members: Members, execution: Execution, export: Export, caller: Caller) -> None:
        if asks_plain_xml(caller):
            del members["status"]


@kills(
    "jasperserver.export.id-and-status",
    "jasperserver.details.lists-every-export",
)
class NamesOthersInXml(_Answered):
    """Answers an export in XML with an id that is not listed."""

    def change(self, members: Members, execution: Execution, export: Export, caller: Caller) -> None:
        if asks_plain_xml(caller):
            members["id"] = export.id[::-1]
