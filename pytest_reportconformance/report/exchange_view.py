"""An exchange as the HTML files show it: lines, header fields and bodies, cut to what a reader needs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pytest_reportconformance.report.html_templates import short, slug
from pytest_reportconformance.report.stored import Stored
from pytest_reportconformance.transcript import curl
from pytest_reportconformance.transcript.exchange import Exchange, Response
from pytest_reportconformance.transcript.parsing import visible


@dataclass(frozen=True)
class Sizes:
    """The longest body and field in characters, and the most fields."""

    body: int = 4000
    field: int = 500
    fields: int = 60


def anchor(scenario: str, number: int) -> str:
    """The name of an exchange in links."""
    return f"scenario-{slug(scenario)}-{number}"


def link(stored: Stored, check: Mapping[str, Any]) -> str | None:
    """The name in links of the exchange that shows what a check found; None if it shows none."""
    found = stored.place(check) if check["evidence"]["step"] else None
    return None if found is None else anchor(*found)


def view(exchange: Exchange, sizes: Sizes = Sizes()) -> dict[str, Any]:
    """What the template `exchange.html` shows."""
    request, response = exchange.request, exchange.response
    return {
        "name": exchange.name,
        "identity": exchange.identity,
        "line": short(exchange.line, sizes.field),
        "status": status(exchange),
        "seconds": exchange.seconds,
        "request_headers": _fields(request.headers, sizes),
        "request_body": _body(request.body, sizes),
        "error": exchange.error.text if exchange.error else None,
        "response_headers": _fields(response.headers, sizes) if response else [],
        "response_body": _answered(response, sizes) if response else None,
        "size": response.size if response else None,
        "sha256": response.sha256 if response else None,
        "observations": json.dumps(dict(exchange.observations), ensure_ascii=False)[: sizes.body],
        "curl": short(curl.line(exchange), sizes.body),
    }


def status(exchange: Exchange) -> str:
    """The status line of the answer."""
    response: Response | None = exchange.response
    return visible(f"{response.status_code} {response.reason}".strip()) if response else "no answer"


def _answered(response: Response, sizes: Sizes) -> str | None:
    return _body(response.content if response.content is not None else response.head, sizes)


def _fields(fields: Iterable[tuple[str, str]], sizes: Sizes) -> list[tuple[str, str]]:
    """Header fields for readers: the first ones, long values cut."""
    return [(short(name, sizes.field), short(value, sizes.field)) for name, value in list(fields)[: sizes.fields]]


def _body(body: bytes | None, sizes: Sizes) -> str | None:
    """A body for readers: text, cut if it is long; binary bodies are only counted."""
    if not body:
        return None
    try:
        text = body[: sizes.body].decode("utf-8", "strict" if len(body) <= sizes.body else "ignore")
    except UnicodeDecodeError:
        return f"{len(body)} bytes that are not text"
    if "\x00" in text:
        return f"{len(body)} bytes that are not text"
    more = f"\n… {len(body) - sizes.body} more bytes" if len(body) > sizes.body else ""
    return visible(text) + more
