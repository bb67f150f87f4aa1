"""Chooses a media type (RFC 9110 section 12); the first type offered is the default."""

from __future__ import annotations

from collections.abc import Sequence

XML, JSON = "application/xml", "application/json"
STATUS_XML, STATUS_JSON = "application/status+xml", "application/status+json"


def essence(value: str) -> str:
    """A media type without its parameters, lower case."""
    return value.partition(";")[0].strip().lower()


def is_json(media: str) -> bool:
    """Whether a media type is of the JSON family."""
    return essence(media).endswith("json")


def _ranges(accept: str) -> list[tuple[str, float]]:
    ranges = []
    for item in accept.split(","):
        quality = 1.0
        for parameter in item.split(";")[1:]:
            name, _, value = parameter.partition("=")
            if name.strip().lower() == "q":
                quality = _quality(value)
        if essence(item):
            ranges.append((essence(item), quality))
    return ranges


def _quality(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def _match(media: str, ranges: Sequence[tuple[str, float]]) -> tuple[float, int]:
    """Quality of a type and how early the client names it (as a negative index) by its most specific range."""
    kind = media.partition("/")[0]
    for wanted in (media, f"{kind}/*", "*/*"):
        for index, (range, quality) in enumerate(ranges):
            if range == wanted:
                return quality, -index
    return 0.0, 0


def choose(accept: str, offered: Sequence[str]) -> str | None:
    """The best of the types offered; None if none is acceptable, the first one if there is no Accept header."""
    ranges = _ranges(accept)
    if not ranges:
        return offered[0]
    best = max(offered, key=lambda media: _match(media.lower(), ranges))
    return best if _match(best.lower(), ranges)[0] > 0 else None
