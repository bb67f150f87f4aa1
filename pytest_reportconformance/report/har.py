"""The whole run as one HAR 1.2 file: a page for each scenario, with its requests.

Rule: written as it is read, because the transcripts of a long walk are too long for the memory.
"""

from __future__ import annotations

from collections.abc import Iterator

from pytest_reportconformance.report.stored import Stored
from pytest_reportconformance.transcript import har, strict_json


def render(stored: Stored) -> Iterator[str]:
    """The file, an entry at a time."""
    record = stored.record
    played = stored.played
    pages = [
        {
            "startedDateTime": scenario["started"],
            "id": scenario["name"],
            "title": f"{scenario['name']} at {record['target']['name']}",
            "pageTimings": {"onContentLoad": -1, "onLoad": round(scenario["seconds"] * 1000, 3)},
        }
        for scenario in played
    ]
    creator = {"name": record["suite"]["name"], "version": record["suite"]["version"]}
    head = f'"creator":{strict_json.dumps(creator)},"pages":{strict_json.dumps(pages)}'
    yield f'{{"log":{{"version":"1.2",{head},"entries":[\n'
    first = True
    for scenario in played:
        for entry in stored.entries(scenario):
            yield ("" if first else ",\n") + strict_json.printable(har.dumped({"pageref": scenario["name"], **entry}))
            first = False
    yield "\n]}}\n"
