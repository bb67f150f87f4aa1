"""An adapter for requests that sends the bytes of a URL as they are, and never holds a connection beyond its time.

requests and urllib3 rewrite `%7E`, `%2b`, a lone `%` and `|` in a URL; opaque ids do not survive that. A read time-out
counts each read, so a body that drips would hold a connection forever: a watchdog shuts the socket down instead.
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from pytest_reportconformance.http import head

TARGET = "X-Verbatim-Target"
"""Carries the request-target from the client to the connection, which takes it off before anything is sent."""

_current = threading.local()


class _Answer(http.client.HTTPResponse):
    """An answer whose head and chunks are read strictly: http.client skips only 100, and guesses if malformed."""

    def begin(self) -> None:
        """Read the head, and find out how the body ends (RFC 9112 section 6.3). Raises HTTPException."""
        if self.headers is not None:
            return
        read = head.read(self.fp.readline)
        self.code = self.status = read.status
        self.version, self.reason = read.version, read.reason
        self.headers = self.msg = head.message(read.fields)
        bodiless = read.bodiless or self._method == "HEAD"
        self.chunked = read.chunked and not bodiless
        self.chunk_left = None
        self.length = 0 if bodiless else None if self.chunked else read.length
        self.will_close = self._check_close() or (self.length is None and not self.chunked)

    def _read_next_chunk_size(self) -> int:
        """The size of the next chunk: digits alone, where http.client takes a sign as well."""
        line = self.fp.readline(head.LONGEST + 1)
        if len(line) > head.LONGEST:
            raise http.client.LineTooLong("chunk size")
        try:
            return head.chunk_size(line)
        except ValueError:
            self._close_conn()  # type: ignore[attr-defined]  # of http.client, which calls this method
            raise


class Verbatim:
    """Mixed into a connection: sends the target that the header field TARGET holds, and remembers its socket."""

    response_class: Any = _Answer
    used = 0
    wire: socket.socket | None = None

    def connect(self) -> None:
        _current.connection = self  # before: a handshake may take for ever as well
        self.used, self.wire = 0, None
        super().connect()  # type: ignore[misc]  # the connection class that this is mixed into has it
        self.wire = self.sock  # type: ignore[attr-defined]  # likewise

    def request(self, method: str, url: str, body: Any = None, headers: Any = None, **options: Any) -> None:
        """Send a request; `url` gives way to the verbatim target."""
        fields = dict(headers or {})
        target = fields.pop(TARGET, url)
        _current.connection = self
        super().request(method, target, body=body, headers=fields, **options)  # type: ignore[misc]  # likewise

    def getresponse(self) -> Any:
        """Read the head of the answer."""
        answer = super().getresponse()  # type: ignore[misc]  # likewise
        self.used += 1
        return answer


class _Connection(Verbatim, HTTPConnection):
    pass


class _SecureConnection(Verbatim, HTTPSConnection):
    pass


class Fresh:
    """Mixed into a pool: closes an idle connection before it is reused, if this thread needs a fresh one."""

    def _get_conn(self, timeout: float | None = None) -> Any:
        connection = super()._get_conn(timeout)  # type: ignore[misc]  # the pool that this is mixed into has it
        if getattr(_current, "fresh", False) and connection.used:
            connection.close()
        return connection


class _Pool(Fresh, HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(Fresh, HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


POOLS: dict[str, Any] = {"http": _Pool, "https": _SecurePool}


class VerbatimAdapter(HTTPAdapter):
    """An HTTPAdapter whose connections send request-targets byte for byte; it retries nothing."""

    def build_response(self, req: PreparedRequest, resp: Any) -> Response:
        """A response without cookies of its own: the conversation takes them from the header fields, once."""
        original, resp._original_response = resp._original_response, None
        try:
            return super().build_response(req, resp)
        finally:
            resp._original_response = original

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        """Make the pool manager with our pools."""
        super().init_poolmanager(*arguments, **options)
        self.poolmanager.pool_classes_by_scheme = POOLS

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
        """Make the pool manager of a proxy with our pools."""
        manager = super().proxy_manager_for(proxy, **options)
        manager.pool_classes_by_scheme = _socks_pools() if proxy.lower().startswith("socks") else POOLS
        return manager


def _socks_pools() -> dict[str, Any]:
    from pytest_reportconformance.http import socks

    return socks.pools(Verbatim, Fresh)


@contextlib.contextmanager
def fresh(wanted: bool) -> Iterator[None]:
    """Send the next requests of this thread over new connections: for requests that must not be repeated."""
    _current.fresh = wanted
    try:
        yield
    finally:
        _current.fresh = False


def reused() -> bool:
    """Whether this thread's request goes over a connection that has brought answers before."""
    connection = getattr(_current, "connection", None)
    return connection is not None and connection.used > 0


class Watchdog:
    """Shuts the sockets of requests that exceed their time; one thread for all, which ends when there are none."""

    EVERY = 0.25
    IDLE = 2.0

    def __init__(self) -> None:
        self._armed: dict[int, float] = {}
        self._fired: set[int] = set()
        self._connections: dict[int, Any] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._busy = 0.0

    def arm(self, seconds: float) -> int:
        """Begin to watch this thread's request."""
        key = threading.get_ident()
        _current.connection = None
        with self._lock:
            self._fired.discard(key)
            self._busy = time.monotonic()
            self._armed[key] = self._busy + seconds
            self._connections[key] = _current.__dict__
            if self._thread is None:
                thread = threading.Thread(target=self._watch, daemon=True, name="watchdog")
                thread.start()  # before it is noted: no more threads may be left
                self._thread = thread
        return key

    def disarm(self, key: int) -> bool:
        """Stop watching; tells whether the time was exceeded."""
        with self._lock:
            self._armed.pop(key, None)
            self._connections.pop(key, None)
            return key in self._fired

    def _watch(self) -> None:
        while True:
            time.sleep(self.EVERY)
            now = time.monotonic()
            with self._lock:
                if now - self._busy > self.IDLE and not self._armed:
                    self._thread = None
                    return
                for key in [key for key, deadline in self._armed.items() if deadline < now]:
                    self._fired.add(key)
                    self._shut(self._connections[key].get("connection"))

    @staticmethod
    def _shut(connection: Any) -> None:
        wire = getattr(connection, "wire", None) or getattr(connection, "sock", None)
        if wire is not None:
            with contextlib.suppress(OSError):
                wire.shutdown(socket.SHUT_RDWR)
