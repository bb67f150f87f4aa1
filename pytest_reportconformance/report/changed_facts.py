"""What is not the same about two runs beside their outcomes: version, suite, set of requirements, options, target.

Rule: a line for each, so that no reader takes a change of these for a change of the server's behavior.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Summary = Mapping[str, Any]
SHORT = 12
ARROW = "→"


def lines(before: Summary, after: Summary) -> Iterator[str]:
    """What changed, the most important first; both are summaries of `baseline`."""
    yield from _product(before["target"], after["target"])
    yield from _changed("suite", before["suite"]["version"], after["suite"]["version"])
    yield from _requirements(before, after)
    yield from _changed("set", before["set"] or "none", after["set"] or "none")
    yield from _options(before["options"], after["options"])
    yield from _facts(before["facts"], after["facts"])


def pace(ratio: float, factor: float) -> Iterator[str]:
    """Whether scenarios as a rule take much longer than before: a slow machine, or a slow server."""
    if ratio > factor:
        yield f"scenarios take {ratio:.1f} times as long as before (median)"


def _changed(name: str, old: str, new: str) -> Iterator[str]:
    if old != new:
        yield f"{name} {old} {ARROW} {new}"


def _product(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    """`Server 6.4.2 → 8.1.1`, with the edition only if it changed."""
    names = ["version", *(["edition"] if old["edition"] != new["edition"] else [])]
    tails = [" ".join(one[name] or f"(no {name})" for name in names) for one in (old, new)]
    products = [one["product"] or "(no product)" for one in (old, new)]
    if products[0] == products[1]:
        yield from _changed(products[0], *tails)
    else:
        yield " ".join([products[0], old["version"] or "", ARROW, products[1], new["version"] or ""]).strip()


def _requirements(before: Summary, after: Summary) -> Iterator[str]:
    if before["specs"]["digest"] == after["specs"]["digest"]:
        return
    old, new = ({one["id"]: one["level"] for one in side["requirements"]} for side in (before, after))
    counts = {
        "added": len(new.keys() - old.keys()),
        "removed": len(old.keys() - new.keys()),
        "of another level": sum(old[id] != new[id] for id in old.keys() & new.keys()),
    }
    text = ", ".join(f"{count} {what}" for what, count in counts.items() if count) or "the same IDs and levels"
    digests = [side["specs"]["digest"][:SHORT] for side in (before, after)]
    yield f"requirements {digests[0]} {ARROW} {digests[1]}: {text}"


def _options(old: Mapping[str, bool], new: Mapping[str, bool]) -> Iterator[str]:
    words = {True: "yes", False: "no"}
    for name in dict.fromkeys([*old, *new]):
        yield from _changed(name.replace("_", " "), words[old.get(name, False)], words[new.get(name, False)])


def _facts(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[str]:
    for name in dict.fromkeys([*old, *new]):
        if name not in old:
            yield f"{name} added: {new[name]}"
        elif name not in new:
            yield f"{name} removed: {old[name]}"
        else:
            yield from _changed(name, old[name], new[name])
