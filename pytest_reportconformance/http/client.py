"""The client: takes a request and an identity, returns an exchange; sends with requests.

Rules: bytes are sent as given, no redirect is followed, nothing with credentials leaves the target's origin, every
answer is bounded in time and size, and secrets are redacted before the exchange exists.
"""

from __future__ import annotations

import hashlib
import http.client
import re
from collections.abc import Mapping
from dataclasses import replace
from math import inf
from typing import Any
from urllib.parse import quote, unquote

import requests
from urllib3.exceptions import HTTPError

from pytest_reportconformance import __version__
from pytest_reportconformance.http import bodies
from pytest_reportconformance.http.bodies import Observer, read_body
from pytest_reportconformance.http.cookies import Cookie, Cookies
from pytest_reportconformance.http.errors import PROXY_CREDENTIALS, Failure, by_proxy, late, of_error
from pytest_reportconformance.http.lockout import UNAUTHORIZED, RefusedPasswords
from pytest_reportconformance.http.origin import authority, origin, request_target
from pytest_reportconformance.http.rate_limit import Clock, RateLimiter
from pytest_reportconformance.http.route import Route
from pytest_reportconformance.http.verbatim import TARGET, VerbatimAdapter, Watchdog, fresh, reused
from pytest_reportconformance.http.wire import Credentials
from pytest_reportconformance.secrets.redaction import Redactor
from pytest_reportconformance.target import vocabulary
from pytest_reportconformance.target.target import ANONYMOUS, Identity, Target, clear
from pytest_reportconformance.transcript.exchange import Exchange, Request, Response, TransportError

KEPT = 1024 * 1024
MOST_EVIDENCE = 96 * 1024 * 1024
"""Bytes of answers that one run keeps; of later ones the beginning and the end."""
IDEMPOTENT = ("GET", "HEAD", "PUT", "DELETE", "OPTIONS")
PLAIN_ORIGIN = re.compile(r"https?://[^/?#\\@\s]+([/?#]|$)", re.IGNORECASE)
AGENT = f"pytest-reportconformance/{__version__}"


class Client:
    """Sends requests to one target; `sent` counts them. Conversations share its connections and its rate limiter.

    Raises TargetError if the proxy or the certificates that the environment or target.toml names are of no use.
    """

    def __init__(self, target: Target, clock: Clock | None = None) -> None:
        self.target = target
        self.clock = clock or Clock()
        self.redactor = Redactor()
        self.route = Route.to(target)
        if self.route.secret:
            self.redactor.learn(self.route.secret, "a credential")
        self.meet(target)
        limits = target.limits
        self.rate_limiter = RateLimiter(
            limits.requests_in_flight, limits.requests_per_minute, self.clock, limits.deadline_seconds
        )
        self.watchdog = Watchdog()
        self.passwords = RefusedPasswords()
        self.asked: dict[Any, Any] = {}
        self.adapter = VerbatimAdapter(pool_maxsize=64, max_retries=0)
        self._apart: list[VerbatimAdapter] = []
        self.sent = 0
        self.kept = 0

    def meet(self, target: Target) -> None:
        """Continue with a target of which more is known. Open conversations do not redact secrets of new identities."""
        self.target = target
        vocabulary.meet(self.redactor, target)

    def open(self, identity: Identity, apart: bool = False) -> Conversation:
        """A conversation of one identity, with its own cookies; `apart` with its own connections as well."""
        adapter = self.adapter
        if apart:
            adapter = VerbatimAdapter(max_retries=0)
            self._apart.append(adapter)
        return Conversation(self, identity, adapter)

    def close(self) -> None:
        """Close the connections."""
        for adapter in (self.adapter, *self._apart):
            adapter.close()

    def absolute(self, url: str, arguments: Mapping[str, str]) -> str:
        """A URL of the target: a path is appended to the base URL, missing query arguments are added."""
        whole, mark, fragment = (self.target.url + url if url.startswith("/") else url).partition("#")
        present = {unquote(part.partition("=")[0]) for part in whole.partition("?")[2].split("&")}
        for name, value in arguments.items():
            if name not in present:
                whole += ("&" if "?" in whole else "?") + f"{quote(name, safe='')}={quote(value, safe='')}"
        return whole + mark + fragment

    def own(self, url: str) -> bool:
        """Whether a URL is of the target's origin (RFC 6454), in a form that no parser takes for another host."""
        return bool(PLAIN_ORIGIN.match(url)) and origin(url) == origin(self.target.url)


class Conversation:
    """Requests of one identity that share cookies: one session on the server. Several threads may send."""

    def __init__(self, client: Client, identity: Identity, adapter: VerbatimAdapter) -> None:
        self.client = client
        self.identity = identity
        self._adapter = adapter
        self.redactor = client.redactor.branch()
        self.credentials = Credentials(client, identity, self.redactor)
        self._cookies = Cookies(self.redactor)

    @property
    def _arguments(self) -> dict[str, str]:
        """The query arguments of every request: those of the target, and those of the identity's scheme."""
        return {**clear(self.client.target.query), **self.credentials.arguments}

    @property
    def cookies(self) -> list[Cookie]:
        """Those that are held."""
        return self._cookies.held

    def adopt(self, cookies: list[Cookie]) -> None:
        """Hold cookies of an earlier conversation."""
        self._cookies.adopt(cookies)

    def send(
        self,
        name: str,
        request: Request,
        establishes: str | None = None,
        observe: tuple[Observer, ...] = (),
        urgent: bool = False,
        keep: bool = True,
        priority: bool = False,
        until: float = inf,
    ) -> Exchange:
        """Send one request. Raises Stopped if the run is being ended, Refused if the target answers only 429.

        `keep = False` drops the body of a successful answer once it is observed. An `urgent` request, such as one of
        the clean-up, waits for no rate limit and is sent at the end of a run as well. `priority` and `until` are those
        of `RateLimiter.turn`.
        """
        request = self.complete(request)
        if (unsent := self._unsent(request)) is not None:
            return self._exchange(name, request, None, (self.client.clock.wall(), 0.0, 0.0), unsent, establishes, {})
        with self.client.rate_limiter.turn(urgent, priority, until) as queued:
            started, begun = self.client.clock.wall(), self.client.clock.now()
            request, response, error, observations = self._attempt(request, observe, keep)
            times = (started, self.client.clock.now() - begun, queued)
        return self._exchange(name, request, response, times, error, establishes, observations)

    def complete(self, request: Request) -> Request:
        """The request with an absolute URL and the default header fields, as it is sent."""
        for secret in request.hides:
            self.redactor.learn(secret, "a credential")
        url = self.client.absolute(request.url, self._arguments)
        defaults = {"User-Agent": AGENT, "Accept-Encoding": "identity", **clear(self.client.target.headers)}
        present = {field.lower() for field, _ in request.headers}
        missing = [(field, value) for field, value in defaults.items() if field.lower() not in present]
        return replace(request, url=url, headers=(*request.headers, *missing))

    def _unsent(self, request: Request) -> TransportError | None:
        """Why a complete request is not sent at all; None if it is."""
        if not self.client.own(request.url):
            text = f"{request.url} is of another origin than the target; credentials are never sent there"
            return TransportError("inconclusive", text)
        refused = self.client.passwords.why_not(self.identity) if self._is_own(request) else None
        return TransportError("error", refused) if refused else None

    def _is_own(self, request: Request) -> bool:
        """Whether a request carries the identity's own credentials, not none or those of somebody else."""
        return request.credentials and self.identity.name != ANONYMOUS and request.header("Authorization") is None

    def _attempt(
        self, request: Request, observe: tuple[Observer, ...], keep: bool
    ) -> tuple[Request, Response | None, TransportError | None, dict[str, Any]]:
        """Send, and once more over a new connection if an idle one turned out to be closed (RFC 9112 section 9.3.1)."""
        idempotent = request.method in IDEMPOTENT
        try:
            return self._transfer(request, observe, keep, anew=not idempotent)
        except Failure as failure:
            if not (failure.stale and idempotent):
                return failure.request, self._of_proxy(failure), failure.error, {}
        try:
            return self._transfer(request, observe, keep, anew=True)
        except Failure as failure:
            return failure.request, self._of_proxy(failure), failure.error, {}

    def _of_proxy(self, failure: Failure) -> Response | None:
        """The answer of a proxy that demands credentials before it connects to the server."""
        if failure.tunnel is None or failure.tunnel[0] != PROXY_CREDENTIALS:
            return None
        return Response(*failure.tunnel, (), b"", 0, hashlib.sha256(b"").hexdigest())

    def _transfer(
        self, request: Request, observe: tuple[Observer, ...], keep: bool, anew: bool
    ) -> tuple[Request, Response, TransportError | None, dict[str, Any]]:
        prepared, is_own = self.prepared(request), self._is_own(request)
        request = replace(request, headers=tuple((k, str(v)) for k, v in prepared.headers.items() if k != TARGET))
        limits = self.client.target.limits
        key = self.client.watchdog.arm(limits.answer_seconds)
        answer = None
        try:
            self.client.sent += 1
            answer = self._answer(prepared, anew)
            body, error = read_body(answer, limits.body_bytes)
        except (OSError, HTTPError, http.client.HTTPException, ValueError) as raised:
            exceeded = self.client.watchdog.disarm(key)
            known = late(limits.answer_seconds) if exceeded else None
            error = known or of_error(raised, limits.answer_seconds, self.client.route.shown)
            raise Failure(request, error, raised, answer is None and reused() and not exceeded) from None
        if self.client.watchdog.disarm(key):
            raise Failure(request, late(limits.answer_seconds))
        if answer.status_code == PROXY_CREDENTIALS and self.client.route.proxy:
            error = by_proxy(self.client.route.shown, answer.status_code, answer.reason or "")
        if is_own:
            self._own_answer(prepared, answer)
        clean = self.redactor.answer(body) if observe or len(body) <= KEPT else b""
        return request, self._response(answer, body, clean, keep), error, bodies.observed(observe, clean)

    def _own_answer(self, prepared: requests.PreparedRequest, answer: requests.Response) -> None:
        """What an answer changes: one that refuses the credentials begins an anonymous session, which is not held."""
        if "Authorization" in prepared.headers:
            self.client.passwords.answered(self.identity, answer.status_code)
        if answer.status_code != UNAUTHORIZED:
            self._cookies.take_from(prepared, answer)

    def _answer(self, prepared: requests.PreparedRequest, anew: bool) -> requests.Response:
        """The head of the answer. The adapter sends it: a session would read the body of a redirect, however long."""
        limits = self.client.target.limits
        with fresh(anew):
            return self._adapter.send(
                prepared,
                stream=True,
                timeout=(limits.connect_seconds, limits.answer_seconds),
                proxies=self.client.route.proxies,
                verify=self.client.route.verify,
                cert=self.client.route.certificate,
            )

    def prepared(self, request: Request) -> requests.PreparedRequest:
        """A complete request with cookies and credentials, ready to be sent."""
        prepared = requests.PreparedRequest()
        prepared.prepare_method(request.method)
        prepared.url = request.url
        prepared.prepare_headers(dict(request.headers))
        prepared.prepare_body(request.body, None)
        prepared.headers.setdefault("Host", authority(request.url))  # EdgeGrid signs it as it is sent
        prepared.hooks = requests.hooks.default_hooks()
        if request.credentials and self.identity.name != ANONYMOUS:
            self._cookies.put_into(prepared)
            if request.signed and "Authorization" not in prepared.headers:
                prepared = self.credentials.sign(prepared)
        prepared.headers[TARGET] = request_target(request.url, self.client.route.absolute_form)
        return prepared

    def _response(self, answer: requests.Response, body: bytes, clean: bytes, keep: bool) -> Response:
        """What is kept of an answer, with the digest of `clean`, the redacted body: empty if it is not kept."""
        kept = clean if len(body) <= KEPT else None
        digest = hashlib.sha256(clean or body).hexdigest()
        headers = self.redactor.headers(answer.raw.headers.items())
        reason = self.redactor.text(answer.reason or "")
        head, tail = b"", b""
        if self.client.kept > MOST_EVIDENCE:
            kept, headers = None, tuple((name, value[: bodies.EDGE]) for name, value in headers)
        if not keep and 200 <= answer.status_code < 300:
            kept = None
        elif kept is None:
            head, tail = bodies.edges(body, self.redactor.body)
        self.client.kept += len(kept or b"") + sum(len(value) for _, value in headers)
        return Response(answer.status_code, reason, headers, kept, len(body), digest, head, tail)

    def _exchange(
        self,
        name: str,
        request: Request,
        response: Response | None,
        times: tuple[float, float, float],
        error: TransportError | None,
        establishes: str | None,
        observations: Mapping[str, Any],
    ) -> Exchange:
        clean = replace(
            request,
            url=self.redactor.text(request.url),
            headers=self.redactor.headers(request.headers),
            body=None if request.body is None else self.redactor.body(request.body),
            named=None,
            hides=(),
        )
        if error is not None:
            error = replace(error, text=self.redactor.text(error.text))
        started, seconds, queued = times
        return Exchange(
            name, self.identity.name, clean, response, started, seconds, queued, error, establishes, observations
        )
