"""What the answers of a run show of each execution, in order of time, whichever scenario asked.

Rule: pure functions over transcripts. Two answers are compared only if the first was complete before the second was
asked for, and if no request of the client may have changed the execution since: a cancel, a delete, or an update of
parameters, which takes effect at any time afterwards.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from math import inf
from typing import Any

from pytest_reportconformance.jasperserver import descriptors, jobs, requests_sent
from pytest_reportconformance.jasperserver.described import media_type, objects
from pytest_reportconformance.jasperserver.requests_sent import Asked, asked_for
from pytest_reportconformance.jasperserver.unknown_ids import unknown
from pytest_reportconformance.transcript.exchange import LIMITED, Exchange
from pytest_reportconformance.transcript.failures import Missing, NotReached
from pytest_reportconformance.transcript.transcript import Transcript

ELSEWHERE = ("cookie-alone", "no-credentials", "other-session")
"""How the names of steps without credentials, or in another session, begin: other requirements are about them."""

CHANGES = ("parameters", "cancel", "delete")


@dataclass(frozen=True)
class Statement:
    """An answer about an execution, with what was asked for; `members` are those of its descriptor, if it is one.

    `shown` is the part of it that a comparison is about.
    """

    asked: Asked
    exchange: Exchange
    members: Mapping[str, Any]
    shown: Any = None

    @property
    def end(self) -> float:
        """When the answer was complete, in seconds since the epoch."""
        return self.exchange.started + self.exchange.seconds


@dataclass(frozen=True)
class History:
    """The answers about one execution by order of time.

    `run` is the answer to the run; of an execution that the scheduler started, it is the first details of the job's
    owner. `report` is the path of the report that was requested; None if it is not known.
    """

    run: Statement
    statements: tuple[Statement, ...]
    report: str | None

    @property
    def by_scheduler(self) -> bool:
        """Whether the scheduler started the execution: the chapter does not say how long it stays available."""
        return self.run.asked.operation != "run"

    @property
    def execution(self) -> str:
        """The id of the execution."""
        return self.run.asked.execution

    def of(self, *operations: str) -> list[Statement]:
        """The successful answers to these operations, in order of time."""
        return [one for one in self.statements if one.asked.operation in operations and one.exchange.status_code == 200]

    def undisturbed(self, earlier: Statement, later: Statement) -> bool:
        """Whether the earlier answer was complete before the later request, and the client changed nothing since."""
        return earlier.end <= later.exchange.started and not any(
            start < later.end and end > earlier.exchange.started for start, end in self.changes
        )

    def pairs(
        self, statements: Iterable[Statement], fits: Callable[[Statement], bool] = lambda statement: True
    ) -> Iterator[tuple[Statement, Statement]]:
        """Each statement with the latest one before it that fits and is comparable."""
        known: list[Statement] = []
        for later in statements:
            for earlier in reversed(known):
                if self.undisturbed(earlier, later):
                    yield earlier, later
                    break
            if fits(later):
                known.append(later)

    def exports(self, *operations: str) -> list[tuple[Statement, dict[str, Any]]]:
        """Each export that these answers list, with the answer."""
        return [(one, export) for one in self.of(*operations) for export in objects(one.members.get("exports"))]

    def changed_before(self, statement: Statement) -> bool:
        """Whether the client began to change the execution before an answer was complete."""
        return any(start < statement.end for start, _ in self.changes)

    def of_owner(self, operation: str) -> list[Statement]:
        """The answers to this operation, whatever their status, to the owner of the execution in its own session.

        None if the scheduler started it.
        """
        known = () if self.by_scheduler else self.statements
        asked = (one for one in known if one.asked.operation == operation)
        mine = (one for one in asked if one.exchange.identity == self.run.exchange.identity)
        return [one for one in mine if not one.exchange.name.startswith(ELSEWHERE)]

    def ready_before(self, statement: Statement) -> bool:
        """Whether an answer showed the report ready before a request was sent."""
        return any(is_ready(one) and one.end <= statement.exchange.started for one in self.statements)

    def deleted_before(self, statement: Statement) -> bool:
        """Whether a delete was sent, and not refused, before an answer was complete."""
        return self._sent_before("delete", statement) > 0

    def cancelled_before(self, statement: Statement) -> bool:
        """Whether a cancel was sent, and not refused, before an answer was complete."""
        return self._sent_before("cancel", statement) > 0

    def _sent_before(self, operation: str, statement: Statement) -> int:
        sent = (one for one in self._sent if one.asked.operation == operation)
        return sum(one.exchange.started < statement.end for one in sent)

    @cached_property
    def _sent(self) -> list[Statement]:
        """The requests to change the execution that were not refused."""
        sent = (one for one in self.statements if one.asked.operation in CHANGES)
        return [one for one in sent if not 400 <= one.exchange.status_code < 500]

    @cached_property
    def changes(self) -> list[tuple[float, float]]:
        """The times in which a request may have changed the execution: from an update of parameters for ever."""
        return [(one.exchange.started, inf if one.asked.operation == "parameters" else one.end) for one in self._sent]

    def updates_before(self, statement: Statement) -> int:
        """How many updates of parameters were sent, and not refused, before an answer was complete."""
        return self._sent_before("parameters", statement)

    def of_export(self, made: Statement, later: Statement) -> bool:
        """Whether a request is about an export, after the answer that made it and before an update or a delete."""
        if later.asked.export != made.members.get("id") or later.exchange.started < made.end:
            return False
        unchanged = self.updates_before(made) == self.updates_before(later)
        return unchanged and not self.deleted_before(later) and not self.cancelled_before(later)

    def unchanged(self, *operations: str) -> list[Statement]:
        """The successful answers to these operations before the client changed anything."""
        return [one for one in self.of(*operations) if not self.changed_before(one)]

    def export_statuses(self) -> Iterator[tuple[str, list[Statement]]]:
        """The id of each export, and the answers that show its status, which is their `shown`."""
        found: dict[str, list[Statement]] = defaultdict(list)
        for one in self.of("run", "details", "export", "export-status"):
            if one.asked.operation == "export-status":
                found[one.asked.export].append(replace(one, shown=one.members.get("value")))
            elif one.asked.operation == "export":
                found[str(one.members.get("id"))].append(replace(one, shown=one.members.get("status")))
            for export in objects(one.members.get("exports")):
                found[str(export.get("id"))].append(replace(one, shown=export.get("status")))
        yield from found.items()

    def content_types(self) -> dict[str, set[str]]:
        """The media types that answers declare for the output of each export."""
        found: dict[str, set[str]] = defaultdict(set)
        for _, export in self.exports("run", "details"):
            resource = export.get("outputResource")
            if isinstance(resource, dict) and resource.get("contentType"):
                found[str(export.get("id"))].add(media_type(resource["contentType"]))
        return found

    def attachment_types(self) -> dict[tuple[str, str], set[str]]:
        """The media types that answers declare for each attachment of each export."""
        found: dict[tuple[str, str], set[str]] = defaultdict(set)
        for _, export in self.exports("run", "details"):
            for one in objects(export.get("attachments")):
                if one.get("contentType"):
                    found[str(export.get("id")), str(one.get("fileName"))].add(media_type(one["contentType"]))
        return found

    def when_ready(self, *operations: str) -> list[Statement]:
        """The successful answers to these operations after an answer that shows the report ready."""
        ready = min((one.end for one in self.statements if is_ready(one)), default=inf)
        return [one for one in self.of(*operations) if ready <= one.exchange.started]

    def repeated(self, *operations: str) -> Iterator[tuple[Statement, Statement]]:
        """Each download with the one before it of the same file, both after the report was ready."""
        by_file: dict[tuple[str, str, str], list[Statement]] = defaultdict(list)
        for one in self.when_ready(*operations):
            by_file[one.asked.operation, one.asked.export, one.asked.file].append(one)
        for found in by_file.values():
            yield from self.pairs(found)


def histories(transcripts: Iterable[Transcript]) -> Iterator[History]:
    """The history of each execution that was started by a run, and of those of jobs whose details are answered."""
    for transcript in transcripts:
        yield from transcript.once("histories", _histories)


def _histories(transcript: Transcript) -> list[History]:
    found: dict[str, list[Statement]] = defaultdict(list)
    runs: dict[str, Statement] = {}
    scheduled = str(transcript.facts.get("execution", ""))
    for statement in filter(None, map(_statement, transcript)):
        execution = statement.asked.execution
        if statement.asked.operation == "run" and execution:
            runs.setdefault(execution, statement)
        if statement.asked.operation == "details" and execution == scheduled and statement.exchange.status_code == 200:
            runs.setdefault(execution, statement)
        found[execution].append(statement)
    ordered = {id: sorted(found[id] + _changed_as(id, found), key=lambda one: one.exchange.started) for id in runs}
    return [History(runs[id], tuple(some), _report(transcript, runs[id])) for id, some in ordered.items()]


def _report(transcript: Transcript, run: Statement) -> str | None:
    """The path of the report that a run, or the job of the transcript, asks for; None if it cannot be read."""
    if run.asked.operation == "run":
        return requests_sent.report_of(run.exchange)
    created = (one for one in transcript if one.request.creates == "job")
    return next((jobs.report_of(one) for one in created), None)


def _changed_as(id: str, found: Mapping[str, list[Statement]]) -> list[Statement]:
    """The granted changes of an execution by its id in another letter case, which a server may take for the same."""
    others = found.get(id.swapcase(), []) if id.swapcase() != id else []
    return [one for one in others if one.asked.operation in CHANGES and one.exchange.granted]


def _statement(exchange: Exchange) -> Statement | None:
    if exchange.response is None or exchange.error is not None or exchange.name == LIMITED:
        return None
    asked = asked_for(exchange)
    if asked is None:
        return None
    described = asked.operation in ("run", "details", "status", "export-status", "export", "page-status")
    members = _members(exchange) if described and exchange.succeeded else {}
    if asked.operation == "run":
        asked = Asked("run", str(members.get("requestId") or ""))
    return Statement(asked, exchange, members)


def _members(exchange: Exchange) -> Mapping[str, Any]:
    try:
        return descriptors.descriptor(exchange)
    except (Missing, NotReached):
        return {}


def shown_status(statement: Statement) -> str | None:
    """The status of the report that an answer shows; None if it shows none of the vocabulary."""
    name = {"status": "value", "page-status": "reportStatus"}.get(statement.asked.operation, "status")
    found = statement.members.get(name)
    return found if isinstance(found, str) and found in descriptors.STATES else None


def is_final(statement: Statement) -> bool:
    """Whether an answer shows a final status of the report."""
    return shown_status(statement) in descriptors.TERMINAL


def is_ready(statement: Statement) -> bool:
    """Whether an answer shows that the report is ready."""
    return shown_status(statement) == "ready"


def ends_with(uri: Any, asked: str | None) -> bool:
    """Whether a URI is that of the report, alone or below an organization; true if the report is not known."""
    return asked is None or str(uri).removeprefix("repo:").rstrip("/").endswith(asked)


def searches(transcript: Transcript) -> list[Exchange]:
    """The searches that succeeded."""
    found = (one.exchange for one in filter(None, map(_statement, transcript)) if one.asked.operation == "search")
    return [exchange for exchange in found if exchange.succeeded]


def about_unknown(transcript: Transcript) -> list[Exchange]:
    """The answered requests about executions whose ids scenarios derived from known ones: no server gave them out."""
    known = {one.execution for one in histories([transcript])}
    made_up = {unknown(id) for id in known} - known
    found = filter(None, map(_statement, transcript))
    return [one.exchange for one in found if one.asked.execution in made_up]


def refused_runs(transcript: Transcript) -> list[Exchange]:
    """The runs of users that were refused with a body in JSON or XML."""
    found = (one.exchange for one in filter(None, map(_statement, transcript)) if one.asked.operation == "run")
    return [
        exchange
        for exchange in found
        if 400 <= exchange.status_code < 500 and exchange.status_code != 401 and exchange.answer.size
        if exchange.media_type.endswith(("json", "xml"))
    ]
