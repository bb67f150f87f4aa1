"""Requesting page status: `GET …/pages/{pages}/status`."""

from __future__ import annotations

from typing import Any

from pytest_reportconformance.http.server import Answer
from pytest_reportconformance.jasperserver.reference import bodies
from pytest_reportconformance.jasperserver.reference.core import Core
from pytest_reportconformance.jasperserver.reference.faults import not_found
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.options import PageRange
from pytest_reportconformance.jasperserver.reference.state import TERMINAL, Execution


class PageStatus(Core):
    """Answers whether a page, or a range of pages, exists."""

    def read_page_status(self, caller: Caller, id: str, pages: str) -> Answer:
        """Wait until the page exists or cannot exist any more; 404 if it cannot."""
        media = self.negotiate("pageStatus", caller)
        execution = self.execution(caller, id)
        wanted = self.requested_pages(pages)
        if wanted is None or wanted.first < 1:
            raise not_found(pages)
        self.wait_for_pages(execution, wanted)
        if not self.pages_exist(execution, wanted):
            raise not_found(pages)
        return self.represent("pageStatus", self.page_status_members(execution, wanted, caller), media)

    def requested_pages(self, text: str) -> PageRange | None:
        """The requested pages; 400 if the text is no range."""
        return bodies.page_range(text)

    def wait_for_pages(self, execution: Execution, wanted: PageRange) -> None:
        """Wait until the last requested page exists or the run is over."""
        with execution.changed:
            while not execution.deleted and not self._settled(execution, wanted):
                execution.changed.wait(max(0.001, execution.fill.moment(wanted.last) - self.clock()))

    def _settled(self, execution: Execution, wanted: PageRange) -> bool:
        now = self.clock()
        return execution.fill.status(now) in TERMINAL or execution.fill.pages_made(now) >= wanted.last

    def pages_exist(self, execution: Execution, wanted: PageRange) -> bool:
        """Whether the report has the pages; True also for a report that is not ready, as its status shows why."""
        ready = execution.fill.status(self.clock()) == "ready"
        return not execution.deleted and not (ready and execution.fill.pages_made(self.clock()) < wanted.last)

    def page_status_members(self, execution: Execution, wanted: PageRange, caller: Caller) -> dict[str, Any]:
        """A page status: the report's status, whether the page is final, and since when (0 means final)."""
        members: dict[str, Any] = {"reportStatus": self.status_of(execution, caller)}
        if execution.fill.pages_made(self.clock()) >= wanted.last:
            members |= {"pageFinal": self.page_final(execution, wanted), "pageTimestamp": 0}
        fault = self.fault_of(execution, caller) if members["reportStatus"] == "failed" else None
        return members | {"errorDescriptor": self.fault_members(fault)} if fault else members

    def page_final(self, execution: Execution, wanted: PageRange) -> bool:
        """Whether the page is final: a page never changes."""
        return True
