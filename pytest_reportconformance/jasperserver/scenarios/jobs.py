"""Jobs of the scheduler: found by search while they run, cancelled, deleted."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from math import inf

from pytest_reportconformance.jasperserver import common_steps, descriptors, jobs, operations, patience
from pytest_reportconformance.jasperserver.job_searches import HOUR, IN_XML, MINUTE, Job, searches
from pytest_reportconformance.jasperserver.jobs import argument
from pytest_reportconformance.jasperserver.media import XML
from pytest_reportconformance.jasperserver.scenarios.search import runs_disturb
from pytest_reportconformance.jasperserver.timing import START_SECONDS, SURELY_RUNNING
from pytest_reportconformance.judging import file_formats
from pytest_reportconformance.recording.polling import wait_until
from pytest_reportconformance.recording.steps import Steps
from pytest_reportconformance.scenarios import scenario
from pytest_reportconformance.target.target import Target
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.failures import Missing, NotReached, TooLate

TRUSTED_AFTER = 1
MOST_GONE = 15
ABSENT = 'if it has no scheduler, write "jasperserver.jobs.*" = "the reason" under [absent]'


def schedule(step: Steps) -> Job:
    """Create a job that runs the slow report at once, as the owner, or as the admin if the owner may not."""
    report, label = step.target.report("slow"), f"conformance {uuid.uuid4().hex[:12]} job"
    uri, folder = str(report["uri"]), report.get("output_folder")
    request = jobs.create(
        uri, label, folder or uri.rpartition("/")[0] or "/", save=bool(folder), parameters=report.get("parameters")
    )
    answers = []
    for identity in [one for one in ("owner", "admin") if step.has(one)]:
        made = step("create", request, identity=identity)
        id = jobs.job_id(made) if made.succeeded else None
        if id is not None:
            step("resume", jobs.resume(id), identity=identity)
            return Job(id, identity, _users(step, made, identity), label, uri, _minute(_clock(made)))
        answers.append(f"{made.status_code} to the {identity}")
    raise NotReached("untested", f"the scheduler (PUT {jobs.BASE}) answered {', '.join(answers)}: {ABSENT}")


def _users(step: Steps, made: Exchange, identity: str) -> tuple[str, ...]:
    """The spellings of the user that created a job; on some servers the organization is part of the name."""
    shown = descriptors.descriptor(made).get("username")
    names = [step.target.identity(identity).value("username"), shown if isinstance(shown, str) else ""]
    return tuple(dict.fromkeys(name for name in names if name))


def started(step: Steps, job: Job) -> Watch:
    """Wait until a job runs and a search finds its execution. Raises NotReached."""
    watch = Watch(step, job)
    try:
        wait_until(
            step,
            "state",
            jobs.state(job.id),
            watch.done,
            identity=job.identity,
            deadline=patience.stretched(step, START_SECONDS),
        )
    except NotReached as error:
        raise NotReached("inconclusive", f"the scheduler did not start the job: {error.reason}") from None
    step.note(executed=watch.runs > 0, outlasted_searches=watch.runs > 1)
    if not watch.execution and (watch.something or watch.runs < 2):
        raise TooLate("the job was over before the searches agreed on its execution")
    if not watch.execution:
        raise NotReached("blocked", "no search found the execution of the job", "jasperserver.jobs.listed")
    step.note(execution=watch.execution)
    return watch


@dataclass
class Watch:
    """Finds the execution of a job in searches, which may list executions of other users as well.

    The execution that all searches find is taken; if some find none although the job runs, the others decide.
    `runs` and `gone` count the polls that show the job running and absent; `running` is the last of the former;
    `something` is whether any search found anything; `since` is when it first ran, `begun_after` a time at which it
    did not run yet, both by the clock of the steps.
    """

    step: Steps
    job: Job
    runs: int = 0
    gone: int = 0
    something: bool = False
    running: Exchange | None = None
    since: float = inf
    begun_after: float = 0.0
    execution: str = ""

    def done(self, state: Exchange) -> bool:
        """Whether the execution is found, or can no longer be found."""
        runs = jobs.executing(state)
        self.runs += runs
        self.running = state if runs else self.running
        self.since = min(self.since, self.step.clock.now()) if runs else self.since
        self.gone += not state.succeeded
        polled = self.step.clock.now() - state.seconds
        self.execution = next(iter(self._candidates()), "")
        self.begun_after = self.begun_after if self.runs or self.gone or self.something else polled
        self.since = min(self.since, self.step.clock.now()) if self.execution else self.since
        return bool(self.execution) or (self.runs > 0 and not runs) or self.gone > MOST_GONE

    def _candidates(self) -> list[str]:
        everything = self._ids("listed")
        by_id = self._ids("found-by-id", jobID=self.job.id)
        by_label = self._ids("found-by-label", jobLabel=self.job.label)
        self.something = self.something or bool(everything | by_id | by_label)
        agreed = [everything & by_id & by_label]
        if self.runs > TRUSTED_AFTER or self.gone > TRUSTED_AFTER:
            agreed += [by_id & by_label, everything & by_id, everything & by_label, by_id, by_label]
        return sorted(next((group for group in agreed if group), set()))

    def _ids(self, name: str, **arguments: str) -> set[str]:
        ours = {entry.id for entry in self.step.created()}
        answer = self.step(name, operations.search(**arguments), identity=self.job.identity)
        found = descriptors.found_executions(answer) if answer.succeeded else {}
        return {id for id, uri in found.items() if (uri or self.job.uri).endswith(self.job.uri)} - {"", *ours}


@scenario(needs=["slow"], priority=True, exclusive=runs_disturb)
def job_searched(step: Steps, target: Target) -> None:
    """The execution of a job is searched for by every argument, matching and not, then beside a run over REST."""
    due = step.clock.now() + float(target.report("slow")["seconds"])
    job = schedule(step)
    watch = started(step, job)
    id, state = watch.execution, watch.running
    step.note(users=list(job.users))
    _still_listed_or_running(step, job, id, "now")
    asked = searches(job, _fired(step, job, state), _other_uri(target), _other_user(target))
    requests = {name: operations.search(**arguments) for name, arguments in asked.items()}
    requests |= {f"{name}-xml": operations.search(XML, **asked[name]) for name in IN_XML}
    by_other_user = partial(step, "seen-by-other_user", operations.search(), identity="other_user")
    by_owner = [partial(step, f"by-{name}", request, identity=job.identity) for name, request in requests.items()]
    step.together([by_other_user, *by_owner])
    _still_listed_or_running(step, job, id, "still")
    details = step("details", operations.details(id), identity=job.identity)
    _beside_a_run(step, job)
    if details.succeeded:
        wait_until(step, "poll", operations.status(id), common_steps.over, identity=job.identity, due=due)
        _read_output(step, job, id)
        step("finished", operations.search(), identity=job.identity)
        step("finished-by-id", operations.search(jobID=job.id), identity=job.identity)
        step("delete", operations.delete(id), identity=job.identity)


def _read_output(step: Steps, job: Job, id: str) -> None:
    """Read the details of an execution that is over, and the first output that they list as ready."""
    after = step("details-after", operations.details(id), identity=job.identity)
    listed = descriptors.exports(after) if after.succeeded and descriptors.readable(after) else []
    for one in [one for one in listed if one.get("status") == "ready"][:1]:
        request = operations.output(id, str(one.get("id")))
        step("output", request, identity=job.identity, observe=(file_formats.observe,))


def _still_listed_or_running(step: Steps, job: Job, id: str, when: str) -> None:
    """Search without arguments and ask for the job's state. Raises TooLate if the job was over by then."""
    listing = step(f"listed-{when}", operations.search(), identity=job.identity)
    state = step(f"state-{when}", jobs.state(job.id), identity=job.identity)
    _too_late_unless(id in descriptors.found_executions(listing) or _goes_on(step, state))


def _goes_on(step: Steps, state: Exchange) -> bool:
    """Whether a job still runs, as far as the server shows states of jobs."""
    return jobs.executing(state) or not step.facts["executed"]


def _too_late_unless(runs: bool) -> None:
    if not runs:
        raise TooLate("the job was over before the steps that need it running")


def _beside_a_run(step: Steps, job: Job) -> None:
    beside = common_steps.run(step, "slow", name="run-beside")
    common_steps.begin(step, beside)
    fired = argument(datetime.now(UTC) - 24 * HOUR)
    step("beside-all", operations.search(), identity=job.identity)
    step("beside-by-id", operations.search(jobID=job.id), identity=job.identity)
    step("beside-by-label", operations.search(jobLabel=job.label), identity=job.identity)
    step("beside-by-fire-time", operations.search(fireTimeFrom=fired), identity=job.identity)
    step("beside-still", operations.search(), identity=job.identity)


def _fired(step: Steps, job: Job, running: Exchange | None) -> datetime:
    """The minute of the trigger: as the job's state shows it if that is near the server's clock, else that of the job.

    Raises TooLate if a minute began in between, so that neither is certain.
    """
    state = running or step("fired", jobs.state(job.id), identity=job.identity)
    now, fired = _clock(state), jobs.fire_time(state)
    known = fired is not None and abs(now - fired) < 10 * MINUTE
    step.note(minute_known=known or bool(state.header_values("Date")))
    if fired is not None and known:
        return fired
    if _minute(now) != job.since:
        raise TooLate("a minute began between the creation of the job and its trigger")
    return job.since


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def _clock(exchange: Exchange) -> datetime:
    """The time by the server's clock, or by ours if the answer has no Date header."""
    try:
        return parsedate_to_datetime(exchange.header("Date")).astimezone(UTC)
    except (Missing, ValueError, TypeError):
        return datetime.now(UTC)


def _other_uri(target: Target) -> str:
    return str(target.reports["fast"]["uri"]) if "fast" in target.reports else "/" + uuid.uuid4().hex


def _other_user(target: Target) -> str:
    other_user = target.identities.get("other_user")
    return (other_user.value("username") if other_user else "") or uuid.uuid4().hex


@scenario(needs=["slow"], priority=True, exclusive=runs_disturb)
def job_cancelled(step: Steps, target: Target) -> None:
    """The running execution of a job is cancelled by another user, which is refused, then by its owner."""
    step.note(seconds=float(target.report("slow")["seconds"]))
    job = schedule(step)
    watch = started(step, job)
    id = watch.execution
    details = step("details", operations.details(id), identity=job.identity)
    step("cancel-other_user", operations.cancel(id), identity="other_user")
    cancel = step("cancel", operations.cancel(id), identity=job.identity, establishes="jasperserver.jobs.cancel")
    if cancel.status_code == 204 and details.succeeded:
        common_steps.still(step, id, "status", job.identity)
    elif cancel.status_code == 204:
        _cancel_once_more(step, job, id)
    if details.succeeded:
        patience.outlast(step, watch.since)
        step("late-status", operations.status(id), identity=job.identity)
        for export in descriptors.exports(details)[:1]:
            step("output", operations.output(id, str(export.get("id"))), identity=job.identity)
        step("delete", operations.delete(id), identity=job.identity)


def _cancel_once_more(step: Steps, job: Job, id: str) -> None:
    """If the status is not readable: an execution that is still listed may have been queued at the cancel."""
    for again in (True, False):
        _too_late_unless(id in descriptors.found_executions(step("after", operations.search(), identity=job.identity)))
        if again:
            step.wait(0.2 * float(step.target.report("slow")["seconds"]), "until a queued execution runs")
            cancel = step(
                "cancel", operations.cancel(id), identity=job.identity, establishes="jasperserver.jobs.cancel"
            )
            if cancel.status_code != 204:
                return


@scenario(needs=["slow"], priority=True, exclusive=runs_disturb)
def job_deleted(step: Steps, target: Target) -> None:
    """The running execution of a job is deleted by the job's owner, and searched for while it would still run."""
    begun = step.clock.now()
    job = schedule(step)
    watch = started(step, job)
    id, begun = watch.execution, max(begun, watch.begun_after)
    until = begun + SURELY_RUNNING * float(target.report("slow")["seconds"])
    step("before", operations.search(), identity=job.identity)
    _too_late_unless(_goes_on(step, step("state-before", jobs.state(job.id), identity=job.identity)))
    delete = step("delete", operations.delete(id), identity=job.identity, establishes="jasperserver.jobs.delete")
    if delete.status_code != 204:
        _too_late_unless(_goes_on(step, step("state-after", jobs.state(job.id), identity=job.identity)))
    last = common_steps.vanish(step, id, "after", job.identity, until)
    gone = id not in descriptors.found_executions(last)
    _too_late_unless(not gone or step.clock.now() <= until)
