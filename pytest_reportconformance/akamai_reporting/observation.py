"""What an answer with data says: its rows as digests, its metadata, its links. Observed once, while it is recorded.

Rule: the observation of a page of any size is small, and checks read nothing but it. Nothing here raises for what a
server says but `Broken` and `NotReached`.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pytest_reportconformance.akamai_reporting import links, row_order
from pytest_reportconformance.judging import expect
from pytest_reportconformance.transcript import parsing
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.failures import Missing

Facts = Mapping[str, Any]
NAVIGATION = ("first", "self", "prev", "previous", "next", "last")
MOST_LINKS = 100
LONGEST_METADATA = 16 * 1024
LONGEST_MEMBER = 500
MOST_VALUES = 20
ENCODER = json.JSONEncoder(sort_keys=True)
DATE_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")
"""RFC 3339 section 5.6."""
ABSENT = object()
NO_ROWS = ("links", "errors", "warnings", "messages")
DIGITS = 12
"""As many digits of a fraction count: a sum in another order may end otherwise."""
CSV_ROWS = (b"#DATA_START", b"#COLUMN_START")


def page(facts: Facts) -> Callable[[bytes], dict[str, Any]]:
    """An observer of answers to a request with those facts: the observation `page`, see `Page`."""
    columns = (*facts.get("dimensions", ()), *facts.get("metrics", ()))
    orders = tuple((str(one["name"]), str(one["sortOrder"])) for one in facts.get("sort_bys", ()))
    filtered = tuple(str(one["dimensionName"]) for one in facts.get("filters", ()) if "dimensionName" in one)

    def observe(body: bytes) -> dict[str, Any]:
        try:
            document = parsing.parse_json(body)
        except parsing.Malformed as error:
            return {"page": {"kind": f"malformed: {error}" if body else "an empty body"}}
        found: dict[str, Any] = {"kind": kind(document)}
        if isinstance(document, dict):
            small = len(body) <= LONGEST_METADATA
            found["metadata"] = _metadata(document.get("metadata"), small)
            found["data"] = kind(document.get("data", ABSENT))
        data = listed(document)
        return {"page": found | ({} if data is None else _rows(data, columns, facts, orders, filtered))}

    return observe


def listed(document: Any) -> list[Any] | None:
    """The rows of an answer: its array `data`, or where nothing is called so the only array of objects that it has."""
    if isinstance(document, list):
        return document
    if not isinstance(document, dict) or "data" in document:
        found = document.get("data") if isinstance(document, dict) else None
        return found if isinstance(found, list) else None
    arrays = [value for name, value in document.items() if isinstance(value, list) and name not in NO_ROWS]
    objects = [one for one in arrays if all(isinstance(row, dict) for row in one)]
    return objects[0] if len(objects) == 1 and (objects[0] or "metadata" in document) else None


def kind(value: Any) -> str:
    """The JSON type of a value; `absent` for ABSENT."""
    if value is ABSENT:
        return "absent"
    names = {dict: "object", list: "array", str: "string", bool: "boolean", type(None): "null", int: "number"}
    return names.get(type(value), "number")


def _metadata(value: Any, small: bool) -> Any:
    """The metadata, the part that matters where it is large; the type of what is no object."""
    if not isinstance(value, dict):
        return kind(value)
    if small or len(json.dumps(value)) <= LONGEST_METADATA:
        return value
    short = {name: one for name, one in value.items() if name != "links" and len(json.dumps(one)) < LONGEST_MEMBER}
    found = value.get("links")
    return short | {"links": found[:MOST_LINKS] if isinstance(found, list) else found}


def _rows(
    data: list[Any],
    columns: tuple[str, ...],
    facts: Facts,
    orders: Sequence[tuple[str, str]],
    filtered: Sequence[str],
) -> dict[str, Any]:
    objects = [row for row in data if isinstance(row, dict)]
    counted = columns if facts.get("dimensions") and facts.get("metrics") else ()
    found: dict[str, Any] = {"rows": [digest(row, counted) for row in data]}
    if odd := [row for row in data if not isinstance(row, dict)]:
        found["odd"] = parsing.excerpt(odd[0])
    wanted = frozenset(columns)
    if lacking := [row for row in objects if not row.keys() >= wanted]:
        found["lacking"] = {
            "columns": [name for name in columns if name not in lacking[0]],
            "row": parsing.excerpt(lacking[0]),
        }
    texts: dict[str, str] = {}
    for row in objects:
        for name in facts.get("metrics") or row:
            if row.get(name) is not None and kind(row[name]) != "number":
                texts.setdefault(name, parsing.excerpt(row[name]))
    values = {name: sorted({_text(row.get(name)) for row in objects})[:MOST_VALUES] for name in filtered}
    extra = {"texts": texts, "values": values, "order": row_order.of(objects, orders) if orders else None}
    sample = {"sample": objects[0]} if objects and len(json.dumps(objects[0])) < LONGEST_METADATA else {}
    return found | {name: one for name, one in extra.items() if one} | sample


def digest(row: Any, columns: Sequence[str] = ()) -> str:
    """A row as 16 hexadecimal digits: equal for equal rows, whatever the order of members and the form of numbers.

    `columns` are the members that count, where the row has any of them; without them all count.
    """
    if isinstance(row, dict):
        row = {name: _plain(row[name]) for name in (columns or row) if name in row} or row
    return hashlib.blake2b(ENCODER.encode(row).encode(), digest_size=8).hexdigest()


def _plain(value: Any) -> Any:
    if not isinstance(value, float):
        return value
    short = float(f"{value:.{DIGITS}g}")
    return int(short) if short.is_integer() else short


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(_plain(value))


@dataclass(frozen=True)
class Link:
    """One link as it stands in metadata of the page at `base`: `raw` is what was sent."""

    raw: Any
    rel: str
    href: str
    base: str

    @cached_property
    def url(self) -> str:
        """The href resolved; empty where there is none, or one that is no URI reference."""
        return links.resolve(self.base, self.href) if links.is_reference(self.href) else ""

    @property
    def leads_to_page(self) -> bool:
        """Whether it is one of the links that lead from page to page."""
        return self.rel in NAVIGATION or "/queries/" in self.href or links.place(self.url) is not None


@dataclass(frozen=True)
class Page:
    """An answer with data. `asked` is the link that was fetched, as it was handed out and resolved."""

    exchange: Exchange
    asked: str

    @property
    def seen(self) -> Mapping[str, Any]:
        """The observation of the answer."""
        found: Mapping[str, Any] = self.exchange.observed("page")
        return found

    @property
    def has_data(self) -> bool:
        """Whether it is a successful answer with rows, see `listed`."""
        return self.exchange.succeeded and "rows" in self.seen

    @property
    def metadata(self) -> Mapping[str, Any]:
        """The object metadata; where there is none, blocked by the requirement that says so."""
        found = self.seen.get("metadata")
        by = "akamai_reporting.ready.metadata"
        expect.precondition(self.exchange.succeeded and isinstance(found, dict), self._not("an object metadata"), by=by)
        assert isinstance(found, dict)
        return found

    @property
    def rows(self) -> list[str]:
        """The digests of the rows; where there are none to be found, blocked by the requirement that says so."""
        expect.precondition(self.has_data, self._not("an array data"), by="akamai_reporting.ready.data-array")
        found: list[str] = self.seen["rows"]
        return found

    def _not(self, what: str) -> str:
        """What came instead of it; raises where no answer came."""
        return f"{self.exchange.name}: {self.exchange.status} without {what}"

    def member(self, name: str) -> Any:
        """A member of metadata; raises Missing."""
        if name not in self.metadata:
            raise Missing(f"a member metadata.{name}", parsing.excerpt(self.metadata), self.exchange)
        return self.metadata[name]

    @property
    def total(self) -> int | None:
        """metadata.totalRows where it is an integer."""
        metadata = self.seen.get("metadata")
        found = metadata.get("totalRows") if isinstance(metadata, dict) else None
        return found if isinstance(found, int) and not isinstance(found, bool) else None

    @cached_property
    def links(self) -> list[Link]:
        """The links that are objects, in order; empty where metadata has none."""
        return [self._link(raw) for raw in self._listed()]

    def _listed(self) -> Iterator[dict[str, Any]]:
        found = self.seen.get("metadata")
        listed = found.get("links") if isinstance(found, dict) else None
        return (one for one in listed if isinstance(one, dict)) if isinstance(listed, list) else iter(())

    def _link(self, raw: dict[str, Any]) -> Link:
        return Link(raw, _rel(raw), str(raw["href"]) if isinstance(raw.get("href"), str) else "", self.asked)

    def link(self, *rels: str) -> Link | None:
        """The first link of one of those relations (RFC 8288: letter case does not count), None where there is none."""
        found = next((raw for raw in self._listed() if _rel(raw) in rels), None)
        return None if found is None else self._link(found)

    def target(self, *rels: str) -> str | None:
        """Where the first link of one of those relations leads; None where there is none to follow."""
        found = self.link(*rels)
        return (found.url or None) if found is not None else None


def _rel(raw: dict[str, Any]) -> str:
    rel = raw.get("rel")
    return rel.lower() if isinstance(rel, str) else ""


def carries_rows(exchange: Exchange, columns: Collection[str] = ()) -> bool:
    """Whether an answer holds rows of a report, as CSV blocks or as JSON: objects that have all of the columns.

    Where no column is known, whatever stands where rows would.
    """
    body = exchange.body
    if any(mark in body for mark in CSV_ROWS):
        return True
    try:
        document = parsing.parse_json(body)
    except parsing.Malformed:
        return False
    if not columns:
        return bool(listed(document))
    wanted = frozenset(columns)
    return any(isinstance(row, dict) and row.keys() >= wanted for array in _arrays(document) for row in array)


def _arrays(document: Any) -> Iterator[list[Any]]:
    """The arrays of a document, those of its members and of their members."""
    layer = [document]
    for _ in range(3):
        yield from (one for one in layer if isinstance(one, list))
        layer = [value for one in layer if isinstance(one, dict) for value in one.values()]


def has_data(exchange: Exchange) -> bool:
    """Whether an answer is that of a ready query: successful, with metadata or rows in whatever form."""
    if not exchange.succeeded:
        return False
    seen = exchange.observations.get("page", {})
    return isinstance(seen.get("metadata"), dict) or "rows" in seen


def is_date_time(value: Any) -> bool:
    """Whether a value is an RFC 3339 date-time."""
    return isinstance(value, str) and DATE_TIME.fullmatch(value) is not None and moment(value) is not None


def moment(value: str) -> float | None:
    """An RFC 3339 date-time in seconds since the epoch; None where it is no moment."""
    from datetime import datetime

    text = re.sub(r"(\.\d{6})\d+", r"\1", value.upper()).replace("-00:00", "+00:00")
    text = re.sub(r":60(?=[.Z+-])", ":59", text)
    try:
        return datetime.fromisoformat(text).timestamp()
    except (ValueError, OverflowError):
        return None


def multiset(pages: Iterable[Page]) -> dict[str, int]:
    """How often each row stands on some pages."""
    found: dict[str, int] = {}
    for page in pages:
        for row in page.rows:
            found[row] = found.get(row, 0) + 1
    return found
