"""The time range of a request: given by two moments, by a name, or by the report's default."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from pytest_reportconformance.akamai_reporting.reference.catalogue import TIME_RANGES, Report
from pytest_reportconformance.akamai_reporting.reference.discovery import Discovery
from pytest_reportconformance.akamai_reporting.reference.problems import Fault
from pytest_reportconformance.akamai_reporting.reference.selection import Period
from pytest_reportconformance.http.server import Call

DATE_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)")


def moment_of(text: str) -> datetime | None:
    """An RFC 3339 date-time with up to nine fractional digits, None for anything else."""
    if not DATE_TIME.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text.upper())
    except ValueError:
        return None


class Periods(Discovery):
    """Reads and judges `start`, `end` and `timeRange`."""

    def period_of(self, call: Call, report: Report) -> Period:
        """The period of a request that was found valid."""
        start, end = moment_of(call.argument("start") or ""), moment_of(call.argument("end") or "")
        if start and end:
            return self.fixed_period(start, end)
        return self.relative_period(TIME_RANGES.get(call.argument("timeRange") or "", report.default_minutes))

    def fixed_period(self, start: datetime, end: datetime) -> Period:
        """From one moment to another; equal moments mean equal data, in any notation."""
        return Period(start, end, f"{start.astimezone(UTC).isoformat()}/{end.astimezone(UTC).isoformat()}")

    def relative_period(self, minutes: int) -> Period:
        """The last minutes up to now."""
        now = self.now()
        return Period(now - timedelta(minutes=minutes), now, f"last {minutes} minutes")

    def validate_period(self, call: Call, report: Report) -> Iterator[Fault]:
        """Everything wrong with the time range."""
        if call.argument("start") is None and call.argument("end") is None:
            yield from self.validate_time_range(call.argument("timeRange"), report)
            return
        if call.argument("timeRange") is not None:
            yield Fault("timeRange", "Ambiguous time range", "Give either timeRange or start and end")
        start, end = moment_of(call.argument("start") or ""), moment_of(call.argument("end") or "")
        if start is None or end is None:
            yield Fault("start", "Invalid time range", "start and end go together, each a date-time of RFC 3339")
            return
        yield from self.validate_order(start, end)
        yield from self.validate_length(start, end, report)
        yield from self.validate_retention(start, report)

    def validate_time_range(self, name: str | None, report: Report) -> Iterator[Fault]:
        """A named time range is one that the report offers."""
        if name is not None and name not in report.time_ranges:
            yield Fault("timeRange", "Invalid time range", f"The report does not offer the time range '{name}'")

    def validate_order(self, start: datetime, end: datetime) -> Iterator[Fault]:
        """The end comes after the start."""
        if end <= start:
            yield Fault("end", "Invalid time range", "end is not later than start")

    def validate_length(self, start: datetime, end: datetime, report: Report) -> Iterator[Fault]:
        """The range is no longer than the report's limit."""
        if end - start > timedelta(days=report.maximum_days):
            yield Fault("end", "Time range too long", f"More than {report.maximum_days} days")

    def validate_retention(self, start: datetime, report: Report) -> Iterator[Fault]:
        """Data that old is still kept."""
        if self.now() - start > timedelta(days=report.retention_days):
            yield Fault("start", "Data no longer kept", f"More than {report.retention_days} days ago")
