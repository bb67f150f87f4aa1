"""Servers that permit forbidden operations, or forbid permitted ones."""

from __future__ import annotations

from pytest_reportconformance.http.server import Answer
from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.jasperserver.reference.faults import denied, not_found
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.resources import Resource
from pytest_reportconformance.jasperserver.reference.state import Execution
from tests.jasperserver.faults import ADMIN, OTHER_ADMIN, OTHER_USER, SUPERUSER, as_owner, is_by, sends_xml
from tests.mutation.kill_matrix import kills


class _Open(Reference):
    """Treats some users as the owner; `opened` names methods and path endings."""

    others: tuple[str, ...] = ()
    opened: tuple[str, ...] = ()

    def answer_to(self, caller: Caller) -> Answer:
        segments = self.segments(caller.call)
        if is_by(caller, *self.others) and len(segments) > 1:
            kind = {2: "", 3: segments[-1], 5: segments[-1]}.get(len(segments), "")
            action = "attachment" if segments[-2:-1] == ["attachments"] else kind
            if f"{caller.call.method} {action}" in self.opened:
                caller = as_owner(self, caller, segments[1])
        return super().answer_to(caller)


@kills("jasperserver.permission.other-user-details")
class OtherUsersReadDetails(_Open):
    """Returns the details of an execution to another regular user."""

    others, opened = (OTHER_USER,), ("GET ",)


@kills(
    "jasperserver.permission.other-user-status",
    "jasperserver.permission.other-user-page-status",
    "jasperserver.permission.other-user-export-status",
)
class OtherUsersReadStatus(_Open):
    """Returns every status of an execution to another regular user: its own, and those of pages and exports."""

    others, opened = (OTHER_USER,), ("GET status",)


@kills("jasperserver.permission.other-user-output")
class OtherUsersReadOutput(_Open):
    """Delivers an output to another regular user."""

    others, opened = (OTHER_USER,), ("GET outputResource",)


@kills("jasperserver.permission.other-user-attachment")
class OtherUsersReadAttachments(_Open):
    """Delivers an attachment to another regular user."""

    others, opened = (OTHER_USER,), ("GET attachment",)


@kills("jasperserver.permission.other-user-export")
class OtherUsersExport(_Open):
    """Exports an execution for another regular user."""

    others, opened = (OTHER_USER,), ("POST exports",)


@kills("jasperserver.permission.other-user-parameters")
class OtherUsersSetParameters(_Open):
    """Accepts new parameters for an execution from another regular user."""

    others, opened = (OTHER_USER,), ("POST parameters",)


@kills(
    "jasperserver.permission.other-user-delete",
    "jasperserver.delete.finished",
    "jasperserver.details.same-request",
)
class OtherUsersDelete(_Open):
    """Deletes an execution for another regular user."""

    others, opened = (OTHER_USER,), ("DELETE ",)


@kills("jasperserver.permission.other-admin-details")
class OtherAdminsReadDetails(_Open):
    """Returns the details of an execution to the admin of another organization."""

    others, opened = (OTHER_ADMIN,), ("GET ",)


@kills(
    "jasperserver.permission.other-admin-status",
    "jasperserver.permission.other-admin-page-status",
    "jasperserver.permission.other-admin-export-status",
)
class OtherAdminsReadStatus(_Open):
    """Returns every status of an execution to the admin of another organization."""

    others, opened = (OTHER_ADMIN,), ("GET status",)


@kills("jasperserver.permission.other-admin-output", "jasperserver.permission.other-admin-attachment")
class OtherAdminsReadOutput(_Open):
    """Delivers output and attachments to the admin of another organization."""

    others, opened = (OTHER_ADMIN,), ("GET outputResource", "GET attachment")


@kills("jasperserver.permission.other-admin-attachment")
class OtherAdminsReadAttachments(_Open):
    """Delivers attachments to the admin of another organization."""

    others, opened = (OTHER_ADMIN,), ("GET attachment",)


@kills("jasperserver.permission.other-admin-export", "jasperserver.permission.other-admin-parameters")
class OtherAdminsChange(_Open):
    """Exports for the admin of another organization, and accepts new parameters."""

    others, opened = (OTHER_ADMIN,), ("POST exports", "POST parameters")


@kills(
    "jasperserver.permission.other-admin-delete",
    "jasperserver.delete.finished",
    "jasperserver.details.same-request",
)
class OtherAdminsDelete(_Open):
    """Deletes an execution for the admin of another organization."""

    others, opened = (OTHER_ADMIN,), ("DELETE ",)


@kills("jasperserver.permission.admin-status", "jasperserver.permission.admin-details")
class AdminsReadDetails(_Open):
    """Returns status and details of other users' executions to the organization's admin."""

    others, opened = (ADMIN,), ("GET ", "GET status")


@kills("jasperserver.permission.admin-output", "jasperserver.permission.admin-attachment")
class AdminsReadOutput(_Open):
    """Delivers output and attachments of other users to the organization's admin."""

    others, opened = (ADMIN,), ("GET outputResource", "GET attachment")


@kills(
    "jasperserver.permission.superuser-status",
    "jasperserver.permission.superuser-details",
    "jasperserver.permission.superuser-output",
    "jasperserver.permission.superuser-attachment",
)
class SuperuserReadsAll(_Open):
    """Lets the superuser read all executions."""

    others, opened = (SUPERUSER,), ("GET ", "GET status", "GET outputResource", "GET attachment")


@kills(
    "jasperserver.permission.other-user-delete",
    "jasperserver.negotiation.details-json",
    "jasperserver.delete.finished",
    "jasperserver.details.same-request",
)
class OtherUsersDeleteUnseen(Reference):
    """Answers 404 to another regular user's delete, and deletes the execution."""

    def delete(self, caller: Caller, id: str) -> Answer:
        if is_by(caller, OTHER_USER) and id in self.executions and self.executions[id].owner != caller.identity:
            self.remove(self.executions[id])
        return super().delete(caller, id)


class _OwnOnly(Reference):
    """Lists for some users only their own executions in a search."""

    others: tuple[str, ...] = ()

    def may_see(self, execution: Execution, caller: Caller) -> bool:
        return execution.owner == caller.identity or not is_by(caller, *self.others)


@kills("jasperserver.permission.other-user-search", "jasperserver.jobs.other-user-search")
class OtherUsersSeeTheirOwn(_OwnOnly):
    """Lists only their own executions for regular users."""

    others = (OTHER_USER,)


@kills("jasperserver.permission.admin-search")
class AdminsSeeTheirOwn(_OwnOnly):
    """Lists only their own executions for the organization's admin."""

    others = (ADMIN,)


@kills("jasperserver.permission.other-admin-search")
class OtherAdminsSeeTheirOwn(_OwnOnly):
    """Lists only their own executions for the admin of another organization."""

    others = (OTHER_ADMIN,)


@kills("jasperserver.permission.superuser-search")
class SuperuserSeesTheirOwn(_OwnOnly):
    """Lists only their own executions for the superuser."""

    others = (SUPERUSER,)


@kills("jasperserver.permission.other-user-run-forbidden")
class OtherUsersRunTheForbidden(Reference):
    """Lets another regular user run a forbidden report."""

    def may_run(self, caller: Caller, unit: Resource) -> bool:
        return is_by(caller, OTHER_USER) or super().may_run(caller, unit)


@kills("jasperserver.permission.other-user-run-forbidden")
class OtherUsersRunTheForbiddenInXml(Reference):
    """Lets another regular user run a forbidden report in XML."""

    def may_run(self, caller: Caller, unit: Resource) -> bool:
        return (is_by(caller, OTHER_USER) and sends_xml(caller)) or super().may_run(caller, unit)


@kills("jasperserver.permission.other-user-run-forbidden")
class ForbiddenIsNotFoundForOtherUsers(Reference):
    """Answers 404 to another regular user's run of a forbidden report."""

    def report_unit(self, caller: Caller, uri: str) -> Resource:
        unit = super().report_unit(caller, uri)
        if is_by(caller, OTHER_USER) and not self.may_run(caller, unit):
            raise not_found(uri)
        return unit


@kills("jasperserver.permission.other-user-status", "jasperserver.permission.other-admin-status")
class StatusOfOthersIsAConflict(Reference):
    """Answers 409 to other users' polls of a status."""

    def read_status(self, caller: Caller, id: str) -> Answer:
        execution = self.executions.get(id)
        if execution is not None and execution.owner != caller.identity and is_by(caller, OTHER_USER, OTHER_ADMIN):
            return Answer(409)
        if execution is not None and execution.owner != caller.identity:
            raise denied()
        return super().read_status(caller, id)
