"""`reportconformance diff`: compares two conformance reports, requirement by requirement."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from pytest_reportconformance.cli import add_format, manual
from pytest_reportconformance.judging.exit_codes import ExitCode
from pytest_reportconformance.report import baseline, comparison, diff
from pytest_reportconformance.report.stored import MALFORMED, NotAReport, Stored
from pytest_reportconformance.transcript.parsing import visible


def add(commands: Any) -> None:
    """Add the subcommand."""
    parser = commands.add_parser(
        "diff",
        help="compare two conformance reports, requirement by requirement; exit 1 if anything is worse",
        description="Compare two conformance reports, requirement by requirement: what is worse, better, changed "
        "otherwise, or slower. docs/continuous-integration.md says what is worse (reportconformance docs "
        "continuous-integration).",
        **manual(
            {
                0: "nothing is worse",
                1: "a requirement is worse than before",
                4: "wrong usage, or OLD and NEW are no reports of one product",
            },
            ("reportconformance diff monday/results.json conformance/example", "show what changed since Monday"),
            (
                "reportconformance diff old new --accept-new-deviations --format json",
                "compare after an upgrade, for a program",
            ),
        ),
    )
    parser.add_argument("old", type=Path, metavar="OLD", help="read the earlier report: its folder or its results.json")
    parser.add_argument("new", type=Path, metavar="NEW", help="read the later report: its folder or its results.json")
    parser.add_argument(
        "--accept-deviations", action="store_true", help="accept known deviations that OLD had in other requirements"
    )
    parser.add_argument(
        "--accept-new-deviations", action="store_true", help="accept known deviations that OLD did not have as well"
    )
    add_format(parser, diff.FORMATS)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print what changed; 1 if a requirement is worse than before."""
    try:
        old, new = Stored.read(options.old).record, Stored.read(options.new).record
    except NotAReport as error:
        print(visible(f"diff: {error}"), file=sys.stderr)
        return ExitCode.USAGE
    try:
        return _compared(options, old, new)
    except MALFORMED as error:
        print(visible(f"diff: not records of this suite: {error!r}"), file=sys.stderr)
        return ExitCode.USAGE


def _compared(options: argparse.Namespace, old: dict[str, Any], new: dict[str, Any]) -> int:
    before, target = baseline.summary(old), new["target"]
    if (why := baseline.incomparable(before, target["api"], target["product"])) is not None:
        print(visible(f"diff: {options.old}: {why} of {options.new}: name two reports of one product"), file=sys.stderr)
        return ExitCode.USAGE
    accepted = comparison.accepts(
        accept_deviations=options.accept_deviations, accept_new_deviations=options.accept_new_deviations
    )
    found = comparison.as_json(comparison.compare(before, new, accepted))
    print(diff.FORMATS[options.format](found))
    return ExitCode.FAILED if found["worse"] else ExitCode.OK
