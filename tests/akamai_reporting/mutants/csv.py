"""Mutants of results as text/csv."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from pytest_reportconformance.akamai_reporting.reference import Reference
from pytest_reportconformance.akamai_reporting.reference.blocks import Line
from pytest_reportconformance.akamai_reporting.reference.identities import Identity
from pytest_reportconformance.akamai_reporting.reference.query import Query
from pytest_reportconformance.akamai_reporting.reference.selection import Selection
from pytest_reportconformance.http.server import Answer
from tests.mutation.kill_matrix import kills


@kills("akamai_reporting.csv.media-type")
class BlocksArePlainText(Reference):
    """Labels CSV blocks as text/plain."""

    def csv_media_type(self) -> str:
        return "text/plain"


@kills("akamai_reporting.csv.media-type")
class CsvAtOnceIsJson(Reference):
    """Answers a synchronous request for text/csv with JSON."""

    def answered_at_once(self, selection: Selection, identity: Identity, format: str) -> Answer:
        return super().answered_at_once(selection, identity, "application/json")


@kills("akamai_reporting.csv.blocks")
class BlocksWithoutMetadata(Reference):
    """Omits the metadata of a synchronous CSV answer."""

    def report_blocks(self, selection: Selection, data: Sequence[dict[str, Any]]) -> Answer:
        return self.csv_answer(self.data_blocks(selection, data))


@kills("akamai_reporting.csv.blocks", "akamai_reporting.csv.same-links")
class BlocksWithoutLinks(Reference):
    """Names the block of links HREFS."""

    def block(self, name: str, lines: Iterable[Line]) -> str:
        return super().block("HREFS" if name == "LINKS" else name, lines)


@kills("akamai_reporting.csv.same-rows")
class ColumnsAreSwapped(Reference):
    """Names the columns in another order than it writes them."""

    def block(self, name: str, lines: Iterable[Line]) -> str:
        return super().block(name, [[*reversed(line)] for line in lines] if name == "COLUMN" else lines)


@kills("akamai_reporting.csv.same-rows")
class CutsDigitsOff(Reference):
    """Writes numbers with three digits at most."""

    def block(self, name: str, lines: Iterable[Line]) -> str:
        rows = [[str(value)[:3] if isinstance(value, int) else value for value in line] for line in lines]
        return super().block(name, rows if name == "DATA" else lines)


@kills("akamai_reporting.csv.same-links")
class CsvHasNoNext(Reference):
    """Omits the link to the next page from CSV."""

    def link_lines(self, query: Query, page: int) -> list[Line]:
        return [line for line in super().link_lines(query, page) if line[0] != "next"]


@kills("akamai_reporting.csv.counts")
class CountsTheColumnsToo(Reference):
    """Counts the line of column names as a row."""

    def page_metadata_lines(self, query: Query, page: int, data: Sequence[dict[str, Any]]) -> list[Line]:
        lines = super().page_metadata_lines(query, page, data)
        return [(name, value + 1) if name == "rowCount" else (name, value) for name, value in lines]


@kills("akamai_reporting.csv.counts")
class CountsThePageAlone(Reference):
    """Has the number of rows of the page as totalRowCount."""

    def page_metadata_lines(self, query: Query, page: int, data: Sequence[dict[str, Any]]) -> list[Line]:
        lines = super().page_metadata_lines(query, page, data)
        return [(name, len(data)) if name == "totalRowCount" else (name, value) for name, value in lines]
