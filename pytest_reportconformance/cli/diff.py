"""`reportconformance diff`: prints what changed between two conformance reports."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from pytest_reportconformance.cli import add_format
from pytest_reportconformance.judging.exit_codes import ExitCode
from pytest_reportconformance.report import diff
from pytest_reportconformance.report.stored import MALFORMED, NotAReport, Stored
from pytest_reportconformance.transcript.parsing import visible


def add(commands: Any) -> None:
    """Add the subcommand."""
    parser = commands.add_parser(
        "diff", help="print what changed between two conformance reports; exit 1 on regressions"
    )
    parser.add_argument("old", type=Path, metavar="OLD", help="read the earlier report: its folder or its results.json")
    parser.add_argument("new", type=Path, metavar="NEW", help="read the later report: its folder or its results.json")
    add_format(parser, diff.FORMATS)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the changes; 1 if a requirement fails or is inconclusive that was neither before."""
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
    apis = old["target"]["api"], new["target"]["api"]
    if apis[0] != apis[1]:
        print(f"diff: OLD is a report of {apis[0]} and NEW of {apis[1]}: name two of one API", file=sys.stderr)
        return ExitCode.USAGE
    changes = diff.compare(old, new)
    print(diff.FORMATS[options.format](changes))
    return ExitCode.FAILED if changes.worse else ExitCode.OK
