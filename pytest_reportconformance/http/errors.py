"""Why a request has no whole answer, in the terms of HTTP, and which outcome follows from that.

Rule: an unreachable target is an error, an answer that is not HTTP is a failure of the server, an answer that takes too
long is inconclusive, and what a proxy refuses is an error: nothing is known about the server then.
"""

from __future__ import annotations

import http.client
import re
import ssl
from collections.abc import Iterator

import requests
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError, ProxyError, SSLError

from pytest_reportconformance.http.head import HeadError
from pytest_reportconformance.http.route import AUTHORITIES, PROXY_FORM
from pytest_reportconformance.transcript import files
from pytest_reportconformance.transcript.exchange import Request, TransportError
from pytest_reportconformance.transcript.parsing import visible

LONGEST = 300
DEEPEST = 8
PROXY_CREDENTIALS = 407
UNREACHED = (NewConnectionError, ConnectTimeoutError, ProxyError, SSLError)
CLOSED = (
    *(http.client.RemoteDisconnected, ConnectionResetError, ConnectionAbortedError, BrokenPipeError),
    *(ssl.SSLEOFError, ssl.SSLZeroReturnError),
)
PLAIN = {
    "Failed to resolve": "the name of the host is unknown",
    "refused": "the connection was refused",
    "connect timeout": "the connection was not accepted in time",
    "Remote end closed": "the server closed the connection without an answer",
    "reset by peer": "the server reset the connection",
    "Broken pipe": "the server closed the connection while the request was sent",
    "IncompleteRead": "the body ended before its announced length, or its chunks are broken",
    "InvalidChunkLength": "the chunks of the body are broken",
    "BadStatusLine": "the answer is not HTTP",
    "line is longer": "a header line of the answer is longer than 65536 bytes",
    "LineTooLong": "a header line of the answer is longer than 65536 bytes",
    "URL can't contain": "the URL contains characters that no URL may contain (RFC 3986 section 2)",
    "codec can't encode": "the URL contains characters that no URL may contain (RFC 3986 section 2)",
    "Too many open files": "this process may open no more files (ulimit -n)",
    "certificate required": "the server requires a client certificate: name it with cert and key under [target]",
}
TRUST = f"name the authority's certificates with ca_bundle under [target], or in one of {', '.join(AUTHORITIES)}"
NEVER_TRUSTED = (9, 10, 62, 63, 64)
"""Codes of OpenSSL for a certificate that no authority's certificate makes valid: its dates or names do not fit."""
URL = re.compile(r"Max retries exceeded with url: .*?(?=\(Caused by )")
"""What urllib3 writes of the request, which may hold a secret; the exchange holds it redacted."""
TUNNEL = re.compile(r"Tunnel connection failed: (\d{3}) ?([^'\")]*)")


class Failure(Exception):
    """A request without a whole answer; `stale` if a reused connection was closed before any of an answer came.

    `tunnel` is the status and the reason with which a proxy refused to connect to the server, if it did.
    """

    def __init__(
        self, request: Request, error: TransportError, cause: Exception | None = None, used: bool = False
    ) -> None:
        super().__init__(error.text)
        self.tunnel = None if cause is None else refused_tunnel(cause)
        causes = [] if cause is None else list(_causes(cause))
        self.request = request
        self.stale = used and any(isinstance(one, CLOSED) for one in causes)
        self.error = TransportError("inconclusive", error.text) if self.stale else error


def late(seconds: float) -> TransportError:
    """The error of an answer that is not complete after so many seconds."""
    return TransportError("inconclusive", f"no whole answer within {seconds:g} s (limits.answer_seconds)")


def of_error(error: Exception, seconds: float, proxy: str | None = None) -> TransportError:
    """What an exception of requests, urllib3 or http.client means.

    `seconds` is the time allowed for an answer, `proxy` the proxy without credentials.
    """
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, HeadError):
            return TransportError(cause.outcome, visible(str(cause)))
        if isinstance(cause, ssl.SSLCertVerificationError):
            return TransportError("error", _untrusted(cause))
    if any(files.exhausted(cause) and not isinstance(cause, CLOSED) for cause in causes):
        return TransportError("error", _plain(error))
    if (refused := refused_tunnel(error)) is not None:
        return by_proxy(proxy, *refused)
    if any(isinstance(cause, ProxyError) for cause in causes):
        return TransportError("error", f"the proxy {proxy} failed: {_plain(error).replace('the server', 'it')}")
    if any(isinstance(cause, UNREACHED) for cause in causes) or isinstance(error, requests.exceptions.SSLError):
        return TransportError("error", _plain(error))
    if "timed out" in str(error).lower():
        return late(seconds)
    return TransportError("failed", _plain(error))


def refused_tunnel(error: Exception) -> tuple[int, str] | None:
    """Status and reason with which a proxy refused to connect to the server (RFC 9110 section 9.3.6), if it did."""
    found = TUNNEL.search(str(error))
    return (int(found[1]), found[2].strip()) if found else None


def by_proxy(proxy: str | None, status: int, reason: str) -> TransportError:
    """The error of an answer that is the proxy's and not the server's."""
    answered = visible(f"the proxy {proxy} answered {status} {reason}".rstrip())
    if status == PROXY_CREDENTIALS:
        return TransportError("error", f"{answered}: write its user and password into the variable ({PROXY_FORM})")
    return TransportError("error", f"{answered} when asked to connect to the server")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The exception and those inside it: requests and urllib3 wrap one another as arguments and reasons."""
    for _ in range(DEEPEST):
        yield error
        inner = getattr(error, "reason", None) or next((arg for arg in reversed(error.args)), None)
        if not isinstance(inner, BaseException):
            return
        error = inner


def _untrusted(error: ssl.SSLCertVerificationError) -> str:
    what = visible(error.verify_message or str(error)).rstrip(".")
    if error.verify_code in NEVER_TRUSTED:
        return f"the certificate of the server is not valid: {what}"
    return f"the certificate of the server is not trusted ({what}): {TRUST}"


def _plain(error: Exception) -> str:
    text = URL.sub("", visible(f"{type(error).__name__}: {error}").replace("\n", " "))
    plain = next((plain for sign, plain in PLAIN.items() if sign in text), None)
    return f"{plain} ({text[: LONGEST // 2]})" if plain else text[:LONGEST]
