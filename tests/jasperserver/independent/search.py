"""Searching executions, and the scheduler whose executions a search finds."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from pytest_reportconformance.http.server import Answer, Call
from tests.jasperserver.independent.representation import PLAIN, Refused
from tests.jasperserver.independent.runs import Runs
from tests.jasperserver.independent.work import Execution


class Search(Runs):
    """Finds executions by report and by job."""

    def __init__(self, slow_seconds: float = 0.8) -> None:
        super().__init__(slow_seconds)
        self.jobs: dict[int, dict[str, Any]] = {}

    def search(self, call: Call, user: str) -> Answer:
        self.negotiated(call, PLAIN)
        asked = {name: values[0] for name, values in call.query.items() if values[0]}
        times = {name: self.moment(text) for name, text in asked.items() if name.startswith("fireTime")}
        found = [
            e for e in list(self.executions.values()) if e.work.state() != "cancelled" and self.matches(e, asked, times)
        ]
        if not found:
            return Answer(204)
        entries = [
            {"completed": e.work.state(), "requestId": e.id, "reportURI": "repo:" + e.uri} for e in reversed(found)
        ]
        return self.represented(call, "reportExecutions", {"reportExecution": entries})

    def moment(self, text: str) -> datetime:
        try:
            return datetime.strptime(text, "%Y-%m-%dT%H:%M%z")
        except ValueError:
            raise Refused(400, "illegal.parameter.value.error", text) from None

    def matches(self, e: Execution, asked: dict[str, str], times: dict[str, datetime]) -> bool:
        if asked.get("reportURI", e.uri).removeprefix("repo:") != e.uri:
            return False
        if not {"jobID", "jobLabel", "userName"} & set(asked) and not times:
            return True
        if e.job is None:
            return False
        names = (e.owner, e.owner.partition("|")[0])
        return (
            asked.get("jobID", str(e.job["id"])) == str(e.job["id"])
            and asked.get("jobLabel", e.job["label"]) == e.job["label"]
            and asked.get("userName", e.owner) in names
            and times.get("fireTimeFrom", e.job["fired"]) <= e.job["fired"] <= times.get("fireTimeTo", e.job["fired"])
        )

    def scheduler(self, call: Call, user: str, rest: str) -> Answer:
        kind = [("content-type", "application/job+json")]
        if call.method == "PUT" and not rest:
            options = call.json()
            report = self.permitted(user, options["source"]["reportUnitURI"])
            job = {**options, "id": next(self.numbers), "username": user, "version": 0}
            self.jobs[job["id"]] = job
            self.started(user, report, {"outputFormat": "pdf"}, {**job, "fired": datetime.now(UTC)})
            return Answer(200, json.dumps(job).encode(), kind)
        if call.method == "POST" and rest == "resume":
            return Answer(200, call.body, kind)
        id = int(rest.partition("/")[0]) if rest.partition("/")[0].isdigit() else 0
        if call.method == "DELETE" and id in self.jobs:
            del self.jobs[id]
            return Answer(200, str(id).encode(), kind)
        if call.method == "GET" and id in self.jobs:
            members = {"value": "NORMAL"} if rest.endswith("/state") else self.jobs[id]
            return Answer(200, json.dumps(members).encode(), kind)
        raise Refused(404)
