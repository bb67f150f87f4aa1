"""Assertions that several check files share.

Rule: check files import these and not each other.
"""

from __future__ import annotations

from typing import Any

from pytest_reportconformance.akamai_reporting import links, observation
from pytest_reportconformance.akamai_reporting.observation import Page
from pytest_reportconformance.judging import expect
from pytest_reportconformance.transcript.exchange import Exchange

CLIENT_ERRORS = range(400, 500)
PREV = ("prev", "previous")


def text(value: Any, what: str, found: Any, exchange: Exchange) -> None:
    """A value is a text that is not empty; `found` is shown if it is not."""
    expect.that(isinstance(value, str) and value != "", what, found, exchange)


def client_error(exchange: Exchange) -> None:
    """An answer has a status of 400 to 499."""
    expect.that(exchange.status in CLIENT_ERRORS, "a client error", exchange.status, exchange)


def no_rows(exchange: Exchange) -> None:
    """An answer carries no rows of a report."""
    expect.that(not observation.carries_rows(exchange), "no rows", f"{exchange.status} with rows", exchange)


def whole_links(found: Any, what: str, exchange: Exchange) -> None:
    """A value is an array, not empty, of links with rel, href and allow."""
    expect.that(isinstance(found, list) and found != [], what, found, exchange)
    for link in found:
        expect.that(links.is_whole(link), "a link with rel, href and allow", link, exchange)


def same_rows(one: Page, other: Page) -> bool:
    """Whether two pages hold the same rows, in any order."""
    return other.has_data and observation.multiset([one]) == observation.multiset([other])
