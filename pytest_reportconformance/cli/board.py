"""`reportconformance board`: a static site over the reports of many targets, editions and versions."""

from __future__ import annotations

import argparse
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from pytest_reportconformance.cli import add_runs
from pytest_reportconformance.judging.exit_codes import ExitCode
from pytest_reportconformance.report import runs
from pytest_reportconformance.report.stored import NotAReport
from pytest_reportconformance.transcript.parsing import visible

INDEX = "index.html"


def add(commands: Any) -> None:
    """Add the subcommand."""
    parser = commands.add_parser(
        "board", help="build a static site of many targets and versions: requirement by target, deviations, badges"
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
