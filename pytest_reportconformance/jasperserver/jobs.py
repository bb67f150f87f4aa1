"""The operations of the scheduler, `rest_v2/jobs`, as requests.

Rule: nothing is sent here. The scheduler is not judged: it only starts the executions that searches find.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from pytest_reportconformance.jasperserver.media import JSON
from pytest_reportconformance.transcript.exchange import Exchange, Request
from pytest_reportconformance.transcript.failures import Missing

BASE = "/rest_v2/jobs"
JOB_JSON = "application/job+json"


def create(
    uri: str, label: str, folder: str, *, save: bool = False, parameters: Mapping[str, list[str]] | None = None
) -> Request:
    """Create a job that runs a report once, immediately, as PDF; if `save` is set, its output is stored in `folder`.

    `resume` it afterwards: a product may otherwise delay it by half a minute.
    """
    source: dict[str, object] = {"reportUnitURI": uri}
    if parameters:
        source["parameters"] = {"parameterValues": dict(parameters)}
    members = {
        "label": label,
        "description": "",
        "trigger": {"simpleTrigger": {"timezone": "UTC", "startType": 1, "occurrenceCount": 1}},
        "source": source,
        "baseOutputFilename": label.replace(" ", "-"),
        "outputTimeZone": "UTC",
        "repositoryDestination": {
            "folderURI": folder,
            "saveToRepository": save,
            "sequentialFilenames": False,
            "overwriteFiles": True,
        },
        "outputFormats": {"outputFormat": ["PDF"]},
    }
    headers = (("Content-Type", JOB_JSON), ("Accept", JOB_JSON))
    return Request("PUT", BASE, headers, json.dumps(members).encode(), creates="job")


def resume(id: str) -> Request:
    """Resume a job."""
    body = json.dumps({"jobId": [int(id) if id.isdigit() else id]}).encode()
    return Request("POST", f"{BASE}/resume", (("Content-Type", JSON), ("Accept", JSON)), body)


def state(id: str) -> Request:
    """Request the state of a job; a job that has run no longer exists."""
    return Request("GET", f"{BASE}/{id}/state", (("Accept", JSON),))


def look(id: str) -> Request:
    """Read a job; one that has run, or is removed, no longer exists."""
    return Request("GET", f"{BASE}/{id}", (("Accept", JOB_JSON),))


def of_report(uri: str) -> Request:
    """List the jobs of a report."""
    return Request("GET", f"{BASE}?reportUnitURI={quote(uri, safe='/')}", (("Accept", JSON),))


def delete(id: str) -> Request:
    """Remove a job; the execution that it started continues."""
    return Request("DELETE", f"{BASE}/{id}", (("Accept", JSON),), removes=id)


def report_of(created: Exchange) -> str | None:
    """The path of the report that a job was created for; None if the request cannot be read."""
    try:
        found = json.loads(created.request.body or b"")["source"]["reportUnitURI"]
    except (ValueError, KeyError, TypeError):
        return None
    return found.removeprefix("repo:").rstrip("/") if isinstance(found, str) else None


def job_id(exchange: Exchange) -> str | None:
    """The id of the job that was created, None if none was."""
    try:
        found = exchange.json().get("id") if isinstance(exchange.json(), dict) else None
    except Missing:
        return None
    return str(found) if isinstance(found, int | str) and str(found) else None


def executing(exchange: Exchange) -> bool:
    """Whether the state of a job shows that it runs."""
    return exchange.succeeded and _member(exchange, "value") == "EXECUTING"


def fire_time(state: Exchange) -> datetime | None:
    """When a job was triggered, to the minute, by the clock of the server; None if its state does not show it."""
    try:
        fired = datetime.fromisoformat(_member(state, "previousFireTime"))
    except ValueError:
        return None
    return fired.astimezone(UTC).replace(second=0, microsecond=0) if fired.tzinfo else None


def argument(moment: datetime, hours: int = 0) -> str:
    """A fire time as a search takes it, `yyyy-MM-dd'T'HH:mmZ`, in the time zone `hours` east of UTC."""
    zone = timedelta(hours=hours)
    sign = "-" if hours < 0 else "+"
    return (moment.astimezone(UTC) + zone).strftime("%Y-%m-%dT%H:%M") + f"{sign}{abs(hours):02}00"


def _member(exchange: Exchange, name: str) -> str:
    try:
        members = exchange.json()
    except Missing:
        return ""
    found = members.get(name) if isinstance(members, dict) else None
    return found if isinstance(found, str) else ""
