"""Request bodies and answers in JSON and XML, in a form of its own wherever the chapter is silent."""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from pytest_reportconformance.http.server import Answer, Call

PLAIN = ["application/xml", "application/json"]


class Refused(Exception):
    """An unsuccessful answer: status, code and parameters of its error descriptor."""

    def __init__(self, status: int, code: str = "", *parameters: str) -> None:
        self.status, self.code, self.parameters = status, code, list(parameters)


def listed(name: str) -> str:
    """The name of a list's items in XML; empty if the list has no element of its own."""
    return {"bookmarks": "bookmark", "parts": "part", "reportExecution": ""}.get(name, name.removesuffix("s"))


def as_xml(name: str, value: Any) -> str:
    if isinstance(value, list):
        inside = "".join(as_xml(listed(name) or name, one) for one in value)
        return f"<{name}>{inside}</{name}>" if listed(name) else inside
    if isinstance(value, dict):
        return f"<{name} >\n <!-- {name} -->" + "".join(as_xml(key, one) for key, one in value.items()) + f"</{name}\n>"
    text = json.dumps(value) if isinstance(value, bool) else str(value)
    return f"<{name}>" + ("<![CDATA[" + text + "]]>" if len(text) % 2 else escape(text)) + f"</{name}>"


def from_xml(node: ElementTree.Element) -> Any:
    if node.tag in ("parameters", "reportParameters"):
        return [
            {"name": one.get("name"), "value": [v.text or "" for v in one.iter("value")]}
            for one in node.iter("reportParameter")
        ]
    return {child.tag: from_xml(child) for child in node} if len(node) else (node.text or "").strip()


class Representation:
    """Chooses media types, reads bodies and writes answers."""

    def refusal(self, call: Call, refused: Refused) -> Answer:
        if not refused.code:
            return Answer(refused.status, b"", [("allow", "GET, POST, PUT, DELETE")] if refused.status == 405 else [])
        error = {"parameters": refused.parameters, "errorCode": refused.code, "message": f"Nein: {refused.code}"}
        kind = "json" if "json" in call.header("Accept") else "xml"
        body = json.dumps(error) if kind == "json" else as_xml("errorDescriptor", error)
        return Answer(refused.status, body.encode(), [("content-type", f"application/{kind}")])

    def negotiated(self, call: Call, offers: list[str]) -> str:
        """The media type of the answer: the first offer if the client prefers none."""
        best, chosen = 0.0, ""
        for offer in offers:
            for part in call.header("Accept", "*/*").split(","):
                kind, *parameters = [piece.strip() for piece in part.split(";")]
                weight = next((float(p[2:]) for p in parameters if p.startswith("q=")), 1.0)
                if kind in (offer, "*/*", offer.partition("/")[0] + "/*") and weight > best:
                    best, chosen = weight, offer
        if not chosen:
            raise Refused(406)
        return chosen

    def represented(self, call: Call, name: str, value: Any, offers: list[str] = PLAIN) -> Answer:
        kind = self.negotiated(call, offers)
        if kind.endswith("xml"):
            text = '<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n<!-- - -->' + as_xml(name, value)
        else:
            text = json.dumps(value, indent=3, sort_keys=True)
        return Answer(
            200, text.encode(), [("x-api", "own"), ("content-type", kind.replace("app", "App") + ' ;charset="utf-8"')]
        )

    def read(self, call: Call) -> Any:
        kind = call.header("Content-Type").partition(";")[0].strip().lower()
        if kind not in PLAIN:
            raise Refused(415)
        try:
            if kind == PLAIN[1]:
                return call.json()
            root = ElementTree.fromstring(call.body)
            return {"value": (root.text or "").strip()} if root.tag == "status" and not len(root) else from_xml(root)
        except (ValueError, ElementTree.ParseError):
            raise Refused(400, "serialization.error") from None
