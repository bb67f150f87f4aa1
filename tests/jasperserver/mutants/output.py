"""Servers with faults in outputs."""

from __future__ import annotations

from typing import Any

from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.jasperserver.reference.documents.formats import document
from pytest_reportconformance.jasperserver.reference.faults import Refusal
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.reports import Page
from pytest_reportconformance.jasperserver.reference.state import Execution, Export
from tests.jasperserver.faults import CountedDownloads, accept_header, asks_plain_xml, is_first, is_of
from tests.mutation.kill_matrix import kills

Pages = list[tuple[int, Page]]


@kills("jasperserver.output.ready")
class DeliversLate(Reference):
    """Answers 403 to the ready output of the slow report."""

    def output_body(self, execution: Execution, export: Export, caller: Caller) -> bytes:
        if is_of(execution, "slow") and execution.options.is_async and export.options.format == "html":
            raise Refusal(403)
        return super().output_body(execution, export, caller)


@kills("jasperserver.output.content-type")
class MistypesHtml(Reference):
    """Sends HTML as application/xhtml+xml, although the descriptor names text/html."""

    def output_headers(self, execution: Execution, export: Export, caller: Caller) -> list[tuple[str, str]]:
        headers = super().output_headers(execution, export, caller)
        wrong = is_of(execution, "multi") and export.options.format == "html" and not export.options.pages
        return [(n, "application/xhtml+xml") if n == "Content-Type" and wrong else (n, v) for n, v in headers]


@kills("jasperserver.output.content-type")
class MistypesWorkbooks(Reference):
    """Sends a workbook as application/octet-stream, although the descriptor names its type."""

    def output_headers(self, execution: Execution, export: Export, caller: Caller) -> list[tuple[str, str]]:
        headers = super().output_headers(execution, export, caller)
        wrong = export.options.format == "xlsx" and len(execution.exports) > 1
        return [(n, "application/octet-stream") if n == "Content-Type" and wrong else (n, v) for n, v in headers]


@kills("jasperserver.output.content-type", "jasperserver.negotiation.json-and-xml-agree")
class DescribesXmlWrongly(Reference):
    """Describes an ODT as application/zip in the details in XML."""

    def output_members(self, execution: Execution, export: Export, caller: Caller) -> dict[str, Any]:
        members = super().output_members(execution, export, caller)
        if asks_plain_xml(caller) and export.options.format == "odt":
            members["contentType"] = "application/zip"
        return members


class _Written(Reference):
    """Changes the bytes of the exports of the report of several pages."""

    format = ""

    def change(self, body: bytes) -> bytes:
        raise NotImplementedError

    def output_body(self, execution: Execution, export: Export, caller: Caller) -> bytes:
        body = super().output_body(execution, export, caller)
        later = len(execution.exports) > 1 and is_of(execution, "multi") and not export.options.pages
        return self.change(body) if later and export.options.format == self.format else body


@kills("jasperserver.output.genuine")
class CutsDocuments(_Written):
    """Sends the first half of a DOCX export."""

    format = "docx"

    def change(self, body: bytes) -> bytes:
        return body[: len(body) // 2]


@kills("jasperserver.output.genuine")
class CutsPdf(_Written):
    """Cuts off the end of a PDF export, with its cross-reference table."""

    format = "pdf"

    def change(self, body: bytes) -> bytes:
        return body[:200]


@kills("jasperserver.output.genuine")
class SendsNewerWorkbooks(_Written):
    """Sends XLSX if XLS was asked for."""

    format = "xls"

    def change(self, body: bytes) -> bytes:
        return document("xlsx", (Page(tuple(f"PAGE-{page}-OF-7" for page in range(1, 8))),))


@kills(
    "jasperserver.output.complete",
    "jasperserver.output.accept-ignored",
    "jasperserver.output.repeatable",
    "jasperserver.output.genuine",
)
class SendsJsonIfAccepted(Reference):
    """Sends the output of a finished report as JSON to clients that accept JSON."""

    def output_body(self, execution: Execution, export: Export, caller: Caller) -> bytes:
        body = super().output_body(execution, export, caller)
        if is_of(execution, "multi") and len(execution.exports) == 1 and execution.options.is_async:
            return b'{"html":"PAGE-1-OF-7"}' if "json" in accept_header(caller) else body
        return body


class _Paged(Reference):
    """Changes the pages of an output that contains all pages of the report of several pages."""

    def chosen(self, pages: Pages, execution: Execution, export: Export) -> Pages:
        raise NotImplementedError

    def output_pages(self, execution: Execution, export: Export, caller: Caller) -> Pages:
        pages = super().output_pages(execution, export, caller)
        whole = is_of(execution, "multi") and export.options.pages is None and execution.options.is_async
        return self.chosen(pages, execution, export) if whole and len(pages) == 7 else pages


@kills("jasperserver.output.complete")
class DropsTheLastPageOfXml(_Paged):
    """Omits the last page from an XML export."""

    def chosen(self, pages: Pages, execution: Execution, export: Export) -> Pages:
        return pages[:-1] if export.options.format == "xml" else pages


@kills("jasperserver.output.complete")
class DropsAPageOfPdf(_Paged):
    """Omits the middle page from a PDF export."""

    def chosen(self, pages: Pages, execution: Execution, export: Export) -> Pages:
        return pages[:3] + pages[4:] if export.options.format == "pdf" else pages


@kills("jasperserver.output.complete")
class RepeatsAPageOfRtf(_Paged):
    """Prints the first page twice instead of the second in RTF."""

    def chosen(self, pages: Pages, execution: Execution, export: Export) -> Pages:
        return [pages[0], pages[0], *pages[2:]] if export.options.format == "rtf" else pages


@kills("jasperserver.output.complete")
class SwapsTwoPages(_Paged):
    """Prints the fourth page before the third, in a PDF export and in the HTML of the run."""

    def chosen(self, pages: Pages, execution: Execution, export: Export) -> Pages:
        swapped = [*pages[:2], pages[3], pages[2], *pages[4:]]
        return swapped if export.options.format in ("pdf", "html") else pages


@kills("jasperserver.output.complete")
class OmitsASlide(_Paged):
    """Omits the fifth page from a presentation."""

    def chosen(self, pages: Pages, execution: Execution, export: Export) -> Pages:
        return pages[:4] + pages[5:] if export.options.format == "pptx" else pages


@kills("jasperserver.output.complete")
class OmitsATable(_Paged):
    """Omits the second page from an ODS export."""

    def chosen(self, pages: Pages, execution: Execution, export: Export) -> Pages:
        return pages[:1] + pages[2:] if export.options.format == "ods" else pages


@kills("jasperserver.output.complete")
class ShowsSixPages(_Paged):
    """Omits the last page from the HTML that the run asked for."""

    def chosen(self, pages: Pages, execution: Execution, export: Export) -> Pages:
        first = export.options.format == "html" and is_first(execution, export)
        return pages[:-1] if first else pages


@kills("jasperserver.output.own-content", "jasperserver.concurrency.own-output")
class ServesTheLatestRun(Reference):
    """Delivers the pages of the latest execution of the same report."""

    def output_pages(self, execution: Execution, export: Export, caller: Caller) -> Pages:
        same = [one for one in list(self.executions.values()) if one.unit_uri == execution.unit_uri]
        if is_of(execution, "runcounter") and same:
            return list(enumerate(same[-1].fill.pages()))
        return super().output_pages(execution, export, caller)


@kills(
    "jasperserver.output.own-content",
    "jasperserver.output.repeatable",
)
class ServesTheOtherRunLater(CountedDownloads):
    """Delivers the output of another execution of the same report from the second download on."""

    def output_pages(self, execution: Execution, export: Export, caller: Caller) -> Pages:
        others = [
            one for one in list(self.executions.values()) if one.unit_uri == execution.unit_uri and one is not execution
        ]
        if is_of(execution, "runcounter") and others and self.downloads[export.id] > 1:
            return list(enumerate(others[0].fill.pages()))
        return super().output_pages(execution, export, caller)


@kills("jasperserver.output.accept-ignored")
class RequiresHtmlAccepted(Reference):
    """Answers 406 to the download of an output if only JSON is accepted."""

    def output_body(self, execution: Execution, export: Export, caller: Caller) -> bytes:
        if accept_header(caller) == "application/json":
            raise Refusal(406)
        return super().output_body(execution, export, caller)


@kills("jasperserver.output.repeatable")
class ShortensTheSecondDownload(CountedDownloads):
    """Omits the last page from the second download of HTML."""

    def altered(self, body: bytes, execution: Execution, export: Export) -> bytes:
        second = self.downloads[export.id] == 2 and export.options.format == "html" and is_of(execution, "multi")
        return body.replace(b"PAGE-7-OF-7", b"") if second and len(execution.exports) == 1 else body


@kills("jasperserver.output.repeatable", "jasperserver.export.coexist")
class AppendsToCsv(CountedDownloads):
    """Appends a row to a CSV export in every download except the first."""

    def altered(self, body: bytes, execution: Execution, export: Export) -> bytes:
        again = self.downloads[export.id] > 1 and export.options.format == "csv" and is_of(execution, "multi")
        return body + b"again\n" if again else body
