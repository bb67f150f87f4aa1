"""Servers with faults in exports, outputs, attachments and bookmarks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from jasperreports_io_conformance.reference import Reference

from mutants.runs import is_of
from pytest_reportconformance.http.server import Answer
from pytest_reportconformance.jasperserver.reference.faults import Fault, Refusal
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.options import DEFAULT_PREFIX, ExportOptions
from pytest_reportconformance.jasperserver.reference.reports import Page
from pytest_reportconformance.jasperserver.reference.state import Execution, Export

Pages = list[tuple[int, Page]]
WRONG = Fault("illegal.parameter.value.error", "This does not exist.")


def is_first(execution: Execution, export: Export) -> bool:
    """Whether an export is the one that the run asked for."""
    return next(iter(execution.exports), None) == export.id


class MistypesHtml(Reference):
    """Sends HTML as application/xhtml+xml, although the descriptor names text/html."""

    violates = ("jasperreports_io.output.content-type",)

    def output_headers(self, execution: Execution, export: Export, caller: Caller) -> list[tuple[str, str]]:
        fields = dict(super().output_headers(execution, export, caller))
        if is_of(execution, "multi") and export.options.format == "html":
            fields["Content-Type"] = "application/xhtml+xml"
        return list(fields.items())


class CutsPdf(Reference):
    """Sends the first half of a PDF."""

    violates = ("jasperreports_io.output.genuine",)

    def output_body(self, execution: Execution, export: Export, caller: Caller) -> bytes:
        body = super().output_body(execution, export, caller)
        return body[: len(body) // 2] if export.options.format == "pdf" and not export.options.pages else body


class LosesTheLastPage(Reference):
    """Leaves the last page out of a CSV."""

    violates = ("jasperreports_io.output.complete",)

    def output_pages(self, execution: Execution, export: Export, caller: Caller) -> Pages:
        pages = super().output_pages(execution, export, caller)
        return pages[:-1] if export.options.format == "csv" and len(pages) > 2 else pages


class DeliversOthers(Reference):
    """Delivers the output of the latest run of a report for each of its executions."""

    violates = ("jasperreports_io.output.own-content",)

    def output_body(self, execution: Execution, export: Export, caller: Caller) -> bytes:
        same = [one for one in list(self.executions.values()) if one.unit_uri == execution.unit_uri]
        latest = same[-1] if is_of(execution, "runcounter") and same[-1].fill.status(self.clock()) == "ready" else None
        return super().output_body(latest or execution, export, caller)


class DeniesUnknownOutputs(Reference):
    """Answers 403 to the output of an execution that does not exist."""

    violates = ("jasperreports_io.output.unknown-execution", "jasperreports_io.delete.output-gone")

    def read_output(self, caller: Caller, id: str, export_id: str) -> Answer:
        if id not in self.executions:
            raise Refusal(403, WRONG)
        return super().read_output(caller, id, export_id)


class DeniesWrongOptions(Reference):
    """Answers 403 to the output of an export with invalid options."""

    violates = ("jasperreports_io.output.bad-options",)

    def unready_status(self, execution: Execution, export: Export, fault: Fault) -> int:
        return 403


class CallsEverythingPng(Reference):
    """Sends every picture as image/png."""

    violates = ("jasperreports_io.attachments.content-type",)

    def attachment_headers(self, name: str, kind: str) -> list[tuple[str, str]]:
        fields = dict(super().attachment_headers(name, kind))
        return list((fields | ({} if kind == "js" else {"Content-Type": "image/png"})).items())


class EmptiesPictures(Reference):
    """Answers 200 without content to a picture of the HTML that the run asked for."""

    violates = ("jasperreports_io.attachments.delivered",)

    def attachment_body(self, execution: Execution, export: Export, name: str, kind: str) -> bytes:
        first = is_first(execution, export) and kind == "png"
        return b"" if first else super().attachment_body(execution, export, name, kind)


class HidesAttachments(Reference):
    """Lists no attachment of an export that was added later."""

    violates = ("jasperreports_io.details.lists-attachments",)

    def attachment_members(self, execution: Execution, export: Export, caller: Caller) -> list[dict[str, Any]]:
        return super().attachment_members(execution, export, caller) if is_first(execution, export) else []


class PointsToTheFirstExport(Reference):
    """Refers in later HTML to the attachments of the first export."""

    violates = ("jasperreports_io.attachments.default-path",)

    def attachments_prefix(self, execution: Execution, export: Export, caller: Caller) -> str:
        default = export.options.attachments_prefix == DEFAULT_PREFIX
        first = next(iter(execution.exports.values()))
        return super().attachments_prefix(execution, first if default else export, caller)


class IgnoresPrefixOfExports(Reference):
    """Ignores the prefix of an export."""

    violates = ("jasperreports_io.export.prefix",)

    def export_options(self, caller: Caller) -> ExportOptions:
        return replace(super().export_options(caller), attachments_prefix=DEFAULT_PREFIX)


class IgnoresPrefixOfRuns(Reference):
    """Ignores the prefix of a run."""

    violates = ("jasperreports_io.attachments.prefix",)

    def attachments_prefix(self, execution: Execution, export: Export, caller: Caller) -> str:
        if is_first(execution, export):
            export = replace(export, options=replace(export.options, attachments_prefix=DEFAULT_PREFIX))
        return super().attachments_prefix(execution, export, caller)


class KeepsBookmarksBack(Reference):
    """Answers the info of a report without its bookmarks."""

    violates = ("jasperreports_io.info.bookmarks",)

    def info_members(self, execution: Execution, caller: Caller) -> dict[str, Any]:
        members = super().info_members(execution, caller)
        members.pop("bookmarks", None)
        return members


class KeepsPartsBack(Reference):
    """Answers the info of a book without its parts."""

    violates = ("jasperreports_io.info.parts",)

    def info_members(self, execution: Execution, caller: Caller) -> dict[str, Any]:
        members = super().info_members(execution, caller)
        members.pop("parts", None)
        return members


class ExportsCsvAsPdf(Reference):
    """Exports a CSV of some pages as PDF."""

    violates = ("jasperreports_io.export.own-format",)

    def export_options(self, caller: Caller) -> ExportOptions:
        options = super().export_options(caller)
        return replace(options, format="pdf") if options.format == "csv" and options.pages else options


class IgnoresPagesOfExports(Reference):
    """Exports every page as PDF although a range is named."""

    violates = ("jasperreports_io.export.pages",)

    def export_options(self, caller: Caller) -> ExportOptions:
        options = super().export_options(caller)
        return replace(options, pages=None) if options.format == "pdf" else options


class RunsAgainToExport(Reference):
    """Runs a report again when it is exported."""

    violates = ("jasperreports_io.export.same-data", "jasperreports_io.output.own-content")

    def add_export(self, execution: Execution, options: ExportOptions, caller: Caller) -> Export:
        if is_of(execution, "runcounter") and execution.exports:
            unit = self.repository.resources[execution.unit_uri]
            plan = self.plan(unit, execution.values)
            execution.fill = replace(execution.fill, plan=plan)
        return super().add_export(execution, options, caller)


class KeepsReasonsOfExportsBack(Reference):
    """Shows that an export failed, but not why."""

    violates = ("jasperreports_io.export-status.failed-text",)

    def fault_of_export(self, execution: Execution, export: Export, caller: Caller) -> Fault | None:
        return None
