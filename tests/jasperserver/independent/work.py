"""Executions and exports: no state machine, only a clock that each one is read against."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from tests.jasperserver.independent import documents
from tests.jasperserver.independent.reports import Report

INFINITE = float("inf")


def truth(value: Any) -> bool:
    return str(value).lower() == "true"


@dataclass
class Work:
    """One run of a report: its state at a time follows from its begin, its end and when it was stopped."""

    report: Report
    pages: list[str]
    began: float
    invalid: list[str]
    stopped: float = INFINITE

    @property
    def ends(self) -> float:
        return self.began + (0 if self.invalid else self.report.seconds)

    def at(self, page: int) -> float:
        """When a page exists; at the end if the report has no such page."""
        if self.report.seconds == 0 or self.report.pages < 2:
            return self.ends
        return self.began + self.report.seconds * page / self.report.pages

    def state(self) -> str:
        now = time.monotonic()
        if self.stopped <= min(now, self.ends):
            return "cancelled"
        if now < self.ends:
            return "queued" if now < self.began + self.report.seconds / 8 else "execution"
        return "failed" if self.problem() else "ready"

    def problem(self) -> dict[str, Any] | None:
        if self.invalid:
            return {
                "errorCode": "input.controls.validation.error",
                "message": "No such value.",
                "parameters": self.invalid,
            }
        return {"message": "The query went wrong.", "errorCode": "query.failed"} if self.report.fails else None

    def pages_made(self) -> int:
        """How many pages exist now."""
        upto = min(time.monotonic(), self.stopped)
        count = sum(self.at(page) <= upto for page in range(1, self.report.pages + 1))
        return 1 if count and len(self.pages) == 1 else count


@dataclass
class Export:
    """An output of a range of pages."""

    id: str
    work: Work
    options: dict[str, Any]
    bounds: tuple[int, int] | None

    @property
    def format(self) -> str:
        return str(self.options["outputFormat"]).lower()

    def state(self) -> str:
        state = self.work.state()
        if self.bounds and self.bounds[1] <= self.work.pages_made():
            return "ready"
        if self.bounds and state == "ready":
            return "failed"
        return "failed" if state == "cancelled" else state

    def problem(self) -> dict[str, Any]:
        if self.work.state() == "ready":
            return {
                "errorCode": "page.number.out.of.range",
                "parameters": [str(self.options.get("pages"))],
                "message": "No such page.",
            }
        return self.work.problem() or {"errorCode": "report.execution.cancelled", "message": "It was stopped."}

    def texts(self) -> list[str]:
        first, last = self.bounds or (1, len(self.work.pages))
        pages = self.work.pages[first - 1 : last]
        return ["\n".join(pages)] if truth(self.options.get("ignorePagination")) and pages else pages

    def names(self) -> dict[str, tuple[str, bytes]]:
        """The attachments: media type and bytes by name."""
        if self.format != "html":
            return {}
        found = {"page.js": ("text/javascript", documents.SCRIPT)}
        if self.work.report.pictures:
            found |= {"bild 1 (grün).png": ("image/png", documents.png()), "dot.gif": ("image/gif", documents.GIF)}
        return found


@dataclass
class Execution:
    """A report execution; `options` is the body that started it."""

    id: str
    owner: str
    uri: str
    work: Work
    options: dict[str, Any]
    exports: dict[str, Export] = field(default_factory=dict)
    job: dict[str, Any] | None = None
    count: int = 0
