"""Predicates and base classes that several files of mutants share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from pytest_reportconformance.akamai_reporting.reference import Reference
from pytest_reportconformance.akamai_reporting.reference.catalogue import Row
from pytest_reportconformance.akamai_reporting.reference.query import Query


def is_last(query: Query, page: int) -> bool:
    """Whether a page is the last one of several."""
    return page + 1 == query.page_count > 1


class ChangesMetadata(Reference):
    """Sends metadata that `changed` has changed."""

    def metadata_of(self, query: Query, page: int, data: Sequence[dict[str, Any]]) -> dict[str, Any]:
        return self.changed(super().metadata_of(query, page, data), query, page)

    def changed(self, metadata: dict[str, Any], query: Query, page: int) -> dict[str, Any]:
        raise NotImplementedError


def increased(row: Row, metrics: Iterable[str]) -> Row:
    """A row with one added to each of some metrics."""
    values = {name: row[name] for name in metrics}
    return row | {name: value + 1 for name, value in values.items() if not isinstance(value, str)}


class ChangesLinks(Reference):
    """Sends links that `changed` has changed."""

    def links_of(self, query: Query, page: int) -> list[dict[str, Any]]:
        return [self.changed(link, query, page) for link in super().links_of(query, page)]

    def changed(self, link: dict[str, Any], query: Query, page: int) -> dict[str, Any]:
        raise NotImplementedError


class OneMorePage(Query):
    """A query with a page more than its rows fill."""

    @property
    def page_count(self) -> int:
        return super().page_count + 1


def is_middle(query: Query, page: int) -> bool:
    """Whether a page has one before and one after it."""
    return 0 < page < query.page_count - 1
