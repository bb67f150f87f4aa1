"""Stopping running reports and jobs: `PUT …/status`."""

from __future__ import annotations

from pytest_reportconformance.http.server import Answer
from pytest_reportconformance.jasperserver.reference.bodies import json_object, read_xml
from pytest_reportconformance.jasperserver.reference.faults import denied, illegal, not_found, unreadable
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.state import TERMINAL, Execution
from pytest_reportconformance.jasperserver.reference.status import Status


class Cancel(Status):
    """Stops the work and makes its output unavailable."""

    def cancel(self, caller: Caller, id: str) -> Answer:
        """200 with the status if it was running, else 204."""
        media = self.negotiate("status", caller)
        value = self.requested_status(caller)
        execution = self.cancellable(caller, id)
        if value != "cancelled":
            raise illegal("status", value)
        if not self.may_cancel(execution, caller):
            raise denied()
        if not self.stop(execution, caller):
            return self.nothing_to_cancel(execution, caller)
        return self.answer_status("cancelled", None, media)

    def cancellable(self, caller: Caller, id: str) -> Execution:
        """The execution of this id, whoever owns it, since every user finds it by search; 404 if there is none."""
        execution = self.executions.get(id)
        if execution is None:
            raise not_found(id)
        return execution

    def requested_status(self, caller: Caller) -> str:
        """The status in the request's body."""
        if not caller.call.body:
            raise unreadable("there is none.")
        if self.body_is_json(caller):
            return str(json_object(caller.call.body).get("value", ""))
        return (read_xml(caller.call.body, "status").text or "").strip()

    def may_cancel(self, execution: Execution, caller: Caller) -> bool:
        """The owner, the superuser, and administrators of the owner's organization or one above it."""
        identity = caller.identity
        if execution.owner == identity or identity.is_superuser:
            return True
        return identity.is_admin and identity.organization.contains(execution.owner.organization)

    def stop(self, execution: Execution, caller: Caller) -> bool:
        """Stop the work; False if there is none to stop."""
        with execution.changed:
            if execution.deleted or execution.fill.status(self.clock()) in TERMINAL:
                return False
            execution.fill.cancelled_at = self.clock()
            execution.changed.notify_all()
        return True

    def nothing_to_cancel(self, execution: Execution, caller: Caller) -> Answer:
        """The answer if the report is not running."""
        return Answer(204)
