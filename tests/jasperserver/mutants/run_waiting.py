"""Servers that answer a run too early or too late, or whose answer is incomplete."""

from __future__ import annotations

import time
from typing import Any

from pytest_reportconformance.http.server import Answer
from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.jasperserver.reference.faults import Refusal
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.options import RunOptions
from pytest_reportconformance.jasperserver.reference.state import Execution, Export
from tests.jasperserver.faults import asks_xml, is_run, sends_xml
from tests.jasperserver.mutants.run import Answered
from tests.mutation.kill_matrix import kills


@kills("jasperserver.run.async-returns-early")
class NeverEarly(Reference):
    """Answers an asynchronous run of a slow report only after it is finished."""

    def answers_at_once(self, options: RunOptions, caller: Caller) -> bool:
        return super().answers_at_once(options, caller) and not options.uri.endswith("/slow")

    def finish_before_answer(self, execution: Execution, caller: Caller) -> None:
        self.wait_for_report(execution)
        if not execution.options.is_async:
            super().finish_before_answer(execution, caller)


class _LateInXml(Reference):
    """Answers an asynchronous run in XML only after it is finished."""

    def answers_at_once(self, options: RunOptions, caller: Caller) -> bool:
        return super().answers_at_once(options, caller) and not sends_xml(caller)

    def finish_before_answer(self, execution: Execution, caller: Caller) -> None:
        if not execution.options.is_async:
            super().finish_before_answer(execution, caller)
        elif execution.unit_uri.endswith("/slow"):
            self.wait_for_report(execution)


@kills("jasperserver.run.async-returns-early")
class LateInXml(_LateInXml):
    """Answers an asynchronous run in XML only after it is finished."""


@kills("jasperserver.run.async-returns-early")
class LateWithEarlyStatus(_LateInXml):
    """Answers an asynchronous run in XML only after it is finished, with the status `execution`."""

    def execution_members(self, execution: Execution, caller: Caller) -> dict[str, Any]:
        members = super().execution_members(execution, caller)
        return members | {"status": "execution"} if is_run(caller) and execution.options.is_async else members


@kills(
    "jasperserver.run.async-returns-early",
    "jasperserver.status.agrees-with-details",
    "jasperserver.status.final-unchanged",
)
class ReadyTooSoon(Answered):
    """Reports a slow report as ready in the answer to an asynchronous run."""

    def applies(self, execution: Execution, caller: Caller) -> bool:
        return execution.options.is_async and execution.unit_uri.endswith("/slow")

    def changed(self, members: dict[str, Any], execution: Execution) -> dict[str, Any]:
        return members | {"status": "ready"}


@kills(
    "jasperserver.run.sync-waits",
    "jasperserver.run.default-sync",
    "jasperserver.run.unknown-format-sync",
    "jasperserver.run.invalid-parameter-sync",
)
class AlwaysAsync(Reference):
    """Never waits for a report."""

    def answers_at_once(self, options: RunOptions, caller: Caller) -> bool:
        return True


@kills("jasperserver.run.sync-waits")
class AsyncInXml(Reference):
    """Ignores async=false in XML."""

    def answers_at_once(self, options: RunOptions, caller: Caller) -> bool:
        return options.is_async or sends_xml(caller)


@kills("jasperserver.run.default-sync")
class AsyncByDefault(Reference):
    """Does not wait if the property async is absent."""

    def answers_at_once(self, options: RunOptions, caller: Caller) -> bool:
        return options.is_async or b"async" not in caller.call.body


@kills(
    "jasperserver.run.sync-waits",
    "jasperserver.run.default-sync",
    "jasperserver.status.agrees-with-details",
    "jasperserver.status.final-unchanged",
)
class ReadyInNameOnly(Reference):
    """Answers a synchronous run of a slow report at once and reports it as ready."""

    def answers_at_once(self, options: RunOptions, caller: Caller) -> bool:
        return options.is_async or options.uri.endswith("/slow")

    def execution_members(self, execution: Execution, caller: Caller) -> dict[str, Any]:
        members = super().execution_members(execution, caller)
        if not is_run(caller) or execution.options.is_async:
            return members
        exports = [self.export_members(execution, export, caller) for export in self.listed_exports(execution, caller)]
        return members | {"status": "ready", "totalPages": 1, "exports": exports}

    def export_members(self, execution: Execution, export: Export, caller: Caller) -> dict[str, Any]:
        members = super().export_members(execution, export, caller)
        if not is_run(caller) or execution.options.is_async:
            return members
        return {"id": export.id, "status": "ready", "outputResource": self.output_members(execution, export, caller)}


@kills("jasperserver.run.sync-waits", "jasperserver.run.default-sync")
class MakesItLater(ReadyInNameOnly):
    """Reports a slow report as ready all the time and delays its download."""

    def status_of(self, execution: Execution, caller: Caller) -> str:
        status = super().status_of(execution, caller)
        pretends = execution.unit_uri.endswith("/slow") and not execution.options.is_async
        return "ready" if pretends and status in ("queued", "execution") else status


class _NotYet(Reference):
    """Refuses the output of a synchronous run for a moment, if `applies` selects it."""

    moment = 0.25

    def read_output(self, caller: Caller, id: str, export_id: str) -> Answer:
        execution = self.executions.get(id)
        if execution is not None and self.applies(execution) and time.monotonic() < execution.fill.ends + self.moment:
            raise Refusal(404)
        return super().read_output(caller, id, export_id)

    def applies(self, execution: Execution) -> bool:
        return not execution.options.is_async


@kills("jasperserver.run.sync-output-available")
class OutputComesLater(_NotYet):
    """Serves the output of a synchronous run only a moment after its answer."""


@kills("jasperserver.run.sync-output-available")
class PdfComesLater(_NotYet):
    """Serves the PDF of a synchronous run only a moment after its answer."""

    def applies(self, execution: Execution) -> bool:
        return not execution.options.is_async and execution.options.export.format == "pdf"


class _SyncAnswer(Answered):
    def applies(self, execution: Execution, caller: Caller) -> bool:
        return not execution.options.is_async


@kills("jasperserver.run.sync-total-pages")
class CountsLater(_SyncAnswer):
    """Omits the number of pages from the answer to a synchronous run."""

    def changed(self, members: dict[str, Any], execution: Execution) -> dict[str, Any]:
        return {name: value for name, value in members.items() if name != "totalPages"}


@kills("jasperserver.run.sync-total-pages")
class NoPagesInXml(_SyncAnswer):
    """Reports zero pages in XML answers to a synchronous run."""

    def applies(self, execution: Execution, caller: Caller) -> bool:
        return super().applies(execution, caller) and asks_xml(caller)

    def changed(self, members: dict[str, Any], execution: Execution) -> dict[str, Any]:
        return members | {"totalPages": 0}


@kills("jasperserver.run.sync-export-ready")
class ExportStillQueued(_SyncAnswer):
    """Reports the export of a synchronous run as queued."""

    def changed(self, members: dict[str, Any], execution: Execution) -> dict[str, Any]:
        return members | {"exports": [{"id": one["id"], "status": "queued"} for one in members["exports"]]}


@kills("jasperserver.run.sync-export-ready")
class NoResourceInXml(_SyncAnswer):
    """Omits the output resource from XML answers to a synchronous run."""

    def applies(self, execution: Execution, caller: Caller) -> bool:
        return super().applies(execution, caller) and asks_xml(caller)

    def changed(self, members: dict[str, Any], execution: Execution) -> dict[str, Any]:
        return members | {"exports": [{"id": one["id"], "status": one["status"]} for one in members["exports"]]}
