"""JasperReports Server in its versions: the clean server with exactly the deviations registered for a version."""

from __future__ import annotations

from functools import lru_cache

from pytest_reportconformance.jasperserver.reference.deviations import ending, finding, output, telling
from pytest_reportconformance.jasperserver.reference.people import (
    WHOLE,
    Account,
    Organisation,
    lone_administrator,
    people_of_one_organisation,
)
from pytest_reportconformance.jasperserver.reference.server import Reference
from pytest_reportconformance.register import load

PRODUCT = "JasperReports Server"
VERSIONS = ("6.4.2", "8.1.1", "8.2")
PLAYED: dict[str, type[Reference]] = {
    "DEV-01": ending.DeletesTheUnknown,
    "DEV-02": ending.CancelsTheUnknown,
    "DEV-03": ending.KeepsTheCancelled,
    "DEV-04": telling.PrefersJson,
    "DEV-05": telling.BreaksPlainXmlStatus,
    "DEV-06": telling.TellsAsyncCancel,
    "DEV-07": telling.TellsPageStatusInJsonOnly,
    "DEV-08": telling.HasNoPageStatusAndInfo,
    "DEV-09": output.ForbidsBadOptions,
    "DEV-10": finding.ListsTheRunningOnly,
    "DEV-11": finding.ShowsOwnExecutions,
    "DEV-12": finding.BreaksOnArguments,
    "DEV-13": finding.BreaksOnOddJobIds,
    "DEV-14": ending.IgnoresCancelsOfTheQueued,
    "DEV-15": ending.HidesForeignCancels,
    "DEV-16": ending.FailsCancelledExports,
    "DEV-17": output.ResetsExports,
    "DEV-19": telling.DropsBadPagesInXml,
    "DEV-21": finding.BindsToSessions,
    "DEV-22": output.NamesOwnTypes,
    "DEV-23": output.CachesAssets,
    "DEV-24": telling.RequeuesTheRunning,
    "DEV-25": output.KeepsOldOutput,
    "DEV-26": output.FinalOnHtmlOnly,
    "DEV-27": ending.CancelsForNothing,
    "DEV-28": finding.DefaultsWhatIsNotListed,
    "DEV-29": output.WritesXlsxForXls,
    "DEV-30": telling.BreaksOnEmptyRuns,
    "DEV-31": output.HasEmptyOutputs,
    "DEV-32": telling.HidesReasons,
    "DEV-33": ending.DeletesTheUnknown,
    "DEV-34": output.DoublesSlashes,
    "DEV-35": telling.AcceptsPrefixedIds,
    "DEV-36": telling.RefusesARangeOfOnePage,
    "DEV-37": telling.ExportsPdfForNothing,
    "DEV-39": finding.HidesJobs,
    "DEV-40": finding.HidesJobs,
    "DEV-42": ending.CancelsLater,
    "DEV-43": telling.TellsTimestampMessages,
    "DEV-44": output.AwaitsTheWholeReport,
    "DEV-45": telling.TellsNothingBeforeTheFirstPage,
    "DEV-47": finding.BreaksOnRelativeUris,
    "DEV-48": telling.TakesPageZero,
    "DEV-49": output.PagesOnHtmlOnly,
    "DEV-50": telling.TellsOutputTimestamps,
    "DEV-52": ending.ListsTheCancelledOnceMore,
    "DEV-55": ending.CancelsLater,
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
        finding.FindsRunsByUser,
        finding.KeepsSessionsOfTheDeleted,
        ending.RefusesCancelsWithoutWords,
        telling.TypesEmptyAnswers,
    ),
    "8.1.1": (
        finding.FindsRunsByUser,
        finding.BeginsAtOnce,
        finding.CannotDeleteUsers,
        ending.RefusesCancelsWithoutWords,
    ),
    "8.2": (finding.FindsRunsByUser, finding.BeginsAtOnce, ending.RefusesCancelsWithoutWords),
}
"""What else a version does otherwise than the clean server, where the document is silent."""


class Edition(Reference):
    """The community edition: one organisation, and no superuser apart from its administrators."""

    edition = "CE"

    def staff(self, *, bare: bool) -> dict[str, Account]:
        """People of one organisation."""
        return lone_administrator() if bare else people_of_one_organisation()

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
