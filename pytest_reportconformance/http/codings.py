"""Content codings of a body (RFC 9110 section 8.4.1): undone piece by piece, in small steps.

Rule: however much a small piece unpacks to, at most STEP bytes of it are in memory at once.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator

STEP = 1024 * 1024
MOST_CODINGS = 5
MODERN = ("br", "zstd", "compress", "x-compress", "dcb", "dcz")
"""Codings that are registered, that no request asks for, and that are not decoded."""

Pieces = Iterator[bytes]


class CodingError(Exception):
    """A body is not in the coding that its head announces, or in one that is not decoded."""


def listed(value: str) -> list[str]:
    """The codings in a Content-Encoding field, in the order in which they were applied; `identity` is none."""
    names = [name.strip().lower() for name in value.split(",")]
    return [name for name in names if name not in ("", "identity")]


def decoded(pieces: Pieces, value: str) -> Pieces:
    """The body without the codings of a Content-Encoding field, as it is read. Raises CodingError."""
    codings = listed(value)
    if len(codings) > MOST_CODINGS:
        return _refused(
            pieces, f"Content-Encoding has {len(codings)} codings; more than {MOST_CODINGS} are not decoded"
        )
    for coding in reversed(codings):
        if coding in MODERN:
            return _refused(pieces, f"Content-Encoding: {coding} was not requested (Accept-Encoding: identity)")
        if coding not in DECODERS:
            return _refused(pieces, f"Content-Encoding: {coding[:60]} is not known")
        pieces = DECODERS[coding](pieces, coding)
    return pieces


def _refused(pieces: Pieces, text: str) -> Pieces:
    """A body that cannot be decoded: an error, unless it is empty."""
    for piece in pieces:
        if piece:
            raise CodingError(text)
        yield piece


def _gzip(pieces: Pieces, coding: str) -> Pieces:
    """All members of a gzip file (RFC 1952 section 2.2); zeros that fill up the last block are dropped."""
    inflater = zlib.decompressobj(zlib.MAX_WBITS | 16)
    members, begun = 0, False
    for piece in pieces:
        rest = piece
        while rest:
            if not begun and members and not (rest := rest.lstrip(b"\0")):
                break
            if not begun and members and rest[0] != 0x1F:
                raise CodingError(f"the body has bytes after the end of its {coding}")
            begun = True
            yield from _inflated(inflater, rest, coding)
            rest = inflater.unused_data
            if inflater.eof:
                inflater, members, begun = zlib.decompressobj(zlib.MAX_WBITS | 16), members + 1, False
    if begun:
        raise CodingError(f"the body ends before the end of its {coding}")


def _deflate(pieces: Pieces, coding: str) -> Pieces:
    """The zlib format (RFC 1950), and the bare deflate format (RFC 1951) that many servers send in its place."""
    inflater = None
    start = b""
    for piece in pieces:
        rest = piece
        if inflater is None:
            start += piece
            if len(start) < 2:
                continue
            inflater, rest = zlib.decompressobj(zlib.MAX_WBITS if _is_zlib(start) else -zlib.MAX_WBITS), start
        if rest and inflater.eof:
            raise CodingError(f"the body has bytes after the end of its {coding}")
        yield from _inflated(inflater, rest, coding)
        if inflater.unused_data.strip(b"\0"):
            raise CodingError(f"the body has bytes after the end of its {coding}")
    if start and (inflater is None or not inflater.eof):
        raise CodingError(f"the body ends before the end of its {coding}")


def _is_zlib(start: bytes) -> bool:
    """Whether these are the two bytes of a zlib header (RFC 1950 section 2.2); bare deflate never begins so."""
    return start[0] & 0x0F == 8 and int.from_bytes(start[:2], "big") % 31 == 0


def _inflated(inflater: zlib._Decompress, packed: bytes, coding: str) -> Pieces:
    """What a piece unpacks to, in small steps."""
    while not inflater.eof:
        try:
            unpacked = inflater.decompress(packed, STEP)
        except zlib.error as error:
            raise CodingError(f"the body is not {coding}, as announced: {error}") from None
        yield unpacked
        packed = inflater.unconsumed_tail
        if not packed and len(unpacked) < STEP:
            return


DECODERS: dict[str, Callable[[Pieces, str], Pieces]] = {"gzip": _gzip, "x-gzip": _gzip, "deflate": _deflate}
