"""Servers with faults in exports."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pytest_reportconformance.http.server import Answer
from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.jasperserver.reference import options as asked
from pytest_reportconformance.jasperserver.reference.faults import Refusal, denied
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.options import ExportOptions
from pytest_reportconformance.jasperserver.reference.reports import Page, runcounter
from pytest_reportconformance.jasperserver.reference.state import Execution, Export
from tests.jasperserver.faults import is_first, is_of, sends_xml
from tests.mutation.kill_matrix import kills


class _Options(Reference):
    """Changes the options of an export."""

    def change(self, options: ExportOptions, caller: Caller) -> ExportOptions:
        raise NotImplementedError

    def export_options(self, caller: Caller) -> ExportOptions:
        return self.change(super().export_options(caller), caller)


@kills("jasperserver.export.accepted-json")
class CreatesDocuments(Reference):
    """Answers 201 to an export as DOCX."""

    def export_report(self, caller: Caller, id: str) -> Answer:
        answer = super().export_report(caller, id)
        answer.status = 201 if b"docx" in caller.call.body else answer.status
        return answer


@kills("jasperserver.export.accepted-xml")
class RefusesRangesInXml(Reference):
    """Answers 400 to an export of a page range in XML."""

    def export_options(self, caller: Caller) -> ExportOptions:
        options = super().export_options(caller)
        if sends_xml(caller) and options.pages:
            raise Refusal(400)
        return options


@kills("jasperserver.export.accepted-xml")
class RefusesXmlForHtml(Reference):
    """Answers 415 to an export as HTML in XML, for the report of several pages."""

    def export_report(self, caller: Caller, id: str) -> Answer:
        multi = is_of(self.execution(caller, id), "multi")
        if multi and sends_xml(caller) and b">html<" in caller.call.body:
            raise Refusal(415)
        return super().export_report(caller, id)


@kills("jasperserver.export.id-and-status")
class StartsExports(Reference):
    """Answers exports with the status `started`."""

    def export_report(self, caller: Caller, id: str) -> Answer:
        answer = super().export_report(caller, id)
        answer.body = answer.body.replace(b'"queued"', b'"started"').replace(b'"execution"', b'"started"')
        return answer


@kills(
    "jasperserver.export.unknown-execution",
    "jasperserver.delete.everything-gone",
    "jasperserver.negotiation.export-xml",
)
class ExportsUnknown(Reference):
    """Answers 200 with a failed export to an export of an unknown execution."""

    def export_report(self, caller: Caller, id: str) -> Answer:
        if id not in self.executions:
            return self.represent("exportExecution", {"id": "0", "status": "failed"}, "application/json")
        return super().export_report(caller, id)


@kills("jasperserver.export.unknown-execution", "jasperserver.delete.everything-gone")
class ForbidsExportOfUnknown(Reference):
    """Answers 403 to an export of an unknown execution."""

    def export_report(self, caller: Caller, id: str) -> Answer:
        if id not in self.executions:
            raise denied()
        return super().export_report(caller, id)


@kills("jasperserver.export.reaches-ready", "jasperserver.run.formats")
class CannotOdt(Reference):
    """Cancels every export as ODT of a finished run."""

    def export_state(self, execution: Execution, export: Export, now: float) -> str:
        state = super().export_state(execution, export, now)
        stuck = state == "ready" and export.options.format == "odt" and not is_first(execution, export)
        return "cancelled" if stuck else state


@kills("jasperserver.export.reaches-ready")
class CannotTheSameTwice(Reference):
    """Fails an export with the same options as an earlier one."""

    def export_state(self, execution: Execution, export: Export, now: float) -> str:
        state = super().export_state(execution, export, now)
        same = [one.id for one in list(execution.exports.values()) if one.options == export.options]
        whole = export.options.format == "csv" and not export.options.pages and len(execution.exports) > 8
        return "failed" if state == "ready" and whole and len(same) > 1 and same[-1] == export.id else state


@kills(
    "jasperserver.export.report-stays-ready",
    "jasperserver.details.repeatable",
    "jasperserver.negotiation.json-and-xml-agree",
)
class CountsExportedPages(Reference):
    """Returns the number of pages of the latest export as that of the report."""

    def total_pages(self, execution: Execution, caller: Caller) -> int:
        last = list(execution.exports.values())[-1] if execution.exports else None
        if last and not is_first(execution, last) and last.options.pages and is_of(execution, "multi"):
            return len(last.indices(execution.fill))
        return super().total_pages(execution, caller)


@kills(
    "jasperserver.export.report-stays-ready",
    "jasperserver.status.agrees-with-details",
    "jasperserver.status.final-unchanged",
    "jasperserver.details.repeatable",
)
class WorksOnExports(Reference):
    """Reports the report as `execution` while an export is made."""

    def status_of(self, execution: Execution, caller: Caller) -> str:
        status, now = super().status_of(execution, caller), self.clock()
        pending = [one for one in list(execution.exports.values()) if one.asked > execution.fill.ends]
        making = any(now < one.due(execution.fill) + 0.2 for one in pending)
        return "execution" if status == "ready" and making and is_of(execution, "runcounter") else status


class _Rerun(Reference):
    """Runs a report again for some exports."""

    def runs_again(self, caller: Caller, number: int) -> bool:
        raise NotImplementedError

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.rerun: dict[str, tuple[Page, ...]] = {}

    def export_report(self, caller: Caller, id: str) -> Answer:
        execution = self.execution(caller, id)
        before = set(execution.exports)
        answer = super().export_report(caller, id)
        for made in set(execution.exports) - before:
            if is_of(execution, "runcounter") and self.runs_again(caller, len(before)):
                self.rerun[made] = runcounter({}, self.pace).pages
        return answer

    def output_pages(self, execution: Execution, export: Export, caller: Caller) -> list[tuple[int, Page]]:
        if export.id in self.rerun:
            return list(enumerate(self.rerun[export.id]))
        return super().output_pages(execution, export, caller)


@kills("jasperserver.export.same-data")
class RunsAgainForXml(_Rerun):
    """Runs the report again for an export in XML."""

    def runs_again(self, caller: Caller, number: int) -> bool:
        return sends_xml(caller)


@kills("jasperserver.export.same-data")
class RunsAgainForTheThird(_Rerun):
    """Runs the report again for the third export."""

    def runs_again(self, caller: Caller, number: int) -> bool:
        return number == 3


@kills("jasperserver.export.prefix")
class IgnoresThePrefix(_Options):
    """Ignores the prefix of an export."""

    def change(self, options: ExportOptions, caller: Caller) -> ExportOptions:
        return replace(options, attachments_prefix=asked.DEFAULT_PREFIX)


@kills("jasperserver.export.prefix")
class IgnoresThePrefixInXml(_Options):
    """Ignores the prefix of an export in XML."""

    def change(self, options: ExportOptions, caller: Caller) -> ExportOptions:
        return replace(options, attachments_prefix="pictures/") if sends_xml(caller) else options


@kills("jasperserver.export.while-running")
class ExportsNothingThatRuns(Reference):
    """Answers 409 to an export while the report runs."""

    def export_report(self, caller: Caller, id: str) -> Answer:
        if is_of(self.execution(caller, id), "slowpages") and self.execution(caller, id).fill.ends > self.clock():
            raise Refusal(409)
        return super().export_report(caller, id)


@kills("jasperserver.export.while-running")
class ForgetsEarlyExports(Reference):
    """Fails an export that was asked for while the report ran."""

    def export_state(self, execution: Execution, export: Export, now: float) -> str:
        state = super().export_state(execution, export, now)
        early = is_of(execution, "slowpages") and not is_first(execution, export) and export.asked < execution.fill.ends
        return "failed" if state == "ready" and early else state


@kills("jasperserver.export.coexist", "jasperserver.output.repeatable")
class OverwritesEarlierExports(Reference):
    """Delivers the pages of the latest CSV export for an earlier one when that is downloaded again."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.delivered: set[str] = set()

    def output_pages(self, execution: Execution, export: Export, caller: Caller) -> list[tuple[int, Page]]:
        again = export.id in self.delivered
        self.delivered.add(export.id)
        csv = [one for one in execution.exports.values() if one.options.format == "csv"]
        if again and is_of(execution, "multi") and export.options.format == "csv" and len(csv) > 1:
            return super().output_pages(execution, csv[-1], caller)
        return super().output_pages(execution, export, caller)


@kills(
    "jasperserver.export.failed-leaves-report",
    "jasperserver.status.agrees-with-details",
    "jasperserver.status.final-unchanged",
)
class FailsWithItsExport(Reference):
    """Reports the whole report as failed in the details after an export has failed."""

    def execution_members(self, execution: Execution, caller: Caller) -> dict[str, Any]:
        members = super().execution_members(execution, caller)
        failed = any(one.options_fault(execution.fill) for one in execution.exports.values())
        if failed and is_of(execution, "fast") and members["status"] == "ready" and len(execution.exports) > 2:
            members["status"] = "failed"
        return members


@kills("jasperserver.export.reaches-ready")
class ExportsForEver(Reference):
    """Reports an export as ODT as `execution` in every poll."""

    def status_of_export(self, execution: Execution, export: Export, caller: Caller) -> str:
        status = super().status_of_export(execution, export, caller)
        polled = caller.call.path.rstrip("/").endswith("/status") and len(execution.exports) > 12
        return "execution" if polled and export.options.format == "odt" else status


@kills("jasperserver.export.accepted-json", "jasperserver.export.accepted-xml", "jasperserver.run.formats")
class RefusesExcel(_Options):
    """Answers 400 to every export as XLS or XLSX."""

    def change(self, options: ExportOptions, caller: Caller) -> ExportOptions:
        if options.format in ("xls", "xlsx"):
            raise Refusal(400)
        return options
