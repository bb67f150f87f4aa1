"""Assertions that several check files share.

Rule: check files import these and not each other.
"""

from __future__ import annotations

from typing import Any

from pytest_reportconformance.akamai_reporting import links, observation
from pytest_reportconformance.akamai_reporting.observation import Page
from pytest_reportconformance.judging import expect
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.transcript import Transcript

READY = "akamai_reporting.poll.becomes-ready"
"""What a check rests on that asks for a query by its Location."""
DEAD = (404, 410)
CLIENT_ERRORS = range(400, 500)
PREV = ("prev", "previous")


def locations_lead_to_queries(*transcripts: Transcript) -> None:
    """Some Location of a submission leads to a query; the check is blocked if every one is dead."""
    polls = [poll for transcript in transcripts for poll in transcript if links.query_id(poll.request.url)]
    alive = [poll for poll in polls if poll.response is None or poll.status_code not in DEAD]
    expect.precondition(bool(alive) or not polls, "no Location leads to a query", polls[0] if polls else None, READY)


def text(value: Any, what: str, found: Any, exchange: Exchange) -> None:
    """A value is a text that is not empty; `found` is shown if it is not."""
    expect.that(isinstance(value, str) and value != "", what, found, exchange)


def client_error(exchange: Exchange) -> None:
    """An answer has a status of 400 to 499."""
    expect.that(exchange.status_code in CLIENT_ERRORS, "a client error", exchange.status_code, exchange)


def no_rows(exchange: Exchange) -> None:
    """An answer carries no rows of a report."""
    expect.that(not observation.carries_rows(exchange), "no rows", f"{exchange.status_code} with rows", exchange)


def whole_links(found: Any, what: str, exchange: Exchange) -> None:
    """A value is an array, not empty, of links with rel, href and allow."""
    expect.that(isinstance(found, list) and found != [], what, found, exchange)
    for link in found:
        expect.that(links.is_whole(link), "a link with rel, href and allow", link, exchange)


def same_rows(one: Page, other: Page) -> bool:
    """Whether two pages hold the same rows, in any order."""
    return other.has_data and observation.multiset([one]) == observation.multiset([other])
