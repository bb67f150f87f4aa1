"""Asks for undeclared credentials at the terminal: user names and passwords must not be on a command line."""

from __future__ import annotations

from dataclasses import replace

from pytest_reportconformance.register import apis
from pytest_reportconformance.secrets import tty
from pytest_reportconformance.secrets.secret import Secret
from pytest_reportconformance.target.target import YES, Identity, Target


def identity(role: str, url: str) -> Identity | None:
    """An identity with the user name and password that are entered; None if the name is empty. Raises LookupError."""
    username = tty.line(f"user name of the {role} of {url} (empty for none): ")
    if not username:
        return None
    password = tty.hidden(f"password of {username}: ")
    return Identity(role, "basic", {"username": username, "password": Secret(password, public=password == username)})


def completed(target: Target) -> Target:
    """A bare URL without identities, with the identity that its API needs first; unchanged if none is entered."""
    role = apis.load(target.api).provisioner
    if target.described or target.identities or role is None:
        return target
    try:
        found = identity(role, target.url)
    except LookupError:
        return target
    if found is None:
        return target
    return replace(target, identities={role: found}, disposable=target.consents or _consents(target.url))


def _consents(url: str) -> bool:
    question = f"Create users and reports on {url}, which other users may notice, and remove them afterwards? [y/N] "
    return tty.line(question).lower() in (*YES, "y")
