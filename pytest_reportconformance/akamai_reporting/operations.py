"""The operations of the Reporting API v2 as requests."""

from __future__ import annotations

import json
from typing import Any

from pytest_reportconformance.exchange import Exchange, Request

BASE = "/reporting-api/v2/reports"
JSON = "application/json"


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


def fetch(url: str) -> Request:
    """Fetch a query or a page by its link, byte for byte."""
    return Request("GET", url, (("Accept", JSON),))


def identify(kind: str, exchange: Exchange) -> str | None:
    """The link of the query that a submission created; None where it was refused."""
    if exchange.response is None or exchange.status != 303:
        return None
    values = exchange.headers("Location")
    return values[0] if values else None


def removal(kind: str, id: str) -> tuple[Request, ...]:
    """Nothing: the API has no operation that removes a query."""
    return ()
