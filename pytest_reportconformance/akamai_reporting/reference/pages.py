"""A page of a ready query: its rows, and the metadata with the links to the other pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pytest_reportconformance.akamai_reporting.reference.catalogue import Row
from pytest_reportconformance.akamai_reporting.reference.queries import Queries
from pytest_reportconformance.akamai_reporting.reference.query import Query
from pytest_reportconformance.http.server import Answer


class Pages(Queries):
    """Pages count from 0 in here; nothing outside sees a number."""

    def rows_of(self, query: Query, page: int) -> Sequence[Row]:
        """The rows on a page."""
        return query.rows[page * query.page_size : (page + 1) * query.page_size]

    def row_shown(self, query: Query, page: int, row: Row) -> dict[str, Any]:
        """A row as it is sent."""
        del query, page
        return row

    def first_page(self, query: Query, page: int) -> int | None:
        """Where `first` leads from a page; None for no such link."""
        del query, page
        return 0

    def self_page(self, query: Query, page: int) -> int | None:
        """Where `self` leads."""
        del query
        return page

    def previous_page(self, query: Query, page: int) -> int | None:
        """Where `prev` leads."""
        del query
        return page - 1 if page > 0 else None

    def next_page(self, query: Query, page: int) -> int | None:
        """Where `next` leads."""
        return page + 1 if page + 1 < query.page_count else None

    def last_page(self, query: Query, page: int) -> int:
        """Where `last` leads."""
        del page
        return query.page_count - 1

    def rel_name(self, rel: str) -> str:
        """The spelling of a relation."""
        return rel

    def allowed_on_page(self, query: Query, page: int) -> list[str]:
        """The methods that a page link allows."""
        del query, page
        return ["GET"]

    def link(self, query: Query, rel: str, target: int) -> dict[str, Any]:
        """A link to a page."""
        return {
            "rel": self.rel_name(rel),
            "href": self.href_of(query, target),
            "allow": self.allowed_on_page(query, target),
        }

    def links_of(self, query: Query, page: int) -> list[dict[str, Any]]:
        """The links on a page."""
        targets = {
            "first": self.first_page(query, page),
            "self": self.self_page(query, page),
            "prev": self.previous_page(query, page),
            "next": self.next_page(query, page),
            "last": self.last_page(query, page),
        }
        return [self.link(query, rel, target) for rel, target in targets.items() if target is not None]

    def query_name(self, query: Query, page: int) -> str:
        """The member `name`: that of the report."""
        del page
        return query.selection.report.name

    def row_count(self, query: Query, page: int, data: Sequence[dict[str, Any]]) -> Any:
        """The member `rows`: how many rows the page has."""
        del query, page
        return len(data)

    def total_rows(self, query: Query, page: int) -> Any:
        """The member `totalRows`: how many rows the query has."""
        del page
        return len(query.rows)

    def request_time(self, query: Query, page: int) -> str:
        """The member `requestTime`: when the query was submitted."""
        del page
        return self.timestamp(query.request_time)

    def eviction_timestamp(self, query: Query, page: int) -> str:
        """The member `evictionTime`: until when the pages are kept."""
        del page
        return self.timestamp(self.eviction_time(query))

    def metadata_of(self, query: Query, page: int, data: Sequence[dict[str, Any]]) -> dict[str, Any]:
        """The metadata of a page."""
        return {
            "name": self.query_name(query, page),
            "rows": self.row_count(query, page, data),
            "totalRows": self.total_rows(query, page),
            "requestTime": self.request_time(query, page),
            "evictionTime": self.eviction_timestamp(query, page),
            "links": self.links_of(query, page),
        }

    def data_of(self, query: Query, page: int) -> list[dict[str, Any]]:
        """The rows of a page as they are sent."""
        return [self.row_shown(query, page, row) for row in self.rows_of(query, page)]

    def page_document(self, query: Query, page: int) -> dict[str, Any]:
        """A page as JSON."""
        data = self.data_of(query, page)
        return {"data": data, "metadata": self.metadata_of(query, page, data)}

    def page_answer(self, query: Query, page: int) -> Answer:
        """A page as an answer."""
        return self.json_answer(self.page_document(query, page)).replace("Cache-Control", "private, no-store")
