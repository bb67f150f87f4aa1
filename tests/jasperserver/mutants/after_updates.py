"""Servers that are wrong about what was exported after an update of parameters."""

from __future__ import annotations

from typing import Any

from pytest_reportconformance.http.server import Answer
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.options import Values
from pytest_reportconformance.jasperserver.reference.state import Execution
from tests.jasperserver.faults import ChangedExports, Members, asks_xml, is_of
from tests.mutation.kill_matrix import kills


class _Updated(ChangedExports):
    """Knows the exports that an execution had when its parameters were last updated, and how often they were."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.before: dict[str, set[str]] = {}
        self.updates: dict[str, int] = {}

    def apply_parameters(self, execution: Execution, values: Values, caller: Caller) -> None:
        super().apply_parameters(execution, values, caller)
        self.before[execution.id] = set(execution.exports)
        self.updates[execution.id] = self.updates.get(execution.id, 0) + 1

    def is_new(self, execution: Execution, id: str) -> bool:
        """Whether an export was made after an update."""
        return execution.id in self.before and id not in self.before[execution.id]

    def change_export(self, export: Members, number: int, execution: Execution, caller: Caller) -> None:
        """Changes nothing."""


@kills("jasperserver.details.lists-every-export")
class LosesExportsMadeAfterUpdates(_Updated):
    """Leaves out, in XML, an export that was made after the third update of parameters."""

    def change(self, members: Members, execution: Execution, caller: Caller) -> None:
        if asks_xml(caller) and self.updates.get(execution.id, 0) == 3:
            members["exports"] = [one for one in members["exports"] if not self.is_new(execution, one["id"])]


@kills("jasperserver.export-status.agrees-with-details")
class ShowsExportsAsPendingAfterUpdates(_Updated):
    """Shows an export of the report with parameters that was made after an update as pending, in XML."""

    def change_export(self, export: Members, number: int, execution: Execution, caller: Caller) -> None:
        if asks_xml(caller) and is_of(execution, "params") and self.is_new(execution, export["id"]):
            export["status"] = "execution"
            export.pop("outputResource", None)


@kills("jasperserver.details.lists-output")
class ForgetsContentTypesAfterUpdates(_Updated):
    """Shows an export that was made after the second update without its content type, in JSON."""

    def change_export(self, export: Members, number: int, execution: Execution, caller: Caller) -> None:
        second = self.updates.get(execution.id, 0) == 2
        if second and not asks_xml(caller) and self.is_new(execution, export["id"]):
            export.get("outputResource", {}).pop("contentType", None)


@kills("jasperserver.output.content-type")
class MistypesTheOutputAfterTheLastUpdate(_Updated):
    """Sends the output that was exported after the fourth update as plain text."""

    def read_output(self, caller: Caller, id: str, export_id: str) -> Answer:
        answer = super().read_output(caller, id, export_id)
        execution, _ = self.export(caller, id, export_id)
        last = self.updates.get(id, 0) == 4 and self.is_new(execution, export_id)
        return answer.replace("Content-Type", "text/plain") if last and answer.status == 200 else answer
