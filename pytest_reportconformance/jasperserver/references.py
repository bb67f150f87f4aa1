"""What an html output refers to: the addresses of its pictures, resolved as a browser does (RFC 3986 section 5).

Rule: pure functions over exchanges; addresses are compared resolved, never as they are written.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import unquote, urljoin, urlsplit

from pytest_reportconformance.exchange import Exchange

PICTURE_TAGS = ("img", "input", "image", "embed", "object")
PICTURE_ATTRIBUTES = ("src", "data-src", "href", "xlink:href", "data")
IN_STYLE = re.compile(r"url\(\s*['\"]?([^'\")]+?)['\"]?\s*\)")


class _Pictures(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if tag in PICTURE_TAGS and name in PICTURE_ATTRIBUTES and value:
                self.found.append(value)
            elif name == "style" and value:
                self.found += IN_STYLE.findall(value)


def pictures(output: Exchange) -> list[str]:
    """The absolute addresses of the pictures that an html output refers to, each once; data: addresses left out."""
    reader = _Pictures()
    reader.feed(output.text)
    reader.close()
    whole = [urljoin(output.request.url, written.strip()) for written in reader.found]
    return list(dict.fromkeys(address for address in whole if urlsplit(address).scheme in ("http", "https")))


def file_name(address: str) -> str:
    """The last segment of an address, decoded."""
    return unquote(urlsplit(address).path.rpartition("/")[2])


def folder(address: str) -> str:
    """An address without its last segment, decoded; slashes that stand doubled count once."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}{re.sub('/+', '/', unquote(parts.path.rpartition('/')[0]))}/"


def attachments_folder(output: Exchange) -> str:
    """The default address of the attachments of the export that an output belongs to."""
    return folder(urljoin(output.request.url.partition("?")[0].removesuffix("/"), "attachments/x"))
