"""Reading the body of an answer: content coding undone, bounded in size, one large body in memory at a time.

Rule: nothing that a server sends makes this module use more memory than a few times the limit.
"""

from __future__ import annotations

import io
import threading
import zlib
from collections.abc import Callable
from contextlib import ExitStack

import requests

from pytest_reportconformance.exchange import Trouble

PIECE = 64 * 1024
LARGE = 4 * 1024 * 1024
HEAD = 1024

_one_large = threading.Lock()


def read_body(answer: requests.Response, limit: int) -> tuple[bytes, Trouble | None]:
    """The body in at most `limit` bytes; of a longer or undecodable one the first KiB, and what is wrong with it."""
    coding = answer.headers.get("Content-Encoding", "").strip().lower()
    inflater = zlib.decompressobj(zlib.MAX_WBITS | 32) if coding in ("gzip", "x-gzip", "deflate") else None
    buffer = io.BytesIO()
    with ExitStack() as stack:
        try:
            size = _fill(buffer, answer, _undo(inflater), limit, stack)
        except zlib.error as error:
            return buffer.getvalue()[:HEAD], Trouble("failed", f"the body is not {coding}, as announced: {error}")
        if size > limit:
            answer.raw.close()
            text = f"the body is longer than {limit} bytes (limits.body_bytes)"
            return bytes(buffer.getbuffer()[:HEAD]), Trouble("inconclusive", text)
    answer.raw.release_conn()
    if inflater is not None and size and not inflater.eof:
        return buffer.getvalue(), Trouble("failed", f"the body ends before the end of its {coding}")
    return buffer.getvalue(), None


def _fill(
    buffer: io.BytesIO, answer: requests.Response, undo: Callable[[bytes, int], bytes], limit: int, stack: ExitStack
) -> int:
    size = 0
    large = False
    while size <= limit and (piece := answer.raw.read(PIECE, decode_content=False)):
        size += buffer.write(undo(piece, limit + 1 - size))
        if size > LARGE and not large:
            stack.enter_context(_one_large)
            large = True
    return size


def _undo(inflater: zlib._Decompress | None) -> Callable[[bytes, int], bytes]:
    if inflater is None:
        return lambda piece, _most: piece
    return lambda piece, most: inflater.decompress(inflater.unconsumed_tail + piece, most)
