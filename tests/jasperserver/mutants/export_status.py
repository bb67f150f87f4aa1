"""Servers with faults in the status of an export."""

from __future__ import annotations

from typing import Any

from pytest_reportconformance.http.server import Answer
from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.jasperserver.reference.faults import Fault, Refusal
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.negotiation import JSON, STATUS_JSON, STATUS_XML, XML
from pytest_reportconformance.jasperserver.reference.server import Route
from pytest_reportconformance.jasperserver.reference.state import Execution, Export
from tests.jasperserver.faults import accept_header, asks_plain_xml, is_first, is_of
from tests.mutation.kill_matrix import kills


class _ChangedAnswer(Reference):
    """Changes the answer to a poll of an export in one media type."""

    media = ""

    def change(self, answer: Answer) -> Answer:
        raise NotImplementedError

    def read_export_status(self, caller: Caller, id: str, export_id: str) -> Answer:
        answer = super().read_export_status(caller, id, export_id)
        return self.change(answer) if accept_header(caller) == self.media else answer


@kills("jasperserver.export-status.json")
class AnswersTextForJson(_ChangedAnswer):
    """Sends the plain JSON status of an export as text/json."""

    media = JSON

    def change(self, answer: Answer) -> Answer:
        return answer.replace("Content-Type", "text/json")


@kills(
    "jasperserver.export-status.json",
    "jasperserver.export-status.agrees-with-details",
)
class AnswersABareText(_ChangedAnswer):
    """Sends the plain JSON status of an export as a bare string."""

    media = JSON

    def change(self, answer: Answer) -> Answer:
        answer.body = answer.body.replace(b'{"value":', b"").replace(b"}", b"")
        return answer


@kills("jasperserver.export-status.xml")
class NamesTheElementExportStatus(_ChangedAnswer):
    """Names the root of the plain XML status of an export `exportStatus`."""

    media = XML

    def change(self, answer: Answer) -> Answer:
        answer.body = answer.body.replace(b"status>", b"exportStatus>")
        return answer


@kills("jasperserver.export-status.xml")
class FailsInXml(_ChangedAnswer):
    """Answers 500 to a poll of a failed export in plain XML."""

    media = XML

    def change(self, answer: Answer) -> Answer:
        if b"failed" in answer.body:
            raise Refusal(500)
        return answer


@kills("jasperserver.export-status.extended-json")
class ExtendsNothing(_ChangedAnswer):
    """Answers 406 to a poll of an export in extended JSON."""

    media = STATUS_JSON

    def change(self, answer: Answer) -> Answer:
        raise Refusal(406)


@kills(
    "jasperserver.export-status.extended-xml",
    "jasperserver.export-status.agrees-with-details",
)
class ExtendsInAttributes(_ChangedAnswer):
    """Writes the value of the extended XML status of an export into an attribute."""

    media = STATUS_XML

    def change(self, answer: Answer) -> Answer:
        answer.body = answer.body.replace(b"<value>", b'<export value="').replace(b"</value>", b'"/>')
        return answer


@kills("jasperserver.export-status.unknown-execution")
class HasExportsOfUnknown(Reference):
    """Reports an export of an unknown execution as failed, in extended XML."""

    def read_export_status(self, caller: Caller, id: str, export_id: str) -> Answer:
        if id not in self.executions and accept_header(caller) == STATUS_XML:
            return self.answer_status("failed", None, STATUS_XML)
        return super().read_export_status(caller, id, export_id)


@kills("jasperserver.export-status.unknown-execution")
class RejectsExportsOfUnknown(Reference):
    """Answers 400 to a poll of an export of an unknown execution, in plain XML."""

    def read_export_status(self, caller: Caller, id: str, export_id: str) -> Answer:
        if id not in self.executions and asks_plain_xml(caller):
            raise Refusal(400)
        return super().read_export_status(caller, id, export_id)


@kills(
    "jasperserver.export-status.unknown-export",
    "jasperserver.output.ready",
)
class ReturnsTheOnlyExport(Reference):
    """Returns the status of the only export for every export id."""

    def read_export_status(self, caller: Caller, id: str, export_id: str) -> Answer:
        execution = self.execution(caller, id)
        if export_id not in execution.exports and len(execution.exports) == 1:
            export_id = next(iter(execution.exports))
        return super().read_export_status(caller, id, export_id)


@kills("jasperserver.export-status.agrees-with-details")
class ReadyInDetailsOnly(Reference):
    """Reports a ready export of the report of several pages as cancelled in extended XML."""

    def status_of_export(self, execution: Execution, export: Export, caller: Caller) -> str:
        status = super().status_of_export(execution, export, caller)
        restricted = accept_header(caller) == STATUS_XML and status == "ready" and is_of(execution, "multi")
        return "cancelled" if restricted else status


@kills(
    "jasperserver.export-status.agrees-with-details",
    "jasperserver.negotiation.json-and-xml-agree",
    "jasperserver.details.output-when-ready",
)
class OdtFailsInDetails(Reference):
    """Reports a ready ODT export as failed in the details if there are many exports."""

    def export_members(self, execution: Execution, export: Export, caller: Caller) -> dict[str, Any]:
        members = super().export_members(execution, export, caller)
        ready = export.options.format == "odt" and members["status"] == "ready"
        later = len(execution.exports) > 12
        return members | {"status": "failed"} if ready and later and accept_header(caller) == JSON else members


@kills("jasperserver.export-status.failed-text")
class ExportsFailWithoutReason(Reference):
    """Omits the error from the extended JSON status of a failed export."""

    def answer_export_status(self, export: Export, value: str, fault: Fault | None, media: str) -> Answer:
        return super().answer_export_status(export, value, None if media == STATUS_JSON else fault, media)


@kills("jasperserver.export-status.failed-text")
class FailsInCode(Reference):
    """Returns only a code in the extended XML status of an export with invalid options."""

    def answer_export_status(self, export: Export, value: str, fault: Fault | None, media: str) -> Answer:
        coded = fault is not None and fault.code == "page.number.out.of.range" and media == STATUS_XML
        return super().answer_export_status(export, value, Fault(fault.code, "") if coded and fault else fault, media)


@kills(
    "jasperserver.export-status.ready-downloads",
    "jasperserver.output.ready",
)
class IsReadyTooEarly(Reference):
    """Answers 404 to the first download of a ready DOCX export."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.asked: set[str] = set()

    def output_body(self, execution: Execution, export: Export, caller: Caller) -> bytes:
        early = export.id not in self.asked and export.options.format == "docx" and len(execution.exports) > 1
        self.asked.add(export.id)
        if early:
            raise Refusal(404)
        return super().output_body(execution, export, caller)


@kills("jasperserver.export-status.ready-downloads", "jasperserver.attachments.delivered")
class AwaitsAttachments(Reference):
    """Answers 404 to the attachments of a later export for a second after it is ready."""

    def attachment_body(self, execution: Execution, export: Export, name: str, kind: str) -> bytes:
        if not is_first(execution, export) and self.clock() < export.due(execution.fill) + 1:
            raise Refusal(404)
        return super().attachment_body(execution, export, name, kind)


@kills("jasperserver.export-status.collection")
class ListsExports(Reference):
    """Answers 200 to a GET of the collection of exports."""

    def execution_routes(self) -> list[Route]:
        return [*super().execution_routes(), Route("GET", "reportExecutions/*/exports", self.read_details)]
