"""Servers with faults in bookmarks and parts."""

from __future__ import annotations

from typing import Any

from pytest_reportconformance.http.server import Answer
from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.jasperserver.reference.faults import Refusal
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.negotiation import JSON, XML
from pytest_reportconformance.jasperserver.reference.reports import Bookmark
from pytest_reportconformance.jasperserver.reference.state import Execution
from tests.jasperserver.faults import Members, asks_plain_xml, asks_xml, is_of, nth
from tests.mutation.kill_matrix import kills


@kills("jasperserver.info.json")
class InformsAsText(Reference):
    """Sends the info of a report with parts as text/json."""

    def read_info(self, caller: Caller, id: str) -> Answer:
        answer = super().read_info(caller, id)
        parts = b'"parts"' in answer.body
        return answer.replace("Content-Type", "text/json") if parts and not asks_plain_xml(caller) else answer


@kills("jasperserver.info.xml")
class InformsInJsonOnly(Reference):
    """Offers the info only as JSON."""

    def offered(self, kind: str, caller: Caller) -> Any:
        return (JSON,) if kind == "reportInfo" else super().offered(kind, caller)


@kills("jasperserver.info.xml")
class BreaksXml(Reference):
    """Sends the info of a report with bookmarks as XML that is not well-formed."""

    def read_info(self, caller: Caller, id: str) -> Answer:
        answer = super().read_info(caller, id)
        if asks_plain_xml(caller) and b"<label>" in answer.body:
            answer.body = answer.body.replace(b"</reportInfo>", b"")
        return answer


@kills("jasperserver.info.unknown-id")
class InformsAboutUnknown(Reference):
    """Answers 200 with an empty info for an unknown execution, in XML."""

    def read_info(self, caller: Caller, id: str) -> Answer:
        if id not in self.executions and asks_plain_xml(caller):
            return self.represent("reportInfo", {}, XML)
        return super().read_info(caller, id)


@kills("jasperserver.info.unknown-id", "jasperserver.delete.everything-gone")
class ForbidsInfoOfUnknown(Reference):
    """Answers 403 to the info of an unknown execution."""

    def read_info(self, caller: Caller, id: str) -> Answer:
        if id not in self.executions:
            raise Refusal(403)
        return super().read_info(caller, id)


class _ChangedInfo(Reference):
    """Changes the members of the info."""

    def change(self, members: Members, caller: Caller) -> None:
        raise NotImplementedError

    def info_members(self, execution: Execution, caller: Caller) -> Members:
        members = super().info_members(execution, caller)
        self.change(members, caller)
        return members


@kills("jasperserver.info.bookmarks")
class HidesBookmarksInXml(_ChangedInfo):
    """Omits the bookmarks in XML."""

    def change(self, members: Members, caller: Caller) -> None:
        if asks_plain_xml(caller):
            members.pop("bookmarks", None)


@kills("jasperserver.info.bookmarks")
class HasNoBookmarksInJson(_ChangedInfo):
    """Lists no bookmarks in JSON."""

    def change(self, members: Members, caller: Caller) -> None:
        if not asks_plain_xml(caller) and "bookmarks" in members:
            members["bookmarks"]["bookmarks"] = []


@kills("jasperserver.info.bookmarks", "jasperserver.info.bookmark-tree")
class LosesALastBookmark(_ChangedInfo):
    """Omits the last bookmark of the second level in XML."""

    def change(self, members: Members, caller: Caller) -> None:
        if asks_plain_xml(caller) and "bookmarks" in members:
            del members["bookmarks"]["bookmarks"][-1]["bookmarks"][-1]


@kills("jasperserver.info.parts")
class HidesParts(_ChangedInfo):
    """Omits the parts in JSON."""

    def change(self, members: Members, caller: Caller) -> None:
        if not asks_plain_xml(caller):
            members.pop("parts", None)


@kills("jasperserver.info.parts")
class RenamesAPart(_ChangedInfo):
    """Writes the names of parts in capitals in XML."""

    def change(self, members: Members, caller: Caller) -> None:
        if asks_plain_xml(caller):
            for one in members.get("parts", {}).get("parts", []):
                one["name"] = one["name"].upper()


@kills("jasperserver.info.bookmark-tree")
class FlattensInXml(_ChangedInfo):
    """Lists all bookmarks on one level in XML."""

    def change(self, members: Members, caller: Caller) -> None:
        if asks_plain_xml(caller) and "bookmarks" in members:
            top = members["bookmarks"]["bookmarks"]
            members["bookmarks"]["bookmarks"] = [
                {key: value for key, value in one.items() if key != "bookmarks"}
                for above in top
                for one in (above, *above.get("bookmarks", []))
            ]


@kills("jasperserver.info.bookmark-tree")
class CountsPagesFromOne(Reference):
    """Counts the pages of bookmarks from one."""

    def bookmark_members(self, bookmark: Bookmark, place: int, execution: Execution) -> Members:
        members = super().bookmark_members(bookmark, place, execution)
        return members | {"pageIndex": members["pageIndex"] + 1}


@kills("jasperserver.info.bookmark-tree")
class LeadsToTheFirstPage(Reference):
    """Sets the page of every bookmark of the second level to the first page."""

    def bookmark_members(self, bookmark: Bookmark, place: int, execution: Execution) -> Members:
        members = super().bookmark_members(bookmark, place, execution)
        return members if bookmark.under else members | {"pageIndex": 0}


@kills("jasperserver.info.bookmark-tree")
class HasNoAddresses(_ChangedInfo):
    """Omits the address of the first bookmark."""

    def change(self, members: Members, caller: Caller) -> None:
        if "bookmarks" in members:
            del members["bookmarks"]["bookmarks"][0]["elementAddress"]


@kills("jasperserver.info.bookmark-tree")
class MistypesBookmarks(_ChangedInfo):
    """Sets the type of bookmarks to `outline` in XML."""

    def change(self, members: Members, caller: Caller) -> None:
        if "bookmarks" in members and asks_plain_xml(caller):
            members["bookmarks"]["type"] = "outline"


@kills("jasperserver.info.part-list")
class PartsBeginWithOne(Reference):
    """Counts the pages of parts from one."""

    def part_members(self, index: int, name: str, execution: Execution) -> Members:
        members = super().part_members(index, name, execution)
        return members | {"idx": index + 1}


@kills("jasperserver.info.part-list")
class PartsAreReversed(_ChangedInfo):
    """Lists the parts in reverse order."""

    def change(self, members: Members, caller: Caller) -> None:
        if "parts" in members:
            members["parts"]["parts"].reverse()


@kills("jasperserver.info.part-list")
class MistypesParts(_ChangedInfo):
    """Sets the type of parts to `parts` in JSON."""

    def change(self, members: Members, caller: Caller) -> None:
        if "parts" in members and not asks_plain_xml(caller):
            members["parts"]["type"] = "parts"


@kills("jasperserver.info.no-bookmarks")
class AlwaysHasABookmark(Reference):
    """Lists a bookmark for the first page of every report."""

    def info_members(self, execution: Execution, caller: Caller) -> Members:
        one = {"label": "Start", "pageIndex": 0, "elementAddress": "0"}
        return {"bookmarks": {"type": "bookmarks", "bookmarks": [one]}} | super().info_members(execution, caller)


@kills("jasperserver.info.bookmarks")
class InventsABookmark(Reference):
    """Shows a bookmark in the second info in XML of the report of several pages, which has none."""

    def info_members(self, execution: Execution, caller: Caller) -> Members:
        members = super().info_members(execution, caller)
        if asks_xml(caller) and is_of(execution, "multi") and nth(self, f"{execution.id} info in XML") == 2:
            entry = {"label": "Top", "pageIndex": 0, "elementAddress": "0"}
            return {**members, "bookmarks": {"id": "b", "type": "bookmarks", "bookmarks": [entry]}}
        return members


@kills("jasperserver.info.parts")
class InventsAPart(Reference):
    """Shows a part in the second info in JSON of the report of several pages, which has none."""

    def info_members(self, execution: Execution, caller: Caller) -> Members:
        members = super().info_members(execution, caller)
        if not asks_xml(caller) and is_of(execution, "multi") and nth(self, f"{execution.id} info in JSON") == 2:
            return {**members, "parts": {"id": "p", "type": "reportparts", "parts": [{"idx": 0, "name": "All"}]}}
        return members
