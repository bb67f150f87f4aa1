"""Servers that treat executions of a child organization as those of another one, or of the same one by mistake."""

from __future__ import annotations

from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.jasperserver.reference.identities import CHILD, FIRST, Caller
from pytest_reportconformance.jasperserver.reference.state import Execution
from tests.jasperserver.faults import ADMIN, OTHER_ADMIN, asks_xml, is_by
from tests.mutation.kill_matrix import kills


@kills("jasperserver.permission.admin-cancel-child-organization")
class AdminsDoNotCancelInChildOrganizations(Reference):
    """Lets an admin cancel reports of the same organization only."""

    def may_cancel(self, execution: Execution, caller: Caller) -> bool:
        below = is_by(caller, ADMIN) and execution.owner.organization != caller.identity.organization
        return not below and super().may_cancel(execution, caller)


@kills("jasperserver.permission.admin-cancel-child-organization-stops")
class AdminsCancelInNameOnlyInChildOrganizations(Reference):
    """Answers 200 to a cancel of a child organization's report, and lets the report finish."""

    def stop(self, execution: Execution, caller: Caller) -> bool:
        below = is_by(caller, ADMIN) and execution.owner.organization == CHILD
        return below or super().stop(execution, caller)


@kills("jasperserver.permission.other-admin-cancel-child-organization")
class OtherAdminsCancelInChildOrganizations(Reference):
    """Lets the admin of another organization cancel reports of a child organization."""

    def may_cancel(self, execution: Execution, caller: Caller) -> bool:
        below = is_by(caller, OTHER_ADMIN) and execution.owner.organization == CHILD
        return below or super().may_cancel(execution, caller)


@kills("jasperserver.search.report-uri-relative")
class UrisBeginAtTheParentOrganization(Reference):
    """Resolves the reportURI of a search by a user of a child organization in the parent organization."""

    def matches_report_uri(self, execution: Execution, uri: str, caller: Caller) -> bool:
        if uri and caller.identity.organization == CHILD:
            return self.absolute(FIRST, uri) == execution.unit_uri
        return super().matches_report_uri(execution, uri, caller)


@kills("jasperserver.search.report-uri-relative")
class UrisInChildOrganizationsAreAbsoluteInXml(Reference):
    """Takes the reportURI of a search in XML by a user of a child organization as an absolute path."""

    def matches_report_uri(self, execution: Execution, uri: str, caller: Caller) -> bool:
        if uri and caller.identity.organization == CHILD and asks_xml(caller):
            return uri == execution.unit_uri
        return super().matches_report_uri(execution, uri, caller)
