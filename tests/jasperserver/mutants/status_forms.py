"""Servers with faults in the form of the status of a report."""

from __future__ import annotations

from typing import Any

from pytest_reportconformance.http.server import Answer
from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.negotiation import JSON, STATUS_JSON, STATUS_XML, XML
from tests.jasperserver.faults import accept_header
from tests.mutation.kill_matrix import kills


@kills(
    "jasperserver.status.json",
    "jasperserver.status.agrees-with-details",
    "jasperserver.status.final-unchanged",
)
class NamesItStatus(Reference):
    """Names the member of the plain JSON status `status`."""

    def as_json(self, kind: str, members: Any) -> bytes:
        return super().as_json(kind, {"status": members["value"]} if kind == "status" else members)

    def as_xml(self, kind: str, members: Any) -> bytes:
        return super().as_xml(kind, members)

    def read_export_status(self, caller: Caller, id: str, export_id: str) -> Answer:
        answer = super().read_export_status(caller, id, export_id)
        answer.body = answer.body.replace(b'"status"', b'"value"')
        return answer

    def cancel(self, caller: Caller, id: str) -> Answer:
        answer = super().cancel(caller, id)
        answer.body = answer.body.replace(b'"status"', b'"value"')
        return answer


@kills(
    "jasperserver.status.json",
    "jasperserver.status.agrees-with-details",
    "jasperserver.status.final-unchanged",
)
class ReadyIsDone(Reference):
    """Reports a ready report as `done`, in plain JSON."""

    def read_status(self, caller: Caller, id: str) -> Answer:
        answer = super().read_status(caller, id)
        if answer.body == b'{"value":"ready"}':
            answer.body = b'{"value":"done"}'
        return answer


class _ChangedAnswer(Reference):
    """Changes the answer to a poll in one media type."""

    media = ""

    def change(self, answer: Answer) -> Answer:
        return answer

    def read_status(self, caller: Caller, id: str) -> Answer:
        answer = super().read_status(caller, id)
        return self.change(answer) if accept_header(caller) == self.media else answer


@kills("jasperserver.status.json")
class MistypesJson(_ChangedAnswer):
    """Sends the plain JSON status as text/plain."""

    media = JSON

    def change(self, answer: Answer) -> Answer:
        return answer.replace("Content-Type", "text/plain")


@kills("jasperserver.status.json")
class CallsPlainJsonExtended(_ChangedAnswer):
    """Sends the plain JSON status with the media type of the extended one."""

    media = JSON

    def change(self, answer: Answer) -> Answer:
        return answer.replace("Content-Type", STATUS_JSON)


@kills("jasperserver.status.xml")
class WrapsPlainXml(_ChangedAnswer):
    """Wraps the value of the plain XML status in a child element."""

    media = XML

    def change(self, answer: Answer) -> Answer:
        answer.body = answer.body.replace(b"<status>", b"<status><value>").replace(b"</status>", b"</value></status>")
        return answer


@kills(
    "jasperserver.status.xml",
    "jasperserver.status.agrees-with-details",
    "jasperserver.status.final-unchanged",
)
class WritesXmlInCapitals(_ChangedAnswer):
    """Writes the plain XML status in capitals."""

    media = XML

    def change(self, answer: Answer) -> Answer:
        for word in (b"queued", b"execution", b"ready", b"cancelled", b"failed"):
            answer.body = answer.body.replace(b">" + word, b">" + word.upper())
        return answer


@kills(
    "jasperserver.status.extended-json",
    "jasperserver.status.final-unchanged",
)
class ExtendsToNothing(_ChangedAnswer):
    """Sends an extended JSON status without its value."""

    media = STATUS_JSON

    def change(self, answer: Answer) -> Answer:
        answer.body = answer.body.replace(b'"value"', b'"reportStatus"')
        return answer


@kills(
    "jasperserver.status.extended-xml",
    "jasperserver.status.final-unchanged",
)
class ExtendsPlainly(_ChangedAnswer):
    """Sends the extended XML status in the plain form."""

    media = STATUS_XML

    def change(self, answer: Answer) -> Answer:
        answer.body = answer.body.replace(b"<value>", b"").replace(b"</value>", b"")
        return answer


@kills("jasperserver.status.extended-media-type")
class CallsExtendedPlain(_ChangedAnswer):
    """Sends the extended XML status as application/xml."""

    media = STATUS_XML

    def change(self, answer: Answer) -> Answer:
        return answer.replace("Content-Type", XML)


@kills("jasperserver.status.extended-media-type")
class CallsExtendedJsonPlain(_ChangedAnswer):
    """Sends the extended JSON status as application/json."""

    media = STATUS_JSON

    def change(self, answer: Answer) -> Answer:
        return answer.replace("Content-Type", JSON)


@kills("jasperserver.status.plain-value-only")
class ExplainsPlainly(_ChangedAnswer):
    """Adds the error to the plain JSON status."""

    media = JSON

    def change(self, answer: Answer) -> Answer:
        answer.body = answer.body.replace(b'"failed"', b'"failed","errorDescriptor":{"errorCode":"x"}')
        return answer


@kills("jasperserver.status.error-means-failed")
class AlwaysHasAnError(_ChangedAnswer):
    """Includes an error in the extended JSON status of a ready report."""

    media = STATUS_JSON

    def change(self, answer: Answer) -> Answer:
        answer.body = answer.body.replace(b'"ready"', b'"ready","errorDescriptor":{"errorCode":"none"}')
        return answer
