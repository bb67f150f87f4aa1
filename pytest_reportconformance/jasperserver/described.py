"""What the members of descriptors show: facts that stay the same, members that are null, media types.

Rule: pure functions over members; whatever a server sends instead of a list is no list.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def nulls(value: Any, at: str = "") -> Iterator[str]:
    """The paths at which a JSON value is null."""
    if value is None:
        yield at
    items = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    for key, member in items:
        yield from nulls(member, f"{at}/{key}")


def facts(members: Mapping[str, Any]) -> dict[str, Any]:
    """What the details of a ready report show of what stays the same: its pages, and its exports that are ready."""
    shown = {name: members.get(name) for name in ("totalPages", "reportURI")}
    found: dict[str, Any] = {name: value for name, value in shown.items() if value is not None}
    for one in objects(members.get("exports")):
        if one.get("status") == "ready":
            id = one.get("id")
            found[f"status of {id}"] = "ready"
            found |= {f"{name} of {id}": value for name, value in _export_facts(one).items()}
    return found


def media_type(declared: Any) -> str:
    """A media type without its parameters, in lower case."""
    return str(declared).partition(";")[0].strip().lower()


def _export_facts(export: Mapping[str, Any]) -> dict[str, Any]:
    """What is shown of the output and the attachments of an export."""
    output = export.get("outputResource")
    resource = output if isinstance(output, dict) else {}
    found = {name: resource[name] for name in ("contentType", "fileName", "pages") if resource.get(name)}
    attachments = [one for one in objects(export.get("attachments")) if one.get("fileName")]
    types = {f"contentType of {one['fileName']}": one["contentType"] for one in attachments if one.get("contentType")}
    names = sorted(str(one["fileName"]) for one in attachments)
    return {name: str(value) for name, value in (found | types).items()} | {"attachments": names}


def objects(found: Any) -> list[dict[str, Any]]:
    """The objects of a list; none if it is no list."""
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
