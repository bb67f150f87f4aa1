"""Why a request has no whole answer, in the terms of HTTP, and which outcome follows from that.

Rule: an unreachable target is an error, an answer that is not HTTP is a failure of the server, an answer that takes too
long is inconclusive.
"""

from __future__ import annotations

import http.client

import requests
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError, ProxyError, SSLError

from pytest_reportconformance.transcript.exchange import Request, TransportError
from pytest_reportconformance.transcript.parsing import visible

LONGEST = 300
UNREACHED = (NewConnectionError, ConnectTimeoutError, ProxyError, SSLError)
CLOSED = (http.client.RemoteDisconnected, ConnectionResetError, ConnectionAbortedError, BrokenPipeError)
PLAIN = {
    "more than 100 headers": "the answer has more than 100 header fields",
    "Failed to resolve": "the name of the host is unknown",
    "refused": "the connection was refused",
    "connect timeout": "the connection was not accepted in time",
    "Remote end closed": "the server closed the connection without an answer",
    "CutOff": "the server closed the connection in the middle of the head of its answer",
    "reset by peer": "the server reset the connection",
    "Broken pipe": "the server closed the connection while the request was sent",
    "IncompleteRead": "the body ended before its announced length, or its chunks are broken",
    "InvalidChunkLength": "the chunks of the body are broken",
    "BadStatusLine": "the answer is not HTTP",
    "line is longer": "a header line of the answer is longer than 65536 bytes",
    "LineTooLong": "a header line of the answer is longer than 65536 bytes",
    "URL can't contain": "the URL contains characters that no URL may contain (RFC 3986 section 2)",
    "codec can't encode": "the URL contains characters that no URL may contain (RFC 3986 section 2)",
}


class Failure(Exception):
    """A request without a whole answer; `stale` if a reused connection was closed before any of an answer came."""

    def __init__(
        self, request: Request, error: TransportError, cause: BaseException | None = None, used: bool = False
    ) -> None:
        super().__init__(error.text)
        self.request = request
        self.stale = used and cause is not None and isinstance(_root(cause), CLOSED)
        self.error = TransportError("inconclusive", error.text) if self.stale else error


def late(seconds: float) -> TransportError:
    """The error of an answer that is not complete after so many seconds."""
    return TransportError("inconclusive", f"no whole answer within {seconds:g} s (limits.answer_seconds)")


def of_error(error: Exception, seconds: float) -> TransportError:
    """What an exception of requests, urllib3 or http.client means; `seconds` is the time allowed for an answer."""
    if isinstance(_root(error), UNREACHED) or isinstance(error, requests.exceptions.SSLError):
        return TransportError("error", _plain(error))
    if "timed out" in str(error).lower():
        return late(seconds)
    return TransportError("failed", _plain(error))


def _root(error: BaseException) -> BaseException:
    """The innermost exception: requests and urllib3 wrap one another as arguments and reasons."""
    for _ in range(5):
        inner = getattr(error, "reason", None) or next((arg for arg in reversed(error.args)), None)
        if not isinstance(inner, BaseException) or isinstance(error, UNREACHED):
            break
        error = inner
    return error


def _plain(error: Exception) -> str:
    text = visible(f"{type(error).__name__}: {error}").replace("\n", " ")
    plain = next((plain for sign, plain in PLAIN.items() if sign in text), None)
    return f"{plain} ({text[: LONGEST // 2]})" if plain else text[:LONGEST]
