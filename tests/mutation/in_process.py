"""Requests that reach a reference server in this process, without sockets and HTTP.

The faults of mutants are in their answers. The kill matrix makes hundreds of whole runs, and writing and parsing HTTP
would take most of its time. Tests of the wire itself use real servers.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message
from io import BytesIO
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

import requests
from urllib3 import HTTPHeaderDict, HTTPResponse

from pytest_reportconformance.http.server import REASONS, Answer, Call, Reference
from pytest_reportconformance.http.verbatim import TARGET, VerbatimAdapter
from pytest_reportconformance.run.target_argument import described
from pytest_reportconformance.target.target import Target


class _Original:
    """The answer as http.client represents it: requests reads cookies from it."""

    def __init__(self, headers: HTTPHeaderDict) -> None:
        self.msg = Message()
        for value in headers.getlist("Set-Cookie"):
            self.msg["Set-Cookie"] = value

    def isclosed(self) -> bool:
        """Always: the body is read."""
        return True

    def close(self) -> None:
        """Do nothing: there is no connection."""


def call_of(prepared: requests.PreparedRequest) -> Call:
    """A prepared request in the form in which the server reads it."""
    headers = {"Host": urlsplit(str(prepared.url)).netloc}
    headers |= {name: str(value) for name, value in prepared.headers.items()}
    target = headers.pop(TARGET)
    body = prepared.body or b""
    body = body.encode() if isinstance(body, str) else bytes(body)
    return Call(str(prepared.method), target, tuple(headers.items()), body)


def received(answer: Answer, method: str) -> HTTPResponse:
    """An answer in the form in which urllib3 reads it."""
    bodiless = answer.status in (204, 304) or answer.status < 200
    headers = HTTPHeaderDict()
    for name, value in answer.headers:
        headers.add(name, value)
    if answer.framed and not bodiless and "Content-Length" not in headers:
        headers["Content-Length"] = str(len(answer.body))
    return HTTPResponse(
        BytesIO(b"" if bodiless or method == "HEAD" else answer.body),
        headers,
        answer.status,
        reason=REASONS.get(answer.status, "Status"),
        preload_content=False,
        decode_content=False,
        original_response=_Original(headers),  # type: ignore[arg-type]  # the part that requests uses
        enforce_content_length=False,
    )


@contextmanager
def target_of(reference: Reference) -> Iterator[Target]:
    """A target for a server; all requests of this process go to it."""

    def send(adapter: VerbatimAdapter, prepared: requests.PreparedRequest, **_: Any) -> requests.Response:
        call = call_of(prepared)
        return adapter.build_response(prepared, received(reference.answer(call), call.method))

    with patch.object(VerbatimAdapter, "send", send):
        yield described(reference, f"http://127.0.0.1:1{reference.prefix}")
