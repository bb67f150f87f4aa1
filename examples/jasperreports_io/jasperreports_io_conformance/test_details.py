"""Checks of requesting report execution details, taken over from JasperReports Server."""

from __future__ import annotations

from functools import partial

from jasperreports_io_conformance.taken_over import taken_over
from pytest_reportconformance.jasperserver import test_details

take = partial(taken_over, __name__)

test_the_details_of_an_unknown_id_answer_404 = take(
    "jasperreports_io.details.unknown-id",
    test_details.test_the_details_of_an_unknown_id_answer_404,
    unknown="json",
    details="details",
)
test_the_details_hold_the_requested_id = take(
    "jasperreports_io.details.same-request", test_details.test_the_details_hold_the_requested_id, details="details"
)
test_the_details_of_each_run_hold_its_id = take(
    "jasperreports_io.details.same-request", test_details.test_the_details_of_each_run_hold_its_id
)
test_the_details_list_the_output = take(
    "jasperreports_io.details.lists-output", test_details.test_the_details_list_the_output, details="details"
)
test_the_first_details_of_a_ready_report_list_an_export = take(
    "jasperreports_io.details.lists-output", test_details.test_the_first_details_of_a_ready_report_list_an_export
)
test_the_details_list_the_attachments_of_html = take(
    "jasperreports_io.details.lists-attachments",
    test_details.test_the_details_list_the_attachments_of_html,
    details="details",
)
test_the_details_list_the_attachments_of_html_after_an_update = take(
    "jasperreports_io.details.lists-attachments",
    test_details.test_the_details_list_the_attachments_of_html_after_an_update,
)
test_the_details_list_the_attachments_of_the_first_and_of_later_html = take(
    "jasperreports_io.details.lists-attachments",
    test_details.test_the_details_list_the_attachments_of_the_first_and_of_later_html,
    name="details-exports",
)
test_every_export_is_listed = take(
    "jasperreports_io.details.lists-every-export", test_details.test_every_export_is_listed, details="details"
)
test_the_first_export_stays_listed = take(
    "jasperreports_io.details.lists-every-export", test_details.test_the_first_export_stays_listed
)
test_no_two_exports_have_the_same_id = take(
    "jasperreports_io.details.export-ids-distinct", test_details.test_no_two_exports_have_the_same_id, details="details"
)
