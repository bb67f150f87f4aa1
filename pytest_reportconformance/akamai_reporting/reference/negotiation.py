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
    """How much an offered media type is wanted: by its most specific range."""
    for name in (offer, f"{offer.partition('/')[0]}/*", "*/*"):
        for range_name, weight in ranges:
            if range_name == name:
                return weight
    return 0.0


def best(accept: str, offers: tuple[str, ...]) -> str | None:
    """The offer that is wanted most, the first of equals; None where none is acceptable."""
    ranges = ranges_of(accept)
    if not ranges:
        return offers[0]
    wanted = max(offers, key=lambda offer: weight_of(offer, ranges))
    return wanted if weight_of(wanted, ranges) > 0 else None
