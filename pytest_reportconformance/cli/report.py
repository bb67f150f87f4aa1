"""`reportconformance report`: renders a conformance report again, without the server."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from pytest_reportconformance.cli import add_folder, add_format, manual
from pytest_reportconformance.judging.exit_codes import ExitCode
from pytest_reportconformance.report import renderings
from pytest_reportconformance.report.renderings import FORMATS, NotAvailable
from pytest_reportconformance.report.stored import MALFORMED, NotAReport, Stored
from pytest_reportconformance.transcript.parsing import visible


def add(commands: Any) -> None:
    """Add the subcommand."""
    parser = commands.add_parser(
        "report",
        help="render a conformance report again: HTML, Markdown, JUnit, CTRF, EARL, HAR, …",
        description="Render a conformance report again, from its record and transcripts, without the server.",
        **manual(
            {
                0: "the file is written",
                4: "wrong usage, DIR is no conformance report, or the format needs an extra that is not installed",
            },
            ("reportconformance report conformance/example", "write report.html again"),
            ("reportconformance report conformance/example --format junit -o junit.xml", "write a JUnit file"),
            ("reportconformance report conformance/example --format csv -o -", "print a table"),
        ),
    )
    add_folder(parser)
    add_format(parser, FORMATS, "html")
    files = ", ".join(f"{name}: {one.file}" for name, one in FORMATS.items())
    parser.add_argument(
        "-o", "--output", metavar="FILE", help=f"write to this file; '-': standard output (default: in DIR; {files})"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write the rendering and print its path."""
    try:
        stored = Stored.read(options.folder)
        if options.output == "-":
            sys.stdout.writelines(renderings.render(options.format, stored))
            return ExitCode.OK
        path = Path(options.output) if options.output else stored.folder / FORMATS[options.format].file
        renderings.write(options.format, stored, path)
    except (NotAReport, NotAvailable, *MALFORMED) as error:
        print(visible(f"report: {error}"), file=sys.stderr)
        return ExitCode.USAGE
    print(path)
    return ExitCode.OK
