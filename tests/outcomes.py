"""Compare the outcomes of an edition with those of a server: `python -m tests.outcomes --edition V --against FILE`.

FILE is the results.json of a run against a server of that version. Requirements that only one of both has are left out.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from pytest_reportconformance.jasperserver.reference import editions
from pytest_reportconformance.judging.outcomes import worst
from tests.mutation.kill_matrix import judged_in_process

RENAMED = json.loads((Path(__file__).parent / "jasperserver/recorded/runs/renamed.json").read_text(encoding="utf-8"))
"""The ids and roles of earlier suites, whose records are compared as well, with those of today."""
LISTED = {
    "jasperserver.errors.no-stack-trace": "an earlier suite took the error page of the container for the product's",
    "jasperserver.jobs.delete-removes": "an earlier suite passed it if the report ended meanwhile",
    "jasperserver.jobs.combined": "an earlier suite judged it beside a run, where such searches fail before 7.5",
    "jasperserver.jobs.runs-left-out": "an earlier suite lost its session",
    "jasperserver.jobs.fire-time-leaves-runs-out": "an earlier suite lost its session",
    "jasperserver.output.ready": "it rests on the race export-reset-to-cancelled",
    "jasperserver.run.sync-export-ready": "the race export-reset-to-cancelled",
    "jasperserver.run.pages-in-descriptor": "it rests on the race export-reset-to-cancelled",
    "jasperserver.export-status.agrees-with-details": "the race export-reset-to-cancelled",
    "jasperserver.details.lists-*": "the race export-reset-to-cancelled",
    "jasperserver.attachments.*": "they rest on the race export-reset-to-cancelled",
    "jasperserver.output.not-public": "it rests on the race export-reset-to-cancelled",
    "jasperserver.output.available-until-delete": "it rests on the race export-reset-to-cancelled",
    "jasperserver.output.repeatable": "it rests on the race export-reset-to-cancelled",
    "jasperserver.status.plain-value-only": "an earlier suite judged the plain XML that answers 500",
    "jasperserver.status.running": "it rests on plain-xml-status-fails, or on the race running-shown-as-queued",
    "jasperserver.cancel.while-queued": "the race run-learned-of-late",
    "jasperserver.cancel.once-executing": "the race run-learned-of-late",
    "jasperserver.search.cancelled-not-listed": "the race run-learned-of-late: the early cancel has an effect or not",
    "jasperserver.search.by-report-uri": "an earlier suite searched as the owner alone",
    "jasperserver.search.deleted-not-listed": "an earlier suite searched without arguments alone",
    "jasperserver.sessions.cookie-alone": "an earlier suite read no page status and no info with a cookie alone",
    "jasperserver.permission.other-admin-*": "the community edition has no administrator of another organization",
    "jasperserver.parameters.while-running": "it depends on time",
}
"""Requirements that may differ, with the reason."""
UNDECIDED = "inconclusive"
"""What an edition was too slow to show on this machine is no difference: it is counted."""
SAME = {"failed": "violated", "warned": "violated", "noted": "violated", "deviation": "violated"}
"""A violation that no deviation of that time excused is one all the same."""


def of_record(record: Mapping[str, Any]) -> dict[str, str]:
    """The outcome of each requirement of a record, by its id of today."""
    found = {}
    for one in record["requirements"]:
        id = one["id"]
        for old, new in RENAMED["ids"]:
            id = re.sub(old, new, id)
        checks = [check["outcome"] for check in one["checks"]]
        if checks:
            found[id] = worst(checks)
    return found


def of_edition(version: str) -> dict[str, str]:
    """The outcome of each requirement of a run against an edition."""
    groups: dict[str, list[str]] = {}
    for found in judged_in_process(editions.edition(version)(slow_seconds=2.0, page_seconds=0.3)):
        groups.setdefault(found.requirement, []).append(found.outcome)
    return {id: worst(outcomes) for id, outcomes in groups.items()}


def differences(edition: Mapping[str, str], server: Mapping[str, str]) -> dict[str, tuple[str, str, str]]:
    """The requirements whose outcomes differ: outcome of the edition, outcome of the server, the listed reason."""
    found = {}
    for id in edition.keys() & server.keys():
        ours, theirs = (SAME.get(one, one) for one in (edition[id], server[id]))
        if ours != theirs and ours != UNDECIDED:
            reason = next((reason for glob, reason in LISTED.items() if fnmatchcase(id, glob)), "")
            found[id] = (edition[id], server[id], reason)
    return found


def main(arguments: list[str] | None = None) -> int:
    """Print every difference; returns 1 if one of them is not listed."""
    parser = argparse.ArgumentParser(prog="python -m tests.outcomes", description=__doc__)
    parser.add_argument("--edition", required=True, choices=editions.VERSIONS)
    parser.add_argument("--against", required=True, type=Path, metavar="FILE")
    options = parser.parse_args(arguments)
    server = of_record(json.loads(options.against.read_text(encoding="utf-8")))
    edition = of_edition(options.edition)
    found = differences(edition, server)
    for id, (ours, theirs, reason) in sorted(found.items()):
        print(
            f"{'listed' if reason else 'DIFFERS'}  {id}: edition {ours}, server {theirs}" + (reason and f": {reason}")
        )
    unlisted = sum(not reason for _, _, reason in found.values())
    undecided = [id for id in edition.keys() & server.keys() if edition[id] == UNDECIDED]
    judged = len(edition.keys() & server.keys()) - len(undecided)
    print(f"{judged} compared, {len(found)} differ, {unlisted} of them not listed; {len(undecided)} inconclusive here")
    return bool(unlisted)


if __name__ == "__main__":
    sys.exit(main())
