"""Connections that lead to a reference server in this process without sockets, every byte of HTTP as over a wire.

What a mutant lies about is in its answers; the kill matrix plays hundreds of whole runs, and sockets and the threads
behind them would take most of its time. Tests of the wire itself use real servers.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any
from unittest.mock import patch

from pytest_reportconformance import verbatim
from pytest_reportconformance.serving import Reference, read_call


class Wireless:
    """What http.client takes for a socket: a request that was sent is answered when its answer is read."""

    def __init__(self, reference: Reference) -> None:
        self.reference = reference
        self._sent = bytearray()
        self._closed = False

    @property
    def open(self) -> bool:
        """Whether another request may be sent."""
        return not self._closed

    def sendall(self, data: bytes) -> None:
        """Take bytes of a request."""
        self._sent += data

    def makefile(self, mode: str, *_: Any) -> BytesIO:
        """The bytes of the answer; none after one that ended the connection."""
        call = read_call(BytesIO(bytes(self._sent))) if self.open else None
        self._sent.clear()
        if call is None:
            return BytesIO()
        answer = self.reference.answer(call)
        self._closed = answer.close or not answer.framed
        return BytesIO(answer.encoded(call.method))

    def settimeout(self, seconds: float | None) -> None:
        """An answer comes when it comes."""

    def shutdown(self, how: int) -> None:
        """End the connection."""
        self._closed = True

    def close(self) -> None:
        """End the connection."""
        self._closed = True


@contextmanager
def served(reference: Reference) -> Iterator[None]:
    """Let all connections of this process lead to one server."""
    connected = property(lambda connection: connection.sock is not None and connection.sock.open)
    with (
        patch.object(verbatim._Connection, "_new_conn", lambda connection: Wireless(reference)),
        patch.object(verbatim._Connection, "is_connected", connected),
    ):
        yield
