"""Deviations in media types, statuses and descriptors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pytest_reportconformance.http.server import Answer, Call
from pytest_reportconformance.jasperserver.reference import serialization
from pytest_reportconformance.jasperserver.reference.deviations.plays import plays
from pytest_reportconformance.jasperserver.reference.faults import Fault, Refusal
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.negotiation import (
    JSON,
    STATUS_JSON,
    STATUS_XML,
    XML,
    choose,
    is_json,
)
from pytest_reportconformance.jasperserver.reference.options import ExportOptions, PageRange, RunOptions
from pytest_reportconformance.jasperserver.reference.server import Reference
from pytest_reportconformance.jasperserver.reference.state import TERMINAL, Execution, Export


@plays("json-by-default")
class PrefersJson(Reference):
    """Without Accept the answer is JSON."""

    def offered(self, kind: str, caller: Caller) -> Sequence[str]:
        """JSON first."""
        return sorted(super().offered(kind, caller), key=lambda media: (media not in (JSON, XML), not is_json(media)))


@plays("plain-xml-status-fails")
class FailsOnPlainXmlStatus(Reference):
    """The plain XML of a status, read or written, answers 500."""

    def answer_status(self, value: str, fault: Fault | None, media: str) -> Answer:
        """500 instead of the status."""
        if media == XML:
            raise Refusal(500)
        return super().answer_status(value, fault, media)

    def requested_status(self, caller: Caller) -> str:
        """500 if the body is XML."""
        if caller.call.body and not self.body_is_json(caller):
            raise Refusal(500)
        return super().requested_status(caller)


@plays("status-has-async-cancel")
class AddsAsyncCancel(Reference):
    """The plain JSON status carries `asyncCancel`."""

    def as_json(self, kind: str, members: Any) -> bytes:
        """Add the member."""
        if kind == "status":
            return serialization.as_json(members | {"asyncCancel": False})
        return super().as_json(kind, members)


@plays("page-status-as-plain-json-only")
class OffersPageStatusInJsonOnly(Reference):
    """Page status exists as application/json only."""

    def offered(self, kind: str, caller: Caller) -> Sequence[str]:
        """JSON only."""
        return (JSON,) if kind == "pageStatus" else super().offered(kind, caller)


@plays("no-page-status-and-info")
class HasNoPageStatusAndInfo(Reference):
    """Page status and info answer 404 without a body."""

    def read_page_status(self, caller: Caller, id: str, pages: str) -> Answer:
        """404 without a body."""
        raise Refusal(404)

    def read_info(self, caller: Caller, id: str) -> Answer:
        """404 without a body."""
        raise Refusal(404)


@plays("page-past-the-end-fails")
class FailsPastTheEnd(Reference):
    """The status of a page past the end answers 500."""

    def pages_exist(self, execution: Execution, wanted: PageRange) -> bool:
        """500 if a page does not exist."""
        if not super().pages_exist(execution, wanted):
            raise Refusal(500)
        return True


class DescribesNoPagePastTheEnd(Reference):
    """Not registered: the 404 to a page past the end has no error descriptor."""

    def pages_exist(self, execution: Execution, wanted: PageRange) -> bool:
        """404 without a body if a page does not exist."""
        if not super().pages_exist(execution, wanted):
            raise Refusal(404)
        return True


class WritesPageStatusAsTexts(Reference):
    """Not registered: before 8.0 the members of a page status are texts."""

    def page_status_members(self, execution: Execution, wanted: PageRange, caller: Caller) -> dict[str, Any]:
        """Texts in place of numbers and truth values."""
        members = super().page_status_members(execution, wanted, caller)
        return {key: str(value).lower() if isinstance(value, int) else value for key, value in members.items()}


@plays("status-has-data-timestamp-message")
class AddsTimestampMessages(Reference):
    """The extended status of an HTML export carries `dataTimestampMessage`."""

    def answer_export_status(self, export: Export, value: str, fault: Fault | None, media: str) -> Answer:
        """Add the member."""
        if media not in (STATUS_JSON, STATUS_XML) or export.options.format != "html" or value != "ready":
            return super().answer_export_status(export, value, fault, media)
        members = {"value": value, "dataTimestampMessage": "Data as of now"}
        return self.represent("extendedStatus", members, media)


@plays("page-status-and-info-empty-at-first")
class IsEmptyBeforeTheFirstPage(Reference):
    """Page status and info answer an empty object before the first page."""

    def read_page_status(self, caller: Caller, id: str, pages: str) -> Answer:
        """Empty before the first page."""
        media = self.negotiate("pageStatus", caller)
        if self._is_blank(self.execution(caller, id)):
            return self.represent("pageStatus", {}, media)
        return super().read_page_status(caller, id, pages)

    def read_info(self, caller: Caller, id: str) -> Answer:
        """Empty before the first page."""
        media = self.negotiate("reportInfo", caller)
        if self._is_blank(self.execution(caller, id)):
            return self.represent("reportInfo", {}, media)
        return super().read_info(caller, id)

    def _is_blank(self, execution: Execution) -> bool:
        now = self.clock()
        return execution.fill.status(now) not in TERMINAL and execution.fill.pages_made(now) == 0


@plays("output-has-timestamp")
class AddsOutputTimestamps(Reference):
    """An output resource carries `outputTimestamp`."""

    def output_members(self, execution: Execution, export: Export, caller: Caller) -> dict[str, Any]:
        """Add the member."""
        return super().output_members(execution, export, caller) | {"outputTimestamp": 0}


@plays("bad-pages-dropped-in-xml")
class DropsBadPagesInXml(Reference):
    """A malformed page range in an XML export is dropped; in JSON the body is unreadable."""

    def export_options(self, caller: Caller) -> ExportOptions:
        """Read the body again without the range."""
        try:
            return super().export_options(caller)
        except Refusal as refusal:
            if refusal.fault is None or not refusal.fault.code.startswith("report."):
                raise
            if self.body_is_json(caller):
                raise Refusal(400, Fault("serialization.error", "pages cannot be read.")) from None
        body = caller.call.body.replace(b"<pages>", b"<unread>").replace(b"</pages>", b"</unread>")
        return super().export_options(replace(caller, call=replace(caller.call, body=body)))


@plays("page-to-itself-refused")
class RefusesARangeOfOnePage(Reference):
    """A range from a page to itself is refused like a reversed one."""

    def _refuse(self, pages: PageRange | None) -> None:
        if pages and "-" in pages.text and pages.first == pages.last:
            raise Refusal(400, Fault("report.start.page.greater.then.end.page", "The range is no range."))

    def run_options(self, caller: Caller) -> RunOptions:
        """In a run."""
        options = super().run_options(caller)
        self._refuse(options.export.pages)
        return options

    def export_options(self, caller: Caller) -> ExportOptions:
        """In an export."""
        options = super().export_options(caller)
        self._refuse(options.pages)
        return options

    def requested_pages(self, text: str) -> PageRange | None:
        """In a page status."""
        pages = super().requested_pages(text)
        self._refuse(pages)
        return pages


@plays("page-zero-accepted")
class AcceptsPageZero(Reference):
    """A run with the page 0 answers 200."""

    def run_options(self, caller: Caller) -> RunOptions:
        """Zero means all pages."""
        options = super().run_options(caller)
        zero = options.export.pages is not None and options.export.pages.last == 0
        return replace(options, export=replace(options.export, pages=None)) if zero else options


@plays("export-is-pdf-by-default")
class ExportsPdfByDefault(Reference):
    """An export without a body makes a PDF."""

    def export_options(self, caller: Caller) -> ExportOptions:
        """PDF if the body is empty."""
        return super().export_options(caller) if caller.call.body else ExportOptions(format="pdf")


class TypesEmptyAnswers(Reference):
    """Not registered: before 7.1 answers without content carry the negotiated media type."""

    def answer(self, call: Call) -> Answer:
        """Add the media type."""
        answer = super().answer(call)
        negotiated = any(part in call.path for part in ("/rest_v2/reportExecutions", "/rest_v2/jobs"))
        if answer.status == 204 and negotiated and not call.path.rstrip("/").endswith(("Resource", "parameters")):
            answer.replace("Content-Type", choose(call.header("Accept"), (XML, JSON)))
        return answer
