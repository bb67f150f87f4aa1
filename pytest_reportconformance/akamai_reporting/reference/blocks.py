"""Results as text/csv: blocks of lines between markers, not one table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from pytest_reportconformance.akamai_reporting.reference.pages import Pages
from pytest_reportconformance.akamai_reporting.reference.query import Query
from pytest_reportconformance.akamai_reporting.reference.selection import Selection
from pytest_reportconformance.http.server import Answer

Line = Sequence[Any]


def text_of(lines: Iterable[Line]) -> str:
    """Lines of values as CSV."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(lines)
    return buffer.getvalue()


class Blocks(Pages):
    """Writes the blocks METADATA, LINKS (asynchronous mode only), COLUMN and DATA."""

    def csv_media_type(self) -> str:
        """The Content-Type of blocks."""
        return "text/csv"

    def block(self, name: str, lines: Iterable[Line]) -> str:
        """Lines between their markers."""
        return f"#{name}_START\n{text_of(lines)}#{name}_END\n"

    def data_blocks(self, selection: Selection, data: Sequence[dict[str, Any]]) -> list[str]:
        """The columns and the rows."""
        rows = [[row.get(name, "") for name in selection.columns] for row in data]
        return [self.block("COLUMN", [selection.columns]), self.block("DATA", rows)]

    def period_lines(self, selection: Selection) -> list[Line]:
        """Which time the result is about."""
        return [("start", self.timestamp(selection.period.start)), ("end", self.timestamp(selection.period.end))]

    def page_metadata_lines(self, query: Query, page: int, data: Sequence[dict[str, Any]]) -> list[Line]:
        """The metadata of a page."""
        counts = [("rowCount", self.row_count(query, page, data)), ("totalRowCount", self.total_rows(query, page))]
        return [*self.period_lines(query.selection), *counts]

    def link_lines(self, query: Query, page: int) -> list[Line]:
        """The links of a page: relation and address."""
        return [(link["rel"], link["href"]) for link in self.links_of(query, page)]

    def page_blocks(self, query: Query, page: int) -> Answer:
        """A page of a query as blocks."""
        data = self.data_of(query, page)
        blocks = [
            self.block("METADATA", self.page_metadata_lines(query, page, data)),
            self.block("LINKS", self.link_lines(query, page)),
            *self.data_blocks(query.selection, data),
        ]
        return self.csv_answer(blocks)

    def report_metadata_lines(self, selection: Selection, data: Sequence[dict[str, Any]]) -> list[Line]:
        """The metadata of a synchronous result, its grouping and filters included."""
        filters = [("filter", one.name, one.operator, *one.expressions) for one in selection.filters]
        counts = [("rowCount", len(data)), ("groupBy", *selection.dimensions)]
        return [*self.period_lines(selection), *counts, *filters]

    def report_blocks(self, selection: Selection, data: Sequence[dict[str, Any]]) -> Answer:
        """A synchronous result as blocks."""
        metadata = self.block("METADATA", self.report_metadata_lines(selection, data))
        return self.csv_answer([metadata, *self.data_blocks(selection, data)])

    def csv_answer(self, blocks: Iterable[str]) -> Answer:
        """Blocks as an answer, blank lines between them."""
        return Answer(200, "\n".join(blocks).encode("utf-8", "replace"), [("Content-Type", self.csv_media_type())])
