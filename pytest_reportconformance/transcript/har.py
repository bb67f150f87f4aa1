"""Transcripts as HAR 1.2 files, written as they grow: one entry a line, so that long ones are read line by line.

Rule: `read(write(transcript)) == transcript`. What HAR has no name for stands in members that begin with `_`.
"""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from pytest_reportconformance import __version__
from pytest_reportconformance.transcript import files
from pytest_reportconformance.transcript.exchange import Exchange, Request, Response, TransportError
from pytest_reportconformance.transcript.transcript import Ending, Transcript, Wait

OPENING = '{"log":{"version":"1.2","creator":%s,"pages":[],"entries":[\n'
CLOSING = "\n],"


class Writer:
    """Writes a transcript while it is recorded; several threads may add entries."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._file = path.open("w", encoding="utf-8", errors="backslashreplace")  # as JSON has half a pair
        self._file.write(OPENING % dumped({"name": "pytest-reportconformance", "version": __version__}))
        self._lock = threading.Lock()
        self._first = True

    def add(self, exchange: Exchange) -> None:
        """Append one exchange."""
        line = dumped(entry(exchange))
        with self._lock, files.named(self._path):
            self._file.write(line if self._first else ",\n" + line)
            self._first = False

    def close(self, transcript: Transcript) -> None:
        """Append all but the exchanges, and close the file."""
        facts = asdict(transcript)
        del facts["exchanges"]
        with files.named(self._path):
            self._file.write(CLOSING + f'"_transcript":{dumped(facts)}}}}}\n')
            self._file.close()


def dumped(value: Any) -> str:
    """A value as one line of JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def write(path: Path, transcript: Transcript) -> None:
    """Write a whole transcript."""
    writer = Writer(path)
    for exchange in transcript:
        writer.add(exchange)
    writer.close(transcript)


def read(path: Path, keep: Callable[[int, Exchange], Exchange] | None = None) -> Transcript:
    """Read a transcript; raises ValueError if the file is not one of ours.

    `keep` is called with the number of each exchange and the exchange, and says what to keep of it.
    """
    exchanges: list[Exchange] = []
    with path.open(encoding="utf-8") as file:
        for line in _lines(file, path):
            if line.startswith('],"_transcript":'):
                return _transcript(json.loads(line[len('],"_transcript":') : -2]), tuple(exchanges))
            found = exchange(json.loads(line.rstrip(",")))
            exchanges.append(keep(len(exchanges), found) if keep else found)
    raise ValueError(f"{path}: found a file that ends in the middle; allowed: a whole transcript")


def entries(path: Path) -> Iterator[str]:
    """The entries of a transcript as JSON, one after another. Raises ValueError if the file is not one of ours."""
    with path.open(encoding="utf-8") as file:
        for line in _lines(file, path):
            if line.startswith('],"_transcript":'):
                return
            yield line.rstrip(",")


def _lines(file: Any, path: Path) -> Iterator[str]:
    if not next(file, "").startswith('{"log":'):
        raise ValueError(f"{path}: found another file; allowed: a transcript (HAR 1.2, one entry a line)")
    return (line.strip() for line in file if line.strip())


def _transcript(facts: dict[str, Any], exchanges: tuple[Exchange, ...]) -> Transcript:
    return Transcript(
        **{
            **facts,
            "exchanges": exchanges,
            "waits": tuple(Wait(**wait) for wait in facts["waits"]),
            "absent": {name: Ending(**ending) for name, ending in facts["absent"].items()},
            "ended": Ending(**facts["ended"]) if facts["ended"] else None,
        }
    )


def entry(exchange: Exchange) -> dict[str, Any]:
    """An exchange as a HAR entry. Times are milliseconds, as HAR has them."""
    request, response = exchange.request, exchange.response
    millis = round(exchange.seconds * 1000, 3)
    return {
        "startedDateTime": datetime.fromtimestamp(exchange.started, UTC).isoformat(),
        "time": millis,
        "request": _request(request),
        "response": _response(response, exchange.error),
        "cache": {},
        "timings": {"blocked": round(exchange.queued * 1000, 3), "send": 0, "wait": millis, "receive": 0},
        "_step": exchange.name,
        "_identity": exchange.identity,
        "_started": exchange.started,
        "_transport_error": asdict(exchange.error) if exchange.error else None,
        "_establishes": exchange.establishes,
        "_observations": dict(exchange.observations),
    }


def _request(request: Request) -> dict[str, Any]:
    found: dict[str, Any] = {
        "method": request.method,
        "url": request.url,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _pairs(request.headers),
        "queryString": _pairs(parse_qsl(request.url.partition("#")[0].partition("?")[2], keep_blank_values=True)),
        "headersSize": -1,
        "bodySize": len(request.body or b""),
        "_creates": request.creates,
        "_removes": request.removes,
        "_credentials": request.credentials,
    }
    if request.body is not None:
        text, encoding = _text(request.body)
        media_type = request.header("Content-Type") or ""
        found["postData"] = {"mimeType": media_type, "params": [], "text": text, "_encoding": encoding}
    return found


def _response(response: Response | None, error: TransportError | None) -> dict[str, Any]:
    if response is None:
        text = error.text if error else ""
        empty: dict[str, Any] = {"size": 0, "mimeType": ""}
        return {
            "status": 0,
            "statusText": "",
            "httpVersion": "",
            "cookies": [],
            "headers": [],
            "content": empty,
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": -1,
            "_error": text,
        }
    headers = {name.lower(): value for name, value in response.headers}
    content: dict[str, Any] = {"size": response.size, "mimeType": headers.get("content-type", "")}
    for name, body in (("text", response.body), ("_head", response.head), ("_tail", response.tail)):
        if body:
            text, encoding = _text(body)
            content[name] = text
            if encoding:
                content["encoding" if name == "text" else f"{name}Encoding"] = encoding
    return {
        "status": response.status,
        "statusText": response.reason,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _pairs(response.headers),
        "content": content,
        "redirectURL": headers.get("location", ""),
        "headersSize": -1,
        "bodySize": response.size,
        "_sha256": response.sha256,
        "_kept": response.body is not None,
    }


def exchange(entry: dict[str, Any]) -> Exchange:
    """An exchange from a HAR entry of ours."""
    return Exchange(
        name=entry["_step"],
        identity=entry["_identity"],
        request=_read_request(entry["request"]),
        response=_read_response(entry["response"]),
        started=entry["_started"],
        seconds=entry["time"] / 1000,
        queued=entry["timings"]["blocked"] / 1000,
        error=TransportError(**entry["_transport_error"]) if entry["_transport_error"] else None,
        establishes=entry["_establishes"],
        observations=entry["_observations"],
    )


def _read_request(found: dict[str, Any]) -> Request:
    data = found.get("postData")
    body = None if data is None else _bytes(data["text"], data["_encoding"])
    return Request(
        found["method"],
        found["url"],
        _tuples(found["headers"]),
        body,
        found["_creates"],
        found["_removes"],
        found["_credentials"],
    )


def _read_response(found: dict[str, Any]) -> Response | None:
    if "_sha256" not in found:
        return None
    content = found["content"]
    body = _bytes(content.get("text", ""), content.get("encoding")) if found["_kept"] else None
    return Response(
        found["status"],
        found["statusText"],
        _tuples(found["headers"]),
        body,
        content["size"],
        found["_sha256"],
        _bytes(content.get("_head", ""), content.get("_headEncoding")),
        _bytes(content.get("_tail", ""), content.get("_tailEncoding")),
    )


def _pairs(pairs: Any) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in pairs]


def _tuples(pairs: list[dict[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((pair["name"], pair["value"]) for pair in pairs)


def _text(body: bytes) -> tuple[str, str | None]:
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return base64.b64encode(body).decode(), "base64"
    return text, None


def _bytes(text: str, encoding: str | None) -> bytes:
    return base64.b64decode(text) if encoding == "base64" else text.encode("utf-8")
