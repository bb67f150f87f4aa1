"""Prism serves the OpenAPI documents of both APIs, and accepts the documented requests that the suite sends."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from pytest_reportconformance.register import apis
from pytest_reportconformance.transcript.exchange import Exchange
from tests import openapi
from tests.foreign.servers import free_port, listening, prism
from tests.mutation.recorded_run import recorded

SENT = ("accept", "content-type")
OUR_CREDENTIALS = {"Authorization": "Basic eDp5"}
REFUSAL = re.compile(
    "https://stoplight.io/prism/errors#(NO_|METHOD_|INVALID_|UNAUTHORIZED|UNPROCESSABLE_ENTITY|UNSUPPORTED_)"
)
"""The types of problems that are about the request; others are about the answer that Prism would make."""
LEAST = {"jasperserver": 500, "akamai_reporting": 60}


def granted(api: str) -> Iterator[tuple[str, Exchange]]:
    """The requests of a run that the reference server granted, each once, with the names of their operations."""
    operations = importlib.import_module(f"pytest_reportconformance.{api}.contract").OPERATIONS
    seen = set()
    for transcript in recorded(api, "reference").transcripts.values():
        for exchange in transcript.exchanges:
            sent = exchange.request
            names = [name for name, one in operations.items() if one.parameters(exchange) is not None]
            key = (sent.method, sent.url, sent.header("Accept"), sent.header("Content-Type"), sent.body)
            if names and exchange.granted and sent.credentials and key not in seen:
                seen.add(key)
                yield names[0], exchange


def refusal(base: str, api: str, exchange: Exchange) -> str | None:
    """Why Prism does not accept a request: its problem document; None if it does.

    A slash at the end of a path is left out: the chapter has it in some URLs, and OpenAPI cannot say "with or without".
    """
    sent, address = exchange.request, urlsplit(exchange.request.url)
    context = next((one for one in apis.load(api).context_paths if address.path.startswith(f"{one}/")), "")
    path = address.path.removeprefix(context).rstrip("/")
    headers = {name: value for name, value in sent.headers if name.lower() in SENT} | OUR_CREDENTIALS
    url = f"{base}{path}" + (f"?{address.query}" if address.query else "")
    answer = requests.request(sent.method, url, headers=headers, data=sent.body, timeout=30, allow_redirects=False)
    is_problem = "problem" in answer.headers.get("Content-Type", "") and answer.text.startswith("{")
    refused = is_problem and REFUSAL.match(str(answer.json().get("type")))
    return answer.text if refused else None


@pytest.mark.parametrize("api", ["akamai_reporting", "jasperserver"])
def test_prism_accepts_every_documented_request(api: str, tmp_path: Path) -> None:
    sent = list(granted(api))
    port = free_port()
    with listening("prism", prism(openapi.path(api), port, errors=True), tmp_path, port) as base:
        refused = {f"{name} {exchange.line}": refusal(base, api, exchange) for name, exchange in sent}
    assert {line: why for line, why in refused.items() if why} == {}
    assert len(sent) > LEAST[api]
