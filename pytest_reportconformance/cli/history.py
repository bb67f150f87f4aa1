"""`reportconformance history`: what many runs of one target found, one after the other."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from pytest_reportconformance.cli import add_format, add_runs, manual
from pytest_reportconformance.judging.exit_codes import ExitCode
from pytest_reportconformance.report import runs, writing
from pytest_reportconformance.report.history import drawing, table
from pytest_reportconformance.report.history.series import Series, as_json, series
from pytest_reportconformance.report.stored import NotAReport
from pytest_reportconformance.transcript import strict_json
from pytest_reportconformance.transcript.parsing import visible

FORMATS: dict[str, Callable[[Series, bool], str]] = {
    "text": lambda found, whole: "\n".join(table.lines(found, whole=whole)),
    "json": lambda found, _: strict_json.dumps(as_json(found), indent=1),
    "svg": lambda found, _: drawing.svg(found).rstrip("\n"),
}


def add(commands: Any) -> None:
    """Add the subcommand."""
    parser = commands.add_parser(
        "history",
        help="show many runs of one target over time: outcomes, duration, since when a failure stands, flaky",
        description="Show many runs of one target over time: outcomes, duration, since when each failure stands, and "
        "which requirements are flaky. docs/history-and-board.md explains it (reportconformance docs "
        "history-and-board).",
        **manual(
            {0: "printed", 4: "wrong usage, or there is no report of such a target"},
            ("reportconformance history nightly", "show the runs in and below nightly/"),
            (
                "reportconformance history nightly --target example --svg history.svg",
                "choose a target, and draw its history",
            ),
        ),
    )
    add_runs(parser)
    parser.add_argument("--target", metavar="NAME", help="choose the runs of the target of this name")
    parser.add_argument("--all", action="store_true", help="list known deviations that never changed as well")
    parser.add_argument("--svg", type=Path, metavar="FILE", help="draw outcomes and duration over time into this file")
    add_format(parser, FORMATS)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the history, and draw it."""
    try:
        found = series(_chosen(runs.find(options.paths), options.target))
        if options.svg is not None:
            writing.write(options.svg, drawing.svg(found))
    except (NotAReport, OSError) as error:
        print(visible(f"history: {error}"), file=sys.stderr)
        return ExitCode.USAGE
    print(FORMATS[options.format](found, options.all))
    return ExitCode.OK


def _chosen(found: Iterable[runs.Run], name: str | None) -> list[runs.Run]:
    """The runs of the target of a name; all without one. Raises NotAReport."""
    found = list(found)
    chosen = [run for run in found if name in (None, run.target.name)]
    if not chosen:
        names = ", ".join(sorted({run.target.name for run in found}))
        raise NotAReport(f"no run of a target named {name!r}; the reports name {names}")
    return chosen
