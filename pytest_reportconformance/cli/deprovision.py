"""`reportconformance deprovision`: takes away what `provision` made."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from pytest_reportconformance.cli.provision import say
from pytest_reportconformance.judging.exit_codes import ExitCode
from pytest_reportconformance.register import apis
from pytest_reportconformance.run import prompts, provision
from pytest_reportconformance.run.run import Unreachable
from pytest_reportconformance.target.target import Identity, Target, TargetError
from pytest_reportconformance.target.toml import from_url, read
from pytest_reportconformance.transcript.parsing import visible


def add(commands: Any) -> None:
    """Add the subcommand."""
    parser = commands.add_parser(
        "deprovision",
        help="remove the people and reports that provision made",
        description="Removes from the server what the target.toml says was made, looks whether it is gone, and removes "
        "the password files beside it. An administrator's credentials come from RC_ADMIN_USERNAME and "
        "RC_ADMIN_PASSWORD, or are asked for at the terminal. Exit codes: 0 nothing is left, 1 something is, "
        "4 usage, 7 no answer.",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="the target.toml that provision wrote")
    parser.add_argument("-v", "--verbose", action="store_true", help="say what is about to be done, a line each")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Remove it all; its exit code."""
    try:
        target = _target(options.file)
        left = provision.remove(target, options.file, _admin(target), say(options))
    except TargetError as error:
        print(f"deprovision: {error}", file=sys.stderr)
        return ExitCode.USAGE
    except Unreachable as error:
        print(visible(f"deprovision: {error}"), file=sys.stderr)
        return ExitCode.ERROR
    for one in left:
        print(visible(f"left on {target.url}: {one}"))
    if not left:
        print(f"nothing is left on {target.url}; {options.file} describes nothing any more")
    return ExitCode.FAILED if left else ExitCode.OK


def _target(path: Path) -> Target:
    if not path.is_file():
        raise TargetError(f"FILE: found {str(path)!r}; allowed: a target.toml that exists")
    target = read(path)
    if not target.provision.made:
        raise TargetError(f"FILE: found {path} without provision.made; allowed: a target.toml that provision wrote")
    return target


def _admin(target: Target) -> Identity:
    """The administrator: of the environment, or as asked for at the terminal. Raises TargetError."""
    role = apis.load(target.api).asks_for or ""
    known = from_url(target.url, target.api).identities
    if role in known:
        return known[role]
    try:
        found = prompts.identity(role, target.url)
    except LookupError:
        found = None
    if found is None:
        name = f"RC_{role.upper()}"
        raise TargetError(f"environment: found no {role!r}; allowed: {name}_USERNAME and {name}_PASSWORD")
    return found
