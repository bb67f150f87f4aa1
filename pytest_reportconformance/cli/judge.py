"""`reportconformance judge`: runs the checks again over stored transcripts, without the server."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from dataclasses import asdict
from typing import Any

from pytest_reportconformance.cli import add_folder, add_format, manual
from pytest_reportconformance.judging.exit_codes import ExitCode
from pytest_reportconformance.report import rejudge
from pytest_reportconformance.report.rejudge import Again
from pytest_reportconformance.report.stored import NotAReport, Stored
from pytest_reportconformance.transcript import strict_json
from pytest_reportconformance.transcript.parsing import visible


def add(commands: Any) -> None:
    """Add the subcommand."""
    parser = commands.add_parser(
        "judge",
        help="judge the transcripts of a conformance report again, without a server",
        description="Judge the transcripts of a conformance report again, without a server: print the verdict, and "
        "each outcome that differs from the record. docs/outcomes.md explains them (reportconformance docs "
        "outcomes).",
        **manual(
            {
                0: "conformant, conformant with known deviations, or partial without a failure",
                1: "not conformant",
                4: "wrong usage, or DIR is no report that can be judged",
                6: "incomplete: a MUST requirement could not be judged",
                7: "the run did not reach its target, or the suite failed",
            },
            (
                "reportconformance judge conformance/example",
                "run the checks of this version over the transcripts of a run",
            ),
        ),
    )
    add_folder(parser)
    add_format(parser, ("text", "json"))
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the verdict and the differences from the record; return the exit code of the verdict."""
    try:
        stored = Stored.read(options.folder)
        again = rejudge.judge(stored)
    except NotAReport as error:
        print(visible(f"judge: {error}"), file=sys.stderr)
        return ExitCode.USAGE
    if (fault := rejudge.unjudgeable(stored, again)) is not None:
        print(visible(f"judge: {options.folder}: {fault}"), file=sys.stderr)
        return ExitCode.USAGE
    print(_json(again) if options.format == "json" else text(again))
    return again.verdict.exit_code


def text(again: Again) -> str:
    """The result of judging again, for a terminal."""
    counts = Counter(one.outcome for one in again.judgements)
    lines = [f"{again.verdict.name}: {again.verdict.says}"]
    lines += [f"  {count:4} {outcome}" for outcome, count in counts.most_common()]
    for one in again.differences:
        lines.append(f"{one.requirement} {one.check}: recorded {one.recorded or 'not'}, judged {one.judged or 'not'}")
    lines.append(f"{len(again.differences)} outcomes differ from the record")
    return visible("\n".join(lines))


def _json(again: Again) -> str:
    return strict_json.dumps(asdict(again), indent=1)
