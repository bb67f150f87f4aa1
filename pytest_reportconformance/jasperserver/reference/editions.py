"""JasperReports Server in its versions: the reference server with exactly the deviations registered for a version."""

from __future__ import annotations

from functools import lru_cache

from pytest_reportconformance.jasperserver.reference.deviations import (
    access,
    cancel_delete,
    output,
    refusals,
    representation,
    search,
)
from pytest_reportconformance.jasperserver.reference.deviations.plays import played
from pytest_reportconformance.jasperserver.reference.identities import (
    WHOLE,
    Account,
    Organization,
    identities_of_one_organization,
    lone_administrator,
)
from pytest_reportconformance.jasperserver.reference.server import Reference
from pytest_reportconformance.register.register import load

PRODUCT = "JasperReports Server"
VERSIONS = ("6.4.2", "7.8.1", "8.0.2", "8.1.1", "8.2.0")
ALIASES = {"8.2": "8.2.0"}
MODULES = (access, cancel_delete, output, refusals, representation, search)
PLAYED: dict[str, type[Reference]] = dict(played(MODULES))
"""The class that shows a registered deviation."""
AS_REFERENCE = "the reference server does the same"
NOT_PLAYED = {
    "exports-not-readable": AS_REFERENCE,
    "export-omits-its-options": AS_REFERENCE,
    "fresh-data-is-false-by-default": AS_REFERENCE,
    "bookmarks-need-a-property": AS_REFERENCE,
    "base-url-ignored-for-images": AS_REFERENCE,
    "missing-parameter-replaced": AS_REFERENCE,
    "refused-values-accepted-by-parameters": AS_REFERENCE,
    "plain-map-of-parameters-ignored": AS_REFERENCE,
    "search-by-report-uri-misses-runs": "it occurs in none of `VERSIONS`",
}
"""Why a registered deviation has no class."""
EVERYWHERE = (
    search.FindsRunsByUser,
    search.ReadsUrisWithSlash,
    cancel_delete.RefusesOtherValuesWithoutBody,
    refusals.RefusesEncodedSlashes,
)
SINCE_7 = (*EVERYWHERE, search.NeverQueues, refusals.ShowsErrorPages, refusals.NamesCancelledReports)
SINCE_8 = (*SINCE_7, output.AddsOutputHeaders, representation.DescribesNoPagePastTheEnd)
UNREGISTERED: dict[str, tuple[type[Reference], ...]] = {
    "6.4.2": (
        *EVERYWHERE,
        search.KeepsSessionsOfTheDeleted,
        representation.TypesEmptyAnswers,
        refusals.ShowsFewErrorPages,
        refusals.NamesNoCancelledReports,
        refusals.ForbidsEncodedDots,
    ),
    "7.8.1": (*SINCE_7, output.AddsTimestampHeaders, representation.WritesPageStatusAsTexts),
    "8.0.2": SINCE_8,
    "8.1.1": (*SINCE_8, search.CannotDeleteUsers),
    "8.2.0": (*SINCE_8, access.LocksAccounts, refusals.RefusesEncodedDots),
}
"""Further differences of a version, about which the document is silent."""


class Edition(Reference):
    """The community edition: one organization, no superuser besides its administrators, no data snapshots."""

    edition = "CE"
    offers_snapshots = False

    def staff(self, *, bare: bool) -> dict[str, Account]:
        """The accounts of one organization."""
        return lone_administrator() if bare else identities_of_one_organization()

    def organizations(self) -> tuple[Organization, ...]:
        """The only organization."""
        return (WHOLE,)

    def target_facts(self) -> dict[str, str]:
        """Product, version and edition, by which the register finds the known deviations."""
        return {"product": PRODUCT, "version": self.version, "edition": self.edition}


@lru_cache
def edition(version: str) -> type[Reference]:
    """The server of a version (one of `VERSIONS`, or an alias); raises ValueError for any other version."""
    version = ALIASES.get(version, version)
    if version not in VERSIONS:
        raise ValueError(f"there is no edition {version}: choose one of {', '.join(VERSIONS)}")
    known = load("jasperserver").deviations.values()
    shown = [PLAYED[one.id] for one in known if one.applies(PRODUCT, version) and one.id in PLAYED]
    bases = dict.fromkeys([*UNREGISTERED[version], *shown, Edition])
    server: type[Reference] = type(f"Edition{version.replace('.', '_')}", tuple(bases), {"version": version})
    return server
