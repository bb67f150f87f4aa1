"""`reportconformance provision`: people and reports for those who run the suite without administrator rights."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from pytest_reportconformance.judging.exit_codes import ExitCode
from pytest_reportconformance.register import apis
from pytest_reportconformance.run import prompts, provision
from pytest_reportconformance.run.run import Unreachable
from pytest_reportconformance.run.target_argument import choose
from pytest_reportconformance.target.target import Target, TargetError
from pytest_reportconformance.transcript.parsing import visible


def add(commands: Any) -> None:
    """Add the subcommand."""
    parser = commands.add_parser(
        "provision",
        help="make people and reports on a server, and the target.toml that describes them",
        description="Makes a folder of reports and two regular users with random names and passwords on a server, and "
        "writes the target.toml for them; each password goes into a file of its own that only you may read. An "
        "administrator's credentials come from RC_ADMIN_USERNAME and RC_ADMIN_PASSWORD, from the target.toml given as "
        "--target, or are asked for at the terminal. Exit codes: 0 made, 4 usage, 7 the server refused or is not "
        "there, and nothing is left.",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="the target.toml to write")
    parser.add_argument("--target", required=True, metavar="X", help="URL or target.toml of the server")
    parser.add_argument("--target-api", metavar="API", help="which API a URL serves (default: found out by asking)")
    parser.add_argument("--parent", metavar="FOLDER", help="repository folder to make the folder in (default: /)")
    parser.add_argument("--admin", action="store_true", help="make an administrator as well")
    parser.add_argument("--live", action="store_true", help="the target may be a host of the vendor's own service")
    parser.add_argument("-v", "--verbose", action="store_true", help="say what is about to be done, a line each")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Make it all; its exit code."""
    try:
        found = provision.make(_target(options), options.file, say(options))
    except TargetError as error:
        print(f"provision: {error}", file=sys.stderr)
        return ExitCode.USAGE
    except Unreachable as error:
        print(visible(f"provision: {error}"), file=sys.stderr)
        return ExitCode.ERROR
    identities = ", ".join(identity.value("username") for identity in found.identities.values())
    print(f"made on {found.url}: {len(found.reports)} reports; people: {identities}")
    print(f"run the suite:    pytest --target {options.file}")
    print(f"take them away:   reportconformance deprovision {options.file}")
    return ExitCode.OK


def _target(options: argparse.Namespace) -> Target:
    """The target that is meant, with an administrator. Raises TargetError."""
    if options.file.exists():
        raise TargetError(f"FILE: found {options.file}, which exists; allowed: a new file")
    target = prompts.completed(choose(options.target, options.target_api, live=options.live).targets[0])
    role = apis.load(target.api).asks_for
    if role is None:
        raise TargetError(f"--target: found {target.api}, to which nothing can be brought; allowed: another API")
    if role not in target.identities:
        raise TargetError(
            f"--target: found no {role!r}; allowed: RC_{role.upper()}_USERNAME and …_PASSWORD beside a URL"
        )
    settings = replace(target.provision, admin=options.admin)
    return replace(target, provision=settings if options.parent is None else replace(settings, parent=options.parent))


def say(options: argparse.Namespace) -> provision.Say:
    """What tells what is about to be done: standard error, where that is wanted."""
    return lambda text: print(visible(text), file=sys.stderr) if options.verbose else None
