"""The target.toml of the reference server."""

from __future__ import annotations

import json
from typing import Any

from pytest_reportconformance.jasperserver.reference.identities import EXPENDABLE, Account
from pytest_reportconformance.jasperserver.reference.reports import Duration
from pytest_reportconformance.jasperserver.reference.resources import UNITS

ROLES = ("owner", "other_user", "child_user", "unscoped", "admin", "other_admin", "superuser")
SNAPSHOTS = {"snapshots": True, "parameters": {"label": ["a"]}, "changed": {"label": ["b"]}}


def facts(pace: Duration, *, snapshots: bool) -> dict[str, dict[str, Any]]:
    """The facts of each report that the target.toml declares; `snapshots` is whether data snapshots are enabled."""
    reports: dict[str, dict[str, Any]] = {name: {"uri": f"/reports/{name}"} for name in UNITS}
    reports["fast"] |= {"text": "FAST"}
    reports["multi"] |= {"pages": 7, "page_text": "PAGE-{page}-OF-7"}
    reports["slow"] |= {"seconds": pace.slow_seconds}
    reports["slowpages"] |= {"pages": 8, "seconds_per_page": pace.page_seconds, "page_text": "PAGE-{page}-OF-8"}
    reports["images"] |= {"charts": True}
    reports["bookmarks"] |= {"page_of": {"North": 1, "Oslo": 1, "Turku": 2, "South": 3, "Rome": 3, "Faro": 4}}
    reports["params"] |= {
        "valid": {"city": ["Rome"], "tags": ["a", "c"], "count": ["7"], "since": ["2020-01-02"], "flag": ["true"]},
        "invalid": {"count": ["x"]},
        "shows": ["city=Rome", "tags=[a;c]", "count=7", "since=2020-01-02", "flag=true"],
    }
    reports["runcounter"] |= {"varies": "RUN-[0-9a-f-]{36}"} | (SNAPSHOTS if snapshots else {})
    return reports


def toml(url: str, identities: dict[str, Account], reports: dict[str, dict[str, Any]], **further: str) -> str:
    """The text of the file; `further` goes into its table `target`."""
    expendable = {"expendable": list(EXPENDABLE)} if "owner" in identities else {}
    head = {"api": "jasperserver", "url": url, "name": "reference", "disposable": True}
    tables: dict[str, dict[str, Any]] = {"target": head | expendable | further}
    for role in ROLES:
        if role in identities:
            account = identities[role]
            tables[f"identities.{role}"] = {"auth": "basic", "username": account.username, "password": account.password}
    tables |= {f"reports.{purpose}": members for purpose, members in reports.items()}
    return "\n".join(_table(name, members) for name, members in tables.items())


def _table(name: str, members: dict[str, Any]) -> str:
    return f"[{name}]\n" + "".join(f"{key} = {_value(value)}\n" for key, value in members.items())


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_value(member)}" for key, member in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(_value(item) for item in value) + "]"
    return json.dumps(value)
