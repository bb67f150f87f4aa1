"""Deviations in cancelling and deleting."""

from __future__ import annotations

import time
from typing import Any

from pytest_reportconformance.http.server import Answer
from pytest_reportconformance.jasperserver.reference.bodies import json_object, read_json
from pytest_reportconformance.jasperserver.reference.deviations.plays import plays
from pytest_reportconformance.jasperserver.reference.faults import GENERIC, Fault, Refusal
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.server import Reference
from pytest_reportconformance.jasperserver.reference.state import TERMINAL, Execution, Export


@plays("delete-of-unknown-id", "delete-of-other-users-execution")
class DeletesTheUnknown(Reference):
    """DELETE of an unknown execution, or of another user's, answers 204."""

    def delete(self, caller: Caller, id: str) -> Answer:
        """204 instead of 404."""
        try:
            return super().delete(caller, id)
        except Refusal as refusal:
            if refusal.status != 404:
                raise
            return Answer(204)


@plays("cancel-of-unknown-id")
class CancelsTheUnknown(Reference):
    """A cancel of an unknown id answers 204."""

    def cancel(self, caller: Caller, id: str) -> Answer:
        """204 instead of 404."""
        try:
            return super().cancel(caller, id)
        except Refusal as refusal:
            if refusal.status != 404:
                raise
            return Answer(204)


@plays("delete-of-running-execution")
class KeepsTheCancelled(Reference):
    """DELETE of a running execution cancels it and answers 400, that of a cancelled one answers 400."""

    def delete_execution(self, execution: Execution, caller: Caller) -> None:
        """Only an execution that its session did not cancel can be removed."""
        if self.status_of(execution, caller) != execution.fill.status(self.clock()):
            return super().delete_execution(execution, caller)
        with execution.changed:
            if execution.fill.status(self.clock()) not in TERMINAL:
                execution.fill.cancelled_at = self.clock()
                execution.changed.notify_all()
        if execution.fill.status(self.clock()) == "cancelled":
            raise Refusal(400, Fault("report.execution.cancelled", "The execution was cancelled."))
        return super().delete_execution(execution, caller)


@plays("cancel-while-queued-ignored")
class IgnoresCancelsOfTheQueued(Reference):
    """A cancel of a queued report answers 204 and the report continues."""

    def stop(self, execution: Execution, caller: Caller) -> bool:
        """The engine does not know queued reports yet."""
        return execution.fill.status(self.clock()) != "queued" and super().stop(execution, caller)


@plays("cancel-from-other-session-hidden")
class HidesCancelsOfOtherSessions(Reference):
    """After a cancel from another session the owner still reads `execution`."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._cancelled_elsewhere: set[str] = set()

    def stop(self, execution: Execution, caller: Caller) -> bool:
        """Remember cancels from another session."""
        stopped = super().stop(execution, caller)
        if stopped and caller.session != execution.session and execution.job is None:
            self._cancelled_elsewhere.add(execution.id)
        return stopped

    def status_of(self, execution: Execution, caller: Caller) -> str:
        """Running, for every session."""
        return "execution" if execution.id in self._cancelled_elsewhere else super().status_of(execution, caller)

    def searchable(self, execution: Execution, caller: Caller) -> bool:
        """The engine does not list it any more."""
        return execution.id not in self._cancelled_elsewhere and super().searchable(execution, caller)


@plays("cancel-fails-pending-exports")
class FailsCancelledExports(Reference):
    """After a cancel a pending export has failed, with a generic error."""

    def status_of_export(self, execution: Execution, export: Export, caller: Caller) -> str:
        """Failed in place of cancelled."""
        status = super().status_of_export(execution, export, caller)
        was_cancelled = status == self.export_state(execution, export, self.clock()) == "cancelled"
        return "failed" if was_cancelled else status

    def fault_of_export(self, execution: Execution, export: Export, caller: Caller) -> Fault | None:
        """The generic error."""
        cancelled = self.export_state(execution, export, self.clock()) == "cancelled"
        return GENERIC if cancelled else super().fault_of_export(execution, export, caller)


@plays("cancel-by-empty-object")
class CancelsByEmptyObject(Reference):
    """An empty JSON object cancels."""

    def requested_status(self, caller: Caller) -> str:
        """The default of the value is `cancelled`."""
        if caller.call.body and self.body_is_json(caller) and "value" not in json_object(caller.call.body):
            return "cancelled"
        return super().requested_status(caller)


class RefusesOtherValuesWithoutBody(Reference):
    """Not registered: a status other than `cancelled` answers 400 without a body, also for an unknown id."""

    def requested_status(self, caller: Caller) -> str:
        """Check the value first."""
        value = super().requested_status(caller) if caller.call.body else ""
        if value != "cancelled":
            raise Refusal(400)
        return value


def asks_async_cancel(server: Reference, caller: Caller) -> bool:
    """Whether the body of a cancel has `asyncCancel`."""
    body = caller.call.body
    members = read_json(body) if body and server.body_is_json(caller) else None
    return isinstance(members, dict) and members.get("asyncCancel") is True


@plays("async-cancel-before-first-page-fails")
class FailsOnAsyncCancelBeforeTheFirstPage(Reference):
    """A cancel with `asyncCancel` before the first page answers 500."""

    def cancel(self, caller: Caller, id: str) -> Answer:
        """Count the pages first."""
        if asks_async_cancel(self, caller) and not self.cancellable(caller, id).fill.pages_made(self.clock()):
            raise Refusal(500, GENERIC)
        return super().cancel(caller, id)


@plays("async-cancel-answers-other-object")
class AnswersAsyncCancelWithPages(Reference):
    """A cancel with `asyncCancel` answers an object with `reportStatus` and `lastPartialPage`."""

    def cancel(self, caller: Caller, id: str) -> Answer:
        """The other object if the execution ran."""
        if not asks_async_cancel(self, caller):
            return super().cancel(caller, id)
        pages = self.cancellable(caller, id).fill.pages_made(self.clock())
        answer = super().cancel(caller, id)
        if answer.status != 200:
            return answer
        return self.json_answer({"reportStatus": "cancelled", "lastPartialPage": pages})


@plays("cancelled-job-listed-again")
class ListsCancelledJobsAgain(Reference):
    """The execution of a cancelled job is listed for `linger` seconds."""

    linger = 0.2

    def searchable(self, execution: Execution, caller: Caller) -> bool:
        """Also jobs that were cancelled just before."""
        at = execution.fill.cancelled_at
        fresh = execution.job is not None and at is not None and time.monotonic() - at < self.linger
        return fresh or super().searchable(execution, caller)
