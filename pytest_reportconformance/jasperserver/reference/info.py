"""Requesting report bookmarks: `GET …/info`."""

from __future__ import annotations

from typing import Any

from pytest_reportconformance.http.server import Answer
from pytest_reportconformance.jasperserver.reference.core import Core
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.reports import Bookmark
from pytest_reportconformance.jasperserver.reference.state import Execution

Members = dict[str, Any]


class Info(Core):
    """Answers with bookmarks and parts of a report, page indices from 0; an early request waits."""

    def read_info(self, caller: Caller, id: str) -> Answer:
        """The table of contents of a finished report."""
        media = self.negotiate("reportInfo", caller)
        execution = self.execution(caller, id)
        self.wait_for_report(execution)
        return self.represent("reportInfo", self.info_members(execution, caller), media)

    def info_members(self, execution: Execution, caller: Caller) -> Members:
        """Bookmarks and parts, each absent if the report has none."""
        members: Members = {}
        if execution.fill.status(self.clock()) != "ready":
            return members
        bookmarks, parts = execution.fill.plan.bookmarks, execution.fill.plan.parts
        if bookmarks:
            tree = self.bookmark_list(bookmarks, execution)
            members["bookmarks"] = {"id": "bookmarks_1", "type": "bookmarks", "bookmarks": tree}
        if parts:
            listed = [self.part_members(index, name, execution) for index, name in parts]
            members["parts"] = {"id": "parts_1", "type": "reportparts", "parts": listed}
        return members

    def bookmark_list(self, bookmarks: tuple[Bookmark, ...], execution: Execution) -> list[Members]:
        """Bookmarks of one level, with those below them."""
        return [self.bookmark_members(bookmark, place, execution) for place, bookmark in enumerate(bookmarks)]

    def bookmark_members(self, bookmark: Bookmark, place: int, execution: Execution) -> Members:
        """One bookmark."""
        members: Members = {
            "label": bookmark.label,
            "pageIndex": self.page_index(bookmark.page, execution),
            "elementAddress": str(place),
        }
        return members | {"bookmarks": self.bookmark_list(bookmark.under, execution)} if bookmark.under else members

    def part_members(self, index: int, name: str, execution: Execution) -> Members:
        """One part."""
        return {"idx": self.page_index(index, execution), "name": name}

    def page_index(self, page: int, execution: Execution) -> int:
        """The index of a page; 0 if pagination is ignored."""
        return 0 if execution.fill.endless else page
