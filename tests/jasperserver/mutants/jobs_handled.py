"""Servers with faults in reading, cancelling and deleting executions that the scheduler started."""

from __future__ import annotations

from pytest_reportconformance.http.server import Answer
from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.jasperserver.reference.faults import denied, not_found
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.state import TERMINAL, Execution, Export
from tests.jasperserver.faults import ChangedDetails, Members
from tests.mutation.kill_matrix import kills


@kills("jasperserver.jobs.details")
class JobsHaveNoDetails(Reference):
    """Answers 404 to the details of a scheduled execution."""

    def read_details(self, caller: Caller, id: str) -> Answer:
        if self.execution(caller, id).job is not None:
            raise not_found(id)
        return super().read_details(caller, id)


@kills(
    "jasperserver.jobs.details",
    "jasperserver.details.same-request",
)
class DetailsOfAJobAreOfAnotherId(Reference):
    """Returns the number of the job as the request id of its execution."""

    def execution_members(self, execution: Execution, caller: Caller) -> dict[str, object]:
        members = super().execution_members(execution, caller)
        return {**members, "requestId": str(execution.job.id)} if execution.job else members


@kills("jasperserver.jobs.details-exports")
class DetailsOfAJobListNoExports(ChangedDetails):
    """Lists no exports of a scheduled execution once it is ready."""

    def change(self, members: Members, execution: Execution, caller: Caller) -> None:
        if execution.job is not None and members["status"] == "ready":
            members.pop("exports", None)


@kills("jasperserver.jobs.details-exports")
class OutputOfAJobIsRefused(Reference):
    """Answers 404 to a request for the output of a scheduled execution."""

    def read_output(self, caller: Caller, id: str, export_id: str) -> Answer:
        if self.execution(caller, id).job is not None:
            raise not_found(export_id)
        return super().read_output(caller, id, export_id)


@kills("jasperserver.output.content-type")
class OutputOfAJobIsMistyped(Reference):
    """Sends the output of a scheduled execution as plain text."""

    def read_output(self, caller: Caller, id: str, export_id: str) -> Answer:
        answer = super().read_output(caller, id, export_id)
        job = self.execution(caller, id).job
        return answer.replace("Content-Type", "text/plain") if job and answer.status == 200 else answer


@kills("jasperserver.run.report-uri")
class DetailsOfAJobShowAnotherReport(ChangedDetails):
    """Shows another report in the details of a scheduled execution that is ready."""

    def change(self, members: Members, execution: Execution, caller: Caller) -> None:
        if execution.job is not None and members["status"] == "ready":
            members["reportURI"] += "s"


@kills("jasperserver.status.agrees-with-details", "jasperserver.status.final-unchanged")
class DetailsOfAJobStayBehind(ChangedDetails):
    """Shows a scheduled execution that is ready as running in its details."""

    def change(self, members: Members, execution: Execution, caller: Caller) -> None:
        if execution.job is not None and members["status"] == "ready":
            members["status"] = "execution"


@kills("jasperserver.jobs.cancel")
class JobsAreNotCancelled(Reference):
    """Answers 403 to its owner's cancel of a scheduled execution."""

    def may_cancel(self, execution: Execution, caller: Caller) -> bool:
        return execution.job is None and super().may_cancel(execution, caller)


@kills("jasperserver.jobs.cancel")
class CancelOfAJobIsNotFound(Reference):
    """Answers 404 to a cancel of a scheduled execution."""

    def cancellable(self, caller: Caller, id: str) -> Execution:
        execution = super().cancellable(caller, id)
        if execution.job is not None:
            raise not_found(id)
        return execution


@kills("jasperserver.jobs.cancel-stops")
class JobsAreCancelledInNameOnly(Reference):
    """Answers 200 to a cancel of a scheduled execution and lets it finish."""

    def stop(self, execution: Execution, caller: Caller) -> bool:
        runs = execution.fill.status(self.clock()) not in TERMINAL
        return runs if execution.job else super().stop(execution, caller)


@kills("jasperserver.jobs.cancel-stops")
class CancelledJobYieldsOutput(Reference):
    """Delivers the output of a cancelled job."""

    def refuse_unready(self, execution: Execution, export: Export, caller: Caller) -> None:
        if execution.job is None:
            super().refuse_unready(execution, export, caller)


@kills("jasperserver.jobs.delete")
class JobsAreNotDeleted(Reference):
    """Answers 403 to its owner's delete of a scheduled execution."""

    def delete_execution(self, execution: Execution, caller: Caller) -> None:
        if execution.job is not None:
            raise denied()
        super().delete_execution(execution, caller)


@kills("jasperserver.jobs.delete-removes")
class JobsAreDeletedInNameOnly(Reference):
    """Answers 204 to a delete of a scheduled execution and keeps it."""

    def delete_execution(self, execution: Execution, caller: Caller) -> None:
        if execution.job is None:
            super().delete_execution(execution, caller)


@kills("jasperserver.jobs.other-user-cancel")
class EveryUserCancelsJobs(Reference):
    """Lets every user cancel a scheduled execution."""

    def may_cancel(self, execution: Execution, caller: Caller) -> bool:
        return execution.job is not None or super().may_cancel(execution, caller)


@kills("jasperserver.jobs.other-user-search")
class JobsAreFoundByTheirOwnerOnly(Reference):
    """Lists a scheduled execution only for its owner."""

    def may_see(self, execution: Execution, caller: Caller) -> bool:
        return super().may_see(execution, caller) and (execution.job is None or execution.owner == caller.identity)
