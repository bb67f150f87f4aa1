"""The content of an answer with data: rows as digests, metadata, links. Observed once, during the recording.

Rule: the observation of a page of any size is small, and checks read nothing else. An answer of a server makes these
functions raise `Broken` and `NotReached` only.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pytest_reportconformance.akamai_reporting import links, row_observation
from pytest_reportconformance.akamai_reporting.row_observation import Facts
from pytest_reportconformance.judging import expect
from pytest_reportconformance.transcript import parsing
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.failures import Missing

NAVIGATION = ("first", "self", "prev", "previous", "next", "last")
MOST_LINKS = 100
LONGEST_METADATA = 16 * 1024
LONGEST_MEMBER = 500
DATE_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")
"""RFC 3339 section 5.6."""
ABSENT = object()
NO_ROWS = ("links", "errors", "warnings", "messages")
CSV_ROWS = (b"#DATA_START", b"#COLUMN_START")


def page(facts: Facts) -> Callable[[bytes], dict[str, Any]]:
    """An observer of answers to a request with those facts: the observation `page`, see `Page`."""
    request = row_observation.requested(facts)

    def observe(body: bytes) -> dict[str, Any]:
        try:
            document = parsing.parse_json(body)
        except parsing.Malformed as error:
            return {"page": {"kind": f"malformed: {error}" if body else "an empty body"}}
        data = listed(document)
        rows = {} if data is None else row_observation.observed(data, request)
        return {"page": {"kind": kind(document), **_members(document, len(body)), **rows}}

    return observe


def _members(document: Any, size: int) -> dict[str, Any]:
    """The metadata and the type of `data` of a document of so many bytes."""
    if not isinstance(document, dict):
        return {}
    return {
        "metadata": _metadata(document.get("metadata"), size <= LONGEST_METADATA),
        "data": kind(document.get("data", ABSENT)),
    }


def listed(document: Any) -> list[Any] | None:
    """The rows of an answer: its array `data`, or without such a member its only array of objects."""
    if isinstance(document, list):
        return document
    if not isinstance(document, dict):
        return None
    if "data" in document:
        return document["data"] if isinstance(document["data"], list) else None
    return _only_array_of_objects(document)


def _only_array_of_objects(document: dict[str, Any]) -> list[Any] | None:
    """The only array of objects among the members; an empty one only beside metadata."""
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
    """The metadata, reduced to what checks read if it is large; the type of anything that is no object."""
    if not isinstance(value, dict):
        return kind(value)
    if small or len(json.dumps(value)) <= LONGEST_METADATA:
        return value
    short = {name: one for name, one in value.items() if name != "links" and len(json.dumps(one)) < LONGEST_MEMBER}
    found = value.get("links")
    return short | {"links": found[:MOST_LINKS] if isinstance(found, list) else found}


@dataclass(frozen=True)
class Link:
    """One link as it stands in metadata of the page at `base`: `raw` is what was sent."""

    raw: Any
    rel: str
    href: str
    base: str

    @cached_property
    def url(self) -> str:
        """The href resolved; empty if there is none, or one that is no URI reference."""
        return links.resolve(self.base, self.href) if links.is_reference(self.href) else ""

    @property
    def leads_to_page(self) -> bool:
        """Whether it is one of the links that lead from page to page."""
        return self.rel in NAVIGATION or "/queries/" in self.href or links.place(self.url) is not None


@dataclass(frozen=True)
class Page:
    """An answer with data. `url` is the link that was fetched, resolved."""

    exchange: Exchange
    url: str

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
    def described(self) -> bool:
        """Whether it is a successful answer with an object metadata."""
        return self.exchange.succeeded and isinstance(self.seen.get("metadata"), dict)

    @property
    def metadata(self) -> Mapping[str, Any]:
        """The object metadata; blocked by the requirement about it if there is none."""
        found = self.seen.get("metadata")
        by = "akamai_reporting.ready.metadata"
        expect.precondition(self.exchange.succeeded and isinstance(found, dict), self._not("an object metadata"), by=by)
        assert isinstance(found, dict)
        return found

    @property
    def rows(self) -> list[str]:
        """The digests of the rows; blocked by the requirement about `data` if there are none."""
        expect.precondition(self.has_data, self._not("an array data"), by="akamai_reporting.ready.data-array")
        found: list[str] = self.seen["rows"]
        return found

    def _not(self, what: str) -> str:
        """The status that came instead; raises NotReached if no answer came."""
        return f"{self.exchange.name}: {self.exchange.status_code} without {what}"

    def member(self, name: str) -> Any:
        """A member of metadata; raises Missing."""
        if name not in self.metadata:
            raise Missing(f"a member metadata.{name}", parsing.excerpt(self.metadata), self.exchange)
        return self.metadata[name]

    @property
    def total(self) -> int | None:
        """metadata.totalRows if it is an integer."""
        metadata = self.seen.get("metadata")
        found = metadata.get("totalRows") if isinstance(metadata, dict) else None
        return found if isinstance(found, int) and not isinstance(found, bool) else None

    @cached_property
    def links(self) -> list[Link]:
        """The links that are objects, in order; empty if metadata has none."""
        return [self._link(raw) for raw in self._listed()]

    def _listed(self) -> Iterator[dict[str, Any]]:
        found = self.seen.get("metadata")
        listed = found.get("links") if isinstance(found, dict) else None
        return (one for one in listed if isinstance(one, dict)) if isinstance(listed, list) else iter(())

    def _link(self, raw: dict[str, Any]) -> Link:
        return Link(raw, _rel(raw), str(raw["href"]) if isinstance(raw.get("href"), str) else "", self.url)

    @property
    def is_single(self) -> bool:
        """Whether it has data, and all links between pages lead to one page, none of them under another name."""
        leading = [link for link in self.links if link.leads_to_page]
        named = all(link.rel in NAVIGATION for link in leading)
        return self.has_data and bool(leading) and named and len({links.normal(link.url) for link in leading}) == 1

    def link(self, *rels: str) -> Link | None:
        """The first link of one of those relations (RFC 8288: letter case does not count), None if there is none."""
        found = next((raw for raw in self._listed() if _rel(raw) in rels), None)
        return None if found is None else self._link(found)

    def target(self, *rels: str) -> str | None:
        """Where the first link of one of those relations leads; None if there is none to follow."""
        found = self.link(*rels)
        return (found.url or None) if found is not None else None


def _rel(raw: dict[str, Any]) -> str:
    rel = raw.get("rel")
    return rel.lower() if isinstance(rel, str) else ""


def carries_rows(exchange: Exchange, columns: Collection[str] = ()) -> bool:
    """Whether an answer holds rows of a report, as CSV blocks or as JSON: objects that have all of the columns.

    If no column is known, any items in the position of rows.
    """
    body = exchange.content
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
    """Whether an answer is that of a ready query: successful, with metadata or rows in any form."""
    if not exchange.succeeded:
        return False
    seen = exchange.observations.get("page", {})
    return isinstance(seen.get("metadata"), dict) or "rows" in seen


def is_date_time(value: Any) -> bool:
    """Whether a value is an RFC 3339 date-time."""
    return isinstance(value, str) and DATE_TIME.fullmatch(value) is not None and moment(value) is not None


def moment(value: str) -> float | None:
    """An RFC 3339 date-time in seconds since the epoch; None if it is no moment."""
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
