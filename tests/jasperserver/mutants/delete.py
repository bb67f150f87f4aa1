"""Servers with faults in the removal of an execution."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pytest_reportconformance.http.server import Answer, Call
from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.jasperserver.reference.faults import Fault, Refusal, denied
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.state import TERMINAL, Execution, Export
from tests.jasperserver.faults import siblings
from tests.mutation.kill_matrix import kills


@kills(
    "jasperserver.delete.finished",
    "jasperserver.delete.running",
    "jasperserver.delete.failed",
    "jasperserver.delete.cancelled",
    "jasperserver.jobs.delete",
)
class DeleteAnswers200(Reference):
    """Removes an execution and answers 200."""

    def delete(self, caller: Caller, id: str) -> Answer:
        return replace(super().delete(caller, id), status=200)


class KeepsDeleted(Reference):
    """Keeps a deleted execution for one operation."""

    kept: tuple[str, ...] = ()

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self.deleted: dict[str, Execution] = {}
        super().__init__(*arguments, **options)

    def remove(self, execution: Execution) -> None:
        self.deleted[execution.id] = execution
        super().remove(execution)

    def keeps_for(self, caller: Caller) -> bool:
        """Whether it keeps deleted executions for this request."""
        segments = self.segments(caller.call)
        return f"{caller.call.method} {'/'.join(segments[2:3] + segments[4:5])}" in self.kept

    def answer_to(self, caller: Caller) -> Answer:
        segments = self.segments(caller.call)
        execution = self.deleted.get(segments[1]) if len(segments) > 1 else None
        if execution is None or not self.keeps_for(caller):
            return super().answer_to(caller)
        execution.deleted = False
        self.executions[execution.id] = execution
        try:
            return super().answer_to(caller)
        finally:
            self.executions.pop(execution.id, None)


@kills("jasperserver.delete.details-gone", "jasperserver.delete.running-gone")
class DeleteLeavesDetails(KeepsDeleted):
    """Still returns the details of a deleted execution."""

    kept = ("GET ",)


@kills("jasperserver.delete.status-gone")
class DeleteLeavesStatus(KeepsDeleted):
    """Still returns the status of a deleted execution."""

    kept = ("GET status",)


@kills("jasperserver.delete.status-gone")
class DeleteOpensStatus(KeepsDeleted):
    """Returns the status of a deleted execution without credentials."""

    def answer(self, call: Call) -> Answer:
        answer = super().answer(call)
        if answer.status == 401 and any(call.path.rstrip("/").endswith(f"/{id}/status") for id in self.deleted):
            return Answer(200, b'{"value":"ready"}', [("Content-Type", "application/json")])
        return answer


@kills("jasperserver.delete.output-gone")
class DeleteLeavesOutput(KeepsDeleted):
    """Still delivers the output of a deleted execution."""

    kept = ("GET exports/outputResource",)


@kills("jasperserver.delete.attachments-gone")
class DeleteLeavesAttachments(KeepsDeleted):
    """Still delivers the attachments of a deleted execution."""

    kept = ("GET exports/attachments",)


@kills("jasperserver.delete.everything-gone")
class DeleteLeavesInfo(KeepsDeleted):
    """Still returns bookmarks and parts of a deleted execution."""

    kept = ("GET info",)


@kills("jasperserver.delete.everything-gone")
class DeleteLeavesPageStatus(KeepsDeleted):
    """Still returns the status of pages of a deleted execution."""

    kept = ("GET pages/status",)


@kills("jasperserver.delete.everything-gone")
class DeleteLeavesExportStatus(KeepsDeleted):
    """Still returns the status of exports of a deleted execution."""

    kept = ("GET exports/status",)


@kills("jasperserver.delete.everything-gone")
class DeleteLeavesExporting(KeepsDeleted):
    """Still exports a deleted execution."""

    kept = ("POST exports",)


@kills("jasperserver.delete.everything-gone")
class DeleteLeavesParameters(KeepsDeleted):
    """Still accepts parameters for a deleted execution."""

    kept = ("POST parameters",)


@kills("jasperserver.delete.again")
class SecondDeleteAnswers204(KeepsDeleted):
    """Answers 204 to every further delete of the same execution."""

    def delete(self, caller: Caller, id: str) -> Answer:
        return Answer(204) if id in self.deleted else super().delete(caller, id)


@kills("jasperserver.delete.details-gone", "jasperserver.delete.running-gone")
class DeletedIsForbidden(KeepsDeleted):
    """Answers 403 instead of 404 to the details of a deleted execution."""

    def read_details(self, caller: Caller, id: str) -> Answer:
        if id in self.deleted:
            raise denied()
        return super().read_details(caller, id)


@kills("jasperserver.search.deleted-not-listed")
class DeletedIsStillFound(KeepsDeleted):
    """Lists finished executions in searches after they were deleted."""

    def candidates(self, caller: Caller) -> list[Execution]:
        finished = [one for one in list(self.deleted.values()) if one.fill.status(self.clock()) == "ready"]
        kept = [one for one in finished if one.job is None and one.unit_uri.endswith("/fast")]
        return super().candidates(caller) + kept


@kills("jasperserver.delete.unknown-id")
class DeleteOfUnknownAnswers204(KeepsDeleted):
    """Answers 204 to a delete of an id that never existed."""

    def delete(self, caller: Caller, id: str) -> Answer:
        known = id in self.executions or id in self.deleted
        return super().delete(caller, id) if known else Answer(204)


class _WhileRunning(Reference):
    """Changes the delete of executions that still run."""

    def delete_execution(self, execution: Execution, caller: Caller) -> None:
        if execution.fill.status(self.clock()) in TERMINAL:
            super().delete_execution(execution, caller)
        else:
            self.other(execution, caller)

    def other(self, execution: Execution, caller: Caller) -> None:
        """Handle the delete of a running execution."""


@kills("jasperserver.delete.running-gone", "jasperserver.delete.running-stops", "jasperserver.jobs.delete-removes")
class DeleteOfRunningDoesNothing(_WhileRunning):
    """Answers 204 to a delete of a running report and keeps it running."""


@kills("jasperserver.delete.running", "jasperserver.jobs.delete")
class DeleteOfRunningIsAConflict(_WhileRunning):
    """Answers 409 to a delete of a running report."""

    def other(self, execution: Execution, caller: Caller) -> None:
        raise Refusal(409, Fault("report.running", "It is running."))


@kills("jasperserver.delete.running-gone")
class DeleteOfRunningOnlyCancels(_WhileRunning):
    """Cancels a running report on delete and keeps it."""

    def other(self, execution: Execution, caller: Caller) -> None:
        self.stop(execution, caller)


@kills("jasperserver.delete.running-stops", "jasperserver.jobs.delete-removes", "jasperserver.cancel.unknown-id")
class DeleteOfRunningOnlyHides(_WhileRunning):
    """Hides a running report on delete and keeps it running."""

    def other(self, execution: Execution, caller: Caller) -> None:
        execution.__dict__["hidden"] = True

    def owns(self, caller: Caller, execution: Execution) -> bool:
        return super().owns(caller, execution) and not vars(execution).get("hidden")


@kills("jasperserver.delete.running-gone")
class DeletedComesBack(_WhileRunning):
    """Shows a report that was deleted while running again after it finishes."""

    def other(self, execution: Execution, caller: Caller) -> None:
        execution.__dict__["hidden"] = True

    def _hidden(self, execution: Execution) -> bool:
        return bool(vars(execution).get("hidden")) and execution.fill.status(self.clock()) not in TERMINAL

    def owns(self, caller: Caller, execution: Execution) -> bool:
        return super().owns(caller, execution) and not self._hidden(execution)

    def may_see(self, execution: Execution, caller: Caller) -> bool:
        return not vars(execution).get("hidden")


class _Refuses(Reference):
    """Answers 400 to a delete of executions of one status."""

    status = ""

    def delete_execution(self, execution: Execution, caller: Caller) -> None:
        if execution.fill.status(self.clock()) == self.status:
            raise Refusal(400, Fault(f"report.execution.{self.status}", "It cannot be deleted."))
        super().delete_execution(execution, caller)


@kills("jasperserver.delete.cancelled", "jasperserver.jobs.delete")
class DeleteOfCancelledIsRefused(_Refuses):
    """Answers 400 to a delete of a cancelled report."""

    status = "cancelled"


@kills("jasperserver.delete.failed")
class DeleteOfFailedIsRefused(_Refuses):
    """Answers 400 to a delete of a failed report."""

    status = "failed"


@kills(
    "jasperserver.delete.leaves-others",
    "jasperserver.status.json",
    "jasperserver.negotiation.details-json",
    "jasperserver.output.ready",
    "jasperserver.details.same-request",
    "jasperserver.status.known",
)
class DeleteRemovesTheTwin(Reference):
    """Removes another execution of the same report together with a finished one."""

    def delete_execution(self, execution: Execution, caller: Caller) -> None:
        for other in siblings(self, execution)[:1]:
            if other.fill.status(self.clock()) == "ready":
                self.remove(other)
        super().delete_execution(execution, caller)


@kills("jasperserver.delete.leaves-others")
class DeleteStopsTheTwin(Reference):
    """Stops another execution of the same report when a running one is deleted."""

    def delete_execution(self, execution: Execution, caller: Caller) -> None:
        if execution.fill.status(self.clock()) not in TERMINAL:
            for other in siblings(self, execution)[-1:]:
                self.stop(other, caller)
        super().delete_execution(execution, caller)


@kills(
    "jasperserver.delete.leaves-others",
    "jasperserver.output.repeatable",
    "jasperserver.output.genuine",
)
class DeleteEmptiesTheTwin(Reference):
    """Empties the output of another execution of the same report."""

    def delete_execution(self, execution: Execution, caller: Caller) -> None:
        for other in siblings(self, execution):
            other.__dict__["emptied"] = True
        super().delete_execution(execution, caller)

    def output_body(self, execution: Execution, export: Export, caller: Caller) -> bytes:
        return b"" if vars(execution).get("emptied") else super().output_body(execution, export, caller)
