"""The two pictures of the report `images`, and the script that draws its chart."""

from __future__ import annotations

import base64
import struct
import zlib

JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDACgcHiMeGSgjISMtKygwPGRBPDc3PHtYXUlkkYCZlo+AjIqgtObDoKrarYqMyP/L2u71////m8H////6"
    "/+b9//j/wAALCAA8AFABAREA/8QAFQABAQAAAAAAAAAAAAAAAAAAAAX/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/9oACAEBAAA/AIoAAAAAAAAAAAAA"
    "AAAAAAAAAAAAA//Z"
)
"""80 × 60, gray."""
CONTENT_TYPES = {"jpg": "image/jpeg", "png": "image/png", "js": "text/javascript"}
SCRIPT = b"document.currentScript.insertAdjacentHTML('afterend', '<svg width=\"80\" height=\"60\"></svg>');\n"


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int) -> bytes:
    """A transparent picture of that size in pixels (PNG, 8 bits of red, green, blue, alpha)."""
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    rows = zlib.compress((b"\x00" + b"\x00" * 4 * width) * height)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


PICTURES = {"jpg": JPEG, "png": png(60, 80)}
"""Bytes by kind; the kind is the ending of the file name."""


def file_name(page: int, place: int, kind: str) -> str:
    """Name of the attachment: page index and place on the page, both from 0."""
    return f"img_0_{page}_{place}.{kind}"


def chart_name(page: int) -> str:
    """Name of the script that draws the chart of a page, by page index from 0."""
    return f"chart_0_{page}.js"
