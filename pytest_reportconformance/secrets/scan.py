"""Searches every artifact of a run for every form of every secret.

Rule: a hit names the file and the kind of secret, never its value. Every run ends with this search, so it has to be
fast: aligned blocks of eight bytes find candidates for all long forms at once.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pytest_reportconformance.secrets.redaction import HIDDEN, SIGNATURE, forms

BLOCK = 8
LONG = 2 * BLOCK - 1
CHUNK = 16 * 1024 * 1024
_SIGNATURE = re.compile(SIGNATURE.pattern.encode())


@dataclass(frozen=True)
class Leak:
    """A secret in an artifact: which file, and what kind of secret."""

    file: str
    kind: str


class Secrets:
    """Secrets by their kind: finds them in bytes and redacts them in texts."""

    def __init__(self, known: Mapping[str, str]) -> None:
        self._learned: set[str] = set()
        self._kinds: dict[str, str] = {}
        self._ordered: list[str] = []
        self._short: list[tuple[bytes, str]] = []
        self._blocks: dict[int, list[tuple[bytes, str]]] = {}
        self.learn(known)

    def learn(self, known: Mapping[str, str]) -> None:
        """Add secrets."""
        fresh = {secret: kind for secret, kind in known.items() if secret not in self._learned}
        if not fresh:
            return
        self._learned |= fresh.keys()
        new = {form: kind for secret, kind in fresh.items() for form in forms(secret) if form not in self._kinds}
        self._kinds |= new
        self._ordered = sorted(self._kinds, key=len, reverse=True)
        for form, kind in new.items():
            self._index(form.encode(), kind)

    def _index(self, form: bytes, kind: str) -> None:
        if len(form) < LONG:
            self._short.append((form, kind))
            return
        for start in range(BLOCK):
            block = int.from_bytes(form[start : start + BLOCK], _ORDER)
            self._blocks.setdefault(block, []).append((form, kind))

    def kinds(self, data: bytes) -> set[str]:
        """The kinds of the secrets that some bytes contain, in any form."""
        found = {kind for form, kind in self._short if form in data}
        whole = memoryview(data)[: len(data) // BLOCK * BLOCK].cast("Q")
        for block in self._blocks.keys() & set(whole):
            found |= {kind for form, kind in self._blocks[block] if form in data}
        if _SIGNATURE.search(data):
            found.add("a signature")
        return found

    def scrub(self, value: Any) -> Any:
        """A value without secrets: texts are replaced, containers rebuilt, objects with fields changed in place."""
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, list | tuple):
            return type(value)(self.scrub(one) for one in value)
        if isinstance(value, dict):
            return {key: self.scrub(one) for key, one in value.items()}
        for name in _members(value):
            object.__setattr__(value, name, self.scrub(getattr(value, name)))
        return value

    def _text(self, text: str) -> str:
        for form in self._ordered:
            if form in text:
                text = text.replace(form, HIDDEN)
        return SIGNATURE.sub(rf"\1{HIDDEN}", text)


def _members(value: Any) -> list[str]:
    """The members of an instance of a dataclass or of a class of attrs."""
    if isinstance(value, type):
        return []
    if dataclasses.is_dataclass(value):
        return [field.name for field in dataclasses.fields(value)]
    return [attribute.name for attribute in getattr(value, "__attrs_attrs__", ())]


_ORDER: Any = "little" if memoryview(b"\1" + b"\0" * 7).cast("Q")[0] == 1 else "big"


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
            tail = piece[-4096:]
    return found
