"""Servers that lie when a running report is to be stopped."""

from __future__ import annotations

from typing import Any

from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.jasperserver.reference.faults import Fault, Refusal, not_found
from pytest_reportconformance.jasperserver.reference.people import Caller
from pytest_reportconformance.jasperserver.reference.state import TERMINAL, Execution, Export
from pytest_reportconformance.serving import Answer
from tests.jasperserver.lying import sends_xml, siblings, wants_xml
from tests.killing import kills


@kills(
    "jasperserver.cancel.becomes-cancelled",
    "jasperserver.cancel.work-stops",
    "jasperserver.cancel.output-cancelled",
    "jasperserver.cancel.no-output-resource",
    "jasperserver.cancel.while-queued",
    "jasperserver.permission.admin-cancel-stops",
    "jasperserver.permission.admin-cancel-shows",
    "jasperserver.permission.superuser-cancel-stops",
    "jasperserver.permission.superuser-cancel-shows",
    "jasperserver.jobs.cancel-stops",
)
class CancelsInNameOnly(Reference):
    """Answers 200 to a cancel and lets the report finish."""

    def stop(self, execution: Execution, caller: Caller) -> bool:
        return execution.fill.status(self.clock()) not in TERMINAL


@kills(
    "jasperserver.cancel.becomes-cancelled",
    "jasperserver.cancel.work-stops",
    "jasperserver.cancel.output-cancelled",
    "jasperserver.cancel.no-output-resource",
)
class CancelsInNameOnlyInXml(Reference):
    """Answers 200 to a cancel in XML and lets the report finish."""

    def stop(self, execution: Execution, caller: Caller) -> bool:
        running = execution.fill.status(self.clock()) not in TERMINAL
        return running if sends_xml(caller) else super().stop(execution, caller)


@kills(
    "jasperserver.cancel.work-stops",
    "jasperserver.permission.admin-cancel-stops",
    "jasperserver.permission.admin-cancel-shows",
    "jasperserver.permission.superuser-cancel-stops",
    "jasperserver.permission.superuser-cancel-shows",
    "jasperserver.jobs.cancel-stops",
)
class CancelledTurnsReady(Reference):
    """Shows a cancelled report as ready once it would have been."""

    def status_of(self, execution: Execution, caller: Caller) -> str:
        late = execution.fill.cancelled_at is not None and self.clock() > execution.fill.ends
        return "ready" if late else super().status_of(execution, caller)


@kills(
    "jasperserver.cancel.becomes-cancelled",
    "jasperserver.permission.admin-cancel-shows",
    "jasperserver.permission.superuser-cancel-shows",
    "jasperserver.cancel.while-queued",
)
class CancelledShowsFailed(Reference):
    """Shows a cancelled report as failed."""

    def status_of(self, execution: Execution, caller: Caller) -> str:
        status = super().status_of(execution, caller)
        return "failed" if status == "cancelled" else status

    def searchable(self, execution: Execution, caller: Caller) -> bool:
        return execution.fill.cancelled_at is None


@kills("jasperserver.cancel.output-cancelled", "jasperserver.jobs.cancel-stops")
class CancelledYieldsOutput(Reference):
    """Makes the output of a cancelled report all the same and delivers it."""

    def refuse_unready(self, execution: Execution, export: Export, caller: Caller) -> None:
        if self.export_state(execution, export, self.clock()) != "cancelled":
            super().refuse_unready(execution, export, caller)


@kills("jasperserver.cancel.output-cancelled")
class CancelledInXmlYieldsOutput(Reference):
    """Delivers the output of what was cancelled in XML."""

    def stop(self, execution: Execution, caller: Caller) -> bool:
        vars(execution).setdefault("in_xml", sends_xml(caller))
        return super().stop(execution, caller)

    def refuse_unready(self, execution: Execution, export: Export, caller: Caller) -> None:
        if not vars(execution).get("in_xml"):
            super().refuse_unready(execution, export, caller)


@kills("jasperserver.cancel.no-output-resource")
class CancelledShowsOutputResource(Reference):
    """Describes an output of what was cancelled."""

    def export_members(self, execution: Execution, export: Export, caller: Caller) -> dict[str, object]:
        members = super().export_members(execution, export, caller)
        if execution.fill.cancelled_at is None:
            return members
        return {**members, "outputResource": self.output_members(execution, export, caller)}


@kills("jasperserver.cancel.leaves-others")
class CancelInXmlStopsTheLatest(Reference):
    """Stops with a report that is cancelled in XML the one that was started last."""

    def stop(self, execution: Execution, caller: Caller) -> bool:
        for other in siblings(self, execution)[-1:] if sends_xml(caller) else []:
            super().stop(other, caller)
        return super().stop(execution, caller)


class _Answers(Reference):
    """Answers otherwise where a running report was cancelled."""

    def cancel(self, caller: Caller, id: str) -> Answer:
        answer = super().cancel(caller, id)
        return self.other(caller, answer) if answer.status == 200 else answer

    def other(self, caller: Caller, answer: Answer) -> Answer:
        return answer


@kills(
    "jasperserver.cancel.json",
    "jasperserver.cancel.xml",
    "jasperserver.permission.admin-cancel",
    "jasperserver.permission.superuser-cancel",
    "jasperserver.jobs.cancel",
)
class CancelOfRunningAnswers204(_Answers):
    """Stops a running report and answers 204."""

    def other(self, caller: Caller, answer: Answer) -> Answer:
        return Answer(204)


@kills("jasperserver.cancel.json", "jasperserver.jobs.cancel")
class CancelAnswersTheStatusBefore(_Answers):
    """Answers a cancel in JSON with the status that the report had before."""

    def other(self, caller: Caller, answer: Answer) -> Answer:
        answer.body = answer.body.replace(b'"cancelled"', b'"execution"')
        return answer


@kills("jasperserver.cancel.json", "jasperserver.jobs.cancel")
class CancelAnswersStatusForValue(_Answers):
    """Names the member of the answer to a cancel status."""

    def other(self, caller: Caller, answer: Answer) -> Answer:
        answer.body = answer.body.replace(b'"value"', b'"status"')
        return answer


@kills("jasperserver.cancel.xml")
class CancelAnswersNestedXml(_Answers):
    """Puts the text of an XML answer to a cancel into an element value."""

    def other(self, caller: Caller, answer: Answer) -> Answer:
        answer.body = answer.body.replace(b">cancelled<", b"><value>cancelled</value><")
        return answer


@kills("jasperserver.cancel.xml")
class CancelAnswersCanceled(_Answers):
    """Spells the status in XML with one l."""

    def other(self, caller: Caller, answer: Answer) -> Answer:
        answer.body = answer.body.replace(b">cancelled<", b">canceled<")
        return answer


@kills("jasperserver.cancel.xml")
class CancelAnswersXmlInJson(_Answers):
    """Answers a cancel in XML with JSON."""

    def other(self, caller: Caller, answer: Answer) -> Answer:
        if wants_xml(caller):
            return Answer(200, b'{"value":"cancelled"}', [("Content-Type", "application/json")])
        return answer


@kills("jasperserver.cancel.xml", "jasperserver.cancel.finished", "jasperserver.cancel.failed")
class CancelKnowsNoXml(Reference):
    """Answers 415 to a cancel in XML."""

    def status_wanted(self, caller: Caller) -> str:
        if sends_xml(caller):
            raise Refusal(415)
        return super().status_wanted(caller)


class _InVain(Reference):
    """Does otherwise where a report does not run any more."""

    status = ""

    def nothing_to_cancel(self, execution: Execution, caller: Caller) -> Answer:
        if execution.fill.status(self.clock()) == self.status:
            return self.other(execution, caller)
        return super().nothing_to_cancel(execution, caller)

    def other(self, execution: Execution, caller: Caller) -> Answer:
        return Answer(204)


@kills("jasperserver.cancel.finished")
class CancelOfFinishedAnswers200(_InVain):
    """Answers 200 to a cancel of a finished report in XML."""

    status = "ready"

    def other(self, execution: Execution, caller: Caller) -> Answer:
        return self.answer_status("cancelled", None, "application/xml") if sends_xml(caller) else Answer(204)


@kills("jasperserver.cancel.finished")
class CancelOfFinishedIsAConflict(_InVain):
    """Answers 409 to a cancel of a finished report."""

    status = "ready"

    def other(self, execution: Execution, caller: Caller) -> Answer:
        raise Refusal(409, Fault("report.finished", "It is finished."))


@kills("jasperserver.cancel.failed")
class CancelOfFailedIsNotFound(_InVain):
    """Answers 404 to a cancel of a failed report."""

    status = "failed"

    def other(self, execution: Execution, caller: Caller) -> Answer:
        raise not_found(execution.id)


@kills("jasperserver.cancel.again")
class CancelAgainAnswers200(_InVain):
    """Answers 200 to a second cancel."""

    status = "cancelled"

    def other(self, execution: Execution, caller: Caller) -> Answer:
        return self.answer_status("cancelled", None, "application/json")


class _AfterDelete(_InVain):
    """Does otherwise with a finished report where the session has deleted another one before."""

    status = "ready"

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self.deleters: set[str] = set()
        super().__init__(*arguments, **options)

    def delete_execution(self, execution: Execution, caller: Caller) -> None:
        self.deleters.add(caller.session)
        super().delete_execution(execution, caller)

    def other(self, execution: Execution, caller: Caller) -> Answer:
        if caller.session in self.deleters:
            self.spoil(execution)
        return Answer(204)

    def spoil(self, execution: Execution) -> None:
        """What the cancel changes."""


@kills("jasperserver.cancel.state-unchanged")
class CancelOfFinishedCancels(_AfterDelete):
    """Answers 204 to a cancel of a finished report and takes its output away."""

    def spoil(self, execution: Execution) -> None:
        execution.fill.cancelled_at = self.clock()


@kills("jasperserver.cancel.state-unchanged")
class CancelOfFailedShowsCancelled(_InVain):
    """Answers 204 to a cancel of a failed report and shows it cancelled."""

    status = "failed"

    def other(self, execution: Execution, caller: Caller) -> Answer:
        execution.fill.cancelled_at = self.clock()
        return Answer(204)


@kills("jasperserver.cancel.state-unchanged")
class SecondCancelRevives(_InVain):
    """Takes the cancel back with the second one."""

    status = "cancelled"

    def other(self, execution: Execution, caller: Caller) -> Answer:
        execution.fill.cancelled_at = None
        return Answer(204)


@kills("jasperserver.cancel.state-unchanged")
class CancelOfFinishedSpoilsTheOutput(_AfterDelete):
    """Empties the output of a finished report that is cancelled."""

    def spoil(self, execution: Execution) -> None:
        execution.__dict__["spoilt"] = True

    def output_body(self, execution: Execution, export: Export, caller: Caller) -> bytes:
        return b"" if vars(execution).get("spoilt") else super().output_body(execution, export, caller)


@kills("jasperserver.cancel.unknown-id")
class CancelOfUnknownAnswers204(Reference):
    """Answers 204 to a cancel of an id that nobody has."""

    def cancel(self, caller: Caller, id: str) -> Answer:
        return super().cancel(caller, id) if id in self.executions else Answer(204)


@kills("jasperserver.cancel.unknown-id")
class CancelOfUnknownInXmlIsABadRequest(Reference):
    """Answers 400 to a cancel in XML of an id that nobody has."""

    def cancellable(self, caller: Caller, id: str) -> Execution:
        if id not in self.executions and sends_xml(caller):
            raise Refusal(400)
        return super().cancellable(caller, id)


@kills("jasperserver.cancel.other-value")
class AnyValueCancels(Reference):
    """Takes any body for a cancel, except an empty object."""

    def status_wanted(self, caller: Caller) -> str:
        return "cancelled" if super().status_wanted(caller) else ""


@kills("jasperserver.cancel.other-value")
class OtherValuesAreAccepted(Reference):
    """Answers 204 to a status other than cancelled."""

    def cancel(self, caller: Caller, id: str) -> Answer:
        wanted = self.status_wanted(caller)
        return Answer(204) if wanted not in ("", "cancelled") else super().cancel(caller, id)


@kills("jasperserver.cancel.empty-object")
class EmptyObjectCancels(Reference):
    """Takes an empty object for a cancel."""

    def status_wanted(self, caller: Caller) -> str:
        return super().status_wanted(caller) or "cancelled"


@kills("jasperserver.cancel.while-queued")
class CancelOfQueuedIsLost(Reference):
    """Answers 200 to a cancel of a queued report, and works on it all the same."""

    queued_seconds = 0.25

    def stop(self, execution: Execution, caller: Caller) -> bool:
        queued = execution.job is None and execution.fill.status(self.clock()) == "queued"
        return queued or super().stop(execution, caller)
