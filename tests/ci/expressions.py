"""Evaluates the expressions of GitHub Actions that action.yml uses: literals, contexts, !, ==, !=, &&, || and statuses.

Rule: what is not known here is an error, so that a new expression is not silently evaluated to nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

TOKEN = re.compile(r"\s*('(?:[^']|'')*'|&&|\|\||[=!]=|[!()]|[A-Za-z_][\w.-]*|\d+)")
STATUSES = ("always", "success", "failure", "cancelled")


class Unknown(Exception):
    """An expression, or a name in it, that is not known here."""


def evaluated(text: str, contexts: Mapping[str, Any]) -> Any:
    """The value of an expression; `contexts` has the contexts and, for each status function, its value."""
    tokens = []
    rest = text.strip()
    while rest:
        found = TOKEN.match(rest)
        if found is None:
            raise Unknown(f"{text!r} at {rest!r}")
        tokens.append(found[1])
        rest = rest[found.end() :].rstrip()
    parser = _Parser(tokens, contexts)
    value = parser.either()
    if parser.tokens:
        raise Unknown(f"{text!r} at {parser.tokens[0]!r}")
    return value


def filled(text: str, contexts: Mapping[str, Any]) -> str:
    """A text with every `${{ … }}` replaced."""
    return re.sub(r"\$\{\{(.*?)\}\}", lambda found: shown(evaluated(found[1], contexts)), text, flags=re.DOTALL)


def shown(value: Any) -> str:
    """A value as GitHub writes it into a text."""
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


class _Parser:
    def __init__(self, tokens: list[str], contexts: Mapping[str, Any]) -> None:
        self.tokens = tokens
        self._contexts = contexts

    def either(self) -> Any:
        value = self._both()
        while self._take("||"):
            other = self._both()
            value = value or other
        return value

    def _both(self) -> Any:
        value = self._compared()
        while self._take("&&"):
            other = self._compared()
            value = other if value else value
        return value

    def _compared(self) -> Any:
        value = self._single()
        while self.tokens and self.tokens[0] in ("==", "!="):
            operator = self.tokens.pop(0)
            equal = shown(value).lower() == shown(self._single()).lower()
            value = equal == (operator == "==")
        return value

    def _single(self) -> Any:
        if self._take("!"):
            return not self._single()
        if self._take("("):
            value = self.either()
            self._expect(")")
            return value
        if not self.tokens:
            raise Unknown("an expression ends too early")
        token = self.tokens.pop(0)
        if token.startswith("'"):
            return token[1:-1].replace("''", "'")
        if token in STATUSES:
            self._expect("(")
            self._expect(")")
            return self._contexts[token]
        return int(token) if token.isdigit() else self._looked_up(token)

    def _looked_up(self, name: str) -> Any:
        value: Any = self._contexts
        for part in name.split("."):
            if not isinstance(value, Mapping) or part not in value:
                raise Unknown(f"{name!r}: there is no {part!r}")
            value = value[part]
        return value

    def _take(self, token: str) -> bool:
        if self.tokens and self.tokens[0] == token:
            self.tokens.pop(0)
            return True
        return False

    def _expect(self, token: str) -> None:
        if not self._take(token):
            raise Unknown(f"{token!r} is missing")
