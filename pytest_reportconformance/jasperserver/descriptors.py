"""Reads the bodies of the service from JSON and XML alike: descriptors, statuses, search results, errors.

Rule: pure functions over an exchange; what the server omits is Missing; what the chapter leaves open is not required.
"""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element

from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.failures import Missing, NotReached
from pytest_reportconformance.transcript.transcript import Transcript

STATES = ("queued", "execution", "ready", "cancelled", "failed")
TERMINAL = ("ready", "cancelled", "failed")
LISTS = {
    "exports": "export",
    "attachments": "attachment",
    "parameters": "parameter",
    "properties": "property",
    "details": "detail",
    "bookmarks": "bookmark",
    "parts": "part",
}
NUMBERS = ("currentPage", "totalPages", "pageIndex", "idx", "pageTimestamp", "outputTimestamp")
BOOLEANS = ("outputFinal", "pageFinal")


def is_xml(exchange: Exchange) -> bool:
    """Whether the media type is XML or, if it is neither XML nor JSON, whether the body looks like XML."""
    media_type = exchange.media_type
    if media_type.endswith(("xml", "json")):
        return media_type.endswith("xml")
    return exchange.content.lstrip().startswith(b"<")


def descriptor(exchange: Exchange) -> dict[str, Any]:
    """The body as members, from JSON or XML alike: `{"requestId": …, "exports": [{"id": …}]}`."""
    if is_xml(exchange):
        found = _members(exchange.xml)
        return found if isinstance(found, dict) else {"value": found}
    members = exchange.json()
    if not isinstance(members, dict):
        raise Missing("a JSON object", type(members).__name__, exchange)
    return members


def readable(exchange: Exchange) -> bool:
    """Whether the body is a descriptor at all."""
    try:
        descriptor(exchange)
    except Missing:
        return False
    return True


def _members(element: Element) -> Any:
    """An element as the JSON of the same body would be: texts, numbers, lists by their documented wrappers."""
    if len(element) == 0:
        return _scalar(element.tag, (element.text or "").strip())
    inner = LISTS.get(element.tag)
    if inner is not None and any(child.tag == inner for child in element):
        return [_members(child) for child in element if child.tag == inner]
    return {child.tag: _members(child) for child in element}


def _scalar(tag: str, text: str) -> Any:
    if tag in LISTS and not text:
        return []
    if tag in NUMBERS and text.lstrip("-").isdigit():
        return int(text)
    if tag in BOOLEANS and text in ("true", "false"):
        return text == "true"
    return text


def member(exchange: Exchange, name: str) -> Any:
    """A member of the descriptor; raises Missing."""
    found = descriptor(exchange)
    if name not in found:
        raise Missing(
            f"a member {name}", f"{exchange.status_code} with the members {', '.join(found) or 'none'}", exchange
        )
    return found[name]


def request_id(exchange: Exchange) -> str | None:
    """The requestId of a descriptor, None if there is none."""
    try:
        found = descriptor(exchange).get("requestId")
    except Missing:
        return None
    return found if isinstance(found, str) and found else None


def id_of(exchange: Exchange) -> str:
    """The requestId of a descriptor; raises Missing, and NotReached (blocked) if the request was refused."""
    if not exchange.succeeded:
        raise NotReached("blocked", f"{exchange.line} was answered with {exchange.status_code}", exchange.establishes)
    found = request_id(exchange)
    if found is None:
        raise Missing("a non-empty requestId", f"{exchange.status_code} {exchange.text[:100]}", exchange)
    return found


def status(exchange: Exchange) -> str:
    """The status that a status answer or a descriptor shows: plain, extended, JSON or XML.

    Raises NotReached if the answer to a GET shows no known status: the requirement on its form judges that, and
    everything that depends on it is blocked. Raises Missing if another answer shows none.
    """
    try:
        found = _status(exchange)
    except Missing as missing:
        raise _unread("status", missing.actual, exchange, exchange.establishes) from None
    if found not in STATES and exchange.request.method == "GET":
        raise _unread("status of the vocabulary", found[:50], exchange, exchange.establishes)
    return found


def _status(exchange: Exchange) -> str:
    if is_xml(exchange):
        root = exchange.xml
        found: Any = root.findtext("value") or root.findtext("status") or (root.text or "").strip()
    else:
        members = descriptor(exchange)
        found = members.get("value", members.get("status"))
    if not isinstance(found, str) or not found:
        raise Missing("a status", f"{exchange.status_code} {exchange.text[:100]}", exchange)
    return found


def exports(exchange: Exchange) -> list[dict[str, Any]]:
    """The exports of a descriptor, empty if there are none; raises like `status` if they are not a list."""
    return _objects(descriptor(exchange).get("exports", []), "exports", exchange)


def export(exchange: Exchange, id: str) -> dict[str, Any]:
    """The export of an id in a descriptor; raises like `status` if it is not listed."""
    for one in exports(exchange):
        if one.get("id") == id:
            return one
    listed = f"exports {[one.get('id') for one in exports(exchange)]}"
    raise _unread(f"an export {id}", listed, exchange, "jasperserver.details.lists-every-export")


def attachments(exchange: Exchange, export_id: str) -> list[dict[str, Any]]:
    """The attachments of an export in a descriptor that have a file name; raises like `status`."""
    found = _objects(export(exchange, export_id).get("attachments") or [], "attachments", exchange)
    return [one for one in found if isinstance(one.get("fileName"), str) and one["fileName"]]


def made(transcript: Transcript, name: str) -> str:
    """The id of the export that a scenario made under a name; raises NotReached if it was refused."""
    exports = transcript.fact("exports")
    if name not in exports:
        raise NotReached("blocked", f"the export {name} was refused", "jasperserver.export.accepted-json")
    return str(exports[name])


def _objects(found: Any, what: str, exchange: Exchange) -> list[dict[str, Any]]:
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise _unread(f"{what} as a list of objects", str(found)[:100], exchange, "jasperserver.details.arrays")
    return found


def _unread(expected: str, actual: str, exchange: Exchange, by: str | None) -> Missing | NotReached:
    """Blocked if the answer is that to a GET, which another requirement judges; else missing."""
    if exchange.request.method == "GET":
        return NotReached("blocked", f"{exchange.line}: no {expected}; {actual}", by)
    return Missing(expected, actual, exchange)


def export_ids(exchange: Exchange) -> list[str]:
    """The ids of the exports of a descriptor; raises like `exports`."""
    return [one["id"] for one in exports(exchange) if isinstance(one.get("id"), str) and one["id"]]


def first_export(exchange: Exchange) -> str:
    """The id of the only or first export of a descriptor; raises Missing."""
    for id in export_ids(exchange):
        return id
    raise Missing("an export with an id", f"{exchange.status_code} {exchange.text[:100]}", exchange)


def found_executions(exchange: Exchange) -> dict[str, str | None]:
    """The requestIds of a search result with the reportURI of each (None if absent); none in a 204 or a refusal."""
    return dict(_entries(exchange))


def listed_executions(exchange: Exchange) -> list[str]:
    """The requestIds of a search result, each as often as it is listed."""
    return [id for id, _ in _entries(exchange)]


def _entries(exchange: Exchange) -> list[tuple[str, str | None]]:
    if exchange.status_code == 204 or not exchange.succeeded or not exchange.answer.size:
        return []
    if is_xml(exchange):
        listed = exchange.xml.iter("reportExecution")
        return [(one.findtext("requestId") or "", one.findtext("reportURI")) for one in listed]
    entries = exchange.json().get("reportExecution", []) if isinstance(exchange.json(), dict) else exchange.json()
    if not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
        raise Missing("a list of reportExecution", exchange.text[:100], exchange)
    return [(str(one.get("requestId", "")), one.get("reportURI")) for one in entries]


def error_descriptor(exchange: Exchange) -> dict[str, Any] | None:
    """The errorDescriptor that the body is, or that it holds; None if there is none."""
    if not exchange.answer.size:
        return None
    try:
        found = descriptor(exchange)
    except Missing:
        return None
    inner = found.get("errorDescriptor", found)
    return inner if isinstance(inner, dict) and {"errorCode", "message"} & inner.keys() else None
