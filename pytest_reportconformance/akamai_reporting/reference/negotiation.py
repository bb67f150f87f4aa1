"""Choosing a media type by Accept (RFC 9110 section 12.5.1)."""

from __future__ import annotations


def ranges_of(accept: str) -> list[tuple[str, float]]:
    """The media ranges of an Accept field with their weights."""
    found = []
    for item in accept.split(","):
        name, *parameters = [part.strip().lower() for part in item.split(";")]
        weight = next((part[2:] for part in parameters if part.startswith("q=")), "1")
        try:
            found.append((name, float(weight)))
        except ValueError:
            found.append((name, 0.0))
    return [pair for pair in found if pair[0]]


def weight_of(offer: str, ranges: list[tuple[str, float]]) -> float:
    """The weight of an offered media type, by its most specific range."""
    for name in (offer, f"{offer.partition('/')[0]}/*", "*/*"):
        for range_name, weight in ranges:
            if range_name == name:
                return weight
    return 0.0


def best(accept: str, offers: tuple[str, ...]) -> str | None:
    """The offer with the highest weight, the first of equals; None if none is acceptable."""
    ranges = ranges_of(accept)
    if not ranges:
        return offers[0]
    preferred = max(offers, key=lambda offer: weight_of(offer, ranges))
    return preferred if weight_of(preferred, ranges) > 0 else None
