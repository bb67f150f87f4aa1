"""Reading JSON and XML that another user sent: strict, bounded, and without any reference to the outside.

Rule: pure functions over bytes; whatever is wrong with the bytes is `Malformed`, with a message about the bytes.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NoReturn
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

DEEPEST = 200
MOST_ELEMENTS = 50_000
MOST_ATTRIBUTES = 100_000
LONGEST_EXCERPT = 200


class Malformed(ValueError):
    """The bytes are not a document of the kind that they claim to be."""


def parse_json(body: bytes) -> Any:
    """Bytes as JSON (RFC 8259: UTF-8, no NaN, no Infinity, no half of a surrogate pair); raises Malformed."""
    try:
        value = json.loads(body.decode("utf-8-sig"), parse_constant=_no_constant, parse_float=_finite)
        if b"\\ud" in body or b"\\uD" in body:
            json.dumps(value, ensure_ascii=False).encode()
    except RecursionError:
        raise Malformed("nested too deeply") from None
    except ValueError as error:
        raise Malformed(f"{error}: {excerpt(body)}") from None
    if body.count(b"[") + body.count(b"{") > DEEPEST and is_deep(value):
        raise Malformed("nested too deeply")
    return value


def is_deep(value: Any, most: int = DEEPEST) -> bool:
    """Whether a JSON value has more than so many levels."""
    level = [value]
    for _ in range(most):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer if isinstance(outer, list) else ())
        ]
        if not level:
            return False
    return True


def _finite(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise Malformed(f"the number {excerpt(text)} is beyond what a double can hold")
    return value


def _no_constant(name: str) -> NoReturn:
    raise Malformed(f"{name} is no JSON number")


def parse_xml(body: bytes) -> Element:
    """Bytes as XML, names without namespace prefix; a DOCTYPE is refused, whatever it declares; raises Malformed."""
    builder = _Builder()
    _parse([body], builder)
    return builder.close()


def xml_namespace(body: bytes) -> str:
    """The namespace of the root element of an XML document, empty if it has none; raises Malformed."""
    found: list[str] = []

    def start(name: str, _attributes: dict[str, str]) -> None:
        found.append(name.rpartition(" ")[0])

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = start
    try:
        parser.Parse(body, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise Malformed(f"{error}: {excerpt(body)}") from None
    return found[0]


def xml_text(pieces: Iterable[bytes], most: int, seen: Callable[[int, str, dict[str, str]], None] | None = None) -> str:
    """The text of an XML document that is read piece by piece, after about `most` characters without the rest.

    `seen` is called with the depth (1 for the root), the name and the attributes of each element. Raises Malformed.
    """
    reader = _TextReader(most, seen)
    _parse(pieces, reader)
    return "".join(reader.found)


def _parse(pieces: Iterable[bytes], handler: _Builder | _TextReader) -> None:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = handler.start
    parser.EndElementHandler = handler.end
    parser.CharacterDataHandler = handler.data
    parser.StartDoctypeDeclHandler = _no_doctype
    first = b""
    try:
        for piece in pieces:
            first = first or piece[: LONGEST_EXCERPT * 4]
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except Malformed:
        raise
    except (expat.ExpatError, LookupError, ValueError) as error:  # the latter two for encodings that are unknown
        raise Malformed(f"{error}: {excerpt(first)}") from None


class _TextReader:
    def __init__(self, most: int, seen: Callable[[int, str, dict[str, str]], None] | None) -> None:
        self.found: list[str] = []
        self._left = most
        self._seen = seen
        self._depth = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise Malformed("nested too deeply")
        if self._seen is not None:
            self._seen(self._depth, _local(name), {_local(key): value for key, value in attributes.items()})
        self._separate()

    def end(self, name: str) -> None:
        self._depth -= 1
        self._separate()

    def data(self, text: str) -> None:
        if self._left > 0 and not text.isspace():
            self._left -= len(text)
            self.found.append(text)

    def _separate(self) -> None:
        if self.found and self.found[-1] != " ":
            self.found.append(" ")


class _Builder:
    def __init__(self) -> None:
        self._tree = TreeBuilder()
        self._depth = 0
        self._elements = 0
        self._attributes = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._elements += 1
        self._attributes += len(attributes)
        if self._depth > DEEPEST:
            raise Malformed("nested too deeply")
        if self._elements > MOST_ELEMENTS or self._attributes > MOST_ATTRIBUTES:
            raise Malformed(f"it has more than {MOST_ELEMENTS} elements or {MOST_ATTRIBUTES} attributes")
        self._tree.start(_local(name), {_local(key): value for key, value in attributes.items()})

    def end(self, name: str) -> None:
        self._depth -= 1
        self._tree.end(_local(name))

    def data(self, text: str) -> None:
        self._tree.data(text)

    def close(self) -> Element:
        return self._tree.close()


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _no_doctype(*_declaration: Any) -> NoReturn:
    raise Malformed("it has a DOCTYPE, which is refused")


def pointer(path: Sequence[str | int]) -> str:
    """A path of names and indexes as text: `metadata.links[0].href`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def excerpt(value: Any) -> str:
    """A value in a line of at most 200 characters, control characters made visible."""
    if isinstance(value, bytes):
        text = value[: LONGEST_EXCERPT * 4].decode("utf-8", "replace") or "an empty body"
    elif isinstance(value, str):
        text = value
    else:
        text = json.dumps(value, ensure_ascii=False, default=str)
    text = visible(" ".join(text.split()))
    return text if len(text) <= LONGEST_EXCERPT else text[: LONGEST_EXCERPT - 1] + "…"


def visible(text: str) -> str:
    """Text whose control characters are written as escapes, so that no terminal obeys them; line ends stay."""
    if text.isprintable():
        return text
    return "".join(
        char if char == "\n" or char.isprintable() else char.encode("unicode_escape").decode() for char in text
    )
