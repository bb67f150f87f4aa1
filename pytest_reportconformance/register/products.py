"""How a vendor's product differs from the document: its known deviations, and the requirements that do not apply to it.

Standard library only; entries that break the format are refused as `register` refuses them.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal, cast

from pytest_reportconformance.register.strict_toml import Table, choices
from pytest_reportconformance.register.versions import is_range, lies_in

EVIDENCE = ("answered", "shown_by", "elsewhere")
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True)
class Deviation:
    """A known difference between document and product, for a range of versions; a quirk violates no requirement.

    ``observed_on`` lists the versions on which it was observed, ``shown_by`` is the exchange that shows it, and
    ``elsewhere`` how it is known for the other versions. If ``answered`` is not empty, it excuses only violations that
    an answer with one of these statuses shows.
    """

    id: str
    product: str
    versions: str
    requirements: tuple[str, ...]
    quirk: bool
    occurs: Literal["always", "sometimes"]
    instead: str
    observed_on: tuple[str, ...] = ()
    answered: tuple[int, ...] = ()
    shown_by: str | None = None
    elsewhere: str | None = None

    def applies(self, product: str | None, version: str | None) -> bool:
        """Whether ``product`` at ``version`` is known to deviate so."""
        return product == self.product and lies_in(version, self.versions)

    def excuses(self, status: int | None) -> bool:
        """Whether it is shown by an answer of this status; None: by no answer."""
        return not self.answered or status in self.answered


@dataclass(frozen=True)
class NotApplicable:
    """Requirements that a fact of the product leaves without an object, for a range of versions."""

    requirements: tuple[str, ...]
    reason: str
    versions: str = "*"


@dataclass(frozen=True)
class ProductFacts:
    """Facts of one edition of a product; ``edition`` is None where they hold for every edition."""

    name: str
    product: str
    edition: str | None
    facts: tuple[NotApplicable, ...]

    def not_applicable(
        self, requirement_id: str, product: str | None, edition: str | None, version: str | None
    ) -> str | None:
        """The reason why the requirement has no object on this product, or None."""
        if product != self.product or self.edition not in (None, edition):
            return None
        reasons = (f.reason for f in self.facts if requirement_id in f.requirements and lies_in(version, f.versions))
        return next(reasons, None)


def read_deviation(table: Table, known: Collection[str]) -> Deviation:
    """One entry of ``deviations.toml``; ``known`` are the ids of all requirements."""
    table.only("product", "versions", "requirements", "quirk", "occurs", "instead", "observed_on", *EVIDENCE)
    if not _SLUG.fullmatch(table.key):
        table.refuse("id", table.key, "<slug>, words that name the difference")
    requirements, quirk = _ids(table, known), table.flag("quirk", False)
    if quirk == bool(requirements):
        table.refuse("quirk", quirk, "either requirements that it breaks, or quirk = true")
    return Deviation(
        id=table.key,
        product=table.text("product"),
        versions=_versions(table),
        requirements=requirements,
        quirk=quirk,
        occurs=cast(Literal["always", "sometimes"], table.text("occurs", ("always", "sometimes"))),
        instead=table.text("instead"),
        observed_on=_observed_on(table),
        answered=table.items("answered", int),
        shown_by=table.optional("shown_by"),
        elsewhere=table.text("elsewhere", ("read", "assumed")) if "elsewhere" in table.values else None,
    )


def _observed_on(table: Table) -> tuple[str, ...]:
    versions = table.items("observed_on", str)
    for version in versions:
        if not lies_in(version, table.text("versions")):
            table.refuse("observed_on", version, f"versions in {table.text('versions')}")
    return versions


def read_facts(table: Table, known: Collection[str]) -> ProductFacts:
    """One entry of ``products.toml``; ``known`` are the ids of all requirements."""
    table.only("product", "edition", "not_applicable")
    facts = tuple(_fact(fact, known) for fact in table.array("not_applicable"))
    return ProductFacts(table.key, table.text("product"), table.optional("edition"), facts)


def _fact(table: Table, known: Collection[str]) -> NotApplicable:
    table.only("requirements", "reason", "versions")
    versions = _versions(table) if "versions" in table.values else "*"
    return NotApplicable(_ids(table, known), table.text("reason"), versions)


def _versions(table: Table) -> str:
    found = table.text("versions")
    if not is_range(found):
        table.refuse("versions", found, "'*' or comparisons separated by commas, such as '>=6.2.1,<=8.2'")
    return found


def _ids(table: Table, known: Collection[str]) -> tuple[str, ...]:
    """The ids under ``requirements``, patterns expanded; each names at least one."""
    found: dict[str, None] = {}
    for pattern in table.items("requirements", str):
        named = [id for id in known if fnmatchcase(id, pattern)]
        if not named:
            table.refuse("requirements", pattern, choices(pattern, known))
        found.update(dict.fromkeys(named))
    return tuple(found)
