"""Finds the links of a built site that lead nowhere: files and anchors, in HTML that lies on disk.

`python -m docs.generator.links FOLDER` prints each and exits with 1 if there is one. Links to other hosts are not
followed; what a page would load from another host is reported, because the site has to work offline.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

ANYTHING = {"", "top", "#"}
LOADED = ("script", "img", "link", "iframe", "source", "audio", "video")
ATTRIBUTES = ("href", "src", "poster")


class Html(HTMLParser):
    """The links and the anchors of a file."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[tuple[str, str]] = []
        self.anchors: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what a tag links to, and what leads to it."""
        for name, value in attrs:
            if value is not None and (name == "id" or (name == "name" and tag == "a")):
                self.anchors.add(value)
            if value is not None and name in ATTRIBUTES and not (tag == "link" and ("rel", "canonical") in attrs):
                self.links.append((tag, value))


@cache
def read(path: Path) -> Html:
    """A parsed file."""
    html = Html()
    html.feed(path.read_text(encoding="utf-8"))
    return html


def faults(folder: Path) -> Iterator[str]:
    """What is wrong with the links of a site."""
    for path in sorted(folder.rglob("*.html")):
        for tag, link in dict.fromkeys(read(path).links):
            says = fault(folder.resolve(), path, tag, link)
            if says:
                yield f"{path.relative_to(folder)}: {link}: {says}"


def fault(folder: Path, path: Path, tag: str, link: str) -> str:
    """What is wrong with one link; empty if nothing is."""
    url = urlsplit(link)
    if url.scheme in ("data", "mailto", "javascript"):
        return ""
    if url.scheme or url.netloc:
        return "is loaded from another host" if tag in LOADED else ""
    aim = (path.parent / unquote(url.path)).resolve() if url.path else path.resolve()
    if not aim.is_relative_to(folder):
        return "leads out of the site"
    if aim.is_dir():
        return "leads to a folder, which a browser shows as a list of files"
    if not aim.is_file():
        return "no such file"
    anchor = unquote(url.fragment)
    wanted = aim.suffix == ".html" and anchor not in ANYTHING and not anchor.startswith("?")
    return "no such anchor" if wanted and anchor not in read(aim).anchors else ""


def main() -> int:
    """Print the faults."""
    folder = Path(sys.argv[1])
    found = list(faults(folder))
    print(*found, sep="\n", end="\n" if found else "")
    count = sum(1 for _ in folder.rglob("*.html"))
    print(f"{count} pages, {len(found)} broken links")
    return 1 if found or not count else 0


if __name__ == "__main__":
    sys.exit(main())
