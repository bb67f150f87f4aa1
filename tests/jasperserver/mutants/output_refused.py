"""Servers with faults in outputs that are unknown, early, failed or downloaded again."""

from __future__ import annotations

from pytest_reportconformance.http.server import Answer
from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.jasperserver.reference.documents.formats import document
from pytest_reportconformance.jasperserver.reference.faults import Fault, Refusal
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.state import Execution, Export
from tests.jasperserver.faults import CountedDownloads, is_of
from tests.mutation.kill_matrix import kills


@kills(
    "jasperserver.output.unknown-execution",
    "jasperserver.delete.output-gone",
    "jasperserver.errors.letter-case",
    "jasperserver.output.genuine",
)
class ServesUnknownOutput(Reference):
    """Answers 200 without content to the output of an unknown execution."""

    def read_output(self, caller: Caller, id: str, export_id: str) -> Answer:
        if id not in self.executions:
            return Answer(200, b"", [("Content-Type", "text/html")])
        return super().read_output(caller, id, export_id)


@kills("jasperserver.output.unknown-execution", "jasperserver.delete.output-gone")
class ForbidsUnknownOutput(Reference):
    """Answers 403 instead of 404 to the output of an unknown execution."""

    def read_output(self, caller: Caller, id: str, export_id: str) -> Answer:
        if id not in self.executions:
            raise Refusal(403)
        return super().read_output(caller, id, export_id)


@kills("jasperserver.output.unknown-export")
class ServesTheOnlyExport(Reference):
    """Delivers the only export for every export id."""

    def read_output(self, caller: Caller, id: str, export_id: str) -> Answer:
        execution = self.execution(caller, id)
        if export_id not in execution.exports and len(execution.exports) == 1:
            export_id = next(iter(execution.exports))
        return super().read_output(caller, id, export_id)


@kills("jasperserver.output.bad-options")
class RefusesBadOptionsOddly(Reference):
    """Answers 403 to the output of an export of an unknown format."""

    def unready_status(self, execution: Execution, export: Export, fault: Fault) -> int:
        return 403


@kills("jasperserver.output.bad-options")
class ReportsLastUnknownFormatAsMissing(Reference):
    """Answers 404 to the output of the last export of an unknown format."""

    def unready_status(self, execution: Execution, export: Export, fault: Fault) -> int:
        unknown = [one for one in execution.exports.values() if one.options.format == "nosuchformat"]
        last = len(unknown) > 1 and unknown[-1].id == export.id
        return 404 if last else super().unready_status(execution, export, fault)


class _Early(Reference):
    """Delivers the pages that are complete so far."""

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


@kills("jasperserver.output.never-truncated")
class DeliversEarly(_Early):
    """Delivers the pages of a CSV export that are complete so far, and marks them as final."""


@kills(
    "jasperserver.output.never-truncated",
    "jasperserver.contract.output-server-error",
)
class BreaksWhenAskedEarly(_Early):
    """Answers 500 to an early download of an output."""

    status = 500


@kills("jasperserver.output.failed-refused")
class BreaksOnFailedReports(Reference):
    """Answers 500 to the output of a report that failed after some pages."""

    def unready_status(self, execution: Execution, export: Export, fault: Fault) -> int:
        return 500 if is_of(execution, "failinglate") else super().unready_status(execution, export, fault)


@kills("jasperserver.output.failed-refused", "jasperserver.output.genuine")
class DeliversFailures(Reference):
    """Answers 200 with the error as the output of a failed report."""

    def unready_status(self, execution: Execution, export: Export, fault: Fault) -> int:
        return 200 if is_of(execution, "failing") else super().unready_status(execution, export, fault)


@kills("jasperserver.output.failed-descriptor")
class RefusesWithoutDescriptor(Reference):
    """Refuses the output of a failed export without a descriptor."""

    def refuse_unready(self, execution: Execution, export: Export, caller: Caller) -> None:
        try:
            super().refuse_unready(execution, export, caller)
        except Refusal as refusal:
            raise Refusal(refusal.status, None if is_of(execution, "fast", "failing") else refusal.fault) from None


@kills("jasperserver.output.available-until-delete")
class DeliversThreeTimes(CountedDownloads):
    """Answers 404 to the fourth download of an output of the report of several pages."""

    def altered(self, body: bytes, execution: Execution, export: Export) -> bytes:
        if self.downloads[export.id] > 3 and is_of(execution, "multi"):
            raise Refusal(404)
        return body


@kills("jasperserver.output.available-until-delete")
class DropsTheOutputOfTheRun(Reference):
    """Answers 404 to the output of a run after an export in an unknown format."""

    def output_body(self, execution: Execution, export: Export, caller: Caller) -> bytes:
        failed = any(one.options.format == "nosuchformat" for one in execution.exports.values())
        if failed and is_of(execution, "fast"):
            raise Refusal(404)
        return super().output_body(execution, export, caller)
