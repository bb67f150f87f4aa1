"""Removing a report execution: `DELETE …/reportExecutions/{id}`."""

from __future__ import annotations

from pytest_reportconformance.http.server import Answer
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.run import Run
from pytest_reportconformance.jasperserver.reference.state import Execution


class Delete(Run):
    """Forgets executions; a running one is stopped first."""

    def delete(self, caller: Caller, id: str) -> Answer:
        """204 after it is removed."""
        execution = self.executions.get(id)
        if execution is not None and self.is_elsewhere(execution, caller):
            return Answer(204)
        self.delete_execution(self.execution(caller, id), caller)
        return Answer(204)

    def is_elsewhere(self, execution: Execution, caller: Caller) -> bool:
        """Whether it is the caller's but bound to another session: then nothing happens."""
        return execution.owner == caller.identity and not self.owns(caller, execution)

    def delete_execution(self, execution: Execution, caller: Caller) -> None:
        """Remove it with all that belongs to it."""
        self.remove(execution)
