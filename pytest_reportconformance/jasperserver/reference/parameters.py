"""Modifying report parameters: `POST …/parameters`."""

from __future__ import annotations

from pytest_reportconformance.http.server import Answer
from pytest_reportconformance.jasperserver.reference import bodies
from pytest_reportconformance.jasperserver.reference.faults import unreadable
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.options import Values
from pytest_reportconformance.jasperserver.reference.run import Run
from pytest_reportconformance.jasperserver.reference.state import Execution


class Parameters(Run):
    """Runs a report again under the same id."""

    def set_parameters(self, caller: Caller, id: str) -> Answer:
        """Replace the parameters and start again; omitted parameters get their defaults."""
        self.body_is_json(caller)
        execution = self.execution(caller, id)
        values = self.parameter_values(caller)
        self.apply_parameters(execution, values, caller)
        return Answer(204)

    def apply_parameters(self, execution: Execution, values: Values, caller: Caller) -> None:
        """Start the report again with these values; a run in progress is abandoned."""
        self.restart(execution, values, fresh=self.update_is_fresh(execution, caller))

    def update_is_fresh(self, execution: Execution, caller: Caller) -> bool:
        """Whether an update queries the data even if there is a snapshot."""
        return caller.call.argument("freshData") == "true"

    def parameter_values(self, caller: Caller) -> Values:
        """Values from a JSON array, or from the XML element `reportParameters`."""
        body = caller.call.body
        if not body:
            raise unreadable("there is none.")
        if self.body_is_json(caller):
            return bodies.parameter_values(bodies.read_json(body))
        return bodies.parameter_values(bodies.xml_parameters(bodies.read_xml(body, "reportParameters")))
