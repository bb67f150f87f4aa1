"""Servers with faults in the cancel of a running report."""

from __future__ import annotations

from typing import Any

from pytest_reportconformance.http.server import Answer
from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.jasperserver.reference.faults import Refusal
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.state import TERMINAL, Execution, Export
from tests.jasperserver.faults import asks_xml, sends_xml, siblings
from tests.mutation.kill_matrix import kills


@kills(
    "jasperserver.cancel.becomes-cancelled",
    "jasperserver.cancel.work-stops",
    "jasperserver.cancel.output-not-delivered",
    "jasperserver.cancel.no-output-resource",
    "jasperserver.cancel.while-queued",
    "jasperserver.permission.admin-cancel-stops",
    "jasperserver.permission.admin-cancel-seen-by-owner",
    "jasperserver.permission.superuser-cancel-stops",
    "jasperserver.permission.superuser-cancel-seen-by-owner",
    "jasperserver.jobs.cancel-stops",
    "jasperserver.permission.admin-cancel-child-organization-stops",
)
class CancelsInNameOnly(Reference):
    """Answers 200 to a cancel and lets the report finish."""

    def stop(self, execution: Execution, caller: Caller) -> bool:
        return execution.fill.status(self.clock()) not in TERMINAL


@kills(
    "jasperserver.cancel.becomes-cancelled",
    "jasperserver.cancel.work-stops",
    "jasperserver.permission.admin-cancel-child-organization-stops",
    "jasperserver.cancel.output-not-delivered",
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
    "jasperserver.permission.admin-cancel-seen-by-owner",
    "jasperserver.permission.superuser-cancel-stops",
    "jasperserver.permission.superuser-cancel-seen-by-owner",
    "jasperserver.jobs.cancel-stops",
    "jasperserver.status.final-unchanged",
    "jasperserver.contract.page-status-body",
    "jasperserver.permission.admin-cancel-child-organization-stops",
)
class CancelledTurnsReady(Reference):
    """Reports a cancelled execution as ready at the time at which it would have finished."""

    def status_of(self, execution: Execution, caller: Caller) -> str:
        late = execution.fill.cancelled_at is not None and self.clock() > execution.fill.ends
        return "ready" if late else super().status_of(execution, caller)


@kills(
    "jasperserver.cancel.becomes-cancelled",
    "jasperserver.permission.admin-cancel-seen-by-owner",
    "jasperserver.permission.superuser-cancel-seen-by-owner",
    "jasperserver.cancel.while-queued",
)
class CancelledShowsFailed(Reference):
    """Reports a cancelled execution as failed."""

    def status_of(self, execution: Execution, caller: Caller) -> str:
        status = super().status_of(execution, caller)
        return "failed" if status == "cancelled" else status

    def searchable(self, execution: Execution, caller: Caller) -> bool:
        return execution.fill.cancelled_at is None


@kills("jasperserver.cancel.output-not-delivered", "jasperserver.jobs.cancel-stops")
class CancelledYieldsOutput(Reference):
    """Completes and delivers the output of a cancelled execution."""

    def refuse_unready(self, execution: Execution, export: Export, caller: Caller) -> None:
        if self.export_state(execution, export, self.clock()) != "cancelled":
            super().refuse_unready(execution, export, caller)


@kills("jasperserver.cancel.output-not-delivered")
class CancelledInXmlYieldsOutput(Reference):
    """Delivers the output of an execution that was cancelled in XML."""

    def stop(self, execution: Execution, caller: Caller) -> bool:
        vars(execution).setdefault("in_xml", sends_xml(caller))
        return super().stop(execution, caller)

    def refuse_unready(self, execution: Execution, export: Export, caller: Caller) -> None:
        if not vars(execution).get("in_xml"):
            super().refuse_unready(execution, export, caller)


@kills(
    "jasperserver.cancel.no-output-resource",
    "jasperserver.details.output-when-ready",
)
class CancelledShowsOutputResource(Reference):
    """Describes an output resource of a cancelled execution."""

    def export_members(self, execution: Execution, export: Export, caller: Caller) -> dict[str, object]:
        members = super().export_members(execution, export, caller)
        if execution.fill.cancelled_at is None:
            return members
        return {**members, "outputResource": self.output_members(execution, export, caller)}


@kills("jasperserver.cancel.leaves-others")
class CancelInXmlStopsTheLatest(Reference):
    """Stops the latest execution as well as the one that is cancelled in XML."""

    def stop(self, execution: Execution, caller: Caller) -> bool:
        for other in siblings(self, execution)[-1:] if sends_xml(caller) else []:
            super().stop(other, caller)
        return super().stop(execution, caller)


class _Answers(Reference):
    """Changes the answer to the cancel of a running report."""

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
    "jasperserver.permission.admin-cancel-child-organization",
)
class CancelOfRunningAnswers204(_Answers):
    """Stops a running report and answers 204."""

    def other(self, caller: Caller, answer: Answer) -> Answer:
        return Answer(204)


@kills("jasperserver.cancel.json", "jasperserver.jobs.cancel")
class CancelAnswersTheStatusBefore(_Answers):
    """Answers a cancel in JSON with the status before the cancel."""

    def other(self, caller: Caller, answer: Answer) -> Answer:
        answer.body = answer.body.replace(b'"cancelled"', b'"execution"')
        return answer


@kills("jasperserver.cancel.json", "jasperserver.jobs.cancel")
class CancelAnswersStatusForValue(_Answers):
    """Names the member of the answer to a cancel `status` instead of `value`."""

    def other(self, caller: Caller, answer: Answer) -> Answer:
        answer.body = answer.body.replace(b'"value"', b'"status"')
        return answer


@kills("jasperserver.cancel.xml")
class CancelAnswersNestedXml(_Answers):
    """Puts the text of the XML answer to a cancel into an element `value`."""

    def other(self, caller: Caller, answer: Answer) -> Answer:
        answer.body = answer.body.replace(b">cancelled<", b"><value>cancelled</value><")
        return answer


@kills("jasperserver.cancel.xml")
class CancelAnswersCanceled(_Answers):
    """Spells the cancelled status with one l in XML."""

    def other(self, caller: Caller, answer: Answer) -> Answer:
        answer.body = answer.body.replace(b">cancelled<", b">canceled<")
        return answer


@kills("jasperserver.cancel.xml")
class CancelAnswersXmlInJson(_Answers):
    """Answers a cancel in XML with JSON."""

    def other(self, caller: Caller, answer: Answer) -> Answer:
        if asks_xml(caller):
            return Answer(200, b'{"value":"cancelled"}', [("Content-Type", "application/json")])
        return answer


@kills("jasperserver.cancel.xml")
class CancelRefusesXml(Reference):
    """Answers 415 to a cancel in XML."""

    def requested_status(self, caller: Caller) -> str:
        if sends_xml(caller):
            raise Refusal(415)
        return super().requested_status(caller)


@kills("jasperserver.cancel.once-executing")
class LosesEarlyCancels(Reference):
    """Answers 204 to the cancel of a report that its user has not searched for yet, and lets it finish."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._listed: set[str] = set()

    def searchable(self, execution: Execution, caller: Caller) -> bool:
        if caller.session == execution.session:
            self._listed.add(execution.id)
        return super().searchable(execution, caller)

    def stop(self, execution: Execution, caller: Caller) -> bool:
        is_known = execution.id in self._listed or execution.fill.status(self.clock()) != "execution"
        return is_known and super().stop(execution, caller)


@kills("jasperserver.cancel.while-queued")
class CancelOfQueuedIsLost(Reference):
    """Answers 200 to a cancel of a queued report and runs it."""

    queued_seconds = 0.25

    def stop(self, execution: Execution, caller: Caller) -> bool:
        queued = execution.job is None and execution.fill.status(self.clock()) == "queued"
        return queued or super().stop(execution, caller)
