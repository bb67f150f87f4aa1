"""Markdown as Sphinx and GitHub read it: escaped text, tables, lists, and targets of links."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    """A page of the site: its path without suffix, and its Markdown."""

    path: str
    text: str


def text(value: str) -> str:
    """Prose without markup, on one line: every character that Markdown reads is escaped."""
    return escaped(" ".join(value.split()))


def escaped(value: str) -> str:
    """Text whose every character stands for itself."""
    return re.sub(r"([\\`*_{}\[\]<>|#$~])", r"\\\1", value)


def prose(value: str) -> str:
    """Prose whose code is in backticks, as docstrings have it, on one line."""
    parts = re.split(r"``(.+?)``|`(.+?)`", " ".join(value.split()))
    plain, codes = parts[::3], [double or single for double, single in zip(parts[1::3], parts[2::3], strict=True)]
    written = [escaped(plain[0])]
    for quoted, after in zip(codes, plain[1:], strict=True):
        written += [code(quoted), escaped(after)]
    return "".join(written)


def code(value: str) -> str:
    """Code inside a line or a cell of a table."""
    quotes = "``" if "`" in value else "`"
    pad = " " if "`" in value else ""
    return quotes + pad + value.replace("|", "\\|") + pad + quotes


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of cells that are Markdown already; empty without rows."""
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([f"| {' | '.join(columns)} |", "|---" * len(columns) + "|", *lines, ""]) if lines else ""


def bullets(items: Iterable[str]) -> str:
    """A list."""
    return "".join(f"* {item}\n" for item in items)


def link(target: str, label: str = "") -> str:
    """A link to a named target, on whichever page it is."""
    return f"[{label or code(target)}](#{target})"


def target(name: str) -> str:
    """A name that links lead to, before a heading or a paragraph."""
    return f"({name})=\n"


def folded(summary: str, content: str) -> str:
    """Content behind a line that opens it."""
    return f"<details><summary>{summary}</summary>\n\n{content}\n</details>\n"


def counted(number: int, one: str) -> str:
    """`1 check`, `2 checks`."""
    return f"{number} {one}" if number == 1 else f"{number} {one}s"


def toctree(paths: Iterable[str], caption: str = "", hidden: bool = False) -> str:
    """The pages below this one."""
    options = [f":caption: {caption}"] if caption else []
    options += [":hidden:"] if hidden else []
    return "\n".join(["```{toctree}", *options, ":maxdepth: 1", "", *paths, "```", ""])
