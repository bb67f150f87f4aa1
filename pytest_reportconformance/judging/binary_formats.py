"""Readers of single binary formats: each returns the text that a file shows, None if it has none.

Rule: pure functions over bytes; raise ValueError, IndexError or struct.error for a file that does not open. Memory and
time do not grow with the file.
"""

from __future__ import annotations

import re
import struct
import zlib

LOOKED_AT = 2 * 1024 * 1024
"""Bytes of a text format that are decoded."""
MOST_SEGMENTS = 100_000


def png(body: bytes) -> None:
    """PNG (ISO/IEC 15948): chunks with correct checksums from IHDR to IEND."""
    at = 8
    names: list[bytes] = []
    while (not names or names[-1] != b"IEND") and len(names) < MOST_SEGMENTS:
        (length,) = struct.unpack_from(">I", body, at)
        (checksum,) = struct.unpack_from(">I", body, at + 8 + length)
        name = body[at + 4 : at + 8]
        if zlib.crc32(memoryview(body)[at + 4 : at + 8 + length]) != checksum:
            raise ValueError(f"the checksum of its chunk {name!r} is wrong")
        names.append(name)
        at += 12 + length
    if names[0] != b"IHDR" or b"IDAT" not in names:
        raise ValueError("it lacks IHDR or IDAT")


def jpeg(body: bytes) -> None:
    """JPEG (ITU-T T.81): segments up to the scan, and an end of image."""
    at = 2
    for _ in range(MOST_SEGMENTS):
        if body[at + 1] == 0xDA:
            break
        if body[at] != 0xFF:
            raise ValueError(f"no marker at byte {at}")
        at += 1 if body[at + 1] == 0xFF else 2 + struct.unpack_from(">H", body, at + 2)[0]
    if body.find(b"\xff\xd9", at) < 0:
        raise ValueError("it has no end of image")


def xls(body: bytes) -> None:
    """Excel 97 in a compound file: its directory names the stream of the workbook."""
    if not any(name.encode("utf-16-le") in body for name in ("Workbook", "Book")):
        raise ValueError("a compound file without a workbook")


def rtf(whole: bytes) -> str:
    body = whole[:LOOKED_AT]
    bare = re.sub(rb"\\[\\{}]", b"", body)
    if len(whole) <= LOOKED_AT and bare.count(b"{") != bare.count(b"}"):
        raise ValueError("its groups do not close")
    plain = re.sub(r"\\'([0-9a-fA-F]{2})", lambda found: chr(int(found[1], 16)), body.decode("latin-1"))
    return re.sub(r"\\[a-z]+-?\d* ?|[{}]", " ", plain)
