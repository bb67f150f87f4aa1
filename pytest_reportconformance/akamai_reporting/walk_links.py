"""What the links of the pages of a walk violate: a link leads where it led before.

A server may issue new links at every GET: a link that was not seen before is not compared, but the rows behind it are.
Rule: pure functions over answers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from pytest_reportconformance.akamai_reporting import links
from pytest_reportconformance.akamai_reporting.assertions import PREV
from pytest_reportconformance.akamai_reporting.observation import Page
from pytest_reportconformance.akamai_reporting.walk_moves import FIRST, LAST, Subject
from pytest_reportconformance.transcript.walk import Judged, judged

LEADS = {"first": "akamai_reporting.links.first-equal", "last": "akamai_reporting.links.last-equal"}
"""Links that resolve to one URL on all pages."""

Found = Iterator[Judged]


def linked(subject: Subject, name: str, page: Page) -> Found:
    """The links of a page, and the page as the goal of the link that led to it."""
    yield judged("akamai_reporting.links.present", bool(page.links), "links", "none", page.exchange)
    yield from _goal(subject, name, page)
    if not page.links:
        return
    yield from _equal(subject, page)
    itself = page.target("self")
    if itself is not None and not links.same(page.url, subject.location):
        same = links.same(itself, page.url)
        yield judged("akamai_reporting.links.self-resolves", same, f"self = {page.url}", itself, page.exchange)
    if name.isdigit():
        yield from _following(subject, int(name), page)
        yield from _preceding(subject, int(name), page)


def _equal(subject: Subject, page: Page) -> Found:
    """The first and the last link, which are equal on all pages."""
    for rel, id in LEADS.items():
        target = page.target(rel)
        if target is not None:
            known = subject.said.setdefault(rel, target)
            yield judged(id, links.same(known, target), f"{rel} = {known}, as before", target, page.exchange)
    if "first" in subject.said:
        id, rels = "akamai_reporting.links.first-on-every-page", [link.rel for link in page.links]
        yield judged(id, page.link("first") is not None, "a first link", rels, page.exchange)


def _goal(subject: Subject, name: str, page: Page) -> Found:
    """A page that is known by another way: it has the rows that it has there."""
    expected = "the rows of the page that the link led to before"
    if name.isdigit() and name != FIRST:
        yield from _same("akamai_reporting.links.next-leads-on", subject, name, page, expected)
    elif name == "first":
        yield from _same("akamai_reporting.links.location-is-first", subject, FIRST, page, "the rows of the Location")
    elif name == LAST and subject.final is not None:
        id = "akamai_reporting.links.last-leads-to-last-page"
        expected = f"the rows of page {subject.final}, which has the last rows"
        yield from _same(id, subject, str(subject.final), page, expected)
    elif name.endswith("-prev") and (number := _number(name.removesuffix("-prev"))) is not None:
        id = "akamai_reporting.links.prev-leads-back"
        yield from _same(id, subject, str(number - 1), page, f"the rows of page {number - 1}")


def _same(id: str, subject: Subject, known: str, page: Page, expected: str) -> Found:
    """Whether a page has the rows of a known one, if its link gives the same rows at every GET."""
    rows = Counter(page.rows)
    if known in subject.read and rows == Counter(subject.rows[links.normal(page.url)]):
        yield judged(id, rows == Counter(subject.read[known]), expected, "other rows", page.exchange)


def _number(name: str) -> int | None:
    return int(name) if name.isdigit() and int(name) > 1 else None


def _following(subject: Subject, number: int, page: Page) -> Found:
    """The next link of a page: to the page that follows, at every GET."""
    target, name = page.target("next"), str(number)
    before = subject.following.get(name)
    if target is None:
        if before is not None and subject.read.get(str(number + 1)):
            id, rels = "akamai_reporting.links.next-leads-on", [link.rel for link in page.links]
            yield judged(id, False, "a next link, as before", rels, page.exchange)
        return
    led = subject.numbers.setdefault(links.normal(target), number + 1)
    subject.following[name] = links.normal(target)
    yield judged("akamai_reporting.links.next-ends", led > number, "a link to a later page", target, page.exchange)
    if before is not None:
        id, expected = "akamai_reporting.links.next-leads-on", f"a next link to page {number + 1}"
        yield judged(id, led == number + 1, expected, target, page.exchange)


def _preceding(subject: Subject, number: int, page: Page) -> Found:
    """The prev link of a page: to the page whose next link leads to it."""
    target = page.target(*PREV)
    led = subject.numbers.get(links.normal(target)) if target is not None else None
    if number == 1:
        first = page.target("first")
        if first is not None and links.same(first, page.url):
            id = "akamai_reporting.links.first-without-prev"
            yield judged(id, target is None, "no prev link", target, page.exchange)
    elif led is not None:
        id, expected = "akamai_reporting.links.prev-leads-back", f"a prev link to page {number - 1}"
        yield judged(id, led == number - 1, expected, target, page.exchange)
