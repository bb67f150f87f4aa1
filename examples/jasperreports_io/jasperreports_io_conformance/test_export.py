"""Checks of exporting a report asynchronously, taken over from JasperReports Server."""

from __future__ import annotations

from functools import partial

from jasperreports_io_conformance.kinds import FORMATS, RANGES
from jasperreports_io_conformance.taken_over import taken_over
from pytest_reportconformance.jasperserver import test_export

take = partial(taken_over, __name__)

test_an_export_is_accepted = take(
    "jasperreports_io.export.accepted-json", test_export.test_an_export_is_accepted, format=FORMATS, run_used=None
)
test_an_export_of_some_pages_is_accepted = take(
    "jasperreports_io.export.accepted-json", test_export.test_an_export_of_some_pages_is_accepted, name=RANGES
)
test_each_export_has_an_id_and_a_status = take(
    "jasperreports_io.export.id-and-status", test_export.test_each_export_has_an_id_and_a_status
)
test_different_exports_have_different_ids = take(
    "jasperreports_io.export.id-and-status", test_export.test_different_exports_have_different_ids
)
test_an_export_of_an_unknown_execution_answers_404 = take(
    "jasperreports_io.export.unknown-execution",
    test_export.test_an_export_of_an_unknown_execution_answers_404,
    accept="json",
)
test_an_export_becomes_ready = take(
    "jasperreports_io.export.reaches-ready",
    test_export.test_an_export_becomes_ready,
    name=(*FORMATS, "again-csv", *RANGES),
    run_used=None,
)
test_an_export_is_of_its_format = take(
    "jasperreports_io.export.own-format", test_export.test_an_export_is_of_its_format, format=FORMATS
)
test_an_export_of_some_pages_is_of_its_format = take(
    "jasperreports_io.export.own-format", test_export.test_an_export_of_some_pages_is_of_its_format, name=RANGES
)
test_the_report_stays_unchanged = take(
    "jasperreports_io.export.report-stays-ready", test_export.test_the_report_stays_unchanged
)
test_the_report_stays_ready_during_exports = take(
    "jasperreports_io.export.report-stays-ready", test_export.test_the_report_stays_ready_during_exports
)
test_an_export_shows_the_data_of_the_run = take(
    "jasperreports_io.export.same-data", test_export.test_an_export_shows_the_data_of_the_run, name=("csv", "html")
)
test_an_export_holds_the_requested_pages = take(
    "jasperreports_io.export.pages", test_export.test_an_export_holds_the_requested_pages, name=RANGES
)
test_the_references_begin_with_the_prefix_of_the_export = take(
    "jasperreports_io.export.prefix",
    test_export.test_the_references_begin_with_the_prefix_of_the_export,
    name="prefixed",
)
