"""The scheduler: `/rest_v2/jobs`; a search finds what it starts.

No thread waits for a job: a request that depends on jobs starts those that are due first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pytest_reportconformance.http.server import Answer
from pytest_reportconformance.jasperserver.reference.bodies import json_object
from pytest_reportconformance.jasperserver.reference.faults import denied, illegal, not_found, unreadable
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.negotiation import JSON, choose
from pytest_reportconformance.jasperserver.reference.options import ExportOptions, RunOptions, Values
from pytest_reportconformance.jasperserver.reference.repository import RepositoryService
from pytest_reportconformance.jasperserver.reference.resources import Resource
from pytest_reportconformance.jasperserver.reference.run import Run
from pytest_reportconformance.jasperserver.reference.search import Search
from pytest_reportconformance.jasperserver.reference.state import TERMINAL, Execution, JobRun

JOB_JSON = "application/job+json"
Members = dict[str, Any]


@dataclass
class Job:
    """A scheduled run: its options, its start time, and its execution."""

    id: int
    caller: Caller
    unit: Resource
    values: Values
    members: Members
    starts: datetime
    execution: Execution | None = None


class Jobs(Run, Search, RepositoryService):
    """Creates, lists, resumes and removes jobs that run once."""

    first_job_id = 1001

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.jobs: dict[int, Job] = {}
        self._next_job = self.first_job_id

    def create_job(self, caller: Caller) -> Answer:
        """Create a job; its trigger defines when it starts."""
        media = choose(caller.call.header("Accept"), (JOB_JSON, JSON)) or JOB_JSON
        members = json_object(caller.call.body)
        source = members.get("source")
        if not isinstance(source, dict):
            raise unreadable("source is missing.")
        unit = self.report_unit(caller, str(source.get("reportUnitURI")))
        if not self.may_run(caller, unit):
            raise denied()
        values = self.job_values(unit, source)
        with self.lock:
            job = Job(self._next_job, caller, unit, values, members, self.start_time(members))
            self._next_job += 2
            self.jobs[job.id] = job
        self.start_due_jobs()
        return self.json_answer(self.job_members(job), content_type=media)

    def job_values(self, unit: Resource, source: Members) -> Values:
        """The parameters of a job: arrays of texts; those without an input control are dropped."""
        values = (source.get("parameters") or {}).get("parameterValues") or {}
        for name, given in values.items():
            if not isinstance(given, list) or not all(isinstance(text, str) for text in given):
                raise illegal(name, str(given))
        return {name: given for name, given in values.items() if name in unit.controls}

    def start_time(self, members: Members) -> datetime:
        """When a job starts: now, or at the date of its trigger."""
        trigger = (members.get("trigger") or {}).get("simpleTrigger") or {}
        if trigger.get("startType") != 2:
            return datetime.now(UTC)
        try:
            return datetime.strptime(str(trigger.get("startDate")), "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
        except ValueError:
            raise illegal("startDate", str(trigger.get("startDate"))) from None

    def job_members(self, job: Job) -> Members:
        """The members of a job."""
        source = {"reportUnitURI": job.members["source"]["reportUnitURI"]}
        parameters = {"parameters": {"parameterValues": job.values}} if job.values else {}
        owner = job.caller.identity.username
        own = {"id": job.id, "version": 0, "username": owner, "creationDate": job.starts.strftime("%Y-%m-%dT%H:%M:%SZ")}
        defaults = {"exportType": "DEFAULT", "outputLocale": "en"}
        return own | defaults | job.members | {"source": source | parameters}

    def start_due_jobs(self) -> None:
        """Start the jobs that are due; remove those that ran, and store their output."""
        with self.lock:
            for job in list(self.jobs.values()):
                if job.execution is None and job.starts <= datetime.now(UTC):
                    self.start_job(job)
                elif job.execution and job.execution.fill.status(self.clock()) in TERMINAL:
                    del self.jobs[job.id]
                    self.store_output(job)

    def start_job(self, job: Job) -> None:
        """Start the execution of a job."""
        formats = (job.members.get("outputFormats") or {}).get("outputFormat") or ["PDF"]
        options = RunOptions(
            job.members["source"]["reportUnitURI"], True, job.values, ExportOptions(format=str(formats[0]).lower())
        )
        fired = JobRun(job.id, str(job.members.get("label", "")), job.caller.identity.username, datetime.now(UTC))
        job.execution = self.start(job.caller, job.unit, options, fired)

    def store_output(self, job: Job) -> None:
        """Store the output of a successful job in its folder if the folder still exists."""
        destination = job.members.get("repositoryDestination") or {}
        folder = self.absolute(job.caller.identity.organization, str(destination.get("folderURI", "")))
        ready = job.execution is not None and job.execution.fill.status(self.clock()) == "ready"
        if ready and destination.get("saveToRepository") and folder in self.repository.resources:
            for format in (job.members.get("outputFormats") or {}).get("outputFormat") or []:
                name = f"{job.members.get('baseOutputFilename')}.{str(format).lower()}"
                self.repository.put(Resource(f"{folder}/{name}", "file", name))

    def candidates(self, caller: Caller) -> list[Execution]:
        """Start due jobs before a search."""
        self.start_due_jobs()
        return super().candidates(caller)

    def list_resources(self, caller: Caller) -> Answer:
        """Store the outputs of finished jobs before a listing."""
        self.start_due_jobs()
        return super().list_resources(caller)

    def read_resource(self, caller: Caller, uri: str) -> Answer:
        """Store the outputs of finished jobs before a read."""
        self.start_due_jobs()
        return super().read_resource(caller, uri)

    def delete_resource(self, caller: Caller, uri: str) -> Answer:
        """Remove the jobs of a report with it; running executions continue."""
        answer = super().delete_resource(caller, uri)
        with self.lock:
            for job in list(self.jobs.values()):
                if job.unit.uri not in self.repository.resources:
                    del self.jobs[job.id]
        return answer

    def job(self, caller: Caller, id: str) -> Job:
        """A job that the caller created or administers; 404 if there is none."""
        self.start_due_jobs()
        job = self.jobs.get(int(id)) if id.isascii() and id.isdigit() else None
        if job is None or not (caller.identity == job.caller.identity or caller.identity.is_admin):
            raise not_found(id)
        return job

    def resume_jobs(self, caller: Caller) -> Answer:
        """Resume jobs; answers with their ids."""
        ids = json_object(caller.call.body).get("jobId", [])
        self.start_due_jobs()
        return self.json_answer({"jobId": ids})

    def read_job(self, caller: Caller, id: str) -> Answer:
        """One job."""
        return self.json_answer(self.job_members(self.job(caller, id)), content_type=JOB_JSON)

    def read_job_state(self, caller: Caller, id: str) -> Answer:
        """Whether a job runs."""
        job = self.job(caller, id)
        if job.execution is None:
            return self.json_answer({"nextFireTime": job.starts.strftime("%Y-%m-%dT%H:%M:%SZ"), "value": "NORMAL"})
        fired = job.execution.job.fired if job.execution.job else job.starts
        return self.json_answer({"previousFireTime": fired.strftime("%Y-%m-%dT%H:%M:%SZ"), "value": "EXECUTING"})

    def list_jobs(self, caller: Caller) -> Answer:
        """The jobs that the caller created or administers, of one report with `reportUnitURI`; 204 if there is none."""
        self.start_due_jobs()
        uri = caller.call.argument("reportUnitURI")
        listed = [
            self.job_summary(job, caller)
            for job in self.jobs.values()
            if (caller.identity == job.caller.identity or caller.identity.is_admin)
            and (not uri or job.unit.uri == self.absolute(caller.identity.organization, uri))
        ]
        return self.json_answer({"jobsummary": listed}) if listed else Answer(204)

    def job_summary(self, job: Job, caller: Caller) -> Members:
        """A line of the list of jobs."""
        return {
            "id": job.id,
            "version": 0,
            "reportUnitURI": self.relative(caller.identity.organization, job.unit.uri),
            "label": job.members.get("label", ""),
            "owner": job.caller.identity.username,
            "state": {"value": "NORMAL" if job.execution is None else "EXECUTING"},
        }

    def delete_job(self, caller: Caller, id: str) -> Answer:
        """Remove a job; its execution continues."""
        job = self.job(caller, id)
        with self.lock:
            self.jobs.pop(job.id, None)
        return Answer(200, str(job.id).encode(), [("Content-Type", JSON)])
