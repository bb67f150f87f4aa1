"""Servers that answer a success with a status that is not documented, in exchanges that no check of their own reads."""

from __future__ import annotations

from pytest_reportconformance.http.server import Answer
from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.negotiation import JSON, XML
from tests.jasperserver.faults import accept_header, all_cancelled, format_of, nth, of
from tests.mutation.kill_matrix import kills


@kills("jasperserver.contract.run-success")
class CreatesAnExecution(Reference):
    """Answers 201 to a run of the report with bookmarks."""

    def run(self, caller: Caller) -> Answer:
        answer = super().run(caller)
        if b"/bookmarks" in caller.call.body:
            answer.status = 201
        return answer


@kills("jasperserver.contract.status-success", "jasperserver.status.json")
class AcceptsPolls(Reference):
    """Answers 202 to the first poll of each slow report."""

    def read_status(self, caller: Caller, id: str) -> Answer:
        answer = super().read_status(caller, id)
        if of(self, id, "slow") and nth(self, id) == 1:
            answer.status = 202
        return answer


@kills(
    "jasperserver.contract.page-status-success",
    "jasperserver.sessions.cookie-alone",
)
class TransformsPageStatus(Reference):
    """Answers 203 to the page status of the quick report."""

    def read_page_status(self, caller: Caller, id: str, pages: str) -> Answer:
        answer = super().read_page_status(caller, id, pages)
        if of(self, id, "fast"):
            answer.status = 203
        return answer


@kills(
    "jasperserver.contract.details-success",
    "jasperserver.negotiation.details-json",
)
class TransformsDetails(Reference):
    """Answers 203 to the details of the report with bookmarks."""

    def read_details(self, caller: Caller, id: str) -> Answer:
        answer = super().read_details(caller, id)
        if of(self, id, "bookmarks"):
            answer.status = 203
        return answer


@kills("jasperserver.contract.output-success")
class SendsOutputAsPart(Reference):
    """Answers 206 with the whole output of the quick report as CSV."""

    def read_output(self, caller: Caller, id: str, export_id: str) -> Answer:
        answer = super().read_output(caller, id, export_id)
        if of(self, id, "fast") and format_of(self, id, export_id) == "csv":
            answer.status = 206
        return answer


@kills("jasperserver.contract.attachment-success", "jasperserver.output.available-until-delete")
class SendsLateAttachmentAsPart(Reference):
    """Answers 206 from the third download of an attachment on."""

    def read_attachment(self, caller: Caller, id: str, export_id: str, name: str) -> Answer:
        answer = super().read_attachment(caller, id, export_id, name)
        if nth(self, f"{export_id}{name}") > 2:
            answer.status = 206
        return answer


@kills(
    "jasperserver.contract.info-success",
    "jasperserver.sessions.cookie-alone",
)
class TransformsInfo(Reference):
    """Answers 203 to the info of the quick report."""

    def read_info(self, caller: Caller, id: str) -> Answer:
        answer = super().read_info(caller, id)
        if of(self, id, "fast"):
            answer.status = 203
        return answer


@kills("jasperserver.contract.export-success")
class CreatesAnExport(Reference):
    """Answers 201 to an export of the quick report as PDF."""

    def export_report(self, caller: Caller, id: str) -> Answer:
        answer = super().export_report(caller, id)
        if of(self, id, "fast") and b"pdf" in caller.call.body:
            answer.status = 201
        return answer


@kills("jasperserver.contract.parameters-success")
class AnswersToParameters(Reference):
    """Answers 200 to new parameters of the quick report."""

    def set_parameters(self, caller: Caller, id: str) -> Answer:
        answer = super().set_parameters(caller, id)
        if of(self, id, "fast"):
            answer.status = 200
        return answer


@kills("jasperserver.contract.export-status-success")
class AcceptsExportPolls(Reference):
    """Answers 202 to the status of an export of a slow report in plain JSON."""

    def read_export_status(self, caller: Caller, id: str, export_id: str) -> Answer:
        answer = super().read_export_status(caller, id, export_id)
        if of(self, id, "slow") and accept_header(caller) == JSON:
            answer.status = 202
        return answer


@kills("jasperserver.contract.search-success")
class FindsPartOfAll(Reference):
    """Answers 206 to a search without arguments in JSON by a session whose executions are all cancelled."""

    def search(self, caller: Caller) -> Answer:
        answer = super().search(caller)
        if b"{" in answer.body and "?" not in caller.call.target and all_cancelled(self, caller):
            answer.status = 206
        return answer


@kills("jasperserver.contract.cancel-success", "jasperserver.cancel.xml")
class WillCancel(Reference):
    """Answers 202 to a cancel in XML."""

    def cancel(self, caller: Caller, id: str) -> Answer:
        answer = super().cancel(caller, id)
        if answer.status == 200 and accept_header(caller) == XML:
            answer.status = 202
        return answer


@kills("jasperserver.contract.delete-success")
class AnswersToDelete(Reference):
    """Answers 200 to the delete of an execution of the report with bookmarks."""

    def delete(self, caller: Caller, id: str) -> Answer:
        bookmarked = of(self, id, "bookmarks")
        answer = super().delete(caller, id)
        if bookmarked:
            answer.status = 200
        return answer
