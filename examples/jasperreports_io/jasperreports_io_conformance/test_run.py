"""Checks of running a report, taken over from JasperReports Server."""

from __future__ import annotations

from functools import partial

from jasperreports_io_conformance.taken_over import taken_over
from pytest_reportconformance.jasperserver import test_run, test_run_output, test_run_refused

take = partial(taken_over, __name__)

test_a_run_answers_200_with_a_descriptor = take(
    "jasperreports_io.run.accepted", test_run.test_a_run_answers_200_with_a_descriptor
)
test_a_run_accepts_the_properties_of_the_example = take(
    "jasperreports_io.run.documented-properties", test_run.test_a_run_accepts_the_properties_of_the_example
)
test_a_run_answers_with_a_request_id = take(
    "jasperreports_io.run.request-id", test_run.test_a_run_answers_with_a_request_id
)
test_a_run_answers_with_a_status = take("jasperreports_io.run.status-known", test_run.test_a_run_answers_with_a_status)
test_a_run_answers_with_the_status_of_its_export = take(
    "jasperreports_io.run.export-status", test_run.test_a_run_answers_with_the_status_of_its_export
)
test_two_runs_of_a_report_have_two_ids = take(
    "jasperreports_io.run.distinct-ids", test_run.test_two_runs_of_a_report_have_two_ids
)
test_a_run_after_a_removal_has_another_id = take(
    "jasperreports_io.run.distinct-ids", test_run.test_a_run_after_a_removal_has_another_id
)
test_an_asynchronous_run_is_answered_before_it_is_done = take(
    "jasperreports_io.run.async-returns-early", test_run.test_an_asynchronous_run_is_answered_before_it_is_done
)
test_a_synchronous_run_in_json_is_answered_when_it_is_ready = take(
    "jasperreports_io.run.sync-waits", test_run.test_a_synchronous_run_in_json_is_answered_when_it_is_ready
)
test_the_output_of_a_synchronous_run_in_json_is_there_at_once = take(
    "jasperreports_io.run.sync-output-available", test_run.test_the_output_of_a_synchronous_run_in_json_is_there_at_once
)
test_a_page_range_restricts_the_output = take(
    "jasperreports_io.run.pages-range", test_run_output.test_a_page_range_restricts_the_output
)
test_without_pagination_a_report_is_one_page = take(
    "jasperreports_io.run.ignore-pagination", test_run_output.test_without_pagination_a_report_is_one_page, suffix=""
)
test_a_run_of_an_unknown_report_answers_404 = take(
    "jasperreports_io.run.unknown-report", test_run_refused.test_a_run_of_an_unknown_report_answers_404
)
