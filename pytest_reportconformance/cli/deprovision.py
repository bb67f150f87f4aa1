"""`reportconformance deprovision`: removes what `provision` created."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from pytest_reportconformance.cli import add_verbose, manual
from pytest_reportconformance.cli.provision import log
from pytest_reportconformance.judging.exit_codes import ExitCode
from pytest_reportconformance.register import apis
from pytest_reportconformance.run import prompts, provision
from pytest_reportconformance.run.preparation import Unreachable
from pytest_reportconformance.target.target import Identity, Target, TargetError
from pytest_reportconformance.target.toml import from_url, read
from pytest_reportconformance.transcript.parsing import visible


def add(commands: Any) -> None:
    """Add the subcommand."""
    parser = commands.add_parser(
        "deprovision",
        help="remove the users and reports that provision created",
        description="Remove the users and reports that the target.toml lists as created, verify that they are gone, "
        "and delete the password files beside it. The administrator's credentials are read from RC_ADMIN_USERNAME and "
        "RC_ADMIN_PASSWORD, or prompted for at the terminal.",
        **manual(
            {
                0: "nothing is left",
                1: "something is left on the server",
                4: "wrong usage, or the credentials of the administrator are missing",
                7: "the server is unreachable, or the suite failed",
            },
            (
                "reportconformance deprovision target.toml",
                'remove the users and reports that "provision target.toml" created',
            ),
        ),
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="read this target.toml, written by provision")
    add_verbose(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Remove everything; return the exit code."""
    try:
        target = _target(options.file)
        left = provision.remove(target, options.file, _admin(target), log(options))
    except TargetError as error:
        print(f"deprovision: {error}", file=sys.stderr)
        return ExitCode.USAGE
    except Unreachable as error:
        print(visible(f"deprovision: {error}"), file=sys.stderr)
        return ExitCode.ERROR
    for one in left:
        print(visible(f"left on {target.url}: {one}"))
    if not left:
        print(f"nothing is left on {target.url}; {options.file} is no longer of use")
    return ExitCode.FAILED if left else ExitCode.OK


def _target(path: Path) -> Target:
    if not path.is_file():
        raise TargetError(f"FILE: no such file: {str(path)!r}")
    target = read(path)
    if not target.provision.made:
        raise TargetError(f"FILE: {path} has no provision.made: name the target.toml that provision wrote")
    return target


def _admin(target: Target) -> Identity:
    """The administrator, from the environment or from a prompt at the terminal. Raises TargetError."""
    role = apis.load(target.api).provisioner or ""
    known = from_url(target.url, target.api).identities
    if role in known:
        return known[role]
    try:
        found = prompts.identity(role, target.url)
    except LookupError:
        found = None
    if found is None:
        name = f"RC_{role.upper()}"
        raise TargetError(f"no credentials of the {role}: set {name}_USERNAME and {name}_PASSWORD")
    return found
