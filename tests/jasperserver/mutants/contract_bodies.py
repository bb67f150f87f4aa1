"""Servers whose answers do not fit the schema of their operation, in exchanges that no check of their own reads."""

from __future__ import annotations

from pytest_reportconformance.http.server import Answer
from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.negotiation import JSON, STATUS_JSON
from tests.jasperserver.faults import accept_header, in_namespace, members, nth, of, with_members
from tests.mutation.kill_matrix import kills


@kills("jasperserver.contract.run-body")
class RunsWithTextForNumber(Reference):
    """Describes a run of the report with bookmarks with a page number that is a text, in JSON."""

    def run(self, caller: Caller) -> Answer:
        answer = super().run(caller)
        if b"/bookmarks" in caller.call.body:
            return with_members(answer, currentPage="1")
        return answer


@kills(
    "jasperserver.contract.status-body",
    "jasperserver.status.final-unchanged",
)
class InventsAStatus(Reference):
    """Answers a status of its own to the fifth poll in JSON of a slow report that is ready."""

    def read_status(self, caller: Caller, id: str) -> Answer:
        answer = super().read_status(caller, id)
        if of(self, id, "slow") and accept_header(caller) == JSON and b"ready" in answer.body and nth(self, id) == 5:
            return with_members(answer, value="finished")
        return answer


@kills("jasperserver.contract.page-status-body")
class FinalInWords(Reference):
    """Shows pages of the quick report as final with a word that is no boolean."""

    def read_page_status(self, caller: Caller, id: str, pages: str) -> Answer:
        answer = super().read_page_status(caller, id, pages)
        if of(self, id, "fast"):
            return with_members(answer, pageFinal="yes")
        return answer


@kills("jasperserver.contract.details-body")
class DescribesWithTextForNumber(Reference):
    """Shows the page number of the report with bookmarks as a text, in JSON."""

    def read_details(self, caller: Caller, id: str) -> Answer:
        answer = super().read_details(caller, id)
        if of(self, id, "bookmarks") and accept_header(caller) == JSON:
            return with_members(answer, currentPage="1")
        return answer


@kills("jasperserver.contract.info-body")
class InformsWithList(Reference):
    """Shows the bookmarks of the quick report as a list without type."""

    def read_info(self, caller: Caller, id: str) -> Answer:
        answer = super().read_info(caller, id)
        if of(self, id, "fast") and accept_header(caller) == JSON:
            return with_members(answer, bookmarks=[])
        return answer


@kills("jasperserver.contract.export-body")
class NamesTheOutputOnly(Reference):
    """Describes the output of an export as PDF with a text instead of an object, in JSON."""

    def export_report(self, caller: Caller, id: str) -> Answer:
        answer = super().export_report(caller, id)
        if of(self, id, "images") and b"pdf" in caller.call.body:
            return with_members(answer, outputResource="pdf")
        return answer


@kills("jasperserver.contract.export-status-body")
class ExplainsInWords(Reference):
    """Explains the status of an export of a slow report with a text, in extended JSON."""

    def read_export_status(self, caller: Caller, id: str, export_id: str) -> Answer:
        answer = super().read_export_status(caller, id, export_id)
        if of(self, id, "slow") and accept_header(caller) == STATUS_JSON:
            return with_members(answer, errorDescriptor="none")
        return answer


@kills(
    "jasperserver.contract.search-body",
    "jasperserver.search.report-uri",
)
class CountsReports(Reference):
    """Lists reports by number in the second search without arguments of a session, in JSON."""

    def search(self, caller: Caller) -> Answer:
        answer = super().search(caller)
        if b"{" in answer.body and "?" not in caller.call.target and nth(self, str(caller.session)) == 2:
            return with_members(
                answer, reportExecution=[{**one, "reportURI": 7} for one in members(answer)["reportExecution"]]
            )
        return answer


@kills("jasperserver.contract.cancel-body")
class CancelsInOtherWords(Reference):
    """Answers Cancelled to a cancel of a report that was never polled, in JSON."""

    def cancel(self, caller: Caller, id: str) -> Answer:
        answer = super().cancel(caller, id)
        if answer.status == 200 and id not in vars(self).get("times_called", {}) and not self.executions[id].job:
            return with_members(answer, value="Cancelled")
        return answer

    def read_status(self, caller: Caller, id: str) -> Answer:
        nth(self, id)
        return super().read_status(caller, id)


@kills("jasperserver.contract.run-body")
class RunInNamespace(Reference):
    """Answers to a run in XML with a root element in a namespace."""

    def run(self, caller: Caller) -> Answer:
        answer = super().run(caller)
        if b"<?xml" in answer.body:
            return in_namespace(answer)
        return answer


@kills("jasperserver.contract.status-body")
class StatusInNamespace(Reference):
    """Answers to a report status in XML with a root element in a namespace."""

    def read_status(self, caller: Caller, id: str) -> Answer:
        answer = super().read_status(caller, id)
        if b"<?xml" in answer.body:
            return in_namespace(answer)
        return answer


@kills("jasperserver.contract.details-body")
class DetailsInNamespace(Reference):
    """Answers to the details in XML with a root element in a namespace."""

    def read_details(self, caller: Caller, id: str) -> Answer:
        answer = super().read_details(caller, id)
        if b"<?xml" in answer.body:
            return in_namespace(answer)
        return answer


@kills("jasperserver.contract.info-body")
class InfoInNamespace(Reference):
    """Answers to the info in XML with a root element in a namespace."""

    def read_info(self, caller: Caller, id: str) -> Answer:
        answer = super().read_info(caller, id)
        if b"<?xml" in answer.body:
            return in_namespace(answer)
        return answer


@kills("jasperserver.contract.export-body")
class ExportInNamespace(Reference):
    """Answers to an export in XML with a root element in a namespace."""

    def export_report(self, caller: Caller, id: str) -> Answer:
        answer = super().export_report(caller, id)
        if b"<?xml" in answer.body:
            return in_namespace(answer)
        return answer


@kills("jasperserver.contract.export-status-body")
class ExportStatusInNamespace(Reference):
    """Answers to an export status in XML with a root element in a namespace."""

    def read_export_status(self, caller: Caller, id: str, export_id: str) -> Answer:
        answer = super().read_export_status(caller, id, export_id)
        if b"<?xml" in answer.body:
            return in_namespace(answer)
        return answer


@kills("jasperserver.contract.search-body")
class SearchInNamespace(Reference):
    """Answers to a search in XML with a root element in a namespace."""

    def search(self, caller: Caller) -> Answer:
        answer = super().search(caller)
        if b"<?xml" in answer.body:
            return in_namespace(answer)
        return answer


@kills("jasperserver.contract.cancel-body")
class CancelInNamespace(Reference):
    """Answers to a cancel in XML with a root element in a namespace."""

    def cancel(self, caller: Caller, id: str) -> Answer:
        answer = super().cancel(caller, id)
        if b"<?xml" in answer.body:
            return in_namespace(answer)
        return answer
