"""Answers to synchronous requests in transcripts, as the checks read them.

Rule: pure over transcripts.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from pytest_reportconformance.akamai_reporting import links
from pytest_reportconformance.akamai_reporting.query_results import Transcripts
from pytest_reportconformance.judging import expect
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.failures import Missing
from pytest_reportconformance.transcript.transcript import Transcript

DATA = "akamai_reporting.sync.data"


def at_once(synchronous: Transcript, name: str) -> Exchange:
    """An answer; not applicable if it is a link to a query, which no document forbids."""
    exchange = synchronous[name]
    led = [links.resolve(exchange.request.url, written) for written in exchange.header_values("Location")]
    later = exchange.status_code == 303 and any(links.place(link) for link in led)
    expect.applies(not later, f"{name}: answered with a link to a query")
    return exchange


def everywhere(transcripts: Transcripts) -> list[Exchange]:
    """All successful answers to synchronous requests for JSON, of all scenarios.

    Blocked if there are only refusals, not applicable if there are only links to queries.
    """
    sent = [one for transcript in transcripts for one in transcript if one.request.method == "POST"]
    found = [one for one in sent if "page" in one.observations and one.response is not None and one.succeeded]
    refused = [
        one for one in sent if "page" in one.observations and one.response is not None and one.status_code >= 400
    ]
    expect.applies(bool(found or refused), "no synchronous request is answered at once")
    expect.precondition(bool(found), "no synchronous request is answered with data", by="akamai_reporting.sync.status")
    return found


def metadata(exchange: Exchange) -> dict[str, Any]:
    """The metadata of a synchronous answer; raises Missing."""
    expect.precondition(exchange.succeeded, f"{exchange.name}: no data", exchange)
    found = exchange.observed("page").get("metadata")
    if not isinstance(found, dict):
        raise Missing("an object metadata", str(found), exchange)
    return found


def member(exchange: Exchange, name: str) -> Any:
    """A member of the metadata; raises Missing."""
    found = metadata(exchange)
    if name not in found:
        raise Missing(f"a member metadata.{name}", ", ".join(found), exchange)
    return found[name]


def rows(exchange: Exchange, by: str = DATA) -> list[str]:
    """The digests of the rows; blocked if there is no array data."""
    page = exchange.observed("page") if exchange.succeeded else {}
    expect.precondition(page.get("data") == "array", f"{exchange.name}: no rows", exchange, by)
    found: list[str] = page["rows"]
    return found


def whole(synchronous: Transcript) -> list[str]:
    """The rows of the request; not applicable if two equal requests return different rows."""
    first, last = rows(at_once(synchronous, "whole")), rows(at_once(synchronous, "whole-again"))
    expect.applies(Counter(first) == Counter(last), "the rows of the report change between two equal requests")
    return first


def came_back(synchronous: Transcript, found: Counter[str]) -> bool:
    """Whether the asynchronous mode returns the rows of the first answer although a later answer had others."""
    first, between, last = (rows(synchronous[name]) for name in ("whole", "async-false", "whole-again"))
    return Counter(first) == found != Counter(between) and Counter(last) != found


def cut_off(synchronous: Transcript) -> bool:
    """Whether hasMoreRows is true, and totalRows of the asynchronous mode does not contradict it."""
    polls = synchronous.all("asynchronous-poll")
    page = polls[-1].observations.get("page", {}) if polls else {}
    total = page["metadata"].get("totalRows") if isinstance(page.get("metadata"), dict) else None
    return metadata(at_once(synchronous, "whole")).get("hasMoreRows") is True and total != synchronous.fact("rows")
