"""A correct server with a switchable fault: full control over the bytes of some answers of a reference."""

from __future__ import annotations

import contextlib
import itertools
import os
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from io import BufferedIOBase

from pytest_reportconformance.http.server import Answer, Call, Reference, read_call

Fault = Callable[["Wire", Call, Answer], None]
When = Callable[[Call], bool]


class Wire:
    """One connection to the suite, that a fault writes to; `fresh` on its first request."""

    def __init__(self, connection: socket.socket, server: Hostile, fresh: bool) -> None:
        self._connection = connection
        self._server = server
        self.fresh = fresh

    @property
    def elsewhere(self) -> int:
        """The port of another server."""
        return self._server.elsewhere

    def send(self, *pieces: bytes) -> None:
        """Send bytes."""
        for piece in pieces:
            self._connection.sendall(piece)

    def stream(self, pieces: Iterable[bytes], pause: float = 0.0) -> None:
        """Send pieces until the other side closes, or the server is closed."""
        for piece in pieces:
            if self._server.closed.wait(pause) if pause else self._server.closed.is_set():
                return
            self._connection.sendall(piece)

    def hang(self) -> None:
        """Send nothing more, and keep the connection."""
        self._server.closed.wait(60)

    def close(self) -> None:
        """End the connection in order."""
        with contextlib.suppress(OSError):
            self._connection.shutdown(socket.SHUT_RDWR)

    def reset(self) -> None:
        """End the connection by a reset."""
        self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        os.close(self._connection.detach())


class Hostile:
    """A context manager: a reference server on 127.0.0.1, with a fault in the answers to calls that `when` accepts.

    `elsewhere` is the port of another server on this machine, for faults that lead there.
    """

    def __init__(
        self, reference: Reference, fault: Fault | None = None, when: When = lambda call: True, elsewhere: int = 1
    ) -> None:
        self.elsewhere = elsewhere
        self.reference = reference
        self.fault = fault
        self.when = when
        self.closed = threading.Event()
        self._open: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port: int = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}{reference.prefix}"
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Hostile:
        return self

    def __exit__(self, *_: object) -> None:
        self.die()

    def die(self) -> None:
        """Stop listening and cut all connections, as a process that is killed does."""
        self.closed.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        while not self.closed.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._open.add(connection)
        try:
            with connection, connection.makefile("rb") as stream:
                for number, call in enumerate(_calls(stream)):
                    if not self._answer(connection, call, fresh=number == 0):
                        return
        except (OSError, ValueError):
            return
        finally:
            self._open.discard(connection)

    def _answer(self, connection: socket.socket, call: Call, *, fresh: bool) -> bool:
        """Answer; whether the connection may go on."""
        answer = self.reference.answer(call)
        if self.fault is None or not self.when(call):
            connection.sendall(answer.encoded(call.method))
            return not answer.close
        self.fault(Wire(connection, self, fresh), call, answer)
        return connection.fileno() != -1


class Mortal(Hostile):
    """A correct server that dies at one of its requests, the `last`."""

    def __init__(self, reference: Reference, last: int) -> None:
        self._numbers = itertools.count(1)
        self._last = last
        super().__init__(reference, lambda wire, call, answer: wire.close(), self._dies)

    def _dies(self, _call: Call) -> bool:
        if next(self._numbers) == self._last:
            self.die()
        return False


def _calls(stream: BufferedIOBase) -> Iterator[Call]:
    while (call := read_call(stream)) is not None:
        yield call


class Canary:
    """A listener that no request may reach; `visited` is whether one did."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(0)
        self.port: int = self._listener.getsockname()[1]

    @property
    def visited(self) -> bool:
        """Whether a connection was made."""
        try:
            self._listener.accept()[0].close()
        except BlockingIOError:
            return False
        return True

    def close(self) -> None:
        """Stop listening."""
        self._listener.close()


def forever(piece: bytes) -> Iterator[bytes]:
    """The same bytes without end."""
    while True:
        yield piece


def slowly(text: bytes) -> Iterator[bytes]:
    """A text byte for byte."""
    for index in range(len(text)):
        yield text[index : index + 1]


def until(seconds: float, step: Callable[[], bool]) -> bool:
    """Wait until something holds; whether it did in time."""
    end = time.monotonic() + seconds
    while not (found := step()) and time.monotonic() < end:
        time.sleep(0.02)
    return found
