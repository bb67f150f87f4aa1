"""The moves of walks over executions: which request, by whom, and in which states the model allows it.

Rule: data and requests; nothing is judged here. A state is what the server said last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from pytest_reportconformance.jasperserver import descriptors, operations
from pytest_reportconformance.jasperserver.media import STATUS_MEDIA
from pytest_reportconformance.jasperserver.unknown_ids import unknown
from pytest_reportconformance.judging import file_formats
from pytest_reportconformance.transcript.exchange import Exchange, Request
from pytest_reportconformance.transcript.walk import Move, Sending

KINDS = (("multi", "fast"), ("slow", "multi"), ("failing", "fast"), ("multi", "slow"))
"""The reports of which walks run executions: one or two a walk."""
OTHERS = ("other_user", "anonymous", "other_admin")
MOST_EXPORTS = 3
SOME_PAGES = "2-3"

OVER = descriptors.TERMINAL
ANY = ("running", *OVER, "deleted")
HERE = ("running", *OVER)
OWNER = ("owner",)


@dataclass(frozen=True)
class Row:
    """An action: in which states of the execution, by whom, and its weight among all that are allowed."""

    action: str
    states: tuple[str, ...]
    identities: tuple[str, ...] = OWNER
    weight: int = 2


TABLE = (
    *(Row(f"status-{name}", ANY, weight=3) for name in STATUS_MEDIA),
    *(Row(f"details-{name}", ANY, weight=3) for name in operations.MEDIA),
    *(Row(f"export-status-{name}", ("ready", "deleted")) for name in STATUS_MEDIA),
    Row("output", ("ready", "deleted"), weight=6),
    Row("page-status", ("ready", "deleted")),
    *(Row(f"info-{name}", ("ready", "deleted"), weight=1) for name in operations.MEDIA),
    *(Row(f"export-{name}", ("ready", "deleted")) for name in operations.MEDIA),
    *(Row(f"cancel-{name}", ANY) for name in operations.MEDIA),
    Row("delete", ANY),
    Row("output-of-other", ("ready",), weight=1),
    Row("export-status-of-other", ("ready",), weight=1),
    *(Row(f"unknown-{name}", ANY, weight=1) for name in ("status", "details", "cancel", "delete", "output", "export")),
    Row("status-json", HERE, OTHERS, 1),
    Row("details-json", HERE, OTHERS, 1),
    Row("output", ("ready",), OTHERS, 1),
    Row("export-json", ("ready",), OTHERS, 1),
    Row("cancel-json", HERE, OTHERS, 2),
    Row("delete", HERE, OTHERS, 1),
    Row("cancel-json", ("running",), ("admin", "superuser"), 1),
)


@dataclass
class Export:
    """An export: its id, its pages, its final status and who showed it, whether it was polled, its first output."""

    id: str
    pages: str = ""
    final: str | None = None
    shown_by: str = ""
    polled: bool = False
    output: Exchange | None = None
    latest: str | None = None


@dataclass
class Subject:
    """What the answers of a walk show of one execution.

    `said` is its last status, `final` its final one. `stopped_by` is whose cancel was answered 200. `events` are the
    moves that could have changed it since the owner last saw that nothing had, `answered` those that were answered 200.
    It is `lost` if a change of it was not answered: nothing is concluded any more.
    """

    name: str
    id: str = ""
    said: str | None = None
    final: str | None = None
    deleted: str | None = None
    stopped_by: str | None = None
    may_be_stopped: bool = False
    refused_running: Move | None = None
    lost: bool = False
    exports: list[Export] = field(default_factory=list)
    events: list[Move] = field(default_factory=list)
    answered: set[Move] = field(default_factory=set)

    @property
    def state(self) -> str:
        """Its state as the server said last; `lost` allows nothing."""
        if self.lost or not self.id:
            return "lost"
        return "deleted" if self.deleted else self.final or "running"

    @property
    def downloadable(self) -> list[int]:
        """The numbers of the exports whose output may be requested: those that were said to be ready."""
        return [number for number, one in enumerate(self.exports, 1) if one.final == "ready"]


def allowed(subject: Subject, subjects: Iterable[Subject], facts: dict[str, Any]) -> list[tuple[Move, int]]:
    """The moves about an execution that the model allows now."""
    found = []
    for row in TABLE:
        if subject.state in row.states:
            for identity in row.identities:
                moves = [
                    Move(subject.name, row.action, argument, identity)
                    for argument in _arguments(row, subject, subjects, facts)
                ]
                found += [(move, row.weight) for move in moves]
    return found


def foreign_export(other: Subject, subject: Subject) -> str | None:
    """The ID of an export of another execution, None if there is none that this one has not as well."""
    own = [export.id for export in subject.exports]
    return next((export.id for export in other.exports if export.id not in own), None)


def _arguments(row: Row, subject: Subject, subjects: Iterable[Subject], facts: dict[str, Any]) -> list[str]:
    """The arguments of an action: numbers of exports or pages, another execution; an empty one if it has none."""
    match row.action:
        case "output":
            return [str(number) for number in subject.downloadable]
        case "output-of-other" | "export-status-of-other":
            return [one.name for one in subjects if one.downloadable and not one.lost and foreign_export(one, subject)]
        case "page-status":
            return [str(number) for number in range(1, min(3, facts.get(subject.name, {}).get("pages", 1)) + 1)]
        case "export-json" | "export-xml":
            full = len(subject.exports) >= MOST_EXPORTS
            return [] if full and not subject.deleted else ["", SOME_PAGES] if subject.name == "multi" else [""]
    if row.action.startswith("export-status-"):
        return [str(number) for number in range(1, len(subject.exports) + 1)]
    return [""]


def sending(move: Move, subjects: dict[str, Subject], facts: dict[str, Any]) -> Sending | None:
    """How a move is sent; None if what it is about does not exist in this walk."""
    subject = subjects[move.subject]
    if move.action == "run":
        report = facts[move.subject]
        members = {"parameters": report["parameters"]} if report.get("parameters") else {}
        return Sending(operations.run(report["uri"], outputFormat="csv", **members))
    if not subject.id or subject.lost:
        return None
    if move.action == "await":
        return Sending(operations.details(subject.id), until=_begun if move.subject == "slow" else _over)
    request = _request(move, subject, subjects)
    observed = (file_formats.observe,) if move.action.startswith("output") else ()
    return None if request is None else Sending(request, observe=observed)


def _begun(exchange: Exchange) -> bool:
    return bool(descriptors.member(exchange, "status") != "queued")


def _over(exchange: Exchange) -> bool:
    pending = [one for one in descriptors.exports(exchange) if one.get("status") not in OVER]
    return descriptors.member(exchange, "status") in OVER and not pending


def _request(move: Move, subject: Subject, subjects: dict[str, Subject]) -> Request | None:
    action, _, form = move.action.rpartition("-")
    if action == "unknown":
        return ABOUT_ID[form](unknown(subject.id, [one.id for one in subjects.values()]))
    if move.action == "delete":
        return operations.delete(subject.id)
    if move.action.endswith("of-other"):
        other = subjects.get(move.argument)
        export = None if other is None else foreign_export(other, subject)
        ask = operations.output if move.action.startswith("output") else operations.export_status
        return None if export is None else ask(subject.id, export)
    if action in ("export-status-extended", "export-status") or move.action == "output":
        return _about_export(move, subject)
    return _in_a_form(move, subject.id)


def _about_export(move: Move, subject: Subject) -> Request | None:
    number = int(move.argument)
    if number > len(subject.exports):
        return None
    export = subject.exports[number - 1].id
    if move.action == "output":
        return operations.output(subject.id, export)
    return operations.export_status(subject.id, export, STATUS_MEDIA[move.action.removeprefix("export-status-")])


def _in_a_form(move: Move, id: str) -> Request | None:
    action, _, form = move.action.partition("-")
    match action:
        case "status":
            return operations.status(id, STATUS_MEDIA[form])
        case "page":
            return operations.page_status(id, move.argument)
        case "info":
            return operations.info(id, operations.MEDIA[form])
        case "cancel":
            return operations.cancel(id, media=operations.MEDIA[form], accept=operations.MEDIA[form])
        case "details":
            return operations.details(id, operations.MEDIA[form])
    media, pages = operations.MEDIA[form], move.argument or None
    return operations.export(id, media=media, accept=media, outputFormat="csv", pages=pages)


ABOUT_ID: dict[str, Callable[[str], Request]] = {
    "status": operations.status,
    "details": operations.details,
    "cancel": operations.cancel,
    "delete": operations.delete,
    "output": lambda execution: operations.output(execution, execution),
    "export": lambda execution: operations.export(execution, outputFormat="csv"),
}
"""Requests about an execution in their first form, also for ids that do not exist."""
