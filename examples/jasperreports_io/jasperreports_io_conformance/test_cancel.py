"""Checks of stopping running reports, taken over from JasperReports Server."""

from __future__ import annotations

from functools import partial

from jasperreports_io_conformance.kinds import FORMS
from jasperreports_io_conformance.taken_over import taken_over
from pytest_reportconformance.jasperserver import test_cancel

take = partial(taken_over, __name__)

test_a_cancel_in_json_answers_200_with_the_value_cancelled = take(
    "jasperreports_io.cancel.json", test_cancel.test_a_cancel_in_json_answers_200_with_the_value_cancelled
)
test_a_cancelled_report_shows_it_in_its_status = take(
    "jasperreports_io.cancel.becomes-cancelled",
    test_cancel.test_a_cancelled_report_shows_it_in_its_status,
    media="json",
)
test_a_cancelled_report_shows_it_in_every_media_type = take(
    "jasperreports_io.cancel.becomes-cancelled",
    test_cancel.test_a_cancelled_report_shows_it_in_every_media_type,
    media="json",
    form=FORMS,
)
test_a_cancelled_report_does_not_become_ready = take(
    "jasperreports_io.cancel.work-stops", test_cancel.test_a_cancelled_report_does_not_become_ready, media="json"
)
test_the_output_of_a_cancelled_report_is_not_delivered = take(
    "jasperreports_io.cancel.output-not-delivered",
    test_cancel.test_the_output_of_a_cancelled_report_is_not_delivered,
    media="json",
)
test_cancelling_leaves_another_report_running = take(
    "jasperreports_io.cancel.leaves-others", test_cancel.test_cancelling_leaves_another_report_running
)
test_a_second_cancel_answers_204 = take(
    "jasperreports_io.cancel.again", test_cancel.test_a_second_cancel_answers_204, media="json"
)
test_a_cancel_of_a_finished_report_answers_204 = take(
    "jasperreports_io.cancel.finished", test_cancel.test_a_cancel_of_a_finished_report_answers_204, media="json"
)
test_a_cancel_of_a_failed_report_answers_204 = take(
    "jasperreports_io.cancel.failed", test_cancel.test_a_cancel_of_a_failed_report_answers_204, media="json"
)
test_a_second_cancel_changes_nothing = take(
    "jasperreports_io.cancel.state-unchanged", test_cancel.test_a_second_cancel_changes_nothing, media="json"
)
test_cancelling_a_finished_report_changes_nothing = take(
    "jasperreports_io.cancel.state-unchanged", test_cancel.test_cancelling_a_finished_report_changes_nothing
)
test_cancelling_a_failed_report_leaves_it_failed = take(
    "jasperreports_io.cancel.state-unchanged", test_cancel.test_cancelling_a_failed_report_leaves_it_failed
)
test_cancelling_an_unknown_id_answers_404 = take(
    "jasperreports_io.cancel.unknown-id", test_cancel.test_cancelling_an_unknown_id_answers_404, media="json"
)
test_cancelling_a_deleted_execution_answers_404 = take(
    "jasperreports_io.cancel.unknown-id", test_cancel.test_cancelling_a_deleted_execution_answers_404
)
test_a_report_that_executes_is_cancelled_at_once = take(
    "jasperreports_io.cancel.once-executing", test_cancel.test_a_report_that_executes_is_cancelled_at_once
)
