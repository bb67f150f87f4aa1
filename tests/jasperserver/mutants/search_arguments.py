"""Servers with faults in the arguments of searches."""

from __future__ import annotations

from datetime import datetime

from pytest_reportconformance.http.server import Answer
from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.jasperserver.reference.faults import Fault, Refusal, illegal, not_found
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.search import fire_time
from pytest_reportconformance.jasperserver.reference.state import Execution
from tests.jasperserver.faults import asks_xml
from tests.mutation.kill_matrix import kills

TIMES = ("fireTimeFrom", "fireTimeTo")


@kills(
    "jasperserver.search.other-report-uri",
    "jasperserver.search.nothing-found",
    "jasperserver.jobs.unmatched-argument",
    "jasperserver.jobs.combined",
)
class ReportUriIsIgnored(Reference):
    """Lists every execution whatever reportURI is searched for."""

    def matches_report_uri(self, execution: Execution, uri: str, caller: Caller) -> bool:
        return True


@kills("jasperserver.search.other-report-uri", "jasperserver.jobs.unmatched-argument")
class ReportUriMatchesAsAPrefix(Reference):
    """Lists reports whose path begins with the reportURI."""

    def matches_report_uri(self, execution: Execution, uri: str, caller: Caller) -> bool:
        return not uri or execution.unit_uri.startswith(self.absolute(caller.identity.organization, uri))


@kills("jasperserver.search.other-report-uri")
class ReportUriMatchesByName(Reference):
    """Lists reports of the same name in any folder."""

    def matches_report_uri(self, execution: Execution, uri: str, caller: Caller) -> bool:
        return not uri or uri.rpartition("/")[2] == execution.unit_uri.rpartition("/")[2]


@kills("jasperserver.search.other-report-uri")
class ReportUriMatchesLongerPaths(Reference):
    """Lists reports whose path is the beginning of the reportURI."""

    def matches_report_uri(self, execution: Execution, uri: str, caller: Caller) -> bool:
        return not uri or self.absolute(caller.identity.organization, uri).startswith(execution.unit_uri)


@kills("jasperserver.search.by-report-uri")
class ReportUriFindsJobsOnly(Reference):
    """Finds only scheduled executions by reportURI."""

    def matches_report_uri(self, execution: Execution, uri: str, caller: Caller) -> bool:
        return not uri or (execution.job is not None and super().matches_report_uri(execution, uri, caller))


@kills("jasperserver.search.by-report-uri", "jasperserver.search.report-uri-relative")
class ReportUriIsUnknownInXml(Reference):
    """Finds nothing by reportURI if XML is asked for."""

    def matches_report_uri(self, execution: Execution, uri: str, caller: Caller) -> bool:
        return super().matches_report_uri(execution, uri, caller) and not (uri and asks_xml(caller))


@kills("jasperserver.search.unknown-job", "jasperserver.jobs.runs-left-out")
class JobIdIsIgnoredForRuns(Reference):
    """Lists REST runs whatever jobID is searched for."""

    def matches_job_id(self, execution: Execution, id: str) -> bool:
        return (execution.job is None and id.isdigit()) or super().matches_job_id(execution, id)


@kills("jasperserver.search.unknown-job", "jasperserver.jobs.runs-left-out")
class JobLabelIsIgnoredForRuns(Reference):
    """Lists REST runs whatever jobLabel is searched for."""

    def matches_job_label(self, execution: Execution, label: str) -> bool:
        return execution.job is None or super().matches_job_label(execution, label)


@kills("jasperserver.search.unknown-job")
class UnknownJobIsNotFound(Reference):
    """Answers 404 to a search by a job that does not exist."""

    def nothing_found(self, caller: Caller) -> Answer:
        id = caller.call.argument("jobID") or ""
        if id.isdigit() and int(id) > 100_000:
            raise not_found(id)
        return super().nothing_found(caller)


@kills("jasperserver.search.empty-argument")
class EmptyArgumentsMatchNothing(Reference):
    """Treats an empty jobLabel as a label to match."""

    def matches(self, execution: Execution, caller: Caller) -> bool:
        return super().matches(execution, caller) and caller.call.argument("jobLabel") != ""


@kills("jasperserver.search.fire-time-pattern")
class LateHoursAreRefused(Reference):
    """Answers 400 to an hour of 23."""

    def fire_range(self, caller: Caller) -> tuple[datetime | None, datetime | None]:
        for name in TIMES:
            if "T23:59" in (caller.call.argument(name) or ""):
                raise illegal(name, str(caller.call.argument(name)))
        return super().fire_range(caller)


@kills("jasperserver.search.fire-time-pattern", "jasperserver.jobs.by-fire-time-to", "jasperserver.jobs.combined")
class RangeNeedsItsBeginning(Reference):
    """Answers 400 to the end of a range without its beginning."""

    def fire_range(self, caller: Caller) -> tuple[datetime | None, datetime | None]:
        first, last = super().fire_range(caller)
        if last and not first:
            raise illegal("fireTimeFrom", "")
        return first, last


class _BadTime(Reference):
    """Changes the handling of malformed fire times."""

    def fire_range(self, caller: Caller) -> tuple[datetime | None, datetime | None]:
        try:
            return super().fire_range(caller)
        except Refusal as refusal:
            return self.other(caller, refusal)

    def other(self, caller: Caller, refusal: Refusal) -> tuple[datetime | None, datetime | None]:
        raise refusal


@kills("jasperserver.search.bad-fire-time")
class BadTimesAreIgnored(_BadTime):
    """Ignores a malformed fire time."""

    def other(self, caller: Caller, refusal: Refusal) -> tuple[datetime | None, datetime | None]:
        return None, None


@kills("jasperserver.search.bad-fire-time")
class BadEndIsAnError(_BadTime):
    """Answers 500 to a malformed end of the range."""

    def other(self, caller: Caller, refusal: Refusal) -> tuple[datetime | None, datetime | None]:
        raise Refusal(500) if "fireTimeTo" in caller.call.query else refusal


@kills("jasperserver.search.bad-fire-time")
class DaysAreTimes(_BadTime):
    """Accepts a day without an hour as a fire time."""

    def other(self, caller: Caller, refusal: Refusal) -> tuple[datetime | None, datetime | None]:
        texts = [caller.call.argument(name) for name in TIMES]
        if all(text is None or len(text) == 10 for text in texts):
            first, last = (fire_time("", text + "T00:00+0000") if text else None for text in texts)
            return first, last
        raise refusal


@kills("jasperserver.search.bad-fire-time-code")
class BadTimesHaveAnotherCode(_BadTime):
    """Returns another code for a malformed fire time."""

    def other(self, caller: Caller, refusal: Refusal) -> tuple[datetime | None, datetime | None]:
        assert refusal.fault
        raise Refusal(400, Fault("generic.error.message", refusal.fault.message, refusal.fault.parameters))


@kills("jasperserver.search.bad-fire-time-name")
class BadTimesAreUnnamed(_BadTime):
    """Names fireTimeFrom in the error about any malformed fire time."""

    def other(self, caller: Caller, refusal: Refusal) -> tuple[datetime | None, datetime | None]:
        assert refusal.fault
        parameters = ("fireTimeFrom", *refusal.fault.parameters[1:])
        raise Refusal(400, Fault(refusal.fault.code, refusal.fault.message, parameters))


@kills("jasperserver.search.bad-job-id")
class BadJobIdIsAnError(Reference):
    """Answers 500 to a jobID that is not a number."""

    def search(self, caller: Caller) -> Answer:
        if not (caller.call.argument("jobID") or "0").isdigit():
            raise Refusal(500)
        return super().search(caller)
