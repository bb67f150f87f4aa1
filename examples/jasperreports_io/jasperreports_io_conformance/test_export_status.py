"""Checks of polling an export execution, taken over from JasperReports Server."""

from __future__ import annotations

from functools import partial

from jasperreports_io_conformance.kinds import FORMATS, FORMS, RANGES
from jasperreports_io_conformance.taken_over import taken_over
from pytest_reportconformance.jasperserver import test_export_status

take = partial(taken_over, __name__)

test_the_status_of_an_export_has_the_form_of_json = take(
    "jasperreports_io.export-status.json",
    test_export_status.test_the_status_of_an_export_has_the_form_of_its_media_type,
    media="json",
)
test_the_status_of_a_failed_export_has_the_form_of_json = take(
    "jasperreports_io.export-status.json",
    test_export_status.test_the_status_of_a_failed_export_has_the_form_of_its_media_type,
    media="json",
)
test_the_status_of_an_export_has_the_form_of_extended_json = take(
    "jasperreports_io.export-status.extended-json",
    test_export_status.test_the_status_of_an_export_has_the_form_of_its_media_type,
    media="extended-json",
)
test_the_status_of_a_failed_export_has_the_form_of_extended_json = take(
    "jasperreports_io.export-status.extended-json",
    test_export_status.test_the_status_of_a_failed_export_has_the_form_of_its_media_type,
    media="extended-json",
)
test_the_export_status_of_an_unknown_execution_answers_404 = take(
    "jasperreports_io.export-status.unknown-execution",
    test_export_status.test_the_export_status_of_an_unknown_execution_answers_404,
    media=FORMS,
)
test_the_status_of_an_export_is_in_the_details = take(
    "jasperreports_io.export-status.agrees-with-details",
    test_export_status.test_the_status_of_an_export_is_in_the_details,
    media=FORMS,
    details="details",
)
test_the_status_of_a_failed_export_is_in_the_details = take(
    "jasperreports_io.export-status.agrees-with-details",
    test_export_status.test_the_status_of_a_failed_export_is_in_the_details,
    media=FORMS,
)
test_the_final_status_of_an_export_is_in_the_details_afterwards = take(
    "jasperreports_io.export-status.agrees-with-details",
    test_export_status.test_the_final_status_of_an_export_is_in_the_details_afterwards,
    media=FORMS,
)
test_the_status_of_each_export_is_in_the_details = take(
    "jasperreports_io.export-status.agrees-with-details",
    test_export_status.test_the_status_of_each_export_is_in_the_details,
)
test_the_extended_status_explains_why_the_export_of_a_failed_report_failed = take(
    "jasperreports_io.export-status.failed-text",
    test_export_status.test_the_extended_status_explains_why_the_export_of_a_failed_report_failed,
    media="extended-json",
)
test_the_extended_status_explains_why_an_export_failed = take(
    "jasperreports_io.export-status.failed-text",
    test_export_status.test_the_extended_status_explains_why_an_export_failed,
    media="extended-json",
)
test_a_ready_export_answers_200_at_once = take(
    "jasperreports_io.export-status.ready-downloads",
    test_export_status.test_a_ready_export_answers_200_at_once,
    name=(*FORMATS, *RANGES),
    run_used=None,
)
test_the_attachments_of_a_ready_export_answer_200_at_once = take(
    "jasperreports_io.export-status.ready-downloads",
    test_export_status.test_the_attachments_of_a_ready_export_answer_200_at_once,
)
