"""Servers with faults in searches by fire time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.jasperserver.reference.faults import Refusal
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.state import Execution
from tests.jasperserver.faults import asks_plain_xml
from tests.mutation.kill_matrix import kills

Moment = datetime | None


@kills("jasperserver.jobs.unmatched-argument", "jasperserver.jobs.combined")
class BeginningIsIgnored(Reference):
    """Ignores fireTimeFrom."""

    def matches_fire_time(self, execution: Execution, first: Moment, last: Moment) -> bool:
        return super().matches_fire_time(execution, first and datetime(2000, 1, 1, tzinfo=UTC), last)


@kills("jasperserver.jobs.unmatched-argument", "jasperserver.jobs.combined")
class EndIsIgnored(Reference):
    """Ignores fireTimeTo."""

    def matches_fire_time(self, execution: Execution, first: Moment, last: Moment) -> bool:
        return super().matches_fire_time(execution, first, last and datetime(2100, 1, 1, tzinfo=UTC))


@kills("jasperserver.jobs.unmatched-argument")
class EndOfARangeIsIgnored(Reference):
    """Ignores fireTimeTo if fireTimeFrom is also given."""

    def matches_fire_time(self, execution: Execution, first: Moment, last: Moment) -> bool:
        return super().matches_fire_time(execution, first, None if first else last)


@kills("jasperserver.jobs.by-fire-time-range")
class RangesAreEmpty(Reference):
    """Swaps the ends of a range."""

    def matches_fire_time(self, execution: Execution, first: Moment, last: Moment) -> bool:
        if first and last:
            first, last = last, first
        return super().matches_fire_time(execution, first, last)


@kills(
    "jasperserver.jobs.by-fire-time-from", "jasperserver.jobs.by-fire-time-to", "jasperserver.jobs.by-fire-time-range"
)
class ZoneIsIgnored(Reference):
    """Treats every fire time as UTC, whatever its offset."""

    def fire_range(self, caller: Caller) -> tuple[Moment, Moment]:
        first, last = super().fire_range(caller)
        return self.shifted(caller, "fireTimeFrom", first), self.shifted(caller, "fireTimeTo", last)

    def shifted(self, caller: Caller, name: str, moment: Moment) -> Moment:
        text = caller.call.argument(name) or ""
        return moment and datetime.strptime(text[:16], "%Y-%m-%dT%H:%M").replace(tzinfo=UTC)


@kills("jasperserver.jobs.by-fire-time-to", "jasperserver.jobs.by-fire-time-range")
class ZoneOfTheEndIsReversed(Reference):
    """Treats a western offset of fireTimeTo as an eastern one."""

    def fire_range(self, caller: Caller) -> tuple[Moment, Moment]:
        first, last = super().fire_range(caller)
        text = caller.call.argument("fireTimeTo") or ""
        if last and "-" in text[16:]:
            last -= 2 * timedelta(hours=int(text[17:19]))
        return first, last


@kills("jasperserver.jobs.fire-time-from-inclusive")
class BeginningIsExclusive(Reference):
    """Excludes the first minute of a range."""

    def matches_fire_time(self, execution: Execution, first: Moment, last: Moment) -> bool:
        return super().matches_fire_time(execution, first and first + timedelta(minutes=1), last)


@kills("jasperserver.jobs.fire-time-to-inclusive")
class EndIsExclusive(Reference):
    """Excludes the last minute of a range."""

    def matches_fire_time(self, execution: Execution, first: Moment, last: Moment) -> bool:
        return super().matches_fire_time(execution, first, last and last - timedelta(minutes=1))


@kills("jasperserver.jobs.unmatched-argument", "jasperserver.jobs.combined")
class RangesAreADayWide(Reference):
    """Compares fire times with ranges by day."""

    def matches_fire_time(self, execution: Execution, first: Moment, last: Moment) -> bool:
        day = timedelta(hours=24)
        return super().matches_fire_time(execution, first and first - day, last and last + day)


@kills("jasperserver.jobs.fire-time-leaves-runs-out")
class FireTimesFindRuns(Reference):
    """Finds by fire time also REST runs."""

    def matches_fire_time(self, execution: Execution, first: Moment, last: Moment) -> bool:
        return execution.job is None or super().matches_fire_time(execution, first, last)


@kills("jasperserver.jobs.by-fire-time-from", "jasperserver.jobs.by-fire-time-to")
class FireTimesNeedBothEnds(Reference):
    """Finds by fire time only if both ends of the range are given."""

    def matches_fire_time(self, execution: Execution, first: Moment, last: Moment) -> bool:
        return (first is None) == (last is None) and super().matches_fire_time(execution, first, last)


@kills("jasperserver.jobs.unmatched-argument")
class FutureRangesAreErrors(Reference):
    """Answers 500 to a range in the future."""

    def fire_range(self, caller: Caller) -> tuple[Moment, Moment]:
        first, last = super().fire_range(caller)
        if first and last and first > datetime.now(UTC):
            raise Refusal(500)
        return first, last


@kills("jasperserver.jobs.unmatched-argument")
class BeginningIsIgnoredInXml(Reference):
    """Ignores fireTimeFrom if XML is asked for."""

    def fire_range(self, caller: Caller) -> tuple[Moment, Moment]:
        first, last = super().fire_range(caller)
        in_xml = asks_plain_xml(caller)
        return (first and datetime(2000, 1, 1, tzinfo=UTC)) if in_xml else first, last
