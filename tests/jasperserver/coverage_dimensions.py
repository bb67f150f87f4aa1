"""The documented dimensions of the operations of reportExecutions, and which of their cases an exchange holds."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from pytest_reportconformance.jasperserver import descriptors
from pytest_reportconformance.jasperserver.media import JSON, STATUS_JSON, STATUS_XML, XML
from pytest_reportconformance.jasperserver.operations import identify
from pytest_reportconformance.jasperserver.scenarios.run_exports import FORMATS
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.failures import Missing, NotReached
from pytest_reportconformance.transcript.transcript import Transcript
from tests.coverage.cases import Case, before, pairs
from tests.jasperserver.coverage_requests import Call, call_of, chosen_page, members

IDENTITIES = ("owner", "other_user", "anonymous", "other_admin", "admin", "superuser")
STATES = ("queued", "execution", "ready", "failed", "cancelled", "deleted")
WRONG_IDS = ("unknown id", "id in another letter case")
EXPORT_STATES = ("pending", "ready", "failed", "cancelled")
MEDIA = {JSON: "json", XML: "xml", STATUS_JSON: "status+json", STATUS_XML: "status+xml", None: "none"}
FAMILIES = ("json", "xml")
STATUS_FORMS = ("json", "xml", "status+json", "status+xml", "none")
TIMES = ("first", "second", "third")
POSITIONS = ("first", "middle", "last", "beyond")
ASKED = {
    "status": STATUS_FORMS,
    "export-status": STATUS_FORMS,
    "details": FAMILIES,
    "info": FAMILIES,
    "page-status": ("status+json", "json"),
    "output": ("none", "json"),
    "attachment": ("none",),
    "search": ("json", "xml", "none"),
}
"""What the reading operations may be asked for."""
SENT = ("run", "export", "cancel")
OF_EXECUTION = (*[one for one in ASKED if one != "search"], "export", "parameters", "cancel", "delete")
OF_EXPORT = ("export-status", "output", "attachment")
READS = ("status", "details", "info", "page-status", "export-status", "output")
SEARCHES = ("none", "reportURI", "jobID", "jobLabel", "userName", "fireTimeFrom", "fireTimeTo")
CONNECTIONS = ("cookie and credentials", "cookie alone", "another session", "wrong password")


def _documented(operation: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    if operation in SENT:
        yield "sent × asked", pairs(FAMILIES, (*FAMILIES, "none"))
    if operation == "parameters":
        yield "sent", FAMILIES
        yield "sent × time", pairs(FAMILIES, TIMES)
    if operation in OF_EXECUTION:
        yield "identity × state", pairs(IDENTITIES, STATES)
        yield "id", WRONG_IDS
    if operation in ASKED and operation != "search":
        yield "asked × state", pairs(ASKED[operation], STATES)
        yield "asked × time", pairs(ASKED[operation], TIMES)
    if operation in ("delete", "cancel", "export"):
        yield "time", TIMES
    if operation in OF_EXPORT:
        yield "export", ("own", "unknown", "of another execution", "id in another letter case")
        yield "export state", EXPORT_STATES
    if operation in (*OF_EXECUTION, "run", "search"):
        yield "connection", CONNECTIONS
    yield from _special(operation)


def _special(operation: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    if operation == "run":
        yield "identity", IDENTITIES
    if operation == "search":
        yield "identity × argument", pairs(IDENTITIES, SEARCHES)
        yield "asked × argument", pairs(ASKED["search"], SEARCHES)
        yield "number of arguments", ("0", "1", "2", "3", "4", "5")
    if operation == "page-status":
        yield "position", POSITIONS
        yield "order", ("earlier page first", "later page first")
        yield "position × state", pairs(("first", "middle", "last"), ("execution", "ready"))
    if operation == "attachment":
        yield "position", ("first", "middle", "last", "unknown name", "name of another export")
        yield "after new parameters", TIMES[:2]
    if operation in ("run", "export"):
        yield "pages", ("all", "one", "range", "to the last", "beyond", "page to itself", "malformed")
    if operation == "output":
        yield "format", pairs(FORMATS, ("made", "downloaded", "examined", "downloaded twice"))
    if operation in ("status", "details", "info", "export-status"):
        yield "order of media types", before(FAMILIES)
    if operation == "details":
        yield "order of operations", before(READS)


OPERATIONS = ("run", *OF_EXECUTION, "search")
DOCUMENTED = {operation: dict(_documented(operation)) for operation in OPERATIONS}


def held(transcripts: Iterable[Transcript]) -> Iterator[Case]:
    """The cases that transcripts hold; an exchange without an answer holds none."""
    transcripts = list(transcripts)
    made = {id for one in transcripts for id in _made(one)}
    exports = {id for one in transcripts for call, exchange in _calls(one) for id in _shown(call, exchange)}
    for transcript in transcripts:
        walk = Walk(frozenset(made), frozenset(exports))
        walk.pages.update(_pages(transcript))
        for call, exchange in _calls(transcript):
            yield from walk.cases(call, exchange)
            walk.note(call, exchange)
        yield from walk.orders()


def _calls(transcript: Transcript) -> Iterator[tuple[Call, Exchange]]:
    for exchange in transcript.exchanges:
        call = call_of(exchange)
        if call is not None and exchange.response is not None and exchange.error is None:
            yield call, exchange


def _made(transcript: Transcript) -> Iterator[str]:
    for exchange in transcript.exchanges:
        if exchange.request.creates == "execution" and (id := identify("execution", exchange)):
            yield id


def _shown(call: Call, exchange: Exchange) -> set[str]:
    """The exports that an answer shows."""
    try:
        if call.operation == "export" and exchange.succeeded:
            return {str(descriptors.descriptor(exchange)["id"])}
        return set(descriptors.export_ids(exchange)) if call.operation in ("run", "details") else set()
    except (Missing, NotReached, KeyError):
        return set()


def _pages(transcript: Transcript) -> Iterator[tuple[str, int]]:
    """The number of pages of each execution of a transcript, as its details show it in the end."""
    for call, exchange in _calls(transcript):
        if call.operation == "details" and exchange.succeeded and descriptors.readable(exchange):
            pages = descriptors.descriptor(exchange).get("totalPages")
            if isinstance(pages, int):
                yield call.id, pages


@dataclass
class Walk:
    """What is known of the executions of one transcript after each of its exchanges."""

    made: frozenset[str]
    exports: frozenset[str]
    state: dict[str, str] = field(default_factory=dict)
    own: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    states_of_exports: dict[str, str] = field(default_factory=dict)
    formats: dict[str, str] = field(default_factory=dict)
    names: dict[str, list[str]] = field(default_factory=dict)
    pages: dict[str, int] = field(default_factory=dict)
    firsts: dict[str, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    page_order: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    times: Counter[tuple[str, ...]] = field(default_factory=Counter)
    sessions: set[str] = field(default_factory=set)
    restarted: set[str] = field(default_factory=set)

    def cases(self, call: Call, exchange: Exchange) -> Iterator[Case]:
        """The cases of one exchange, as (dimension, value)."""
        found = [
            *self._of_every(call, exchange),
            *self._of_execution(call, exchange),
            *self._of_export(call, exchange),
            *self._of_kind(call, exchange),
        ]
        yield from (Case("output" if name == "format" else call.operation, name, value) for name, value in found)

    def _of_every(self, call: Call, exchange: Exchange) -> Iterator[tuple[str, str]]:
        asked = _media(exchange, "Accept")
        sent = _media(exchange, "Content-Type")
        yield "sent", sent
        yield "sent × asked", f"{sent} × {asked}"
        yield "identity", exchange.identity
        yield "connection", self._connection(exchange)
        if call.operation == "search":
            names = list(call.arguments) or ["none"]
            yield "number of arguments", str(len(call.arguments))
            yield from (("identity × argument", f"{exchange.identity} × {name}") for name in names)
            yield from (("asked × argument", f"{asked} × {name}") for name in names)

    def _connection(self, exchange: Exchange) -> str:
        cookie, signed = exchange.request.header("Cookie"), exchange.request.header("Authorization")
        if exchange.name.startswith("wrong-"):
            return "wrong password"
        if cookie and signed:
            return "cookie and credentials"
        return "cookie alone" if cookie else "another session" if signed and exchange.identity in self.sessions else ""

    def _of_execution(self, call: Call, exchange: Exchange) -> Iterator[tuple[str, str]]:
        if call.id not in self.state:
            if call.id:
                known = any(id.lower() == call.id.lower() for id in self.made)
                yield "id", "id in another letter case" if known and call.id not in self.made else "unknown id"
            return
        state, asked = self._state(call, exchange), _media(exchange, "Accept")
        yield "identity × state", f"{exchange.identity} × {state}"
        if exchange.identity == "owner":
            time = self._time(call, asked)
            yield "asked × state", f"{asked} × {state}"
            yield "asked × time", f"{asked} × {time}"
            sent = _media(exchange, "Content-Type")
            yield "sent × time", f"{sent} × {self._time(call, sent)}"
            yield "time", self._time(call, "")

    def _time(self, call: Call, media: str) -> str:
        return TIMES[min(self.times[call.operation, call.id, call.export, call.name, media], 2)]

    def _state(self, call: Call, exchange: Exchange) -> str:
        """The state that the answer shows, or the one that was last seen."""
        if call.operation in ("status", "details") and exchange.succeeded and self.state[call.id] != "deleted":
            return _status(exchange) or self.state[call.id]
        return self.state[call.id]

    def _of_export(self, call: Call, exchange: Exchange) -> Iterator[tuple[str, str]]:
        if not call.export or call.id not in self.state:
            return
        if call.export in self.own[call.id]:
            yield "export", "own"
            shown = _status(exchange) if call.operation == "export-status" and exchange.succeeded else None
            yield "export state", _simple(shown or self.states_of_exports.get(call.export, ""))
        elif call.export in self.exports:
            yield "export", "of another execution"
        elif any(id.lower() == call.export.lower() for id in self.own[call.id]):
            yield "export", "id in another letter case"
        else:
            yield "export", "unknown"

    def _of_kind(self, call: Call, exchange: Exchange) -> Iterator[tuple[str, str]]:
        if call.operation == "page-status" and call.name.isdigit() and (last := self.pages.get(call.id)):
            position = _position(int(call.name), last)
            yield "position", position
            yield "position × state", f"{position} × {self.state.get(call.id)}"
        if call.operation == "attachment" and call.id in self.state:
            yield from self._attachment(call)
        if call.operation in ("run", "export"):
            yield from self._made_export(call, exchange)
        if call.operation == "output" and call.export in self.formats and exchange.succeeded:
            yield from self._downloaded(call, exchange)

    def _attachment(self, call: Call) -> Iterator[tuple[str, str]]:
        listed = self.names.get(call.export, [])
        others = {name for names in self.names.values() for name in names}
        if call.name in listed:
            yield "position", _position(listed.index(call.name) + 1, len(listed))
        else:
            yield "position", "name of another export" if call.name in others else "unknown name"
        if call.id in self.restarted:
            yield "after new parameters", self._time(call, "restarted")

    def _made_export(self, call: Call, exchange: Exchange) -> Iterator[tuple[str, str]]:
        given = members(exchange.request)
        yield "pages", chosen_page(given.get("pages"), self.pages.get(call.id, 4))
        format = str(given.get("outputFormat") or "").lower()
        if exchange.succeeded and format:
            yield "format", f"{format} × made"

    def _downloaded(self, call: Call, exchange: Exchange) -> Iterator[tuple[str, str]]:
        format = self.formats[call.export]
        yield "format", f"{format} × downloaded"
        if "file_format" in exchange.observations or exchange.observations:
            yield "format", f"{format} × examined"
        if self.times["output", call.id, call.export, "", "ok"]:
            yield "format", f"{format} × downloaded twice"

    def note(self, call: Call, exchange: Exchange) -> None:
        """Keep what an exchange shows."""
        self.sessions.add(exchange.identity)
        if exchange.identity == "owner" or call.operation == "run":
            self._count(call, exchange)
            self._follow(call, exchange)

    def _count(self, call: Call, exchange: Exchange) -> None:
        key = (call.operation, call.id, call.export, call.name)
        asked = _media(exchange, "Accept")
        sent = _media(exchange, "Content-Type")
        for media in {"", asked, sent, *(["ok"] if exchange.succeeded else [])}:
            self.times[(*key, media)] += 1
        if call.id in self.restarted:
            self.times[(*key, "restarted")] += 1
        if exchange.succeeded and call.id in self.state:
            self.firsts[call.id].append((call.operation, asked))
            if call.operation == "page-status" and call.name.isdigit():
                self.page_order[call.id].append(int(call.name))

    def _follow(self, call: Call, exchange: Exchange) -> None:
        """The state of the execution after a successful request of its owner."""
        if not exchange.succeeded:
            return
        id = identify("execution", exchange) if call.operation == "run" else call.id
        if id is None or (call.operation != "run" and id not in self.state):
            return
        if call.operation == "delete":
            self.state[id] = "deleted"
        elif call.operation == "cancel" and exchange.status_code == 200:
            self.state[id] = "cancelled"
        elif call.operation == "parameters":
            self.state[id] = "execution"
            self.restarted.add(id)
        elif call.operation in ("run", "status", "details"):
            self.state[id] = _status(exchange) or self.state.get(id, "execution")
        self._keep_exports(id, call, exchange)

    def _keep_exports(self, id: str, call: Call, exchange: Exchange) -> None:
        shown = _shown(call, exchange)
        self.own[id] |= shown
        format = str(members(exchange.request).get("outputFormat") or "").lower()
        if call.operation in ("run", "export"):
            self.formats |= dict.fromkeys(shown, format)
        if call.operation == "export-status":
            self.states_of_exports[call.export] = _status(exchange) or ""
        if call.operation in ("run", "details"):
            found = descriptors.descriptor(exchange)
            if isinstance(found.get("totalPages"), int):
                self.pages[id] = found["totalPages"]
            for one in descriptors.exports(exchange):
                self.states_of_exports[str(one.get("id"))] = str(one.get("status"))
                self.names[str(one.get("id"))] = [str(a["fileName"]) for a in one.get("attachments") or []]

    def orders(self) -> Iterator[Case]:
        """In which order the owner read each execution for the first time."""
        for reads in self.firsts.values():
            operations = list(dict.fromkeys(operation for operation, _ in reads if operation in READS))
            yield from (Case("details", "order of operations", order) for order in _orders(operations))
            for operation in ("status", "details", "info", "export-status"):
                media = list(dict.fromkeys(asked for one, asked in reads if one == operation and asked in FAMILIES))
                yield from (Case(operation, "order of media types", order) for order in _orders(media))
        for pages in self.page_order.values():
            for first, second in pairwise(pages):
                order = "earlier" if first < second else "later" if first > second else "same"
                yield Case("page-status", "order", f"{order} page first")


def _orders(values: list[str]) -> Iterator[str]:
    for number, first in enumerate(values):
        yield from (f"{first} before {second}" for second in values[number + 1 :])


def _media(exchange: Exchange, field: str) -> str:
    """The media type of a header field of the request, without parameters, by the name in MEDIA."""
    value = exchange.request.header(field)
    return MEDIA.get(value and value.partition(";")[0], "other")


def _status(exchange: Exchange) -> str | None:
    try:
        return descriptors.status(exchange)
    except (Missing, NotReached):
        return None


def _simple(state: str) -> str:
    return "pending" if state in ("queued", "execution") else state


def _position(number: int, last: int) -> str:
    if number > last:
        return "beyond"
    return "first" if number == 1 else "last" if number == last else "middle"
