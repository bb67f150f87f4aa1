"""The operations of `rest_v2/resources` and `rest_v2/permissions` as requests.

Rule: nothing is sent here. The Content-Type of a request decides the kind of resource that it creates, so it is always
the vendor's own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from pytest_reportconformance.transcript.exchange import Request

RESOURCES = "/rest_v2/resources"
PERMISSIONS = "/rest_v2/permissions"
JSON = "application/json"
NOTHING, READ, ALL_BUT_ADMINISTER, EXECUTE = 0, 2, 30, 32


def folder(parent: str, label: str) -> Request:
    """Create a folder; the server derives the last segment of its path from the label. `parent` is `/` or a path."""
    members = {"label": label, "description": "reports of a conformance suite"}
    return Request("POST", _url(parent.rstrip("/")), _headers("folder"), json.dumps(members).encode())


def put(uri: str, kind: str, members: Mapping[str, Any]) -> Request:
    """Create a resource of a kind (`reportUnit`, `inputControl`, …) if there is none."""
    return Request("PUT", _url(uri), _headers(kind), json.dumps(members).encode())


def look(uri: str) -> Request:
    """Read a resource."""
    return Request("GET", _url(uri), (("Accept", JSON),))


def below(uri: str, *, deep: bool = True) -> Request:
    """List the resources in a folder; if `deep`, in all folders below it too."""
    query = f"folderUri={quote(uri, safe='/')}&recursive={str(deep).lower()}&limit=0"
    return Request("GET", f"{RESOURCES}?{query}", (("Accept", JSON),))


def remove(uri: str) -> Request:
    """Remove a resource with all that is in it."""
    return Request("DELETE", _url(uri), (("Accept", JSON),), removes=uri)


def permit(uri: str, role: str, mask: int) -> Request:
    """Set the permission of a role on a resource."""
    members = {"uri": uri, "recipient": f"role:/{role}", "mask": str(mask)}
    headers = (("Content-Type", JSON), ("Accept", JSON))
    return Request("POST", PERMISSIONS, headers, json.dumps(members).encode())


def _url(uri: str) -> str:
    return RESOURCES + quote(uri, safe="/")


def _headers(kind: str) -> tuple[tuple[str, str], ...]:
    return ("Content-Type", f"application/repository.{kind}+json"), ("Accept", JSON)
