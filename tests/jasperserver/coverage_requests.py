"""Which operation of reportExecutions a request calls, read from its method, URL and body."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from pytest_reportconformance.jasperserver.operations import BASE
from pytest_reportconformance.transcript import parsing
from pytest_reportconformance.transcript.exchange import Exchange, Request

RANGE = re.compile(r"(\d+)(?:-(\d+))?")
PATTERNS = {
    ("POST", ""): "run",
    ("GET", ""): "search",
    ("GET", "*"): "details",
    ("DELETE", "*"): "delete",
    ("GET", "*/status"): "status",
    ("PUT", "*/status"): "cancel",
    ("GET", "*/info"): "info",
    ("POST", "*/parameters"): "parameters",
    ("POST", "*/exports"): "export",
    ("GET", "*/pages/*/status"): "page-status",
    ("GET", "*/exports/*/status"): "export-status",
    ("GET", "*/exports/*/outputResource"): "output",
    ("GET", "*/exports/*/attachments/*"): "attachment",
}


@dataclass(frozen=True)
class Call:
    """A request: its operation, the ids of execution and export, the page or file name, the arguments of a search."""

    operation: str
    id: str = ""
    export: str = ""
    name: str = ""
    arguments: dict[str, str] = field(default_factory=dict, hash=False)


def call_of(exchange: Exchange) -> Call | None:
    """The documented operation that an exchange calls; None if there is none."""
    parts = urlsplit(exchange.request.url)
    _, found, rest = parts.path.partition(BASE)
    if not found:
        return None
    segments = [unquote(one) for one in rest.strip("/").split("/")] if rest.strip("/") else []
    shape = "/".join("*" if number in (0, 2, 4) else one for number, one in enumerate(segments))
    operation = PATTERNS.get((exchange.request.method, shape))
    if operation is None:
        return None
    id, inner = (segments[0] if segments else ""), (segments[2] if len(segments) > 2 else "")
    if operation == "page-status":
        return Call(operation, id, name=inner)
    arguments = {name: value for name, value in parse_qsl(parts.query) if operation == "search"}
    return Call(operation, id, inner, segments[4] if len(segments) > 4 else "", arguments)


def members(request: Request) -> dict[str, Any]:
    """The members of a request's body, in JSON or XML; empty if it cannot be read."""
    try:
        found = json.loads(request.body or b"")
    except ValueError:
        try:
            return {child.tag: child.text for child in parsing.parse_xml(request.body or b"")}
        except parsing.Malformed:
            return {}
    return found if isinstance(found, dict) else {}


def chosen_page(pages: Any, last: int) -> str:
    """Which pages of a report with `last` pages a request asks for."""
    if pages is None or pages == "":
        return "all"
    match = RANGE.fullmatch(str(pages))
    if match is None:
        return "malformed"
    start, end = int(match[1]), int(match[2] or match[1])
    if max(start, end) > last:
        return "beyond"
    if match[2] is None:
        return "one"
    return "page to itself" if start == end else "to the last" if end == last else "range"
