"""Strict reading of TOML: a table that knows its file and key, so that every fault names file, key, found and allowed.

Rule: files are read with tomllib; the caller chooses the exception.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NoReturn

from pytest_reportconformance.transcript.parsing import excerpt, visible

TYPES = {str: "string", bool: "boolean", int: "integer", float: "float", list: "array", dict: "table"}


def choices(found: object, allowed: Iterable[str]) -> str:
    """The allowed words (only their number if there are many) and the nearest one."""
    words = list(allowed)
    near = difflib.get_close_matches(str(found), words, n=1)
    shown = ", ".join(words) if len(words) <= 20 else f"one of {len(words)}"
    return shown + (f" (did you mean {near[0]!r}?)" if near else "")


def type_name(kind: type) -> str:
    """What TOML calls a type of Python."""
    return TYPES.get(kind, kind.__name__)


def parse(file: Path, shown_as: str, error: type[Exception]) -> Table:
    """A whole file as a table; raises ``error`` if the file cannot be read or is not TOML."""
    try:
        return Table(shown_as, "", tomllib.loads(file.read_text(encoding="utf-8")), error)
    except RecursionError as cause:
        raise error(f"{shown_as}: not a readable TOML file: nested too deeply") from cause
    except (OSError, ValueError) as cause:  # a ValueError is wrong TOML, no UTF-8, or a number of thousands of digits
        raise error(f"{shown_as}: not a readable TOML file: {visible(str(cause))}") from cause


@dataclass(frozen=True)
class Table:
    """A TOML table at ``key`` of ``file``; its methods return a value of the requested type or raise ``error``."""

    file: str
    key: str
    values: Mapping[str, Any]
    error: type[Exception]

    def refuse(self, name: str, found: object, allowed: str) -> NoReturn:
        """Raises ``error`` for the value ``found`` under ``name``."""
        place = f"{self.file}: [{self.key}]" if self.key else f"{self.file}:"
        shown = "nothing" if found is None else excerpt(repr(found))
        raise self.error(visible(f"{place} {name}: found {shown}; allowed: {allowed}"))

    def only(self, *names: str) -> None:
        """Refuses every key that is not one of ``names``."""
        for name in self.values:
            if name not in names:
                self.refuse("unknown key", name, choices(name, names))

    def text(self, name: str, allowed: Iterable[str] | None = None) -> str:
        """A non-empty string; one of ``allowed``, if given."""
        words = None if allowed is None else list(allowed)
        found = self.values.get(name)
        if not isinstance(found, str) or not found.strip() or (words is not None and found not in words):
            self.refuse(name, found, "a non-empty string" if words is None else choices(found, words))
        return found

    def optional(self, name: str) -> str | None:
        """A non-empty string, or None if the key is absent."""
        return self.text(name) if name in self.values else None

    def flag(self, name: str, default: bool | None = None) -> bool:
        """A boolean; without a default the key is required."""
        found = self.values.get(name, default)
        return found if isinstance(found, bool) else self.refuse(name, found, "true or false")

    def items(self, name: str, kind: type) -> tuple[Any, ...]:
        """An array of values of exactly ``kind``; empty if the key is absent."""
        found = self.values.get(name, [])
        if not isinstance(found, list) or any(type(item) is not kind for item in found):
            self.refuse(name, found, f"an array of {type_name(kind)}s")
        return tuple(found)

    def table(self, name: str) -> Table:
        """The table under a key."""
        found = self.values.get(name)
        return self._at(name, found) if isinstance(found, dict) else self.refuse(name, found, "a table")

    def tables(self) -> list[Table]:
        """Every value as a table, each named by its own key."""
        return [replace(self.table(name), key=name) for name in self.values]

    def array(self, name: str) -> list[Table]:
        """The tables of an array of tables; empty if the key is absent."""
        return [self._at(name, values) for values in self.items(name, dict)]

    def _at(self, name: str, values: Mapping[str, Any]) -> Table:
        return replace(self, key=f"{self.key}.{name}" if self.key else name, values=values)
