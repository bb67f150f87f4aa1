"""Finding: with and without arguments, while a report runs and while nothing has to be found."""

from __future__ import annotations

import uuid

from pytest_reportconformance.jasperserver import flows, operations
from pytest_reportconformance.recording import Steps, scenario
from pytest_reportconformance.target import Target
from pytest_reportconformance.versions import lies_in

OTHERS = ("stranger", "admin", "other_admin", "superuser", "nobody")
NO_JOB = "2147483"


def runs_disturb(target: Target) -> bool:
    """Whether running reports spoil searches with arguments there: before 7.5 they answered 500 beside any run."""
    return target.product == "JasperReports Server" and lies_in(target.version, "<7.5")


@scenario(needs=["slow"])
def searched(step: Steps, target: Target) -> None:
    """A running report is searched for by its owner and by others, with and without arguments."""
    id = flows.run(step, "slow")
    flows.begin(step, id)
    step("all-json", operations.search(), establishes="jasperserver.search.running-listed")
    step("all-xml", operations.search(operations.XML), establishes="jasperserver.search.xml")
    step("details", operations.details(id))
    for person in OTHERS:
        step(f"all-{person}", operations.search(), person=person)
    uri = target.report("slow")["uri"]
    _with_arguments(step, uri)
    step("still", operations.search(), establishes="jasperserver.search.running-listed")
    flows.still(step, id, "status")


def _with_arguments(step: Steps, uri: str) -> None:
    step("by-uri", operations.search(reportURI=uri), establishes="jasperserver.search.by-report-uri")
    step("by-uri-xml", operations.search(operations.XML, reportURI=uri))
    step("by-longer-uri", operations.search(reportURI=uri + "x"))
    step("by-shorter-uri", operations.search(reportURI=uri[:-1]))
    step("by-folder", operations.search(reportURI=uri.rpartition("/")[0] or "/"))
    other = step.target.reports.get("fast", {"uri": "/" + uuid.uuid4().hex})["uri"]
    step("by-other-uri", operations.search(reportURI=other))
    step("by-unknown-job-id", operations.search(jobID=NO_JOB))
    step("by-unknown-job-label", operations.search(jobLabel=uuid.uuid4().hex))
    step("by-unknown-job-and-uri", operations.search(jobID=NO_JOB, reportURI=uri))
    step("by-nothing", operations.search(reportURI="", jobID="", jobLabel="", userName=""))


@scenario(alone=runs_disturb, harmless=True)
def searched_in_vain(step: Steps, target: Target) -> None:
    """Searches that need no running report: one for a report that does not exist, and fire times right and wrong."""
    nowhere = "/" + uuid.uuid4().hex
    step("nothing-json", operations.search(reportURI=nowhere))
    step("nothing-xml", operations.search(operations.XML, reportURI=nowhere))
    for name in ("fireTimeFrom", "fireTimeTo"):
        for case, time in (("utc", "2001-02-03T04:05+0000"), ("offset", "2001-12-31T23:59-0330")):
            step(f"{name}-{case}", operations.search(**{name: time}))
        step(f"{name}-bad", operations.search(**{name: "yesterday"}))
        step(f"{name}-no-such-day", operations.search(**{name: "2001-02-03"}))
    both = {"fireTimeFrom": "2001-02-03T04:05+0000", "fireTimeTo": "2001-02-04T04:05+0000"}
    step("fireTimes", operations.search(**both))
    step("bad-job-id", operations.search(jobID="abc"))
