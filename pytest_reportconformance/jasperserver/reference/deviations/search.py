"""Deviations in search, jobs, sessions and input controls."""

from __future__ import annotations

from pytest_reportconformance.http.server import Answer
from pytest_reportconformance.jasperserver.reference.controls import CONTROLS
from pytest_reportconformance.jasperserver.reference.deviations.plays import plays
from pytest_reportconformance.jasperserver.reference.faults import GENERIC, Refusal, denied
from pytest_reportconformance.jasperserver.reference.identities import Caller, Identity
from pytest_reportconformance.jasperserver.reference.options import RunOptions, Values
from pytest_reportconformance.jasperserver.reference.reports import Plan
from pytest_reportconformance.jasperserver.reference.resources import Resource
from pytest_reportconformance.jasperserver.reference.server import Reference
from pytest_reportconformance.jasperserver.reference.state import TERMINAL, Execution

ARGUMENTS = ("reportURI", "jobID", "jobLabel", "userName", "fireTimeFrom", "fireTimeTo")
LISTS = ("city", "tags")


@plays("search-lists-running-only")
class ListsTheRunningOnly(Reference):
    """A search lists running executions only."""

    def searchable(self, execution: Execution, caller: Caller) -> bool:
        """What is finished is not."""
        running = execution.fill.status(self.clock()) not in TERMINAL
        return running and super().searchable(execution, caller)


@plays("search-lists-own-only")
class ShowsOwnExecutions(Reference):
    """A regular user sees own executions, an administrator those of the own organization."""

    def may_see(self, execution: Execution, caller: Caller) -> bool:
        """Whoever may cancel it."""
        return self.may_cancel(execution, caller)


@plays("search-with-arguments-fails")
class FailsOnArguments(Reference):
    """A search with arguments answers 500 while a report run over REST is in progress."""

    def candidates(self, caller: Caller) -> list[Execution]:
        """Look at all of them."""
        found = super().candidates(caller)
        running = [one for one in list(self.executions.values()) if one.fill.status(self.clock()) not in TERMINAL]
        if any(caller.call.argument(name) for name in ARGUMENTS) and any(one.job is None for one in running):
            raise Refusal(500, GENERIC)
        return found


@plays("search-by-bad-job-id-fails")
class FailsOnBadJobIds(Reference):
    """A jobID that is no number answers 500."""

    def candidates(self, caller: Caller) -> list[Execution]:
        """Read the number first."""
        id = caller.call.argument("jobID") or "0"
        if not id.lstrip("-").isdigit():
            raise Refusal(500, GENERIC)
        return super().candidates(caller)


class FindsRunsByUser(Reference):
    """No entry: userName finds a user's runs over REST too, about which the document is silent."""

    def matches_user_name(self, execution: Execution, name: str) -> bool:
        """The owner of any execution."""
        return not name or execution.owner.username == name.partition("|")[0]


@plays("executions-bound-to-session")
class BindsToSessions(Reference):
    """Executions live in the session that started them."""

    def owns(self, caller: Caller, execution: Execution) -> bool:
        """Of that session."""
        return super().owns(caller, execution) and execution.session == caller.session


@plays("job-execution-without-details", "job-execution-not-deleted")
class HidesJobExecutions(Reference):
    """An execution of the scheduler can be searched and cancelled, else it is not found."""

    def owns(self, caller: Caller, execution: Execution) -> bool:
        """Nobody has it."""
        return execution.job is None and super().owns(caller, execution)


@plays("unlisted-value-replaced")
class ReplacesUnlistedValues(Reference):
    """A value outside the list of a control is replaced by the default."""

    def plan(self, unit: Resource, values: Values) -> Plan:
        """Without such values."""
        rules = {name: rule for name, rule in CONTROLS.get(unit.design, {}).items() if name in LISTS}
        wrong = {name for name, rule in rules.items() if rule(values.get(name, []))}
        return super().plan(unit, {name: given for name, given in values.items() if name not in wrong})


@plays("empty-or-relative-report-uri")
class FailsOnRelativeUris(Reference):
    """An empty or relative report URI answers 403, since 8 500."""

    def run_options(self, caller: Caller) -> RunOptions:
        """What is empty is not missing."""
        if caller.call.body and self.members_of(caller, "reportExecutionRequest").get("reportUnitUri") == "":
            raise self.broken()
        return super().run_options(caller)

    def broken(self) -> Refusal:
        """The answer of this version."""
        return Refusal(500, GENERIC) if self.version.startswith("8") else denied()

    def report_unit(self, caller: Caller, uri: str) -> Resource:
        """Look at the beginning."""
        if not uri.removeprefix("repo:").startswith("/"):
            raise self.broken()
        return super().report_unit(caller, uri)


class CannotDeleteUsers(Reference):
    """No entry: on the 8.1.1 that was observed the removal of any user answered 500."""

    def delete_user(self, caller: Caller, name: str) -> Answer:
        """It stays."""
        raise Refusal(500, GENERIC)


class KeepsSessionsOfTheDeleted(Reference):
    """No entry: the session of a person whose account is removed goes on."""

    def still_known(self, identity: Identity) -> bool:
        """Always."""
        return True


class NeverQueues(Reference):
    """No entry: since 7.8 no report is seen queued."""

    queued_seconds = 0.0
