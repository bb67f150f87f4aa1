"""A variant of the reference server that decides differently wherever the chapter is silent.

It meets every MUST requirement: a check that fails on it asserts more than the text. SHOULD requirements, from the
vendor's other documents, it may violate.
"""

from __future__ import annotations

import csv
import io
import itertools
import time
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from html import escape
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape as xml_escape

from pytest_reportconformance.http.server import Answer, Call
from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.jasperserver.reference.faults import Fault, Refusal, denied, not_found
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.negotiation import choose, is_json
from pytest_reportconformance.jasperserver.reference.options import DEFAULT_PREFIX, ExportOptions, PageRange, Values
from pytest_reportconformance.jasperserver.reference.reports import INSTANT, Page, Plan
from pytest_reportconformance.jasperserver.reference.resources import Resource
from pytest_reportconformance.jasperserver.reference.serialization import ITEMS, ROOTS
from pytest_reportconformance.jasperserver.reference.state import Execution, Export, Fill

TYPES = {
    "csv": "text/plain; header=absent",
    "docx": "application/x-word",
    "jrprint": "application/x-java-serialized-object",
}
EXPORTING = 0.08
SAVING = 1.5
"""Seconds after which the data of a run that is ready are saved."""


class Wording(Reference):
    """Writes bodies and header fields in other valid ways."""

    prefix = "/deeper/jasperserver-pro"
    version = "2026-07.rc1"
    edition = "Contrary"

    def as_json(self, kind: str, members: Any) -> bytes:
        """Indented, members in reverse order, with unknown ones."""
        import json

        return json.dumps(self._turned(members), indent=1).encode()

    def _turned(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {"x-hint": {"why": ["further", 1]}} | {key: self._turned(value[key]) for key in reversed(value)}
        return [self._turned(item) for item in value] if isinstance(value, list) else value

    def as_xml(self, kind: str, members: Any) -> bytes:
        """Indented, elements in reverse order, with unknown ones, comments, CDATA and character references."""
        root = ROOTS.get(kind, kind)
        if kind == "status":
            element = f"<status>{members['value']}</status>"
            return f"<?xml version='1.0' encoding='utf-8'?>\n<!-- status -->\n{element}\n".encode()
        return f"<?xml version='1.0' encoding='utf-8'?>\n{self._element(root, members, 0)}<!-- end -->\n".encode()

    def _element(self, name: str, value: Any, depth: int) -> str:
        pad = "  " * depth
        if isinstance(value, dict):
            children = "".join(self._element(key, value[key], depth + 1) for key in reversed(value))
            return f'{pad}<{name} hint="1">\n{pad}  <furtherElement/>\n{children}{pad}</{name}>\n'
        if isinstance(value, list):
            items = "".join(self._element(ITEMS.get(name, name), item, depth + 1) for item in value)
            return f"{pad}<{name}>\n{items}{pad}</{name}>\n" if name in ITEMS else items
        written = str(value).lower() if isinstance(value, bool) else str(value)
        plain = f"<![CDATA[{written}]]>" if name in ("reportURI", "requestId") else xml_escape(written)
        return f"{pad}<{name}>{plain}</{name}>\n"

    def content_type(self, kind: str, media: str) -> str:
        """With a charset."""
        return f"{media}; charset=utf-8" if is_json(media) else f'{media};charset="UTF-8"'

    def negotiate(self, kind: str, caller: Caller) -> str:
        """The default type if no accepted one is offered."""
        offered = self.offered(kind, caller)
        return choose(caller.call.header("Accept"), offered) or offered[0]

    def answer(self, call: Call) -> Answer:
        """Header names in small letters, Content-Type in capitals; 204 with a media type; outputs in chunks."""
        answer = super().answer(call)
        if answer.status == 204:
            answer.headers.append(("Content-Type", "application/json"))
        if call.method == "GET" and answer.status == 200 and call.path.rstrip("/").endswith("/outputResource"):
            answer = self._chunked(answer)
        answer.headers = [
            (name.upper() if name.lower() == "content-type" else name.lower(), value)
            for name, value in answer.headers
            if name.lower() not in ("cache-control", "output-final")
        ]
        return answer

    def _chunked(self, answer: Answer) -> Answer:
        pieces = [answer.body[start : start + 700] for start in range(0, len(answer.body), 700)]
        body = b"".join(b"%X;part=yes\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"
        headers = [*answer.headers, ("Transfer-Encoding", "chunked")]
        return Answer(answer.status, body, headers, close=True, framed=False)

    def refused(self, call: Call, refusal: Refusal) -> Answer:
        """Without a body; 401 with an HTML page and two challenges."""
        if refusal.status != 401:
            return Answer(refusal.status, b"", list(refusal.headers))
        challenges = [
            ("WWW-Authenticate", 'Bearer realm="api"'),
            ("WWW-Authenticate", 'basic realm="Contrary", charset="UTF-8"'),
        ]
        return Answer(401, b"<!doctype html><p>Who?", [("Content-Type", "text/html"), *challenges])

    def segments(self, call: Call) -> list[str]:
        """A trailing slash is accepted only in the paths that the chapter prints with one."""
        segments = super().segments(call)
        if call.path.endswith("/") and segments[-1] not in ("status", "exports"):
            raise Refusal(404)
        return segments

    def session_cookie(self, caller: Caller) -> str | None:
        """There are no sessions."""
        return None


class Timing(Wording):
    """No report is queued, quick reports are ready at once, exports follow; no request waits."""

    queued_seconds = 0.0

    def plan(self, unit: Resource, values: Values) -> Plan:
        """Reports without a wait take no time."""
        plan = super().plan(unit, values)
        if plan.seconds > INSTANT:
            return plan
        return replace(plan, made_after=(0.0,) * len(plan.pages), seconds=0.0)

    def add_export(self, execution: Execution, options: ExportOptions, caller: Caller) -> Export:
        """Exports take `EXPORTING` seconds after their pages exist; those that cannot succeed are refused."""
        export = super().add_export(execution, options, caller)
        export.takes = EXPORTING
        fault = export.options_fault(execution.fill)
        if fault and fault.code != "page.number.out.of.range":
            del execution.exports[export.id]
            raise Refusal(400, fault)
        return export

    def status_of_export(self, execution: Execution, export: Export, caller: Caller) -> str:
        """Never queued; failed instead of cancelled."""
        status = super().status_of_export(execution, export, caller)
        return {"queued": "execution", "cancelled": "failed"}.get(status, status)

    def await_output(self, execution: Execution, export: Export, caller: Caller) -> None:
        """409 before the export is done."""
        if self.export_state(execution, export, self.clock()) in ("queued", "execution"):
            raise Refusal(409, Fault("export.not.ready", "Come back later."))

    def wait_for_pages(self, execution: Execution, wanted: PageRange) -> None:
        """The status of a page is answered at once."""

    def page_status_members(self, execution: Execution, wanted: PageRange, caller: Caller) -> dict[str, Any]:
        """A page is final when the report is."""
        final = execution.fill.status(self.clock()) == "ready"
        moment = 0 if final else time.time_ns() // 1_000_000
        members = super().page_status_members(execution, wanted, caller)
        return members | {"pageFinal": final, "pageTimestamp": moment}

    def read_info(self, caller: Caller, id: str) -> Answer:
        """Answered at once, with what is known."""
        media = self.negotiate("reportInfo", caller)
        return self.represent("reportInfo", self.info_members(self.execution(caller, id), caller), media)


class Naming(Timing):
    """Ids, file names, addresses and media types of other forms."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._numbers = itertools.count(912382875)

    def new_id(self) -> str:
        """Every character that a path segment may hold as it is."""
        return f"{next(self._numbers)}_1366638024956_2~a-b.c:d@e!f$g&h'i(j)k*l+m,n;o=p"

    def new_export_id(self, taken: Collection[str]) -> str:
        """Numbers that start at 1 in each execution."""
        return str(len(taken) + 1)

    def report_uri(self, execution: Execution, caller: Caller) -> str:
        """With the prefix of repository addresses."""
        return "repo:" + super().report_uri(execution, caller).removeprefix("repo:")

    def summary_members(self, execution: Execution, caller: Caller) -> dict[str, str]:
        """With the prefix of repository addresses."""
        members = super().summary_members(execution, caller)
        return members | {"reportURI": "repo:" + members["reportURI"]}

    def output_content_type(self, execution: Execution, export: Export) -> str:
        """Some other media types."""
        return TYPES.get(export.options.format or "pdf") or super().output_content_type(execution, export)

    def output_headers(self, execution: Execution, export: Export, caller: Caller) -> list[tuple[str, str]]:
        """HTML with a charset, and no `report-pages`."""
        headers = dict(super().output_headers(execution, export, caller))
        headers.pop("report-pages", None)
        if headers["Content-Type"] == "text/html":
            headers["Content-Type"] = "Text/HTML;Charset=utf-8"
        return list(headers.items())

    def output_file_name(self, execution: Execution, export: Export) -> str | None:
        """No output has a file name."""
        return None

    def attachment_name(self, page: int, place: int, kind: str) -> str:
        """A name that an address holds only in percent-encoding."""
        return f"bild {page}+{place} (ü) 100%.{kind}"

    def attachment_headers(self, name: str, kind: str) -> list[tuple[str, str]]:
        """To be displayed inline."""
        return [("Content-Type", self.attachment_content_type(kind)), ("Content-Disposition", "inline")]

    def html(self, execution: Execution, export: Export, pages: list[tuple[int, Page]], caller: Caller) -> bytes:
        """Another dialect of HTML, with absolute addresses by default."""
        prefix = self.attachments_prefix(execution, export, caller)
        if export.options.attachments_prefix == DEFAULT_PREFIX:
            prefix = f"http://{caller.call.header('Host')}{prefix}"
        body = "".join(self._page(index, page, prefix) for index, page in pages)
        return (
            body.encode()
            if export.options.markup == "embeddable"
            else f"<HTML LANG=en>\n<BODY>{body}\n</BODY></HTML>".encode()
        )

    def _page(self, index: int, page: Page, prefix: str) -> str:
        lines = "".join(f"\n<P class='t'>{escape(line)}</P>" for line in page.lines)
        names = [self.attachment_name(index, place, kind) for place, kind in enumerate(page.pictures, start=1)]
        images = "".join(f"<IMG border=0\n  SRC='{escape(prefix + quote(name))}'>" for name in names)
        return f"<DIV>{lines}{images}</DIV>"

    def output_body(self, execution: Execution, export: Export, caller: Caller) -> bytes:
        """CSV with quoted fields and the line ends of RFC 4180."""
        if export.options.format != "csv":
            return super().output_body(execution, export, caller)
        written = io.StringIO()
        pages = self.output_pages(execution, export, caller)
        csv.writer(written, quoting=csv.QUOTE_ALL).writerows([line, ""] for _, page in pages for line in page.lines)
        return b"\xef\xbb\xbf" + written.getvalue().encode()


class PermissiveVariant(Naming):
    """Authorization, optional members and updates differ too."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._first: dict[tuple[str, str], Fill] = {}

    def page_counts(self, execution: Execution, caller: Caller, status: str) -> dict[str, Any]:
        """Pages are not counted."""
        return {}

    def output_members(self, execution: Execution, export: Export, caller: Caller) -> dict[str, Any]:
        """The media type alone."""
        return {"contentType": self.output_content_type(execution, export)}

    def listed_exports(self, execution: Execution, caller: Caller) -> list[Export]:
        """The latest export first."""
        return super().listed_exports(execution, caller)[::-1]

    def fill_of(self, execution: Execution, export: Export) -> Fill:
        """An export still shows the pages that it was made from."""
        return self._first.setdefault((execution.id, export.id), execution.fill)

    def refill(self, execution: Execution, fill: Fill) -> None:
        """New parameters do not change existing exports."""
        for export in execution.exports.values():
            self.fill_of(execution, export)
        execution.fill = fill

    def snapshot_key(self, unit: Resource, values: Values) -> str:
        """One snapshot for a report, whatever its values are: no data depend on them."""
        return unit.uri

    def snapshot(self, unit: Resource, values: Values) -> Fill | None:
        """Data are saved some time after the end of their run."""
        saved = super().snapshot(unit, values)
        return saved if saved and self.clock() > saved.ends + SAVING else None

    def restart(self, execution: Execution, values: Values, *, fresh: bool) -> None:
        """Without freshData, an update keeps the data of the execution, which may be newer than the saved ones."""
        if fresh or execution.unit_uri not in self.snapshots:
            super().restart(execution, values, fresh=fresh)
        else:
            with execution.changed:
                self.refill(execution, replace(execution.fill, begins=self.clock()))
                execution.changed.notify_all()

    def owns(self, caller: Caller, execution: Execution) -> bool:
        """The superuser may read everything."""
        return caller.identity.is_superuser or super().owns(caller, execution)

    def execution(self, caller: Caller, id: str) -> Execution:
        """403 for executions of other users, 404 for unknown ones."""
        if id in self.executions and not self.owns(caller, self.executions[id]):
            raise denied()
        return super().execution(caller, id)

    def cancellable(self, caller: Caller, id: str) -> Execution:
        """404 if the caller may not cancel it."""
        execution = super().cancellable(caller, id)
        if not self.may_cancel(execution, caller):
            raise not_found(id)
        return execution

    def requested_status(self, caller: Caller) -> str:
        """A body without a status is a cancel too; any other status is refused."""
        value = super().requested_status(caller) or "cancelled"
        if value != "cancelled":
            raise Refusal(422)
        return value

    def finish_before_answer(self, execution: Execution, caller: Caller) -> None:
        """A synchronous run that fails is unprocessable."""
        try:
            super().finish_before_answer(execution, caller)
        except Refusal as refusal:
            raise Refusal(422, refusal.fault) from None

    def unready_status(self, execution: Execution, export: Export, fault: Fault) -> int:
        """400 for wrong options, else gone."""
        return 400 if super().unready_status(execution, export, fault) == 400 else 410

    def searchable(self, execution: Execution, caller: Caller) -> bool:
        """Failed ones are not listed, cancelled ones are; finished ones only to their owner."""
        status = self.status_of(execution, caller)
        return status != "failed" and (status != "ready" or self.owns(caller, execution))

    def matches_user_name(self, execution: Execution, name: str) -> bool:
        """A user's runs are found like the user's jobs."""
        return not name or execution.owner.username == name.partition("|")[0]

    def matches_fire_time(self, execution: Execution, first: datetime | None, last: datetime | None) -> bool:
        """To the second."""
        if execution.job is None:
            return first is None and last is None
        return (first is None or first <= execution.job.fired) and (last is None or execution.job.fired <= last)
