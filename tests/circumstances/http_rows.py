"""Lawful HTTP that a client of the field understands (RFC 9110, RFC 9112), and ways to a server."""

from __future__ import annotations

from pytest_reportconformance.http.server import Answer, Call
from tests.circumstances.circumstance import GOOD, Circumstance, changing

BOTH = ("jasperserver", "akamai_reporting")


def many_fields(_call: Call, answer: Answer) -> Answer:
    """Fields that nobody asked for."""
    answer.headers += [(f"X-Extra-{number}", "value") for number in range(20)]
    return answer


ROWS = [
    *(Circumstance("twenty extra header fields", api, 0, "passed", GOOD, changing(many_fields)) for api in BOTH),
]
