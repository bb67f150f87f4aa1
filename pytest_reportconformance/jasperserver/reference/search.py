"""Finding running reports and jobs: `GET …/reportExecutions`."""

from __future__ import annotations

from datetime import UTC, datetime

from pytest_reportconformance.http.server import Answer
from pytest_reportconformance.jasperserver.reference.core import Core
from pytest_reportconformance.jasperserver.reference.faults import illegal
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.state import Execution


def fire_time(name: str, text: str) -> datetime:
    """A time as yyyy-MM-dd'T'HH:mmZ, Z being an offset such as +0000, or GMT or UTC; 400 if it is none."""
    for zone in ("GMT", "UTC"):
        text = text.removesuffix(zone) + "+0000" if text.endswith(zone) else text
    try:
        if text[-3:-2] == ":" or text.endswith("Z"):
            raise ValueError(text)
        return datetime.strptime(text, "%Y-%m-%dT%H:%M%z").astimezone(UTC)
    except ValueError:
        raise illegal(name, text) from None


class Search(Core):
    """Lists executions that run, and those that finished and can still be read."""

    def search(self, caller: Caller) -> Answer:
        """A summary of each execution that matches every argument; 204 if none does."""
        media = self.negotiate("reportExecutions", caller)
        found = [execution for execution in self.candidates(caller) if self.matches(execution, caller)]
        if not found:
            return self.nothing_found(caller)
        members = {"reportExecution": [self.summary_members(execution, caller) for execution in found]}
        return self.represent("reportExecutions", members, media)

    def nothing_found(self, caller: Caller) -> Answer:
        """The answer to a search without a result."""
        return Answer(204)

    def candidates(self, caller: Caller) -> list[Execution]:
        """The executions that the caller may see and a search covers."""
        self.fire_range(caller)
        with self.lock:
            known = list(self.executions.values())
        return [one for one in known if self.searchable(one, caller) and self.may_see(one, caller)]

    def searchable(self, execution: Execution, caller: Caller) -> bool:
        """Whether a search covers an execution: not if it was cancelled."""
        return self.status_of(execution, caller) != "cancelled"

    def may_see(self, execution: Execution, caller: Caller) -> bool:
        """Whether the caller sees an execution in a search: every user sees every execution."""
        return True

    def matches(self, execution: Execution, caller: Caller) -> bool:
        """Whether an execution matches all arguments given."""
        return (
            self.matches_report_uri(execution, caller.call.argument("reportURI") or "", caller)
            and self.matches_job_id(execution, caller.call.argument("jobID") or "")
            and self.matches_job_label(execution, caller.call.argument("jobLabel") or "")
            and self.matches_user_name(execution, caller.call.argument("userName") or "")
            and self.matches_fire_time(execution, *self.fire_range(caller))
        )

    def matches_report_uri(self, execution: Execution, uri: str, caller: Caller) -> bool:
        """Whether the report has this path, as the caller writes it."""
        return not uri or self.absolute(caller.identity.organization, uri) == execution.unit_uri

    def matches_job_id(self, execution: Execution, id: str) -> bool:
        """Whether the job of this id started it."""
        return not id or (execution.job is not None and str(execution.job.id) == id)

    def matches_job_label(self, execution: Execution, label: str) -> bool:
        """Whether a job of this name started it."""
        return not label or (execution.job is not None and execution.job.label == label)

    def matches_user_name(self, execution: Execution, name: str) -> bool:
        """Whether a job of this user started it; `user` or `user|organization`."""
        owner = execution.owner
        return not name or (
            execution.job is not None and name in (owner.username, f"{owner.username}|{owner.organization.id}")
        )

    def fire_range(self, caller: Caller) -> tuple[datetime | None, datetime | None]:
        """The requested range of fire times."""
        texts = {name: caller.call.argument(name) for name in ("fireTimeFrom", "fireTimeTo")}
        first, last = (fire_time(name, text) if text else None for name, text in texts.items())
        return first, last

    def matches_fire_time(self, execution: Execution, first: datetime | None, last: datetime | None) -> bool:
        """Whether a job started it within the range, both ends included, to the minute."""
        if first is None and last is None:
            return True
        if execution.job is None:
            return False
        fired = execution.job.fired.replace(second=0, microsecond=0)
        return (first is None or first <= fired) and (last is None or fired <= last)

    def summary_members(self, execution: Execution, caller: Caller) -> dict[str, str]:
        """A summary: path as the caller writes it, and id."""
        return {
            "reportURI": self.relative(caller.identity.organization, execution.unit_uri),
            "requestId": execution.id,
        }
