"""A small authorization server (RFC 6749 section 4.4) and a server that demands its tokens."""

from __future__ import annotations

import json
from base64 import b64decode
from itertools import count
from typing import Any
from urllib.parse import parse_qs, unquote_plus

from pytest_reportconformance.http.server import Answer, Call

CLIENT, SECRET = "reports client", "s%cret+of:the client"


class TokenServer:
    """Gives numbered tokens to one client; `answers` replaces members of its answers, None removes one."""

    prefix = ""

    def __init__(self, prefix: str = "token-of-run-", **answers: Any) -> None:
        self.forms: list[dict[str, str]] = []
        self.answers = answers
        self.given: list[str] = []
        self.refuses = False
        self._numbers = (f"{prefix}{number}" for number in count(1))

    def answer(self, call: Call) -> Answer:
        """Answer a request for a token."""
        form = {name: values[0] for name, values in parse_qs(call.body.decode()).items()}
        self.forms.append(form)
        if self.refuses or self._client(call, form) != (CLIENT, SECRET):
            return _json(401, {"error": "invalid_client", "error_description": f"no client has the secret {SECRET}"})
        if call.method != "POST" or form.get("grant_type") != "client_credentials":
            return _json(400, {"error": "unsupported_grant_type"})
        self.given.append(next(self._numbers))
        members = {"access_token": self.given[-1], "token_type": "Bearer", "expires_in": 3600} | self.answers
        return _json(200, {name: value for name, value in members.items() if value is not None})

    def _client(self, call: Call, form: dict[str, str]) -> tuple[str, str]:
        scheme, _, pair = call.header("Authorization").partition(" ")
        if scheme != "Basic":
            return form.get("client_id", ""), form.get("client_secret", "")
        name, _, secret = b64decode(pair).decode().partition(":")
        return unquote_plus(name), unquote_plus(secret)

    def summary(self) -> str:
        """How many tokens were given."""
        return f"{len(self.given)} tokens"

    def target_toml(self, url: str) -> str:
        """It is no target."""
        return ""


class Guarded:
    """Answers 200 to the newest token of a server (or to a header field), 401 to all else; it repeats what it got."""

    prefix = ""

    def __init__(self, tokens: TokenServer | None = None, field: str = "", value: str = "") -> None:
        self.tokens, self.field, self.value = tokens, field, value

    def answer(self, call: Call) -> Answer:
        """Answer any request."""
        if self.tokens is None:
            good = call.header(self.field) == self.value
        else:
            good = bool(self.tokens.given) and call.header("Authorization") == f"Bearer {self.tokens.given[-1]}"
        sent = "; ".join(f"{name}={value}" for name, value in call.headers)
        return _json(200 if good else 401, {"sent": sent})

    def summary(self) -> str:
        """Nothing is counted."""
        return ""

    def target_toml(self, url: str) -> str:
        """It is described by tests."""
        return ""


def _json(status: int, members: dict[str, Any]) -> Answer:
    return Answer(status, json.dumps(members).encode(), [("Content-Type", "application/json")])
