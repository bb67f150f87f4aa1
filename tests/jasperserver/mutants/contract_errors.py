"""Servers that answer a documented request with a server error, in exchanges that no check of their own reads."""

from __future__ import annotations

from pytest_reportconformance.http.server import Answer
from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.jasperserver.reference.faults import GENERIC, Refusal
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.negotiation import JSON
from tests.jasperserver.faults import accept_header, all_cancelled, format_of, nth, of
from tests.mutation.kill_matrix import kills


@kills("jasperserver.contract.run-server-error")
class FailsToRun(Reference):
    """Answers 500 to a run of the report with bookmarks."""

    def run(self, caller: Caller) -> Answer:
        answer = super().run(caller)
        if b"/bookmarks" in caller.call.body:
            raise Refusal(500, GENERIC)
        return answer


@kills("jasperserver.contract.status-server-error", "jasperserver.status.known")
class FailsToShowStatus(Reference):
    """Answers 500 to the first poll of each slow report."""

    def read_status(self, caller: Caller, id: str) -> Answer:
        answer = super().read_status(caller, id)
        if of(self, id, "slow") and nth(self, id) == 1:
            raise Refusal(500, GENERIC)
        return answer


@kills("jasperserver.contract.page-status-server-error")
class FailsToShowPages(Reference):
    """Answers 500 to the page status of the quick report."""

    def read_page_status(self, caller: Caller, id: str, pages: str) -> Answer:
        answer = super().read_page_status(caller, id, pages)
        if of(self, id, "fast"):
            raise Refusal(500, GENERIC)
        return answer


@kills("jasperserver.contract.details-server-error")
class FailsToDescribe(Reference):
    """Answers 500 to the details of the report with bookmarks."""

    def read_details(self, caller: Caller, id: str) -> Answer:
        answer = super().read_details(caller, id)
        if of(self, id, "bookmarks"):
            raise Refusal(500, GENERIC)
        return answer


@kills("jasperserver.contract.output-server-error")
class FailsToSend(Reference):
    """Answers 500 to the download of the quick report as CSV."""

    def read_output(self, caller: Caller, id: str, export_id: str) -> Answer:
        answer = super().read_output(caller, id, export_id)
        if of(self, id, "fast") and format_of(self, id, export_id) == "csv":
            raise Refusal(500, GENERIC)
        return answer


@kills("jasperserver.contract.attachment-server-error", "jasperserver.output.available-until-delete")
class FailsToSendAttachments(Reference):
    """Answers 500 from the third download of an attachment on."""

    def read_attachment(self, caller: Caller, id: str, export_id: str, name: str) -> Answer:
        answer = super().read_attachment(caller, id, export_id, name)
        if nth(self, f"{export_id}{name}") > 2:
            raise Refusal(500, GENERIC)
        return answer


@kills("jasperserver.contract.info-server-error", "jasperserver.info.json")
class FailsToInform(Reference):
    """Answers 500 to the info of the quick report."""

    def read_info(self, caller: Caller, id: str) -> Answer:
        answer = super().read_info(caller, id)
        if of(self, id, "fast"):
            raise Refusal(500, GENERIC)
        return answer


@kills("jasperserver.contract.export-server-error")
class FailsToExport(Reference):
    """Answers 500 to an export of the report with images as CSV."""

    def export_report(self, caller: Caller, id: str) -> Answer:
        answer = super().export_report(caller, id)
        if of(self, id, "images") and b"csv" in caller.call.body:
            raise Refusal(500, GENERIC)
        return answer


@kills("jasperserver.contract.parameters-server-error")
class FailsToUpdate(Reference):
    """Answers 500 to new parameters of the quick report."""

    def set_parameters(self, caller: Caller, id: str) -> Answer:
        answer = super().set_parameters(caller, id)
        if of(self, id, "fast"):
            raise Refusal(500, GENERIC)
        return answer


@kills("jasperserver.contract.export-status-server-error")
class FailsToShowExports(Reference):
    """Answers 500 to the status of an export of a slow report in plain JSON."""

    def read_export_status(self, caller: Caller, id: str, export_id: str) -> Answer:
        answer = super().read_export_status(caller, id, export_id)
        if of(self, id, "slow") and accept_header(caller) == JSON:
            raise Refusal(500, GENERIC)
        return answer


@kills("jasperserver.contract.search-server-error")
class FailsToSearch(Reference):
    """Answers 500 to a search without arguments by a session whose executions are all cancelled."""

    def search(self, caller: Caller) -> Answer:
        answer = super().search(caller)
        if "?" not in caller.call.target and all_cancelled(self, caller):
            raise Refusal(500, GENERIC)
        return answer


@kills("jasperserver.contract.cancel-server-error", "jasperserver.cancel.again")
class FailsToCancelTwice(Reference):
    """Answers 500 to a second cancel of a slow report."""

    def cancel(self, caller: Caller, id: str) -> Answer:
        answer = super().cancel(caller, id)
        if answer.status == 204 and of(self, id, "slow") and self.executions[id].fill.cancelled_at is not None:
            raise Refusal(500, GENERIC)
        return answer


@kills("jasperserver.contract.delete-server-error")
class FailsToDelete(Reference):
    """Answers 500 to the delete of an execution of the report with bookmarks."""

    def delete(self, caller: Caller, id: str) -> Answer:
        bookmarked = of(self, id, "bookmarks")
        answer = super().delete(caller, id)
        if bookmarked:
            raise Refusal(500, GENERIC)
        return answer
