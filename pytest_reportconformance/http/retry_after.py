"""When a server asks to be asked again: the header field Retry-After, read from an answer.

Rule: pure; how long we wait in the end is decided in `polling` and `recording`.
"""

from __future__ import annotations

from email.utils import parsedate_to_datetime

from pytest_reportconformance.transcript.exchange import Exchange


def retry_after(exchange: Exchange) -> float | None:
    """Seconds that the server asks to wait (RFC 9110 section 10.2.3); None where absent, negative or unreadable.

    A time of day is read by the server's own clock, where its Date field tells it.
    """
    if exchange.response is None:
        return None
    values = exchange.headers("Retry-After")
    text = values[0].strip() if values else ""
    if text.isascii() and text.isdigit():
        return float(text)
    until = _moment(text)
    if until is None:
        return None
    now = next((moment for value in exchange.headers("Date") if (moment := _moment(value)) is not None), None)
    return max(0.0, until - (exchange.started if now is None else now))


def _moment(text: str) -> float | None:
    """An HTTP-date in seconds since the epoch."""
    try:
        return parsedate_to_datetime(text).timestamp()
    except (ValueError, TypeError, OverflowError):
        return None
