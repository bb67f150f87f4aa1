"""The steps that scenarios begin with: run a report, wait for its end, export it, request what does not exist.

Rule: nothing is judged here; a wait that exceeds its deadline ends and leaves the verdict to the checks.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext, suppress
from functools import partial
from math import inf
from typing import Any

from pytest_reportconformance.jasperserver import descriptors, operations, patience
from pytest_reportconformance.jasperserver.media import XML
from pytest_reportconformance.jasperserver.timing import (
    GRACE_SECONDS,
    KNOWN_SEARCHES,
    KNOWN_SECONDS,
    KNOWN_SHARE,
    SETTLING_SECONDS,
)
from pytest_reportconformance.jasperserver.unknown_ids import unknown as unknown
from pytest_reportconformance.recording.polling import wait_until
from pytest_reportconformance.recording.steps import Steps
from pytest_reportconformance.transcript.exchange import Exchange, Request
from pytest_reportconformance.transcript.failures import Missing, NotReached, TooLate

ACCEPTED = "jasperserver.run.accepted"
EXPORTED = "jasperserver.export.accepted-json"


def run(step: Steps, purpose: str, *, name: str = "run", establishes: str = ACCEPTED, **members: Any) -> str:
    """Run the report of a purpose asynchronously, as HTML unless `members` set another format; its request id."""
    report = step.target.report(purpose)
    if report.get("parameters"):
        members = {"parameters": report["parameters"], **members}
    begun = step.clock.now()
    id = descriptors.id_of(step(name, operations.run(report["uri"], **members), establishes=establishes))
    if "seconds" in report:
        step.due[id] = begun + float(report["seconds"])
    return id


def over(exchange: Exchange) -> bool:
    """Whether a status is final."""
    return descriptors.status(exchange) in descriptors.TERMINAL


def working(exchange: Exchange) -> bool:
    """Whether a status shows that the work has begun."""
    return descriptors.status(exchange) != "queued"


def finish(step: Steps, id: str, name: str = "poll", ends: str = "jasperserver.status.reaches-ready") -> str:
    """Poll an execution until its status is final, as the requirement `ends` promises; that status."""
    known = "jasperserver.status.known"
    due = step.due.get(id)
    with nullcontext() if due is None else step.measures_lateness():
        last = wait_until(
            step,
            name,
            operations.status(id),
            over,
            establishes=known,
            ends=ends,
            overdue=partial(patience.longest, step),
            due=due,
        )
    if due is not None and descriptors.status(last) == "ready":
        step.report_lateness(step.clock.now() - step.due.pop(id))
    return descriptors.status(last)


def known(step: Steps, id: str, identity: str = "owner") -> None:
    """Search until an execution is listed, for a bounded time: a run that was just accepted may not be known yet.

    Whether it is listed at all is left to the checks.
    """
    slow = float(step.target.reports.get("slow", {}).get("seconds", KNOWN_SECONDS))
    left = step.due[id] - step.clock.now() if id in step.due else slow
    wait = min(KNOWN_SECONDS, KNOWN_SHARE * left)
    for _ in range(KNOWN_SEARCHES):
        with suppress(NotReached):
            wait_until(
                step, "known", operations.search(), lambda poll: _shows(poll, id), identity=identity, deadline=wait
            )
            return
        wait = 0.0


def _shows(search: Exchange, id: str) -> bool:
    """Whether a search lists an execution, or is no answer that could."""
    if search.response is None or search.status_code not in (200, 204):
        return True
    try:
        return id in descriptors.found_executions(search)
    except Missing:
        return True


def begin(step: Steps, id: str, name: str = "begin", identity: str = "owner") -> None:
    """Wait until an execution is known and worked on. Raises TooLate if it was ready before that was seen."""
    known(step, id, identity)
    answered = "jasperserver.status.known"
    last = wait_until(step, name, operations.status(id), working, establishes=answered, identity=identity)
    if over(last):
        raise TooLate(f"{name}: the report was over before it was seen running")


def still(step: Steps, id: str, name: str = "still", identity: str = "owner") -> None:
    """Check that an execution is not ready yet. Raises TooLate if it is."""
    poll = step(name, operations.status(id), identity=identity, establishes="jasperserver.status.known")
    if descriptors.status(poll) == "ready":
        raise TooLate(f"{name}: the report was over before the steps that need it running")


def become(step: Steps, id: str, status: str, name: str) -> Exchange:
    """Poll an execution until it has a status or any final one, for a time of grace; the last poll."""
    grace = patience.stretched(step, GRACE_SECONDS)
    return _in_grace(
        step, name, operations.status(id), lambda poll: descriptors.status(poll) == status or over(poll), grace
    )


def vanish(step: Steps, id: str, name: str, identity: str = "owner", until: float = inf) -> Exchange:
    """Search until an execution is no longer listed, for a time of grace, or until a time by the clock of the steps.

    Returns the last search.
    """
    grace = min(patience.stretched(step, GRACE_SECONDS), until - step.clock.now())
    return _in_grace(
        step, name, operations.search(), lambda poll: id not in descriptors.found_executions(poll), grace, identity
    )


def _in_grace(
    step: Steps,
    name: str,
    request: Request,
    done: Callable[[Exchange], bool],
    grace: float,
    identity: str = "owner",
) -> Exchange:
    try:
        return wait_until(step, name, request, done, identity=identity, deadline=grace)
    except NotReached:
        return step(name, request, identity=identity)


def settle(step: Steps, id: str, name: str = "settling") -> Exchange:
    """Ask for the details until no export is pending any more; the last details, pending or not."""
    try:
        return wait_until(
            step,
            name,
            operations.details(id),
            _settled,
            establishes="jasperserver.details.lists-output",
            deadline=patience.stretched(step, SETTLING_SECONDS),
        )
    except NotReached:
        return step(name, operations.details(id), establishes="jasperserver.details.lists-output")


def _settled(exchange: Exchange) -> bool:
    return all(one.get("status") in descriptors.TERMINAL for one in descriptors.exports(exchange))


def ready(step: Steps, purpose: str, **members: Any) -> tuple[str, str]:
    """Run a report and wait for report and first export; the ids of both."""
    id = run(step, purpose, **members)
    finish(step, id)
    return id, descriptors.first_export(settle(step, id))


def export(step: Steps, name: str, id: str, establishes: str | None = EXPORTED, **members: Any) -> str | None:
    """Ask for an export in a step of that name; its id, None if it was refused, as one may be that establishes None."""
    if establishes == EXPORTED and members.get("media") == XML:
        establishes = "jasperserver.export.accepted-xml"
    asked = step(name, operations.export(id, **members), establishes=establishes)
    found = descriptors.descriptor(asked).get("id") if asked.succeeded else None
    return found if isinstance(found, str) and found else None


def export_again(step: Steps, id: str) -> str | None:
    """Export as HTML once more, after what may have removed the exports of before; its id, None if it is not ready."""
    made = export(step, "export-again", id, outputFormat="html")
    return made if made and finish_export(step, id, made, "poll-again") == "ready" else None


def finish_export(step: Steps, id: str, export: str, name: str, seconds: float = SETTLING_SECONDS) -> str:
    """Poll an export until its status is final, or `seconds` have passed; that status, or `pending`."""
    request = operations.export_status(id, export)
    try:
        last = wait_until(
            step,
            name,
            request,
            over,
            establishes="jasperserver.export-status.json",
            deadline=patience.stretched(step, seconds),
        )
    except NotReached:
        return "pending"
    return descriptors.status(last)
