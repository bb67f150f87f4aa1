"""Reading the body of an answer: content coding undone, bounded in size, one large body in memory at a time.

Rule: no answer makes this module use more memory than a few times the limit.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from typing import Any

import requests

from pytest_reportconformance.http.codings import CodingError, decoded
from pytest_reportconformance.transcript.exchange import TransportError

PIECE = 64 * 1024
LARGE = 4 * 1024 * 1024
HEAD = EDGE = 1024
"""How much of a body that is not kept whole is kept."""

Observer = Callable[[bytes], Mapping[str, Any]]

_one_large = threading.Lock()


def edges(body: bytes, clean: Callable[[bytes], bytes]) -> tuple[bytes, bytes]:
    """The beginning and the end of a body, redacted with what adjoins them: no part of a secret stays."""
    return clean(body[: 2 * EDGE])[:EDGE], clean(body[-2 * EDGE :])[-EDGE:]


def read_body(answer: requests.Response, limit: int) -> tuple[bytes, TransportError | None]:
    """The body in at most `limit` bytes; if it is longer or undecodable, its first KiB and the error."""
    coding = answer.headers.get("Content-Encoding", "")
    buffer = io.BytesIO()
    with ExitStack() as stack:
        try:
            size = _fill(buffer, decoded(_pieces(answer), coding), limit, stack)
        except CodingError as error:
            answer.raw.close()
            return buffer.getvalue()[:HEAD], TransportError("failed", str(error))
        if size > limit:
            answer.raw.close()
            text = f"the body is longer than {limit} bytes (limits.body_bytes)"
            return bytes(buffer.getbuffer()[:HEAD]), TransportError("inconclusive", text)
    answer.raw.release_conn()
    return buffer.getvalue(), None


def _fill(buffer: io.BytesIO, pieces: Iterator[bytes], limit: int, stack: ExitStack) -> int:
    size, large = 0, False
    for piece in pieces:
        size += buffer.write(piece)
        if size > limit:
            break
        if size > LARGE and not large:
            stack.enter_context(_one_large)
            large = True
    return size


def _pieces(answer: requests.Response) -> Iterator[bytes]:
    """The body piece by piece, as it comes."""
    while piece := answer.raw.read(PIECE, decode_content=False):
        yield piece


def observed(observe: tuple[Observer, ...], body: bytes) -> dict[str, Any]:
    """The facts that the observers read from a body. Those of an observer that raises are missing."""
    found: dict[str, Any] = {}
    for observer in observe:
        try:
            found.update(observer(body))
        except MemoryError:  # says nothing about the document
            raise
        except Exception as error:  # parsers raise exceptions of any type for malformed documents
            found["unreadable"] = f"{type(error).__name__}: {error}"
    return found
