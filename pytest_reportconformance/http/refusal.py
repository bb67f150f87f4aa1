"""Why an answer shows nothing about the API: a proxy, a gateway, a web page, or refused credentials.

Rule: pure functions over one answer. Whether a single answer is enough to blame the configuration is decided in
`recording.sign_in`.
"""

from __future__ import annotations

import re
from email.utils import parsedate_to_datetime

from pytest_reportconformance.target import schemes
from pytest_reportconformance.target.target import Identity
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.parsing import visible

SKEW_SECONDS = 30
GATEWAY = {
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
    511: "Network Authentication Required",
}
HTML = re.compile(rb"^\s*(<!--.*?-->\s*)*<(!doctype html|html)\b", re.IGNORECASE | re.DOTALL)
TITLE = re.compile(rb"<title[^>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL)


def skew(exchange: Exchange) -> float | None:
    """Seconds that the server's clock is ahead of this machine's, by the Date field; None if there is none."""
    if exchange.response is None:
        return None
    for value in exchange.header_values("Date"):
        try:
            moment = parsedate_to_datetime(value).timestamp()
        except (TypeError, ValueError, OverflowError):
            continue
        return moment - exchange.started
    return None


def intermediary(exchange: Exchange) -> str | None:
    """What answers in place of the API: a proxy, a gateway, or a page for human readers. None if it may be the API."""
    if exchange.response is None:
        return None
    status = exchange.response.status_code
    if status == 407:
        return f"the proxy demands credentials (407 to {exchange.line}): write them in the proxy's URL"
    if exchange.error is not None:
        return None
    if status in GATEWAY:
        page = f"{status} {GATEWAY[status]} to {exchange.line}"
        return f"a gateway answers in place of the server ({page}): wait until the server behind it runs"
    body = exchange.response.content or exchange.response.head
    if exchange.succeeded and HTML.match(body):
        found = TITLE.search(body)
        title = f" {visible(found[1].decode('utf-8', 'replace').strip())[:80]!r}" if found else ""
        what = "a maintenance page, a login page or a captive portal"
        return f"an HTML page{title} answers in place of the API ({status} to {exchange.line}): {what}"
    return None


def refusal(identity: Identity, exchange: Exchange) -> str | None:
    """Why an identity is not let in, and what to do; None if it is."""
    if exchange.response is None:
        return None
    if (text := intermediary(exchange)) is not None or exchange.error is not None:
        return text
    off = skew(exchange)
    if (
        schemes.find(identity.auth).timed
        and exchange.status_code in (400, 401, 403)
        and off is not None
        and abs(off) > SKEW_SECONDS
    ):
        way = "ahead of" if off > 0 else "behind"
        text = f"the server's clock is {abs(off):.0f} s {way} this machine's, so that its signatures are refused"
        return f"{text} ({exchange.status_code} to {exchange.line}): set this machine's clock by NTP"
    if exchange.status_code == 403 and identity.name == "owner":
        return f"the owner signs in, but may not use the API (403 to {exchange.line}): give this user the permission"
    if exchange.status_code != 401:
        return None
    return f"{_reason(identity, exchange)} (401 to {exchange.line}): check [identities.{identity.name}]"


def _reason(identity: Identity, exchange: Exchange) -> str:
    """What a 401 means for this identity, as far as the answer tells."""
    body = (exchange.response.content or b"") if exchange.response is not None else b""
    hint = " ".join([*exchange.header_values("WWW-Authenticate"), body[:2000].decode("utf-8", "replace")]).lower()
    return schemes.find(identity.auth).refused(identity, hint)
