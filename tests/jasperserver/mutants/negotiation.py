"""Servers with faults in content negotiation, or that accept only one way to write a request."""

from __future__ import annotations

from typing import Any

from pytest_reportconformance.http.server import Answer
from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.jasperserver.reference.faults import Refusal
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.negotiation import JSON, XML
from tests.jasperserver.faults import accept_header, asks_plain_xml, asks_xml, is_run, reads_details, sends_xml
from tests.mutation.kill_matrix import kills


def exports(caller: Caller) -> bool:
    """Whether a request exports a report."""
    return caller.call.method == "POST" and caller.call.path.rstrip("/").endswith("/exports")


class _Details(Reference):
    def read_details(self, caller: Caller, id: str) -> Answer:
        return self.changed(super().read_details(caller, id), caller)

    def changed(self, answer: Answer, caller: Caller) -> Answer:
        raise NotImplementedError


@kills("jasperserver.negotiation.details-json")
class DetailsAsText(_Details):
    """Sends details in JSON as text/json."""

    def changed(self, answer: Answer, caller: Caller) -> Answer:
        return answer.replace("Content-Type", "text/json") if answer.header("Content-Type") == JSON else answer


@kills("jasperserver.negotiation.details-xml")
class DetailsAsTextXml(_Details):
    """Sends details in XML as text/xml."""

    def changed(self, answer: Answer, caller: Caller) -> Answer:
        return answer.replace("Content-Type", "text/xml") if asks_plain_xml(caller) else answer


@kills("jasperserver.negotiation.details-xml")
class DetailsOfAnotherRoot(_Details):
    """Names the root of XML details as that of a search result."""

    def changed(self, answer: Answer, caller: Caller) -> Answer:
        answer.body = answer.body.replace(b"reportExecution>", b"reportExecutions>")
        return answer


@kills(
    "jasperserver.negotiation.run-json-body",
    "jasperserver.concurrency.all-ready",
    "jasperserver.run.invalid-parameter-fails",
    "jasperserver.run.single-page",
)
class NoJson(Reference):
    """Answers 415 to a run in JSON."""

    def run(self, caller: Caller) -> Answer:
        if not sends_xml(caller):
            raise Refusal(415)
        return super().run(caller)


@kills("jasperserver.negotiation.run-xml-body")
class NoXml(Reference):
    """Answers 415 to a run in XML."""

    def run(self, caller: Caller) -> Answer:
        if sends_xml(caller):
            raise Refusal(415)
        return super().run(caller)


@kills("jasperserver.negotiation.run-answer", "jasperserver.negotiation.mixed-families")
class AlwaysJson(Reference):
    """Answers a run in JSON, whatever media type is asked for."""

    def negotiate(self, kind: str, caller: Caller) -> str:
        return JSON if is_run(caller) else super().negotiate(kind, caller)


@kills(
    "jasperserver.negotiation.mixed-families",
    "jasperserver.negotiation.run-answer",
)
class AnswersInFamilyOfBody(Reference):
    """Answers a run in the family of its body."""

    def negotiate(self, kind: str, caller: Caller) -> str:
        return (XML if sends_xml(caller) else JSON) if is_run(caller) else super().negotiate(kind, caller)


@kills(
    "jasperserver.negotiation.mixed-families",
    "jasperserver.run.accepted",
)
class RefusesMixtures(Reference):
    """Answers 406 to a run in XML that asks for JSON."""

    def negotiate(self, kind: str, caller: Caller) -> str:
        if is_run(caller) and sends_xml(caller) and not asks_xml(caller):
            raise Refusal(406)
        return super().negotiate(kind, caller)


@kills("jasperserver.negotiation.run-answer")
class TextXml(Reference):
    """Answers a run in XML as text/xml if its body was XML."""

    def run(self, caller: Caller) -> Answer:
        answer = super().run(caller)
        return answer.replace("Content-Type", "text/xml") if sends_xml(caller) and asks_xml(caller) else answer


@kills("jasperserver.negotiation.export-json")
class ExportsInXml(Reference):
    """Answers an export in XML if its body was XML."""

    def negotiate(self, kind: str, caller: Caller) -> str:
        return XML if exports(caller) and sends_xml(caller) else super().negotiate(kind, caller)


@kills("jasperserver.negotiation.export-xml", "jasperserver.negotiation.export-default-xml")
class ExportsInJson(Reference):
    """Answers an export in JSON if its body was JSON."""

    def negotiate(self, kind: str, caller: Caller) -> str:
        return JSON if exports(caller) and not sends_xml(caller) else super().negotiate(kind, caller)


@kills("jasperserver.negotiation.export-xml")
class ExportsOfAnotherRoot(Reference):
    """Names the root of the XML answer to an export as that of its request."""

    def export_report(self, caller: Caller, id: str) -> Answer:
        answer = super().export_report(caller, id)
        if asks_plain_xml(caller):
            answer.body = answer.body.replace(b"exportExecution>", b"export>")
        return answer


class _Xml(Reference):
    """Changes descriptors in XML."""

    def as_xml(self, kind: str, members: Any) -> bytes:
        return super().as_xml(kind, self.changed(dict(members)) if kind == "reportExecution" else members)

    def changed(self, members: dict[str, Any]) -> dict[str, Any]:
        raise NotImplementedError

    def settled(self, members: dict[str, Any]) -> bool:
        """Whether a descriptor is of the report of several pages and ready."""
        return members.get("status") == "ready" and members.get("totalPages") == 7


@kills(
    "jasperserver.negotiation.json-and-xml-agree",
    "jasperserver.run.export-id",
    "jasperserver.details.repeatable",
)
class OtherIdInXml(_Xml):
    """Writes the id of an export in capitals, in XML."""

    def changed(self, members: dict[str, Any]) -> dict[str, Any]:
        if not self.settled(members) or len(members["exports"]) > 1:
            return members
        return members | {"exports": [one | {"id": one["id"].upper()} for one in members["exports"]]}


@kills(
    "jasperserver.negotiation.json-and-xml-agree",
    "jasperserver.details.output-when-ready",
    "jasperserver.export-status.agrees-with-details",
)
class StaleExportInXml(_Xml):
    """Reports the export of a page range as `execution`, in XML."""

    def changed(self, members: dict[str, Any]) -> dict[str, Any]:
        if not self.settled(members):
            return members
        listed = [
            one | {"status": "execution"} if one.get("outputResource", {}).get("pages") else one
            for one in members["exports"]
        ]
        return members | {"exports": listed}


@kills("jasperserver.negotiation.json-and-xml-agree", "jasperserver.details.lists-every-export")
class LosesTheLastInXml(_Xml):
    """Omits the last of many exports from the details in XML."""

    def changed(self, members: dict[str, Any]) -> dict[str, Any]:
        many = self.settled(members) and len(members["exports"]) > 8
        return members | {"exports": members["exports"][:-1]} if many else members


@kills("jasperserver.negotiation.json-and-xml-agree")
class MendsFailuresInXml(_Xml):
    """Reports the export of a run with invalid values as cancelled, in XML."""

    def changed(self, members: dict[str, Any]) -> dict[str, Any]:
        code = members.get("errorDescriptor", {}).get("errorCode")
        if code != "input.controls.validation.error":
            return members
        return members | {"exports": [one | {"status": "cancelled"} for one in members["exports"]]}


@kills(
    "jasperserver.negotiation.json-and-xml-agree",
    "jasperserver.status.agrees-with-details",
    "jasperserver.status.final-unchanged",
)
class StaleInXml(_Xml):
    """Reports the report of several pages as `execution` after it is ready, in XML."""

    def changed(self, members: dict[str, Any]) -> dict[str, Any]:
        return members | {"status": "execution"} if self.settled(members) else members


@kills("jasperserver.negotiation.not-acceptable")
class HtmlIsXml(Reference):
    """Answers XML if HTML is asked for."""

    def negotiate(self, kind: str, caller: Caller) -> str:
        return XML if accept_header(caller) == "text/html" else super().negotiate(kind, caller)


@kills("jasperserver.negotiation.unsupported-media-type")
class TextIsJson(Reference):
    """Parses a text/plain body as JSON."""

    def body_is_json(self, caller: Caller) -> bool:
        return caller.call.header("Content-Type") == "text/plain" or super().body_is_json(caller)


@kills("jasperserver.negotiation.unsupported-media-type")
class TextIsBad(Reference):
    """Answers 400 instead of 415 to a text/plain body."""

    def body_is_json(self, caller: Caller) -> bool:
        if caller.call.header("Content-Type") == "text/plain":
            raise Refusal(400)
        return super().body_is_json(caller)


@kills("jasperserver.negotiation.charset-parameter")
class NoCharsetSent(Reference):
    """Answers 415 to a body with a charset parameter."""

    def body_is_json(self, caller: Caller) -> bool:
        if "charset" in caller.call.header("Content-Type"):
            raise Refusal(415)
        return super().body_is_json(caller)


@kills(
    "jasperserver.negotiation.charset-parameter",
    "jasperserver.negotiation.details-json",
)
class NoCharsetAsked(Reference):
    """Answers 406 if details are asked for with a charset parameter."""

    def negotiate(self, kind: str, caller: Caller) -> str:
        if "charset" in accept_header(caller) and reads_details(caller):
            raise Refusal(406)
        return super().negotiate(kind, caller)


@kills("jasperserver.negotiation.quality-values")
class FirstNamed(Reference):
    """Chooses the media type that is named first, whatever the quality values."""

    def negotiate(self, kind: str, caller: Caller) -> str:
        first = accept_header(caller).partition(";")[0]
        return first if first in (XML, JSON) else super().negotiate(kind, caller)


@kills("jasperserver.negotiation.quality-values")
class PrefersJson(Reference):
    """Sends JSON whenever it is acceptable, whatever the quality values."""

    def negotiate(self, kind: str, caller: Caller) -> str:
        accept = accept_header(caller)
        return JSON if JSON in accept and "," in accept else super().negotiate(kind, caller)


@kills("jasperserver.negotiation.wildcard")
class NoWildcardForStatus(Reference):
    """Answers 406 to a status with `application/*`."""

    def negotiate(self, kind: str, caller: Caller) -> str:
        if kind == "status" and accept_header(caller) == "application/*":
            raise Refusal(406)
        return super().negotiate(kind, caller)
