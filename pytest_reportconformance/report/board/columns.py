"""The targets of a board: each target, edition and version is one column, filled by its last run."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pytest_reportconformance.report.runs import Run, Target
from pytest_reportconformance.transcript.parsing import visible

LONGEST_SLUG = 80
EMBEDDED, REFERENCE = "embedded-", "reference server"
"""What the names of the reference servers of this suite begin with, and what they are called."""


@dataclass(frozen=True)
class Column:
    """One target: `key` names its files, `head` is short, and unique among the targets of its API."""

    key: str
    head: str
    runs: tuple[Run, ...]

    @property
    def run(self) -> Run:
        """The last run."""
        return self.runs[-1]

    @property
    def target(self) -> Target:
        """The server that was tested."""
        return self.run.target

    @property
    def title(self) -> str:
        """Product, version and edition; the name of the target without a product."""
        product = " ".join(filter(None, (self.target.product, self.target.version, self.target.edition)))
        return visible((f"{product} ({REFERENCE})" if self.embedded else product) if product else self.target.name)

    @property
    def embedded(self) -> bool:
        """Whether it is a reference server of this suite."""
        return _embedded(self.target)


def _embedded(target: Target) -> bool:
    return target.name.startswith(EMBEDDED)


def columns(runs: Iterable[Run]) -> dict[str, tuple[Column, ...]]:
    """The columns of each API: by product, edition and version."""
    of: dict[Target, list[Run]] = {}
    for run in sorted(runs, key=lambda run: run.started):
        of.setdefault(run.target, []).append(run)
    targets = sorted(of, key=_order)
    keys = dict(zip(targets, unique(slug(_whole(target)) for target in targets), strict=True))
    found: dict[str, tuple[Column, ...]] = {}
    for api in dict.fromkeys(target.api for target in targets):
        own = [target for target in targets if target.api == api]
        heads = _heads(own)
        found[api] = tuple(Column(keys[target], heads[target], tuple(of[target])) for target in own)
    return found


def _order(target: Target) -> tuple[object, ...]:
    return (target.api, target.product or "", target.edition or "", number(target.version or ""), target.name)


def number(version: str) -> tuple[tuple[int, str], ...]:
    """A version as something that is ordered like its numbers, however long they are."""
    parts = [part.lstrip("0") for part in re.findall(r"[0-9]+", version)]
    return tuple((len(part), part) for part in parts)


def _whole(target: Target) -> str:
    return " ".join(filter(None, (target.product or target.api, target.version, target.edition, target.name)))


def _heads(targets: Iterable[Target]) -> Mapping[Target, str]:
    """The version, if no other target has it; with the edition, or with the name, as far as needed."""
    choices = {target: tuple(_choices(target)) for target in targets}
    return {
        target: next((text for text in texts if sum(text in other for other in choices.values()) == 1), texts[-1])
        for target, texts in choices.items()
    }


def _choices(target: Target) -> Iterator[str]:
    """Texts for the head of a target, shortest first; the last one is unique."""
    name = REFERENCE if _embedded(target) and target.version else target.name
    for rest in ((), (target.edition,), (name,), (target.name,), (target.product, target.edition, target.name)):
        text = " ".join(filter(None, (target.version, *rest)))
        if text:
            yield visible(text)


def slug(text: str) -> str:
    """A text as a name of a file and of a place in a page: ASCII letters, digits, `.`, `_` and `-`."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9._-]+", "-", plain).strip("-.")[:LONGEST_SLUG] or "unnamed"


def unique(slugs: Iterable[str]) -> Iterator[str]:
    """The slugs, those that are there already with a number."""
    seen: set[str] = set()
    for text in slugs:
        free, count = text, 1
        while free in seen:
            count += 1
            free = f"{text}-{count}"
        seen.add(free)
        yield free
