"""Reading targets: from a target.toml, or from a URL and the environment.

Rule: strict. Every fault is a TargetError that names the file, the key, what was found and what is allowed.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from math import inf
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pytest_reportconformance.api import Purpose
from pytest_reportconformance.register import apis, register, strict_toml
from pytest_reportconformance.register.strict_toml import Table, choices, type_name
from pytest_reportconformance.secrets.secret import REFERENCES, Secret, resolve
from pytest_reportconformance.target import schemes, vocabulary
from pytest_reportconformance.target.scheme import Scheme
from pytest_reportconformance.target.target import (
    IDENTITIES,
    YES,
    Identity,
    Limits,
    Provision,
    Target,
    TargetError,
    is_loopback,
)

PEM = {
    "ca_bundle": "PEM certificates",
    "cert": "a PEM certificate",
    "key": "the PEM key of the certificate",
}
"""The files that the keys of `[target]` name."""


def from_url(url: str, api: str, environment: Mapping[str, str] = os.environ) -> Target:
    """A target from a bare URL; credentials from `RC_OWNER_USERNAME`, …, consent from `RC_DISPOSABLE`.

    Raises TargetError.
    """
    table = Table("--target", "", {"url": url}, TargetError)
    checked = _url(table)
    identities = {}
    for role in IDENTITIES:
        prefix = f"RC_{role.upper()}_"
        values = {key[len(prefix) :].lower(): text for key, text in environment.items() if key.startswith(prefix)}
        if values:
            identities[role] = _identity(Table("environment", f"RC_{role.upper()}_…", values, TargetError), role, None)
    return Target(
        api=api,
        url=checked,
        name=_slug(urlsplit(checked).netloc),
        identities=identities,
        limits=_limits(None, api, checked),
        described=False,
        disposable=environment.get("RC_DISPOSABLE", "").lower() in YES,
    )


def read(path: Path) -> Target:
    """A target from a target.toml. Raises TargetError."""
    return parse(strict_toml.parse(path, path.name, TargetError), path.parent)


def parse(table: Table, folder: Path) -> Target:
    """A target from the table of a target.toml; `file:` and relative paths are relative to `folder`."""
    table.only("target", "identities", "reports", "limits", "absent", "waivers", "provision")
    head = table.table("target")
    head.only(
        "api",
        "url",
        "name",
        "disposable",
        "product",
        "version",
        "edition",
        "ca_bundle",
        "cert",
        "key",
        "headers",
        "query",
        "live_hosts",
        "expendable",
    )
    api = head.text("api", apis.names())
    url = _url(head)
    return Target(
        api=api,
        url=url,
        name=_name(head, url),
        identities=_identities(_sub(table, "identities"), url, folder),
        reports=_reports(_sub(table, "reports"), api),
        limits=_limits(_sub(table, "limits"), api, url),
        absent=_absent(_sub(table, "absent"), api),
        waivers=_sub(table, "waivers"),
        provision=_provision(_sub(table, "provision")),
        disposable=head.flag("disposable", False),
        product=head.optional("product"),
        version=head.optional("version"),
        edition=head.optional("edition"),
        ca_bundle=_file(head, "ca_bundle", folder),
        cert=_file(head, "cert", folder),
        key=_file(head, "key", folder),
        headers=_texts(head, "headers", folder),
        query=_texts(head, "query", folder),
        live_hosts=head.items("live_hosts", str),
        expendable=head.items("expendable", str),
    )


def _sub(table: Table, name: str) -> Table | None:
    return table.table(name) if name in table.values else None


def _url(table: Table) -> str:
    url = table.text("url")
    try:
        parts = urlsplit(url)
        whole = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        whole = whole and not (parts.query or parts.fragment or parts.username or any(map(str.isspace, url)))
    except ValueError:
        whole = False
    if not whole:
        table.refuse("url", url, "http(s)://host[:port][/path] without user, query and fragment")
    return url.rstrip("/")


def _name(head: Table, url: str) -> str:
    name = head.optional("name") or urlsplit(url).netloc
    return _slug(name)


def _slug(name: str) -> str:
    kept = "".join(char if char.isalnum() or char in "._-" else "-" for char in name).strip(".")
    return kept or "target"


def _file(head: Table, key: str, folder: Path) -> str | None:
    found = head.optional(key)
    if found is None:
        return None
    if key == "key" and "cert" not in head.values:
        head.refuse("cert", None, "the certificate of the key, a PEM file relative to target.toml")
    if not (folder / found).is_file():
        head.refuse(key, found, f"an existing file of {PEM[key]}, relative to target.toml")
    return str(folder / found)


def _texts(head: Table, name: str, folder: Path) -> dict[str, str | Secret]:
    """Constant header fields or query arguments; what a reference resolves to is a secret."""
    table = _sub(head, name)
    found: dict[str, str | Secret] = {}
    for key in table.values if table is not None else ():
        assert table is not None
        text = table.text(key)
        value = _revealed(table, key, text, folder)
        if any(char in value for char in "\r\n\0"):
            table.refuse(key, "a value of several lines", "a value on one line")
        found[key] = vocabulary.secret(key, value, referenced=text.startswith(REFERENCES))
    return found


def _identities(table: Table | None, url: str, folder: Path) -> dict[str, Identity]:
    if table is None:
        return {}
    table.only(*IDENTITIES)
    literal = folder if is_loopback(url) else None
    return {role: _identity(table.table(role), role, folder, literal is not None) for role in table.values}


def _identity(table: Table, role: str, folder: Path | None, literal: bool = True) -> Identity:
    auth = table.text("auth", schemes.names()) if "auth" in table.values else schemes.guessed(table.values)
    scheme = schemes.find(auth)
    table.only("auth", *scheme.keys)
    values: dict[str, str | Secret] = {}
    for key in table.values:
        if key == "auth":
            continue
        text = table.text(key)
        if folder is not None:
            if key in scheme.secrets and not literal and not text.startswith(REFERENCES):
                allowed = "env:NAME, file:PATH or ask:WHAT (a literal only for a loopback host)"
                table.refuse(key, "a literal secret", allowed)
            text = _revealed(table, key, text, folder)
            text = str(folder / os.path.expanduser(text)) if key in scheme.files else text
        values[key] = _value(scheme, table, key, text)
    for key in scheme.needs(table.values):
        table.text(key)
    return Identity(role, auth, values)


def _value(scheme: Scheme, table: Table, key: str, text: str) -> str | Secret:
    if key in scheme.values and text not in scheme.values[key]:
        table.refuse(key, text, choices(text, scheme.values[key]))
    public = scheme.account is not None and text == table.values.get(scheme.account)
    return Secret(text, public=public) if key in scheme.secrets else text


def _revealed(table: Table, key: str, text: str, folder: Path) -> str:
    try:
        return resolve(text, folder)
    except LookupError as error:
        allowed = f"env:NAME of a set variable, file:PATH of a readable file, or ask:WHAT ({error})"
        table.refuse(key, text, allowed)


def _reports(table: Table | None, api: str) -> dict[str, Mapping[str, Any]]:
    if table is None:
        return {}
    purposes = apis.load(api).purposes
    table.only(*purposes)
    return {name: _report(table.table(name), purposes[name]) for name in table.values}


def _report(table: Table, purpose: Purpose) -> dict[str, Any]:
    table.only(*purpose.keys)
    facts = {name: key.default for name, key in purpose.keys.items() if key.default is not None}
    for name, key in purpose.keys.items():
        if name not in table.values:
            if key.required:
                table.refuse(name, None, f"{type_name(key.kind)}: {key.says}")
            continue
        value = table.values[name]
        if not _fits(value, key.kind) or (key.fits is not None and not key.fits(value)):
            table.refuse(name, value, f"{type_name(key.kind)}: {key.says}")
        facts[name] = value
    return facts


def _fits(value: Any, kind: type) -> bool:
    if isinstance(value, bool):
        return kind is bool
    return isinstance(value, int | float) if kind is float else isinstance(value, kind)


def _limits(table: Table | None, api: str, url: str) -> Limits:
    values: dict[str, Any] = {
        "deadline_seconds": apis.load(api).deadline_seconds,
        "run_seconds": apis.load(api).run_seconds,
    }
    if not is_loopback(url):
        values["requests_per_minute"] = 600
    if table is not None:
        table.only(*Limits.__dataclass_fields__)
        for name, value in table.values.items():
            whole = name in ("requests_in_flight", "requests_per_minute", "body_bytes")
            if not _fits(value, int if whole else float) or not 0 < value < inf:
                table.refuse(name, value, "an integer above 0" if whole else "a number of seconds above 0")
            values[name] = value
    return Limits(**values)


def _absent(table: Table | None, api: str) -> dict[str, str]:
    if table is None:
        return {}
    known = register.load(api)
    for pattern in table.values:
        if not known.match(pattern):
            table.refuse("id", pattern, "an ID, or a glob that matches IDs, of " + choices(pattern, known.requirements))
    return {pattern: table.text(pattern) for pattern in table.values}


def _provision(table: Table | None) -> Provision:
    if table is None:
        return Provision()
    table.only(*Provision.__dataclass_fields__)
    enabled = table.flag("enabled") if "enabled" in table.values else None
    parent = table.optional("parent") or "/"
    if not parent.startswith("/"):
        table.refuse("parent", parent, "a repository folder that starts with /")
    made = _sub(table, "made")
    kinds = {} if made is None else {kind: made.items(kind, str) for kind in made.values}
    return Provision(enabled, parent.rstrip("/") or "/", table.flag("admin", True), kinds)
