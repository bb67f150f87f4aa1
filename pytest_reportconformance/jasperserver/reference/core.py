"""What all operations of the reference server share: its state, ownership, statuses and waiting.

A mutant overrides one method of the finished server, so each method makes one decision.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Collection

from pytest_reportconformance.jasperserver.reference.answers import Answers
from pytest_reportconformance.jasperserver.reference.faults import Fault, not_found
from pytest_reportconformance.jasperserver.reference.identities import Account, Caller, Organization
from pytest_reportconformance.jasperserver.reference.reports import Duration
from pytest_reportconformance.jasperserver.reference.resources import Repository
from pytest_reportconformance.jasperserver.reference.state import TERMINAL, Execution, Export, Fill


class Core(Answers):
    """State and shared decisions; times are seconds of `clock()`."""

    def __init__(self, identities: dict[str, Account], pace: Duration, *, bind_sessions: bool = False) -> None:
        super().__init__(identities)
        self.pace = pace
        self.bind_sessions = bind_sessions
        self.repository = Repository()
        self.executions: dict[str, Execution] = {}
        self.executions_started = 0
        self.snapshots: dict[str, Fill] = {}
        self.lock = threading.RLock()

    def clock(self) -> float:
        """The server's time, in seconds."""
        return time.monotonic()

    def new_id(self) -> str:
        """An id for an execution."""
        return str(uuid.uuid4())

    def new_export_id(self, taken: Collection[str]) -> str:
        """An id for an export of an execution whose other exports have the ids `taken`."""
        return str(uuid.uuid4())

    def owns(self, caller: Caller, execution: Execution) -> bool:
        """Whether the caller may read, change and delete an execution."""
        mine = execution.owner == caller.identity
        return mine and (not self.bind_sessions or execution.session == caller.session)

    def execution(self, caller: Caller, id: str) -> Execution:
        """The caller's execution of this id; 404 if there is none."""
        execution = self.executions.get(id)
        if execution is None or not self.owns(caller, execution):
            raise not_found(id)
        return execution

    def export(self, caller: Caller, id: str, export_id: str) -> tuple[Execution, Export]:
        """The caller's execution and its export; 404 if either is unknown."""
        execution = self.execution(caller, id)
        export = execution.exports.get(export_id)
        if export is None:
            raise not_found(export_id)
        return execution, export

    def absolute(self, organization: Organization, uri: str) -> str:
        """The absolute path of what a user of the organization writes as `uri`."""
        path = uri.removeprefix("repo:")
        return organization.root + ("" if path == "/" else path)

    def relative(self, organization: Organization, uri: str) -> str:
        """An absolute path as a user of the organization writes it; paths of other organizations stay absolute."""
        root = organization.root
        return uri.removeprefix(root) if uri.startswith(root + "/") else uri

    def fill_of(self, execution: Execution, export: Export) -> Fill:
        """The filling whose pages an export shows: the latest of its execution."""
        return execution.fill

    def status_of(self, execution: Execution, caller: Caller) -> str:
        """The status of an execution that answers show."""
        return execution.fill.status(self.clock())

    def status_of_export(self, execution: Execution, export: Export, caller: Caller) -> str:
        """The status of an export that answers show."""
        return self.export_state(execution, export, self.clock())

    def fault_of(self, execution: Execution, caller: Caller) -> Fault | None:
        """Why an execution failed; None if it did not."""
        return execution.fill.plan.fault if execution.fill.status(self.clock()) == "failed" else None

    def fault_of_export(self, execution: Execution, export: Export, caller: Caller) -> Fault | None:
        """Why an export failed or was cancelled; None if neither happened."""
        return export.fault(self.fill_of(execution, export), self.clock())

    def export_state(self, execution: Execution, export: Export, now: float) -> str:
        """The true status of an export, whatever answers show."""
        return export.status(self.fill_of(execution, export), now)

    def wait_for_report(self, execution: Execution) -> None:
        """Wait until the work is over, was cancelled, or the execution is gone."""
        with execution.changed:
            while not execution.deleted and execution.fill.status(now := self.clock()) not in TERMINAL:
                execution.changed.wait(max(0.001, execution.fill.ends - now))

    def wait_for_export(self, execution: Execution, export: Export) -> None:
        """Wait until an export is finished, successfully or not."""
        with execution.changed:
            while not execution.deleted and self.export_state(execution, export, now := self.clock()) not in TERMINAL:
                fill = self.fill_of(execution, export)
                ahead = [moment - now for moment in (export.due(fill), fill.ends)]
                execution.changed.wait(max(0.001, min((wait for wait in ahead if wait > 0), default=0)))
