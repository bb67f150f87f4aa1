"""Users and reports that stay on a target until they are removed: created, listed in a target.toml, removed.

Rule: the target.toml is the only list of what was created, so it is written before the ledger is closed.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from pytest_reportconformance.cleanup.ledger import Entry
from pytest_reportconformance.run.run import Run, RunSettings
from pytest_reportconformance.target import toml_writer
from pytest_reportconformance.target.target import Identity, Limits, Provision, Target

COMMENT = """Written by `reportconformance provision`, which also created the users and reports that it describes.
`reportconformance deprovision {name}` removes them from the server."""
FACTS = (
    *("api", "url", "name", "disposable", "product", "version", "edition"),
    *("ca_bundle", "cert", "key", "headers", "query", "live_hosts", "expendable"),
)

Say = Callable[[str], None]


@contextmanager
def _run(target: Target, say: Say) -> Iterator[Run]:
    """A run that plays nothing; at its end, everything that it created and did not keep is removed."""
    with (
        tempfile.TemporaryDirectory(prefix="reportconformance-") as folder,
        Run.prepared(RunSettings(target, Path(folder), say=say)) as run,
    ):
        yield run


def make(target: Target, path: Path, say: Say) -> Target:
    """Create users and reports, and write the target.toml that describes them. Raises Unreachable.

    The command is the consent. On any error nothing is left.
    """
    asked = replace(target, disposable=True, reports={}, provision=replace(target.provision, enabled=True))
    with _run(asked, say) as run:
        ours = {
            role: identity
            for role, identity in run.target.identities.items()
            if identity is not target.identities.get(role)
        }
        made = {kind: tuple(one.id or "" for one in run.created if one.kind == kind) for kind in kinds(run.created)}
        found = replace(run.target, identities=ours, provision=Provision(enabled=False, made=made))
        write(path, found)
        run.preparation.keep()
    return found


def kinds(made: list[Entry]) -> list[str]:
    """The kinds of what was created, in the order of creation."""
    return list(dict.fromkeys(entry.kind for entry in made))


def write(path: Path, target: Target) -> None:
    """Write a target.toml, and the passwords of its identities into files beside it that only their owner may read."""
    facts = {name: getattr(target, name) for name in FACTS}
    tables = [toml_writer.table("target", _declared(facts), COMMENT.format(name=path.name))]
    for role, identity in target.identities.items():
        tables.append(toml_writer.table(f"identities.{role}", _credentials(path, role, identity)))
    tables += [toml_writer.table(f"reports.{purpose}", facts) for purpose, facts in target.reports.items()]
    own = {name: value for name, value in asdict(target.limits).items() if value != getattr(Limits(), name)}
    tables += [toml_writer.table("limits", own)] if own else []
    made = {kind: list(ids) for kind, ids in target.provision.made.items()}
    tables.append(toml_writer.table("provision", {"enabled": False, "made": made}))
    path.write_text("\n".join(tables), encoding="utf-8")


def _declared(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if value}


def _credentials(path: Path, role: str, identity: Identity) -> dict[str, str]:
    secret = secret_file(path, role)
    descriptor = os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.fchmod(descriptor, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(identity.value("password") + "\n")
    return {"auth": "basic", "username": identity.value("username"), "password": f"file:{secret.name}"}


def secret_file(path: Path, role: str) -> Path:
    """The password file of an identity, beside the target.toml at `path`."""
    return path.with_name(f"{path.stem}.{role}.password")


def remove(target: Target, path: Path, admin: Identity, say: Say) -> list[str]:
    """Remove what a target.toml lists as created, then its password files; returns what is left. Raises Unreachable."""
    asked = replace(target, identities={admin.name: admin}, provision=Provision(enabled=False))
    with _run(asked, say) as run:
        run.preparation.take(target.provision.made, admin.name)
        left = run.preparation.remove() + [f"{entry.kind} {entry.id}: {entry.why}" for entry in run.created]
    if not left:
        for role in target.identities:
            secret_file(path, role).unlink(missing_ok=True)
    return left
