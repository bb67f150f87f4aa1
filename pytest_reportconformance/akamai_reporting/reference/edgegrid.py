"""Verifying EdgeGrid signatures (EG1-HMAC-SHA256).

A signature covers method, scheme, host, path with query string byte for byte, and for a POST the digest of the first
128 KiB of its body. It is good for 30 seconds around its timestamp and its nonce for one request.
"""

from __future__ import annotations

import base64
import hmac
from datetime import UTC, datetime
from hashlib import sha256

from pytest_reportconformance.http.server import Call

SCHEME = "EG1-HMAC-SHA256"
MAXIMUM_BODY = 131072
MAXIMUM_SKEW = 30.0


def signed_fields(authorization: str) -> dict[str, str]:
    """The fields of an Authorization header of this scheme; empty for any other scheme."""
    scheme, _, rest = authorization.partition(" ")
    if scheme.upper() != SCHEME:
        return {}
    pairs = (field.strip().partition("=") for field in rest.split(";"))
    return {name: value for name, _, value in pairs}


def _digest(key: str, text: str) -> str:
    return base64.b64encode(hmac.digest(key.encode(), text.encode("utf-8"), "sha256")).decode()


def content_hash(call: Call) -> str:
    """The digest of the body, empty unless it is a POST with a body."""
    if call.method != "POST" or not call.body:
        return ""
    return base64.b64encode(sha256(call.body[:MAXIMUM_BODY]).digest()).decode()


def signature(call: Call, secret: str, scheme: str = "http") -> str:
    """The signature that this call ought to carry, computed from what it carries beside the signature."""
    authorization = call.header("Authorization")
    unsigned = authorization[: authorization.index("signature=")]
    timestamp = signed_fields(authorization).get("timestamp", "")
    parts = [call.method, scheme, call.header("Host"), call.target, "", content_hash(call), unsigned]
    return _digest(_digest(secret, timestamp), "\t".join(parts))


def is_signed(call: Call, secret: str) -> bool:
    """Whether the signature of the call is right."""
    given = signed_fields(call.header("Authorization")).get("signature", "")
    return bool(given) and hmac.compare_digest(given.encode(), signature(call, secret).encode())


def is_timely(timestamp: str, now: datetime) -> bool:
    """Whether a timestamp such as 20261121T10:00:00+0000 is within 30 seconds of now."""
    try:
        moment = datetime.strptime(timestamp, "%Y%m%dT%H:%M:%S%z")
    except ValueError:
        return False
    return abs((now - moment.astimezone(UTC)).total_seconds()) <= MAXIMUM_SKEW


def is_fresh(nonce: str, seen: dict[str, float], clock: float) -> bool:
    """Whether a nonce was not used before; remembers it, and forgets those whose timestamps are long stale."""
    while seen and clock - next(iter(seen.values())) > 4 * MAXIMUM_SKEW:
        del seen[next(iter(seen))]
    if not nonce or nonce in seen:
        return False
    seen[nonce] = clock
    return True
