"""Servers with faults in updates of parameters."""

from __future__ import annotations

from collections import Counter
from typing import Any

from pytest_reportconformance.http.server import Answer
from pytest_reportconformance.jasperserver.reference import Reference, bodies
from pytest_reportconformance.jasperserver.reference.faults import Fault, Refusal
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.options import Values
from pytest_reportconformance.jasperserver.reference.state import Execution, Export, Fill
from tests.jasperserver.faults import sends_xml
from tests.mutation.kill_matrix import kills


class _Answered(Reference):
    """Changes the answer to an update."""

    def change(self, answer: Answer, caller: Caller) -> Answer:
        raise NotImplementedError

    def set_parameters(self, caller: Caller, id: str) -> Answer:
        return self.change(super().set_parameters(caller, id), caller)


@kills("jasperserver.parameters.json")
class AnswersJsonWith200(_Answered):
    """Answers 200 to an update of several parameters in JSON."""

    def change(self, answer: Answer, caller: Caller) -> Answer:
        several = caller.call.body.count(b'"name"') > 1 and not sends_xml(caller)
        return Answer(200) if several else answer


@kills("jasperserver.parameters.xml")
class RefusesXml(Reference):
    """Answers 415 to an update in XML."""

    def set_parameters(self, caller: Caller, id: str) -> Answer:
        if sends_xml(caller):
            self.execution(caller, id)
            raise Refusal(415)
        return super().set_parameters(caller, id)


@kills("jasperserver.parameters.xml")
class AcceptsXmlOnly(_Answered):
    """Answers 202 to an update in XML."""

    def change(self, answer: Answer, caller: Caller) -> Answer:
        return Answer(202) if sends_xml(caller) else answer


@kills("jasperserver.parameters.no-content")
class AnnouncesABody(_Answered):
    """Sends a Content-Length of 2 with the 204 to an update in XML."""

    def change(self, answer: Answer, caller: Caller) -> Answer:
        return answer.replace("Content-Length", "2") if sends_xml(caller) else answer


@kills(
    "jasperserver.parameters.unknown-execution",
    "jasperserver.delete.everything-gone",
    "jasperserver.errors.letter-case",
)
class UpdatesUnknown(Reference):
    """Answers 204 to an update of an unknown execution."""

    def set_parameters(self, caller: Caller, id: str) -> Answer:
        return super().set_parameters(caller, id) if id in self.executions else Answer(204)


@kills("jasperserver.parameters.unknown-execution")
class RejectsUpdateOfUnknown(Reference):
    """Answers 400 to an update of an unknown execution in XML."""

    def set_parameters(self, caller: Caller, id: str) -> Answer:
        if id not in self.executions and sends_xml(caller):
            raise Refusal(400)
        return super().set_parameters(caller, id)


@kills("jasperserver.parameters.fresh-data")
class RefusesFreshData(Reference):
    """Answers 400 to freshData=true."""

    def set_parameters(self, caller: Caller, id: str) -> Answer:
        if caller.call.argument("freshData") == "true":
            raise Refusal(400)
        return super().set_parameters(caller, id)


class _Values(Reference):
    """Changes the values of an update."""

    def change(self, values: Values, caller: Caller) -> Values:
        raise NotImplementedError

    def parameter_values(self, caller: Caller) -> Values:
        return self.change(super().parameter_values(caller), caller)


@kills("jasperserver.parameters.new-values", "jasperserver.parameters.fresh-data-default")
class KeepsDefaults(_Values):
    """Runs the report with its defaults after an update in XML."""

    def change(self, values: Values, caller: Caller) -> Values:
        return {} if sends_xml(caller) and "x" not in values.get("count", []) else values


@kills("jasperserver.parameters.new-values")
class TakesTheFirstValue(_Values):
    """Uses only the first value of a parameter with several values."""

    def change(self, values: Values, caller: Caller) -> Values:
        return {name: texts[:1] for name, texts in values.items()}


@kills("jasperserver.parameters.new-values")
class DropsTheLastParameter(_Values):
    """Omits the last of several parameters in XML."""

    def change(self, values: Values, caller: Caller) -> Values:
        names = list(values)
        return {name: values[name] for name in names[:-1]} if sends_xml(caller) and len(names) > 1 else values


@kills("jasperserver.parameters.new-values", "jasperserver.parameters.fresh-data-forced")
class UpdatesOnce(Reference):
    """Applies only the first update of an execution, and invalid values."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.updates: Counter[str] = Counter()

    def apply_parameters(self, execution: Execution, values: Values, caller: Caller) -> None:
        with self.lock:
            self.updates[execution.id] += 1
        if self.updates[execution.id] == 1 or "x" in values.get("count", []):
            super().apply_parameters(execution, values, caller)


@kills(
    "jasperserver.parameters.runs-again",
    "jasperserver.details.same-request",
)
class MovesToAnotherId(Reference):
    """Returns another request id for an execution after an update in XML."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.moved: set[str] = set()

    def apply_parameters(self, execution: Execution, values: Values, caller: Caller) -> None:
        super().apply_parameters(execution, values, caller)
        if sends_xml(caller):
            self.moved.add(execution.id)

    def execution_members(self, execution: Execution, caller: Caller) -> dict[str, Any]:
        members = super().execution_members(execution, caller)
        if execution.id in self.moved:
            members["requestId"] += "-1"
        return members


@kills("jasperserver.parameters.invalid-value")
class IgnoresBadValues(Reference):
    """Ignores an update with an invalid value without an error."""

    def apply_parameters(self, execution: Execution, values: Values, caller: Caller) -> None:
        if values.get("count") != ["x"]:
            super().apply_parameters(execution, values, caller)


@kills("jasperserver.parameters.invalid-value")
class FailsForAnotherReason(Reference):
    """Fails with a generic code after an update with an invalid value."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.updated: set[str] = set()

    def apply_parameters(self, execution: Execution, values: Values, caller: Caller) -> None:
        self.updated.add(execution.id)
        super().apply_parameters(execution, values, caller)

    def fault_of(self, execution: Execution, caller: Caller) -> Fault | None:
        fault = super().fault_of(execution, caller)
        return Fault("generic.error.message", "No.") if fault and execution.id in self.updated else fault


@kills("jasperserver.parameters.while-running")
class LetsRunningReportsRun(Reference):
    """Ignores an update while the report runs."""

    def apply_parameters(self, execution: Execution, values: Values, caller: Caller) -> None:
        if execution.fill.status(self.clock()) != "execution":
            super().apply_parameters(execution, values, caller)


@kills("jasperserver.parameters.replaced")
class MergesValues(Reference):
    """Keeps the values of parameters that an update does not name."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.known: dict[str, Values] = {}

    def apply_parameters(self, execution: Execution, values: Values, caller: Caller) -> None:
        merged = self.known.get(execution.id, {}) | values
        self.known[execution.id] = merged
        super().apply_parameters(execution, merged, caller)


@kills("jasperserver.parameters.run-style-body")
class TakesRunStyleBodies(Reference):
    """Accepts the parameters of a run as new parameters."""

    def parameter_values(self, caller: Caller) -> Values:
        if not sends_xml(caller) and caller.call.body.startswith(b"{"):
            return bodies.parameter_values(bodies.json_object(caller.call.body)["reportParameter"])
        return super().parameter_values(caller)


@kills("jasperserver.parameters.old-export")
class KeepsOldExports(Reference):
    """Delivers the old values in exports from before an update."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.first: dict[tuple[str, str], Fill] = {}

    def fill_of(self, execution: Execution, export: Export) -> Fill:
        return self.first.setdefault((execution.id, export.id), execution.fill)

    def refill(self, execution: Execution, fill: Fill) -> None:
        for export in execution.exports.values():
            self.fill_of(execution, export)
        execution.fill = fill
