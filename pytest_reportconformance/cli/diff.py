"""`reportconformance diff`: what changed between two conformance reports."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from pytest_reportconformance.judging.exit_codes import ExitCode
from pytest_reportconformance.report import diff
from pytest_reportconformance.report.stored import NotAReport, Stored


def add(commands: Any) -> None:
    """Add the subcommand."""
    parser = commands.add_parser("diff", help="say what changed between two conformance reports; 1 where it got worse")
    parser.add_argument("old", type=Path, metavar="OLD", help="folder with results.json, or the file itself")
    parser.add_argument("new", type=Path, metavar="NEW")
    parser.add_argument("--format", choices=diff.FORMATS, default="text")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the changes; 1 where a requirement fails or cannot be told that did and could before."""
    try:
        old, new = Stored.read(options.old).record, Stored.read(options.new).record
    except NotAReport as error:
        print(f"diff: {error}", file=sys.stderr)
        return ExitCode.USAGE
    apis = old["target"]["api"], new["target"]["api"]
    if apis[0] != apis[1]:
        print(f"diff: found reports of {apis[0]} and {apis[1]}; allowed: two reports of one API", file=sys.stderr)
        return ExitCode.USAGE
    changes = diff.compare(old, new)
    print(diff.FORMATS[options.format](changes))
    return ExitCode.FAILED if changes.worse else ExitCode.OK
