"""Checks of polling a report execution, taken over from JasperReports Server."""

from __future__ import annotations

from functools import partial

from jasperreports_io_conformance.kinds import FORMS
from jasperreports_io_conformance.taken_over import taken_over
from pytest_reportconformance.jasperserver import test_status

take = partial(taken_over, __name__)

test_the_status_of_an_execution_answers_200 = take(
    "jasperreports_io.status.known", test_status.test_the_status_of_an_execution_answers_200
)
test_the_status_of_a_running_execution_answers_200 = take(
    "jasperreports_io.status.known", test_status.test_the_status_of_a_running_execution_answers_200
)
test_the_status_of_an_unknown_id_answers_404 = take(
    "jasperreports_io.status.unknown-id", test_status.test_the_status_of_an_unknown_id_answers_404, media=FORMS
)
test_every_poll_shows_a_known_status = take(
    "jasperreports_io.status.json", test_status.test_every_poll_shows_a_known_status
)
test_a_final_status_has_the_form_of_json = take(
    "jasperreports_io.status.json", test_status.test_a_final_status_has_the_form_of_its_media_type, media="json"
)
test_a_running_status_has_the_form_of_json = take(
    "jasperreports_io.status.json", test_status.test_a_running_status_has_the_form_of_its_media_type, media="json"
)
test_a_failed_status_has_the_form_of_json = take(
    "jasperreports_io.status.json", test_status.test_a_failed_status_has_the_form_of_its_media_type, media="json"
)
test_a_final_status_has_the_form_of_extended_json = take(
    "jasperreports_io.status.extended-json",
    test_status.test_a_final_status_has_the_form_of_its_media_type,
    media="extended-json",
)
test_a_running_status_has_the_form_of_extended_json = take(
    "jasperreports_io.status.extended-json",
    test_status.test_a_running_status_has_the_form_of_its_media_type,
    media="extended-json",
)
test_a_failed_status_has_the_form_of_extended_json = take(
    "jasperreports_io.status.extended-json",
    test_status.test_a_failed_status_has_the_form_of_its_media_type,
    media="extended-json",
)
test_a_running_report_is_in_execution = take(
    "jasperreports_io.status.running", test_status.test_a_running_report_is_in_execution, media=FORMS
)
test_the_details_of_a_running_report_show_it_running = take(
    "jasperreports_io.status.running",
    test_status.test_the_details_of_a_running_report_show_it_running,
    details="details-running",
)
test_a_report_is_not_reported_ready_while_it_runs = take(
    "jasperreports_io.status.running", test_status.test_a_report_is_not_reported_ready_while_it_runs
)
test_a_report_that_executes_is_not_reported_queued = take(
    "jasperreports_io.status.running", test_status.test_a_report_that_executes_is_not_reported_queued
)
test_a_report_ends_ready = take("jasperreports_io.status.reaches-ready", test_status.test_a_report_ends_ready)
test_a_slow_report_ends_ready = take("jasperreports_io.status.reaches-ready", test_status.test_a_slow_report_ends_ready)
test_a_report_that_fails_ends_failed = take(
    "jasperreports_io.status.reaches-failed", test_status.test_a_report_that_fails_ends_failed
)
test_the_extended_status_explains_why_a_report_failed = take(
    "jasperreports_io.status.failed-text",
    test_status.test_the_extended_status_explains_why_a_report_failed,
    media="extended-json",
)
test_the_status_of_a_ready_report_is_in_its_details = take(
    "jasperreports_io.status.agrees-with-details",
    test_status.test_the_status_of_a_ready_report_is_in_its_details,
    media=FORMS,
)
test_the_status_of_a_slow_report_is_in_its_details = take(
    "jasperreports_io.status.agrees-with-details",
    test_status.test_the_status_of_a_slow_report_is_in_its_details,
    media=FORMS,
)
test_the_status_of_a_failed_report_is_in_its_details = take(
    "jasperreports_io.status.agrees-with-details",
    test_status.test_the_status_of_a_failed_report_is_in_its_details,
    media=FORMS,
    details="details",
)
test_the_status_of_a_cancelled_report_is_in_its_details = take(
    "jasperreports_io.status.agrees-with-details",
    test_status.test_the_status_of_a_cancelled_report_is_in_its_details,
    media="json",
)
