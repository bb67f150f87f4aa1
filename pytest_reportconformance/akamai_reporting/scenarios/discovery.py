"""Discovery: the list of reports, its parts by product family and reporting area, and where its links lead."""

from __future__ import annotations

from pytest_reportconformance.akamai_reporting import discovery, links, operations
from pytest_reportconformance.recording.steps import Steps
from pytest_reportconformance.scenarios import Cost, scenario
from pytest_reportconformance.target.target import Target

STATUS = "akamai_reporting.discovery.status"
UNKNOWN = "no-such-name-4711"
MOST_OPTIONS = 4
MOST_PARTS = 2


@scenario(read_only=True, cost=Cost(others=12))
def listed(step: Steps, target: Target) -> None:
    """The whole list, lists of two families and two areas, options by their links, and names that do not exist."""
    everything = step("all", operations.reports(), establishes=STATUS)
    found = discovery.report_links(everything)
    used = target.reports.get("paged", {}).get("path")
    paths = sorted(found, key=lambda path: path != used)
    families = list(dict.fromkeys(path.split("/")[0] for path in paths))[:MOST_PARTS]
    areas = list(dict.fromkeys(tuple(path.split("/")[:2]) for path in paths))[:MOST_PARTS]
    for family in families:
        step(f"family {family}", operations.reports(family))
    for area in areas:
        step("area " + "/".join(area), operations.reports(*area))
    for path in one_of_each_area(paths)[:MOST_OPTIONS]:
        step(f"options {path}", operations.fetch(links.resolve(everything.request.url, found[path])))
    step.note(used=used)
    step("unknown-family", operations.reports(UNKNOWN))
    for area in areas[:1]:
        step("unknown-area", operations.reports(area[0], UNKNOWN))
        step("unknown-report", operations.reports(*area, UNKNOWN))


def one_of_each_area(paths: list[str]) -> list[str]:
    """Reports in an order that begins with one report of each area."""
    first = {path.rpartition("/")[0]: path for path in reversed(paths)}
    return sorted(paths, key=lambda path: first[path.rpartition("/")[0]] != path)
