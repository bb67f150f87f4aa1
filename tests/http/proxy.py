"""A proxy on this machine: every host name leads to one server; it demands absolute-form, and tunnels for TLS."""

from __future__ import annotations

import base64
import contextlib
import socket
import threading
from types import TracebackType

from pytest_reportconformance.http.server import Answer, Call, read_call


class Proxy:
    """A context manager. `lines` are the request lines that came; `user` is `name:password` if they are demanded.

    Each connection carries so many requests as `most` (not for tunnels), and is closed when the next one comes.
    """

    def __init__(self, port: int, user: str | None = None, most: int = 1_000_000) -> None:
        self.lines: list[str] = []
        self._port, self._user, self._most = port, user, most
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self.url = f"http://{self.address}"
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Proxy:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection, connection.makefile("rb") as stream:
            count = 0
            while (call := read_call(stream)) is not None and (count := count + 1) <= self._most:
                self.lines.append(f"{call.method} {call.target}")
                if (refused := self._refused(call)) is not None:
                    connection.sendall(refused.encoded(call.method))
                elif call.method == "CONNECT":
                    self._tunnel(connection)
                    return
                else:
                    connection.sendall(self._forwarded(call))

    def _refused(self, call: Call) -> Answer | None:
        wanted = f"Basic {base64.b64encode((self._user or '').encode()).decode()}"
        if self._user is not None and call.header("Proxy-Authorization") != wanted:
            return Answer(407, b"", [("Proxy-Authenticate", 'Basic realm="proxy"')])
        if call.method != "CONNECT" and not call.target.startswith("http://"):
            return Answer(400, b"the proxy needs the absolute form")
        return None

    def _forwarded(self, call: Call) -> bytes:
        """The answer of the server, made one that leaves the connection open."""
        path = "/" + call.target.partition("://")[2].partition("/")[2]
        fields = [pair for pair in call.headers if pair[0].lower() not in ("proxy-authorization", "connection")]
        head = [f"{call.method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in fields), "Connection: close"]
        with socket.create_connection(("127.0.0.1", self._port)) as server:
            server.sendall("\r\n".join([*head, "", ""]).encode("latin-1") + call.body)
            whole = b"".join(iter(lambda: server.recv(65536), b""))
        before, mark, body = whole.partition(b"\r\n\r\n")
        kept = [line for line in before.split(b"\r\n") if not line.lower().startswith(b"connection:")]
        return b"\r\n".join(kept) + mark + body

    def _tunnel(self, connection: socket.socket) -> None:
        with socket.create_connection(("127.0.0.1", self._port)) as server:
            connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=_pump, args=(server, connection), daemon=True)
            back.start()
            _pump(connection, server)
            back.join(5)


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while piece := source.recv(65536):
            sink.sendall(piece)
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_WR)
