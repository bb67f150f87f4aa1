"""Discovery: the three levels of report lists, and the options of a report."""

from __future__ import annotations

from typing import Any

from pytest_reportconformance.akamai_reporting.reference.catalogue import Dimension, Metric, Report
from pytest_reportconformance.akamai_reporting.reference.core import BASE
from pytest_reportconformance.akamai_reporting.reference.identities import Identity
from pytest_reportconformance.akamai_reporting.reference.problems import Refusal
from pytest_reportconformance.akamai_reporting.reference.rate_limits import RateLimits
from pytest_reportconformance.http.server import Answer


class Discovery(RateLimits):
    """Lists and options, in the shapes of the vendor's OpenAPI document."""

    def is_listed(self, identity: Identity, report: Report) -> bool:
        """Whether a list shows the report to the identity."""
        return self.may_use(identity, report)

    def reports_under(self, identity: Identity, path: str) -> list[Report]:
        """The listed reports of everything, of `family`, or of `family/area`."""
        return [
            report
            for report in self.reports.values()
            if self.is_listed(identity, report) and f"{report.path}/".startswith(f"{path}/" if path else "")
        ]

    def report_link(self, report: Report) -> str:
        """Where the options of a report are: an absolute path."""
        return f"{BASE}/{report.path}"

    def report_entry(self, report: Report) -> dict[str, Any]:
        """A report as a list shows it."""
        return {"reportName": report.name, "reportLink": self.report_link(report), "status": report.status}

    def list_document(self, identity: Identity, path: str) -> dict[str, Any]:
        """The list of everything (path empty), of a family, or of an area."""
        return {"reports": [self.report_entry(report) for report in self.reports_under(identity, path)]}

    def list_answer(self, identity: Identity, path: str) -> Answer:
        """A list; 404 if a family or area holds no report."""
        document = self.list_document(identity, path)
        if path and not document["reports"]:
            raise Refusal(self.report_not_found(path))
        return self.json_answer(document)

    def metric_option(self, metric: Metric) -> dict[str, Any]:
        """A metric as the options show it."""
        return {
            "name": metric.name,
            "description": metric.description,
            "type": metric.type,
            "filterable": metric.filterable,
            "mandatory": False,
        }

    def dimension_option(self, dimension: Dimension) -> dict[str, Any]:
        """A dimension as the options show it; an enumeration lists its values."""
        option = {
            "name": dimension.name,
            "description": dimension.description,
            "type": dimension.type,
            "filterable": dimension.filterable,
            "filterType": self.filter_type(dimension),
            "mandatory": dimension.mandatory,
            "authorizable": dimension.authorizable,
        }
        if dimension.enumeration:
            option["filterEnumValues"] = list(dimension.enumeration)
        return option

    def filter_type(self, dimension: Dimension) -> str:
        """ENUM for a closed set of values, else TEXT."""
        return "ENUM" if dimension.enumeration else "TEXT"

    def defaults_of(self, report: Report) -> dict[str, Any]:
        """What an empty request stands for."""
        defaults: dict[str, Any] = {
            "defaultTimeRange": {"start": f"now - {report.default_minutes}min", "end": "now"},
            "defaultDimensions": list(report.default_dimensions),
            "defaultSortBys": [{"name": report.default_sort, "sortOrder": "ASCENDING"}],
        }
        if report.default_metrics:
            defaults["defaultMetrics"] = list(report.default_metrics)
        return defaults

    def limits_of(self, report: Report) -> dict[str, int]:
        """The bounds that requests are held to."""
        return {
            "maxDimensions": report.maximum_dimensions,
            "maxDateRangeInDays": report.maximum_days,
            "maxRetentionInDays": report.retention_days,
            "inListFilterMaxValues": report.list_maximum,
            "textFilterMaxLength": report.text_maximum,
            "dataPointsLimit": report.data_points,
        }

    def option_links(self, report: Report) -> list[dict[str, Any]]:
        """Where the options are and where requests for data go."""
        link = self.report_link(report)
        return [
            {"rel": "self", "href": link, "allow": ["GET"]},
            {"rel": "data", "href": f"{link}/data", "allow": ["POST"]},
        ]

    def options_document(self, report: Report) -> dict[str, Any]:
        """Everything that a request can select in a report."""
        return {
            "name": report.name,
            "description": report.description,
            "status": report.status,
            "metrics": [self.metric_option(metric) for metric in report.metrics],
            "dimensions": [self.dimension_option(dimension) for dimension in report.dimensions],
            "defaults": self.defaults_of(report),
            "limits": self.limits_of(report),
            "predefinedTimeRanges": list(report.time_ranges),
            "links": self.option_links(report),
        }
