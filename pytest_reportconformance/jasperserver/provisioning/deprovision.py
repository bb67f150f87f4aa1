"""Removes the kit: it stops running reports, removes jobs, then the folder and the users, and lists what is left.

Rule: it touches only what is in the ledger, or in a folder that is in the ledger. It sends its requests however the run
ends, and no answer of the server raises an error.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pytest_reportconformance.cleanup.ledger import Entry
from pytest_reportconformance.jasperserver import descriptors, jobs, operations
from pytest_reportconformance.jasperserver.provisioning import repository, users
from pytest_reportconformance.jasperserver.provisioning.ids import KINDS, MAKER, uris
from pytest_reportconformance.recording.steps import Steps
from pytest_reportconformance.target.target import Target
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.failures import Broken, NotReached


@contextmanager
def deprovision(target: Target, step: Steps) -> Iterator[list[str]]:
    """Stop what runs in the kit before its removal; append what is still there afterwards to the list yielded."""
    entries = [entry for entry in step.created() if entry.kind in KINDS and entry.id]
    remaining: list[str] = []
    if not entries or not step.reachable:
        yield remaining
        return
    for entry in entries:
        if entry.kind == "folder":
            _stop_all(step, entry.id or "")
        step.say(f"removes the {entry.kind} {entry.id}")
    yield remaining
    left = {entry.id for entry in step.created()}
    remaining += [f"still listed: {one}" for one in _listed(step, entries) if one not in left]


def _stop_all(step: Steps, root: str) -> None:
    """Remove the jobs of reports in the folder and cancel their executions: these outlive their job."""
    step.say(f"removes the scheduled jobs of {root} and cancels their executions")
    for id in _members(step.tidy("jobs", jobs.of_report(f"{root}/slow"), MAKER), "jobsummary", "id"):
        step.tidy("cleanup", jobs.delete(id), MAKER)
    for id, uri in _running(step.tidy("running", operations.search(), MAKER)).items():
        if uri is not None and uri.removeprefix("repo:").startswith(root + "/"):
            step.tidy("cleanup", operations.cancel(id), MAKER)


def _running(answer: Exchange) -> dict[str, str | None]:
    try:
        return descriptors.found_executions(answer) if answer.succeeded else {}
    except (Broken, NotReached):
        return {}


def _listed(step: Steps, entries: list[Entry]) -> list[str]:
    """The entries that the lists of users, resources and jobs still contain."""
    step.say("lists users, folders and jobs, to check that nothing is left")
    ours = {entry.id for entry in entries}
    folders = {entry.id or "" for entry in entries if entry.kind == "folder"}
    found = _members(step.tidy("users-after", users.list_all(), MAKER), "user", "username")
    for parent in {folder.rpartition("/")[0] or "/" for folder in folders}:
        found += _uris(step.tidy("folders-after", repository.below(parent, deep=False), MAKER))
    left = [name for name in found if name in ours]
    for folder in folders:
        left += _members(step.tidy("jobs-after", jobs.of_report(f"{folder}/slow"), MAKER), "jobsummary", "id")
    return left


def _uris(answer: Exchange) -> list[str]:
    try:
        return sorted(uris(answer))
    except (Broken, NotReached):
        return []


def _members(answer: Exchange, name: str, member: str) -> list[str]:
    """One member of each object in a list; empty if there is no such list."""
    try:
        entries = answer.json().get(name) if answer.succeeded and answer.answer.size else None
    except (Broken, NotReached, AttributeError):
        return []
    return [str(one.get(member)) for one in entries if isinstance(one, dict)] if isinstance(entries, list) else []
