"""The arguments of searches for the execution of a job: matching ones, others, and both combined.

Rule: nothing is sent here.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from pytest_reportconformance.jasperserver.jobs import argument

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
IN_XML = (
    *("id", "other-id", "label", "other-label", "from", "from-later", "to", "to-earlier"),
    *("uri", "other-uri", "range", "range-later", "other-user"),
)
"""The searches that are sent once more in XML."""


@dataclass(frozen=True)
class Job:
    """A job of the scheduler; `users` are the spellings of its creator, by the server and by target.toml."""

    id: str
    identity: str
    users: tuple[str, ...]
    label: str
    uri: str
    since: datetime


def searches(job: Job, fired: datetime, other_uri: str, other_user: str) -> dict[str, dict[str, str]]:
    """The arguments of each search by its name; the name of a matching search is that of its argument."""
    before, after = fired - HOUR, fired + HOUR
    right = {"jobID": job.id, "jobLabel": job.label, "reportURI": job.uri}
    wrong = {
        "jobID": "1" + job.id,
        "jobLabel": "another " + uuid.uuid4().hex,
        "userName": other_user,
        "reportURI": other_uri,
    }
    return {
        "id": {"jobID": job.id},
        "label": {"jobLabel": job.label},
        "uri": {"reportURI": job.uri},
        **{f"user-{number}": {"userName": name} for number, name in enumerate(job.users)},
        "other-id": {"jobID": wrong["jobID"]},
        "shorter-id": {"jobID": job.id[:-1] or "0"},
        "other-label": {"jobLabel": wrong["jobLabel"]},
        "shorter-label": {"jobLabel": job.label.rpartition(" ")[0]},
        "longer-label": {"jobLabel": job.label + " 2"},
        "other-user": {"userName": other_user},
        "shorter-user": {"userName": (job.users or (other_user,))[0][:-1] or "0"},
        "longer-user": {"userName": (job.users or (other_user,))[0] + "x"},
        "other-uri": {"reportURI": other_uri},
        "shorter-uri": {"reportURI": job.uri[:-1]},
        **_fire_times(fired, before, after),
        "all": {**right, "fireTimeFrom": argument(before), "fireTimeTo": argument(after)},
        "id-other-label": {"jobID": job.id, "jobLabel": wrong["jobLabel"]},
        "label-other-id": {"jobLabel": job.label, "jobID": wrong["jobID"]},
        "uri-other-id": {"reportURI": job.uri, "jobID": wrong["jobID"]},
        "label-other-uri": {"jobLabel": job.label, "reportURI": other_uri},
        "id-other-user": {"jobID": job.id, "userName": other_user},
        "id-later": {"jobID": job.id, "fireTimeFrom": argument(after)},
        "label-earlier": {"jobLabel": job.label, "fireTimeTo": argument(before)},
        "id-other-uri": {"jobID": job.id, "reportURI": other_uri},
        "id-earlier": {"jobID": job.id, "fireTimeTo": argument(before)},
        "uri-later": {"reportURI": job.uri, "fireTimeFrom": argument(after)},
        "uri-earlier": {"reportURI": job.uri, "fireTimeTo": argument(before)},
        "range-other-user": {"fireTimeFrom": argument(before), "fireTimeTo": argument(after), "userName": other_user},
    }


def _fire_times(fired: datetime, before: datetime, after: datetime) -> dict[str, dict[str, str]]:
    """Ranges around and beside the trigger; those of a few minutes are written in distant time zones."""
    soon, late = fired - 10 * MINUTE, fired + 10 * MINUTE
    return {
        "from": {"fireTimeFrom": argument(before)},
        "from-zone": {"fireTimeFrom": argument(soon, hours=9)},
        "from-minute": {"fireTimeFrom": argument(fired)},
        "to": {"fireTimeTo": argument(after)},
        "to-zone": {"fireTimeTo": argument(late, hours=-8)},
        "to-minute": {"fireTimeTo": argument(fired)},
        "range": {"fireTimeFrom": argument(before), "fireTimeTo": argument(after)},
        "range-zone": {"fireTimeFrom": argument(soon, hours=9), "fireTimeTo": argument(late, hours=-8)},
        "from-later": {"fireTimeFrom": argument(after)},
        "from-later-zone": {"fireTimeFrom": argument(late, hours=-8)},
        "to-earlier": {"fireTimeTo": argument(before)},
        "to-earlier-zone": {"fireTimeTo": argument(soon, hours=9)},
        "range-earlier": {"fireTimeFrom": argument(before - HOUR), "fireTimeTo": argument(before)},
        "range-later": {"fireTimeFrom": argument(after), "fireTimeTo": argument(after + HOUR)},
    }
