"""`reportconformance init`: writes a commented target.toml for a server."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pytest_reportconformance.api import Purpose
from pytest_reportconformance.cli import add_live, add_target_api, manual
from pytest_reportconformance.cli.doctor import text
from pytest_reportconformance.judging.exit_codes import ExitCode
from pytest_reportconformance.register import apis
from pytest_reportconformance.run import prompts
from pytest_reportconformance.run.doctor import Diagnosis, diagnose
from pytest_reportconformance.run.recognition import exit_code
from pytest_reportconformance.run.target_argument import choose
from pytest_reportconformance.target import schemes, toml_writer
from pytest_reportconformance.target.target import (
    IDENTITIES,
    Identity,
    Target,
    TargetError,
    is_loopback,
)
from pytest_reportconformance.transcript.parsing import visible

ROLES = {
    "owner": "starts runs and reads them",
    "other_user": "another regular user, who may not access them",
    "child_user": "a regular user of a child organization of the owner's organization",
    "unscoped": "signs in, but lacks the right to run anything",
    "admin": "an administrator of the owner's organization",
    "other_admin": "an administrator of another organization",
    "superuser": "an administrator of everything",
}


def add(commands: Any) -> None:
    """Add the subcommand."""
    parser = commands.add_parser(
        "init",
        help="write a commented target.toml for a server",
        description="Examine a server as doctor does, and write a target.toml with what was found; what can be added "
        "is written as comments. Secrets are not written: they stay in the environment. docs/target-toml.md "
        "describes every key (reportconformance docs target-toml).",
        **manual(
            {
                0: "the file is written",
                4: "wrong usage, the file exists already, or the server is of no known API",
                7: "the server is unreachable, or the suite failed",
            },
            ("reportconformance init https://reports.example", "write target.toml"),
            ("reportconformance init http://127.0.0.1:9101 local.toml", "write local.toml"),
        ),
    )
    parser.add_argument(
        "url", metavar="URL", help="examine the server at this base URL; credentials come from RC_OWNER_USERNAME, …"
    )
    parser.add_argument(
        "file",
        nargs="?",
        type=Path,
        default=Path("target.toml"),
        metavar="FILE",
        help="write this file (default: target.toml)",
    )
    add_target_api(parser)
    add_live(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Examine and write; return the exit code."""
    try:
        found = diagnose(_target(options), rehearsed=False)
    except TargetError as error:
        print(visible(f"init: {error}"), file=sys.stderr)
        return exit_code(error)
    print(text(found), file=sys.stderr)
    if any(finding.word == "unreachable" for finding in found.findings):
        return ExitCode.ERROR
    if any(finding.about == "api" and finding.word == "wrong" for finding in found.findings):
        return ExitCode.USAGE
    options.file.write_text("\n".join(_tables(found)), encoding="utf-8")
    print(f"wrote {options.file}; review it, then run: reportconformance doctor {options.file}")
    return ExitCode.OK


def _target(options: argparse.Namespace) -> Target:
    if options.file.exists():
        raise TargetError(f"FILE: {str(options.file)!r} exists already: name a new file")
    if not options.url.startswith(("http://", "https://")):
        raise TargetError(f"URL: found {options.url!r}; allowed: http(s)://host[:port][/path]")
    return prompts.completed(choose(options.url, options.target_api, live=options.live).targets[0])


def _tables(found: Diagnosis) -> Iterator[str]:
    """The tables of the target.toml; tables whose values are unknown are comments."""
    target, api = found.target, apis.load(found.target.api)
    yield _head(found)
    for role in IDENTITIES:
        identity = target.identities.get(role)
        if identity is not None and identity.values:
            yield toml_writer.table(f"identities.{role}", _credentials(role, identity), ROLES[role])
        else:
            yield _commented(toml_writer.table(f"identities.{role}", _example(role, found)), ROLES[role])
    if api.provisioner is not None:
        example = toml_writer.table("provision", {"enabled": True, "parent": target.provision.parent})
        says = "The suite creates its own users and reports if an admin is given and no report is named below."
        yield _commented(example, says)
    for name, purpose in api.purposes.items():
        yield _report(name, purpose, target)
    limits = {
        "requests_in_flight": target.limits.requests_in_flight,
        "requests_per_minute": target.limits.requests_per_minute or 600,
        "deadline_seconds": target.limits.deadline_seconds,
    }
    yield _commented(toml_writer.table("limits", limits), "Load limits. Remove the comment marks to change them.")
    yield _commented(
        toml_writer.table("absent", {f"{target.api}.example.*": "why this server does not offer it"}),
        "Features that this server does not offer, by ID or glob, each with a reason.",
    )


def _head(found: Diagnosis) -> str:
    target = found.target
    declared = {name: value for name in ("product", "version", "edition") if (value := getattr(target, name))}
    says = f"Written by `reportconformance init` from the answers of {target.url}."
    head = toml_writer.table("target", {"api": target.api, "url": target.url, "name": target.name, **declared}, says)
    if not apis.load(target.api).needs_consent or is_loopback(target.url):
        return head
    comment = "# Consent: the suite may run, cancel and delete reports there, and create users and reports.\n"
    return head + comment + ("disposable = true\n" if target.disposable else "# disposable = true\n")


def _credentials(role: str, identity: Identity) -> dict[str, str]:
    """Credentials as references: secrets stay in the environment or are prompted for."""
    values = {"auth": identity.auth}
    scheme = schemes.find(identity.auth)
    for key in [key for key in scheme.keys if key in identity.values]:
        name = f"RC_{role.upper()}_{key.upper()}"
        reference = f"env:{name}" if name in os.environ else f"ask:{key} of the {role}"
        values[key] = reference if key in scheme.secrets else identity.value(key)
    return values


def _example(role: str, found: Diagnosis) -> dict[str, str]:
    used = {identity.auth for identity in found.target.identities.values()}
    return schemes.example(role, used)


def _report(name: str, purpose: Purpose, target: Target) -> str:
    says = "\n".join([purpose.says, *(f"{key}: {one.says}" for key, one in purpose.keys.items())])
    facts = target.reports.get(name)
    if facts:
        return toml_writer.table(f"reports.{name}", facts, says)
    example: Mapping[str, Any] = {
        key: one.default if one.default is not None else f"/{name}"
        for key, one in purpose.keys.items()
        if one.required or one.default is not None
    }
    return _commented(toml_writer.table(f"reports.{name}", example), says)


def _commented(table: str, says: str) -> str:
    return "".join(f"# {line}\n" for line in [*says.splitlines(), *table.splitlines()])
