"""Requesting report execution details: `GET …/reportExecutions/{id}`, and the descriptors that run and export share."""

from __future__ import annotations

from typing import Any

from pytest_reportconformance.http.server import Answer
from pytest_reportconformance.jasperserver.reference.core import Core
from pytest_reportconformance.jasperserver.reference.documents.formats import FORMATS
from pytest_reportconformance.jasperserver.reference.documents.pictures import CONTENT_TYPES, chart_name, file_name
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.options import ExportOptions
from pytest_reportconformance.jasperserver.reference.reports import Page
from pytest_reportconformance.jasperserver.reference.state import Execution, Export

Members = dict[str, Any]


class Details(Core):
    """Descriptors of executions and exports; members without a value yet are absent, never null."""

    def read_details(self, caller: Caller, id: str) -> Answer:
        """The whole descriptor of an execution, in any state."""
        media = self.negotiate("reportExecution", caller)
        return self.represent("reportExecution", self.execution_members(self.execution(caller, id), caller), media)

    def execution_members(self, execution: Execution, caller: Caller) -> Members:
        """A reportExecution descriptor; exports are read first, so that none is ahead of its report."""
        exports = [self.export_members(execution, export, caller) for export in self.listed_exports(execution, caller)]
        members: Members = {
            "requestId": execution.id,
            "reportURI": self.report_uri(execution, caller),
            "status": self.status_of(execution, caller),
        }
        members |= self.page_counts(execution, caller, members["status"])
        fault = self.fault_of(execution, caller) if members["status"] == "failed" else None
        if fault:
            members["errorDescriptor"] = self.fault_members(fault)
        return members | {"exports": exports} if exports else members

    def report_uri(self, execution: Execution, caller: Caller) -> str:
        """The report's path as it was sent."""
        return execution.options.uri

    def page_counts(self, execution: Execution, caller: Caller, status: str) -> Members:
        """`totalPages` of a report that is ready, else `currentPage` once there is a page."""
        if status == "ready":
            return {"totalPages": self.total_pages(execution, caller)}
        made = execution.fill.pages_made(self.clock())
        return {"currentPage": made} if made else {}

    def total_pages(self, execution: Execution, caller: Caller) -> int:
        """How many pages the whole report has."""
        return len(execution.fill.pages())

    def add_export(self, execution: Execution, options: ExportOptions, caller: Caller) -> Export:
        """Add an export of the report."""
        with execution.changed:
            export = Export(self.new_export_id(execution.exports), options, self.clock())
            execution.exports[export.id] = export
        return export

    def listed_exports(self, execution: Execution, caller: Caller) -> list[Export]:
        """The exports of an execution in the order in which they were asked for."""
        return list(execution.exports.values())

    def export_members(self, execution: Execution, export: Export, caller: Caller) -> Members:
        """An export descriptor."""
        status = self.status_of_export(execution, export, caller)
        members: Members = {"id": export.id, "status": status}
        if status == "ready":
            members["outputResource"] = self.output_members(execution, export, caller)
            attachments = self.attachment_members(execution, export, caller)
            return members | {"attachments": attachments} if attachments else members
        fault = self.fault_of_export(execution, export, caller) if status == "failed" else None
        return members | {"errorDescriptor": self.fault_members(fault)} if fault else members

    def output_members(self, execution: Execution, export: Export, caller: Caller) -> Members:
        """An outputResource descriptor."""
        members: Members = {"contentType": self.output_content_type(execution, export)}
        name = self.output_file_name(execution, export)
        if name:
            members["fileName"] = name
        members["outputFinal"] = self.output_final(execution, export)
        return members | {"pages": export.options.pages.text} if export.options.pages else members

    def output_content_type(self, execution: Execution, export: Export) -> str:
        """The media type of an output."""
        return FORMATS[export.options.format or "pdf"].content_type

    def output_file_name(self, execution: Execution, export: Export) -> str | None:
        """The file name of an output; None if the format has none."""
        extension = FORMATS[export.options.format or "pdf"].extension
        return f"{execution.unit_uri.rpartition('/')[2]}.{extension}" if extension else None

    def output_final(self, execution: Execution, export: Export) -> bool:
        """Whether an output is final: a page never changes."""
        return True

    def attachments_of(self, execution: Execution, export: Export) -> dict[str, str]:
        """Kinds of the pictures and scripts of an HTML output by file name."""
        if export.options.format != "html":
            return {}
        fill = self.fill_of(execution, export)
        pages = fill.pages(export.options.ignore_pagination)
        shown = [(index, pages[index]) for index in export.indices(fill)]
        scripts = {chart_name(index): "js" for index, page in shown if self.draws_chart(execution, export, page)}
        return {
            self.attachment_name(index, place, kind): kind
            for index, page in shown
            for place, kind in enumerate(page.pictures, start=1)
        } | scripts

    def draws_chart(self, execution: Execution, export: Export, page: Page) -> bool:
        """Whether a script draws the chart of a page: in interactive HTML."""
        return page.chart and export.options.interactive

    def attachment_name(self, page: int, place: int, kind: str) -> str:
        """The file name of a picture, by page index from 0, place on the page and kind."""
        return file_name(page, place, kind)

    def attachment_members(self, execution: Execution, export: Export, caller: Caller) -> list[Members]:
        """Attachment descriptors of an export."""
        kinds = self.attachments_of(execution, export)
        return [{"contentType": self.attachment_content_type(kind), "fileName": name} for name, kind in kinds.items()]

    def attachment_content_type(self, kind: str) -> str:
        """The media type of a picture."""
        return CONTENT_TYPES[kind]
