"""What is true of an execution at a moment: its state follows from the clock, no thread belongs to it.

Rule: this module knows neither HTTP nor authorization. It holds the true state; a server may show another one.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import datetime

from pytest_reportconformance.jasperserver.reference.documents.formats import FORMATS
from pytest_reportconformance.jasperserver.reference.faults import CANCELLED, FAILED, Fault
from pytest_reportconformance.jasperserver.reference.identities import Identity
from pytest_reportconformance.jasperserver.reference.options import ExportOptions, RunOptions, Values
from pytest_reportconformance.jasperserver.reference.reports import Page, Plan, merged

TERMINAL = frozenset({"ready", "failed", "cancelled"})
EXPORT_SECONDS = 0.008


@dataclass
class Fill:
    """One filling of a report with data; times are seconds of the server's clock."""

    plan: Plan
    begins: float
    endless: bool = False
    cancelled_at: float | None = None

    @property
    def ends(self) -> float:
        """When the work is over."""
        return self.begins + self.plan.seconds

    def status(self, now: float) -> str:
        """One of queued, execution, ready, failed, cancelled."""
        if self.cancelled_at is not None:
            return "cancelled"
        if now < self.begins:
            return "queued"
        if now < self.ends:
            return "execution"
        return "failed" if self.plan.fault else "ready"

    def pages(self, endless: bool | None = None) -> tuple[Page, ...]:
        """All its pages; a single one if pagination is ignored."""
        return merged(self.plan.pages) if (self.endless if endless is None else endless) else self.plan.pages

    def moment(self, page: int, endless: bool | None = None) -> float:
        """When a page (from 1) exists; if it never will, when that is known."""
        if (self.endless if endless is None else endless) or not 1 <= page <= len(self.plan.made_after):
            return self.ends
        return self.begins + self.plan.made_after[page - 1]

    def pages_made(self, now: float) -> int:
        """How many pages exist."""
        until = now if self.cancelled_at is None else min(now, self.cancelled_at)
        if until >= self.ends and self.plan.fault is None:
            return len(self.pages())
        return 0 if self.endless else sum(1 for after in self.plan.made_after if self.begins + after <= until)


@dataclass
class Export:
    """One output of an execution; `asked` is when, in seconds of the server's clock, `takes` how long it takes then."""

    id: str
    options: ExportOptions
    asked: float
    takes: float = EXPORT_SECONDS

    def due(self, fill: Fill) -> float:
        """When it is finished, successfully or not."""
        wanted = self.options.pages
        known = fill.moment(wanted.last, self.options.ignore_pagination) if wanted else fill.ends
        return max(known, self.asked) + self.takes

    def status(self, fill: Fill, now: float) -> str:
        """One of queued, execution, ready, failed, cancelled."""
        if fill.status(now) in ("cancelled", "failed"):
            return fill.status(now)
        due = self.due(fill)
        if now < due:
            return "queued" if now < due - self.takes else "execution"
        return "failed" if self.options_fault(fill) else "ready"

    def options_fault(self, fill: Fill) -> Fault | None:
        """What is wrong with the options; None if nothing is."""
        pages, wanted, anchor = fill.pages(self.options.ignore_pagination), self.options.pages, self.options.anchor
        if self.options.format not in FORMATS:
            name = str(self.options.format)
            return Fault("webservices.error.errorExportingReportUnit", f"There is no format {name}.", (name,))
        if wanted and (wanted.first < 1 or wanted.last > len(pages)):
            numbers = (wanted.text, str(len(pages)))
            return Fault("page.number.out.of.range", f"Page {numbers[0]} of {numbers[1]} does not exist.", numbers)
        if anchor is not None and self.anchored(pages) is None:
            return Fault("illegal.parameter.value.error", f"There is no anchor {anchor}.", ("anchor", anchor))
        return None

    def anchored(self, pages: tuple[Page, ...]) -> int | None:
        """The index of the page that holds the requested anchor."""
        return next((index for index, page in enumerate(pages) if self.options.anchor in page.anchors), None)

    def fault(self, fill: Fill, now: float) -> Fault | None:
        """Why it failed; None if it did not."""
        status = self.status(fill, now)
        if status == "cancelled":
            return CANCELLED
        if status != "failed":
            return None
        return FAILED if fill.status(now) == "failed" else self.options_fault(fill)

    def indices(self, fill: Fill) -> range:
        """The indices (from 0) of the pages in its output."""
        pages, wanted = fill.pages(self.options.ignore_pagination), self.options.pages
        if self.options.anchor is not None:
            at = self.anchored(pages) or 0
            return range(at, at + 1)
        return range(wanted.first - 1, wanted.last) if wanted else range(len(pages))


@dataclass(frozen=True)
class JobRun:
    """The job of an execution that the scheduler started."""

    id: int
    label: str
    username: str
    fired: datetime


@dataclass
class Execution:
    """A report that a user or the scheduler ran; `unit_uri` is absolute, `options.uri` as sent."""

    id: str
    owner: Identity
    session: str
    unit_uri: str
    options: RunOptions
    fill: Fill
    exports: dict[str, Export] = field(default_factory=dict)
    job: JobRun | None = None
    deleted: bool = False
    changed: threading.Condition = field(default_factory=threading.Condition)

    @property
    def values(self) -> Values:
        """The parameters of its first run."""
        return self.options.values
