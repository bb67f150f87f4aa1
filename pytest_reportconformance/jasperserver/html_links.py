"""What an HTML output refers to: the addresses of its pictures, resolved as a browser does (RFC 3986 section 5).

Rule: pure functions over exchanges; addresses are compared resolved, never as they are written.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import unquote, urljoin, urlsplit, urlunsplit

from pytest_reportconformance.http.origin import origin
from pytest_reportconformance.transcript.exchange import Exchange

LOOPBACK = {"localhost", "127.0.0.1", "::1"}
PICTURE_TAGS = ("img", "input", "image", "embed", "object")
PICTURE_ATTRIBUTES = ("src", "data-src", "href", "xlink:href", "data")
IN_STYLE = re.compile(r"url\(\s*['\"]?([^'\")]+?)['\"]?\s*\)")


class _Pictures(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.base = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "base" and not self.base:
            self.base = next((value for name, value in attrs if name == "href" and value), "")
        for name, value in attrs:
            if tag in PICTURE_TAGS and name in PICTURE_ATTRIBUTES and value:
                self.found.append(value)
            elif name == "style" and value:
                self.found += IN_STYLE.findall(value)


def pictures(output: Exchange) -> list[str]:
    """The absolute addresses of the pictures that an HTML output refers to, each once; data: addresses left out."""
    start = base(output)
    whole = [_here(_joined(start, written), output.request.url) for written in _read(output).found]
    return list(dict.fromkeys(address for address in whole if origin(address)[0] in ("http", "https")))


def _here(address: str, asked: str) -> str:
    """An address; if it names this machine differently than the request did, with the name from the request."""
    there, here = origin(address), origin(asked)
    same = there[0] == here[0] and {there[1], here[1]} <= LOOPBACK and there[2] == here[2]
    return urlunsplit(urlsplit(address)._replace(netloc=urlsplit(asked).netloc)) if same else address


def base(output: Exchange) -> str:
    """The address that relative references of an HTML output start from: its own, or that of an element base."""
    return _joined(output.request.url, _read(output).base)


def _joined(start: str, written: str) -> str:
    """A reference resolved; `start` if it is not a URL."""
    try:
        return urljoin(start, written.strip())
    except ValueError:
        return start


def _read(output: Exchange) -> _Pictures:
    reader = _Pictures()
    reader.feed(output.text)
    reader.close()
    return reader


def file_name(address: str) -> str:
    """The last segment of an address, decoded."""
    return unquote(urlsplit(address).path.rpartition("/")[2])


def folder(address: str) -> str:
    """An address without its last segment, decoded; repeated slashes count once."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}{re.sub('/+', '/', unquote(parts.path.rpartition('/')[0]))}/"


def attachments_folder(output: Exchange) -> str:
    """The default address of the attachments of the export that an output belongs to."""
    return folder(urljoin(output.request.url.partition("?")[0].removesuffix("/"), "attachments/x"))
