"""`reportconformance board`: a static site over the reports of many targets, editions and versions."""

from __future__ import annotations

import argparse
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from pytest_reportconformance.cli import add_runs, manual
from pytest_reportconformance.judging.exit_codes import ExitCode
from pytest_reportconformance.report import runs
from pytest_reportconformance.report.stored import NotAReport
from pytest_reportconformance.transcript.parsing import visible

INDEX = "index.html"


def add(commands: Any) -> None:
    """Add the subcommand."""
    parser = commands.add_parser(
        "board",
        help="build a static site of many targets and versions: requirement by target, deviations, badges",
        description="Build a static site of many targets, editions and versions: which requirement holds on which "
        "target, how known deviations change across versions, and a badge and a page for each target. It opens from "
        "disk, and needs the extra html. docs/history-and-board.md describes it (reportconformance docs "
        "history-and-board).",
        **manual(
            {0: "the site is written", 4: "wrong usage, no report in DIR, or the folder of --out has other files"},
            ("reportconformance board reports --out site", "build a site of every report in and below reports/"),
            (
                "reportconformance board nightly/*/results.json --out public/board",
                "build it from the reports of a nightly job",
            ),
        ),
    )
    add_runs(parser)
    says = "write the site into this folder; an earlier board there is replaced"
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help=says)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write the site, and print the path of its first page."""
    if find_spec("jinja2") is None:
        return _fault("it needs an extra: pip install 'pytest-reportconformance[html]'")
    from pytest_reportconformance.report.board import site

    try:
        site.require_room(options.out)
        site.write(site.files(site.apis(runs.find(options.paths))), options.out)
    except (NotAReport, site.NotABoard, OSError) as error:
        return _fault(str(error))
    print(options.out / INDEX)
    return ExitCode.OK


def _fault(text: str) -> int:
    print(visible(f"board: {text}"), file=sys.stderr)
    return ExitCode.USAGE
