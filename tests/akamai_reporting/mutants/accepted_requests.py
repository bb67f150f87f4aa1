"""Mutants whose options contradict the requests that they accept."""

from __future__ import annotations

from typing import Any

from pytest_reportconformance.akamai_reporting.reference import Reference
from pytest_reportconformance.akamai_reporting.reference.catalogue import Dimension, Report
from tests.akamai_reporting.mutants.options import ChangesOptions
from tests.mutation.kill_matrix import kills


@kills("akamai_reporting.options.columns-listed")
class OmitsADimension(ChangesOptions):
    """Omits a dimension in the options of reports with many dimensions, and accepts requests with it."""

    def change(self, document: dict[str, Any], report: Report) -> None:
        if len(document["dimensions"]) > 4:
            document["dimensions"] = [one for one in document["dimensions"] if one["name"] != "responseClass"]
            del document["defaults"]


@kills("akamai_reporting.options.columns-listed")
class MetricHasAnotherName(ChangesOptions):
    """Lists a metric in lower case, and accepts it in camel case."""

    def change(self, document: dict[str, Any], report: Report) -> None:
        document["metrics"] = [one | {"name": one["name"].replace("HitsSum", "hitssum")} for one in document["metrics"]]
        del document["defaults"]


@kills("akamai_reporting.options.filterable")
class FilterableColumnIsNot(Reference):
    """Describes a dimension as not filterable, and filters by it."""

    def dimension_option(self, dimension: Dimension) -> dict[str, Any]:
        return super().dimension_option(dimension) | {"filterable": dimension.name != "hostname"}


@kills("akamai_reporting.options.enum-values-complete")
class EnumerationLacksAValue(Reference):
    """Lists all values of an enumeration but the first, and filters by it."""

    def dimension_option(self, dimension: Dimension) -> dict[str, Any]:
        option = super().dimension_option(dimension)
        if dimension.name == "countryCode":
            option |= {"filterType": "ENUM", "filterEnumValues": ["BR", "CH", "DE", "FR", "JP"]}
        return option


@kills("akamai_reporting.options.mandatory")
class MandatoryIsOptional(Reference):
    """Describes a dimension as a mandatory filter, and accepts requests without it."""

    def dimension_option(self, dimension: Dimension) -> dict[str, Any]:
        return super().dimension_option(dimension) | {"mandatory": dimension.name in ("cpcode", "streamType")}


@kills("akamai_reporting.options.limits-kept", "akamai_reporting.errors.range-too-long")
class LimitIsTooLow(Reference):
    """Lists a maximum of three days, and accepts a week."""

    def limits_of(self, report: Report) -> dict[str, int]:
        return super().limits_of(report) | {"maxDateRangeInDays": 3}


@kills("akamai_reporting.options.limits-kept")
class ExpressionsAreLonger(Reference):
    """Lists a maximum length of expressions that accepted filters exceed."""

    def limits_of(self, report: Report) -> dict[str, int]:
        return super().limits_of(report) | {"textFilterMaxLength": 1}


@kills("akamai_reporting.options.time-ranges-complete")
class ListsOtherRangesEachTime(ChangesOptions):
    """Lists two time ranges of a report with many, other ones at each GET, and accepts all."""

    asked = 0

    def change(self, document: dict[str, Any], report: Report) -> None:
        ranges = document["predefinedTimeRanges"]
        if len(ranges) > 3:
            self.asked += 2
            document["predefinedTimeRanges"] = [ranges[(self.asked + more) % len(ranges)] for more in (0, 1)]


@kills("akamai_reporting.options.authorizable")
class ForbidsWhatIsOpen(Reference):
    """Describes a dimension as not authorizable, and forbids some of its values."""

    def dimension_option(self, dimension: Dimension) -> dict[str, Any]:
        return super().dimension_option(dimension) | {"authorizable": False}


@kills("akamai_reporting.options.status-as-listed")
class ListHasAnotherStatus(Reference):
    """Lists a deprecated report as published."""

    def report_entry(self, report: Report) -> dict[str, Any]:
        return super().report_entry(report) | {"status": "PUBLISHED"}


@kills("akamai_reporting.options.self-link")
class SelfLinkLeadsToData(Reference):
    """Has the data of the report as the self link of the options."""

    def option_links(self, report: Report) -> list[dict[str, Any]]:
        return [link | {"href": f"{self.report_link(report)}/data"} for link in super().option_links(report)]


@kills("akamai_reporting.options.self-link")
class SelfLinkIsForPosts(Reference):
    """Allows only POST at the self link of a deprecated report."""

    def option_links(self, report: Report) -> list[dict[str, Any]]:
        links = super().option_links(report)
        return [link | {"allow": ["POST"]} for link in links] if report.status == "DEPRECATED" else links
