"""The operations of the chapter as `specs/jasperserver/openapi.yaml` describes them.

Rule: data, and which requests are documented; nothing is judged here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit
from xml.etree.ElementTree import Element

from pytest_reportconformance.jasperserver import descriptors
from pytest_reportconformance.jasperserver.media import JSON, STATUS_JSON, STATUS_XML, XML
from pytest_reportconformance.jasperserver.unknown_ids import unknown
from pytest_reportconformance.judging.contract import Operation
from pytest_reportconformance.transcript import parsing
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.failures import Missing
from pytest_reportconformance.transcript.transcript import Transcript

BASE = "/rest_v2/reportExecutions"
PAIR = (JSON, XML)
NO_CONTENT = (204,)
"""The document does not exclude it for what has no content: an empty output, a report without bookmarks."""
FOUR = (JSON, XML, STATUS_JSON, STATUS_XML)
STATUS = {JSON: "status", XML: "status", STATUS_JSON: "extended-status", STATUS_XML: "extended-status"}


def _both(name: str) -> dict[str, str]:
    return {JSON: name, XML: name}


OPERATIONS = {
    one.name: one
    for one in (
        Operation("run", "POST", BASE, (200,), _both("report-execution")),
        Operation("status", "GET", f"{BASE}/{{requestId}}/status", (200,), STATUS),
        Operation(
            "page-status",
            "GET",
            f"{BASE}/{{requestId}}/pages/{{pageNumber}}/status",
            (200,),
            {STATUS_JSON: "page-status", JSON: "page-status", STATUS_XML: "page-status", XML: "page-status"},
        ),
        Operation("details", "GET", f"{BASE}/{{requestId}}", (200,), _both("report-execution")),
        Operation(
            "output", "GET", f"{BASE}/{{requestId}}/exports/{{exportId}}/outputResource", (200,), open=NO_CONTENT
        ),
        Operation("attachment", "GET", f"{BASE}/{{requestId}}/exports/{{exportId}}/attachments/{{fileName}}", (200,)),
        Operation("info", "GET", f"{BASE}/{{requestId}}/info", (200,), _both("report-info"), NO_CONTENT),
        Operation("export", "POST", f"{BASE}/{{requestId}}/exports", (200,), _both("export-execution")),
        Operation("parameters", "POST", f"{BASE}/{{requestId}}/parameters", (204,)),
        Operation("export-status", "GET", f"{BASE}/{{requestId}}/exports/{{exportId}}/status", (200,), STATUS),
        Operation("search", "GET", BASE, (200, 204), _both("search")),
        Operation("cancel", "PUT", f"{BASE}/{{requestId}}/status", (200, 204), _both("status")),
        Operation("delete", "DELETE", f"{BASE}/{{requestId}}", (204,)),
    )
}
"""Every operation of the chapter, in its order."""

FORMATS = ("pdf", "html", "xls", "xlsx", "rtf", "csv", "xml", "docx", "odt", "ods", "pptx")
ARGUMENTS = {
    "reportURI": ".+",
    "jobID": r"\d+",
    "jobLabel": ".+",
    "userName": ".+",
    "fireTimeFrom": r"\d{4}-\d\d-\d\dT\d\d:\d\d[+-]\d{4}",
    "fireTimeTo": r"\d{4}-\d\d-\d\dT\d\d:\d\d[+-]\d{4}",
    "freshData": "true|false",
    "suppressContentDisposition": "true|false",
}
"""Documented query arguments, each with the values that a server has to understand."""
USUAL_ID = re.compile(r"(?!\.+$)[\w.:~-]{1,100}")
PAGE = re.compile(r"[1-9]\d*")
RANGE = re.compile(r"([1-9]\d*)(?:-([1-9]\d*))?")


ROOTS = {
    "report-execution": "reportExecution",
    "status": "status",
    "extended-status": "status",
    "page-status": "pageStatus",
    "report-info": "reportInfo",
    "export-execution": "exportExecution",
    "search": "reportExecutions",
}
"""The root elements of the schemas in XML."""


SINGLE = {
    "report-execution": ("requestId", "reportURI", "status", "exports", "errorDescriptor"),
    "extended-status": ("value", "errorDescriptor"),
    "report-info": ("bookmarks", "parts"),
    "export-execution": ("id", "status", "outputResource", "attachments", "errorDescriptor"),
}
"""The children of root elements that occur once."""

BUSY = 503
MAY_BE_BUSY = ("run", "output")
"""How many reports run at once is open, and so is how an output is refused that is not ready yet."""
BAD_END = re.compile(rb"[>\"](failed|cancelled)[<\"]")


def read(exchange: Exchange, schema: str) -> Any:
    """What an answer holds, for its schema; raises Missing if it is not of the format that its media type names.

    XML has to have the documented root element, in no namespace as in all examples of the chapter.
    """
    if not descriptors.is_xml(exchange):
        return exchange.json()
    root, wanted = exchange.xml, ROOTS[schema]
    namespace = parsing.xml_namespace(exchange.content)
    if root.tag != wanted or namespace:
        found = f"{root.tag} in the namespace {namespace}" if namespace else root.tag
        raise Missing(f"the root element {wanted} in no namespace", found, exchange)
    if schema in ("status", "extended-status") and (len(root) > 0) != (schema == "extended-status"):
        raise Missing(
            f"an element status with {'a text' if schema == 'status' else 'a child value'}", exchange.text, exchange
        )
    _each_once(root, schema, exchange)
    if schema == "search":
        return {
            "reportExecution": [{one.tag: one.text or "" for one in entry} for entry in root.iter("reportExecution")]
        }
    return descriptors.descriptor(exchange)


def _each_once(root: Element, schema: str, exchange: Exchange) -> None:
    """Raises Missing if an element of the chapter, whose root is no list, occurs twice."""
    tags = [child.tag for child in root]
    twice = [tag for tag in SINGLE.get(schema, ()) if tags.count(tag) > 1]
    if twice:
        raise Missing(f"one element {twice[0]}", f"{tags.count(twice[0])} elements", exchange)


def documented(transcript: Transcript, exchange: Exchange) -> bool:
    """Whether a request is one that the chapter describes, and asks for nothing that failed or was cancelled."""
    operation, parameters = _found(exchange)
    return (
        _media_types(exchange)
        and all(_usual(transcript, name, unquote(value)) for name, value in parameters.items())
        and all(
            re.fullmatch(ARGUMENTS.get(name, "(?!)"), value)
            for name, value in parse_qsl(urlsplit(exchange.request.url).query, keep_blank_values=True)
        )
        and BODIES.get(operation, lambda members: True)(members_of(exchange))
        and not (operation in ("output", "attachment", "info", "page-status") and _ended_badly(transcript))
        and not (operation in MAY_BE_BUSY and exchange.status_code == BUSY)
    )


def _found(exchange: Exchange) -> tuple[str, Mapping[str, str]]:
    for operation in OPERATIONS.values():
        parameters = operation.parameters(exchange)
        if parameters is not None:
            return operation.name, parameters
    return "", {}


def _usual(transcript: Transcript, name: str, value: str) -> bool:
    """Whether a server has to understand a part of a path: ids like those that it gave out, or of usual characters."""
    if name == "pageNumber":
        return PAGE.fullmatch(value) is not None
    return USUAL_ID.fullmatch(value) is not None or value in transcript.once("given", _given)


def _given(transcript: Transcript) -> frozenset[str]:
    """The ids and the names of files that the answers of a scenario show, and unknown ids of the same shape."""
    shown = [one for one in transcript if one.response is not None and one.succeeded]
    described = [one for one in shown if one.media_type.endswith(("json", "xml")) and one.answer.content]
    ids = {id for one in described if descriptors.readable(one) for id in _ids(descriptors.descriptor(one))}
    return frozenset(ids | set(map(unknown, ids)))


def _ids(value: Any) -> Iterator[str]:
    """The ids and the names of files in the members of an answer."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, member in items:
        if key in ("requestId", "id", "fileName") and isinstance(member, str):
            yield member
        yield from _ids(member)


def _media_types(exchange: Exchange) -> bool:
    """Whether the request names documented media types only."""
    accepted = (exchange.request.header("Accept") or "*/*").split(",")
    sent = (exchange.request.header("Content-Type") or JSON).partition(";")[0].strip().lower()
    names = [one.partition(";")[0].strip().lower() for one in accepted]
    return sent in PAIR and all(name in (*FOUR, "*/*", "application/*") for name in names)


def members_of(exchange: Exchange) -> Any:
    """The members of a request's body; None if it has none or cannot be read."""
    body = exchange.request.body
    if not body:
        return None
    try:
        if body.lstrip()[:1] == b"<":
            root = parsing.parse_xml(body)
            return {child.tag: child.text for child in root} if len(root) else {"value": root.text}
        return json.loads(body)
    except (ValueError, parsing.Malformed):
        return None


def _runs(members: Any) -> bool:
    """Whether a run is asynchronous and of a report with an absolute URI: errors of others arrive in its answer."""
    if not isinstance(members, dict):
        return False
    uri, later = members.get("reportUnitUri"), str(members.get("async")).lower() == "true"
    return isinstance(uri, str) and uri.startswith(("/", "repo:/")) and later and _exports(members)


def _exports(members: Any) -> bool:
    """Whether an export has a documented format and range of pages."""
    if not isinstance(members, dict) or members.get("anchor"):
        return False
    pages = RANGE.fullmatch(str(members.get("pages") or "1"))
    ordered = pages is not None and (pages[2] is None or int(pages[1]) < int(pages[2]))
    return ordered and str(members.get("outputFormat")).lower() in FORMATS


BODIES: dict[str, Callable[[Any], bool]] = {
    "run": _runs,
    "export": _exports,
    "cancel": lambda members: members == {"value": "cancelled"},
    "parameters": lambda members: members is not None,
}
"""Whether the body of a request is documented, by operation."""


def _ended_badly(transcript: Transcript) -> bool:
    """Whether an answer of the scenario shows something failed or cancelled: what it has no output of."""
    return bool(transcript.once("ended badly", _bad_ends))


def _bad_ends(transcript: Transcript) -> tuple[Exchange, ...]:
    return tuple(one for one in transcript if one.response is not None and BAD_END.search(one.response.content or b""))
