"""Searches every artifact of a run for every form of every secret.

Rule: a hit names the file and the kind of secret, never its value.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pytest_reportconformance.secrets.forms import HIDDEN, Matcher
from pytest_reportconformance.secrets.redaction import SIGNATURE

CHUNK = 16 * 1024 * 1024
OVERLAP = 64 * 1024
_SIGNATURE = re.compile(SIGNATURE.pattern.encode())


@dataclass(frozen=True)
class Leak:
    """A secret in an artifact: which file, and what kind of secret."""

    file: str
    kind: str


class Secrets:
    """Secrets by their kind: finds them in bytes and redacts them in texts."""

    def __init__(self, known: Mapping[str, str]) -> None:
        self._matcher = Matcher()
        self.learn(known)

    def learn(self, known: Mapping[str, str]) -> None:
        """Add secrets."""
        self._matcher.learn(known)

    def kinds(self, data: bytes) -> set[str]:
        """The kinds of the secrets that some bytes contain, in any form."""
        return self._matcher.kinds(data) | ({"a signature"} if _SIGNATURE.search(data) else set())

    def scrub(self, value: Any) -> Any:
        """A value without secrets: texts are replaced, containers rebuilt, objects with fields changed in place."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list | tuple):
            return type(value)(self.scrub(one) for one in value)
        if isinstance(value, dict):
            return {key: self.scrub(one) for key, one in value.items()}
        for name in _members(value):
            object.__setattr__(value, name, self.scrub(getattr(value, name)))
        return value

    def text(self, text: str) -> str:
        """A text without secrets."""
        return SIGNATURE.sub(rf"\1{HIDDEN}", self._matcher.text(text))


def _members(value: Any) -> list[str]:
    """The members of an instance of a dataclass or of a class of attrs."""
    if isinstance(value, type):
        return []
    if dataclasses.is_dataclass(value):
        return [field.name for field in dataclasses.fields(value)]
    return [attribute.name for attribute in getattr(value, "__attrs_attrs__", ())]


def scan(paths: Iterable[Path], secrets: Secrets, base: Path) -> list[Leak]:
    """The leaks in files and in all files below folders; names of files below `base` are relative to it."""
    found = []
    for path in sorted({file for place in paths for file in _files(place)}):
        name = path.relative_to(base).as_posix() if path.is_relative_to(base) else str(path)
        found += [Leak(name, kind) for kind in sorted(_kinds(path, secrets))]
    return found


def _files(path: Path) -> Iterable[Path]:
    if path.is_dir():
        return (file for file in path.rglob("*") if file.is_file())
    return [path] if path.is_file() else []


def _kinds(path: Path, secrets: Secrets) -> set[str]:
    """Reads overlapping pieces, so that a file can have any size."""
    found: set[str] = set()
    tail = b""
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            found |= secrets.kinds(tail + piece)
            tail = (tail + piece)[-OVERLAP:]
    return found
