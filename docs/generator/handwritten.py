"""The Markdown pages of the repository, as pages of the site.

Links between pages stay links. A link to another file of the repository leads to that file in the public repository
if pyproject.toml names one, and is plain text otherwise.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache, partial

from docs.generator import markdown
from docs.generator.markdown import Page
from docs.generator.repository import ROOT

INDEX = "docs/README.md"
BOARD = "reports/board.md"
SITE = '<a href="results/index.html">The same board as a site</a>, to search in, with a page for each target.\n'
ELSEWHERE = {
    INDEX: "index",
    "README.md": "overview",
    "CONTRIBUTING.md": "contributing",
    "CHANGELOG.md": "changelog",
    BOARD: "board",
}
"""Files that are pages of the site under another name."""

COMMANDS = re.compile(r"^```console$(?!\n\$ )", re.MULTILINE)
"""The beginning of a block of commands without a prompt: Sphinx would show them as output."""

LINK = re.compile(r"\[((?:[^\[\]]|\[[^\]]*\])*)\]\((?!https?:|mailto:)([^)#\s]+)(#[^)\s]*)?\)")


def pages(generated: Iterable[str]) -> Iterator[Page]:
    """Every page that was written by hand; the index lists the generated ones under Reference as well."""
    for path, page in sorted(known().items()):
        text = (ROOT / path).read_text(encoding="utf-8")
        if path == INDEX:
            text = index(text, generated)
        if path == BOARD:
            title, _, rest = text.partition("\n\n")
            text = f"{title}\n\n{SITE}\n{rest}"
        yield Page(page, COMMANDS.sub("```shell", linked(path, text)))


@cache
def known() -> dict[str, str]:
    """The page of each file of the repository that is one."""
    own = {path.relative_to(ROOT).as_posix(): path.stem for path in (ROOT / "docs").glob("*.md")}
    return own | {path: page for path, page in ELSEWHERE.items() if (ROOT / path).is_file()}


def linked(path: str, text: str) -> str:
    """The text of a file with its links as those of its page. Raises FileNotFoundError."""
    return LINK.sub(partial(rewritten, path), text)


def rewritten(path: str, found: re.Match[str]) -> str:
    """A link of a file, as a link of its page."""
    label, file, anchor = found[1], found[2], found[3] or ""
    aim = os.path.normpath(os.path.join(os.path.dirname(path), file))
    if aim in known():
        return f"[{label}]({known()[aim]}.md{anchor})"
    if not (ROOT / aim).exists():
        raise FileNotFoundError(f"{path}: the link to {file} leads nowhere")
    return f"[{label}]({repository()}/{aim})" if repository() else label


@cache
def repository() -> str:
    """The address of the files of the public repository; empty if pyproject.toml names none."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    urls = {name.lower(): url for name, url in project.get("urls", {}).items()}
    address = next((urls[name] for name in ("repository", "source", "homepage") if name in urls), "")
    return f"{address.rstrip('/')}/blob/main" if address else ""


def index(text: str, generated: Iterable[str]) -> str:
    """The index, with a list of the pages below each of its headings that has a table of pages."""
    sections = re.split(r"^(?=## )", text, flags=re.MULTILINE)
    trees = []
    for section in sections[1:]:
        title = section.partition("\n")[0].removeprefix("## ")
        files = [os.path.normpath(f"docs/{file}") for file in re.findall(r"\]\(([^)#]+\.md)\)", section)]
        named = [known()[file] for file in files if file in known()]
        more = list(generated) if title == "Reference" else []
        trees.append(markdown.toctree([*named, *more], caption=title, hidden=True))
    return "".join([*sections, "\n", *(f"{tree}\n" for tree in trees)])
