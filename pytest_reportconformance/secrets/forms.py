"""Every form in which an artifact may contain a secret, and one matcher that finds and replaces these forms.

Rule: redaction and the closing search use this matcher and nothing else, so that they cannot differ. Letters and digits
of ASCII are never escaped; every other character may be escaped in any way, repeatedly, and differently from the next.
"""

from __future__ import annotations

import base64
import re
import threading
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from html.entities import codepoint2name
from typing import Any

HIDDEN = "***"
SHORTEST = 6
"""Shorter texts occur by chance."""
WEAK = "a credential that is a word"
"""The kind of a secret that may also be an ordinary word: it is redacted only in a place for credentials."""
BLOCK = 8
SLICE = 65536
"""Blocks that are compared at once."""
LONG = 2 * BLOCK - 1
READABLE = 4
"""ASCII characters that a secret needs, so that its other characters may be replacement characters in a form."""

_NAMES = rb"passw(?:or)?d|passphrase|pwd|secret|api[_-]?key|access[_-]?key|token|authorization|credential|signature"
_QUOTES = rb"(?:[\"'\\]|&quot;|&#3[49];|&apos;|%22|%27){0,8}"
_PLACE = rb"(?:(?<![A-Za-z0-9])(?:%b)|(?:%b)[\w.-]{0,32})%b\s{0,8}(?:[=:>]|%%3[dDaA])\s{0,8}%b"
_WORD = rb"(?P<named>%b)(?:%b)(?![A-Za-z0-9])|(?P<user>://[^/\s@\"'<>]{0,64}:)(?:%b)(?=@)"
_BACKSLASH = rb"(?:\\|%(?:25){0,4}5[cC]|&(?:amp;){0,4}#(?:92|[xX]5[cC]);)"
_BACKSLASHES = _BACKSLASH + b"{0,15}"
_ORDER: Any = "little" if memoryview(b"\1" + b"\0" * 7).cast("Q")[0] == 1 else "big"


@dataclass(frozen=True, eq=False)
class Needle:
    """One form of a secret: `anchor` is text that occurs in it; without a pattern the anchor is the whole form."""

    anchor: bytes
    pattern: re.Pattern[bytes] | None
    size: int

    def inside(self, data: bytes) -> bool:
        """Whether data that contains the anchor contains the form."""
        return self.pattern is None or self.pattern.search(data) is not None

    def replaced(self, data: bytes) -> bytes:
        """The data without the form."""
        if self.pattern is None:
            return data.replace(self.anchor, HIDDEN.encode())
        return self.pattern.sub(HIDDEN.encode(), data)


@lru_cache(maxsize=8192)
def needles(secret: str) -> tuple[Needle, ...]:
    """The forms of a secret: as text with any escaping, in base64 at each alignment, in hex."""
    raw = {secret.encode("utf-8", "surrogatepass"), secret.encode("latin-1", "ignore")}
    encoded = {
        form for text in raw if text for form in (*_base64(text), text.hex().encode(), text.hex().upper().encode())
    }
    found = [Needle(form, None, len(form)) for form in encoded if len(form) >= SHORTEST]
    if secret.isascii() and secret.isalnum():
        return (Needle(secret.encode(), None, len(secret)), *found)
    runs = re.findall(r"[A-Za-z0-9]+", secret)
    return (Needle(max(runs, key=len, default="").encode(), pattern(secret), len(secret)), *found)


def _base64(raw: bytes) -> set[bytes]:
    """The characters that the secret alone determines, at every offset in the encoded text."""
    found = set()
    for before in range(3):
        start, end = -(-8 * before // 6), 8 * (before + len(raw)) // 6
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            found.add(encode(b"\0" * before + raw)[start:end])
    return found


def pattern(secret: str) -> re.Pattern[bytes]:
    """What matches a secret with each of its characters escaped in any way that an artifact knows."""
    readable = sum(char.isascii() for char in secret) >= READABLE
    runs = re.finditer(r"(.)\1*", secret, re.DOTALL)
    return re.compile(b"".join(_run(run[1], len(run[0]), readable) for run in runs))


def _run(char: str, length: int, readable: bool) -> bytes:
    """Equal characters in a row. Groups are atomic: no server can choose bytes that take long to search."""
    if char.isascii() and char.isalnum():
        return char.encode() * length
    if char == "\\":
        return b"(?>%b{%d,%d})" % (_BACKSLASH, length, 16 * length)
    kind = b"?:" if char == "&" else b"?>"  # a secret may hold a literal &amp;
    one = b"(%b%b)" % (kind, b"|".join(_ways(char, readable)))
    return b'(?>(?:"){%d}|%b{%d})' % (2 * length, one, length) if char == '"' else one * length


def _ways(char: str, readable: bool) -> list[bytes]:
    if char.isascii():
        return [_escapes(char)]
    ways = [b"".join(map(_escapes, text)) for text in sorted(_misread(char))] + [_escapes(char)]
    single = char.encode("latin-1", "ignore")
    if single:
        ways += [re.escape(single), _percent(single)]
        ways += [_escapes("\ufffd")] if readable else []
    return ways


def _misread(char: str) -> set[str]:
    """UTF-8 that was read as Latin-1 or as Windows-1252."""
    raw = char.encode("utf-8", "surrogatepass")
    found = {raw.decode("latin-1")}
    with suppress(UnicodeDecodeError):
        found.add(raw.decode("cp1252"))
    return found


_SPECIAL = {"&": [b"&(?:amp;){1,5}"], " ": [rb"\+"], "'": [b"'\"'\"'", rb"'\\{1,15}''"], "\n": [b"n"], "\t": [b"t"]}


@lru_cache(maxsize=4096)
def _escapes(char: str) -> bytes:
    """A character: escaped for HTML, XML, JSON, Markdown, Python, CSV, a shell or a URL, or not at all."""
    code, raw = ord(char), char.encode("utf-8", "surrogatepass")
    names = [b"#0{0,4}%d" % code, b"#[xX]0{0,4}" + _digits(f"{code:x}")]
    names += [codepoint2name[code].encode()] if code in codepoint2name else []
    names += [b"apos"] if char == "'" else []
    units = char.encode("utf-16-be", "surrogatepass")
    pairs = [f"{int.from_bytes(units[at : at + 2], 'big'):04x}" for at in range(0, len(units), 2)]
    ways = [b"&(?:amp;){0,4}(?:" + b"|".join(names) + b");", _percent(raw)]
    ways.append(_BACKSLASHES.join(b"u" + _digits(pair) for pair in pairs))
    ways += [b"x" + _digits(f"{code:02x}")] if code < 256 else []
    ways += _SPECIAL.get(char, [])
    ways.append(re.escape(raw))
    return _BACKSLASHES + b"(?:" + b"|".join(ways) + b")"


def _percent(raw: bytes) -> bytes:
    return b"".join(b"%(?:25){0,4}" + _digits(f"{byte:02x}") for byte in raw)


def _digits(digits: str) -> bytes:
    """Hexadecimal digits in either letter case."""
    return "".join(f"[{one}{one.upper()}]" if one.isalpha() else one for one in digits).encode()


class Matcher:
    """Finds and replaces all forms of many secrets; any thread may call it.

    Aligned blocks of eight bytes find candidates for all long forms at once, however many secrets there are.
    """

    def __init__(self) -> None:
        self._kinds: dict[str, str] = {}
        self._short: dict[Needle, str] = {}
        self._blocks: dict[int, tuple[tuple[Needle, str], ...]] = {}
        self._words: tuple[str, ...] = ()
        self._names: tuple[str, ...] = ()
        self._placed: re.Pattern[bytes] | None = None
        self._lock = threading.RLock()

    def copy(self) -> Matcher:
        """A matcher with the same secrets that learns separately."""
        found = Matcher()
        with self._lock:
            found._kinds, found._short, found._blocks = self._kinds.copy(), self._short.copy(), self._blocks.copy()
            found._words, found._names, found._placed = self._words, self._names, self._placed
        return found

    def name(self, name: str) -> None:
        """Add the name of an argument or header field whose value is a credential."""
        with self._lock:
            self._names = (*self._names, name)
            self._placed = _placed(self._words, self._names)

    def learn(self, known: Mapping[str, str]) -> None:
        """Add secrets, each with its kind."""
        with self._lock:
            for secret, kind in known.items():
                if secret and secret not in self._kinds:
                    self._kinds[secret] = kind
                    self._add(secret, kind)

    def _add(self, secret: str, kind: str) -> None:
        if kind == WEAK:
            self._words = (*self._words, secret)
            self._placed = _placed(self._words, self._names)
            return
        for needle in needles(secret):
            if len(needle.anchor) < LONG:
                self._short[needle] = kind
                continue
            for block in self._rare_blocks(needle.anchor):
                self._blocks[block] = (*self._blocks.get(block, ()), (needle, kind))

    def _rare_blocks(self, anchor: bytes) -> list[int]:
        """Eight blocks in a row that few other forms have: tokens of one server often begin or end alike."""
        last = len(anchor) - LONG
        rows = [_blocks(anchor, start) for start in dict.fromkeys((0, last // 2, last))]
        return min(rows, key=lambda row: sum(len(self._blocks.get(block, ())) for block in row))

    def _found(self, data: bytes) -> dict[Needle, str]:
        """The forms that some bytes contain, each with the kind of its secret."""
        with self._lock:
            found = {needle: kind for needle, kind in self._short.items() if needle.anchor in data}
            if self._blocks:
                whole = memoryview(data)[: len(data) // BLOCK * BLOCK].cast("Q")
                for start in range(0, len(whole), SLICE):
                    for block in self._blocks.keys() & set(whole[start : start + SLICE]):
                        found |= {needle: kind for needle, kind in self._blocks[block] if needle.anchor in data}
        return {needle: kind for needle, kind in found.items() if needle.inside(data)}

    def kinds(self, data: bytes) -> set[str]:
        """The kinds of the secrets that some bytes contain, in any form."""
        words = {WEAK} if self._placed is not None and self._placed.search(data) else set()
        return {*self._found(data).values(), *words}

    def bytes(self, data: bytes) -> bytes:
        """Bytes without secrets."""
        for needle in sorted(self._found(data), key=lambda needle: -needle.size):
            data = needle.replaced(data)
        return data if self._placed is None else self._placed.sub(_hidden, data)

    def text(self, text: str) -> str:
        """A text without secrets."""
        data = text.encode("utf-8", "surrogatepass")
        clean = self.bytes(data)
        if clean == data:
            return text
        try:
            return clean.decode("utf-8", "surrogatepass")
        except UnicodeDecodeError:
            return clean.decode("utf-8", "replace")


def _blocks(anchor: bytes, start: int) -> list[int]:
    """The blocks of which one is aligned wherever the anchor stands."""
    places = range(start, start + BLOCK)
    return [int.from_bytes(anchor[place : place + BLOCK], _ORDER) for place in places]


def _placed(words: Iterable[str], names: Iterable[str]) -> re.Pattern[bytes] | None:
    """What matches a word where a credential can stand: behind the name of one, or in a URL before the host."""
    known = b"|".join(re.escape(name.encode()) for name in names) or rb"(?!)"
    place = _PLACE % (known, _NAMES, _QUOTES, _QUOTES)
    any = b"|".join(pattern(word).pattern for word in sorted(words, key=len, reverse=True))
    return re.compile(_WORD % (rb"(?i:" + place + rb")", any, any)) if any else None


def _hidden(hit: re.Match[bytes]) -> bytes:
    return (hit["named"] or hit["user"]) + HIDDEN.encode()
