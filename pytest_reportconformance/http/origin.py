"""The origin of a URL (RFC 6454): credentials are sent to no other; and what a request names of a URL."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import urlsplit

PORTS = {"http": 80, "https": 443}


@lru_cache(maxsize=1024)
def origin(url: str) -> tuple[str, str | None, int | None]:
    """Scheme, host and port of a URL, by default the port of the scheme; no host if it is not a URL."""
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname
        host = host if host is None or host.isascii() else host.encode("idna").decode("ascii")
    except ValueError:
        return "", None, None
    return parts.scheme, host, port or PORTS.get(parts.scheme)


@lru_cache(maxsize=1024)
def authority(url: str) -> str:
    """Host and port of a URL as a client sends them: in lower case, in ASCII, without the scheme's own port.

    Raises ValueError for a text without an origin.
    """
    scheme, host, port = origin(url)
    if not host:
        raise ValueError(f"no URL with a host: {url!r}")
    name = f"[{host}]" if ":" in host else host
    return name if port in (None, PORTS.get(scheme)) else f"{name}:{port}"


def request_target(url: str, absolute_form: bool) -> str:
    """The request-target: origin-form, or for a plain URL absolute-form, as a proxy needs it (RFC 9112 section 3.2)."""
    rest = url.split("://", 1)[1]
    start = min((rest.index(char) for char in "/?#" if char in rest), default=len(rest))
    target = rest[start:].partition("#")[0]
    target = target if target.startswith("/") else "/" + target
    plain = url.lower().startswith("http:")
    return f"http://{authority(url)}{target}" if plain and absolute_form else target
