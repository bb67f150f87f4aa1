"""The form of an answer: status, media type, header names, members of the body with their types, error code."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element, ParseError, fromstring

Form = dict[str, Any]
TRANSPORT = frozenset(
    {"date", "connection", "transfer-encoding", "content-length", "keep-alive", "vary", "server", "expires", "pragma"}
    | {"p3p", "x-xss-protection", "content-language", "set-cookie", "cache-control", "allow", "content-disposition"}
)
"""Header fields of the container, of its filters or of HTTP itself, not of the product's answers."""


@dataclass(frozen=True)
class Facts:
    """What a body holds: ids, and the status that it shows."""

    requests: tuple[str, ...] = ()
    exports: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    status: str | None = None
    export_statuses: tuple[str, ...] = ()


def read(text: str, media: str) -> Any:
    """A body as JSON values, XML in the same form; None if it is neither."""
    try:
        if media.endswith("json"):
            return json.loads(text)
        return _tree(fromstring(text)) if media.endswith("xml") and not media.startswith("text/html") else None
    except (ValueError, ParseError):
        return None


def _tree(element: Element) -> Any:
    if not len(element):
        return element.text or ""
    members: dict[str, Any] = {}
    for child in element:
        members.setdefault(child.tag, []).append(_tree(child))
    return {name: found[0] if len(found) == 1 else found for name, found in members.items()}


def of(value: Any) -> Any:
    """The form of a value: members and their types; the elements of an array are taken together."""
    if isinstance(value, Mapping):
        return {name: of(member) for name, member in sorted(value.items())}
    if isinstance(value, list):
        return [merged([of(one) for one in value])] if value else []
    return type(value).__name__


def merged(forms: Iterable[Any]) -> Any:
    """One form with the members of several."""
    forms = list(forms)
    if not all(isinstance(one, dict) for one in forms):
        return forms[0]
    names = sorted({name for one in forms for name in one})
    return {name: merged([one[name] for one in forms if name in one]) for name in names}


def form(status: int, headers: Iterable[tuple[str, str]], media: str, body: Any) -> Form:
    """What is compared of an answer."""
    names = sorted({name.lower() for name, _ in headers} - TRANSPORT)
    code = body.get("errorCode") if isinstance(body, dict) else None
    return {"status": status, "media": media, "headers": names, "body": of(body), "code": code}


def facts(body: Any) -> Facts:
    """The ids and statuses in a body."""
    if not isinstance(body, dict):
        return Facts(status=body if isinstance(body, str) else None)
    if "reportExecution" in body:
        listed = body["reportExecution"] if isinstance(body["reportExecution"], list) else [body["reportExecution"]]
        return Facts(tuple(str(one.get("requestId")) for one in listed if isinstance(one, dict)))
    exports = _exports(body.get("exports"))
    if "id" in body and "requestId" not in body:
        exports = [body]
    files = [one for export in exports for one in _attachments(export.get("attachments"))]
    return Facts(
        (str(body["requestId"]),) if "requestId" in body else (),
        tuple(str(one.get("id")) for one in exports),
        tuple(str(one.get("fileName")) for one in files),
        body.get("value") or body.get("status") or body.get("reportStatus"),
        tuple(str(one.get("status")) for one in exports),
    )


def _exports(found: Any) -> list[dict[str, Any]]:
    return _objects(found.get("export") if isinstance(found, dict) else found)


def _attachments(found: Any) -> list[dict[str, Any]]:
    return _objects(found.get("attachment") if isinstance(found, dict) else found)


def _objects(found: Any) -> list[dict[str, Any]]:
    listed = found if isinstance(found, list) else [found]
    return [one for one in listed if isinstance(one, dict)]
