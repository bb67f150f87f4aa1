"""Servers with faults in the answer to a run."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pytest_reportconformance.http.server import Answer
from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.state import Execution
from tests.jasperserver.faults import asks_xml, is_run, sends_xml
from tests.mutation.kill_matrix import kills


class Answered(Reference):
    """Changes the members of the answers to runs that `applies` selects."""

    def execution_members(self, execution: Execution, caller: Caller) -> dict[str, Any]:
        members = super().execution_members(execution, caller)
        return self.changed(members, execution) if is_run(caller) and self.applies(execution, caller) else members

    def applies(self, execution: Execution, caller: Caller) -> bool:
        return True

    def changed(self, members: dict[str, Any], execution: Execution) -> dict[str, Any]:
        raise NotImplementedError


@kills("jasperserver.run.accepted")
class Creates(Reference):
    """Answers 201 to a run."""

    def run(self, caller: Caller) -> Answer:
        answer = super().run(caller)
        return replace(answer, status=201)


@kills("jasperserver.run.accepted")
class AcceptsXmlWith202(Reference):
    """Answers 202 to a run in XML."""

    def run(self, caller: Caller) -> Answer:
        answer = super().run(caller)
        return replace(answer, status=202) if sends_xml(caller) else answer


@kills("jasperserver.run.accepted")
class AnswersAnExecution(Reference):
    """Names another root element in the XML answer to a run."""

    def run(self, caller: Caller) -> Answer:
        answer = super().run(caller)
        answer.body = answer.body.replace(b"reportExecution>", b"execution>")
        return answer


@kills("jasperserver.run.request-id")
class NoIdInXml(Answered):
    """Omits the request id from XML answers to a run."""

    def applies(self, execution: Execution, caller: Caller) -> bool:
        return asks_xml(caller)

    def changed(self, members: dict[str, Any], execution: Execution) -> dict[str, Any]:
        return {name: value for name, value in members.items() if name != "requestId"}


@kills("jasperserver.run.request-id")
class EmptyId(Answered):
    """Answers a run of several pages with an empty request id."""

    def applies(self, execution: Execution, caller: Caller) -> bool:
        return execution.unit_uri.endswith("/multi") and execution.options.export.pages is not None

    def changed(self, members: dict[str, Any], execution: Execution) -> dict[str, Any]:
        return members | {"requestId": ""}


@kills("jasperserver.run.status-known")
class ReturnsRunning(Answered):
    """Returns the status `running` for an asynchronous run."""

    def applies(self, execution: Execution, caller: Caller) -> bool:
        return execution.options.is_async

    def changed(self, members: dict[str, Any], execution: Execution) -> dict[str, Any]:
        return members | {"status": "running"}


@kills("jasperserver.run.status-known")
class CapitalizesStatusInXml(Answered):
    """Writes the status of a run in capitals, in XML."""

    def applies(self, execution: Execution, caller: Caller) -> bool:
        return asks_xml(caller) and execution.options.is_async

    def changed(self, members: dict[str, Any], execution: Execution) -> dict[str, Any]:
        return members | {"status": members["status"].upper()}


@kills("jasperserver.run.report-uri")
class AnotherReport(Answered):
    """Returns the URI of another report than the one of several pages that was asked for."""

    def applies(self, execution: Execution, caller: Caller) -> bool:
        return execution.unit_uri.endswith("/multi")

    def changed(self, members: dict[str, Any], execution: Execution) -> dict[str, Any]:
        return members | {"reportURI": members["reportURI"] + "_2"}


@kills("jasperserver.run.report-uri")
class NameOnlyInXml(Answered):
    """Returns the name of the report instead of its path in XML."""

    def applies(self, execution: Execution, caller: Caller) -> bool:
        return asks_xml(caller)

    def changed(self, members: dict[str, Any], execution: Execution) -> dict[str, Any]:
        return members | {"reportURI": members["reportURI"].rpartition("/")[2]}


@kills("jasperserver.run.export-status")
class OneStatus(Answered):
    """Omits the exports from the answer to an asynchronous run."""

    def applies(self, execution: Execution, caller: Caller) -> bool:
        return execution.options.is_async

    def changed(self, members: dict[str, Any], execution: Execution) -> dict[str, Any]:
        return {name: value for name, value in members.items() if name != "exports"}


@kills("jasperserver.run.export-status")
class ExportWithoutStatus(Answered):
    """Omits the status of the export from XML answers to an asynchronous run."""

    def applies(self, execution: Execution, caller: Caller) -> bool:
        return asks_xml(caller) and execution.options.is_async

    def changed(self, members: dict[str, Any], execution: Execution) -> dict[str, Any]:
        return members | {"exports": [{"id": one["id"]} for one in members["exports"]]}


@kills("jasperserver.run.export-id")
class ExportWithoutId(Answered):
    """Omits the id of the export from the answer to an asynchronous run."""

    def applies(self, execution: Execution, caller: Caller) -> bool:
        return execution.options.is_async

    def changed(self, members: dict[str, Any], execution: Execution) -> dict[str, Any]:
        return members | {"exports": [{"status": one["status"]} for one in members["exports"]]}


@kills("jasperserver.run.distinct-ids")
class ReusesIds(Reference):
    """Gives the id of an execution that is deleted beside one with a saved snapshot to the next run of the report."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.free: dict[str, str] = {}

    def remove(self, execution: Execution) -> None:
        super().remove(execution)
        others = [one for one in list(self.executions.values()) if one.unit_uri == execution.unit_uri]
        if any(one.options.saves for one in others):
            self.free[execution.unit_uri] = execution.id

    def start(self, *arguments: Any, **options: Any) -> Execution:
        execution = super().start(*arguments, **options)
        id = self.free.get(execution.unit_uri)
        with self.lock:
            if id and id not in self.executions and execution.options.export.format == "html":
                self.executions[id] = self.executions.pop(execution.id)
                execution.id = id
        return execution
