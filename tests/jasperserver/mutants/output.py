"""Servers that lie about outputs."""

from __future__ import annotations

from collections import Counter
from typing import Any

from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.jasperserver.reference.documents.formats import document
from pytest_reportconformance.jasperserver.reference.faults import Fault, Refusal
from pytest_reportconformance.jasperserver.reference.people import Caller
from pytest_reportconformance.jasperserver.reference.reports import Page
from pytest_reportconformance.jasperserver.reference.state import Execution, Export
from pytest_reportconformance.serving import Answer
from tests.killing import kills

OUTPUT = "jasperserver.output."
Pages = list[tuple[int, Page]]


def is_of(execution: Execution, *units: str) -> bool:
    """Whether an execution is of one of the reports of these names."""
    return execution.unit_uri.rpartition("/")[2] in units


class _Counting(Reference):
    """Counts the downloads of each output."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.downloads: Counter[str] = Counter()

    def output_body(self, execution: Execution, export: Export, caller: Caller) -> bytes:
        with self.lock:
            self.downloads[export.id] += 1
        return self.altered(super().output_body(execution, export, caller), execution, export)

    def altered(self, body: bytes, execution: Execution, export: Export) -> bytes:
        return body


@kills(OUTPUT + "ready")
class DeliversLate(Reference):
    """Answers 403 to the ready output of the slow report."""

    def output_body(self, execution: Execution, export: Export, caller: Caller) -> bytes:
        if is_of(execution, "slow") and execution.options.wants_async and export.options.format == "html":
            raise Refusal(403)
        return super().output_body(execution, export, caller)


@kills(OUTPUT + "content-type")
class MistypesHtml(Reference):
    """Sends html as application/xhtml+xml, which the descriptor calls text/html."""

    def output_headers(self, execution: Execution, export: Export, caller: Caller) -> list[tuple[str, str]]:
        headers = super().output_headers(execution, export, caller)
        wrong = is_of(execution, "multi") and export.options.format == "html" and not export.options.pages
        return [(n, "application/xhtml+xml") if n == "Content-Type" and wrong else (n, v) for n, v in headers]


@kills(OUTPUT + "content-type")
class MistypesWorkbooks(Reference):
    """Sends a workbook as a stream of bytes, which the descriptor calls a workbook."""

    def output_headers(self, execution: Execution, export: Export, caller: Caller) -> list[tuple[str, str]]:
        headers = super().output_headers(execution, export, caller)
        wrong = export.options.format == "xlsx" and len(execution.exports) > 1
        return [(n, "application/octet-stream") if n == "Content-Type" and wrong else (n, v) for n, v in headers]


@kills(OUTPUT + "content-type")
class DescribesXmlWrongly(Reference):
    """Calls an odt application/zip in the details in XML alone."""

    def output_members(self, execution: Execution, export: Export, caller: Caller) -> dict[str, Any]:
        members = super().output_members(execution, export, caller)
        if caller.call.header("Accept") == "application/xml" and export.options.format == "odt":
            members["contentType"] = "application/zip"
        return members


class _Written(Reference):
    """Changes the bytes of the exports of the report of several pages."""

    format = ""

    def spoil(self, body: bytes) -> bytes:
        raise NotImplementedError

    def output_body(self, execution: Execution, export: Export, caller: Caller) -> bytes:
        body = super().output_body(execution, export, caller)
        later = len(execution.exports) > 1 and is_of(execution, "multi") and not export.options.pages
        return self.spoil(body) if later and export.options.format == self.format else body


@kills(OUTPUT + "genuine")
class CutsDocuments(_Written):
    """Sends the first half of a docx export."""

    format = "docx"

    def spoil(self, body: bytes) -> bytes:
        return body[: len(body) // 2]


@kills(OUTPUT + "genuine")
class CutsPdf(_Written):
    """Leaves the end out of a pdf export: its table of objects."""

    format = "pdf"

    def spoil(self, body: bytes) -> bytes:
        return body[:200]


@kills(OUTPUT + "genuine")
class SendsNewerWorkbooks(_Written):
    """Sends xlsx where xls was asked for."""

    format = "xls"

    def spoil(self, body: bytes) -> bytes:
        return document("xlsx", (Page(tuple(f"PAGE-{page}-OF-7" for page in range(1, 8))),))


@kills(OUTPUT + "complete", OUTPUT + "accept-ignored")
class SendsJsonToThoseWhoAccept(Reference):
    """Sends the html of a finished report as JSON to whoever accepts JSON, and a page to all others."""

    def output_body(self, execution: Execution, export: Export, caller: Caller) -> bytes:
        body = super().output_body(execution, export, caller)
        if is_of(execution, "multi") and len(execution.exports) == 1 and execution.options.wants_async:
            return b'{"html":"PAGE-1-OF-7"}' if "json" in caller.call.header("Accept") else body
        return body


class _Paged(Reference):
    """Changes the pages of an output that holds all pages of the report of several pages."""

    def chosen(self, pages: Pages, execution: Execution, export: Export) -> Pages:
        raise NotImplementedError

    def output_pages(self, execution: Execution, export: Export, caller: Caller) -> Pages:
        pages = super().output_pages(execution, export, caller)
        whole = is_of(execution, "multi") and export.options.pages is None and execution.options.wants_async
        return self.chosen(pages, execution, export) if whole and len(pages) == 7 else pages


@kills(OUTPUT + "complete")
class DropsTheLastPageOfXml(_Paged):
    """Leaves the last page out of an xml export."""

    def chosen(self, pages: Pages, execution: Execution, export: Export) -> Pages:
        return pages[:-1] if export.options.format == "xml" else pages


@kills(OUTPUT + "complete")
class DropsAPageOfPdf(_Paged):
    """Leaves the middle page out of a pdf export."""

    def chosen(self, pages: Pages, execution: Execution, export: Export) -> Pages:
        return pages[:3] + pages[4:] if export.options.format == "pdf" else pages


@kills(OUTPUT + "complete")
class RepeatsAPageOfRtf(_Paged):
    """Prints the first page twice instead of the second in rtf."""

    def chosen(self, pages: Pages, execution: Execution, export: Export) -> Pages:
        return [pages[0], pages[0], *pages[2:]] if export.options.format == "rtf" else pages


@kills(OUTPUT + "complete")
class ShowsSixPages(_Paged):
    """Leaves the last page out of the html that the run asked for."""

    def chosen(self, pages: Pages, execution: Execution, export: Export) -> Pages:
        first = export.options.format == "html" and export.id == next(iter(execution.exports))
        return pages[:-1] if first else pages


@kills(OUTPUT + "own-content")
class ServesTheLatestRun(Reference):
    """Serves the pages of the latest execution of the same report."""

    def output_pages(self, execution: Execution, export: Export, caller: Caller) -> Pages:
        same = [one for one in list(self.executions.values()) if one.unit_uri == execution.unit_uri]
        if is_of(execution, "runcounter") and same:
            return list(enumerate(same[-1].fill.pages()))
        return super().output_pages(execution, export, caller)


@kills(OUTPUT + "own-content")
class ServesTheOtherRunLater(_Counting):
    """Serves the output of another execution of the same report from the second download on."""

    def output_pages(self, execution: Execution, export: Export, caller: Caller) -> Pages:
        others = [
            one for one in list(self.executions.values()) if one.unit_uri == execution.unit_uri and one is not execution
        ]
        if is_of(execution, "runcounter") and others and self.downloads[export.id] > 1:
            return list(enumerate(others[0].fill.pages()))
        return super().output_pages(execution, export, caller)


@kills(OUTPUT + "unknown-execution", "jasperserver.delete.output-gone", "jasperserver.delete.running-gone")
class ServesNobodysOutput(Reference):
    """Answers 200 to the output of an unknown execution, without content."""

    def read_output(self, caller: Caller, id: str, export_id: str) -> Answer:
        if id not in self.executions:
            return Answer(200, b"", [("Content-Type", "text/html")])
        return super().read_output(caller, id, export_id)


@kills(OUTPUT + "unknown-execution")
class RefusesNobodysOutput(Reference):
    """Answers 403 instead of 404 to the output of an unknown execution."""

    def read_output(self, caller: Caller, id: str, export_id: str) -> Answer:
        if id not in self.executions:
            raise Refusal(403)
        return super().read_output(caller, id, export_id)


@kills(OUTPUT + "unknown-export")
class ServesTheOnlyExport(Reference):
    """Serves the only export whatever export is asked for."""

    def read_output(self, caller: Caller, id: str, export_id: str) -> Answer:
        execution = self.execution(caller, id)
        if export_id not in execution.exports and len(execution.exports) == 1:
            export_id = next(iter(execution.exports))
        return super().read_output(caller, id, export_id)


@kills(OUTPUT + "bad-options")
class RefusesBadOptionsOddly(Reference):
    """Answers 403 to the output of an export of an unknown format."""

    def unready_status(self, execution: Execution, export: Export, fault: Fault) -> int:
        return 403


@kills(OUTPUT + "bad-options")
class FailsOnUnknownFormatsInXml(Reference):
    """Answers 500 to the output of an export of an unknown format that was asked for last."""

    def unready_status(self, execution: Execution, export: Export, fault: Fault) -> int:
        unknown = [one for one in execution.exports.values() if one.options.format == "nosuchformat"]
        last = len(unknown) > 1 and unknown[-1].id == export.id
        return 404 if last else super().unready_status(execution, export, fault)


@kills(OUTPUT + "accept-ignored")
class WantsHtmlAccepted(Reference):
    """Answers 406 to whoever accepts JSON alone, where the output is ready."""

    def output_body(self, execution: Execution, export: Export, caller: Caller) -> bytes:
        if caller.call.header("Accept") == "application/json":
            raise Refusal(406)
        return super().output_body(execution, export, caller)


@kills(OUTPUT + "repeatable")
class ShortensTheSecondDownload(_Counting):
    """Leaves the last page out of the second download of html."""

    def altered(self, body: bytes, execution: Execution, export: Export) -> bytes:
        second = self.downloads[export.id] == 2 and export.options.format == "html" and is_of(execution, "multi")
        return body.replace(b"PAGE-7-OF-7", b"") if second and len(execution.exports) == 1 else body


@kills(OUTPUT + "repeatable", "jasperserver.export.coexist")
class AppendsToCsv(_Counting):
    """Appends a row to a csv export at every download but the first."""

    def altered(self, body: bytes, execution: Execution, export: Export) -> bytes:
        again = self.downloads[export.id] > 1 and export.options.format == "csv" and is_of(execution, "multi")
        return body + b"again\n" if again else body


class _Early(Reference):
    """Delivers what is there."""

    final = "true"
    status = 200

    def read_output(self, caller: Caller, id: str, export_id: str) -> Answer:
        execution, export = self.export(caller, id, export_id)
        made = execution.fill.pages_made(self.clock())
        early = is_of(execution, "slowpages") and execution.fill.status(self.clock()) == "execution"
        if not early or export.options.format != "csv":
            return super().read_output(caller, id, export_id)
        body = document("csv", execution.fill.pages()[:made])
        return Answer(self.status, body, [("Content-Type", "text/csv"), ("output-final", self.final)])


@kills(OUTPUT + "never-truncated")
class DeliversWhatIsThere(_Early):
    """Delivers the pages made so far of a csv export, and calls them final."""


@kills(OUTPUT + "never-truncated")
class BreaksWhenAskedEarly(_Early):
    """Answers 503 to an output asked for early."""

    status = 503


@kills(OUTPUT + "failed-refused")
class BreaksOnFailedReports(Reference):
    """Answers 500 to the output of a report that failed after some pages."""

    def unready_status(self, execution: Execution, export: Export, fault: Fault) -> int:
        return 500 if is_of(execution, "failinglate") else super().unready_status(execution, export, fault)


@kills(OUTPUT + "failed-refused")
class DeliversFailures(Reference):
    """Delivers the reason with 200 as the output of a report that failed."""

    def unready_status(self, execution: Execution, export: Export, fault: Fault) -> int:
        return 200 if is_of(execution, "failing") else super().unready_status(execution, export, fault)


@kills(OUTPUT + "failed-descriptor")
class RefusesWithoutWords(Reference):
    """Refuses the output of an export that failed without a descriptor."""

    def refuse_unready(self, execution: Execution, export: Export, caller: Caller) -> None:
        try:
            super().refuse_unready(execution, export, caller)
        except Refusal as refusal:
            raise Refusal(refusal.status, None if is_of(execution, "fast", "failing") else refusal.fault) from None


@kills(OUTPUT + "available-until-delete")
class DeliversTwice(_Counting):
    """Answers 404 to the fourth download of an output of the report of several pages."""

    def altered(self, body: bytes, execution: Execution, export: Export) -> bytes:
        if self.downloads[export.id] > 3 and is_of(execution, "multi"):
            raise Refusal(404)
        return body


@kills(OUTPUT + "available-until-delete")
class DropsTheOutputOfTheRun(Reference):
    """Answers 404 to the output of a run once one of its exports has failed."""

    def output_body(self, execution: Execution, export: Export, caller: Caller) -> bytes:
        failed = any(one.options_fault(execution.fill) for one in execution.exports.values())
        if failed and is_of(execution, "fast"):
            raise Refusal(404)
        return super().output_body(execution, export, caller)
