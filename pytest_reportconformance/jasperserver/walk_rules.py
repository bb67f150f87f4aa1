"""What the answers of a walk over executions violate: a final state stays, all forms agree, what is gone stays gone.

Rule: pure functions over answers, also over stored ones. If the chapter is silent, or if a request may have raced with
the end of the report, nothing is concluded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pytest_reportconformance.jasperserver import descriptors, walk_exports, walk_moves
from pytest_reportconformance.jasperserver import walk_requirements as requirements
from pytest_reportconformance.jasperserver.walk_exports import Found
from pytest_reportconformance.jasperserver.walk_moves import OVER, Export, Subject
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.failures import Broken, NotReached
from pytest_reportconformance.transcript.walk import Move, Sending, judged

FORMS = ("-extended-json", "-extended-xml", "-json", "-xml")


def kind_of(move: Move) -> str:
    """The operation of a move, whatever media type it asks for."""
    return next((move.action.removesuffix(form) for form in FORMS if move.action.endswith(form)), move.action)


def unlike(exchange: Exchange, *allowed: int) -> bool:
    """Whether the status is none of the allowed ones."""
    return exchange.status_code not in allowed


class ExecutionLife:
    """What the answers of one walk show of its executions; `facts` hold the `reports` by purpose."""

    def __init__(self, facts: Mapping[str, Any]) -> None:
        self.facts = dict(facts.get("reports", {}))
        self.subjects: dict[str, Subject] = {}

    def begin(self, subjects: Iterable[str]) -> list[Move]:
        """Run a report for each subject, and wait until it is over, or at least begun."""
        return [Move(subject, action) for subject in subjects for action in ("run", "await")]

    def adopt(self, known: Mapping[str, str]) -> list[Move]:
        """Continue with executions that exist, IDs by subject."""
        self.subjects = {name: Subject(name, id) for name, id in known.items()}
        return [Move(name, "await") for name in known]

    def moves(self) -> list[tuple[Move, int]]:
        """The moves that the model allows now, each with its weight."""
        known = [*self.subjects.values()]
        return [choice for one in known for choice in walk_moves.allowed(one, known, self.facts)]

    def sending(self, move: Move) -> Sending | None:
        """How a move is sent; None if what it is about does not exist in this walk."""
        self.subjects.setdefault(move.subject, Subject(move.subject))
        return walk_moves.sending(move, self.subjects, self.facts)

    def see(self, move: Move, exchange: Exchange) -> Found:
        """What an answer violates. An answer that cannot be read is left to the checks of its operation."""
        subject = self.subjects.setdefault(move.subject, Subject(move.subject))
        if exchange.response is None or exchange.error is not None:
            subject.lost = subject.lost or kind_of(move) in ("run", "cancel", "delete", "export")
            return
        try:
            yield from self._of(subject, move, exchange)
        except (Broken, NotReached):
            return

    def _of(self, subject: Subject, move: Move, exchange: Exchange) -> Found:
        kind = kind_of(move)
        if kind == "run":
            subject.id = descriptors.id_of(exchange)
        elif kind.startswith("unknown-"):
            id = requirements.UNKNOWN[kind.removeprefix("unknown-")]
            yield judged(
                id, not unlike(exchange, 404), "404 for an id that does not exist", exchange.status_code, exchange
            )
        elif kind in requirements.OF_OTHER:
            id, expected = requirements.OF_OTHER[kind], "404 for an export of another execution"
            yield judged(id, not unlike(exchange, 404), expected, exchange.status_code, exchange)
        elif move.identity != "owner":
            yield from self._of_another(subject, move, kind, exchange)
        elif subject.deleted:
            yield from self._after_delete(subject, kind, exchange)
        else:
            yield from self._of_owner(subject, move, kind, exchange)

    def _after_delete(self, subject: Subject, kind: str, exchange: Exchange) -> Found:
        id = requirements.GONE["details" if kind == "await" else kind]
        if kind == "details" and subject.deleted == "running":
            id = "jasperserver.delete.running-gone"
        if exchange.status_code == 406:  # the media type is refused whatever the ID
            return
        yield judged(id, not unlike(exchange, 404), "404 for a deleted execution", exchange.status_code, exchange)

    def _of_another(self, subject: Subject, move: Move, kind: str, exchange: Exchange) -> Found:
        """What someone else is answered about an execution of the owner."""
        if kind in ("cancel", "delete"):
            subject.events.append(move)
        if kind == "cancel" and move.identity in requirements.STOPS:
            yield from self._cancelled(subject, move, exchange)
        elif kind == "cancel" and move.identity in requirements.CANCEL_REFUSED:
            if exchange.status_code != 204:  # which is right if the report was over
                id = requirements.CANCEL_REFUSED[move.identity]
                yield judged(id, not exchange.succeeded, "a refusal with 4xx", exchange.status_code, exchange)
        elif (move.identity, kind) in requirements.REFUSED and not subject.deleted:
            id, allowed = requirements.REFUSED[move.identity, kind]
            expected = " or ".join(map(str, allowed))
            yield judged(id, not unlike(exchange, *allowed), expected, exchange.status_code, exchange)

    def _of_owner(self, subject: Subject, move: Move, kind: str, exchange: Exchange) -> Found:
        """What the owner is answered about an execution that exists."""
        if kind == "cancel":
            yield from self._cancelled(subject, move, exchange)
        elif kind == "delete":
            yield from self._deleted(subject, move, exchange)
        else:
            answered = not unlike(exchange, 200)
            yield judged(self._at_fault(subject, move), answered, "200", exchange.status_code, exchange)
            if answered:
                subject.answered.add(move)
                learn = self._exported if kind == "export" else self._read
                yield from learn(subject, move, exchange)

    def _read(self, subject: Subject, move: Move, exchange: Exchange) -> Found:
        match kind_of(move):
            case "status":
                yield from self._said(subject, descriptors.status(exchange), move, exchange)
            case "details" | "await":
                yield from self._described(subject, move, exchange)
            case "export-status":
                export = subject.exports[int(move.argument) - 1]
                yield from walk_exports.said(export, descriptors.status(exchange), "status", exchange)
            case "output":
                export = subject.exports[int(move.argument) - 1]
                yield from walk_exports.delivered(subject, export, self.facts, exchange)
            case "page-status":
                yield from walk_exports.paged(subject, exchange)
        subject.events.clear()

    def _at_fault(self, subject: Subject, move: Move) -> str:
        """The requirement that an execution which is not found any more violates: by what happened since it was."""
        for event in reversed(subject.events if move in subject.answered else []):
            if kind_of(event) == "delete" and event.subject != subject.name:
                return "jasperserver.delete.leaves-others"
            if kind_of(event) == "delete" and event.identity in requirements.NOT_DELETED:
                return requirements.NOT_DELETED[event.identity]
            if kind_of(event) == "cancel" and event.subject == subject.name and move.action == "output":
                return "jasperserver.cancel.state-unchanged"
        delivered = move.action == "output" and subject.exports[int(move.argument) - 1].output is not None
        if delivered:
            return "jasperserver.output.available-until-delete"
        return requirements.ANSWERED["details-json" if move.action == "await" else move.action]

    def _happened(self, move: Move) -> None:
        """Something was done to an execution that may be mistaken for another one."""
        for one in self.subjects.values():
            one.events.append(move)

    def _cancelled(self, subject: Subject, move: Move, exchange: Exchange) -> Found:
        """The answer to a cancel by someone who may; 204 is lawful if the report may have ended just before."""
        self._happened(move)
        if subject.final is not None:
            subject.may_be_stopped = subject.may_be_stopped or subject.final == "cancelled"
            if move.identity == "owner":
                strange = move.action == "cancel-xml" and not exchange.succeeded
                id = "jasperserver.cancel.xml" if strange else requirements.CANCEL_OVER[subject.final]
                expected = f"204: the report is {subject.final}"
                yield judged(id, not unlike(exchange, 204), expected, exchange.status_code, exchange)
            return
        subject.may_be_stopped = True
        if exchange.status_code == 200:
            subject.stopped_by = subject.stopped_by or move.identity
        elif exchange.status_code != 204 and subject.said == "execution":
            form = move.action.rpartition("-")[2]
            yield judged(requirements.CANCELS[move.identity][form], False, "200 or 204", exchange.status_code, exchange)
        elif exchange.status_code == 204 and subject.said == "execution":
            subject.refused_running = move

    def _deleted(self, subject: Subject, move: Move, exchange: Exchange) -> Found:
        self._happened(move)
        id, state = requirements.DELETES[subject.state], subject.state
        if exchange.succeeded:
            subject.deleted = state
        yield judged(id, not unlike(exchange, 204), "204", exchange.status_code, exchange)

    def _said(self, subject: Subject, status: str, move: Move, exchange: Exchange) -> Found:
        """The status that an answer shows, against everything that was shown before."""
        before, subject.said = subject.said, status
        if subject.final is not None:
            id, same = self._changed(subject, status, move), status == subject.final
            yield judged(id, same, f"{subject.final}, as before", status, exchange)
            return
        refused, subject.refused_running = subject.refused_running, None
        if refused is not None and status == before == "execution":
            cancel = requirements.CANCELS[refused.identity][refused.action.rpartition("-")[2]]
            yield judged(cancel, False, "a cancel that stops a running report", "204, and the report runs on", exchange)
        if subject.stopped_by is not None:
            yield judged(
                requirements.STOPS[subject.stopped_by], status != "ready", "cancelled after a cancel", status, exchange
            )
        if status == "cancelled" and not subject.may_be_stopped and (others := self._stopped_by_others(subject)):
            yield judged(others, False, "a report that continues", status, exchange)
        if status in OVER:
            subject.final = status

    def _changed(self, subject: Subject, status: str, move: Move) -> str:
        """The requirement that a change of a final status violates: by what happened since, else by what shows it."""
        if subject.final == "cancelled" and status == "ready":
            return requirements.STOPS[subject.stopped_by or "owner"]
        if status == "cancelled" and (others := self._stopped_by_others(subject)):
            return others
        own = [kind_of(event) for event in subject.events if event.subject == subject.name]
        if "cancel" in own:
            return "jasperserver.cancel.state-unchanged"
        if "export" in own:
            return "jasperserver.export.report-stays-ready"
        details = kind_of(move) in ("details", "await")
        return "jasperserver.status.agrees-with-details" if details else "jasperserver.status.final-unchanged"

    def _stopped_by_others(self, subject: Subject) -> str | None:
        """The requirement that an unexpected cancel violates: by who tried one, or by what was cancelled instead."""
        for event in reversed(subject.events):
            if kind_of(event) == "cancel" and event.identity in requirements.WITHOUT_EFFECT:
                return requirements.WITHOUT_EFFECT[event.identity]
            if kind_of(event) == "cancel" and event.subject != subject.name:
                return "jasperserver.cancel.leaves-others"
        return None

    def _described(self, subject: Subject, move: Move, exchange: Exchange) -> Found:
        found = descriptors.descriptor(exchange)
        subject.id = subject.id or descriptors.id_of(exchange)
        same, expected = found.get("requestId") == subject.id, f"the request id {subject.id}"
        yield judged("jasperserver.details.same-request", same, expected, found.get("requestId"), exchange)
        if not same:
            return
        yield from self._said(subject, str(found.get("status")), move, exchange)
        listed = {str(one.get("id")): one for one in descriptors.exports(exchange)}
        if not subject.exports and subject.final == "ready":
            subject.exports = [Export(id) for id in descriptors.export_ids(exchange)[:1]]
        yield from walk_exports.listed(subject, listed, exchange)
        total = self.facts.get(subject.name, {}).get("pages")
        if subject.final == "ready" and total and "totalPages" in found:
            after = any(kind_of(event) == "export" for event in subject.events)
            id = "jasperserver.export.report-stays-ready" if after else "jasperserver.details.total-pages"
            shown = found["totalPages"]
            yield judged(id, shown == total, f"totalPages {total}", shown, exchange)

    def _exported(self, subject: Subject, move: Move, exchange: Exchange) -> Found:
        """A new export; equal exports may be one."""
        self._happened(move)
        id = str(descriptors.member(exchange, "id"))
        known = [one for one in subject.exports if one.id == id]
        if not known:
            subject.exports.append(Export(id, move.argument))
        new = not known or known[0].pages == move.argument
        yield judged("jasperserver.export.id-and-status", new, "an id that no earlier export has", id, exchange)
