"""Header fields that the flow relies on: Retry-After, and those that let a cache keep an answer.

Rule: pure functions over answers (RFC 9110 section 10.2.3, RFC 9111 section 4.2).
"""

from __future__ import annotations

import re
from email.utils import parsedate_to_datetime

from pytest_reportconformance.transcript.exchange import Exchange

SECONDS = re.compile(r"\d+", re.ASCII)
MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
TIME = r"\d\d:\d\d:\d\d"
HTTP_DATE = re.compile(
    rf"(?:[A-Z][a-z]{{2}}, \d\d {MONTH} \d{{4}} {TIME} GMT"
    rf"|[A-Z][a-z]+day, \d\d-{MONTH}-\d\d {TIME} GMT"
    rf"|[A-Z][a-z]{{2}} {MONTH} [ \d]\d {TIME} \d{{4}})",
    re.ASCII,
)
"""RFC 9110 section 5.6.7: the preferred form and the two obsolete ones."""


def is_retry_after(value: str) -> bool:
    """Whether a value of Retry-After is a number of seconds or an HTTP date."""
    return SECONDS.fullmatch(value.strip()) is not None or is_http_date(value.strip())


def is_http_date(value: str) -> bool:
    """Whether a text is an HTTP date that exists."""
    return HTTP_DATE.fullmatch(value) is not None and _moment(value) is not None


def freshness(exchange: Exchange) -> str | None:
    """The field that lets a cache reuse an answer without a request; None if there is none."""
    directives = _directives(exchange)
    if "no-store" in directives or "no-cache" in directives:
        return None
    for name in ("s-maxage", "max-age"):
        seconds = directives.get(name, "")
        if SECONDS.fullmatch(seconds) and int(seconds) > 0:
            return f"Cache-Control: {name}={seconds}"
    if "max-age" in directives or "s-maxage" in directives:
        return None
    expires = next(iter(exchange.header_values("Expires")), "")
    until, now = _moment(expires), clock(exchange)
    return f"Expires: {expires}" if until is not None and until > now else None


def clock(exchange: Exchange) -> float:
    """The time of an answer by its Date header, or by the local clock without one; in seconds since the epoch."""
    date = _moment(next(iter(exchange.header_values("Date")), ""))
    return exchange.started + exchange.seconds if date is None else date


def _directives(exchange: Exchange) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in ",".join(exchange.header_values("Cache-Control")).split(","):
        name, _, value = part.strip().partition("=")
        found[name.strip().lower()] = value.strip().strip('"')
    return found


def _moment(value: str) -> float | None:
    try:
        return parsedate_to_datetime(value).timestamp()
    except (ValueError, TypeError, OverflowError):
        return None
