"""What a recorded request asks for: the operation, the ids in its URL, and what the body of a run names.

Rule: pure functions over exchanges.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import unquote, urlsplit

from pytest_reportconformance.transcript import parsing
from pytest_reportconformance.transcript.exchange import Exchange

OF_EXECUTION = re.compile(r"/rest_v2/reportExecutions(?:/(?P<execution>[^/]+)(?P<rest>/.*?)?)?/?$")
OF_EXPORT = re.compile(r"/exports/(?P<export>[^/]+)/(?P<what>status|outputResource|attachments/(?P<file>[^/]+))$")
OF_PAGE = re.compile(r"/pages/[^/]+/status$")


@dataclass(frozen=True)
class Asked:
    """What a request asks for: an operation, and the execution, export and file in its URL."""

    operation: str
    execution: str = ""
    export: str = ""
    file: str = ""


def asked_for(exchange: Exchange) -> Asked | None:
    """What a request asks for; None if it is no request of this service."""
    return _asked_for(exchange.request.method, exchange.request.url)


@lru_cache(maxsize=4096)
def _asked_for(method: str, url: str) -> Asked | None:
    match = OF_EXECUTION.search(urlsplit(url).path)
    if match is None:
        return None
    execution, rest = unquote(match["execution"] or ""), match["rest"] or ""
    export = OF_EXPORT.search(rest)
    if export is not None and method == "GET":
        what = {"status": "export-status", "outputResource": "output"}.get(export["what"], "attachment")
        return Asked(what, execution, unquote(export["export"]), unquote(export["file"] or ""))
    if OF_PAGE.search(rest):
        return Asked("page-status", execution)
    operation = OPERATIONS.get((method, rest if execution else None))
    return Asked(operation, execution) if operation else None


OPERATIONS = {
    ("POST", None): "run",
    ("GET", None): "search",
    ("GET", ""): "details",
    ("DELETE", ""): "delete",
    ("GET", "/status"): "status",
    ("PUT", "/status"): "cancel",
    ("POST", "/status"): "cancel",
    ("POST", "/exports"): "export",
    ("POST", "/parameters"): "parameters",
    ("GET", "/info"): "info",
}
"""Operations by their method and what follows the id in the URL: None without an id."""


def is_run(exchange: Exchange) -> bool:
    """Whether an exchange is a run."""
    asked = asked_for(exchange)
    return asked is not None and asked.operation == "run"


def report_of(run: Exchange) -> str | None:
    """The path of the report that a run asks for; None if its body cannot be read."""
    found = _member(run, "reportUnitUri")
    return found.removeprefix("repo:").rstrip("/") if isinstance(found, str) else None


def format_of(run: Exchange) -> str | None:
    """The output format that a run asks for; None if it asks for none."""
    found = _member(run, "outputFormat")
    return found if isinstance(found, str) and found else None


def _member(run: Exchange, name: str) -> Any:
    body = run.request.body or b""
    try:
        if body.lstrip()[:1] == b"<":
            return parsing.parse_xml(body).findtext(name)
        return json.loads(body).get(name)
    except (ValueError, AttributeError, parsing.Malformed):
        return None
