"""Tests of answers as they are read: like those of the library requests."""

from __future__ import annotations

import pytest

from pytest_reportconformance.transcript.exchange import Exchange, Request, Response, TransportError
from pytest_reportconformance.transcript.failures import Missing, NotReached

FIELDS = (("Content-Type", "application/json;charset=UTF-8"), ("Vary", "Accept"), ("VARY", "Cookie"))
BODY = '{"status": "größer"}'.encode()


def exchange(body: bytes = BODY) -> Exchange:
    response = Response(200, "OK", FIELDS, body, len(body), "")
    return Exchange("poll", "owner", Request("GET", "http://host/"), response, 0.0, 0.1)


def test_an_answer_has_the_names_of_requests() -> None:
    answer = exchange()
    assert answer.status_code == 200
    assert answer.json() == {"status": "größer"}
    assert answer.text == BODY.decode()
    assert answer.content == BODY


def test_header_fields_are_found_in_any_letter_case_and_joined() -> None:
    fields = exchange().headers
    assert fields["content-type"] == fields.get("CONTENT-TYPE") == "application/json;charset=UTF-8"
    assert fields["vary"] == "Accept, Cookie"
    assert exchange().header_values("vary") == ["Accept", "Cookie"]
    assert "content-TYPE" in fields
    assert "etag" not in fields
    assert fields.get("etag") is None
    assert dict(fields) == {"Content-Type": "application/json;charset=UTF-8", "Vary": "Accept, Cookie"}
    assert len(fields) == 2
    with pytest.raises(KeyError):
        fields["etag"]


def test_what_is_no_json_is_missing_each_time() -> None:
    answer = exchange(b"<status/>")
    for _ in range(2):
        with pytest.raises(Missing):
            answer.json()


def test_without_an_answer_each_name_says_why() -> None:
    silent = Exchange("poll", "owner", Request("GET", "/"), None, 0, 0, error=TransportError("inconclusive", "timeout"))
    for read in ("status_code", "headers", "text", "content"):
        with pytest.raises(NotReached, match="timeout"):
            getattr(silent, read)
    with pytest.raises(NotReached, match="timeout"):
        silent.json()
