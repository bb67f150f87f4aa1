"""Checks of requesting bookmarks and parts, taken over from JasperReports Server."""

from __future__ import annotations

from functools import partial

from jasperreports_io_conformance.taken_over import taken_over
from pytest_reportconformance.jasperserver import test_info

take = partial(taken_over, __name__)

test_the_info_is_answered_in_json = take("jasperreports_io.info.json", test_info.test_the_info_is_answered_in_json)
test_the_info_of_an_unknown_id_answers_404 = take(
    "jasperreports_io.info.unknown-id", test_info.test_the_info_of_an_unknown_id_answers_404, kind="json"
)
test_the_info_contains_the_bookmarks = take(
    "jasperreports_io.info.bookmarks", test_info.test_the_info_contains_the_bookmarks, kind="json"
)
test_the_info_contains_the_parts = take(
    "jasperreports_io.info.parts", test_info.test_the_info_contains_the_parts, kind="json"
)
