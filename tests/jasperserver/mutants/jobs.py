"""Servers with faults in searches for executions that the scheduler started."""

from __future__ import annotations

from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.state import TERMINAL, Execution
from tests.jasperserver.faults import asks_xml
from tests.mutation.kill_matrix import kills


@kills("jasperserver.jobs.listed")
class JobsAreNeverFound(Reference):
    """Omits scheduled executions from every search."""

    def may_see(self, execution: Execution, caller: Caller) -> bool:
        return execution.job is None


@kills("jasperserver.jobs.listed")
class JobsNeedAnArgument(Reference):
    """Lists running scheduled executions only if the search has an argument."""

    def may_see(self, execution: Execution, caller: Caller) -> bool:
        over = execution.fill.status(self.clock()) in TERMINAL
        return execution.job is None or over or bool(caller.call.query)


@kills("jasperserver.jobs.finished-listed")
class FinishedJobsAreNotFound(Reference):
    """Omits finished scheduled executions from searches."""

    def may_see(self, execution: Execution, caller: Caller) -> bool:
        return execution.job is None or execution.fill.status(self.clock()) not in TERMINAL


@kills("jasperserver.jobs.finished-listed")
class FinishedJobsLoseTheirNumber(Reference):
    """Does not find finished executions by jobID."""

    def matches_job_id(self, execution: Execution, id: str) -> bool:
        found = super().matches_job_id(execution, id)
        return found and (not id or execution.fill.status(self.clock()) not in TERMINAL)


@kills("jasperserver.jobs.unmatched-argument", "jasperserver.jobs.combined")
class JobIdIsIgnored(Reference):
    """Lists the executions of all jobs for every plausible jobID."""

    def matches_job_id(self, execution: Execution, id: str) -> bool:
        plausible = id.isdigit() and len(id) < 7
        return super().matches_job_id(execution, id) or (plausible and execution.job is not None)


@kills("jasperserver.jobs.unmatched-argument")
class JobIdMatchesAsAPrefix(Reference):
    """Matches the first digits of a jobID."""

    def matches_job_id(self, execution: Execution, id: str) -> bool:
        return not id or (execution.job is not None and str(execution.job.id).startswith(id))


@kills("jasperserver.jobs.unmatched-argument", "jasperserver.jobs.combined")
class JobIdMatchesAsASuffix(Reference):
    """Matches a jobID that ends with the right one."""

    def matches_job_id(self, execution: Execution, id: str) -> bool:
        return not id or (execution.job is not None and id.endswith(str(execution.job.id)))


@kills("jasperserver.jobs.by-id")
class JobIdFindsNothingInXml(Reference):
    """Finds nothing by jobID if XML is asked for."""

    def matches(self, execution: Execution, caller: Caller) -> bool:
        hidden = asks_xml(caller) and caller.call.argument("jobID")
        return super().matches(execution, caller) and not hidden


@kills("jasperserver.jobs.by-id")
class JobIdIsUnknown(Reference):
    """Finds nothing by jobID."""

    def matches_job_id(self, execution: Execution, id: str) -> bool:
        return not id


@kills("jasperserver.jobs.runs-left-out")
class JobIdFindsRunsOfTheReport(Reference):
    """Finds by jobID also REST runs of the job's report."""

    def matches_job_id(self, execution: Execution, id: str) -> bool:
        units = {one.unit_uri for one in list(self.executions.values()) if one.job and str(one.job.id) == id}
        return super().matches_job_id(execution, id) or (execution.job is None and execution.unit_uri in units)


@kills("jasperserver.jobs.runs-left-out")
class JobLabelFindsRunsOfItsOwner(Reference):
    """Finds by jobLabel also REST runs of the job's owner."""

    def matches_job_label(self, execution: Execution, label: str) -> bool:
        owners = {one.owner for one in list(self.executions.values()) if one.job and one.job.label == label}
        return super().matches_job_label(execution, label) or (execution.job is None and execution.owner in owners)


@kills("jasperserver.jobs.unmatched-argument", "jasperserver.jobs.combined")
class JobLabelIsIgnored(Reference):
    """Lists the executions of all jobs for every label of several words."""

    def matches_job_label(self, execution: Execution, label: str) -> bool:
        return super().matches_job_label(execution, label) or (" " in label and execution.job is not None)


@kills("jasperserver.jobs.unmatched-argument")
class JobLabelMatchesAsAPrefix(Reference):
    """Matches the beginning of a label."""

    def matches_job_label(self, execution: Execution, label: str) -> bool:
        return not label or (execution.job is not None and execution.job.label.startswith(label))


@kills("jasperserver.jobs.unmatched-argument")
class JobLabelMatchesLongerNames(Reference):
    """Matches a label that begins with the right one."""

    def matches_job_label(self, execution: Execution, label: str) -> bool:
        return not label or (execution.job is not None and label.startswith(execution.job.label))


@kills("jasperserver.jobs.by-label")
class JobLabelWithBlanksIsUnknown(Reference):
    """Finds nothing by a label that contains a blank."""

    def matches_job_label(self, execution: Execution, label: str) -> bool:
        return super().matches_job_label(execution, label) and " " not in label


@kills("jasperserver.jobs.unmatched-argument", "jasperserver.jobs.combined")
class UserNameIsIgnored(Reference):
    """Lists the executions of all jobs for every userName."""

    def matches_user_name(self, execution: Execution, name: str) -> bool:
        return not name or execution.job is not None


@kills("jasperserver.jobs.unmatched-argument")
class UserNameMatchesLongerNames(Reference):
    """Matches a userName that begins with the right one."""

    def matches_user_name(self, execution: Execution, name: str) -> bool:
        return not name or (execution.job is not None and name.startswith(execution.owner.username))


@kills("jasperserver.jobs.unmatched-argument")
class UserNameMatchesAsAPrefix(Reference):
    """Matches the first characters of a userName."""

    def matches_user_name(self, execution: Execution, name: str) -> bool:
        return not name or (execution.job is not None and execution.owner.username.startswith(name.partition("|")[0]))


@kills("jasperserver.jobs.by-user")
class UserNameIsUnknown(Reference):
    """Finds nothing by userName."""

    def matches_user_name(self, execution: Execution, name: str) -> bool:
        return not name


@kills("jasperserver.jobs.by-user")
class UserNameIsTheOrganization(Reference):
    """Matches the organization instead of the user name."""

    def matches_user_name(self, execution: Execution, name: str) -> bool:
        return not name or (execution.job is not None and name == execution.owner.organization.id)


@kills("jasperserver.jobs.by-report-uri")
class ReportUriFindsRunsOnly(Reference):
    """Finds only REST runs by reportURI."""

    def matches_report_uri(self, execution: Execution, uri: str, caller: Caller) -> bool:
        return not uri or (execution.job is None and super().matches_report_uri(execution, uri, caller))


@kills("jasperserver.jobs.combined")
class OneArgumentIsEnough(Reference):
    """Finds executions that match any of the arguments."""

    def matches(self, execution: Execution, caller: Caller) -> bool:
        given = caller.call.argument
        first, last = self.fire_range(caller)
        asked = [
            (given("reportURI"), self.matches_report_uri(execution, given("reportURI") or "", caller)),
            (given("jobID"), self.matches_job_id(execution, given("jobID") or "")),
            (given("jobLabel"), self.matches_job_label(execution, given("jobLabel") or "")),
            (given("userName"), self.matches_user_name(execution, given("userName") or "")),
            (first or last, self.matches_fire_time(execution, first, last)),
        ]
        return any(matches for argument, matches in asked if argument) or not any(argument for argument, _ in asked)


@kills("jasperserver.jobs.combined")
class ReportUriIsIgnoredBesideAJob(Reference):
    """Ignores reportURI if a job is also asked for."""

    def matches_report_uri(self, execution: Execution, uri: str, caller: Caller) -> bool:
        both = caller.call.argument("jobLabel") and uri
        return bool(both) or super().matches_report_uri(execution, uri, caller)


@kills("jasperserver.jobs.combined")
class FireTimesAreIgnoredBesideAReport(Reference):
    """Ignores fire times if a report is also asked for."""

    def matches(self, execution: Execution, caller: Caller) -> bool:
        uri = caller.call.argument("reportURI") or ""
        job = caller.call.argument("jobID") or caller.call.argument("jobLabel")
        if uri and not job and execution.job is not None:
            return self.matches_report_uri(execution, uri, caller)
        return super().matches(execution, caller)
