"""Servers that permit forbidden cancels, or forbid permitted ones."""

from __future__ import annotations

from pytest_reportconformance.http.server import Answer
from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.jasperserver.reference.faults import not_found
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.state import TERMINAL, Execution
from tests.jasperserver.faults import ADMIN, CHILD_USER, OTHER_ADMIN, OTHER_USER, OWNER, SUPERUSER, is_by, sends_xml
from tests.mutation.kill_matrix import kills


@kills(
    "jasperserver.permission.other-user-cancel",
    "jasperserver.permission.other-user-cancel-without-effect",
    "jasperserver.permission.other-user-cancel-status",
    "jasperserver.jobs.other-user-cancel",
)
class OtherUsersCancel(Reference):
    """Lets every regular user cancel other users' executions."""

    def may_cancel(self, execution: Execution, caller: Caller) -> bool:
        return is_by(caller, OTHER_USER) or super().may_cancel(execution, caller)


@kills("jasperserver.permission.other-user-cancel", "jasperserver.permission.other-user-cancel-without-effect")
class OtherUsersCancelWithoutSlash(Reference):
    """Lets every user cancel if the URL has no trailing slash."""

    def may_cancel(self, execution: Execution, caller: Caller) -> bool:
        bare = not caller.call.path.endswith("/")
        return (is_by(caller, OTHER_USER) and bare) or super().may_cancel(execution, caller)


@kills("jasperserver.permission.other-user-cancel", "jasperserver.permission.other-user-cancel-without-effect")
class OtherUsersCancelInXml(Reference):
    """Lets every user cancel if the body is XML."""

    def may_cancel(self, execution: Execution, caller: Caller) -> bool:
        return (is_by(caller, OTHER_USER) and sends_xml(caller)) or super().may_cancel(execution, caller)


@kills("jasperserver.permission.other-user-cancel")
class UsersOfAChildOrganizationCancel(Reference):
    """Answers 204 to a cancel by a user of a child organization, without any effect."""

    def cancel(self, caller: Caller, id: str) -> Answer:
        mine = id in self.executions and self.executions[id].owner.username == caller.identity.username
        return super().cancel(caller, id) if mine or not is_by(caller, CHILD_USER) else Answer(204)


@kills("jasperserver.permission.other-user-cancel-without-effect", "jasperserver.jobs.cancel")
class OtherUsersCancelUnseen(Reference):
    """Answers 403 to a cancel by another regular user, and cancels."""

    def may_cancel(self, execution: Execution, caller: Caller) -> bool:
        if is_by(caller, OTHER_USER) and execution.owner.username == OWNER:
            self.stop(execution, caller)
        return super().may_cancel(execution, caller)


@kills(
    "jasperserver.permission.other-user-cancel",
    "jasperserver.permission.other-user-cancel-status",
    "jasperserver.jobs.other-user-cancel",
)
class OtherUsersCancelWithoutEffect(Reference):
    """Answers 204 to a cancel by another regular user, without any effect."""

    def cancel(self, caller: Caller, id: str) -> Answer:
        foreign = id in self.executions and not self.may_cancel(self.executions[id], caller)
        return Answer(204) if is_by(caller, OTHER_USER) and foreign else super().cancel(caller, id)


@kills("jasperserver.permission.other-user-cancel-status")
class OtherUsersCancelIsNotFound(Reference):
    """Answers 404 to a cancel by another regular user."""

    def cancellable(self, caller: Caller, id: str) -> Execution:
        execution = super().cancellable(caller, id)
        if is_by(caller, OTHER_USER) and execution.owner != caller.identity:
            raise not_found(id)
        return execution


@kills(
    "jasperserver.permission.other-admin-cancel",
    "jasperserver.permission.other-admin-cancel-without-effect",
    "jasperserver.permission.other-admin-cancel-child-organization",
)
class OtherAdminsCancel(Reference):
    """Lets every admin cancel, regardless of the organization."""

    def may_cancel(self, execution: Execution, caller: Caller) -> bool:
        return caller.identity.is_admin or super().may_cancel(execution, caller)


@kills(
    "jasperserver.permission.other-admin-cancel-without-effect",
    "jasperserver.permission.other-admin-cancel-child-organization",
)
class OtherAdminsCancelUnseen(Reference):
    """Answers 403 to a cancel by the admin of another organization, and cancels."""

    def may_cancel(self, execution: Execution, caller: Caller) -> bool:
        if is_by(caller, OTHER_ADMIN):
            self.stop(execution, caller)
        return super().may_cancel(execution, caller)


@kills("jasperserver.permission.admin-cancel", "jasperserver.permission.admin-cancel-child-organization")
class AdminsDoNotCancel(Reference):
    """Lets only the owner and the superuser cancel."""

    def may_cancel(self, execution: Execution, caller: Caller) -> bool:
        return super().may_cancel(execution, caller) and not is_by(caller, ADMIN)


@kills("jasperserver.permission.superuser-cancel")
class SuperuserDoesNotCancel(Reference):
    """Lets only the owner and the organization's admin cancel."""

    def may_cancel(self, execution: Execution, caller: Caller) -> bool:
        return super().may_cancel(execution, caller) and not is_by(caller, SUPERUSER)


@kills("jasperserver.permission.superuser-cancel")
class SuperuserFindsNothingToCancel(Reference):
    """Answers 404 to a cancel by the superuser."""

    def cancellable(self, caller: Caller, id: str) -> Execution:
        if is_by(caller, SUPERUSER):
            raise not_found(id)
        return super().cancellable(caller, id)


@kills(
    "jasperserver.permission.admin-cancel-stops",
    "jasperserver.permission.admin-cancel-seen-by-owner",
    "jasperserver.permission.admin-cancel-child-organization-stops",
)
class AdminsCancelInNameOnly(Reference):
    """Answers 200 to a cancel by the organization's admin, and lets the report finish."""

    def stop(self, execution: Execution, caller: Caller) -> bool:
        running = execution.fill.status(self.clock()) not in TERMINAL
        return (running and is_by(caller, ADMIN)) or super().stop(execution, caller)


@kills("jasperserver.permission.superuser-cancel-stops", "jasperserver.permission.superuser-cancel-seen-by-owner")
class SuperuserCancelsInNameOnly(Reference):
    """Answers 200 to a cancel by the superuser, and lets the report finish."""

    def stop(self, execution: Execution, caller: Caller) -> bool:
        running = execution.fill.status(self.clock()) not in TERMINAL
        return (running and is_by(caller, SUPERUSER)) or super().stop(execution, caller)


@kills("jasperserver.permission.admin-cancel-seen-by-owner", "jasperserver.permission.superuser-cancel-seen-by-owner")
class OwnerNeverSeesTheCancel(Reference):
    """Reports executions that others cancelled as running to the owner."""

    def stop(self, execution: Execution, caller: Caller) -> bool:
        vars(execution).setdefault("by_others", caller.identity != execution.owner)
        return super().stop(execution, caller)

    def status_of(self, execution: Execution, caller: Caller) -> str:
        status = super().status_of(execution, caller)
        return "execution" if status == "cancelled" and vars(execution).get("by_others") else status
