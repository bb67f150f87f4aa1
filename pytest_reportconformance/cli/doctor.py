"""`reportconformance doctor`: checks whether a target is ready to be certified, and what a run will cost."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from pytest_reportconformance.cli import add_format, add_live, add_target, add_target_api, manual
from pytest_reportconformance.judging.exit_codes import ExitCode
from pytest_reportconformance.run import prompts
from pytest_reportconformance.run.doctor import Diagnosis, diagnose
from pytest_reportconformance.run.recognition import exit_code
from pytest_reportconformance.run.target_argument import choose
from pytest_reportconformance.target.target import TargetError
from pytest_reportconformance.transcript.parsing import visible

SIGNS = {"good": "ok", "note": "note", "untested": "untested", "wrong": "wrong", "unreachable": "unreachable"}
READY = {
    ExitCode.OK: "ready: every requirement can be tested",
    ExitCode.USAGE: "not ready: the target differs from its description",
    ExitCode.INCOMPLETE: "ready, but some requirements will be untested",
    ExitCode.ERROR: "not ready: the target is unreachable",
}


def add(commands: Any) -> None:
    """Add the subcommand."""
    parser = commands.add_parser(
        "doctor",
        help="check whether a target is ready to be certified, and what a run will cost",
        description="Identify the product, verify that each user can sign in with the expected role, run one small "
        "report, and rehearse the suite on the reference server to find what will be untested.",
        **manual(
            {
                0: "ready: every requirement can be tested",
                4: "wrong usage, or the target differs from its description",
                6: "ready, but a MUST requirement will be untested",
                7: "the target is unreachable, or the suite failed",
            },
            ("reportconformance doctor target.toml", "examine the server of a target.toml"),
            (
                "reportconformance doctor https://reports.example",
                "examine a server with the credentials of RC_OWNER_USERNAME, …",
            ),
            ("reportconformance doctor target.toml --no-rehearsal --format json", "examine it quickly, for a program"),
        ),
    )
    add_target(parser)
    add_target_api(parser)
    add_format(parser, ("text", "json"))
    parser.add_argument("--no-rehearsal", action="store_true", help="skip the rehearsal (about ten seconds)")
    add_live(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Examine each target; return the worst exit code."""
    try:
        choice = choose(options.target, options.target_api, live=options.live)
        try:
            targets = [prompts.completed(target) for target in choice.targets]
            found = [diagnose(target, rehearsed=not options.no_rehearsal) for target in targets]
        finally:
            choice.close()
    except TargetError as error:
        print(visible(f"doctor: {error}"), file=sys.stderr)
        return exit_code(error)
    if options.format == "json":
        records = [one.record() for one in found]
        print(json.dumps(records[0] if len(records) == 1 else records, indent=1, ensure_ascii=False))
    else:
        print("\n\n".join(text(one) for one in found))
    return max(one.exit_code for one in found)


def text(found: Diagnosis) -> str:
    """A diagnosis as lines."""
    lines = [f"{found.target.name} ({found.target.api}) at {found.target.url}"]
    for finding in found.findings:
        lines.append(visible(f"  {SIGNS[finding.word]:11}  {finding.about}: {finding.says}"))
        if finding.advice:
            lines.append(visible(f"               → {finding.advice}"))
    ready = "ready, as far as examined" if not found.exit_code and not found.rehearsal else READY[found.exit_code]
    return "\n".join([*lines, ready])
