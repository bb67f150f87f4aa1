"""Checks of results as text/csv."""

from __future__ import annotations

import pytest

from pytest_reportconformance import expect
from pytest_reportconformance.akamai_reporting import csv_blocks, described
from pytest_reportconformance.exchange import Exchange, Transcript
from pytest_reportconformance.register import requirement

READY = "akamai_reporting.poll.becomes-ready"
BLOCKS = {"csv": ("METADATA", "LINKS", "COLUMN", "DATA"), "synchronous": ("METADATA", "COLUMN", "DATA")}


def separated_by_commas(separated: Transcript, name: str) -> Exchange:
    """The answer as text/csv; not applicable where the server has none."""
    exchange = separated[name]
    expect.premise(exchange.succeeded, f"{name}: no data", exchange, READY)
    expect.applies(exchange.media_type == "text/csv", "data is not answered as text/csv")
    return exchange


def page(separated: Transcript) -> tuple[Exchange, dict[str, csv_blocks.Block], dict[str, object]]:
    """One page as CSV and as JSON."""
    exchange = separated_by_commas(separated, "csv")
    document = described.body(separated["json"])
    expect.applies(isinstance(document.get("data"), list), "the same query is not answered as JSON as well")
    return exchange, csv_blocks.blocks(exchange.text), document


@requirement("akamai_reporting.csv.media-type")
@pytest.mark.parametrize("name", list(BLOCKS))
def test_data_is_answered_as_csv(separated: Transcript, name: str) -> None:
    expect.premise(separated[name].succeeded, f"{name}: no data", separated[name], READY)
    expect.media_type(separated[name], "text/csv")


@requirement("akamai_reporting.csv.blocks")
@pytest.mark.parametrize("name", list(BLOCKS))
def test_csv_has_blocks(separated: Transcript, name: str) -> None:
    exchange = separated_by_commas(separated, name)
    found = list(csv_blocks.blocks(exchange.text))
    expect.that(set(BLOCKS[name]) <= set(found), f"the blocks {', '.join(BLOCKS[name])}", found, exchange)


@requirement("akamai_reporting.csv.same-rows")
def test_csv_and_json_hold_the_same_rows(separated: Transcript) -> None:
    exchange, found, document = page(separated)
    rows, data = csv_blocks.rows(found), described.objects(document["data"])
    expect.equal(len(rows), len(data), "the number of rows", exchange)
    for row, expected in zip(rows, data, strict=True):
        names = separated.fact("columns") or list(expected)
        same = all(csv_blocks.agrees(row.get(name), expected.get(name)) for name in names)
        expect.that(same, f"the row {expected}", row, exchange)


@requirement("akamai_reporting.csv.same-links")
def test_csv_and_json_have_the_same_links(separated: Transcript) -> None:
    exchange, found, document = page(separated)
    metadata = document.get("metadata")
    links = described.objects(metadata.get("links") if isinstance(metadata, dict) else None)
    expected = sorted(str(link.get("rel")).lower() for link in links)
    names = sorted(record[0].strip().lower() for record in found.get("LINKS", []) if record[0].strip() != "rel")
    expect.equal(names, expected, "the names of links", exchange)


@requirement("akamai_reporting.csv.counts")
def test_csv_counts_its_rows(separated: Transcript) -> None:
    exchange, found, document = page(separated)
    metadata, counts = document.get("metadata"), csv_blocks.metadata(found)
    expect.equal(counts.get("rowCount"), str(len(found.get("DATA", []))), "rowCount", exchange)
    total = metadata.get("totalRows") if isinstance(metadata, dict) else None
    expect.premise(isinstance(total, int), "the JSON has no totalRows", by="akamai_reporting.ready.total-rows")
    expect.equal(counts.get("totalRowCount"), str(total), "totalRowCount", exchange)
