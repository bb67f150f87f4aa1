"""Reads request bodies, JSON and XML alike, as options; refuses unreadable ones with 400."""

from __future__ import annotations

import json
import re
from typing import Any
from xml.etree import ElementTree

from pytest_reportconformance.jasperserver.reference.faults import Fault, Refusal, unreadable
from pytest_reportconformance.jasperserver.reference.options import (
    DEFAULT_PREFIX,
    ExportOptions,
    PageRange,
    RunOptions,
    Values,
)

Members = dict[str, Any]
FLAGS = ("async", "freshData", "saveDataSnapshot", "interactive", "allowInlineScripts")


def read_json(body: bytes) -> Any:
    """A JSON text as a value."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise unreadable(str(error)) from None


def read_xml(body: bytes, root: str) -> ElementTree.Element:
    """The root element of an XML text without a document type."""
    if b"<!DOCTYPE" in body:
        raise unreadable("a document type is not accepted.")
    try:
        element = ElementTree.fromstring(body)
    except (ElementTree.ParseError, LookupError, ValueError) as error:
        raise unreadable(str(error)) from None
    if element.tag != root:
        raise unreadable(f"the root element is {element.tag}, not {root}.")
    return element


def json_object(body: bytes) -> Members:
    """A JSON object; members that are null count as absent."""
    value = read_json(body)
    if not isinstance(value, dict):
        raise unreadable("an object is required.")
    return {name: member for name, member in value.items() if member is not None}


def xml_object(body: bytes, root: str) -> Members:
    """An XML element's children as members: texts, and `parameters` as a list."""
    members: Members = {}
    for child in read_xml(body, root):
        nested = child.tag == "parameters"
        members[child.tag] = {"reportParameter": xml_parameters(child)} if nested else child.text or ""
    return members


def xml_parameters(parent: ElementTree.Element) -> list[Members]:
    """The `reportParameter` children of an element."""
    return [
        {"name": child.get("name"), "value": [value.text or "" for value in child.findall("value")]}
        for child in parent.findall("reportParameter")
    ]


def parameter_values(listed: Any) -> Values:
    """Values by name from an array of `{name, value: [text]}`."""
    if not isinstance(listed, list):
        raise unreadable("parameters stand in an array.")
    values: Values = {}
    for entry in listed:
        if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
            raise unreadable("a parameter is an object with a name.")
        given = entry.get("value") or []
        if not isinstance(given, list) or any(isinstance(text, dict | list) for text in given):
            raise unreadable("the value of a parameter is an array of texts.")
        values[entry["name"]] = [scalar(text) for text in given if text is not None]
    return values


def scalar(value: Any) -> str:
    """A JSON scalar as the text that it stands for."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def text(members: Members, name: str) -> str | None:
    """A text member; None if it is absent or empty."""
    value = members.get(name)
    if isinstance(value, dict | list):
        raise unreadable(f"{name} is a text.")
    return None if value is None or value == "" else scalar(value)


def flag(members: Members, name: str) -> bool | None:
    """A boolean, also written as a text; None if it is absent."""
    written = (text(members, name) or "").strip().lower()
    if written not in ("", "true", "false"):
        raise unreadable(f"{name} is true or false.")
    return written == "true" if written else None


def page_range(written: str | None) -> PageRange | None:
    """`n` or `n-m`; None means all pages."""
    if written is None:
        return None
    found = re.fullmatch(r"(\d{1,9})(?:-(\d{1,9}))?", written)
    if not found:
        raise Refusal(400, Fault("report.invalid.page.range", f"{written!r} is no range of pages.", (written,)))
    first, last = int(found[1]), int(found[2] or found[1])
    if last < first:
        code = "report.start.page.greater.then.end.page"
        raise Refusal(400, Fault(code, "The range ends before it begins.", (found[1], found[2])))
    return PageRange(written, first, last)


def export_options(members: Members) -> ExportOptions:
    """The options of an export, or of the first export of a run."""
    flag(members, "allowInlineScripts")
    format = text(members, "outputFormat")
    prefix = text(members, "attachmentsPrefix")
    return ExportOptions(
        format=format.lower() if format else None,
        pages=page_range(text(members, "pages")),
        attachments_prefix=DEFAULT_PREFIX if prefix is None else prefix,
        base_url=text(members, "baseUrl"),
        markup=text(members, "markupType") or "full",
        anchor=text(members, "anchor"),
        ignore_pagination=flag(members, "ignorePagination"),
        interactive=flag(members, "interactive") is not False,
    )


def run_options(members: Members) -> RunOptions:
    """The options of a run."""
    flags = {name: flag(members, name) for name in FLAGS}
    parameters = members.get("parameters") or {}
    if not isinstance(parameters, dict):
        raise unreadable("parameters is an object with the member reportParameter.")
    values = parameter_values(parameters.get("reportParameter") or [])
    uri = text(members, "reportUnitUri")
    if uri is None:
        raise Refusal(400, Fault("mandatory.parameter.error", "reportUnitUri is missing.", ("reportUnitUri",)))
    fresh, saves = bool(flags["freshData"]), bool(flags["saveDataSnapshot"])
    return RunOptions(uri, bool(flags["async"]), values, export_options(members), fresh, saves)
