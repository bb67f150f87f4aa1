"""Writing answers: the members of a descriptor as JSON or as XML, without nulls, and the media types of errors."""

from __future__ import annotations

import json
import re
from typing import Any
from xml.sax.saxutils import escape

Members = dict[str, Any]

ROOTS = {"extendedStatus": "status"}
"""Kinds of bodies whose XML root has another name."""
ITEMS = {
    "exports": "export",
    "attachments": "attachment",
    "parameters": "parameter",
    "bookmarks": "bookmark",
    "parts": "part",
}
"""The element of one item, for lists that stand in an element of their own; other lists repeat their name."""
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def as_json(members: Any) -> bytes:
    """Compact JSON in UTF-8."""
    return json.dumps(members, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "replace")


def as_xml(kind: str, members: Any) -> bytes:
    """An XML document whose root is the kind of body, in UTF-8."""
    return (DECLARATION + element(ROOTS.get(kind, kind), members)).encode()


def element(name: str, value: Any) -> str:
    """One element, or the elements of a list."""
    if isinstance(value, dict):
        inner = "".join(element(key, member) for key, member in value.items())
    elif isinstance(value, list | tuple):
        if name not in ITEMS:
            return "".join(element(name, item) for item in value)
        inner = "".join(element(ITEMS[name], item) for item in value)
    else:
        inner = content(value)
    return f"<{name}>{inner}</{name}>"


def content(value: Any) -> str:
    """The text of a scalar; characters that XML cannot hold become a question mark."""
    written = str(value).lower() if isinstance(value, bool) else str(value)
    return escape(_FORBIDDEN.sub("?", written))
