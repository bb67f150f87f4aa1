"""Finding: with and without arguments, while a report runs and while no report needs to run."""

from __future__ import annotations

import uuid
from functools import partial

from pytest_reportconformance.jasperserver import common_steps, operations
from pytest_reportconformance.jasperserver.media import JSON, XML
from pytest_reportconformance.recording.steps import Steps
from pytest_reportconformance.register.versions import lies_in
from pytest_reportconformance.scenarios import scenario
from pytest_reportconformance.target.target import Target
from pytest_reportconformance.transcript.exchange import Request

OTHERS = ("other_user", "admin", "other_admin", "superuser", "anonymous")
NO_JOB = "2147483"


def runs_disturb(target: Target) -> bool:
    """Whether running reports break searches with arguments: before 7.5 such searches answer 500 beside any run."""
    return target.product == "JasperReports Server" and lies_in(target.version, "<7.5")


@scenario(needs=["slow"], priority=True)
def searched(step: Steps, target: Target) -> None:
    """A running report is searched for by its owner and by others, with and without arguments, all at once."""
    id = common_steps.run(step, "slow")
    common_steps.begin(step, id)
    step("all-json", operations.search(), establishes="jasperserver.search.running-listed")
    step("details", operations.details(id))
    others = [
        partial(step, f"all-{identity}{suffix}", operations.search(media), identity=identity)
        for identity in OTHERS
        for suffix, media in (("", JSON), ("-xml", XML))
    ]
    uri = target.report("slow")["uri"]
    others += [
        partial(step, f"by-uri-{identity}", operations.search(reportURI=uri), identity=identity)
        for identity in ("other_user", "admin", "anonymous")
    ]
    asked = _asked(target, uri)
    step.together(others + [partial(step, name, request) for name, request in asked.items()])
    step("still", operations.search(), establishes="jasperserver.search.running-listed")
    common_steps.still(step, id, "status")


def _asked(target: Target, uri: str) -> dict[str, Request]:
    """The searches of the owner of a running report of that URI."""
    other = target.reports.get("fast", {"uri": "/" + uuid.uuid4().hex})["uri"]
    arguments = {
        "by-uri": {"reportURI": uri},
        "by-longer-uri": {"reportURI": uri + "x"},
        "by-shorter-uri": {"reportURI": uri[:-1]},
        "by-same-name": {"reportURI": f"/{uuid.uuid4().hex}/{uri.rpartition('/')[2]}"},
        "by-folder": {"reportURI": uri.rpartition("/")[0] or "/"},
        "by-other-uri": {"reportURI": other},
        "by-unknown-job-id": {"jobID": NO_JOB},
        "by-unknown-job-label": {"jobLabel": uuid.uuid4().hex},
        "by-unknown-job-and-uri": {"jobID": NO_JOB, "reportURI": uri},
        "by-nothing": {"reportURI": "", "jobID": "", "jobLabel": "", "userName": ""},
    }
    return {
        **{name: operations.search(**given) for name, given in arguments.items()},
        "all-xml": operations.search(XML),
        "by-uri-xml": operations.search(XML, reportURI=uri),
    }


@scenario(exclusive=runs_disturb, read_only=True)
def searched_in_vain(step: Steps, target: Target) -> None:
    """Searches that need no running report: for a report that does not exist, and with fire times of every form."""
    nowhere = "/" + uuid.uuid4().hex
    step("nothing-json", operations.search(reportURI=nowhere))
    step("nothing-xml", operations.search(XML, reportURI=nowhere))
    for name in ("fireTimeFrom", "fireTimeTo"):
        for case, time in (("utc", "2001-02-03T04:05+0000"), ("offset", "2001-12-31T23:59-0330")):
            step(f"{name}-{case}", operations.search(**{name: time}))
        step(f"{name}-bad", operations.search(**{name: "yesterday"}))
        step(f"{name}-no-such-day", operations.search(**{name: "2001-02-03"}))
    both = {"fireTimeFrom": "2001-02-03T04:05+0000", "fireTimeTo": "2001-02-04T04:05+0000"}
    step("fireTimes", operations.search(**both))
    step("bad-job-id", operations.search(jobID="abc"))
