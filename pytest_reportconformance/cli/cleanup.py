"""`reportconformance cleanup`: removes what a killed run left on its target."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from pytest_reportconformance.cleanup import ledger
from pytest_reportconformance.cleanup.killed import Cleaning, clean, without_credentials
from pytest_reportconformance.cleanup.ledger import Busy, Unreadable
from pytest_reportconformance.cli import add_live, manual
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
        description="Remove what a killed run left on its target. The session that started the work is used; it is "
        "stored outside the conformance report.",
        **manual(
            {
                0: "nothing is left on the target",
                1: "something is left",
                4: "wrong usage, or the credentials of the target are needed: name them with --target",
                7: "the target is unreachable, or the suite failed",
            },
            ("reportconformance cleanup conformance/example", "remove what the run that wrote this report left"),
            ("reportconformance cleanup conformance/example --target t.toml", "sign in with the credentials of t.toml"),
        ),
    )
    parser.add_argument("folder", type=Path, metavar="DIR", help="name the conformance report of the killed run")
    parser.add_argument("--target", metavar="X", help="read credentials from this target.toml, or use this URL")
    add_live(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Clean up; return the exit code."""
    report = str(options.folder.resolve())
    found = [(path, head) for path, head in ledger.kept(_warn) if head["report"] == report]
    if not found:
        print(f"nothing is left: no killed run has its report in {options.folder}")
        return ExitCode.OK
    try:
        return max(_clean(path, _target(options, path, head)) for path, head in found)
    except (TargetError, Busy, Unreadable, OSError) as error:
        print(f"cleanup: {error}", file=sys.stderr)
        return ExitCode.USAGE


def _warn(text: str) -> None:
    print(visible(f"cleanup: {text}"), file=sys.stderr)


def _target(options: argparse.Namespace, path: Path, head: dict[str, Any]) -> Target:
    if options.target is None:
        identities = (entry.identity for entry in ledger.read(path).entries)
        return without_credentials(head["api"], head["url"], identities)
    target = choose(options.target, head["api"], live=options.live).targets[0]
    if target.url != head["url"]:
        raise TargetError(f"--target: the killed run tested {head['url']}, not {target.url}: name that server")
    return target


def _clean(path: Path, target: Target) -> int:
    client = Client(target)
    try:
        answer = _probe(client)
        if answer.response is None:
            assert answer.error is not None
            print(f"cleanup: the target {target.url} is unreachable: {answer.error.text}", file=sys.stderr)
            return ExitCode.ERROR
        return _print(clean(path, target, client), target)
    finally:
        client.close()


def _probe(client: Client) -> Exchange:
    return client.open(Identity(ANONYMOUS)).send("probe", apis.load(client.target.api).probe, urgent=True)


def _print(found: Cleaning, target: Target) -> int:
    print(f"{len(found.removed)} removed, {len(found.left)} left on {target.url}")
    for left in found.left:
        print(visible(f"  left: {left}"))
    return ExitCode.FAILED if found.left else ExitCode.OK
