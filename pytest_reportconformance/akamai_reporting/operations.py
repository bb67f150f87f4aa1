"""The operations of the Reporting API v2 as requests."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from pytest_reportconformance.akamai_reporting import links
from pytest_reportconformance.transcript.exchange import Exchange, Request

BASE = links.BASE
JSON = "application/json"
TIMES = {"start": "start", "end": "end", "timeRange": "time_range"}
"""Query parameters of the time range, with the keys of a purpose that hold them."""
MEMBERS = {name: name for name in ("metrics", "dimensions", "filters", "limit")} | {"sortBys": "sort_bys"}
"""Members of a request's body, with the keys of a purpose that hold them."""


def reports(*path: str, credentials: bool = True) -> Request:
    """List reports: all, those of a product family, or those of a reporting area."""
    return Request("GET", "/".join((BASE, *path)), (("Accept", JSON),), credentials=credentials)


def submit(path: str, query: str = "async=true", body: Any = None) -> Request:
    """Submit a report; `path` is family/area/report, `query` goes out as it is."""
    headers: list[tuple[str, str]] = [("Accept", JSON)]
    content = None
    if body is not None:
        headers.append(("Content-Type", JSON))
        content = json.dumps(body).encode()
    creates = "query" if "async=true" in query else None
    return Request("POST", f"{BASE}/{path}/data" + (f"?{query}" if query else ""), tuple(headers), content, creates)


def request_for(facts: Mapping[str, Any], query: str = "async=true", **changes: Any) -> Request:
    """Submit the report of a purpose: its facts, with `changes` to them (None takes one out).

    `query` is the query string without the time range; `async=true` makes it a submission. Without members,
    the body is an empty object.
    """
    facts = {name: fact for name, fact in {**facts, **changes}.items() if fact is not None}
    times = [f"{name}={quote(str(facts[key]))}" for name, key in TIMES.items() if key in facts]
    return submit(facts["path"], "&".join([*([query] if query else []), *times]), body_of(facts))


def body_of(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The body of a request of facts."""
    return {name: facts[key] for name, key in MEMBERS.items() if key in facts}


def with_body(request: Request, body: Any) -> Request:
    """The same request with another body."""
    return replace(request.with_header("Content-Type", JSON), body=json.dumps(body).encode())


def without_body(request: Request) -> Request:
    """The same request without a body."""
    headers = tuple(field for field in request.headers if field[0] != "Content-Type")
    return replace(request, headers=headers, body=None)


def location(exchange: Exchange) -> str | None:
    """Where a submission's answer leads, resolved against the request; None if nowhere."""
    value = identify("query", exchange)
    return links.resolve(exchange.request.url, value) if value else None


def fetch(url: str) -> Request:
    """Fetch a query or a page by its link, byte for byte."""
    return Request("GET", url, (("Accept", JSON),))


def identify(kind: str, exchange: Exchange) -> str | None:
    """The link of the query that a submission created; None if it was refused."""
    if exchange.response is None or exchange.status_code != 303:
        return None
    values = exchange.header_values("Location")
    return values[0] if values else None


def removal(kind: str, id: str) -> tuple[Request, ...]:
    """Nothing: the API has no operation that removes a query."""
    return ()


def creates(request: Request) -> str | None:
    """The kind of thing that a request creates: a submission in asynchronous mode creates a query."""
    parts = urlsplit(request.url)
    asked = parse_qs(parts.query).get("async", [""])[-1]
    return "query" if request.method == "POST" and parts.path.endswith("/data") and asked == "true" else None
