"""Redacts secrets in header fields, URLs and bodies before they are stored.

Rule: an exchange consists of redacted parts only. A secret that is shorter than six characters, or that is also a word
of the API, of the URL or of our own artifacts (vendors' default passwords equal user names), is redacted only where
credentials stand: nothing else identifies it as a secret, and its redaction elsewhere would falsify what is judged.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from pytest_reportconformance.secrets.forms import HIDDEN, SHORTEST, WEAK, Matcher
from pytest_reportconformance.secrets.secret import Secret

SENSITIVE = re.compile(r"key|token|secret|password|authorization|signature|session|credential", re.IGNORECASE)
"""What the name of a header field or argument contains whose value is a secret."""
SIGNATURE = re.compile(r"(signature(?:=|%3[Dd]|%253[Dd]|\\u003[Dd]))[A-Za-z0-9+/=%_-]{40,}")
"""The signature of an EdgeGrid request: it differs in every request, so only its shape identifies it."""
MARKDOWN = str.maketrans({char: "\\" + char for char in "\\`*_[]<>|&~$#"})
"""How a text is escaped in Markdown, entities, formulas and what is struck through included."""
COLLISION = (
    "a password or token of target.toml is a word of the server's answers: its redaction would change what is judged; "
    "choose one that is no word"
)
WORD = re.compile(r"[A-Za-z]?[a-z]{5,19}|[A-Z]{6,20}")
"""A credential that may also be a word of the server's content."""
GUESSED = re.compile(r"[0-9]{1,11}|[0-9a-fA-F]{1,7}")
"""Digits that occur by chance in times and digests."""

_SIGNATURE_BYTES = re.compile(SIGNATURE.pattern.encode())


class Redactor:
    """Replaces every form of the known secrets by `***`.

    `known` maps every secret to its kind, for the scan of the artifacts; the redactors of all conversations share it.
    `ordinary` decides whether a secret is also an ordinary word.
    """

    def __init__(self, known: dict[str, str] | None = None) -> None:
        self.known: dict[str, str] = {} if known is None else known
        self.ordinary: Callable[[str], bool] = lambda text: False
        self.words: dict[str, bool] = {}
        self._matcher = Matcher()
        self._names: set[str] = set()

    def meet(self, secret: Secret) -> None:
        """Hide a secret of the target from now on."""
        self.learn(secret.value, WEAK if secret.public else "a credential")
        if WORD.fullmatch(secret.value) and self.known[secret.value] != WEAK:
            self.words.setdefault(secret.value, False)

    def learn(self, value: str, kind: str) -> None:
        """Hide one more secret from now on; `kind` names it in messages."""
        if not value:
            return
        if len(value) < SHORTEST or GUESSED.fullmatch(value) or self.ordinary(value):
            kind = WEAK
        kind = self.known.setdefault(value, kind)
        self._matcher.learn({value: kind})

    def name(self, name: str) -> None:
        """Hide the values of a header field or argument of this name from now on."""
        self._names.add(name.lower())
        self._matcher.name(name)

    def branch(self) -> Redactor:
        """A redactor with the same secrets that learns separately: the cookies of one conversation stay its own."""
        branch = Redactor(self.known)
        branch.ordinary, branch.words = self.ordinary, self.words
        branch._matcher, branch._names = self._matcher.copy(), set(self._names)
        return branch

    def text(self, text: str) -> str:
        """A text without secrets."""
        return SIGNATURE.sub(rf"\1{HIDDEN}", self._matcher.text(text))

    def body(self, body: bytes) -> bytes:
        """A body without secrets."""
        return _SIGNATURE_BYTES.sub(rb"\1" + HIDDEN.encode(), self._matcher.bytes(body))

    def answer(self, body: bytes) -> bytes:
        """The body of an answer without secrets; notes credentials that are words of what the server sends."""
        clean = self.body(body)
        for word in self.words if clean != body else ():
            if re.search(rb"(?<![A-Za-z0-9])%b(?![A-Za-z0-9])" % word.encode(), body):
                self.words[word] = True
        return clean

    @property
    def collision(self) -> str | None:
        """Why answers cannot be judged once they are redacted; None if they can."""
        return COLLISION if any(self.words.values()) else None

    def headers(self, headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        """Header fields without credentials, cookie values and secrets; schemes and cookie names stay."""
        fields = tuple((name, self._without_credentials(name, value)) for name, value in headers)
        together = "\n".join(value for _, value in fields)
        if self.text(together) == together:
            return fields
        return tuple((name, self.text(value)) for name, value in fields)

    def header(self, name: str, value: str) -> str:
        """One header field's value without secrets."""
        return self.text(self._without_credentials(name, value))

    def _without_credentials(self, name: str, value: str) -> str:
        """A header field's value without what stands there because of the field's name."""
        field = name.lower()
        if field in ("authorization", "proxy-authorization"):
            return f"{value.split(' ')[0]} {HIDDEN}"
        if field == "cookie":
            return "; ".join(f"{pair.strip().partition('=')[0]}={HIDDEN}" for pair in value.split(";"))
        if field == "set-cookie":
            pair, semicolon, attributes = value.partition(";")
            name, equals, _ = pair.partition("=")
            return f"{name}={HIDDEN}{semicolon}{attributes}" if equals and name.strip() else value
        return HIDDEN if self._credential(name) else value

    def _credential(self, name: str) -> bool:
        field = name.lower()
        return field in ("cookie", "set-cookie") or field in self._names or SENSITIVE.search(field) is not None
