"""Pages of the OpenAPI documents: each operation with its parameters, bodies, answers and requirements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from docs.generator import repository
from docs.generator.markdown import Page, bullets, code, counted, folded, link, prose, table, target, text
from tests import openapi

METHODS = ("get", "put", "post", "delete", "patch", "head", "options")
Node = Mapping[str, Any]


def pages() -> Iterator[Page]:
    """A page for each API that has an OpenAPI document."""
    for api in repository.names():
        if openapi.path(api).is_file():
            document = yaml.safe_load(openapi.path(api).read_text(encoding="utf-8"))
            yield Page(f"reference/openapi-{api.replace('_', '-')}", page(api, document))


def page(api: str, document: Node) -> str:
    """The operations of a document, in its order."""
    parts = [
        f"# Operations of {api}\n\n{prose(document['info'].get('description', ''))}\n\n"
        f'<a href="../files/{api}/openapi.yaml">openapi.yaml</a> has the schemas and the examples.\n\n'
    ]
    for path, item in document["paths"].items():
        for method in item:
            if method in METHODS:
                parts.append(operation(api, document, f"{method.upper()} {path}", item, item[method]))
    return "".join(parts)


def operation(api: str, document: Node, request: str, item: Node, node: Node) -> str:
    """One operation."""
    name = node["operationId"]
    parameters = [resolved(document, one) for one in [*item.get("parameters", []), *node.get("parameters", [])]]
    rows = [
        (code(one["name"]), one["in"], "yes" if one.get("required") else "", prose(one.get("description", "")))
        for one in parameters
    ]
    ids = node.get("x-requirements", [])
    parts = [
        f"{target(f'operation-{api}-{name}')}## {name}\n\n```text\n{request}\n```\n\n",
        f"{text(node.get('summary', ''))}. {prose(node.get('description', ''))}\n\n",
        table(("parameter", "in", "required", "meaning"), rows),
        "\n",
        body(document, node),
        table(("status", "answer", "media types"), answers(document, node)),
        "\n",
    ]
    parts += [folded(counted(len(ids), "requirement"), bullets(map(link, ids))), "\n"] if ids else []
    return "".join(parts)


def body(document: Node, node: Node) -> str:
    """The media types of the request's body."""
    if "requestBody" not in node:
        return ""
    return f"Body of the request: {media(resolved(document, node['requestBody']))}\n\n"


def answers(document: Node, node: Node) -> Iterator[tuple[str, str, str]]:
    """A row for each documented answer."""
    for status, answer in node["responses"].items():
        found = resolved(document, answer)
        yield str(status), prose(found.get("description", "")), media(found)


def media(node: Node) -> str:
    """The media types of a body."""
    return ", ".join(code(name) for name in node.get("content", ()))


def resolved(document: Node, node: Node) -> Node:
    """A node, or what it refers to in the same document."""
    while "$ref" in node:
        found: Any = document
        for part in node["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        node = found
    return node
