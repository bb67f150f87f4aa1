"""Media types, request bodies, descriptors and errors of the reference server."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pytest_reportconformance.http.server import Answer, Call
from pytest_reportconformance.jasperserver.reference import bodies, serialization
from pytest_reportconformance.jasperserver.reference.access import Access
from pytest_reportconformance.jasperserver.reference.faults import Fault, Refusal, unreadable
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.negotiation import (
    JSON,
    STATUS_JSON,
    STATUS_XML,
    XML,
    choose,
    essence,
    is_json,
)

PAIR = (XML, JSON)
OFFERED: dict[str, tuple[str, ...]] = {
    "status": (XML, JSON, STATUS_XML, STATUS_JSON),
    "pageStatus": (STATUS_JSON, JSON, STATUS_XML, XML),
    "reportInfo": (JSON, XML),
}
"""Media types by kind of body, the default first; all other kinds are offered as `PAIR`."""


class Answers(Access):
    """Chooses media types, reads bodies and writes answers."""

    def offered(self, kind: str, caller: Caller) -> Sequence[str]:
        """The media types of a kind of body, the default first."""
        return OFFERED.get(kind, PAIR)

    def negotiate(self, kind: str, caller: Caller) -> str:
        """The media type to answer with; 406 if none is acceptable."""
        media = choose(caller.call.header("Accept"), self.offered(kind, caller))
        if media is None:
            raise Refusal(406)
        return media

    def body_is_json(self, caller: Caller) -> bool:
        """Whether the request's body is JSON or XML; 415 if it is neither."""
        media = essence(caller.call.header("Content-Type"))
        if media not in PAIR:
            raise Refusal(415)
        return media == JSON

    def members_of(self, caller: Caller, root: str) -> dict[str, Any]:
        """The members of a request's object; `root` is its XML element."""
        if not caller.call.body:
            raise unreadable("there is none.")
        if self.body_is_json(caller):
            return bodies.json_object(caller.call.body)
        return bodies.xml_object(caller.call.body, root)

    def as_json(self, kind: str, members: Any) -> bytes:
        """A body in JSON."""
        return serialization.as_json(members)

    def as_xml(self, kind: str, members: Any) -> bytes:
        """A body in XML."""
        return serialization.as_xml(kind, members)

    def content_type(self, kind: str, media: str) -> str:
        """The Content-Type of a body in the media type chosen."""
        return media

    def represent(self, kind: str, members: Any, media: str) -> Answer:
        """A 200 with a body of this kind."""
        body = self.as_json(kind, members) if is_json(media) else self.as_xml(kind, members)
        return Answer(200, body, [("Content-Type", self.content_type(kind, media)), ("Cache-Control", "no-cache")])

    def error_is_json(self, call: Call) -> bool:
        """Whether errors are answered in JSON."""
        return "json" in call.header("Accept").lower()

    def fault_members(self, fault: Fault) -> dict[str, Any]:
        """An error descriptor."""
        members: dict[str, Any] = {"errorCode": fault.code, "message": fault.message}
        return members | {"parameters": list(fault.parameters)} if fault.parameters else members

    def refused(self, call: Call, refusal: Refusal) -> Answer:
        """The answer to a request that is refused."""
        headers = list(refusal.headers)
        if refusal.fault is None:
            return Answer(refusal.status, b"", headers)
        members, json = self.fault_members(refusal.fault), self.error_is_json(call)
        body = self.as_json("errorDescriptor", members) if json else self.as_xml("errorDescriptor", members)
        headers.append(("Content-Type", f"application/errorDescriptor+{'json' if json else 'xml'}"))
        return Answer(refusal.status, body, headers)
