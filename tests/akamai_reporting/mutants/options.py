"""Mutants of the options of reports."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pytest_reportconformance.akamai_reporting.reference import Reference
from pytest_reportconformance.akamai_reporting.reference.catalogue import Dimension, Metric, Report
from pytest_reportconformance.akamai_reporting.reference.problems import Fault
from pytest_reportconformance.http.server import Answer
from tests.mutation.kill_matrix import kills


class ChangesOptions(Reference):
    """Sends options that `change` has changed."""

    def options_document(self, report: Report) -> dict[str, Any]:
        document = super().options_document(report)
        self.change(document, report)
        return document

    def change(self, document: dict[str, Any], report: Report) -> None:
        raise NotImplementedError


@kills("akamai_reporting.options.content-type")
class OptionsArePlainText(Reference):
    """Labels the options of a deprecated report as text/plain."""

    def json_answer(self, document: Any, status: int = 200) -> Answer:
        answer = super().json_answer(document, status)
        deprecated = "dimensions" in document and document["status"] == "DEPRECATED"
        return answer.replace("Content-Type", "text/plain") if deprecated else answer


@kills("akamai_reporting.options.name")
class OptionsAreNumbered(ChangesOptions):
    """Has a number as the name of a report."""

    def change(self, document: dict[str, Any], report: Report) -> None:
        document["name"] = 7


@kills("akamai_reporting.options.report-status")
class OptionsAreActive(ChangesOptions):
    """Has the status ACTIVE."""

    def change(self, document: dict[str, Any], report: Report) -> None:
        document["status"] = "ACTIVE"


@kills("akamai_reporting.options.report-status")
class DeprecatedHasNoStatus(ChangesOptions):
    """Omits the status of a deprecated report."""

    def change(self, document: dict[str, Any], report: Report) -> None:
        if document["status"] == "DEPRECATED":
            del document["status"]


@kills("akamai_reporting.options.metrics")
class MetricIsAnInteger(Reference):
    """Has a type of a metric that is not documented."""

    def metric_option(self, metric: Metric) -> dict[str, Any]:
        option = super().metric_option(metric)
        return option | {"type": "INTEGER"} if metric.name == "edgeBytesSum" else option


@kills("akamai_reporting.options.metrics")
class NoMetricsNoMember(ChangesOptions):
    """Omits the member metrics of a report without metrics."""

    def change(self, document: dict[str, Any], report: Report) -> None:
        if not document["metrics"]:
            del document["metrics"]


@kills("akamai_reporting.options.dimensions")
class FlagAsText(Reference):
    """Has a text as authorizable."""

    def dimension_option(self, dimension: Dimension) -> dict[str, Any]:
        option = super().dimension_option(dimension)
        return option | {"authorizable": "true"} if dimension.authorizable else option


@kills("akamai_reporting.options.dimensions")
class DimensionWithoutFilterType(Reference):
    """Omits the filterType of a dimension that is not filterable."""

    def dimension_option(self, dimension: Dimension) -> dict[str, Any]:
        option = super().dimension_option(dimension)
        return {name: value for name, value in option.items() if name != "filterType" or dimension.filterable}


@kills("akamai_reporting.options.links", "akamai_reporting.options.data-link")
class OptionsHaveNoLinks(Reference):
    """Sends an empty array of links."""

    def option_links(self, report: Report) -> list[dict[str, Any]]:
        return []


@kills("akamai_reporting.options.links")
class OptionsLinkHasNoAllow(Reference):
    """Omits allow in the self link of the options."""

    def option_links(self, report: Report) -> list[dict[str, Any]]:
        links = super().option_links(report)
        return [link if link["rel"] == "data" else {"rel": link["rel"], "href": link["href"]} for link in links]


@kills("akamai_reporting.options.data-link")
class LinksToAnothersData(Reference):
    """Has the data link of another report of the area."""

    def option_links(self, report: Report) -> list[dict[str, Any]]:
        links = super().option_links(report)
        other = [link | {"href": link["href"].replace("hostnames", "current")} for link in links]
        return [one if one["rel"] == "data" else link for link, one in zip(links, other, strict=True)]


@kills("akamai_reporting.options.data-link")
class DataLinkHasAnotherRel(Reference):
    """Has the rel submit instead of data."""

    def option_links(self, report: Report) -> list[dict[str, Any]]:
        return [link | {"rel": link["rel"].replace("data", "submit")} for link in super().option_links(report)]


@kills("akamai_reporting.options.data-link-post")
class DataByGet(Reference):
    """Has GET instead of POST in the allow of the data link."""

    def option_links(self, report: Report) -> list[dict[str, Any]]:
        return [link | {"allow": ["GET"]} for link in super().option_links(report)]


class ChangesDefaults(Reference):
    """Adds a column that the report does not have to the defaults called `member`."""

    member = ""

    def defaults_of(self, report: Report) -> dict[str, Any]:
        defaults = super().defaults_of(report)
        return defaults | {self.member: [*defaults.get(self.member, ()), self.wrong()]}

    def wrong(self) -> Any:
        return "bytesSum"


@kills("akamai_reporting.options.default-metrics")
class DefaultMetricIsUnknown(ChangesDefaults):
    """Has a default metric that the report does not have."""

    member = "defaultMetrics"


@kills("akamai_reporting.options.default-dimensions")
class DefaultDimensionIsAMetric(ChangesDefaults):
    """Has a metric among the default dimensions."""

    member = "defaultDimensions"

    def wrong(self) -> Any:
        return "edgeHitsSum"


@kills("akamai_reporting.options.default-sort-bys")
class DefaultSortIsUnknown(ChangesDefaults):
    """Has a default sort key that the report does not have."""

    member = "defaultSortBys"

    def wrong(self) -> Any:
        return {"name": "time", "sortOrder": "ASCENDING"}


@kills("akamai_reporting.options.limits")
class LimitIsZero(Reference):
    """Has 0 as a limit."""

    def limits_of(self, report: Report) -> dict[str, int]:
        return super().limits_of(report) | {"textFilterMaxLength": 0}


@kills("akamai_reporting.options.limits")
class LimitIsAText(Reference):
    """Has a text as a limit."""

    def limits_of(self, report: Report) -> Any:
        limits = super().limits_of(report)
        return limits | {"dataPointsLimit": str(limits["dataPointsLimit"])}


@kills("akamai_reporting.options.enum-values-only")
class TextHasValues(Reference):
    """Lists values for a dimension of the filter type TEXT."""

    def dimension_option(self, dimension: Dimension) -> dict[str, Any]:
        option = super().dimension_option(dimension)
        return option | {"filterEnumValues": ["AT"]} if dimension.name == "countryCode" else option


@kills("akamai_reporting.options.enum-values-listed")
class EnumerationIsEmpty(Reference):
    """Omits the values of an enumeration."""

    def dimension_option(self, dimension: Dimension) -> dict[str, Any]:
        option = super().dimension_option(dimension)
        return {name: value for name, value in option.items() if name != "filterEnumValues"}


@kills("akamai_reporting.options.time-ranges")
class OffersSevenDays(ChangesOptions):
    """Lists a time range that is not documented."""

    def change(self, document: dict[str, Any], report: Report) -> None:
        document["predefinedTimeRanges"].insert(1, "LAST_7_DAYS")


@kills("akamai_reporting.options.time-range-accepted")
class RefusesLongestRange(Reference):
    """Refuses the last time range that it lists."""

    def validate_time_range(self, name: str | None, report: Report) -> Iterator[Fault]:
        yield from super().validate_time_range(name, report)
        if name == report.time_ranges[-1]:
            yield Fault("timeRange", "Invalid time range", "Too long")
