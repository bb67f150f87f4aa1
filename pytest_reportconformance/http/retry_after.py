"""When a server asks to be asked again: the header field Retry-After, read from an answer.

Rule: pure functions; `recording.polling` does the waiting.
"""

from __future__ import annotations

import datetime
from email.utils import parsedate_to_datetime

from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.failures import NotReached


def retry_after(exchange: Exchange) -> float | None:
    """Seconds that the server asks to wait (RFC 9110 section 10.2.3); None if absent, negative or unreadable.

    A date is compared with the Date field of the answer, or with our clock if there is none.
    """
    if exchange.response is None:
        return None
    values = exchange.header_values("Retry-After")
    text = values[0].strip() if values else ""
    if text.isascii() and text.isdigit():
        return float(text)
    until = _moment(text)
    if until is None:
        return None
    now = next((moment for value in exchange.header_values("Date") if (moment := _moment(value)) is not None), None)
    return max(0.0, until - (exchange.started if now is None else now))


def require_within(seconds: float, left: float, budget: float, about: str, establishes: str | None = None) -> None:
    """Raise NotReached (inconclusive) if a wait of so many seconds exceeds what is left of the budget.

    `about` begins the message: the name of the step, and who asks to wait.
    """
    if seconds > left:
        reason = f"{about} {seconds:g} s, {max(left, 0):.0f} s of {budget:g} s are left (limits.deadline_seconds)"
        raise NotReached("inconclusive", reason, establishes)


def _moment(text: str) -> float | None:
    """An HTTP-date in seconds since the epoch; one without a zone, as in the form of asctime, is UTC."""
    try:
        found = parsedate_to_datetime(text)
        return (found if found.tzinfo else found.replace(tzinfo=datetime.UTC)).timestamp()
    except (ValueError, TypeError, OverflowError):
        return None
