"""Modifying report parameters: `POST …/parameters`."""

from __future__ import annotations

from ...serving import Answer
from . import bodies
from .faults import unreadable
from .options import Values
from .people import Caller
from .run import Run
from .state import Execution


class Parameters(Run):
    """Runs a report again under the same id."""

    def set_parameters(self, caller: Caller, id: str) -> Answer:
        """Replace the parameters and start again; parameters that are not named fall back to their defaults."""
        self.body_is_json(caller)
        execution = self.execution(caller, id)
        values = self.parameter_values(caller)
        self.apply_parameters(execution, values, caller)
        return Answer(204)

    def apply_parameters(self, execution: Execution, values: Values, caller: Caller) -> None:
        """Start the report again with these values; a run in progress is given up."""
        self.restart(execution, values)

    def parameter_values(self, caller: Caller) -> Values:
        """Values from a JSON array, or from the XML element `reportParameters`."""
        body = caller.call.body
        if not body:
            raise unreadable("there is none.")
        if self.body_is_json(caller):
            return bodies.parameter_values(bodies.read_json(body))
        return bodies.parameter_values(bodies.xml_parameters(bodies.read_xml(body, "reportParameters")))
