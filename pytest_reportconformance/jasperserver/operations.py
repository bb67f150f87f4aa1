"""The operations of `rest_v2/reportExecutions` as requests, and how to remove what they made."""

from __future__ import annotations

import json
from typing import Any

from pytest_reportconformance.exchange import Exchange, Missing, Request

BASE = "/rest_v2/reportExecutions"
JSON = "application/json"


def run(uri: str, accept: str | None = JSON, **members: Any) -> Request:
    """Run a report; `members` are those of reportExecutionRequest."""
    body = {"reportUnitUri": uri, "async": True, "outputFormat": "html", **members}
    headers = [("Content-Type", JSON)] + ([("Accept", accept)] if accept else [])
    return Request("POST", BASE, tuple(headers), json.dumps(body).encode(), creates="execution")


def status(id: str, accept: str | None = JSON) -> Request:
    """Poll the status of an execution."""
    return Request("GET", f"{BASE}/{id}/status", (("Accept", accept),) if accept else ())


def cancel(id: str) -> Request:
    """Cancel an execution."""
    body = json.dumps({"value": "cancelled"}).encode()
    return Request("PUT", f"{BASE}/{id}/status", (("Content-Type", JSON), ("Accept", JSON)), body)


def delete(id: str) -> Request:
    """Remove an execution."""
    return Request("DELETE", f"{BASE}/{id}", (("Accept", JSON),), removes=id)


def identify(kind: str, exchange: Exchange) -> str | None:
    """The id of what a request made, read from its answer; None where the server made nothing."""
    if not exchange.succeeded:
        return None
    try:
        if exchange.media_type.endswith("xml"):
            return exchange.xml.findtext("requestId")
        id = exchange.field("requestId")
    except Missing:
        return None
    return id if isinstance(id, str) and id else None


def removal(kind: str, id: str) -> tuple[Request, ...]:
    """The requests that remove what was made: cancel first, because some products delete nothing that runs."""
    return cancel(id), delete(id)
