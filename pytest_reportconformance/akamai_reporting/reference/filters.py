"""Filters: which operators there are, what they mean, and whether a filter fits the report."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from pytest_reportconformance.akamai_reporting.reference.catalogue import Report, Value
from pytest_reportconformance.akamai_reporting.reference.periods import Periods
from pytest_reportconformance.akamai_reporting.reference.problems import Fault
from pytest_reportconformance.akamai_reporting.reference.selection import Filter

TEXT_OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "IN_LIST": lambda value, text: value == text,
    "EXACT": lambda value, text: value == text,
    "MATCH_REGEXP": lambda value, text: re.search(text, value) is not None,
    "BEGINS_WITH": lambda value, text: value.startswith(text),
    "ENDS_WITH": lambda value, text: value.endswith(text),
    "CONTAINS": lambda value, text: text in value,
}
"""Each is true for a value and one of the alternatives; all but EXACT have a NOT_ form, true if none applies."""

NUMBER_OPERATORS: dict[str, Callable[[float, float], bool]] = {
    "EQUAL": lambda value, number: value == number,
    "NOT_EQUAL": lambda value, number: value != number,
    "LESS_THAN": lambda value, number: value < number,
    "GREATER_THAN": lambda value, number: value > number,
}
DIMENSION_OPERATORS = {*TEXT_OPERATORS} | {f"NOT_{name}" for name in TEXT_OPERATORS if name != "EXACT"}
DIMENSION_FILTER = {"dimensionName", "operator", "expressions"}
METRIC_FILTER = {"metricName", "operator", "expression"}


def number_of(text: object) -> float | None:
    """A number written as text, or itself; None for anything else."""
    try:
        return float(text) if isinstance(text, str | int | float) and not isinstance(text, bool) else None
    except (ValueError, OverflowError):
        return None


class Filters(Periods):
    """Judges and applies filters."""

    def dimension_matches(self, filter: Filter, value: Value) -> bool:
        """Whether a dimension's value passes a filter."""
        operator = filter.operator.removeprefix("NOT_")
        matches = any(TEXT_OPERATORS[operator](str(value), text) for text in filter.expressions)
        return matches != filter.operator.startswith("NOT_")

    def metric_matches(self, filter: Filter, value: Value) -> bool:
        """Whether a metric's value passes a filter."""
        return NUMBER_OPERATORS[filter.operator](float(value), float(filter.expressions[0]))

    def filter_of(self, item: dict[str, Any]) -> Filter:
        """A valid filter of the body."""
        if "metricName" in item:
            return Filter(item["metricName"], item["operator"], (str(item["expression"]),), on_metric=True)
        return Filter(item["dimensionName"], item["operator"], tuple(str(text) for text in item["expressions"]))

    def validate_filters(self, report: Report, filters: Any) -> Iterator[Fault]:
        """Everything wrong with the filters."""
        if not isinstance(filters, list):
            yield Fault("filters", "Invalid filters", "filters is not an array")
            return
        for item in filters:
            if isinstance(item, dict) and set(item) == METRIC_FILTER:
                yield from self.validate_metric_filter(report, item)
            elif isinstance(item, dict) and set(item) == DIMENSION_FILTER:
                yield from self.validate_dimension_filter(report, item)
            else:
                yield Fault("filters", "Invalid filter", "A filter is neither one of a metric nor one of a dimension")
        yield from self.validate_mandatory(report, filters)

    def validate_mandatory(self, report: Report, filters: list[Any]) -> Iterator[Fault]:
        """Each mandatory dimension is filtered by."""
        used = [item.get("dimensionName") for item in filters if isinstance(item, dict)]
        for dimension in report.dimensions:
            if dimension.mandatory and dimension.name not in used:
                yield Fault("filters", "Missing filter", f"A filter on '{dimension.name}' is mandatory")

    def validate_metric_filter(self, report: Report, item: dict[str, Any]) -> Iterator[Fault]:
        """A filterable metric, a known operator, a number."""
        metric = report.metric(item["metricName"])
        if metric is None or not metric.filterable:
            yield Fault("filters", "Unsupported filter", f"Metric '{item['metricName']}' is not filterable here")
        if item["operator"] not in [*NUMBER_OPERATORS]:
            yield Fault("filters", "Unknown operator", f"No operator '{item['operator']}' for metrics")
        if number_of(item["expression"]) is None:
            yield Fault("filters", "Invalid expression", "The expression of a metric filter is not a number")

    def validate_dimension_filter(self, report: Report, item: dict[str, Any]) -> Iterator[Fault]:
        """A filterable dimension, a known operator, expressions within their limits."""
        dimension = report.dimension(item["dimensionName"])
        if dimension is None or not dimension.filterable:
            yield Fault("filters", "Unsupported filter", f"Dimension '{item['dimensionName']}' is not filterable here")
        if item["operator"] not in [*DIMENSION_OPERATORS]:
            yield Fault("filters", "Unknown operator", f"No operator '{item['operator']}' for dimensions")
        yield from self.validate_expressions(report, str(item["operator"]), item["expressions"])

    def validate_expressions(self, report: Report, operator: str, expressions: Any) -> Iterator[Fault]:
        """One expression at least, each a text or a number, no more and no longer than the report allows."""
        if not isinstance(expressions, list) or not expressions:
            yield Fault("filters", "Invalid expressions", "expressions is not an array with items")
            return
        if any(isinstance(text, bool) or not isinstance(text, str | int | float) for text in expressions):
            yield Fault("filters", "Invalid expressions", "An expression is no text")
        if len(expressions) > report.list_maximum:
            yield Fault("filters", "Too many expressions", f"More than {report.list_maximum}")
        if any(len(str(text)) > report.text_maximum for text in expressions):
            yield Fault("filters", "Expression too long", f"Longer than {report.text_maximum}")
        if operator.endswith("REGEXP"):
            yield from self.validate_patterns(expressions)

    def validate_patterns(self, expressions: list[Any]) -> Iterator[Fault]:
        """Regular expressions that compile."""
        for text in expressions:
            try:
                re.compile(str(text))
            except re.error as error:
                yield Fault("filters", "Invalid expression", f"Not a regular expression: {error}")
