"""The description of the server for the suite: target.toml, and the credentials file for EdgeGrid."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from typing import Any

from pytest_reportconformance.akamai_reporting.reference.core import Core
from pytest_reportconformance.akamai_reporting.reference.identities import OBJECTS, OTHER_ACCOUNT, Identity


def toml_value(value: Any) -> str:
    """A value of TOML on one line."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {toml_value(item)}" for key, item in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(toml_value(item) for item in value) + "]"
    return json.dumps(value)


def table(name: str, items: dict[str, Any]) -> str:
    """A table of TOML."""
    return "\n".join([f"[{name}]", *(f"{key} = {toml_value(value)}" for key, value in items.items()), ""])


def filter_on(dimension: str, value: str) -> dict[str, Any]:
    """A filter that lets one value pass."""
    return {"dimensionName": dimension, "operator": "IN_LIST", "expressions": [value]}


def ascending(*names: str) -> list[dict[str, str]]:
    """A sort by columns."""
    return [{"name": name, "sortOrder": "ASCENDING"} for name in names]


def credentials(identity: Identity, auth: str, edgerc_path: str | None) -> dict[str, str]:
    """The credentials of an identity, as keys of target.toml."""
    if auth == "edgegrid" and edgerc_path:
        return {"auth": auth, "edgerc": edgerc_path, "section": identity.name}
    if auth == "edgegrid":
        names = ("client_token", "client_secret", "access_token")
        return {"auth": auth} | {name: getattr(identity, name) for name in names}
    if auth == "bearer":
        return {"auth": auth, "token": identity.token}
    return {"auth": auth, "username": identity.name, "password": identity.password}


def past_week(now: datetime) -> dict[str, str]:
    """Seven days that are past and do not change."""
    midnight = datetime.combine(now.date(), time(tzinfo=UTC))
    moments = {"start": midnight - timedelta(days=8), "end": midnight - timedelta(days=1)}
    return {name: moment.isoformat().replace("+00:00", "Z") for name, moment in moments.items()}


def purposes(now: datetime, slow_seconds: float) -> dict[str, dict[str, Any]]:
    """The report that serves each purpose, all over the same week."""
    period = past_week(now)
    current = {"path": "delivery/traffic/current", **period}
    grouped = current | {"dimensions": ["countryCode", "responseClass"], "metrics": ["edgeHitsSum"]}
    return {
        "paged": grouped,
        "sorted": grouped | {"sort_bys": ascending("countryCode", "responseClass")},
        "slow": {"path": "delivery/traffic/history", **period, "seconds": slow_seconds},
        "empty": grouped | {"filters": [filter_on("hostname", "nothing.invalid")]},
        "forbidden": {"path": "delivery/traffic/peering", **period},
        "unseen": grouped | {"filters": [filter_on("cpcode", OBJECTS[OTHER_ACCOUNT][-1])]},
    }


def target_toml(server: Core, url: str, reports: dict[str, dict[str, Any]]) -> str:
    """The description of a server that runs at `url`, with the facts of a report for each purpose."""
    target = {"api": "akamai_reporting", "url": url, "name": server.name, "disposable": True}
    tables = [table("target", target)]
    for identity in server.identities:
        tables.append(table(f"identities.{identity.name}", credentials(identity, server.auth, server.edgerc)))
    tables += [table(f"reports.{purpose}", facts) for purpose, facts in reports.items()]
    return "\n".join(tables)


def edgerc(identities: Iterable[Identity], url: str) -> str:
    """An .edgerc file with a section for each identity."""
    host = url.partition("://")[2].partition("/")[0]
    lines = []
    for identity in identities:
        lines += [f"[{identity.name}]", f"host = {host}", f"client_token = {identity.client_token}"]
        lines += [f"client_secret = {identity.client_secret}", f"access_token = {identity.access_token}", ""]
    return "\n".join(lines)
