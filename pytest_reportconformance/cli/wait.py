"""`reportconformance wait`: waits until a server that was just started can be certified."""

from __future__ import annotations

import argparse
import sys
from math import inf
from typing import Any

from pytest_reportconformance.cli import add_live, add_target, add_target_api, manual
from pytest_reportconformance.judging.exit_codes import ExitCode
from pytest_reportconformance.run.recognition import exit_code
from pytest_reportconformance.run.target_argument import is_embedded
from pytest_reportconformance.run.waiting import Wait
from pytest_reportconformance.target.target import TargetError
from pytest_reportconformance.transcript.parsing import visible


def add(commands: Any) -> None:
    """Add the subcommand."""
    parser = commands.add_parser(
        "wait",
        help="wait until a server answers as one of the APIs",
        description="Ask a server that was just started until it is recognized as a run recognizes its target.",
        **manual(
            {
                0: "the server is ready",
                4: "wrong usage, or what answered last is no server of an API or refuses the credentials",
                7: "nothing answers, or the suite failed",
            },
            ("reportconformance wait http://127.0.0.1:8080 --seconds 900", "wait at most 15 minutes"),
            (
                "reportconformance wait target.toml && pytest --target target.toml",
                "certify as soon as the server is ready",
            ),
        ),
    )
    add_target(parser)
    parser.add_argument("--seconds", type=_seconds, default=600.0, help="wait at most this long (default: 600)")
    add_target_api(parser)
    add_live(parser)
    parser.set_defaults(run=run)


def _seconds(text: str) -> float:
    """A number of seconds above 0."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < inf:
        raise argparse.ArgumentTypeError(f"found {text!r}; allowed: a number of seconds above 0")
    return seconds


def run(options: argparse.Namespace) -> int:
    """Wait; return the exit code."""
    if is_embedded(options.target):
        print(f"{options.target} is started by the run itself: nothing to wait for")
        return ExitCode.OK
    try:
        wait = Wait(options.target, options.target_api, options.seconds, _say, live=options.live)
        found = wait.until_ready()
    except TargetError as error:
        print(visible(f"wait: {error}"), file=sys.stderr)
        return exit_code(error)
    _say(f"{found.url} is ready after {wait.passed:.0f} s: {found.how}")
    return ExitCode.OK


def _say(line: str) -> None:
    print(visible(line), flush=True)
