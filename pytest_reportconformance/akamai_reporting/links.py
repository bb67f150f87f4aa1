"""Links of the API: resolved by RFC 3986, compared, and matched with the documented path.

Rule: pure functions over texts. What is resolved keeps every byte that RFC 3986 section 5.2 does not remove.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

BASE = "/reporting-api/v2/reports"
PARTS = re.compile(r"^(?:([^:/?#]+):)?(?://([^/?#]*))?([^?#]*)(\?[^#]*)?(#.*)?$", re.DOTALL)
"""RFC 3986 appendix B: scheme, authority, path, query with its mark, fragment with its mark."""
REFERENCE = re.compile(r"(?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*")
"""The characters of a URI reference (RFC 3986 section 2)."""
SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*")
ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
HOST = re.compile(r"^(.*?)(?::(\d*))?$", re.DOTALL)
UNRESERVED = re.compile(r"[A-Za-z0-9\-._~]")
PORTS = {"http": "80", "https": "443"}


REMEMBERED = 4096
"""How many results of a function are kept: many checks ask for the same links."""


@dataclass(frozen=True)
class Place:
    """Where a URL of the documented form leads: `report` is family/area/report, `prefix` is the path before the API."""

    prefix: str
    report: str
    id: str


@lru_cache(maxsize=REMEMBERED)
def resolve(base: str, reference: str) -> str:
    """A reference resolved against a URL (RFC 3986 section 5.2.2), without its fragment."""
    scheme, authority, path, query = _parts(reference)
    if scheme:
        return f"{scheme}://{authority}{_undotted(path)}{query}" if authority is not None else reference
    base_scheme, base_authority, base_path, base_query = _parts(base)
    if authority is None:
        authority = base_authority
        if not path:
            path, query = base_path, query or base_query
        else:
            path = _undotted(path if path.startswith("/") else base_path.rpartition("/")[0] + "/" + path)
    else:
        path = _undotted(path)
    return f"{base_scheme}://{authority or ''}{path}{query}"


def _parts(url: str) -> tuple[str, str | None, str, str]:
    found = PARTS.match(url)
    assert found is not None  # the pattern matches every text
    scheme, authority, path, query, _fragment = found.groups()
    return scheme or "", authority, path, query or ""


def _undotted(path: str) -> str:
    """A path without dot segments (RFC 3986 section 5.2.4); a segment that merely begins with a dot stays."""
    kept: list[str] = []
    segments = path.split("/")
    for segment in segments:
        if segment == ".." and len(kept) > 1:
            kept.pop()
        elif segment not in (".", ".."):
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    return "/".join(kept)


@lru_cache(maxsize=REMEMBERED)
def is_reference(text: str) -> bool:
    """Whether a text has only characters of a URI reference, and no invalid scheme or port."""
    if not text or REFERENCE.fullmatch(text) is None:
        return False
    scheme = _parts(text)[0]
    try:
        return (not scheme or SCHEME.fullmatch(scheme) is not None) and urlsplit(text).port != 0
    except ValueError:
        return False


def is_web(url: str) -> bool:
    """Whether a resolved URL is one of http or https, with a host."""
    parts = urlsplit(url)
    return parts.scheme in ("http", "https") and bool(parts.hostname)


@lru_cache(maxsize=REMEMBERED)
def normal(url: str) -> str:
    """A URL normalized by RFC 3986 section 6.2.2: equivalent URLs are equal texts."""
    scheme, authority, path, query = _parts(url)
    host, port = HOST.findall((authority or "").lower())[0]
    suffix = "" if port in ("", PORTS.get(scheme.lower())) else f":{port}"
    return f"{scheme.lower()}://{host}{suffix}{_unescaped(path) or '/'}{_unescaped(query)}"


def _unescaped(text: str) -> str:
    def one(match: re.Match[str]) -> str:
        char = chr(int(match[1], 16))
        return char if UNRESERVED.fullmatch(char) else match[0].upper()

    return ESCAPE.sub(one, text)


def same(one: str, other: str) -> bool:
    """Whether two resolved URLs are equivalent."""
    return normal(one) == normal(other)


@lru_cache(maxsize=REMEMBERED)
def place(url: str) -> Place | None:
    """The parts of the path of a resolved URL; None if it is not the documented path of a query or a page."""
    path = _unescaped(_parts(url)[2])
    prefix, mark, rest = path.partition(f"{BASE}/")
    report, queries, id = rest.partition("/queries/")
    if not mark or not queries or not id or report.count("/") != 2 or not all(report.split("/")):
        return None
    return Place(prefix, report, id)


def report_of(url: str) -> str:
    """The family/area/report that a URL of the API names; empty if it names none."""
    rest = _unescaped(_parts(url)[2]).partition(f"{BASE}/")[2]
    return "/".join(rest.split("/")[:3])


def is_whole(link: Any) -> bool:
    """Whether a value is a link with the texts rel and href and the texts allow."""
    if not isinstance(link, dict):
        return False
    allow = link.get("allow")
    texts = [link.get("rel"), link.get("href"), *(allow if isinstance(allow, list) else ())]
    return isinstance(allow, list) and bool(allow) and all(isinstance(text, str) and text for text in texts)


def is_absolute_path(reference: str) -> bool:
    """Whether a reference is an absolute path."""
    return reference.startswith("/") and not reference.startswith("//")


def query_id(url: str) -> str:
    """The query_id of a URL, byte for byte: what follows `/queries/` in the path; empty if there is none."""
    return _parts(url)[2].partition("/queries/")[2]


def with_argument(url: str, argument: str) -> str:
    """A URL with one more query argument."""
    return url + ("&" if "?" in url else "?") + argument


def encoded(url: str) -> str:
    """A URL with every `+` and `=` of its query_id percent-encoded."""
    id = query_id(url)
    return url.replace(id, id.replace("+", "%2B").replace("=", "%3D")) if id else url
