"""Servers that are wrong in cases that are seldom sent: another letter case, another parent, another state."""

from __future__ import annotations

from typing import Any

from pytest_reportconformance.http.server import Answer, Call
from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.state import Execution, Export
from tests.jasperserver.faults import ADMIN, OTHER_ADMIN, OTHER_USER, as_owner, is_by, is_of
from tests.mutation.kill_matrix import kills


@kills("jasperserver.errors.letter-case")
class IgnoresTheCaseOfExecutions(Reference):
    """Finds an execution by its id in any letter case."""

    def execution(self, caller: Caller, id: str) -> Execution:
        known = {one.lower(): one for one in list(self.executions)}
        return super().execution(caller, known.get(id.lower(), id))


@kills("jasperserver.errors.letter-case")
class IgnoresTheCaseOfExports(Reference):
    """Finds an export by its id in any letter case."""

    def export(self, caller: Caller, id: str, export_id: str) -> tuple[Execution, Export]:
        known = {one.lower(): one for one in list(self.execution(caller, id).exports)}
        return super().export(caller, id, known.get(export_id.lower(), export_id))


@kills("jasperserver.errors.letter-case")
class DeletesInAnyCase(Reference):
    """Deletes an execution by its id in any letter case, although it is not found by it."""

    def delete(self, caller: Caller, id: str) -> Answer:
        known = {one.lower(): one for one in list(self.executions)}
        return super().delete(caller, known.get(id.lower(), id))


@kills(
    "jasperserver.output.own-content",
    "jasperserver.output.unknown-export",
    "jasperserver.export-status.unknown-export",
)
class FindsExportsOfOtherExecutions(Reference):
    """Finds an export by its id under every execution of its user."""

    def export(self, caller: Caller, id: str, export_id: str) -> tuple[Execution, Export]:
        self.execution(caller, id)
        for one in list(self.executions.values()):
            if export_id in one.exports:
                return super().export(caller, one.id, export_id)
        return super().export(caller, id, export_id)


@kills(
    "jasperserver.export-status.unknown-export",
    "jasperserver.output.ready",
)
class PollsExportsOfOtherExecutions(Reference):
    """Shows the status of an export under every execution of its user."""

    def read_export_status(self, caller: Caller, id: str, export_id: str) -> Answer:
        parents = [one.id for one in list(self.executions.values()) if export_id in one.exports]
        known = self.execution(caller, id)
        return super().read_export_status(caller, parents[0] if parents else known.id, export_id)


class _Open(Reference):
    """Treats some users as the owner of executions in a state; `opened` are methods and operations."""

    state = "ready"
    others: tuple[str, ...] = ()
    opened: tuple[str, ...] = ()

    def answer_to(self, caller: Caller) -> Answer:
        segments = self.segments(caller.call)
        execution = self.executions.get(segments[1]) if len(segments) > 1 else None
        meant = execution is not None and _state(self, execution) == self.state
        if meant and is_by(caller, *self.others) and _action(caller, segments) in self.opened:
            caller = as_owner(self, caller, segments[1])
        return super().answer_to(caller)


def _state(server: Reference, execution: Execution) -> str:
    """The state of an execution; a slow report that is ready counts as running, because a busy machine is late."""
    state = execution.fill.status(server.clock())
    late = state == "ready" and is_of(execution, "slow")
    return "execution" if state == "queued" or late else state


def _action(caller: Caller, segments: list[str]) -> str:
    """The method and the operation of a request: `GET pages status`."""
    return " ".join([caller.call.method, *(one for number, one in enumerate(segments[2:]) if number != 1)])


@kills("jasperserver.permission.other-user-info")
class OtherUsersReadInfo(_Open):
    """Returns the info of a finished execution to another regular user."""

    others, opened = (OTHER_USER,), ("GET info",)


@kills("jasperserver.permission.other-user-page-status")
class OtherUsersReadPageStatus(_Open):
    """Returns the status of a page of a finished execution to another regular user."""

    others, opened = (OTHER_USER,), ("GET pages status",)


@kills("jasperserver.permission.other-user-export-status")
class OtherUsersReadExportStatus(_Open):
    """Returns the status of an export of a failed execution to another regular user."""

    state, others, opened = "failed", (OTHER_USER,), ("GET exports status",)


@kills("jasperserver.permission.other-admin-info", "jasperserver.permission.other-admin-page-status")
class OtherAdminsReadInfo(_Open):
    """Returns info and page status of a cancelled execution to the admin of another organization."""

    state, others, opened = "cancelled", (OTHER_ADMIN,), ("GET info", "GET pages status")


@kills("jasperserver.permission.other-admin-export-status")
class OtherAdminsReadExportStatus(_Open):
    """Returns the status of an export of a running execution to the admin of another organization."""

    state, others, opened = "execution", (OTHER_ADMIN,), ("GET exports status",)


@kills("jasperserver.permission.other-user-status", "jasperserver.permission.other-user-details")
class OtherUsersReadWhatFailed(_Open):
    """Returns status and details of a failed execution to another regular user."""

    state, others, opened = "failed", (OTHER_USER,), ("GET", "GET status")


@kills("jasperserver.permission.other-user-export", "jasperserver.permission.other-user-parameters")
class OtherUsersChangeWhatRuns(_Open):
    """Exports a running execution for another regular user, and accepts new parameters."""

    state, others, opened = "execution", (OTHER_USER,), ("POST exports", "POST parameters")


@kills("jasperserver.permission.other-admin-delete")
class OtherAdminsDeleteWhatFailed(_Open):
    """Deletes a failed execution for the admin of another organization."""

    state, others, opened = "failed", (OTHER_ADMIN,), ("DELETE",)


class _OpenToAnyone(_Open):
    """Answers requests without credentials about executions in a state."""

    def sign_on(self, call: Call) -> Caller:
        segments = self.segments(call)
        execution = self.executions.get(segments[1]) if len(segments) > 1 else None
        if execution is not None and not call.header("Authorization") and not call.header("Cookie"):
            caller = Caller(call, execution.owner, execution.session)
            if _action(caller, segments) in self.opened and _state(self, execution) == self.state:
                return caller
        return super().sign_on(call)


@kills("jasperserver.permission.anonymous-info")
class AnyoneReadsInfo(_OpenToAnyone):
    """Returns the info of a finished execution without credentials."""

    opened = ("GET info",)


@kills("jasperserver.permission.anonymous-page-status", "jasperserver.permission.anonymous-export-status")
class AnyoneReadsOtherStatus(_OpenToAnyone):
    """Returns the status of pages and exports of a running execution without credentials."""

    state, opened = "execution", ("GET pages status", "GET exports status")


@kills("jasperserver.permission.anonymous-details")
class AnyoneReadsDetailsOfWhatWasCancelled(_OpenToAnyone):
    """Returns the details of a cancelled execution without credentials."""

    state, opened = "cancelled", ("GET",)


@kills(
    "jasperserver.delete.details-gone",
    "jasperserver.delete.status-gone",
    "jasperserver.delete.output-gone",
    "jasperserver.delete.everything-gone",
    "jasperserver.delete.attachments-gone",
)
class ShowsDeletedToAdmins(Reference):
    """Keeps deleted executions for the organization's admin."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.deleted: dict[str, Execution] = {}

    def delete(self, caller: Caller, id: str) -> Answer:
        execution = self.executions.get(id)
        answer = super().delete(caller, id)
        if execution is not None:
            self.deleted[id] = execution
        return answer

    def execution(self, caller: Caller, id: str) -> Execution:
        if is_by(caller, ADMIN) and id in self.deleted:
            execution = self.deleted[id]
            execution.deleted = False
            return execution
        return super().execution(caller, id)


@kills("jasperserver.sessions.cookie-alone")
class OutputNeedsThePassword(Reference):
    """Refuses an output to a request with the cookie alone."""

    def read_output(self, caller: Caller, id: str, export_id: str) -> Answer:
        if not caller.call.header("Authorization"):
            raise self.unauthorized(caller.call)
        return super().read_output(caller, id, export_id)


@kills("jasperserver.cancel.state-unchanged")
class AdminsCancelWhatIsFinished(Reference):
    """Shows a finished execution as cancelled after the organization's admin tried to cancel it."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.marked: set[str] = set()

    def cancel(self, caller: Caller, id: str) -> Answer:
        if is_by(caller, ADMIN) and id in self.executions and is_of(self.executions[id], "images"):
            self.marked.add(id)
        return super().cancel(caller, id)

    def status_of(self, execution: Execution, caller: Caller) -> str:
        return "cancelled" if execution.id in self.marked else super().status_of(execution, caller)

    def apply_parameters(self, execution: Execution, values: Any, caller: Caller) -> None:
        self.marked.discard(execution.id)
        super().apply_parameters(execution, values, caller)


@kills("jasperserver.search.by-report-uri")
class OwnersAloneFindByUri(Reference):
    """Finds executions of other users only without arguments."""

    def matches_report_uri(self, execution: Execution, uri: str, caller: Caller) -> bool:
        mine = execution.owner == caller.identity or execution.job is not None
        return super().matches_report_uri(execution, uri, caller) and (not uri or mine)
