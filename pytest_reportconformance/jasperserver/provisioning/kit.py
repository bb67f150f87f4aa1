"""The kit: the content of the folder, as data; the report definitions are in `kit/`.

Rule: pure. A report unit has no data source: its definition contains its records, so it needs no database.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pytest_reportconformance.jasperserver.provisioning.repository import ALL_BUT_ADMINISTER, EXECUTE, NOTHING, READ

DEFINITIONS = Path(__file__).parent / "kit"
OUTPUT = "out"
Members = dict[str, Any]

UNITS: Mapping[str, str] = {
    name: name
    for name in (
        *("fast", "multi", "slow", "slowpages", "images", "bookmarks", "params"),
        *("failing", "failinglate", "empty", "runcounter", "parts"),
    )
} | {"forbidden": "fast", "executeonly": "fast"}
"""Report units by purpose, with the definition of each."""
PARTS = {"parts": ("part.jrxml",)}
"""Further files of a unit, to which its definition refers."""
UNIT_CONTROLS = {
    "params": ("city", "tags", "count", "since", "flag"),
    "slow": ("seconds",),
    "slowpages": ("millis",),
}
LISTS = {
    "cities": {"Oslo": "Oslo", "Rome": "Rome", "Turku": "Turku"},
    "tagList": {"A": "a", "B": "b", "C": "c", "D": "d"},
}
TYPES: Mapping[str, Members] = {
    "countType": {"type": "number", "minValue": "1", "maxValue": "100"},
    "waitType": {"type": "number", "minValue": "0"},
    "dateType": {"type": "date"},
}
BOOLEAN, SINGLE_VALUE, SINGLE_SELECT, MULTI_SELECT = 1, 2, 3, 6
CONTROLS: Mapping[str, tuple[int, str | None]] = {
    "city": (SINGLE_SELECT, "cities"),
    "tags": (MULTI_SELECT, "tagList"),
    "count": (SINGLE_VALUE, "countType"),
    "since": (SINGLE_VALUE, "dateType"),
    "flag": (BOOLEAN, None),
    "seconds": (SINGLE_VALUE, "waitType"),
    "millis": (SINGLE_VALUE, "waitType"),
}
"""Input controls by parameter: the kind of input, and the list or type that defines its values."""
PAGE_OF = {"North": 1, "Oslo": 1, "Turku": 2, "South": 3, "Rome": 3, "Faro": 4}
"""The page of each bookmark of `bookmarks`."""
MANDATORY = ("city",)
HIDDEN = ("seconds", "millis")
PERMISSIONS: tuple[tuple[str, int], ...] = (
    ("", READ),
    (f"/{OUTPUT}", ALL_BUT_ADMINISTER),
    ("/forbidden", NOTHING),
    ("/executeonly", EXECUTE),
)
"""The permissions of regular users on the folder and its content, set in this order after everything else."""


def resources(root: str) -> Iterator[tuple[str, str, Members]]:
    """Everything but folders and permissions, each after what it refers to: name, kind, members."""
    for name, items in LISTS.items():
        values = [{"label": label, "value": value} for label, value in items.items()]
        yield name, "listOfValues", {"label": name, "items": values}
    for name, rules in TYPES.items():
        yield name, "dataType", {"label": name, **rules, "strictMin": False, "strictMax": False}
    for name in CONTROLS:
        yield name, "inputControl", _control(root, name)
    for name in UNITS:
        yield name, "reportUnit", _unit(root, name)


def _control(root: str, name: str) -> Members:
    type, refers_to = CONTROLS[name]
    members: Members = {
        "label": name,
        "mandatory": name in MANDATORY,
        "readOnly": False,
        "visible": name not in HIDDEN,
        "type": type,
    }
    if refers_to is not None:
        kind = "listOfValues" if refers_to in LISTS else "dataType"
        members[kind] = {f"{kind}Reference": {"uri": f"{root}/{refers_to}"}}
    return members


def _unit(root: str, name: str) -> Members:
    members: Members = {
        "label": name,
        "description": "",
        "alwaysPromptControls": False,
        "controlsLayout": "popupScreen",
        "jrxml": {"jrxmlFile": _file(f"{UNITS[name]}.jrxml")},
    }
    if name in UNIT_CONTROLS:
        controls = [{"inputControlReference": {"uri": f"{root}/{control}"}} for control in UNIT_CONTROLS[name]]
        members["inputControls"] = controls
    if name in PARTS:
        files = [{"name": part, "file": {"fileResource": _file(part)}} for part in PARTS[name]]
        members["resources"] = {"resource": files}
    return members


def _file(name: str) -> Members:
    content = base64.b64encode((DEFINITIONS / name).read_bytes()).decode()
    return {"label": name, "type": "jrxml", "content": content}
