"""`reportconformance plan`: estimates the requests and the time of a run, and sends nothing."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from typing import Any

from pytest_reportconformance.cli import add_format, add_target, add_target_api, manual
from pytest_reportconformance.judging import evaluate
from pytest_reportconformance.judging.exit_codes import ExitCode
from pytest_reportconformance.register import apis
from pytest_reportconformance.run.plan import Plan, estimate, lines
from pytest_reportconformance.run.recognition import exit_code
from pytest_reportconformance.run.target_argument import choose
from pytest_reportconformance.target.target import Target, TargetError


def add(commands: Any) -> None:
    """Add the subcommand."""
    parser = commands.add_parser(
        "plan",
        help="estimate the requests and the time of a run, and send nothing",
        description="Estimate the requests and the time of a complete run, from the scenarios and the limits in "
        "target.toml. To a target.toml nothing is sent; the API of a URL is detected by a request unless "
        "--target-api names it.",
        **manual(
            {
                0: "printed",
                4: "wrong usage, or a fault in target.toml",
                7: "the API of a URL cannot be detected because nothing answers, or the suite failed",
            },
            ("reportconformance plan target.toml", "estimate a complete run"),
            (
                "reportconformance plan target.toml --retry-after 30 --format json",
                "assume that the server asks for 30 seconds between polls",
            ),
        ),
    )
    add_target(parser)
    add_target_api(parser)
    parser.add_argument("--retry-after", type=float, metavar="SECONDS", help="assume this Retry-After of the target")
    add_format(parser, FORMATS)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the plan of a complete run."""
    try:
        choice = choose(options.target, options.target_api)
    except TargetError as error:
        print(f"plan: {error}", file=sys.stderr)
        return exit_code(error)
    try:
        plans = [of(target, options.retry_after) for target in choice.targets]
    finally:
        choice.close()
    print(FORMATS[options.format](plans))
    return ExitCode.OK


def of(target: Target, retry_after: float | None) -> Plan:
    """The plan of a complete run against a target."""
    needs = [need for check in evaluate.checks(target.api) for need in check.transcripts.values()]
    preparation = apis.load(target.api).preparation_cost(target)
    return estimate(target, apis.scenarios(target.api), needs, preparation, retry_after)


def _text(plans: Iterable[Plan]) -> str:
    return "\n\n".join("\n".join(lines(plan)) for plan in plans)


def _json(plans: Iterable[Plan]) -> str:
    return json.dumps([plan.values() for plan in plans], indent=1)


FORMATS = {"text": _text, "json": _json}
