"""Redacts secrets in header fields, URLs and bodies before they are stored.

Rule: an exchange consists of redacted parts only. A secret that equals a public value (default passwords of vendors
equal the user names) or is shorter than six characters is redacted only in the fields that hold credentials.
"""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

from pytest_reportconformance.secrets.secret import Secret

HIDDEN = "***"
SHORTEST = 6
CREDENTIALS = {"authorization", "proxy-authorization", "cookie", "x-auth-token", "x-api-key"}
SIGNATURE = re.compile(r"(signature(?:=|%3[Dd]|%253[Dd]|\\u003[Dd]))[A-Za-z0-9+/=%_-]{40,}")
"""The signature of an EdgeGrid request: it differs in every request, so only its shape identifies it."""
MARKDOWN = str.maketrans({char: "\\" + char for char in "\\`*_[]<>|"})
"""How a text is escaped in Markdown."""
SHELL_QUOTE = "'\"'\"'"
"""How an apostrophe is written within apostrophes in a shell."""
SPECIAL = CREDENTIALS | {"set-cookie"}
COOKIE = re.compile(r"^(\s*[^=;\s]+=)[^;]*")

_SIGNATURE_BYTES = re.compile(SIGNATURE.pattern.encode())


def forms(secret: str) -> set[str]:
    """A secret in every form that an artifact may contain: raw, percent-encoded, escaped for JSON, HTML, Markdown,
    Python and a shell, in base64.

    The base64 forms cover every offset in the encoded text: only the characters that the secret alone determines.
    """
    escaped = {_json(secret, ascii) for ascii in (True, False)}
    found = {secret, *escaped, *(_json(text, ascii) for text in escaped for ascii in (True, False))}
    found |= {quote(secret, safe=""), quote(secret), quote_plus(secret), repr(secret)[1:-1]}
    found |= {text.translate(MARKDOWN) for text in (secret, *escaped)} | {secret.replace("'", SHELL_QUOTE)}
    found |= {html.escape(text, quote=quoted) for text in (secret, *escaped) for quoted in (True, False)}
    raw = secret.encode()
    for before in range(3):
        start, end = -(-8 * before // 6), 8 * (before + len(raw)) // 6
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            encoded = encode(b"\0" * before + raw).decode()
            found |= {encoded[start:end], *([encoded] if before == 0 else [])}
    return {form for form in found if len(form) >= SHORTEST}


def _json(text: str, ascii: bool) -> str:
    return json.dumps(text, ensure_ascii=ascii)[1:-1]


class Redactor:
    """Replaces every form of the known secrets by `***`.

    `known` maps every secret to its kind, for the scan of the artifacts; the redactors of all conversations share it.
    """

    def __init__(self, secrets: Iterable[Secret] = (), known: dict[str, str] | None = None) -> None:
        self.known: dict[str, str] = {} if known is None else known
        self._forms: list[tuple[str, bytes]] = []
        for secret in secrets:
            if not secret.public:
                self.learn(secret.value, "a credential")

    def learn(self, value: str, kind: str) -> None:
        """Hide one more secret from now on; `kind` names it in messages."""
        if len(value) < SHORTEST:
            return
        self.known[value] = kind
        words = {(form, form.encode()) for form in forms(value)}
        self._forms = sorted({*self._forms, *words}, key=lambda pair: -len(pair[0]))

    def branch(self) -> Redactor:
        """A redactor with the same secrets that learns separately: the cookies of one conversation stay its own."""
        branch = Redactor(known=self.known)
        branch._forms = self._forms
        return branch

    def text(self, text: str) -> str:
        """A text without secrets."""
        for form, _ in self._forms:
            if form in text:
                text = text.replace(form, HIDDEN)
        return SIGNATURE.sub(rf"\1{HIDDEN}", text)

    def body(self, body: bytes) -> bytes:
        """A body without secrets."""
        for _, form in self._forms:
            if form in body:
                body = body.replace(form, HIDDEN.encode())
        return _SIGNATURE_BYTES.sub(rb"\1" + HIDDEN.encode(), body)

    def headers(self, headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        """Header fields without credentials, cookie values and secrets; schemes and cookie names stay."""
        fields = tuple(headers)
        together = "\n".join(value for _, value in fields)
        clean = self.text(together) == together
        return tuple(
            (name, value if clean and name.lower() not in SPECIAL else self.header(name, value))
            for name, value in fields
        )

    def header(self, name: str, value: str) -> str:
        """One header field's value without secrets."""
        field = name.lower()
        if field in ("authorization", "proxy-authorization"):
            return f"{value.split(' ')[0]} {HIDDEN}"
        if field == "cookie":
            return "; ".join(f"{pair.strip().partition('=')[0]}={HIDDEN}" for pair in value.split(";"))
        if field == "set-cookie":
            return COOKIE.sub(rf"\1{HIDDEN}", self.text(value))
        if field in CREDENTIALS:
            return HIDDEN
        return self.text(value)
