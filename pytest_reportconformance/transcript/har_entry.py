"""One exchange as an entry of a HAR 1.2 file, and back.

Rule: `exchange(entry(one)) == one`, and whatever is no entry of ours is a ValueError that names the member.
"""

from __future__ import annotations

import base64
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, get_args
from urllib.parse import parse_qsl

from pytest_reportconformance.transcript.exchange import Exchange, Request, Response, TransportError
from pytest_reportconformance.transcript.failures import Outcome
from pytest_reportconformance.transcript.strict_json import NUMBER, Shape, fitting, items

OPTIONAL = (str, type(None))
ENTRY: Shape = {
    "startedDateTime": (str,),
    "time": NUMBER,
    "request": (dict,),
    "response": (dict,),
    "timings": (dict,),
    "_step": (str,),
    "_identity": (str,),
    "_started": NUMBER,
    "_transport_error": (dict, type(None)),
    "_establishes": OPTIONAL,
    "_observations": (dict,),
}
REQUEST: Shape = {
    "method": (str,),
    "url": (str,),
    "headers": (list,),
    "_creates": OPTIONAL,
    "_removes": OPTIONAL,
    "_credentials": (bool,),
}
RESPONSE: Shape = {
    "status": (int,),
    "statusText": (str,),
    "headers": (list,),
    "content": (dict,),
    "_sha256": (str,),
    "_kept": (bool,),
}
DATA: Shape = {"text": (str,), "_encoding": OPTIONAL}
FIELD: Shape = {"name": (str,), "value": (str,)}
ERROR: Shape = {"outcome": (str,), "text": (str,)}
OUTCOMES = get_args(Outcome)


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
    for name, body in (("text", response.content), ("_head", response.head), ("_tail", response.tail)):
        if body:
            text, encoding = _text(body)
            content[name] = text
            if encoding:
                content["encoding" if name == "text" else f"{name}Encoding"] = encoding
    return {
        "status": response.status_code,
        "statusText": response.reason,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _pairs(response.headers),
        "content": content,
        "redirectURL": headers.get("location", ""),
        "headersSize": -1,
        "bodySize": response.size,
        "_sha256": response.sha256,
        "_kept": response.content is not None,
    }


def exchange(entry: Any) -> Exchange:
    """An exchange from a HAR entry of ours. Raises ValueError."""
    entry = fitting(entry, ENTRY, "entry")
    timings = fitting(entry["timings"], {"blocked": NUMBER}, "timings")
    return Exchange(
        name=entry["_step"],
        identity=entry["_identity"],
        request=_read_request(entry["request"]),
        response=_read_response(entry["response"]),
        started=entry["_started"],
        seconds=entry["time"] / 1000,
        queued=timings["blocked"] / 1000,
        error=_read_error(entry["_transport_error"]),
        establishes=entry["_establishes"],
        observations=entry["_observations"],
    )


def _read_error(found: Any) -> TransportError | None:
    return None if found is None else TransportError(**ending(found, ERROR, "_transport_error"))


def ending(found: Any, shape: Shape, at: str) -> dict[str, Any]:
    """The members of an object with an outcome, and no others. Raises ValueError."""
    fitting(found, shape, at)
    if found["outcome"] not in OUTCOMES or len(found) > len(shape):
        raise ValueError(f"{at}: found an outcome or a member that is unknown; allowed: {', '.join(OUTCOMES)}")
    return {name: found[name] for name in shape}


def _read_request(found: dict[str, Any]) -> Request:
    fitting(found, REQUEST, "request")
    data = None if found.get("postData") is None else fitting(found["postData"], DATA, "postData")
    return Request(
        found["method"],
        found["url"],
        items(found["headers"], _field, "request.headers"),
        None if data is None else _bytes(data["text"], data["_encoding"]),
        found["_creates"],
        found["_removes"],
        found["_credentials"],
    )


def _read_response(found: dict[str, Any]) -> Response | None:
    if "_sha256" not in found:
        return None
    fitting(found, RESPONSE, "response")
    names = ("text", "encoding", "_head", "_headEncoding", "_tail", "_tailEncoding")
    optional = {name: (str,) for name in names if name in found["content"]}
    content = fitting(found["content"], {"size": (int,), **optional}, "content")
    body = _bytes(content.get("text", ""), content.get("encoding")) if found["_kept"] else None
    return Response(
        found["status"],
        found["statusText"],
        items(found["headers"], _field, "response.headers"),
        body,
        content["size"],
        found["_sha256"],
        _bytes(content.get("_head", ""), content.get("_headEncoding")),
        _bytes(content.get("_tail", ""), content.get("_tailEncoding")),
    )


def _field(pair: Any, at: str) -> tuple[str, str]:
    found = fitting(pair, FIELD, at)
    return found["name"], found["value"]


def _pairs(pairs: Any) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in pairs]


def _text(body: bytes) -> tuple[str, str | None]:
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return base64.b64encode(body).decode(), "base64"
    return text, None


def _bytes(text: str, encoding: str | None) -> bytes:
    return base64.b64decode(text, validate=True) if encoding == "base64" else text.encode("utf-8")
