"""What can be read of a run: status, page status, output and attachments."""

from __future__ import annotations

import json
import time
from typing import Any
from urllib.parse import quote

from pytest_reportconformance.http.server import Answer, Call
from tests.jasperserver.independent import documents
from tests.jasperserver.independent.representation import PLAIN, Refused
from tests.jasperserver.independent.runs import BUSY, Runs
from tests.jasperserver.independent.work import Execution, Export, truth

POLLED = [*PLAIN, "application/status+xml", "application/status+json"]


class Reads(Runs):
    """Answers without changing anything."""

    prefix = "/bi/jrs+1"

    def export_of(self, e: Execution, id: str) -> Export:
        if id not in e.exports:
            raise Refused(404, "resource.not.found", id)
        return e.exports[id]

    def status(self, call: Call, state: str, problem: dict[str, Any] | None) -> Answer:
        kind = self.negotiated(call, POLLED)
        members: dict[str, Any] = {"value": state}
        if "status+" in kind and state == "failed" and problem:
            members = {"value": state, "errorDescriptor": problem}
        return self.represented(call, "status", state if kind == PLAIN[0] else members, POLLED)

    def page(self, call: Call, e: Execution, page: str) -> Answer:
        _, last = self.bounds(page) or (1, 1)
        state = e.work.state()
        if state == "ready" and last > len(e.work.pages):
            raise Refused(404, "page.not.found", page)
        final = e.work.pages_made() >= last
        members: dict[str, Any] = {
            "reportStatus": state,
            "pageFinal": str(final).lower(),
            "pageTimestamp": "0" if final else "1",
        }
        if state == "failed":
            members["errorDescriptor"] = e.work.problem()
        return self.represented(call, "pageStatus", members, ["application/status+json", "application/json"])

    def output(self, e: Execution, export: Export, call: Call) -> Answer:
        if export.state() in BUSY and export.format != "html":
            raise Refused(409, "export.not.ready", export.id)
        while export.state() in BUSY:
            time.sleep(0.02)
        if export.state() != "ready":
            bad = export.problem()
            raise Refused(400 if export.work.state() == "ready" else 410, bad["errorCode"], *bad.get("parameters", []))
        final = ("OUTPUT-FINAL", json.dumps(e.work.state() == "ready"))
        if export.format == "html":
            body = documents.html(
                export.texts(), self.sources(e, export), export.options.get("markupType") == "embeddable"
            )
            return Answer(200, body, [("content-type", "Text/HTML;charset=UTF-8"), final])
        kind, extension, make = documents.FORMATS[export.format]
        headers = [("content-type", kind), final]
        if not truth(call.argument("suppressContentDisposition")):
            headers.append(("content-disposition", f'Attachment; size=1; filename="{e.work.report.leaf}.{extension}"'))
        return Answer(200, make(export.texts()), headers)

    def sources(self, e: Execution, export: Export) -> list[str]:
        prefix = export.options.get("attachmentsPrefix") or "attachments/"
        named = (("contextPath", self.prefix), ("reportExecutionId", quote(e.id)), ("exportExecutionId", export.id))
        for name, value in named:
            prefix = prefix.replace("{" + name + "}", value)
        return [prefix + quote(name) for name in export.names()]

    def attachment(self, export: Export, name: str) -> Answer:
        names = export.names()
        if name not in names or export.state() != "ready":
            raise Refused(404, "resource.not.found", name)
        return Answer(200, names[name][1], [("content-type", names[name][0])])
