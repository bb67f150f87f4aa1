"""Writing TOML: tables of values, each with an optional comment before it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

BARE = re.compile(r"[A-Za-z0-9_-]+")


def table(name: str, members: Mapping[str, Any], comment: str = "") -> str:
    """A table as text; the comment may have several lines."""
    lines = [f"# {line}" for line in comment.splitlines()]
    lines.append(f"[{'.'.join(_key(part) for part in name.split('.'))}]")
    lines += [f"{_key(key)} = {value(member)}" for key, member in members.items()]
    return "\n".join(lines) + "\n"


def value(found: Any) -> str:
    """A string, number, boolean, list or mapping as TOML."""
    if isinstance(found, Mapping):
        return "{ " + ", ".join(f"{_key(str(key))} = {value(member)}" for key, member in found.items()) + " }"
    if isinstance(found, list | tuple):
        return "[" + ", ".join(value(item) for item in found) + "]"
    return json.dumps(found, ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(text: str) -> str:
    return text if BARE.fullmatch(text) else value(text)
