"""The changes that are made to recorded answers: operators, as data.

An operator is a name and a function that yields the changes of one answer. A change has the member that it concerns (a
member of the body, a header field, or empty) and makes the changed exchanges, by their numbers in the transcript.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import Any

from pytest_reportconformance.scenarios import Need
from pytest_reportconformance.transcript.exchange import Exchange, Response
from tests.mutation import documents
from tests.mutation.documents import Document, Path
from tests.mutation.recorded_run import RecordedRun

Changed = Mapping[int, Exchange]
STATES = ("status", "value", "reportStatus", "*")
"""The members that show a status; `*` is the text of a root element."""
UNREAD = ("cleanup", "rate-limited")
"""Exchanges of the suite itself, which no requirement is about."""


@dataclass(frozen=True)
class Change:
    """A change of one answer."""

    operator: str
    member: str
    make: Callable[[], Changed | None]


@dataclass
class Answers:
    """All answers of a run, with the values of each member of each operation.

    The answers of the operations in `contents` are not documents of the API, whatever their format.
    """

    run: RecordedRun
    operation: Callable[[Exchange], str]
    contents: Collection[str] = ()
    values: dict[tuple[str, str], list[tuple[Need, int, Any]]] = field(default_factory=lambda: defaultdict(list))
    same: dict[str, list[tuple[Need, int, Exchange]]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for need in sorted(self.run.transcripts, key=lambda need: need.key):
            for number, exchange in enumerate(self.run.transcripts[need].exchanges):
                if exchange.response is not None and exchange.name not in UNREAD:
                    self._add(need, number, exchange)

    def _add(self, need: Need, number: int, exchange: Exchange) -> None:
        operation = self.operation(exchange)
        self.same[operation].append((need, number, exchange))
        document = self.document(exchange)
        for member, _, value in document.places() if document else ():
            if isinstance(value, str | int | float):
                self.values[operation, member].append((need, number, value))

    def document(self, exchange: Exchange) -> Document | None:
        """The body of an answer as a document of the API; None if it is none."""
        return None if self.operation(exchange) in self.contents else documents.of(self.run.body(exchange))

    def at(self, need: Need, number: int) -> Answer:
        """One answer."""
        return Answer(self, need, number, self.run.transcripts[need].exchanges[number])


@dataclass(frozen=True)
class Answer:
    """One answer, as the operators see it: the exchange, its number in the transcript, and all others."""

    all: Answers
    need: Need
    number: int
    exchange: Exchange

    @property
    def response(self) -> Response:
        """What was received."""
        assert self.exchange.response is not None
        return self.exchange.response

    @property
    def body(self) -> bytes:
        """The whole body."""
        return self.all.run.body(self.exchange)

    @cached_property
    def document(self) -> Document | None:
        """The body as a document of the API; None if it is none."""
        return self.all.document(self.exchange)

    @property
    def media(self) -> str:
        """`json`, `xml`, `text`, `binary` or `none`."""
        if self.document is not None:
            return self.document.media
        if not self.body:
            return "none"
        return "binary" if b"\x00" in self.body or self.body[:4] in (b"%PDF", b"PK\x03\x04") else "text"

    @property
    def state(self) -> str:
        """The status that the document shows of what it is about, such as `ready`; empty if it shows none."""
        places = self.document.places() if self.document else ()
        shown = {member: value for member, path, value in places if len(path) <= 1 and isinstance(value, str)}
        return next((shown[name].strip() for name in STATES if name in shown), "")

    def with_response(self, **changed: Any) -> Changed:
        """With another status or other header fields."""
        return {self.number: replace(self.exchange, response=replace(self.response, **changed))}

    def with_body(self, body: bytes) -> Changed | None:
        """With another body; None if it is the same."""
        return None if body == self.body else {self.number: self.all.run.with_body(self.exchange, body)}

    def with_edit(self, edit: Callable[..., bytes], *arguments: Any) -> Changed | None:
        """With the body that an edit of the document gives; None if it is the same."""
        return self.with_body(edit(*arguments))

    def with_answer_of(self, other: Exchange) -> Changed:
        """With the whole answer to another request."""
        return {
            self.number: replace(
                self.exchange, response=other.response, observations=other.observations, error=other.error
            )
        }

    @property
    def alike(self) -> list[tuple[Need, int, Exchange]]:
        """The other answers of the same operation that have the same status, but another body."""
        found = self.all.same[self.all.operation(self.exchange)]
        return [
            one
            for one in found
            if one[2] is not self.exchange
            and one[2].response is not None
            and one[2].response.status_code == self.response.status_code
            and one[2].response.sha256 != self.response.sha256
        ]


def statuses(answer: Answer) -> Iterator[Change]:
    """Another success, another refusal, an error of the server."""
    status = answer.response.status_code
    success = 200 <= status < 300
    for name, others in {
        "another success": (200, 201, 202, 204) if success else (),
        "a success": () if success else (200,),
        "another refusal": () if success or status < 400 else (400, 403, 404, 409),
        "a refusal": (403, 404) if success else (),
        "a server error": (500,),
    }.items():
        for other in others:
            if other != status:
                yield Change(name, f"status {other}", partial(answer.with_response, status_code=other))


def fields(answer: Answer) -> Iterator[Change]:
    """A header field dropped, with another value, with that of another answer; another media type."""
    headers = answer.response.headers
    for name in dict.fromkeys(key.lower() for key, _ in headers):
        if name == "content-length":
            continue
        kept = tuple(pair for pair in headers if pair[0].lower() != name)
        value = next(value for key, value in headers if key.lower() == name)
        yield Change("field dropped", name, partial(answer.with_response, headers=kept))
        others = media_types(value) if name == "content-type" else {"field changed": value + "x"}
        if name == "location":
            others = addresses(value)
        for operator, other in others.items():
            new = (*kept, (name, other))
            yield Change(operator, name, partial(answer.with_response, headers=new))


def media_types(value: str) -> dict[str, str]:
    """Other media types than this one."""
    swapped = value.replace("json", "xml") if "json" in value else value.replace("xml", "json")
    others = {"media type plain text": "text/plain", "media type of another format": swapped}
    kept = value.partition(";")[0].strip()
    return {name: other for name, other in others.items() if other.partition(";")[0].strip() != kept}


def addresses(value: str) -> dict[str, str]:
    """Other addresses than this one: that of another id, and that of another page."""
    found = {"address of another id": value.rstrip("/") + "x"}
    path, _, last = value.rpartition("=")
    if last.isdigit():
        found["address of another page"] = f"{path}={int(last) + 1}"
    return found


def bodies(answer: Answer) -> Iterator[Change]:
    """No body, half a body, the body of another answer of the same operation, an answer from before, two swapped."""
    body = answer.body
    if body:
        yield Change("body emptied", "", partial(answer.with_body, b""))
        yield Change("body cut", "", partial(answer.with_body, body[: len(body) // 2]))
    alike = [one for one in answer.alike if answer.all.at(one[0], one[1]).media == answer.media]
    for operator, others in {
        "body of another scenario": [one for one in alike if one[0] != answer.need],
        "body of another request": [one for one in alike if one[0] == answer.need],
    }.items():
        for _, _, other in others[:1]:
            new = answer.all.run.body(other)
            yield Change(operator, "", partial(answer.with_body, new))
    yield from _repeated(answer)


def _repeated(answer: Answer) -> Iterator[Change]:
    """The answer to the same request from before, or to another request of the operation."""
    found = answer.all.same[answer.all.operation(answer.exchange)]
    before = [one for one in found if one[0] == answer.need and one[1] < answer.number and _differ(one[2], answer)]
    same = [one for one in before if _asked(one[2]) == _asked(answer.exchange)]
    for operator, earlier in {"answer from before": same, "answer of another request": before}.items():
        for _, _, other in earlier[-1:]:
            yield Change(operator, "", partial(answer.with_answer_of, other))
    for _, number, other in before[-1:]:
        if _asked(other) != _asked(answer.exchange):
            yield Change("answers swapped", "", partial(_swapped, answer, number, other))


def _swapped(answer: Answer, number: int, other: Exchange) -> Changed:
    back = replace(other, response=answer.exchange.response, observations=answer.exchange.observations)
    return {**answer.with_answer_of(other), number: back}


def _asked(exchange: Exchange) -> tuple[str, str, str | None]:
    return exchange.request.method, exchange.request.url, exchange.request.header("Accept")


def _differ(other: Exchange, answer: Answer) -> bool:
    response = other.response
    return response is not None and (response.status_code, response.sha256) != (
        answer.response.status_code,
        answer.response.sha256,
    )


def members(answer: Answer) -> Iterator[Change]:
    """Each member or element dropped, null, of another type, with another value."""
    document = answer.document
    if document is None:
        return
    for member, path, value in document.places():
        if path:
            yield Change("dropped", member, partial(answer.with_edit, document.dropped, path))
        for operator, new in other_values(value, document.media).items():
            yield Change(operator, member, partial(answer.with_edit, document.replaced, path, new))
        for operator, new in values_elsewhere(answer, member, path, value).items():
            yield Change(operator, member, partial(answer.with_edit, document.replaced, path, new))
    if isinstance(document, documents.Xml):
        yield Change("root renamed", "", partial(answer.with_edit, document.renamed))


def other_values(value: Any, media: str) -> dict[str, Any]:
    """Other values than this one, by operators."""
    if media == "xml":
        return _other_texts(value or "") if value is not None else {"null": ""}
    found: dict[str, Any] = {"null": None, "other type": "x" if isinstance(value, list | dict) else [value]}
    if isinstance(value, bool):
        return found | {"changed": not value}
    if isinstance(value, int | float):
        return found | {"changed": value + 1, "number as text": str(value)}
    return found | _other_texts(value) | {"null": None} if isinstance(value, str) else found


def _other_texts(value: str) -> dict[str, Any]:
    text = value.strip()
    found = {"emptied": "", "changed": value + "x"}
    if text in ("true", "false"):
        return {**found, "changed": str(text == "false").lower()}
    if text.isdigit():
        return {**found, "changed": str(int(text) + 1), "other type": "x"}
    if text.startswith(("http:", "https:", "/")):
        return {**found, **addresses(text)}
    if "/" in text and ";" in text:  # a media type with parameters
        return {**found, "changed": f"x-{text}"}
    return found


def values_elsewhere(answer: Answer, member: str, path: Path, value: Any) -> dict[str, Any]:
    """Values of the same member: earlier in the transcript, in the same document, in another transcript."""
    if value is None or isinstance(value, bool | list | dict):
        return {}
    known = answer.all.values[answer.all.operation(answer.exchange), member]
    others = [one for one in known if one[2] != value and isinstance(one[2], type(value))]
    found = {
        "value from before": [one for one in others if one[0] == answer.need and one[1] < answer.number][-1:],
        "value of a sibling": [one for one in others if (one[0], one[1]) == (answer.need, answer.number)][:1],
        "value of another scenario": [one for one in others if one[0] != answer.need][:1],
    }
    return {operator: one[2] for operator, some in found.items() for one in some}


REARRANGED: Mapping[str, tuple[int, Callable[[list[Any]], list[Any]]]] = {
    "list reversed": (2, lambda found: found[::-1]),
    "element dropped": (1, lambda found: found[:-1]),
    "first element dropped": (2, lambda found: found[1:]),
    "element doubled": (1, lambda found: [*found, found[-1]]),
    "list emptied": (2, lambda found: []),
}
"""The operators of lists, each with the least length of the list."""


def lists(answer: Answer) -> Iterator[Change]:
    """A list reversed, one element dropped, one doubled, the list emptied."""
    document = answer.document
    if document is None:
        return
    for member, path, length in document.lists():
        for operator, (least, change) in REARRANGED.items():
            if length >= least:
                yield Change(
                    operator,
                    member,
                    partial(answer.with_edit, document.rearranged, path, change),
                )


def lines(answer: Answer) -> Iterator[Change]:
    """A line of a text dropped, doubled, changed; a byte of any other content changed."""
    body = answer.body
    if answer.media == "text":
        found = body.splitlines(keepends=True)
        middle = len(found) // 2
        for operator, new in {
            "line dropped": found[:middle] + found[middle + 1 :],
            "first line dropped": found[1:],
            "last line dropped": found[:-1],
            "line doubled": [*found[: middle + 1], *found[middle:]],
            "line changed": [*found[:middle], found[middle][:-1] + b"x\n", *found[middle + 1 :]],
        }.items():
            yield Change(operator, "", partial(answer.with_body, b"".join(new)))
    elif answer.media == "binary":
        middle = len(body) // 2
        flipped = body[:middle] + bytes([body[middle] ^ 1]) + body[middle + 1 :]
        yield Change("byte changed", "", partial(answer.with_body, flipped))


OPERATORS = (statuses, fields, bodies, members, lists, lines)
"""All operators, in the order of the report."""


def changes(answer: Answer) -> Iterator[Change]:
    """All changes of one answer."""
    for operator in OPERATORS:
        yield from operator(answer)
