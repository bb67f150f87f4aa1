"""`reportconformance cleanup`: removes what a run that was killed left on its target."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from pytest_reportconformance.cleanup import ledger
from pytest_reportconformance.cleanup.killed import Cleaning, clean, without_credentials
from pytest_reportconformance.cleanup.ledger import Busy
from pytest_reportconformance.http.client import Client
from pytest_reportconformance.judging.exit_codes import ExitCode
from pytest_reportconformance.register import apis
from pytest_reportconformance.run.target_argument import choose
from pytest_reportconformance.target.target import ANONYMOUS, Identity, Target, TargetError
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.parsing import visible


def add(commands: Any) -> None:
    """Add the subcommand."""
    parser = commands.add_parser(
        "cleanup",
        help="remove what a killed run left on its target",
        description="Removes what the run of a conformance report left on its target, with the session that made it, "
        "which is kept outside the report. Exit codes: 0 nothing is left, 1 something is, 4 usage, 7 no answer.",
    )
    parser.add_argument("folder", type=Path, metavar="DIR", help="the conformance report of the run")
    parser.add_argument("--target", metavar="X", help="target.toml or URL, where credentials are needed as well")
    parser.add_argument("--live", action="store_true", help="the target may be a host of the vendor's own service")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Clean up; its exit code."""
    report = str(options.folder.resolve())
    found = [(path, head) for path, head in ledger.kept() if head["report"] == report]
    if not found:
        print(f"nothing is left by a run that reports to {options.folder}")
        return ExitCode.OK
    try:
        return max(_clean(path, _target(options, path, head)) for path, head in found)
    except (TargetError, Busy) as error:
        print(f"cleanup: {error}", file=sys.stderr)
        return ExitCode.USAGE


def _target(options: argparse.Namespace, path: Path, head: dict[str, Any]) -> Target:
    if options.target is None:
        identities = (entry.identity for entry in ledger.read(path).entries)
        return without_credentials(head["api"], head["url"], identities)
    target = choose(options.target, head["api"], live=options.live).targets[0]
    if target.url != head["url"]:
        raise TargetError(f"--target: found {target.url}; allowed: the target of that run, {head['url']}")
    return target


def _clean(path: Path, target: Target) -> int:
    client = Client(target)
    try:
        answer = _probe(client)
        if answer.response is None:
            assert answer.error is not None
            print(f"cleanup: the target {target.url} does not answer: {answer.error.text}", file=sys.stderr)
            return ExitCode.ERROR
        return _say(clean(path, target, client), target)
    finally:
        client.close()


def _probe(client: Client) -> Exchange:
    return client.open(Identity(ANONYMOUS)).send("probe", apis.load(client.target.api).probe, urgent=True)


def _say(found: Cleaning, target: Target) -> int:
    print(f"{len(found.removed)} removed, {len(found.left)} left on {target.url}")
    for left in found.left:
        print(visible(f"  left: {left}"))
    return ExitCode.FAILED if found.left else ExitCode.OK
