"""Servers with faults in new parameters, in cancelling and in removing."""

from __future__ import annotations

import json
from dataclasses import replace

from jasperreports_io_conformance.reference import Reference

from mutants.runs import is_of
from pytest_reportconformance.http.server import Answer
from pytest_reportconformance.jasperserver.reference.faults import Refusal
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.options import Values
from pytest_reportconformance.jasperserver.reference.state import TERMINAL, Execution


class AnswersParameters(Reference):
    """Answers 200 with an object to new parameters."""

    violates = ("jasperreports_io.parameters.json",)

    def set_parameters(self, caller: Caller, id: str) -> Answer:
        super().set_parameters(caller, id)
        return Answer(200, b"{}", [("Content-Type", "application/json")])


class RefusesFreshData(Reference):
    """Answers 400 to new parameters with freshData."""

    violates = ("jasperreports_io.parameters.fresh-data",)

    def set_parameters(self, caller: Caller, id: str) -> Answer:
        if caller.call.argument("freshData"):
            raise Refusal(400)
        return super().set_parameters(caller, id)


class IgnoresSecondUpdate(Reference):
    """Ignores new parameters that name all values."""

    violates = ("jasperreports_io.parameters.new-values",)

    def apply_parameters(self, execution: Execution, values: Values, caller: Caller) -> None:
        super().apply_parameters(execution, {} if len(values) > 1 else values, caller)


class AcceptsCancels(Reference):
    """Answers 202 to the cancel of a running report."""

    violates = ("jasperreports_io.cancel.json", "jasperreports_io.cancel.once-executing")

    def cancel(self, caller: Caller, id: str) -> Answer:
        answer = super().cancel(caller, id)
        return replace(answer, status=202) if answer.status == 200 else answer


class CancelsInName(Reference):
    """Answers 200 to a cancel, and the report becomes ready."""

    violates = (
        "jasperreports_io.cancel.becomes-cancelled",
        "jasperreports_io.cancel.work-stops",
        "jasperreports_io.cancel.output-not-delivered",
    )

    def stop(self, execution: Execution, caller: Caller) -> bool:
        return not execution.deleted and execution.fill.status(self.clock()) not in TERMINAL


class ConfirmsEveryCancel(Reference):
    """Answers 200 to the cancel of a finished report."""

    violates = ("jasperreports_io.cancel.finished",)

    def nothing_to_cancel(self, execution: Execution, caller: Caller) -> Answer:
        if execution.fill.status(self.clock()) != "ready":
            return Answer(204)
        return Answer(200, json.dumps({"value": "cancelled"}).encode(), [("Content-Type", "application/json")])


class MissesFailedReports(Reference):
    """Answers 404 to the cancel of a failed report."""

    violates = ("jasperreports_io.cancel.failed",)

    def nothing_to_cancel(self, execution: Execution, caller: Caller) -> Answer:
        return Answer(404 if execution.fill.status(self.clock()) == "failed" else 204)


class MissesCancelledReports(Reference):
    """Answers 404 to the second cancel of a report."""

    violates = ("jasperreports_io.cancel.again",)

    def nothing_to_cancel(self, execution: Execution, caller: Caller) -> Answer:
        return Answer(404 if execution.fill.status(self.clock()) == "cancelled" else 204)


class CancelsNothingQuietly(Reference):
    """Answers 204 to the cancel of an execution that does not exist."""

    violates = ("jasperreports_io.cancel.unknown-id",)

    def cancel(self, caller: Caller, id: str) -> Answer:
        return super().cancel(caller, id) if id in self.executions else Answer(204)


class AnswersDeletes(Reference):
    """Answers 200 with an object to the removal of a finished report."""

    violates = ("jasperreports_io.delete.finished",)

    def delete(self, caller: Caller, id: str) -> Answer:
        execution = self.executions.get(id)
        super().delete(caller, id)
        ready = execution is not None and execution.fill.status(self.clock()) == "ready"
        return Answer(200, b"{}", [("Content-Type", "application/json")]) if ready else Answer(204)


class RefusesToDeleteRunning(Reference):
    """Answers 409 to the removal of a running report."""

    violates = ("jasperreports_io.delete.running",)

    def delete_execution(self, execution: Execution, caller: Caller) -> None:
        if execution.fill.status(self.clock()) not in TERMINAL:
            raise Refusal(409)
        super().delete_execution(execution, caller)


class KeepsFailedReports(Reference):
    """Answers 404 to the removal of a failed report."""

    violates = ("jasperreports_io.delete.failed",)

    def delete_execution(self, execution: Execution, caller: Caller) -> None:
        if execution.fill.status(self.clock()) == "failed":
            raise Refusal(404)
        super().delete_execution(execution, caller)


class DeletesNothingQuietly(Reference):
    """Answers 204 to the removal of an execution that does not exist."""

    violates = ("jasperreports_io.delete.unknown-id", "jasperreports_io.delete.again")

    def delete(self, caller: Caller, id: str) -> Answer:
        return super().delete(caller, id) if id in self.executions else Answer(204)


class KeepsDetails(Reference):
    """Answers the details of an execution that was removed."""

    violates = ("jasperreports_io.delete.details-gone",)

    def remove(self, execution: Execution) -> None:
        self.kept = {**getattr(self, "kept", {}), execution.id: execution}
        super().remove(execution)

    def read_details(self, caller: Caller, id: str) -> Answer:
        found = getattr(self, "kept", {}).get(id)
        if found is None or not is_of(found, "fast"):
            return super().read_details(caller, id)
        return self.represent("reportExecution", self.execution_members(found, caller), "application/json")


class LosesARunAtOnce(Reference):
    """Does not find the report with bookmarks when its status is asked for, and nothing else is asked about it."""

    violates = ("jasperreports_io.status.known",)

    def read_status(self, caller: Caller, id: str) -> Answer:
        if id in self.executions and is_of(self.executions[id], "bookmarks"):
            raise Refusal(404)
        return super().read_status(caller, id)
