"""The origin of a URL (RFC 6454): credentials are sent to no other."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import urlsplit


@lru_cache(maxsize=1024)
def origin(url: str) -> tuple[str, str | None, int | None]:
    """Scheme, host and port of a URL, by default the port of the scheme; no host if it is not a URL."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "", None, None
    return parts.scheme, parts.hostname, port or {"http": 80, "https": 443}.get(parts.scheme)
