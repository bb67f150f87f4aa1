"""`reportconformance provision`: creates users and reports for runs without administrator rights."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from pytest_reportconformance.cli import add_live, add_target_api, add_verbose, manual
from pytest_reportconformance.judging.exit_codes import ExitCode
from pytest_reportconformance.register import apis
from pytest_reportconformance.run import prompts, provision
from pytest_reportconformance.run.preparation import Unreachable
from pytest_reportconformance.run.recognition import exit_code
from pytest_reportconformance.run.target_argument import choose
from pytest_reportconformance.target.target import Target, TargetError
from pytest_reportconformance.transcript.parsing import visible


def add(commands: Any) -> None:
    """Add the subcommand."""
    parser = commands.add_parser(
        "provision",
        help="create users and reports on a server, and write a target.toml for them",
        description="Create a folder of reports and two regular users with random names and passwords on a server, and "
        "write a target.toml for them. Each password is stored in its own file, which only you can read. The "
        "administrator's credentials are read from RC_ADMIN_USERNAME and RC_ADMIN_PASSWORD or from the target.toml "
        "given as --target, or prompted for at the terminal.",
        **manual(
            {
                0: "created",
                4: "wrong usage, FILE exists already, or the credentials of the administrator are missing",
                7: "the server refused or is unreachable, and nothing is left there; or the suite failed",
            },
            (
                "reportconformance provision target.toml --target https://reports.example",
                "create reports and two users, and write target.toml",
            ),
            ("reportconformance deprovision target.toml", "remove them again"),
        ),
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="write this target.toml")
    parser.add_argument("--target", required=True, metavar="X", help="use this server: a URL or a target.toml")
    add_target_api(parser)
    parser.add_argument("--parent", metavar="FOLDER", help="create the folder in this repository folder (default: /)")
    parser.add_argument("--admin", action="store_true", help="create an administrator as well")
    add_live(parser)
    add_verbose(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Create everything; return the exit code."""
    try:
        found = provision.make(_target(options), options.file, log(options))
    except TargetError as error:
        print(f"provision: {error}", file=sys.stderr)
        return exit_code(error)
    except Unreachable as error:
        print(visible(f"provision: {error}"), file=sys.stderr)
        return ExitCode.ERROR
    identities = ", ".join(identity.value("username") for identity in found.identities.values())
    print(f"created on {found.url}: {len(found.reports)} reports; users: {identities}")
    print(f"run the suite:  pytest --target {options.file}")
    print(f"remove them:    reportconformance deprovision {options.file}")
    return ExitCode.OK


def _target(options: argparse.Namespace) -> Target:
    """The server, with an administrator. Raises TargetError."""
    if options.file.exists():
        raise TargetError(f"FILE: {str(options.file)!r} exists already: name a new file")
    target = prompts.completed(choose(options.target, options.target_api, live=options.live).targets[0])
    role = apis.load(target.api).provisioner
    if role is None:
        raise TargetError(f"--target: the suite cannot create users and reports on a server of {target.api}")
    if role not in target.identities:
        raise TargetError(
            f"--target: no credentials of the {role}: set RC_{role.upper()}_USERNAME and RC_{role.upper()}_PASSWORD"
        )
    settings = replace(target.provision, admin=options.admin)
    return replace(target, provision=settings if options.parent is None else replace(settings, parent=options.parent))


def log(options: argparse.Namespace) -> provision.Say:
    """Logs each action to standard error, if the option --verbose is given."""
    return lambda text: print(visible(text), file=sys.stderr) if options.verbose else None
