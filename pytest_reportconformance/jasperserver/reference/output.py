"""Requesting report output: `GET …/outputResource` and `GET …/attachments/{fileName}`."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote

from pytest_reportconformance.http.server import Answer
from pytest_reportconformance.jasperserver.reference.details import Details
from pytest_reportconformance.jasperserver.reference.documents import html
from pytest_reportconformance.jasperserver.reference.documents.formats import document
from pytest_reportconformance.jasperserver.reference.documents.pictures import PICTURES, SCRIPT
from pytest_reportconformance.jasperserver.reference.faults import FAILED, Fault, Refusal, not_found
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.reports import Page
from pytest_reportconformance.jasperserver.reference.state import Execution, Export


class Output(Details):
    """Delivers outputs and attachments; an early request waits."""

    def read_output(self, caller: Caller, id: str, export_id: str) -> Answer:
        """The main output of an export; the Accept header has no effect."""
        execution, export = self.export(caller, id, export_id)
        self.await_output(execution, export, caller)
        self.refuse_unready(execution, export, caller)
        return Answer(200, self.output_body(execution, export, caller), self.output_headers(execution, export, caller))

    def await_output(self, execution: Execution, export: Export, caller: Caller) -> None:
        """Wait until the export is finished."""
        self.wait_for_export(execution, export)

    def refuse_unready(self, execution: Execution, export: Export, caller: Caller) -> None:
        """Refuse the output of a failed export; 400 if its options are invalid."""
        status = self.export_state(execution, export, self.clock())
        if execution.deleted:
            raise not_found(execution.id)
        if status != "ready":
            fault = export.fault(self.fill_of(execution, export), self.clock()) or FAILED
            raise Refusal(self.unready_status(execution, export, fault), fault)

    def unready_status(self, execution: Execution, export: Export, fault: Fault) -> int:
        """The HTTP status for the output of an export that failed or was cancelled."""
        return 400 if fault == export.options_fault(self.fill_of(execution, export)) else 403

    def output_headers(self, execution: Execution, export: Export, caller: Caller) -> list[tuple[str, str]]:
        """The header fields of an output."""
        headers = [("Content-Type", self.output_content_type(execution, export)), ("Cache-Control", "private")]
        disposition = self.content_disposition(execution, export, caller)
        if disposition:
            headers.append(("Content-Disposition", disposition))
        headers.append(("output-final", str(self.output_final(execution, export)).lower()))
        if export.options.pages:
            headers.append(("report-pages", export.options.pages.text))
        return headers

    def content_disposition(self, execution: Execution, export: Export, caller: Caller) -> str | None:
        """The Content-Disposition of an output; None for HTML and if the client suppresses it."""
        name = self.output_file_name(execution, export)
        unwanted = (caller.call.argument("suppressContentDisposition") or "").lower() == "true"
        return f'attachment; filename="{quote(name)}"' if name and not unwanted else None

    def output_pages(self, execution: Execution, export: Export, caller: Caller) -> list[tuple[int, Page]]:
        """The pages of an output with their indices from 0."""
        fill = self.fill_of(execution, export)
        pages = fill.pages(export.options.ignore_pagination)
        return [(index, pages[index]) for index in export.indices(fill)]

    def output_body(self, execution: Execution, export: Export, caller: Caller) -> bytes:
        """The bytes of an output."""
        pages = self.output_pages(execution, export, caller)
        if export.options.format == "html":
            return self.html(execution, export, pages, caller)
        return document(export.options.format or "pdf", tuple(page for _, page in pages))

    def html(self, execution: Execution, export: Export, pages: list[tuple[int, Page]], caller: Caller) -> bytes:
        """HTML output, a whole document or a fragment."""
        whole = export.options.markup != "embeddable"
        prefix = self.attachments_prefix(execution, export, caller)
        pages = [(index, replace(page, chart=self.draws_chart(execution, export, page))) for index, page in pages]
        return html.write(pages, prefix, whole=whole, base_url=export.options.base_url)

    def attachments_prefix(self, execution: Execution, export: Export, caller: Caller) -> str:
        """The prefix of attachments' names in HTML, placeholders replaced."""
        known = {
            "{contextPath}": self.prefix,
            "{reportExecutionId}": quote(execution.id, safe=""),
            "{exportExecutionId}": quote(export.id, safe=""),
        }
        prefix = export.options.attachments_prefix
        for placeholder, value in known.items():
            prefix = prefix.replace(placeholder, value)
        return prefix

    def read_attachment(self, caller: Caller, id: str, export_id: str, name: str) -> Answer:
        """A picture of an HTML output."""
        execution, export = self.export(caller, id, export_id)
        self.await_output(execution, export, caller)
        self.refuse_unready(execution, export, caller)
        kind = self.attachments_of(execution, export).get(name)
        if kind is None:
            raise not_found(name)
        return Answer(200, self.attachment_body(execution, export, name, kind), self.attachment_headers(name, kind))

    def attachment_body(self, execution: Execution, export: Export, name: str, kind: str) -> bytes:
        """The bytes of a picture."""
        return SCRIPT if kind == "js" else PICTURES[kind]

    def attachment_headers(self, name: str, kind: str) -> list[tuple[str, str]]:
        """The header fields of a picture."""
        return [
            ("Content-Type", self.attachment_content_type(kind)),
            ("Cache-Control", "private"),
            ("Content-Disposition", f'attachment; filename="{name}"'),
        ]
