"""Checks of requesting page status, taken over from JasperReports Server."""

from __future__ import annotations

from functools import partial

from jasperreports_io_conformance.taken_over import taken_over
from pytest_reportconformance.jasperserver import test_page_status

take = partial(taken_over, __name__)

test_the_status_of_a_page_is_answered = take(
    "jasperreports_io.page-status.accepted", test_page_status.test_the_status_of_a_page_is_answered
)
test_the_page_status_of_an_unknown_id_answers_404 = take(
    "jasperreports_io.page-status.unknown-id", test_page_status.test_the_page_status_of_an_unknown_id_answers_404
)
test_the_status_of_a_page_is_answered_while_the_report_runs = take(
    "jasperreports_io.page-status.while-running",
    test_page_status.test_the_status_of_a_page_is_answered_while_the_report_runs,
)
