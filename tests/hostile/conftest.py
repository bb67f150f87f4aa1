"""Prints at the end how much memory and time the hostile servers took."""

from __future__ import annotations

from typing import Any


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """The most memory and the longest time of a run."""
    reports = [*terminalreporter.stats.get("passed", []), *terminalreporter.stats.get("failed", [])]
    found = [dict(report.user_properties) | {"id": report.nodeid} for report in reports if report.when == "call"]
    costs = [one for one in found if "peak_mb" in one]
    if costs:
        peak = max(costs, key=lambda one: one["peak_mb"])
        slow = max(costs, key=lambda one: one["seconds"])
        terminalreporter.write_line(f"hostile: {len(costs)} runs")
        terminalreporter.write_line(f"  peak memory {peak['peak_mb']:.0f} MB: {peak['id']}")
        terminalreporter.write_line(f"  longest {slow['seconds']:.1f} s: {slow['id']}")
