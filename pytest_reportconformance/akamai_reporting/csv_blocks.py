"""Reading results as text/csv: blocks of lines between the markers `#NAME_START` and `#NAME_END`."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from typing import Any

START = re.compile(r"#(\w+)_START\s*")
Block = list[list[str]]


def blocks(text: str) -> dict[str, Block]:
    """The blocks of a text by name, each a list of records; a block that does not end ends with the text."""
    found: dict[str, Block] = {}
    name, lines = "", list[str]()
    for line in text.splitlines(keepends=True):
        if begun := START.fullmatch(line.strip("\ufeff")):
            name, lines = begun[1], []
        elif name and line.strip() == f"#{name}_END":
            found[name] = _records(lines)
            name = ""
        elif name:
            lines.append(line)
    return found | ({name: _records(lines)} if name else {})


def _records(lines: Sequence[str]) -> Block:
    return [record for record in csv.reader(lines) if record]


def metadata(found: Mapping[str, Block]) -> dict[str, str]:
    """The block METADATA: the second value of each record by its first."""
    return {record[0].strip(): record[1].strip() for record in found.get("METADATA", []) if len(record) > 1}


def rows(found: Mapping[str, Block]) -> list[dict[str, str]]:
    """The records of the block DATA by the names in the block COLUMN."""
    names = [name.strip() for name in (found.get("COLUMN") or [[]])[0]]
    return [dict(zip(names, record, strict=False)) for record in found.get("DATA", [])]


def agrees(cell: str | None, value: Any) -> bool:
    """Whether a cell has the value of a JSON value, in any notation of numbers."""
    if cell is None or isinstance(value, dict | list):
        return False
    if value is None or isinstance(value, bool):
        return cell.strip().lower() in ({"", "null", "none"} if value is None else {str(value).lower()})
    if isinstance(value, int | float):
        try:
            return float(cell) == float(value)
        except ValueError:
            return False
    return bool(cell == value)
