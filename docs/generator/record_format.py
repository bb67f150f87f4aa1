"""The page of results.json: every member of its JSON Schema."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from docs.generator.markdown import Page, code, link, prose, table, target
from pytest_reportconformance.register import installed

Schema = Mapping[str, Any]


def pages() -> Iterator[Page]:
    """The page."""
    schema = json.loads((installed.specs_folder() / "results.schema.json").read_text(encoding="utf-8"))
    parts = [
        "# results.json\n\nThe record of a run, from which every report is rendered. This page is made of "
        '<a href="../files/results.schema.json">its JSON Schema</a>. The members of an object are required unless '
        "they are marked as optional.\n\n",
        table(("member", "type", "meaning"), members(schema)),
    ]
    for name, definition in schema["$defs"].items():
        parts.append(f"\n{target(f'record-{name}')}## {name}\n\n")
        parts.append(f"{prose(definition['description'])}\n\n" if "description" in definition else "")
        rows = table(("member", "type", "meaning"), members(definition))
        parts.append(rows or f"{kind(definition)}\n")
    yield Page("reference/results-json", "".join(parts))


def members(schema: Schema, before: str = "") -> Iterator[tuple[str, str, str]]:
    """A row for each member, and below it for those of objects inside it."""
    for name, inner in [*schema.get("properties", {}).items(), *schema.get("patternProperties", {}).items()]:
        path = f"{before}{name}"
        optional = "" if name in schema.get("required", ()) else "Optional. "
        yield code(path), kind(inner), optional + prose(inner.get("description", ""))
        deeper, path = inner, f"{path}."
        while "items" in deeper:
            deeper, path = deeper["items"], f"{path[:-1]}[]."
        yield from members(deeper, path)


def kind(schema: Schema) -> str:
    """The type of a value."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return link(f"record-{name}", name) if "/$defs/" in schema["$ref"] else code(name)
    for combined in ("anyOf", "oneOf"):
        if combined in schema:
            return " or ".join(kind(one) for one in schema[combined])
    if "enum" in schema:
        return ", ".join(code(str(value)) for value in schema["enum"])
    if "const" in schema:
        return code(str(schema["const"]))
    if "items" in schema:
        return f"array of {kind(schema['items'])}"
    types = schema.get("type", "any value")
    named = types if isinstance(types, str) else " or ".join(types)
    more = schema.get("additionalProperties")
    return f"{named}, each value: {kind(more)}" if isinstance(more, Mapping) else named
