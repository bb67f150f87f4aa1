"""Deviations in outputs and attachments."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pytest_reportconformance.http.server import Answer, Call
from pytest_reportconformance.jasperserver.reference.deviations.plays import plays
from pytest_reportconformance.jasperserver.reference.documents.formats import FORMATS, document
from pytest_reportconformance.jasperserver.reference.faults import Fault
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.options import DEFAULT_PREFIX, RunOptions
from pytest_reportconformance.jasperserver.reference.resources import Resource
from pytest_reportconformance.jasperserver.reference.server import Reference
from pytest_reportconformance.jasperserver.reference.state import TERMINAL, Execution, Export, Fill, JobRun

OWN_TYPES = {
    "csv": "application/vnd.ms-excel",
    "docx": "application/docx",
    "xlsx": "application/xlsx",
    "pptx": "application/pptx",
    "xls": "application/xls",
}
ASSETS = (".png", ".gif", ".js", ".css", ".htm")


@plays("output-of-bad-options-forbidden")
class ForbidsBadOptions(Reference):
    """The output of an export with bad options answers 403."""

    def unready_status(self, execution: Execution, export: Export, fault: Fault) -> int:
        """403 for every reason."""
        return 403


@plays("export-reset-to-cancelled")
class ResetsExports(Reference):
    """Sometimes an export of a ready report shows `cancelled` until its output is read.

    On the real server it is a race; here it is shown by the first export of each run of the reports `reset`, so that
    outcomes do not depend on time.
    """

    reset: tuple[str, ...] = ("slow",)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._read: set[str] = set()

    def is_reset(self, execution: Execution, export: Export) -> bool:
        """Whether it is the first export of such a report, and its output was not read yet."""
        named = execution.unit_uri.rpartition("/")[2] in self.reset
        return named and export.id not in self._read and export.id == next(iter(execution.exports), None)

    def status_of_export(self, execution: Execution, export: Export, caller: Caller) -> str:
        """Cancelled in place of ready."""
        status = super().status_of_export(execution, export, caller)
        return "cancelled" if status == "ready" and self.is_reset(execution, export) else status

    def await_output(self, execution: Execution, export: Export, caller: Caller) -> None:
        """Reading the output ends it."""
        super().await_output(execution, export, caller)
        self._read.add(export.id)


@plays("unregistered-content-types")
class SendsUnregisteredTypes(Reference):
    """Some media types are not the registered ones."""

    def output_content_type(self, execution: Execution, export: Export) -> str:
        """The product's own media type."""
        registered = super().output_content_type(execution, export)
        names = [name for name in OWN_TYPES if name in FORMATS and FORMATS[name].content_type == registered]
        return OWN_TYPES[names[0]] if names else registered


@plays("assets-cached-publicly")
class CachesAssets(Reference):
    """URLs with the extension of an image, script or page are publicly cacheable for a year, also if answered 404."""

    def answer(self, call: Call) -> Answer:
        """Replace the cache header."""
        answer = super().answer(call)
        if call.method == "GET" and call.path.endswith(ASSETS):
            answer.replace("Cache-Control", "max-age=31536000,public").replace("Pragma", "")
        return answer


@plays("output-final-on-html-only")
class FinalOnHtmlOnly(Reference):
    """Output-final appears on HTML only."""

    def output_headers(self, execution: Execution, export: Export, caller: Caller) -> list[tuple[str, str]]:
        """Drop it on other formats."""
        headers = super().output_headers(execution, export, caller)
        return [pair for pair in headers if pair[0] != "output-final" or export.options.format == "html"]


class AddsOutputHeaders(Reference):
    """Not registered: since 8.0 HTML outputs have further header fields."""

    fields: tuple[str, ...] = ("output-timestamp", "output-lastPartialPage", "report-snapshotSaveStatus")
    formats: tuple[str, ...] = ("html",)

    def output_headers(self, execution: Execution, export: Export, caller: Caller) -> list[tuple[str, str]]:
        """Add them."""
        headers = super().output_headers(execution, export, caller)
        added = self.fields if export.options.format in self.formats else ()
        return [*headers, *((name, "0") for name in added)]


class AddsTimestampHeaders(AddsOutputHeaders):
    """Not registered: before 8.0 all outputs have one of them."""

    fields = ("output-timestamp",)
    formats = tuple(FORMATS)


@plays("report-pages-on-html-only")
class PagesOnHtmlOnly(Reference):
    """Report-pages appears on HTML only."""

    def output_headers(self, execution: Execution, export: Export, caller: Caller) -> list[tuple[str, str]]:
        """Drop it on other formats."""
        headers = super().output_headers(execution, export, caller)
        return [pair for pair in headers if pair[0] != "report-pages" or export.options.format == "html"]


@plays("xls-is-xlsx")
class WritesXlsxForXls(Reference):
    """The format xls delivers an xlsx workbook."""

    def output_body(self, execution: Execution, export: Export, caller: Caller) -> bytes:
        """An xlsx workbook."""
        if export.options.format != "xls":
            return super().output_body(execution, export, caller)
        return document("xlsx", tuple(page for _, page in self.output_pages(execution, export, caller)))

    def output_content_type(self, execution: Execution, export: Export) -> str:
        """Its media type."""
        return super().output_content_type(execution, self._as_xlsx(export))

    def output_file_name(self, execution: Execution, export: Export) -> str | None:
        """Its file extension."""
        return super().output_file_name(execution, self._as_xlsx(export))

    def _as_xlsx(self, export: Export) -> Export:
        other = "xlsx" if export.options.format == "xls" else export.options.format
        return replace(export, options=replace(export.options, format=other))


@plays("empty-output-without-content")
class HasEmptyOutputs(Reference):
    """JSON output is empty; an empty output answers 204, since 8.0 for HTML only."""

    def output_body(self, execution: Execution, export: Export, caller: Caller) -> bytes:
        """No report has metadata for JSON."""
        return b"" if export.options.format == "json" else super().output_body(execution, export, caller)

    def read_output(self, caller: Caller, id: str, export_id: str) -> Answer:
        """204 without content."""
        answer = super().read_output(caller, id, export_id)
        if answer.body or (
            self.version.startswith("8.") and answer.header("Content-Type") != FORMATS["html"].content_type
        ):
            return answer
        return Answer(204)


@plays("double-slash-in-attachments")
class DoublesSlashes(Reference):
    """After a run POSTed to a URL with a trailing slash, default attachment URLs have a double slash."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._slashed: set[str] = set()

    def start(self, caller: Caller, unit: Resource, options: RunOptions, job: JobRun | None = None) -> Execution:
        """Remember the trailing slash."""
        execution = super().start(caller, unit, options, job)
        if caller.call.path.endswith("/"):
            self._slashed.add(execution.id)
        return execution

    def attachments_prefix(self, execution: Execution, export: Export, caller: Caller) -> str:
        """With a double slash."""
        prefix = super().attachments_prefix(execution, export, caller)
        doubled = execution.id in self._slashed and export.options.attachments_prefix == DEFAULT_PREFIX
        return prefix.replace("/reportExecutions/", "/reportExecutions//") if doubled else prefix

    def segments(self, call: Call) -> list[str]:
        """A double slash is read as one."""
        path, mark, query = call.target.partition("?")
        return super().segments(replace(call, target=path.replace("//", "/") + mark + query))


@plays("page-output-waits-for-report")
class AwaitsTheWholeReport(Reference):
    """The output of a page is ready only when the whole report is done."""

    def export_state(self, execution: Execution, export: Export, now: float) -> str:
        """Queued until then."""
        running = self.fill_of(execution, export).status(now) not in TERMINAL
        return "queued" if running else super().export_state(execution, export, now)


@plays("old-exports-keep-old-values")
class KeepsOldOutput(Reference):
    """After an update of parameters older exports still show the old values."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._made_from: dict[str, Fill] = {}

    def fill_of(self, execution: Execution, export: Export) -> Fill:
        """The filling that the export was made from."""
        return self._made_from.get(export.id) or super().fill_of(execution, export)

    def refill(self, execution: Execution, fill: Fill) -> None:
        """Finished exports keep their filling; pending ones get the new one."""
        for export in execution.exports.values():
            if self.export_state(execution, export, self.clock()) == "ready":
                self._made_from.setdefault(export.id, execution.fill)
        super().refill(execution, fill)
