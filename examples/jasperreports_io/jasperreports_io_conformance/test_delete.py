"""Checks of removing report executions, taken over from JasperReports Server."""

from __future__ import annotations

from functools import partial

from jasperreports_io_conformance.kinds import FORMS
from jasperreports_io_conformance.taken_over import taken_over
from pytest_reportconformance.jasperserver import test_delete

take = partial(taken_over, __name__)

test_deleting_a_finished_report_answers_204_without_a_body = take(
    "jasperreports_io.delete.finished", test_delete.test_deleting_a_finished_report_answers_204_without_a_body
)
test_the_details_of_a_deleted_execution_are_gone = take(
    "jasperreports_io.delete.details-gone", test_delete.test_the_details_of_a_deleted_execution_are_gone
)
test_the_details_of_a_deleted_failed_execution_are_gone = take(
    "jasperreports_io.delete.details-gone", test_delete.test_the_details_of_a_deleted_failed_execution_are_gone
)
test_the_details_of_a_deleted_cancelled_execution_are_gone = take(
    "jasperreports_io.delete.details-gone",
    test_delete.test_the_details_of_a_deleted_cancelled_execution_are_gone,
    media="json",
)
test_the_status_of_a_deleted_execution_is_gone = take(
    "jasperreports_io.delete.status-gone", test_delete.test_the_status_of_a_deleted_execution_is_gone
)
test_the_status_of_a_deleted_execution_is_gone_in_every_media_type = take(
    "jasperreports_io.delete.status-gone",
    test_delete.test_the_status_of_a_deleted_execution_is_gone_in_every_media_type,
    media=FORMS,
)
test_the_output_of_a_deleted_execution_is_gone = take(
    "jasperreports_io.delete.output-gone", test_delete.test_the_output_of_a_deleted_execution_is_gone
)
test_everything_else_of_a_deleted_execution_is_gone = take(
    "jasperreports_io.delete.everything-gone", test_delete.test_everything_else_of_a_deleted_execution_is_gone
)
test_deleting_a_running_report_answers_204 = take(
    "jasperreports_io.delete.running", test_delete.test_deleting_a_running_report_answers_204
)
test_the_details_of_a_report_deleted_while_running_are_gone = take(
    "jasperreports_io.delete.running-gone", test_delete.test_the_details_of_a_report_deleted_while_running_are_gone
)
test_the_status_of_a_report_deleted_while_running_is_gone = take(
    "jasperreports_io.delete.running-gone", test_delete.test_the_status_of_a_report_deleted_while_running_is_gone
)
test_deleting_an_unknown_id_answers_404 = take(
    "jasperreports_io.delete.unknown-id", test_delete.test_deleting_an_unknown_id_answers_404
)
test_a_second_delete_answers_404 = take("jasperreports_io.delete.again", test_delete.test_a_second_delete_answers_404)
test_a_third_delete_answers_404 = take("jasperreports_io.delete.again", test_delete.test_a_third_delete_answers_404)
test_deleting_a_failed_report_answers_204 = take(
    "jasperreports_io.delete.failed", test_delete.test_deleting_a_failed_report_answers_204
)
test_deleting_a_cancelled_report_answers_204 = take(
    "jasperreports_io.delete.cancelled", test_delete.test_deleting_a_cancelled_report_answers_204, media="json"
)
test_a_delete_leaves_another_execution_of_the_report_unchanged = take(
    "jasperreports_io.delete.leaves-others", test_delete.test_a_delete_leaves_another_execution_of_the_report_unchanged
)
test_deleting_a_running_report_leaves_another_running = take(
    "jasperreports_io.delete.leaves-others", test_delete.test_deleting_a_running_report_leaves_another_running
)
