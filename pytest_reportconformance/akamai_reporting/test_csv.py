"""Checks of results as text/csv."""

from __future__ import annotations

import pytest

from pytest_reportconformance.akamai_reporting import assertions, csv_blocks, discovery
from pytest_reportconformance.judging import expect
from pytest_reportconformance.register.register import requirement
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.transcript import Transcript

READY = "akamai_reporting.poll.becomes-ready"
BLOCKS = {"csv": ("METADATA", "LINKS", "COLUMN", "DATA"), "synchronous": ("METADATA", "COLUMN", "DATA")}


def answered(separated: Transcript, paged: Transcript, name: str) -> Exchange:
    """The answer to text/csv or the refusal of the submission; blocked if JSON is refused as well."""
    submitted = separated["csv-submit"]
    exchange = submitted if name == "csv" and submitted.status_code >= 400 else separated[name]
    if exchange.status_code >= 400:
        control = paged["sync" if name == "synchronous" else "part-submit"]
        expect.precondition(control.status_code < 400, f"{name}: no data, not as JSON either", control, READY)
        assertions.locations_lead_to_queries(separated, paged)
    return exchange


def separated_by_commas(separated: Transcript, paged: Transcript, name: str) -> Exchange:
    """The answer as text/csv; not applicable if the server has none."""
    exchange = answered(separated, paged, name)
    expect.precondition(exchange.succeeded or exchange.status_code >= 400, f"{name}: no data", exchange, READY)
    expect.applies(exchange.succeeded and exchange.media_type == "text/csv", "data is not answered as text/csv")
    return exchange


def page(separated: Transcript, paged: Transcript) -> tuple[Exchange, dict[str, csv_blocks.Block], dict[str, object]]:
    """One page as CSV and as JSON."""
    exchange = separated_by_commas(separated, paged, "csv")
    document = discovery.body(separated["json"])
    expect.applies(isinstance(document.get("data"), list), "the same query is not answered as JSON as well")
    return exchange, csv_blocks.blocks(exchange.text), document


@requirement("akamai_reporting.csv.media-type")
@pytest.mark.parametrize("name", list(BLOCKS))
def test_data_is_answered_as_csv(separated: Transcript, paged: Transcript, name: str) -> None:
    exchange = answered(separated, paged, name)
    expect.precondition(exchange.succeeded or exchange.status_code >= 400, f"{name}: no data", exchange, READY)
    expect.that(exchange.succeeded, "success with text/csv", exchange.status_code, exchange)
    expect.media_type(exchange, "text/csv")


@requirement("akamai_reporting.csv.blocks")
@pytest.mark.parametrize("name", list(BLOCKS))
def test_csv_has_blocks(separated: Transcript, paged: Transcript, name: str) -> None:
    exchange = separated_by_commas(separated, paged, name)
    found = list(csv_blocks.blocks(exchange.text))
    expect.that(set(BLOCKS[name]) <= set(found), f"the blocks {', '.join(BLOCKS[name])}", found, exchange)


@requirement("akamai_reporting.csv.same-rows")
def test_csv_and_json_hold_the_same_rows(separated: Transcript, paged: Transcript) -> None:
    exchange, found, document = page(separated, paged)
    rows, data = csv_blocks.rows(found), discovery.objects(document["data"])
    expect.equal(len(rows), len(data), "the number of rows", exchange)
    for row, expected in zip(rows, data, strict=True):
        names = separated.fact("columns") or list(expected)
        same = all(csv_blocks.agrees(row.get(name), expected.get(name)) for name in names)
        expect.that(same, f"the row {expected}", row, exchange)


@requirement("akamai_reporting.csv.same-links")
def test_csv_and_json_have_the_same_links(separated: Transcript, paged: Transcript) -> None:
    exchange, found, document = page(separated, paged)
    metadata = document.get("metadata")
    links = discovery.objects(metadata.get("links") if isinstance(metadata, dict) else None)
    expected = sorted(str(link.get("rel")).lower() for link in links)
    names = sorted(record[0].strip().lower() for record in found.get("LINKS", []) if record[0].strip() != "rel")
    expect.equal(names, expected, "the names of links", exchange)


@requirement("akamai_reporting.csv.counts")
def test_csv_counts_its_rows(separated: Transcript, paged: Transcript) -> None:
    exchange, found, document = page(separated, paged)
    metadata, counts = document.get("metadata"), csv_blocks.metadata(found)
    expect.equal(counts.get("rowCount"), str(len(found.get("DATA", []))), "rowCount", exchange)
    total = metadata.get("totalRows") if isinstance(metadata, dict) else None
    expect.precondition(isinstance(total, int), "the JSON has no totalRows", by="akamai_reporting.ready.total-rows")
    expect.equal(counts.get("totalRowCount"), str(total), "totalRowCount", exchange)
