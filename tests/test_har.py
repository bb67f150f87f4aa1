"""Transcripts go to disk and come back as they were, whatever a server sent."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pytest_reportconformance import har
from pytest_reportconformance.exchange import Ending, Exchange, Request, Response, Transcript, Trouble, Wait

TEXT = st.text(max_size=30)
NAMES = st.text(min_size=1, max_size=12)
FIELDS = st.lists(st.tuples(NAMES, TEXT), max_size=4).map(tuple)
MILLIS = st.integers(0, 10_000_000).map(lambda number: number / 1000)
OUTCOMES = st.sampled_from(["failed", "error", "blocked", "inconclusive", "untested"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
REQUESTS = st.builds(
    Request, st.sampled_from(["GET", "POST"]), st.just("http://127.0.0.1/x?a=%7e&b=%2b") | TEXT, FIELDS,
    st.none() | st.binary(max_size=60), st.none() | NAMES, st.none() | NAMES, st.booleans(),
)  # fmt: skip
KEPT = st.builds(
    Response, st.integers(100, 999), TEXT, FIELDS, st.binary(max_size=60), st.integers(0, 10**12), st.just("ab" * 32)
)
CUT = st.builds(
    Response, st.integers(100, 999), TEXT, FIELDS, st.none(), st.integers(0, 10**12), st.just("ab" * 32),
    st.binary(max_size=20), st.binary(max_size=20),
)  # fmt: skip
EXCHANGES = st.builds(
    Exchange, NAMES, NAMES, REQUESTS, st.none() | KEPT | CUT, MILLIS, MILLIS, MILLIS,
    st.none() | st.builds(Trouble, OUTCOMES, TEXT), st.none() | NAMES, st.dictionaries(NAMES, JSON, max_size=3),
)  # fmt: skip
ENDINGS = st.builds(Ending, OUTCOMES, TEXT, st.none() | NAMES)
TRANSCRIPTS = st.builds(
    Transcript, NAMES, NAMES, st.lists(EXCHANGES, max_size=4).map(tuple),
    st.lists(st.builds(Wait, MILLIS, MILLIS, TEXT, st.booleans()), max_size=2).map(tuple),
    st.dictionaries(NAMES, JSON, max_size=3), st.dictionaries(NAMES, ENDINGS, max_size=2), st.none() | ENDINGS,
    MILLIS, MILLIS, st.booleans(),
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TRANSCRIPTS)
def test_a_transcript_comes_back_as_it_was(transcript: Transcript) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.har"
        har.write(path, transcript)
        assert har.read(path) == transcript
        assert json.loads(path.read_text(encoding="utf-8"))["log"]["version"] == "1.2"


def test_half_a_surrogate_pair_survives(tmp_path: Path) -> None:
    transcript = Transcript("a", "s", facts={"text": "\ud800"})
    har.write(tmp_path / "t.har", transcript)
    assert har.read(tmp_path / "t.har") == transcript


@pytest.mark.parametrize("text", ["", "{}", '{"log":{"version":"1.2"'])
def test_a_file_that_is_no_transcript_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "t.har"
    path.write_text(text)
    with pytest.raises(ValueError, match=r"t\.har"):
        har.read(path)
