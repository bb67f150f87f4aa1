"""Deviations in search, jobs, sessions and input controls."""

from __future__ import annotations

from collections import Counter
from typing import Any

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
        """Skip finished executions."""
        running = execution.fill.status(self.clock()) not in TERMINAL
        return running and super().searchable(execution, caller)


@plays("run-learned-of-late")
class LearnsLate(Reference):
    """The engine does not know a run yet when it is accepted: no search lists it, and a cancel has no effect.

    On the real server this takes some time: `unknown_seconds`, if that is given. Without, a run is known as soon as the
    session that started it has searched twice, so that outcomes do not depend on time.
    """

    unknown_seconds: float | None = None

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._searches: Counter[str] = Counter()

    def is_known(self, execution: Execution) -> bool:
        """Whether the engine knows an execution."""
        if execution.job is not None or execution.fill.status(self.clock()) in TERMINAL:
            return True
        if self.unknown_seconds is not None:
            return self.clock() - execution.fill.begins >= self.unknown_seconds
        return self._searches[execution.id] > 1

    def searchable(self, execution: Execution, caller: Caller) -> bool:
        """Only known ones."""
        if caller.session == execution.session:
            self._searches[execution.id] += 1
        return self.is_known(execution) and super().searchable(execution, caller)

    def stop(self, execution: Execution, caller: Caller) -> bool:
        """Only known ones."""
        return self.is_known(execution) and super().stop(execution, caller)


@plays("running-shown-as-queued")
class ShowsTheRunningAsQueued(LearnsLate):
    """A poll before the engine knows a run turns its status to queued until the report is ready."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._polled_early: set[str] = set()

    def read_status(self, caller: Caller, id: str) -> Answer:
        """Remember early polls."""
        execution = self.executions.get(id)
        if execution is not None and not self.is_known(execution):
            self._polled_early.add(id)
        return super().read_status(caller, id)

    def status_of(self, execution: Execution, caller: Caller) -> str:
        """Queued in place of execution."""
        status = super().status_of(execution, caller)
        return "queued" if status == "execution" and execution.id in self._polled_early else status


@plays("search-lists-own-only")
class ShowsOwnExecutions(Reference):
    """A regular user sees own executions only, an administrator those of the own organization."""

    def may_see(self, execution: Execution, caller: Caller) -> bool:
        """The executions that the caller may cancel."""
        return self.may_cancel(execution, caller)


@plays("search-with-arguments-fails")
class FailsOnArguments(Reference):
    """A search with arguments answers 500 while a report run over REST is in progress."""

    def candidates(self, caller: Caller) -> list[Execution]:
        """500 if a run over REST is in progress."""
        found = super().candidates(caller)
        running = [one for one in list(self.executions.values()) if one.fill.status(self.clock()) not in TERMINAL]
        if any(caller.call.argument(name) for name in ARGUMENTS) and any(one.job is None for one in running):
            raise Refusal(500, GENERIC)
        return found


@plays("search-by-bad-job-id-fails")
class FailsOnBadJobIds(Reference):
    """A jobID that is not a number answers 500."""

    def candidates(self, caller: Caller) -> list[Execution]:
        """500 if it is not a number."""
        id = caller.call.argument("jobID") or "0"
        if not id.lstrip("-").isdigit():
            raise Refusal(500, GENERIC)
        return super().candidates(caller)


class FindsRunsByUser(Reference):
    """Not registered: userName finds a user's runs over REST too."""

    def matches_user_name(self, execution: Execution, name: str) -> bool:
        """Compare with the owner of any execution."""
        return not name or execution.owner.username == name.partition("|")[0]


@plays("executions-bound-to-session")
class BindsToSessions(Reference):
    """Executions live in the session that started them."""

    def owns(self, caller: Caller, execution: Execution) -> bool:
        """Only in the session that started it."""
        return super().owns(caller, execution) and execution.session == caller.session


@plays("job-execution-without-details", "job-execution-not-deleted")
class HidesJobExecutions(Reference):
    """An execution of the scheduler is found by search and cancel only."""

    def owns(self, caller: Caller, execution: Execution) -> bool:
        """Executions of the scheduler belong to no caller."""
        return execution.job is None and super().owns(caller, execution)


@plays("unlisted-value-replaced")
class ReplacesUnlistedValues(Reference):
    """A value outside the list of a control is replaced by the default."""

    def plan(self, unit: Resource, values: Values) -> Plan:
        """Drop unlisted values."""
        rules = {name: rule for name, rule in CONTROLS.get(unit.design, {}).items() if name in LISTS}
        wrong = {name for name, rule in rules.items() if rule(values.get(name, []))}
        return super().plan(unit, {name: given for name, given in values.items() if name not in wrong})


@plays("empty-or-relative-report-uri")
class FailsOnRelativeUris(Reference):
    """An empty or relative report URI answers 403, since 8 500."""

    def run_options(self, caller: Caller) -> RunOptions:
        """Refuse an empty URI."""
        if caller.call.body and self.members_of(caller, "reportExecutionRequest").get("reportUnitUri") == "":
            raise self.broken()
        return super().run_options(caller)

    def broken(self) -> Refusal:
        """The answer of this version."""
        return Refusal(500, GENERIC) if self.version.startswith("8") else denied()

    def report_unit(self, caller: Caller, uri: str) -> Resource:
        """Refuse a relative URI."""
        if not uri.removeprefix("repo:").startswith("/"):
            raise self.broken()
        return super().report_unit(caller, uri)


class ReadsUrisWithSlash(Reference):
    """Not registered: a slash at the end of a report URI is ignored."""

    def report_unit(self, caller: Caller, uri: str) -> Resource:
        """Remove it."""
        return super().report_unit(caller, uri.rstrip("/") or uri)


class CannotDeleteUsers(Reference):
    """Not registered: on the observed 8.1.1 the removal of any user answers 500."""

    def delete_user(self, caller: Caller, name: str) -> Answer:
        """Always 500."""
        raise Refusal(500, GENERIC)


class KeepsSessionsOfTheDeleted(Reference):
    """Not registered: the session of a removed account stays valid."""

    def still_known(self, identity: Identity) -> bool:
        """Always True."""
        return True


class NeverQueues(Reference):
    """Not registered: since 7.8 no report is seen queued."""

    queued_seconds = 0.0
