"""The operations of `rest_v2/reportExecutions` as requests, in the URL forms that the chapter prints.

Rule: nothing is sent here. `media` is the type of the request's body, `accept` the requested one; None sends no Accept.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit
from xml.etree.ElementTree import Element, SubElement, tostring

from pytest_reportconformance.jasperserver import descriptors, jobs
from pytest_reportconformance.jasperserver.media import JSON, STATUS_JSON, XML
from pytest_reportconformance.jasperserver.provisioning import ids
from pytest_reportconformance.transcript import parsing
from pytest_reportconformance.transcript.exchange import Exchange, Request

BASE = "/rest_v2/reportExecutions"
MEDIA = {"json": JSON, "xml": XML}


def run(uri: str, *, media: str = JSON, accept: str | None = JSON, **members: Any) -> Request:
    """Run a report asynchronously as HTML, unless `members` of reportExecutionRequest set another format.

    `parameters` is a mapping of names to lists of texts; a member that is None is left out.
    """
    given = {"reportUnitUri": uri, "async": True, "outputFormat": "html", **members}
    given = {name: value for name, value in given.items() if value is not None}
    return raw_run(document("reportExecutionRequest", given, media), media=media, accept=accept)


def raw_run(body: bytes, *, media: str | None = JSON, accept: str | None = JSON) -> Request:
    """Run with a given body."""
    return Request("POST", BASE, _headers(media, accept), body, creates="execution")


def status(id: str, accept: str | None = JSON) -> Request:
    """Poll the status of an execution."""
    return _get(f"{_execution(id)}/status/", accept)


def page_status(id: str, page: int | str, accept: str | None = STATUS_JSON) -> Request:
    """Poll the status of a page, counted from 1."""
    return _get(f"{_execution(id)}/pages/{page}/status", accept)


def details(id: str, accept: str | None = JSON) -> Request:
    """Request the reportExecution descriptor."""
    return _get(_execution(id), accept)


def output(id: str, export: str, accept: str | None = None, query: str = "") -> Request:
    """Download the main output of an export."""
    return _get(f"{_execution(id)}/exports/{_segment(export)}/outputResource" + query, accept)


def attachment(id: str, export: str, name: str, accept: str | None = None) -> Request:
    """Download an attachment of an export."""
    return _get(f"{_execution(id)}/exports/{_segment(export)}/attachments/{_segment(name)}", accept)


def info(id: str, accept: str | None = JSON) -> Request:
    """Request bookmarks and parts."""
    return _get(f"{_execution(id)}/info", accept)


def export(id: str, *, media: str = JSON, accept: str | None = JSON, **members: Any) -> Request:
    """Export the report once more; `members` are those of the export descriptor."""
    given = {name: value for name, value in members.items() if value is not None}
    return raw_export(id, document("export", given, media), media=media, accept=accept)


def raw_export(id: str, body: bytes, *, media: str | None = JSON, accept: str | None = JSON) -> Request:
    """Export with a given body."""
    return Request("POST", f"{_execution(id)}/exports/", _headers(media, accept), body)


def exports(id: str, accept: str | None = JSON) -> Request:
    """Request the collection of exports, which is not a readable resource."""
    return _get(f"{_execution(id)}/exports/", accept)


def export_status(id: str, export: str, accept: str | None = JSON) -> Request:
    """Poll the status of an export."""
    return _get(f"{_execution(id)}/exports/{_segment(export)}/status", accept)


def parameters(id: str, values: Mapping[str, list[str]], *, media: str = JSON, query: str = "") -> Request:
    """Set the report's parameters: a mapping of names to lists of texts."""
    if media == XML:
        root = Element("reportParameters")
        _add_parameters(root, values)
        body = tostring(root)
    else:
        body = json.dumps([{"name": name, "value": texts} for name, texts in values.items()]).encode()
    return Request("POST", f"{_execution(id)}/parameters{query}", _headers(media, JSON), body)


def search(accept: str | None = JSON, **arguments: str) -> Request:
    """Find running reports and jobs; arguments are percent-encoded, `+` as `%2B`."""
    query = "&".join(f"{name}={quote(value, safe='/')}" for name, value in arguments.items())
    return _get(BASE + (f"?{query}" if query else ""), accept)


def cancel(id: str, *, media: str = JSON, accept: str | None = JSON, value: str = "cancelled") -> Request:
    """Stop a running execution."""
    body = f"<status>{value}</status>".encode() if media == XML else json.dumps({"value": value}).encode()
    return Request("PUT", f"{_execution(id)}/status/", _headers(media, accept), body)


def delete(id: str) -> Request:
    """Remove an execution."""
    return Request("DELETE", _execution(id), (("Accept", JSON),), removes=id)


def identify(kind: str, exchange: Exchange) -> str | None:
    """The id of what a request created, read from its answer; None if the server created nothing."""
    if kind == "job":
        return jobs.job_id(exchange) if exchange.succeeded else None
    if kind in ids.KINDS:
        return ids.identify(kind, exchange)
    return descriptors.request_id(exchange) if exchange.succeeded else None


def removal(kind: str, id: str) -> tuple[Request, ...]:
    """The requests that remove an object, tried in order: some products delete no running execution."""
    if kind == "job":
        return (jobs.delete(id),)
    if kind in ids.KINDS:
        return ids.removal(kind, id)
    return delete(id), cancel(id), delete(id)


def presence(kind: str, id: str) -> Request | None:
    """A request that answers 404 once the object is removed."""
    if kind in ids.KINDS:
        return ids.presence(kind, id)
    return jobs.look(id) if kind == "job" else status(id) if kind == "execution" else None


def harmless(kind: str, presence: Exchange) -> str | None:
    """Why an execution that is still there ends by itself: it is over, by the answer to `presence`."""
    if kind != "execution":
        return None
    found = descriptors.status(presence)
    if found not in descriptors.TERMINAL:
        return None
    return f"the server does not delete it; it is over ({found}) and ends with its session"


def stopping(kind: str, id: str) -> Request | None:
    """The request with which an administrator stops the execution of another user."""
    return cancel(id) if kind == "execution" else None


def resource_of(request: Request) -> str | None:
    """The report of a run; None for any other request."""
    uri = _asked(request).get("reportUnitUri")
    return _path(uri) if isinstance(uri, str) else None


def answered_late(request: Request) -> bool:
    """Whether a run is answered when it is done: one that is synchronous (the default)."""
    return resource_of(request) is not None and str(_asked(request).get("async")).lower() != "true"


def _asked(request: Request) -> dict[str, Any]:
    """The properties of a run, as far as its body can be read."""
    if request.creates != "execution" or request.body is None:
        return {}
    try:
        members = json.loads(request.body)
    except ValueError:
        members = _members(request.body)
    return members if isinstance(members, dict) else {}


def started_by(kind: str, id: str) -> Request | None:
    """The search for the executions of a job."""
    return search(jobID=id) if kind == "job" else None


def running_executions(exchange: Exchange) -> dict[str, str | None]:
    """The executions that a search found, with the report of each. Raises Missing."""
    return {id: None if uri is None else _path(uri) for id, uri in descriptors.found_executions(exchange).items()}


def _path(uri: str) -> str:
    return uri.removeprefix("repo:")


def _members(body: bytes) -> dict[str, str | None]:
    try:
        return {child.tag: child.text for child in parsing.parse_xml(body)}
    except parsing.Malformed:
        return {}


def document(root: str, members: Mapping[str, Any], media: str) -> bytes:
    """A request body with these members, in JSON or XML; `parameters` in the shape of each."""
    if media == XML:
        return _xml(root, members)
    shaped = dict(members)
    if "parameters" in shaped:
        listed = [{"name": name, "value": texts} for name, texts in shaped["parameters"].items()]
        shaped["parameters"] = {"reportParameter": listed}
    return json.dumps(shaped).encode()


def _xml(root: str, members: Mapping[str, Any]) -> bytes:
    element = Element(root)
    for name, value in members.items():
        child = SubElement(element, name)
        if name == "parameters":
            _add_parameters(child, value)
        else:
            child.text = str(value).lower() if isinstance(value, bool) else str(value)
    return tostring(element)


def _add_parameters(element: Element, values: Mapping[str, list[str]]) -> None:
    for name, texts in values.items():
        parameter = SubElement(element, "reportParameter", {"name": name})
        for text in texts:
            SubElement(parameter, "value").text = text


def _execution(id: str) -> str:
    return f"{BASE}/{_segment(id)}"


def _segment(text: str) -> str:
    """An id or file name as one path segment: what RFC 3986 section 3.3 allows raw stays raw."""
    return quote(text, safe="-._~!$&'()*+,;=:@%")


def _get(url: str, accept: str | None) -> Request:
    return Request("GET", url, (("Accept", accept),) if accept else ())


def _headers(media: str | None, accept: str | None) -> tuple[tuple[str, str], ...]:
    fields = [("Content-Type", media)] if media else []
    return tuple(fields + ([("Accept", accept)] if accept else []))


def creates(request: Request) -> str | None:
    """The kind of thing that a request creates, by its method and path."""
    path = urlsplit(request.url).path
    kinds = {"POST": (BASE, "execution"), "PUT": (jobs.BASE, "job")}
    base, kind = kinds.get(request.method, ("", None))
    return kind if kind is not None and path.rstrip("/").endswith(base) else None
