"""JasperReports Server in its versions: the clean server with exactly the deviations registered for a version."""

from __future__ import annotations

from functools import lru_cache

from pytest_reportconformance.jasperserver.reference.deviations import cancel_delete, output, representation, search
from pytest_reportconformance.jasperserver.reference.identities import (
    WHOLE,
    Account,
    Organisation,
    identities_of_one_organisation,
    lone_administrator,
)
from pytest_reportconformance.jasperserver.reference.server import Reference
from pytest_reportconformance.register.register import load

PRODUCT = "JasperReports Server"
VERSIONS = ("6.4.2", "8.1.1", "8.2")
PLAYED: dict[str, type[Reference]] = {
    "DEV-01": cancel_delete.DeletesTheUnknown,
    "DEV-02": cancel_delete.CancelsTheUnknown,
    "DEV-03": cancel_delete.KeepsTheCancelled,
    "DEV-04": representation.PrefersJson,
    "DEV-05": representation.BreaksPlainXmlStatus,
    "DEV-06": representation.TellsAsyncCancel,
    "DEV-07": representation.TellsPageStatusInJsonOnly,
    "DEV-08": representation.HasNoPageStatusAndInfo,
    "DEV-09": output.ForbidsBadOptions,
    "DEV-10": search.ListsTheRunningOnly,
    "DEV-11": search.ShowsOwnExecutions,
    "DEV-12": search.BreaksOnArguments,
    "DEV-13": search.BreaksOnOddJobIds,
    "DEV-14": cancel_delete.IgnoresCancelsOfTheQueued,
    "DEV-15": cancel_delete.HidesForeignCancels,
    "DEV-16": cancel_delete.FailsCancelledExports,
    "DEV-17": output.ResetsExports,
    "DEV-19": representation.DropsBadPagesInXml,
    "DEV-21": search.BindsToSessions,
    "DEV-22": output.NamesOwnTypes,
    "DEV-23": output.CachesAssets,
    "DEV-24": representation.RequeuesTheRunning,
    "DEV-25": output.KeepsOldOutput,
    "DEV-26": output.FinalOnHtmlOnly,
    "DEV-27": cancel_delete.CancelsForNothing,
    "DEV-28": search.DefaultsWhatIsNotListed,
    "DEV-29": output.WritesXlsxForXls,
    "DEV-30": representation.BreaksOnEmptyRuns,
    "DEV-31": output.HasEmptyOutputs,
    "DEV-32": representation.HidesReasons,
    "DEV-33": cancel_delete.DeletesTheUnknown,
    "DEV-34": output.DoublesSlashes,
    "DEV-35": representation.AcceptsPrefixedIds,
    "DEV-36": representation.RefusesARangeOfOnePage,
    "DEV-37": representation.ExportsPdfForNothing,
    "DEV-39": search.HidesJobs,
    "DEV-40": search.HidesJobs,
    "DEV-42": cancel_delete.CancelsLater,
    "DEV-43": representation.TellsTimestampMessages,
    "DEV-44": output.AwaitsTheWholeReport,
    "DEV-45": representation.TellsNothingBeforeTheFirstPage,
    "DEV-47": search.BreaksOnRelativeUris,
    "DEV-48": representation.TakesPageZero,
    "DEV-49": output.PagesOnHtmlOnly,
    "DEV-50": representation.TellsOutputTimestamps,
    "DEV-52": cancel_delete.ListsTheCancelledOnceMore,
    "DEV-55": cancel_delete.CancelsLater,
}
"""The class that plays a registered deviation."""
AS_THE_CLEAN_SERVER = frozenset(
    ["DEV-18", "DEV-20", "DEV-38", "DEV-46", "DEV-51", "DEV-53", "DEV-54", "DEV-56"],
)
"""Quirks that the clean server has too."""
OUT_OF_RANGE = frozenset(["DEV-41"])
"""Deviations of versions that no edition plays."""
UNREGISTERED: dict[str, tuple[type[Reference], ...]] = {
    "6.4.2": (
        search.FindsRunsByUser,
        search.KeepsSessionsOfTheDeleted,
        cancel_delete.RefusesCancelsWithoutWords,
        representation.TypesEmptyAnswers,
    ),
    "8.1.1": (
        search.FindsRunsByUser,
        search.BeginsAtOnce,
        search.CannotDeleteUsers,
        cancel_delete.RefusesCancelsWithoutWords,
    ),
    "8.2": (search.FindsRunsByUser, search.BeginsAtOnce, cancel_delete.RefusesCancelsWithoutWords),
}
"""What else a version does otherwise than the clean server, where the document is silent."""


class Edition(Reference):
    """The community edition: one organisation, and no superuser apart from its administrators."""

    edition = "CE"

    def staff(self, *, bare: bool) -> dict[str, Account]:
        """People of one organisation."""
        return lone_administrator() if bare else identities_of_one_organisation()

    def organisations(self) -> tuple[Organisation, ...]:
        """The one."""
        return (WHOLE,)

    def target_facts(self) -> dict[str, str]:
        """The product by its name, so that its deviations are known."""
        return {"product": PRODUCT, "version": self.version, "edition": self.edition}


@lru_cache
def edition(version: str) -> type[Reference]:
    """The server of a version (one of `VERSIONS`); raises ValueError for others."""
    if version not in VERSIONS:
        raise ValueError(f"there is no edition {version}: choose one of {', '.join(VERSIONS)}")
    known = load("jasperserver").deviations.values()
    played = [PLAYED[one.id] for one in known if one.applies(PRODUCT, version) and one.id in PLAYED]
    bases = dict.fromkeys([*UNREGISTERED[version], *played, Edition])
    made: type[Reference] = type(f"Edition{version.replace('.', '_')}", tuple(bases), {"version": version})
    return made
