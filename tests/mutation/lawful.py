"""Why changes of answers are lawful although no check notices them: rules in `tests/<api>/lawful.toml`.

A rule names operations, steps, statuses, media, members, operators, states, and what was sent before by patterns, and
the reason in the silence of the document. A rule that explains no survivor is out of date.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pytest_reportconformance.transcript.exchange import Exchange

if TYPE_CHECKING:
    from tests.mutation.survivors import Result

TESTS = Path(__file__).parents[1]
PLACES = ("operation", "step", "status", "media", "member", "operator", "state", "after", "server")


@dataclass(frozen=True, eq=False)
class Rule:
    """Patterns for the places of a change, and why such a change is lawful. A place without patterns is any.

    Two rules are never the same: one that is written twice is used once.
    """

    patterns: Mapping[str, tuple[str, ...]]
    reason: str

    def explains(self, result: Result) -> bool:
        """Whether a survivor is lawful by this rule."""
        return all(
            any(fnmatchcase(str(getattr(result, place)), pattern) for pattern in patterns)
            for place, patterns in self.patterns.items()
        )

    @property
    def line(self) -> str:
        """The rule in one line."""
        return " ".join(f"{place}={'|'.join(patterns)}" for place, patterns in self.patterns.items())


@dataclass(frozen=True)
class Lawful:
    """The operations of an API by patterns of requests, those whose answers are no documents of it, and the rules.

    `explained` are the operations all of whose survivors a rule explains: the tests try a sample of their changes.
    `together` tells that checks of all transcripts compare them: they are judged over all of them then.
    """

    operations: Mapping[str, tuple[re.Pattern[str], ...]]
    contents: tuple[str, ...]
    explained: tuple[str, ...]
    rules: tuple[Rule, ...]
    together: bool

    def operation(self, exchange: Exchange) -> str:
        """The operation that an exchange is of; `other` if none."""
        asked = f"{exchange.request.method} {urlsplit(exchange.request.url).path}"
        found = (name for name, patterns in self.operations.items() if any(one.search(asked) for one in patterns))
        return next(found, "other")

    def rule(self, result: Result) -> Rule | None:
        """The first rule that explains a survivor."""
        return next((rule for rule in self.rules if rule.explains(result)), None)


@cache
def load(api: str) -> Lawful:
    """The rules of an API; raises ValueError for a rule without reason or with an unknown key."""
    found = tomllib.loads((TESTS / api / "lawful.toml").read_text(encoding="utf-8"))
    operations = {name: tuple(re.compile(one) for one in _texts(value)) for name, value in found["operations"].items()}
    return Lawful(
        operations,
        _texts(found.get("contents", ())),
        _texts(found.get("explained", ())),
        tuple(_rule(one) for one in found.get("lawful", ())),
        found.get("together", False),
    )


def _rule(found: dict[str, Any]) -> Rule:
    reason = found.pop("reason", "")
    if not reason or not found or set(found) - set(PLACES):
        raise ValueError(f"a rule of lawful changes has a reason and some of {', '.join(PLACES)}: {found}")
    return Rule({place: _texts(value) for place, value in found.items()}, reason)


def _texts(value: str | list[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)
