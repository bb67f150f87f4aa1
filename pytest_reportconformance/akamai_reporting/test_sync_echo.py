"""Checks of what the metadata of synchronous answers repeat of the request: columns, filters, order, limit."""

from __future__ import annotations

import json
from collections.abc import Iterator
from math import inf
from typing import Any

import pytest

from pytest_reportconformance.akamai_reporting import discovery
from pytest_reportconformance.akamai_reporting.query_results import Transcripts
from pytest_reportconformance.akamai_reporting.sync_answers import everywhere
from pytest_reportconformance.judging import expect
from pytest_reportconformance.register.register import requirement
from pytest_reportconformance.transcript.exchange import Exchange

Repeated = list[tuple[Exchange, Any, Any]]


def repeated(transcripts: Transcripts, name: str, kind: type) -> Repeated:
    """The synchronous answers whose metadata have a member of a type, with what was requested and what it holds.

    Not applicable if there is none.
    """
    found = list(_repeated(transcripts, name, kind))
    expect.applies(found != [], f"no synchronous answer has metadata.{name}")
    return found


def _repeated(transcripts: Transcripts, name: str, kind: type) -> Iterator[tuple[Exchange, Any, Any]]:
    for exchange in everywhere(transcripts):
        metadata = exchange.observed("page").get("metadata")
        value = metadata.get(name) if isinstance(metadata, dict) else None
        if isinstance(value, kind) and not isinstance(value, bool):
            yield exchange, json.loads(exchange.request.body or b"{}").get(name), value


@requirement("akamai_reporting.sync.limit-repeated")
def test_the_limit_of_the_metadata_is_the_one_that_applies(akamai_reporting_transcripts: Transcripts) -> None:
    for exchange, asked, found in repeated(akamai_reporting_transcripts, "limit", int):
        rows = len(exchange.observed("page").get("rows", ()))
        fits = rows <= found <= (asked or inf)
        expect.that(fits, f"a metadata.limit from {rows} to {asked or 'any number'}", found, exchange)


@requirement("akamai_reporting.sync.sort-bys-repeated")
def test_the_sort_order_of_the_metadata_begins_as_requested(akamai_reporting_transcripts: Transcripts) -> None:
    for exchange, asked, found in repeated(akamai_reporting_transcripts, "sortBys", list):
        expect.equal(_orders(found)[: len(asked or ())], _orders(asked or []), "metadata.sortBys", exchange)


def _orders(listed: list[Any]) -> list[tuple[Any, Any]]:
    return [(one.get("name"), one.get("sortOrder")) for one in discovery.objects(listed)]


@requirement("akamai_reporting.sync.filters-repeated")
def test_the_filters_of_the_metadata_include_those_of_the_request(akamai_reporting_transcripts: Transcripts) -> None:
    for exchange, asked, found in repeated(akamai_reporting_transcripts, "filters", list):
        known = [_filter(one) for one in discovery.objects(found)]
        for one in asked or ():
            expect.that(_filter(one) in known, f"{one} in metadata.filters", found, exchange)


def _filter(one: dict[str, Any]) -> tuple[Any, ...]:
    """A filter in a form that is equal for equal filters, in any order of expressions, as texts or numbers."""
    expressions = one.get("expressions", [one.get("expression")])
    texts = sorted(map(str, expressions)) if isinstance(expressions, list) else expressions
    return one.get("dimensionName", one.get("metricName")), one.get("operator"), texts


@requirement("akamai_reporting.sync.columns-repeated")
@pytest.mark.parametrize("name", ["metrics", "dimensions"])
def test_the_columns_of_the_metadata_are_those_of_the_rows(
    akamai_reporting_transcripts: Transcripts, name: str
) -> None:
    for exchange, asked, found in repeated(akamai_reporting_transcripts, name, list):
        known = [one.get("name") if isinstance(one, dict) else one for one in found]
        for column in asked or ():
            expect.that(column in known, f"the requested {column} in metadata.{name}", known, exchange)
        row = exchange.observed("page").get("sample")
        for column in known if row and "lacking" not in exchange.observed("page") else ():
            expect.that(
                column in row, f"columns of the rows in metadata.{name}, {list(row)} among them", column, exchange
            )
