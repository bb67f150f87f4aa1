"""Servers with faults in cancels without effect: of finished or unknown executions, or with another body."""

from __future__ import annotations

from typing import Any

from pytest_reportconformance.http.server import Answer
from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.jasperserver.reference.faults import Fault, Refusal, not_found
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.state import Execution, Export
from tests.jasperserver.faults import sends_xml
from tests.mutation.kill_matrix import kills


class _CancelsFinished(Reference):
    """Changes the cancel of a report that does not run any more."""

    status = ""

    def nothing_to_cancel(self, execution: Execution, caller: Caller) -> Answer:
        if execution.fill.status(self.clock()) == self.status:
            return self.other(execution, caller)
        return super().nothing_to_cancel(execution, caller)

    def other(self, execution: Execution, caller: Caller) -> Answer:
        return Answer(204)


@kills("jasperserver.cancel.finished")
class CancelOfFinishedAnswers200(_CancelsFinished):
    """Answers 200 to a cancel of a finished report in XML."""

    status = "ready"

    def other(self, execution: Execution, caller: Caller) -> Answer:
        return self.answer_status("cancelled", None, "application/xml") if sends_xml(caller) else Answer(204)


@kills("jasperserver.cancel.finished")
class CancelOfFinishedIsAConflict(_CancelsFinished):
    """Answers 409 to a cancel of a finished report."""

    status = "ready"

    def other(self, execution: Execution, caller: Caller) -> Answer:
        raise Refusal(409, Fault("report.finished", "It is finished."))


@kills("jasperserver.cancel.failed")
class CancelOfFailedIsNotFound(_CancelsFinished):
    """Answers 404 to a cancel of a failed report."""

    status = "failed"

    def other(self, execution: Execution, caller: Caller) -> Answer:
        raise not_found(execution.id)


@kills("jasperserver.cancel.again")
class CancelAgainAnswers200(_CancelsFinished):
    """Answers 200 to a second cancel."""

    status = "cancelled"

    def other(self, execution: Execution, caller: Caller) -> Answer:
        return self.answer_status("cancelled", None, "application/json")


class _AfterDelete(_CancelsFinished):
    """Changes the cancel of a finished report if the session has deleted another execution before."""

    status = "ready"

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self.deleters: set[str] = set()
        super().__init__(*arguments, **options)

    def delete_execution(self, execution: Execution, caller: Caller) -> None:
        self.deleters.add(caller.session)
        super().delete_execution(execution, caller)

    def other(self, execution: Execution, caller: Caller) -> Answer:
        if caller.session in self.deleters:
            self.change(execution)
        return Answer(204)

    def change(self, execution: Execution) -> None:
        """Apply the fault to the finished execution."""


@kills("jasperserver.cancel.state-unchanged")
class CancelOfFinishedCancels(_AfterDelete):
    """Answers 204 to a cancel of a finished report and removes its output."""

    def change(self, execution: Execution) -> None:
        execution.fill.cancelled_at = self.clock()


@kills("jasperserver.cancel.state-unchanged")
class CancelOfFailedShowsCancelled(_CancelsFinished):
    """Answers 204 to a cancel of a failed report and reports it as cancelled."""

    status = "failed"

    def other(self, execution: Execution, caller: Caller) -> Answer:
        execution.fill.cancelled_at = self.clock()
        return Answer(204)


@kills(
    "jasperserver.cancel.state-unchanged",
    "jasperserver.cancel.output-not-delivered",
    "jasperserver.status.agrees-with-details",
)
class SecondCancelRevives(_CancelsFinished):
    """Reverts the cancel when it is sent again."""

    status = "cancelled"

    def other(self, execution: Execution, caller: Caller) -> Answer:
        execution.fill.cancelled_at = None
        return Answer(204)


@kills(
    "jasperserver.cancel.state-unchanged",
    "jasperserver.output.genuine",
)
class CancelOfFinishedSpoilsTheOutput(_AfterDelete):
    """Empties the output of a finished report when it is cancelled."""

    def change(self, execution: Execution) -> None:
        execution.__dict__["emptied"] = True

    def output_body(self, execution: Execution, export: Export, caller: Caller) -> bytes:
        return b"" if vars(execution).get("emptied") else super().output_body(execution, export, caller)


@kills("jasperserver.cancel.unknown-id")
class CancelOfUnknownAnswers204(Reference):
    """Answers 204 to a cancel of an unknown id."""

    def cancel(self, caller: Caller, id: str) -> Answer:
        return super().cancel(caller, id) if id in self.executions else Answer(204)


@kills("jasperserver.cancel.unknown-id")
class CancelOfUnknownInXmlIsABadRequest(Reference):
    """Answers 400 to a cancel in XML of an unknown id."""

    def cancellable(self, caller: Caller, id: str) -> Execution:
        if id not in self.executions and sends_xml(caller):
            raise Refusal(400)
        return super().cancellable(caller, id)


@kills("jasperserver.cancel.other-value")
class AnyValueCancels(Reference):
    """Cancels on any body except an empty object."""

    def requested_status(self, caller: Caller) -> str:
        return "cancelled" if super().requested_status(caller) else ""


@kills("jasperserver.cancel.other-value")
class OtherValuesAreAccepted(Reference):
    """Answers 204 to a status other than cancelled."""

    def cancel(self, caller: Caller, id: str) -> Answer:
        wanted = self.requested_status(caller)
        return Answer(204) if wanted not in ("", "cancelled") else super().cancel(caller, id)


@kills("jasperserver.cancel.empty-object")
class EmptyObjectCancels(Reference):
    """Cancels on an empty object."""

    def requested_status(self, caller: Caller) -> str:
        return super().requested_status(caller) or "cancelled"
