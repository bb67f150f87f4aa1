"""Print what a run covers and what it never sends: `python -m tests.coverage API [--report DIR]`."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from pytest_reportconformance.register import apis
from pytest_reportconformance.report.stored import NotAReport, Stored
from pytest_reportconformance.transcript.transcript import Transcript
from tests.coverage.cases import Case, Coverage, coverage, played


def stored(folder: Path) -> list[Transcript]:
    """The transcripts of a conformance report."""
    report = Stored.read(folder)
    found = (report.transcript(one["name"]) for one in report.played)
    return [transcript for transcript in found if transcript is not None]


def lines(found: Coverage, *, held: bool, explained: bool) -> Iterator[str]:
    """The table of operations and dimensions, then each hole."""
    for (operation, dimension), group in groupby(found.documented, key=lambda case: (case.operation, case.dimension)):
        cases = list(group)
        seen = [case for case in cases if case in found.held]
        known = [case for case in cases if case not in found.held and found.explanation(case)]
        counts = f"{len(seen):4} of {len(cases):4} held, {len(known):4} explained"
        yield f"{operation:14} {dimension:32} {counts}, {len(cases) - len(seen) - len(known):4} holes"
        yield from (f"    held: {case.value}" for case in seen if held)
        yield from (f"    explained: {case.value}" for case in known if explained)
    yield ""
    yield from (f"hole: {case}" for case in found.unexplained)
    yield from _reasons(found, [case for case in found.holes if found.explanation(case)])
    yield from (f"the explanation of {pattern} explains no hole" for pattern in found.stale())
    total, holes, left = len(found.documented), len(found.holes), len(found.unexplained)
    yield f"{total - holes} of {total} cases held, {holes - left} explained, {left} holes"


def _reasons(found: Coverage, cases: list[Case]) -> Iterator[str]:
    reasons = Counter(one.reason for case in cases if (one := found.explanation(case)))
    yield from (f"explained ({count}): {reason}" for reason, count in reasons.most_common())


def main() -> int:
    """Exit with 1 if there is a hole without an explanation, with 2 if there is no such report."""
    parser = argparse.ArgumentParser(prog="python -m tests.coverage")
    parser.add_argument("api", choices=apis.names())
    parser.add_argument("--report", type=Path, metavar="DIR", help="read the transcripts of this conformance report")
    parser.add_argument("--operation", help="print this operation only")
    parser.add_argument("--held", action="store_true", help="print the cases that the run held")
    parser.add_argument("--explained", action="store_true", help="print the cases that are explained")
    options = parser.parse_args()
    try:
        transcripts = stored(options.report) if options.report else played(options.api)
    except NotAReport as error:
        parser.error(str(error))
    found = coverage(options.api, transcripts)
    if options.operation:
        kept = tuple(case for case in found.documented if case.operation == options.operation)
        found = Coverage(kept, found.held, found.explanations)
    print(*lines(found, held=options.held, explained=options.explained), sep="\n")
    return 1 if found.unexplained else 0


if __name__ == "__main__":
    sys.exit(main())
