"""Servers that are right the first time and in the usual order, and wrong in another order, another form, or later."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

from pytest_reportconformance.http.server import Answer
from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.jasperserver.reference.faults import Fault, not_found
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.options import PageRange, Values
from pytest_reportconformance.jasperserver.reference.state import Execution, Export
from tests.jasperserver.faults import CountedDownloads, Members, asks_xml, is_of
from tests.mutation.kill_matrix import kills


class _Remembers(Reference):
    """Remembers what was asked: `asked` counts by any key, `updated` holds executions with new parameters."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.asked: Counter[Any] = Counter()
        self.updated: set[str] = set()
        self.deleted: dict[str, Execution] = {}

    def apply_parameters(self, execution: Execution, values: Values, caller: Caller) -> None:
        super().apply_parameters(execution, values, caller)
        self.updated.add(execution.id)

    def delete_execution(self, execution: Execution, caller: Caller) -> None:
        super().delete_execution(execution, caller)
        self.deleted[execution.id] = execution


@kills("jasperserver.page-status.final")
class EarlierPagesAreNotFinal(_Remembers):
    """Shows a page as not final if a later page was asked for just before."""

    def read_page_status(self, caller: Caller, id: str, pages: str) -> Answer:
        answer = super().read_page_status(caller, id, pages)
        before, self.asked[id] = self.asked[id], int(pages) if pages.isdigit() else 0
        if self.asked[id] and before > self.asked[id]:
            answer.body = answer.body.replace(b'"pageFinal": true', b'"pageFinal": false')
            answer.body = answer.body.replace(b'"pageFinal":true', b'"pageFinal":false')
        return answer


@kills("jasperserver.info.parts")
class InfoInXmlIsEmptyAtFirst(_Remembers):
    """Answers the first info in XML without parts, unless the details were read before."""

    def info_members(self, execution: Execution, caller: Caller) -> Members:
        members = super().info_members(execution, caller)
        if asks_xml(caller) and not self.asked[execution.id]:
            members.pop("parts", None)
        return members

    def execution_members(self, execution: Execution, caller: Caller) -> Members:
        if caller.call.method == "GET":
            self.asked[execution.id] += 1
        return super().execution_members(execution, caller)


@kills("jasperserver.info.bookmarks")
class ForgetsBookmarks(_Remembers):
    """Leaves out the bookmarks from the second answer on."""

    def info_members(self, execution: Execution, caller: Caller) -> Members:
        members = super().info_members(execution, caller)
        self.asked[execution.id] += 1
        if self.asked[execution.id] > 2:
            members.pop("bookmarks", None)
        return members


@kills("jasperserver.run.sync-output-available")
class OutputNeedsDetails(_Remembers):
    """Delivers the output of a synchronous run in XML only after its details were read."""

    def refuse_unready(self, execution: Execution, export: Export, caller: Caller) -> None:
        super().refuse_unready(execution, export, caller)
        if execution.options.export.ignore_pagination and self.asked["xml"] and not self.asked[execution.id]:
            raise not_found(export.id)

    def run(self, caller: Caller) -> Answer:
        answer = super().run(caller)
        self.asked["xml"] += b"ignorePagination>true" in caller.call.body
        return answer

    def execution_members(self, execution: Execution, caller: Caller) -> Members:
        self.asked[execution.id] += caller.call.method == "GET"
        return super().execution_members(execution, caller)


@kills("jasperserver.export-status.extended-xml")
class ExtendedStatusBecomesPlain(_Remembers):
    """Answers the third request for the extended status of an export in XML in the plain form."""

    def read_export_status(self, caller: Caller, id: str, export_id: str) -> Answer:
        answer = super().read_export_status(caller, id, export_id)
        if caller.call.header("Accept") == "application/status+xml":
            self.asked[export_id] += 1
            if self.asked[export_id] > 2:
                answer.body = answer.body.replace(b"<value>", b"").replace(b"</value>", b"")
        return answer


@kills("jasperserver.export-status.agrees-with-details")
class ReadyExportsFallBack(_Remembers):
    """Shows a ready export as pending in the third answer to a request in XML."""

    def status_of_export(self, execution: Execution, export: Export, caller: Caller) -> str:
        status = super().status_of_export(execution, export, caller)
        if caller.call.header("Accept") == "application/xml" and caller.call.path.endswith(f"{export.id}/status"):
            self.asked[export.id] += 1
            return "execution" if self.asked[export.id] > 2 else status
        return status


@kills(
    "jasperserver.details.same-request",
    "jasperserver.status.polling-changes-nothing",
    "jasperserver.details.lists-output",
    "jasperserver.details.repeatable",
)
class DetailsBecomeThoseOfAnother(_Remembers):
    """Answers the fourth request for details in XML with another id, and without exports."""

    def execution_members(self, execution: Execution, caller: Caller) -> Members:
        members = super().execution_members(execution, caller)
        if asks_xml(caller) and caller.call.method == "GET" and is_of(execution, "multi"):
            self.asked[execution.id] += 1
            if self.asked[execution.id] == 3:
                members |= {"requestId": self.new_id(), "exports": []}
        return members


@kills("jasperserver.delete.everything-gone")
class InfoOfDeletedInXml(_Remembers):
    """Answers the info of a deleted execution if XML is asked for."""

    def read_info(self, caller: Caller, id: str) -> Answer:
        if asks_xml(caller) and id in self.deleted and self.owns(caller, self.deleted[id]):
            return self.represent("reportInfo", {}, self.negotiate("reportInfo", caller))
        return super().read_info(caller, id)


@kills("jasperserver.delete.output-gone", "jasperserver.output.final-html")
class OutputOfDeletedWithAccept(_Remembers):
    """Delivers the output of a deleted execution if the Accept header names JSON."""

    def read_output(self, caller: Caller, id: str, export_id: str) -> Answer:
        execution = self.deleted.get(id)
        if execution is None or not self.owns(caller, execution) or "json" not in caller.call.header("Accept"):
            return super().read_output(caller, id, export_id)
        return Answer(200, self.output_body(execution, execution.exports[export_id], caller))


@kills("jasperserver.search.deleted-not-listed")
class FindsDeletedByUri(_Remembers):
    """Finds deleted executions by the URI of their report."""

    def candidates(self, caller: Caller) -> list[Execution]:
        found = super().candidates(caller)
        return [*found, *self.deleted.values()] if caller.call.argument("reportURI") else found


@kills("jasperserver.attachments.delivered")
class NoAttachmentsAfterUpdate(_Remembers):
    """Has no attachments of exports made after new parameters, although it lists them."""

    def read_attachment(self, caller: Caller, id: str, export_id: str, name: str) -> Answer:
        execution, _ = self.export(caller, id, export_id)
        if id in self.updated and export_id == next(reversed(execution.exports)):
            raise not_found(name)
        return super().read_attachment(caller, id, export_id, name)


@kills("jasperserver.parameters.new-values")
class SameValuesAreIgnored(_Remembers):
    """Falls back to the defaults if the same values are set twice."""

    def apply_parameters(self, execution: Execution, values: Values, caller: Caller) -> None:
        self.asked[execution.id, str(values)] += len(values) > 1
        again = self.asked[execution.id, str(values)] > 1
        super().apply_parameters(execution, {} if again else values, caller)


@kills(
    "jasperserver.output.repeatable",
    "jasperserver.export.coexist",
    "jasperserver.output.genuine",
    "jasperserver.export.own-format",
)
class SpreadsheetsChange(CountedDownloads):
    """Sends a PDF at the second download of a spreadsheet in the OpenDocument format."""

    def altered(self, body: bytes, execution: Execution, export: Export) -> bytes:
        again = self.downloads[export.id] > 1 and export.options.format == "ods"
        return b"%PDF-1.4\n%%EOF\n" if again else body


@kills("jasperserver.output.genuine")
class PresentationsAreBroken(CountedDownloads):
    """Cuts presentations off."""

    def altered(self, body: bytes, execution: Execution, export: Export) -> bytes:
        return body[: len(body) // 2] if export.options.format == "pptx" else body


@kills("jasperserver.errors.no-stack-trace")
class FailuresShowTheirStack(Reference):
    """Shows a stack trace in the descriptor of a report that failed while it ran."""

    def fault_of(self, execution: Execution, caller: Caller) -> Fault | None:
        fault = super().fault_of(execution, caller)
        trace = "java.sql.SQLException: no table\n\tat com.example.Fill.run(Fill.java:7)"
        return replace(fault, message=trace) if fault is not None and is_of(execution, "failing") else fault


@kills("jasperserver.page-status.members")
class MiddlePagesHaveNoStatus(Reference):
    """Leaves out the status of the report for a middle page while the report runs."""

    def page_status_members(self, execution: Execution, wanted: PageRange, caller: Caller) -> Members:
        members = super().page_status_members(execution, wanted, caller)
        middle = 1 < wanted.first < 5 and is_of(execution, "slowpages")
        return {name: one for name, one in members.items() if not (middle and name == "reportStatus")}
