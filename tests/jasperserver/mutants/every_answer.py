"""Servers whose faults show only if every answer of a run is read, whichever scenario asked for it."""

from __future__ import annotations

from pytest_reportconformance.http.server import Answer
from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.jasperserver.reference.faults import Refusal
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.state import Execution, Export
from tests.jasperserver.faults import (
    ADMIN,
    SUPERUSER,
    ChangedDetails,
    ChangedExports,
    Members,
    asks_xml,
    is_by,
    is_of,
    nth,
    of,
    with_members,
)
from tests.mutation.kill_matrix import kills


@kills("jasperserver.contract.info-success")
class SendsNoInfo(Reference):
    """Answers 200 without a body to a request for the info of the quick report."""

    def read_info(self, caller: Caller, id: str) -> Answer:
        answer = super().read_info(caller, id)
        return Answer(200, b"", answer.headers) if of(self, id, "fast") and answer.status == 200 else answer


@kills("jasperserver.contract.search-success")
class RefusesSearchesInXml(Reference):
    """Answers 403 to a search by a report URI in XML of an administrator."""

    def search(self, caller: Caller) -> Answer:
        if is_by(caller, ADMIN, SUPERUSER) and asks_xml(caller) and "reportURI" in caller.call.target:
            raise Refusal(403)
        return super().search(caller)


@kills("jasperserver.contract.info-body")
class SendsBookmarksTwice(Reference):
    """Sends the element bookmarks of a report with bookmarks twice, the first one empty."""

    def read_info(self, caller: Caller, id: str) -> Answer:
        answer = super().read_info(caller, id)
        if of(self, id, "bookmarks"):
            answer.body = answer.body.replace(b"<reportInfo>", b"<reportInfo><bookmarks/>")
        return answer


@kills(
    "jasperserver.details.repeatable",
    "jasperserver.negotiation.json-and-xml-agree",
    "jasperserver.attachments.content-type",
)
class ChangesTypesOfPictures(ChangedExports):
    """Shows another content type of the pictures of an HTML export from the third details on."""

    def change_export(self, export: Members, number: int, execution: Execution, caller: Caller) -> None:
        if export.get("attachments") and nth(self, f"{export['id']} types") == 3:
            export["attachments"] = [one | {"contentType": "image/webp"} for one in export["attachments"]]


@kills("jasperserver.negotiation.details-json")
class ForgetsReportsWithParts(Reference):
    """Answers 403 to the details of a report with parts."""

    def read_details(self, caller: Caller, id: str) -> Answer:
        if of(self, id, "parts"):
            raise Refusal(403)
        return super().read_details(caller, id)


@kills("jasperserver.run.export-id")
class NamesAnotherExport(Reference):
    """Names an export in the answer to a run of a report with bookmarks that does not exist."""

    def run(self, caller: Caller) -> Answer:
        answer = super().run(caller)
        if b"/bookmarks" in caller.call.body and answer.status == 200:
            return with_members(answer, exports=[{"id": "none", "status": "queued"}])
        return answer


@kills("jasperserver.output.genuine")
class CutsUnpaginatedOutput(Reference):
    """Sends the first half of an output without pagination."""

    def output_body(self, execution: Execution, export: Export, caller: Caller) -> bytes:
        body = super().output_body(execution, export, caller)
        return body[: len(body) // 2] if execution.options.export.ignore_pagination else body


@kills("jasperserver.output.content-type")
class ForgetsTypesAfterUpdates(Reference):
    """Sends exports of the report with parameters as plain text, except that of its run."""

    def read_output(self, caller: Caller, id: str, export_id: str) -> Answer:
        answer = super().read_output(caller, id, export_id)
        execution, export = self.export(caller, id, export_id)
        later = next(iter(execution.exports), None) != export.id
        return answer.replace("Content-Type", "text/plain") if later and is_of(execution, "params") else answer


@kills("jasperserver.page-status.final")
class NeverEndsAQuickReport(Reference):
    """Shows the first page of the quick report as not final."""

    def page_status_members(self, execution: Execution, wanted: object, caller: Caller) -> Members:
        members = super().page_status_members(execution, wanted, caller)  # type: ignore[arg-type]
        return members | {"pageFinal": False} if is_of(execution, "fast") else members


@kills("jasperserver.cancel.state-unchanged")
class LosesPicturesAtCancel(ChangedDetails):
    """Lists no attachments in the details of a finished report after the superuser tried to cancel it."""

    def cancel(self, caller: Caller, id: str) -> Answer:
        if is_by(caller, SUPERUSER) and of(self, id, "images"):
            nth(self, f"cancelled {id}")
        return super().cancel(caller, id)

    def change(self, members: Members, execution: Execution, caller: Caller) -> None:
        if vars(self).get("times_called", {}).get(f"cancelled {execution.id}"):
            for export in members.get("exports", []):
                export.pop("attachments", None)


@kills("jasperserver.cancel.finished")
class RefusesLateCancels(Reference):
    """Answers 403 to a cancel of a finished report by the superuser."""

    def cancel(self, caller: Caller, id: str) -> Answer:
        if is_by(caller, SUPERUSER) and of(self, id, "images"):
            raise Refusal(403)
        return super().cancel(caller, id)


@kills("jasperserver.jobs.delete")
class KeepsJobsThatAreOver(Reference):
    """Answers 403 to a delete of the execution of a job that is over."""

    def delete(self, caller: Caller, id: str) -> Answer:
        execution = self.executions.get(id)
        if execution and execution.job and execution.fill.status(self.clock()) not in ("queued", "execution"):
            raise Refusal(403)
        return super().delete(caller, id)


@kills("jasperserver.info.part-list")
class RenumbersParts(Reference):
    """Numbers the parts from 1 in the second info in JSON."""

    def read_info(self, caller: Caller, id: str) -> Answer:
        answer = super().read_info(caller, id)
        if of(self, id, "parts") and not asks_xml(caller) and nth(self, f"parts {id}") > 1:
            answer.body = answer.body.replace(b'"idx": ', b'"idx": 1').replace(b'"idx":', b'"idx":1')
        return answer
