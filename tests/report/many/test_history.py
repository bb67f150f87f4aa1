"""`reportconformance history`: the table, the drawing, since when a failure stands, and what is flaky."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from pytest_reportconformance.cli import main
from pytest_reportconformance.report import runs
from pytest_reportconformance.report.history import drawing, table
from pytest_reportconformance.report.history.series import Series, Track, series
from tests.report.many.records import HOSTILE, record, stored

HELD, BROKEN, FLICKERS = "jasperserver.run.must-hold", "jasperserver.cancel.must-stop", "jasperserver.poll.must-end"
OUTCOMES = {"F": "failed", ".": "passed", "?": "blocked", "-": "not selected", "x": ("deviation", "slow-cancel")}


def found(folder: Path, strips: dict[str, str], **members: dict[int, Any]) -> Series:
    """The history of runs whose outcomes are given by a strip for each ID; members by number of run."""
    count = len(next(iter(strips.values())))
    records = [
        record(
            {id: OUTCOMES[strip[number]] for id, strip in strips.items() if strip[number] != " "},
            day=number + 1,
            **{name: values[number] for name, values in members.items() if number in values},
        )
        for number in range(count)
    ]
    return series(runs.find([stored(folder, *records)]))


def track(folder: Path, strip: str, **members: dict[int, Any]) -> Track:
    """The track of one requirement."""
    return found(folder, {BROKEN: strip, HELD: "." * len(strip)}, **members).tracks[0]


TEN = {HELD: "..........", BROKEN: "....FFFFFF", FLICKERS: ".F..F....."}


def test_ten_runs_of_which_three_differ(tmp_path: Path) -> None:
    text = "\n".join(table.lines(found(tmp_path, TEN)))
    assert text.startswith("acme (JasperReports Server CE)\n10 runs, 2026-11-01 to 2026-11-10\n")
    assert "Changed: 2, flaky: 1" in text
    assert "....FFFFFF  failed since run 5 (2026-11-05)" in text
    assert ".F..F.....  passed since run 6 (2026-11-06), flaky" in text
    assert HELD not in text
    assert max(map(len, text.splitlines())) <= table.WIDTH
    assert " 10  2026-11-10  6.4.2       20.0  1  0  0  conformant" in text


@pytest.mark.parametrize(
    ("strip", "since"),
    [
        ("FFF", 0),
        (".FF", 1),
        ("F.F", 2),
        ("F?F", 0),
        (".?F", 2),
        ("F-F", 0),
        ("F F", 0),
        ("xFx", 0),
        ("FF.", None),
        ("...", None),
        ("FF?", None),
        ("FF-", 0),
    ],
)
def test_since_when_a_violation_stands(strip: str, since: int | None, tmp_path: Path) -> None:
    assert track(tmp_path, strip).since == since


@pytest.mark.parametrize(
    ("strip", "flaky"),
    [
        (".F.", True),
        ("F.F", True),
        (".?.", True),
        (".FF?..", True),
        ("..FF", False),
        ("FF..", False),
        (".?F", False),
        (".-.", False),
        ("...", False),
        (". .", False),
        ("---", False),
    ],
)
def test_what_changes_back_and_forth_is_flaky(strip: str, flaky: bool, tmp_path: Path) -> None:
    assert track(tmp_path, strip).flaky is flaky


def test_what_another_version_explains_is_not_flaky(tmp_path: Path) -> None:
    versions = {0: "6.4.2", 1: "8.1.1", 2: "6.4.2"}
    assert not track(tmp_path, ".F.", version=versions).flaky


def test_a_failure_in_every_run_is_listed_and_an_old_deviation_only_counted(tmp_path: Path) -> None:
    both = found(tmp_path, {BROKEN: "FFF", FLICKERS: "xxx", HELD: "..."})
    short, long = ("\n".join(table.lines(both, whole=whole)) for whole in (False, True))
    assert "Violated in every run: 1" in short
    assert "failed in every run" in short
    assert FLICKERS not in short
    assert "waived in every run: 1 (--all lists them)" in short
    assert f"{FLICKERS}\n          xxx  deviation in every run" in long


def test_many_runs_fit_into_80_columns(tmp_path: Path) -> None:
    long = "jasperserver.negotiation.export-status-default-xml-and-more"
    many = found(tmp_path, {long: ("." * 12 + "F") * 2}, verdict=dict.fromkeys(range(26), "worse than the baseline"))
    assert max(len(line) for line in table.lines(many)) <= table.WIDTH


def test_the_drawing_has_a_bar_for_each_run_and_a_row_for_each_change(tmp_path: Path) -> None:
    ten = found(tmp_path, TEN, version=dict.fromkeys(range(6, 10), "8.1.1"))
    root = ElementTree.fromstring(drawing.svg(ten))
    texts = ["".join(one.itertext()) for one in root.iter("{http://www.w3.org/2000/svg}text")]
    bars = [one for one in root.iter("{http://www.w3.org/2000/svg}rect") if one.get("class") == "time"]
    assert len(bars) == 10
    assert "6.4.2 → 8.1.1" in texts
    assert f"{BROKEN}: failed since run 5 (2026-11-05)" in texts
    assert "".join(text for text in texts if text in ("F", ".")) == TEN[BROKEN] + TEN[FLICKERS]
    assert root.get("role") == "img"
    assert root.get("aria-label") == "History of acme: 10 runs"


def test_texts_of_a_record_are_no_markup_and_no_control_characters(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    id = f"jasperserver.x.{HOSTILE}"
    records = [
        record({id: name}, day=day, name=HOSTILE, version=HOSTILE) for day, name in ((1, "passed"), (2, "failed"))
    ]
    assert main(["history", str(stored(tmp_path / "in", *records)), "--svg", str(tmp_path / "out" / "h.svg")]) == 0
    output = capsys.readouterr().out
    assert "\x1b" not in output + (tmp_path / "out" / "h.svg").read_text("utf-8")
    root = ElementTree.parse(tmp_path / "out" / "h.svg").getroot()
    assert {one.tag.rpartition("}")[2] for one in root.iter()} == {"svg", "title", "style", "text", "rect", "line"}


def test_json_has_every_outcome(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found(tmp_path, TEN)
    assert main(["history", str(tmp_path), "--format", "json"]) == 0
    read = json.loads(capsys.readouterr().out)
    by_id = {one["id"]: one for one in read["requirements"]}
    assert len(read["runs"]) == 10
    assert by_id[BROKEN]["since"] == 4
    assert by_id[FLICKERS]["flaky"] is True
    assert by_id[HELD]["outcomes"] == ["passed"] * 10


def test_runs_of_several_targets_are_refused_unless_one_is_chosen(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stored(tmp_path, record({HELD: "passed"}), record({HELD: "passed"}, day=2, name="other"))
    assert main(["history", str(tmp_path)]) == 4
    assert "reports of different targets (name acme and other)" in capsys.readouterr().err
    assert main(["history", str(tmp_path), "--target", "other"]) == 0
    assert "other (JasperReports Server CE)\n1 run, " in capsys.readouterr().out
    assert main(["history", str(tmp_path), "--target", "third"]) == 4
    assert "no run of a target named 'third'; the reports name acme, other" in capsys.readouterr().err


def test_one_run_is_read_once(tmp_path: Path) -> None:
    folder = stored(tmp_path, record({HELD: "passed"}))
    assert len(runs.find([folder, folder / "run-0", folder / "run-0" / "results.json"])) == 1
