"""`reportconformance doctor`: whether a target is ready to be judged, and what a run will cost."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from pytest_reportconformance.judging.exit_codes import ExitCode
from pytest_reportconformance.run import prompts
from pytest_reportconformance.run.doctor import Diagnosis, diagnose
from pytest_reportconformance.run.target_argument import choose
from pytest_reportconformance.target.target import TargetError
from pytest_reportconformance.transcript.parsing import visible

SIGNS = {"good": "ok", "note": "note", "untested": "untested", "wrong": "wrong", "unreachable": "no answer"}
READY = {
    ExitCode.OK: "ready: nothing will be untested",
    ExitCode.USAGE: "not ready: the target is not as described",
    ExitCode.INCOMPLETE: "ready, with something left untested",
    ExitCode.ERROR: "not ready: the target does not answer",
}


def add(commands: Any) -> None:
    """Add the subcommand."""
    parser = commands.add_parser(
        "doctor",
        help="say whether a target is ready to be judged, and what a run will cost",
        description="Asks the target who and what it is, looks whether everybody signs on and is who they should be, "
        "makes one tiny run, and rehearses the suite on the reference server to tell what will be untested. Exit "
        "codes: 0 ready, 4 the target is not as described, 6 a MUST will be untested, 7 no answer.",
    )
    parser.add_argument("target", metavar="TARGET", help="target.toml, URL, embedded or embedded:<api>")
    parser.add_argument("--target-api", metavar="API", help="which API a URL serves (default: found out by asking)")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="how to print it (default: text)")
    parser.add_argument("--no-rehearsal", action="store_true", help="do not rehearse, which takes some ten seconds")
    parser.add_argument("--live", action="store_true", help="the target may be a host of the vendor's own service")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Examine each target; the worst exit code."""
    try:
        choice = choose(options.target, options.target_api, live=options.live)
        try:
            targets = [prompts.completed(target) for target in choice.targets]
            found = [diagnose(target, rehearsed=not options.no_rehearsal) for target in targets]
        finally:
            choice.close()
    except TargetError as error:
        print(visible(f"doctor: {error}"), file=sys.stderr)
        return ExitCode.USAGE
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
        lines.append(visible(f"  {SIGNS[finding.word]:9}  {finding.about}: {finding.says}"))
        if finding.advice:
            lines.append(visible(f"             → {finding.advice}"))
    ready = "ready, as far as could be seen" if not found.exit_code and not found.rehearsal else READY[found.exit_code]
    return "\n".join([*lines, ready])
