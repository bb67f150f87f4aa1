"""The reports of the reference server: their pages, their duration, and whether they fail.

They behave like the report definitions of the same name in the provisioning kit, which have no chart.
"""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace

from pytest_reportconformance.jasperserver.reference.controls import whole
from pytest_reportconformance.jasperserver.reference.faults import GENERIC, Fault
from pytest_reportconformance.jasperserver.reference.options import Values

INSTANT = 0.012
"""Seconds that a report without a wait takes."""


@dataclass(frozen=True)
class Page:
    """A page of a report: its lines of text, its pictures (file name endings of attachments), its anchors.

    A script draws its `chart` in interactive HTML.
    """

    lines: tuple[str, ...]
    pictures: tuple[str, ...] = ()
    anchors: tuple[str, ...] = ()
    chart: bool = False


@dataclass(frozen=True)
class Bookmark:
    """An entry of the table of contents; `page` counts from 0."""

    label: str
    page: int
    under: tuple[Bookmark, ...] = ()


@dataclass(frozen=True)
class Plan:
    """The result of a run: page n exists `made_after[n - 1]` seconds after the start, the end is after `seconds`."""

    pages: tuple[Page, ...]
    made_after: tuple[float, ...]
    seconds: float
    fault: Fault | None = None
    bookmarks: tuple[Bookmark, ...] = ()
    parts: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class Duration:
    """Default seconds of the slow report, and of each page of the report of slow pages."""

    slow_seconds: float = 0.8
    page_seconds: float = 0.15


Design = Callable[[Values, Duration], Plan]


def merged(pages: tuple[Page, ...]) -> tuple[Page, ...]:
    """The same report on one page."""
    if len(pages) < 2:
        return pages
    return (
        Page(
            tuple(line for page in pages for line in page.lines),
            tuple(picture for page in pages for picture in page.pictures),
            tuple(anchor for page in pages for anchor in page.anchors),
            any(page.chart for page in pages),
        ),
    )


def at_once(*pages: Page) -> Plan:
    """A plan whose pages all exist after `INSTANT`."""
    return Plan(pages, (INSTANT,) * len(pages), INSTANT)


def text(*lines: str) -> Page:
    """A page of text."""
    return Page(lines)


def fast(values: Values, pace: Duration) -> Plan:
    """One page."""
    return at_once(text("FAST"))


def multi(values: Values, pace: Duration) -> Plan:
    """Seven pages."""
    return at_once(*(text(f"PAGE-{number}-OF-7") for number in range(1, 8)))


def slow(values: Values, pace: Duration) -> Plan:
    """One page after a wait of `seconds`."""
    given = whole(values, "seconds")
    seconds = pace.slow_seconds if given is None else float(given)
    return Plan((text(f"SLOW-{seconds:g}"),), (seconds,), seconds)


def slowpages(values: Values, pace: Duration) -> Plan:
    """Eight pages, one each `millis` milliseconds."""
    millis = whole(values, "millis")
    each = pace.page_seconds if millis is None else millis / 1000
    pages = tuple(text(f"PAGE-{number}-OF-8") for number in range(1, 9))
    return Plan(pages, tuple(each * number for number in range(1, 9)), each * 8 + INSTANT)


def images(values: Values, pace: Duration) -> Plan:
    """A page with an opaque and a transparent picture, and a chart."""
    return at_once(Page(("IMAGES",), ("jpg", "png"), chart=True))


def bookmarks(values: Values, pace: Duration) -> Plan:
    """Four pages, two regions with two cities each."""
    pages = (
        Page(("North", "Oslo"), anchors=("North", "Oslo")),
        Page(("Turku",), anchors=("Turku",)),
        Page(("South", "Rome"), anchors=("South", "Rome")),
        Page(("Faro",), anchors=("Faro",)),
    )
    tree = (
        Bookmark("North", 0, (Bookmark("Oslo", 0), Bookmark("Turku", 1))),
        Bookmark("South", 2, (Bookmark("Rome", 2), Bookmark("Faro", 3))),
    )
    return replace(at_once(*pages), bookmarks=tree)


def parts(values: Values, pace: Duration) -> Plan:
    """A book of three parts of a page each."""
    names = ("Cover", "Body", "Annex")
    return replace(at_once(*(text(f"PART-{name}") for name in names)), parts=tuple(enumerate(names)))


def params(values: Values, pace: Duration) -> Plan:
    """A page that prints each parameter."""
    one = {name: next(iter(values.get(name, [])), "") for name in ("city", "count", "since", "flag")}
    return at_once(
        text(
            f"city={one['city'] or 'Oslo'}",
            f"tags=[{';'.join(values.get('tags', []))}]",
            f"count={int(one['count'] or 10)}",
            f"since={one['since'] or 'null'}",
            f"flag={one['flag'].lower() or 'false'}",
        )
    )


def failing(values: Values, pace: Duration) -> Plan:
    """Fails on its first page."""
    return Plan((), (), INSTANT, GENERIC)


def failinglate(values: Values, pace: Duration) -> Plan:
    """Fails after four pages."""
    pages = tuple(text(f"PAGE-{number}") for number in range(1, 5))
    each = min(0.25, pace.page_seconds / 4)
    return Plan(pages, tuple(each * number for number in range(1, 5)), each * 5, GENERIC)


def empty(values: Values, pace: Duration) -> Plan:
    """Succeeds without a page."""
    return at_once()


def runcounter(values: Values, pace: Duration) -> Plan:
    """A page with two values that no other run prints."""
    return at_once(text(f"RUN-{uuid.uuid4()}", f"AT-{time.time_ns() // 1_000_000}"))


_ALL: tuple[Design, ...] = (
    *(fast, multi, slow, slowpages, images, bookmarks, parts),
    *(params, failing, failinglate, empty, runcounter),
)
DESIGNS = {design.__name__: design for design in _ALL}
_NAME = re.compile(rb"<jasperReport\b[^>]*?\sname=\"([^\"]*)\"", re.DOTALL)
_DEFAULT = rb"<parameter name=\"%s\"[^>]*>\s*<defaultValueExpression><!\[CDATA\[(\d+)\]\]>"


def design_name(definition: bytes) -> str | None:
    """The name of an uploaded report definition; None if it is none."""
    found = _NAME.search(definition)
    return found[1].decode("utf-8", "replace") if found else None


def default_waits(definition: bytes) -> Values:
    """The defaults that an uploaded definition gives to its waits."""
    found = {name: re.search(_DEFAULT % name.encode(), definition) for name in ("seconds", "millis")}
    return {name: [match[1].decode()] for name, match in found.items() if match}
