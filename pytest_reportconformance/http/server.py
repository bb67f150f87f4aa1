"""A small HTTP/1.1 server for the reference servers: it sends exactly what it is given, right or wrong.

Rule: this module knows HTTP framing (RFC 9112) and nothing of any API. A web framework would repair what a
deliberately wrong server has to send (duplicate fields, raw Location values, bodies that contradict their headers).
"""

from __future__ import annotations

import contextlib
import json
import socket
import socketserver
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from io import BufferedIOBase
from types import TracebackType
from typing import Any, Protocol
from urllib.parse import parse_qs

from pytest_reportconformance.transcript import files

MAXIMUM_LINE = 65536
REASONS = {
    200: "OK",
    201: "Created",
    204: "No Content",
    302: "Found",
    303: "See Other",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    406: "Not Acceptable",
    409: "Conflict",
    415: "Unsupported Media Type",
    422: "Unprocessable Content",
    429: "Too Many Requests",
    500: "Internal Server Error",
}


@dataclass(frozen=True)
class Call:
    """One request as it came over the wire; `target` is the request-target, byte for byte."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""

    @property
    def path(self) -> str:
        """The path of the target, percent-encoding untouched."""
        return self.target.partition("?")[0]

    @cached_property
    def query(self) -> dict[str, list[str]]:
        """The decoded query arguments."""
        return parse_qs(self.target.partition("?")[2], keep_blank_values=True)

    def argument(self, name: str) -> str | None:
        """The first value of a query argument, None if it is absent."""
        values = self.query.get(name)
        return values[0] if values else None

    def header(self, name: str, default: str = "") -> str:
        """The value of a header field, whatever its letter case; several lines are joined (RFC 9110 section 5.3)."""
        found = self._fields.get(name.lower())
        return ", ".join(found) if found else default

    @cached_property
    def _fields(self) -> dict[str, list[str]]:
        """The values of each field, names in lower case."""
        found: dict[str, list[str]] = {}
        for name, value in self.headers:
            found.setdefault(name.lower(), []).append(value)
        return found

    def json(self) -> Any:
        """The body as JSON; raises ValueError."""
        return json.loads(self.body)


@dataclass
class Answer:
    """What to send back: `headers` go out in this order, with Content-Length added if it is missing.

    `close` ends the connection after it; `framed = False` sends neither Content-Length nor a body length of any kind.
    """

    status: int = 200
    body: bytes = b""
    headers: list[tuple[str, str]] = field(default_factory=list)
    close: bool = False
    framed: bool = True

    def header(self, name: str) -> str | None:
        """The first value of a header field, None if it is absent."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)

    def replace(self, name: str, value: str | None) -> Answer:
        """Set a header field (None removes it) and return the answer."""
        self.headers = [pair for pair in self.headers if pair[0].lower() != name.lower()]
        if value is not None:
            self.headers.append((name, value))
        return self

    def encoded(self, method: str) -> bytes:
        """The answer as bytes of HTTP/1.1."""
        lines = [f"HTTP/1.1 {self.status} {REASONS.get(self.status, 'Status')}"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        bodiless = self.status in (204, 304) or self.status < 200
        if self.framed and not bodiless and self.header("Content-Length") is None:
            lines.append(f"Content-Length: {len(self.body)}")
        if self.close:
            lines.append("Connection: close")
        head = ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")
        return head if bodiless or method == "HEAD" else head + self.body


class Reference(Protocol):
    """A server of one API: everything it does is an answer to a call. Methods run in many threads at once."""

    prefix: str
    """Path of the base URL, such as `/reports`."""

    def answer(self, call: Call) -> Answer:
        """Answer one request."""
        ...

    def summary(self) -> str:
        """A line for its operator: how many executions or submissions it served."""
        ...

    def target_toml(self, url: str) -> str:
        """The target.toml that describes this server to the suite, for the base URL given."""
        ...


class Server:
    """A reference server on 127.0.0.1, in threads of this process; a context manager.

    `url` is the base URL, prefix included. Port 0 means a free one.
    """

    def __init__(self, reference: Reference, port: int = 0) -> None:
        self.reference = reference
        self._server = _Listener(("127.0.0.1", port), _Connection)
        self._server.reference = reference
        self.port: int = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}{reference.prefix}"
        self._thread = threading.Thread(target=self._server.listen, daemon=True)
        self._thread.start()

    @property
    def fault(self) -> BaseException | None:
        """What this machine lacked to answer a request, if anything: memory, threads or files."""
        return self._server.fault

    def close(self) -> None:
        """Stop listening and cut the connections that are open."""
        self._server.shutdown()
        self._server.cut()
        self._server.server_close()
        self._thread.join(5)

    def __enter__(self) -> Server:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


class _Listener(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128
    reference: Reference

    def __init__(self, *arguments: Any) -> None:
        self.open: set[socket.socket] = set()
        self.fault: BaseException | None = None
        super().__init__(*arguments)

    def listen(self) -> None:
        """Serve until the server is closed, or this machine lacks something."""
        with contextlib.suppress(SystemExit):
            self.serve_forever(0.05)

    def cut(self) -> None:
        for connection in list(self.open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue

    def get_request(self) -> Any:
        """Accept a connection; remember if this machine has no more files or memory for it."""
        try:
            return super().get_request()
        except OSError as error:
            if files.exhausted(error):
                self.fault = error
            raise

    def process_request(self, request: Any, client_address: Any) -> None:
        """Serve a connection in a thread, if there is one more."""
        try:
            super().process_request(request, client_address)
        except RuntimeError as error:
            self.fault = error
            self.shutdown_request(request)

    def service_actions(self) -> None:
        """End as a process that dies, if this machine lacks something: a request without an answer would be a fault."""
        if self.fault is not None:
            self.server_close()
            self.cut()
            raise SystemExit

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore clients that disconnect."""


class _Connection(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True
    server: _Listener

    def handle(self) -> None:
        self.server.open.add(self.connection)
        try:
            while (call := read_call(self.rfile)) is not None:
                answer = self.server.reference.answer(call)
                self.wfile.write(answer.encoded(call.method))
                if answer.close or not answer.framed or call.header("Connection").lower() == "close":
                    return
        except OSError:
            return
        except MemoryError as error:
            self.server.fault = error
            self.connection.recv(1)  # open until the server has ended
        finally:
            self.server.open.discard(self.connection)


def read_call(stream: BufferedIOBase) -> Call | None:
    """Read one request from a connection; None at its end. Raises OSError if the bytes are not HTTP."""
    line = stream.readline(MAXIMUM_LINE)
    while line in (b"\r\n", b"\n"):
        line = stream.readline(MAXIMUM_LINE)
    words = line.decode("latin-1").split()
    if len(words) != 3:
        return None
    headers = []
    while (line := stream.readline(MAXIMUM_LINE)) not in (b"\r\n", b"\n", b""):
        name, _, value = line.decode("latin-1").partition(":")
        headers.append((name.strip(), value.strip()))
    return Call(words[0], words[1], tuple(headers), _body(stream, headers))


def _body(stream: BufferedIOBase, headers: Iterable[tuple[str, str]]) -> bytes:
    known = {name.lower(): value for name, value in headers}
    if "chunked" in known.get("transfer-encoding", "").lower():
        return b"".join(_chunks(stream))
    return stream.read(int(known.get("content-length", "0") or "0"))


def _chunks(stream: BufferedIOBase) -> Iterable[bytes]:
    while (size := int(stream.readline(MAXIMUM_LINE).split(b";")[0] or b"0", 16)) > 0:
        yield stream.read(size)
        stream.readline(MAXIMUM_LINE)
    while stream.readline(MAXIMUM_LINE) not in (b"\r\n", b"\n", b""):
        continue
