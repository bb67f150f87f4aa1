"""The whole run as one HAR 1.2 file: a page for each scenario, its requests in order of time."""

from __future__ import annotations

import json
from collections.abc import Iterator

from pytest_reportconformance import har
from pytest_reportconformance.exchange import dumped
from pytest_reportconformance.report.stored import Stored


def render(stored: Stored) -> Iterator[str]:
    """The file, an entry at a time."""
    record = stored.record
    played = list(stored.transcripts())
    pages = [
        {
            "startedDateTime": scenario["started"],
            "id": scenario["name"],
            "title": f"{scenario['name']} at {record['target']['name']}",
            "pageTimings": {"onContentLoad": -1, "onLoad": round(scenario["seconds"] * 1000, 3)},
        }
        for scenario, _ in played
    ]
    creator = {"name": record["suite"]["name"], "version": record["suite"]["version"]}
    yield f'{{"log":{{"version":"1.2","creator":{dumped(creator)},"pages":{json.dumps(pages)},"entries":[\n'
    exchanges = sorted(
        ((exchange.started, scenario["name"], exchange) for scenario, transcript in played for exchange in transcript),
        key=lambda one: one[:2],
    )
    for number, (_, page, exchange) in enumerate(exchanges):
        yield (",\n" if number else "") + dumped({"pageref": page, **har.entry(exchange)})
    yield "\n]}}\n"
