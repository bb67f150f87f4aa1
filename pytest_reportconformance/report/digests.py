"""The digests in a record: of each transcript by its path, and of each member of the record by its JSON pointer."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

DIGESTS = "digests"


def digests(folder: Path, record: Mapping[str, Any]) -> dict[str, str]:
    """SHA-256 of each transcript by its path, and of each member of a record by its pointer."""
    files = [folder / "target.har", *sorted((folder / "transcripts").glob("*.har"))]
    found = {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in files
        if file.is_file()
    }
    return found | {pointer: _digest(value) for pointer, value in _members(record)}


def mismatches(folder: Path, record: Mapping[str, Any]) -> Iterator[str]:
    """What was changed since the digests were taken, a sentence each."""
    recorded, now = record.get(DIGESTS) or {}, digests(folder, record)
    for name in dict.fromkeys([*recorded, *now]):
        if recorded.get(name) != now.get(name):
            yield f"{name}: it was changed after the run (digest mismatch)"


def _members(record: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in record.items():
        if key == DIGESTS:
            continue
        if isinstance(value, dict) and value:
            yield from ((f"/{key}/{name}", one) for name, one in value.items())
        else:
            yield f"/{key}", value


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
