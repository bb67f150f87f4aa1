"""The cookies of one conversation: bounded in number, and each session id known to the redaction.

Rule: the only place that holds cookies.
"""

from __future__ import annotations

import threading
from functools import cached_property
from http import cookiejar
from typing import Any
from urllib.request import Request

import requests
from requests.cookies import MockRequest, MockResponse, RequestsCookieJar

from pytest_reportconformance.secrets.redaction import Redactor

SESSION_ID = 16
"""Characters of a cookie's value from which on it may be a session id, a secret."""
MOST_COOKIES = 50
MOST_SESSIONS = 200
MOST_LEARNED = 8192
"""Characters of cookies that the redaction learns; each costs memory and time in every artifact."""

Cookie = tuple[str, str, str, str]
"""Name, value, domain, path."""


class _Asked(MockRequest):
    """A request as http.cookiejar looks at it, which asks for the URL several times for each cookie."""

    def get_full_url(self) -> str:
        return self._url

    @cached_property
    def _url(self) -> str:
        return str(super().get_full_url())  # type: ignore[no-untyped-call]  # requests has it so


class _OwnDomain(cookiejar.DefaultCookiePolicy):
    """Takes the cookies of the host that sets them: all else that the default looks at accepts them."""

    def set_ok(self, cookie: cookiejar.Cookie, request: Request) -> bool:
        return not cookie.domain_specified or bool(self.set_ok_domain(cookie, request))


class Cookies:
    """A cookie jar. All methods may be called from any thread."""

    def __init__(self, redactor: Redactor) -> None:
        self._redactor = redactor
        self._jar = RequestsCookieJar(_OwnDomain())
        self._sessions: set[str] = set()
        self._learned = 0
        self._lock = threading.Lock()

    @property
    def held(self) -> list[Cookie]:
        """All cookies, the oldest first."""
        with self._lock:
            return [(cookie.name, cookie.value or "", cookie.domain, cookie.path) for cookie in self._jar]

    def adopt(self, cookies: list[Cookie]) -> None:
        """Hold cookies of an earlier conversation as well."""
        for name, value, domain, path in cookies:
            self._redactor.learn(value, "a session cookie")
            self._jar.set(name, value, domain=domain, path=path)

    def put_into(self, prepared: requests.PreparedRequest) -> None:
        """Add the Cookie field of a request."""
        with self._lock:
            if any(True for _ in self._jar):
                prepared.prepare_cookies(self._jar)

    def take_from(self, prepared: requests.PreparedRequest, answer: requests.Response) -> None:
        """Hold what the Set-Cookie fields of an answer set; no other thread sends it before the redaction knows it."""
        if "Set-Cookie" not in answer.raw.headers:
            return
        original: Any = answer.raw._original_response
        received: Any = MockResponse(original.msg)
        asked: Any = _Asked(prepared)
        with self._lock:
            self._jar.extract_cookies(received, asked)
            held: list[Any] = list(self._jar)
            for cookie in held[:-MOST_COOKIES]:
                self._jar.clear(cookie.domain, cookie.path, cookie.name)
            self._hide([cookie.value or "" for cookie in held[-MOST_COOKIES:]])

    def _hide(self, values: list[str]) -> None:
        """Let the redaction know the values that may name a session."""
        for value in values:
            if len(value) < SESSION_ID or value in self._sessions or len(self._sessions) >= MOST_SESSIONS:
                continue
            if self._learned + len(value) <= MOST_LEARNED:
                self._learned += len(value)
                self._sessions.add(value)
                self._redactor.learn(value, "a session cookie")
