"""JSON and XML documents as trees in which one place can be changed.

A place is a path of keys and indexes. Its member is the path without indexes: `exports.status` in JSON and XML alike,
`exports.export@id` for an attribute.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

Path = tuple[str | int, ...]
MOST_ALIKE = 3
"""How many elements of a list are changed: the first two and the last one."""


def of(body: bytes) -> Document | None:
    """The document of a body; None if it is neither JSON nor XML."""
    start = body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    try:
        if start in (b"{", b"["):
            return Json(json.loads(body))
        if start == b"<" and b"<!DOCTYPE" not in body[:200] and b"<html" not in body[:500].lower():
            return Xml(ElementTree.fromstring(body))
    except (ValueError, ElementTree.ParseError):
        return None
    return None


def chosen(count: int) -> list[int]:
    """The indexes of a list of that length that are changed."""
    return sorted({*range(min(count, MOST_ALIKE - 1)), count - 1} - {-1})


class Json:
    """A JSON document."""

    media = "json"

    def __init__(self, root: Any) -> None:
        self.root = root

    def places(self) -> Iterator[tuple[str, Path, Any]]:
        """The member, the path and the value of every place."""
        yield from self._below(self.root, ())

    def _below(self, value: Any, path: Path) -> Iterator[tuple[str, Path, Any]]:
        keys: Any = ()
        if isinstance(value, dict):
            keys = value
        elif isinstance(value, list):
            keys = chosen(len(value))
        for key in keys:
            inner = (*path, key)
            yield ".".join(str(one) for one in inner if isinstance(one, str)) or "*", inner, value[key]
            yield from self._below(value[key], inner)

    def lists(self) -> Iterator[tuple[str, Path, int]]:
        """The member, the path and the length of every list."""
        if isinstance(self.root, list):
            yield "*", (), len(self.root)
        for member, path, value in self.places():
            if isinstance(value, list):
                yield member, path, len(value)

    def dropped(self, path: Path) -> bytes:
        """Without a place."""
        return self._edited(path, lambda parent, key: parent.__delitem__(key))

    def replaced(self, path: Path, value: Any) -> bytes:
        """With another value at a place."""
        return self._edited(path, lambda parent, key: parent.__setitem__(key, value))

    def rearranged(self, path: Path, change: Callable[[list[Any]], list[Any]]) -> bytes:
        """With another list at a place."""
        found = self.root
        for key in path:
            found = found[key]
        changed = change(list(found))
        return json.dumps(changed).encode() if not path else self.replaced(path, changed)

    def _edited(self, path: Path, edit: Callable[[Any, Any], None]) -> bytes:
        root = parent = copy.copy(self.root)
        for key in path[:-1]:
            parent[key] = copy.copy(parent[key])
            parent = parent[key]
        edit(parent, path[-1])
        return json.dumps(root, ensure_ascii=False).encode()


class Xml:
    """An XML document; the key of an attribute begins with `@`, that of an element is its number."""

    media = "xml"

    def __init__(self, root: Element) -> None:
        self.root = root

    def places(self) -> Iterator[tuple[str, Path, Any]]:
        """The member, the path and the value of every place: a text, or None for an element with children."""
        if len(self.root) == 0:
            yield "*", (), self.root.text or ""
        yield from self._below(self.root, (), "")

    def _below(self, element: Element, path: Path, member: str) -> Iterator[tuple[str, Path, Any]]:
        for name, value in element.attrib.items():
            yield f"{member}@{name}", (*path, f"@{name}"), value
        seen: dict[str, list[int]] = {}
        for number, child in enumerate(element):
            seen.setdefault(child.tag, []).append(number)
        for tag, numbers in seen.items():
            for number in (numbers[index] for index in chosen(len(numbers))):
                child, inner = element[number], f"{member}.{tag.rpartition('}')[2]}".lstrip(".")
                yield inner, (*path, number), (child.text or "") if len(child) == 0 else None
                yield from self._below(child, (*path, number), inner)

    def lists(self) -> Iterator[tuple[str, Path, int]]:
        """The member, the path and the length of every element whose children have one name."""
        for member, path, element in self._elements():
            if len({child.tag for child in element}) == 1:
                yield member, path, len(element)

    def _elements(self) -> Iterator[tuple[str, Path, Element]]:
        yield "*", (), self.root
        for member, path, value in self.places():
            if value is None:
                yield member, path, self._at(self.root, path)

    def dropped(self, path: Path) -> bytes:
        """Without a place."""
        root = copy.deepcopy(self.root)
        parent, key = self._at(root, path[:-1]), path[-1] if path else 0
        if not path:
            parent.text = None
        elif isinstance(key, str):
            del parent.attrib[key[1:]]
        else:
            del parent[key]
        return _written(root)

    def replaced(self, path: Path, value: Any) -> bytes:
        """With another text at a place; an element has no children then."""
        root = copy.deepcopy(self.root)
        text = str(value).lower() if isinstance(value, bool) else str(value)
        if path and isinstance(path[-1], str):
            self._at(root, path[:-1]).attrib[path[-1][1:]] = text
        else:
            element = self._at(root, path)
            del element[:]
            element.text = text
        return _written(root)

    def rearranged(self, path: Path, change: Callable[[list[Any]], list[Any]]) -> bytes:
        """With other children of an element."""
        root = copy.deepcopy(self.root)
        element = self._at(root, path)
        element[:] = change(list(element))
        return _written(root)

    def renamed(self) -> bytes:
        """With another name of the root element."""
        root = copy.deepcopy(self.root)
        root.tag += "X"
        return _written(root)

    def _at(self, element: Element, path: Path) -> Element:
        for key in path:
            element = element[int(key)]
        return element


Document = Json | Xml


def _written(root: Element) -> bytes:
    return ElementTree.tostring(root, "unicode").encode()
