"""Reading a stored report: whole for judging, in outline for readers."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from pytest_reportconformance.report import renderings
from pytest_reportconformance.report.stored import OUTLINE, NotAReport, Stored
from pytest_reportconformance.transcript import har

MANY = 3 * OUTLINE


@pytest.fixture
def long(bad: Stored, tmp_path: Path) -> Stored:
    """A report in which one scenario has many exchanges, and a check points at the last but one."""
    folder = tmp_path / "long"
    shutil.copytree(bad.folder, folder)
    stored = Stored.read(folder)
    key = stored.played[0]["name"]
    transcript = stored.transcript(key)
    assert transcript is not None
    one = next(one for one in transcript if one.response is not None and one.response.content)
    many = tuple(replace(one, name="page", started=one.started + number) for number in range(MANY))
    har.write(folder / stored.played[0]["transcript"], replace(transcript, exchanges=many))
    check = stored.record["requirements"][0]["checks"][0]
    check["evidence"] |= {"transcripts": [key], "step": "page", "started": many[-2].started}
    (folder / "results.json").write_text(json.dumps(stored.record), encoding="utf-8")
    return Stored.read(folder)


def test_an_outline_has_every_exchange_and_few_bodies(long: Stored) -> None:
    key = long.played[0]["name"]
    whole, outline = long.transcript(key), long.outline(key)
    assert whole is not None
    assert outline is not None
    assert [one.started for one in outline] == [one.started for one in whole]
    kept = [number for number, one in enumerate(outline) if one.response and one.response.content]
    assert kept == [*range(OUTLINE), MANY - 2]
    assert all(one.content for one in whole)


def test_what_shows_a_failure_is_whole_however_far_behind(long: Stored) -> None:
    shown = long.shown_by(long.record["requirements"][0]["checks"][0])
    assert shown is not None
    assert shown.content


def test_the_page_says_how_many_exchanges_it_left_out(long: Stored) -> None:
    assert "more exchanges are in" in "".join(renderings.render("exchanges", long))


def test_the_page_stays_small_whatever_the_server_sent(long: Stored) -> None:
    first = long.played[0]
    transcript = long.transcript(first["name"])
    assert transcript is not None
    fields = tuple((f"X-{number}", "x" * 60_000) for number in range(100))
    huge = tuple(
        replace(one, response=replace(one.response, headers=fields, content=b"y" * 100_000))
        for one in transcript.exchanges[:10]
        if one.response is not None
    )
    har.write(long.folder / first["transcript"], replace(transcript, exchanges=huge))
    before = len("".join(renderings.render("html", long)))
    assert len("".join(renderings.render("html", Stored.read(long.folder)))) < before + 500_000


def test_a_scenario_without_its_file_is_left_out(long: Stored) -> None:
    first = long.played[0]
    (long.folder / first["transcript"]).unlink()
    again = Stored.read(long.folder)
    assert first["name"] not in [one["name"] for one in again.played]
    assert again.transcript(first["name"]) is None
    assert "".join(renderings.render("html", again))


@pytest.mark.parametrize("text", ["", "{}", '{"log":{"entries":[\n{"_step":1}\n],"_transcript":{}}}\n'])
def test_a_broken_transcript_is_named(long: Stored, text: str) -> None:
    first = long.played[0]
    (long.folder / first["transcript"]).write_text(text, encoding="utf-8")
    with pytest.raises(NotAReport, match="not a transcript of this suite"):
        Stored.read(long.folder).transcript(first["name"])
