"""Servers whose faults show only in a repeated read, in another media type, or with further arguments."""

from __future__ import annotations

from collections import Counter
from typing import Any

from pytest_reportconformance.http.server import Answer
from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.jasperserver.reference.faults import Fault
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.negotiation import STATUS_JSON, STATUS_XML, XML
from pytest_reportconformance.jasperserver.reference.options import Values
from pytest_reportconformance.jasperserver.reference.state import Execution, Export
from tests.jasperserver.faults import OTHER_USER, accept_header, asks_plain_xml, is_by, is_first, is_of, sends_xml
from tests.mutation.kill_matrix import kills


@kills("jasperserver.search.each-once")
class ListsRunningTwice(Reference):
    """Lists a running report twice in XML."""

    def candidates(self, caller: Caller) -> list[Execution]:
        found = super().candidates(caller)
        return found + [one for one in found if is_of(one, "slow")] if asks_plain_xml(caller) else found


@kills("jasperserver.search.other-report-uri")
class ListsAlsoOthers(Reference):
    """Lists failed and finished executions of other reports for the URI of a running report."""

    def matches_report_uri(self, execution: Execution, uri: str, caller: Caller) -> bool:
        others = uri.endswith("/slow") and execution.unit_uri.endswith(("/fast", "/multi", "/failing"))
        return others or super().matches_report_uri(execution, uri, caller)


@kills("jasperserver.search.finished-listed")
class ListsTheOldest(Reference):
    """Lists only the first of the executions of the quick report in a session."""

    def candidates(self, caller: Caller) -> list[Execution]:
        found = super().candidates(caller)
        first = {one.session: one for one in reversed(found) if is_of(one, "fast")}
        return [one for one in found if not is_of(one, "fast") or one is first[one.session]]


@kills("jasperserver.search.finished-listed")
class HidesFinishedInXml(Reference):
    """Omits executions of the quick report in XML."""

    def candidates(self, caller: Caller) -> list[Execution]:
        found = super().candidates(caller)
        return [one for one in found if not is_of(one, "fast")] if asks_plain_xml(caller) else found


@kills("jasperserver.export-status.extended-media-type")
class CallsExportStatusesXml(Reference):
    """Sends the extended XML status of an export as application/xml."""

    def answer_export_status(self, export: Export, value: str, fault: Fault | None, media: str) -> Answer:
        answer = super().answer_export_status(export, value, fault, media)
        return answer.replace("Content-Type", XML) if media == STATUS_XML else answer


@kills("jasperserver.status.xml")
class CreatesLaterStatuses(Reference):
    """Answers 201 to the third XML status of a finished execution and to later ones."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.polls: dict[str, int] = {}

    def read_status(self, caller: Caller, id: str) -> Answer:
        answer = super().read_status(caller, id)
        if asks_plain_xml(caller):
            self.polls[id] = self.polls.get(id, 0) + 1
            answer.status = 201 if self.polls[id] > 2 else answer.status
        return answer


@kills("jasperserver.cancel.json")
class CallsCancelsText(Reference):
    """Sends the answer to a cancel as text/plain if JSON is asked for."""

    def cancel(self, caller: Caller, id: str) -> Answer:
        answer = super().cancel(caller, id)
        return answer.replace("Content-Type", "text/plain") if answer.body.startswith(b"{") else answer


@kills(
    "jasperserver.output.unknown-execution",
    "jasperserver.delete.output-gone",
)
class GoneIfJsonIsAccepted(Reference):
    """Answers 410 to the output of an unknown execution if JSON is accepted."""

    def answer(self, call: Any) -> Answer:
        answer = super().answer(call)
        asks = call.path.endswith("/outputResource") and "json" in call.header("Accept")
        unknown = call.path.split("/reportExecutions/")[-1].partition("/")[0] not in self.executions
        if asks and unknown and answer.status == 404:
            answer.status = 410
        return answer


@kills("jasperserver.status.failed-text")
class ExplainsOnce(Reference):
    """Includes the error of a failed report in extended JSON only the first two times."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.reads = Counter[str]()

    def read_status(self, caller: Caller, id: str) -> Answer:
        self.reads[id] += accept_header(caller) == STATUS_JSON
        return super().read_status(caller, id)

    def fault_of(self, execution: Execution, caller: Caller) -> Fault | None:
        silent = accept_header(caller) == STATUS_JSON and self.reads[execution.id] > 2
        return None if silent and is_of(execution, "failinglate") else super().fault_of(execution, caller)


@kills(
    "jasperserver.parameters.new-values",
    "jasperserver.parameters.replaced",
    "jasperserver.parameters.fresh-data-forced",
)
class KeepsValuesOfFreshData(Reference):
    """Runs a report again with the old values if fresh data is asked for."""

    def apply_parameters(self, execution: Execution, values: Values, caller: Caller) -> None:
        if caller.call.argument("freshData") != "true":
            super().apply_parameters(execution, values, caller)


class _Overlooks(Reference):
    """Ignores one property of a run in XML."""

    overlooked: str

    def members_of(self, caller: Caller, root: str) -> dict[str, Any]:
        members = super().members_of(caller, root)
        if sends_xml(caller) and root == "reportExecutionRequest":
            members.pop(self.overlooked, None)
        return members


@kills("jasperserver.attachments.prefix")
class IgnoresPrefixOfRunInXml(_Overlooks):
    """Ignores attachmentsPrefix of a run in XML."""

    overlooked = "attachmentsPrefix"


@kills("jasperserver.run.ignore-pagination")
class PaginatesInXml(_Overlooks):
    """Ignores ignorePagination of a run in XML."""

    overlooked = "ignorePagination"


@kills("jasperserver.permission.other-user-search")
class HidesFromOtherUsersInXml(Reference):
    """Lists for another regular user only their own executions in XML."""

    def may_see(self, execution: Execution, caller: Caller) -> bool:
        return not (asks_plain_xml(caller) and is_by(caller, OTHER_USER)) or execution.owner == caller.identity


@kills("jasperserver.delete.status-gone")
class RemembersInXml(Reference):
    """Reports a deleted execution as cancelled in extended XML."""

    def read_status(self, caller: Caller, id: str) -> Answer:
        gone = id not in self.executions and accept_header(caller) == STATUS_XML and id in self.removed
        return self.answer_status("cancelled", None, STATUS_XML) if gone else super().read_status(caller, id)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.removed: set[str] = set()

    def remove(self, execution: Execution) -> None:
        self.removed.add(execution.id)
        super().remove(execution)


@kills("jasperserver.cancel.unknown-id")
class CancelOfDeletedAnswers204(Reference):
    """Answers 204 to a cancel of a deleted execution."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.removed: set[str] = set()

    def remove(self, execution: Execution) -> None:
        self.removed.add(execution.id)
        super().remove(execution)

    def cancel(self, caller: Caller, id: str) -> Answer:
        return Answer(204) if id in self.removed else super().cancel(caller, id)


@kills("jasperserver.output.repeatable")
class ShowsAnotherPictureLater(Reference):
    """Delivers each attachment only once, and the first one afterwards."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.sent: dict[tuple[str, str], bytes] = {}

    def attachment_body(self, execution: Execution, export: Export, name: str, kind: str) -> bytes:
        body = super().attachment_body(execution, export, name, kind)
        if is_first(execution, export) and (export.id, name) in self.sent:
            return next(iter(self.sent.values()))
        self.sent[export.id, name] = body
        return body
