"""The reports that the repository holds, and the board over them, which `scripts/board` builds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pytest_reportconformance.cli import main
from pytest_reportconformance.jasperserver.reference import editions
from pytest_reportconformance.register import apis
from pytest_reportconformance.report import runs

ROOT = Path(__file__).parents[3]
REPORTS = ROOT / "reports"
FOLDERS = sorted(path for path in REPORTS.iterdir() if path.is_dir())


def test_the_board_of_the_repository_is_built_from_its_reports(tmp_path: Path) -> None:
    assert main(["board", str(REPORTS), "--out", str(tmp_path)]) == 0
    built = (tmp_path / "board.md").read_text("utf-8")
    assert built == (REPORTS / "board.md").read_text("utf-8"), "run scripts/board"
    assert len(list(tmp_path.glob("targets/*.html"))) == len(FOLDERS)


def test_every_reference_server_has_a_report() -> None:
    targets = {path.name: runs.read(path / runs.FILE).target for path in FOLDERS}
    versions = {target.version for name, target in targets.items() if name.startswith("reference-jasperserver-")}
    assert versions == set(editions.VERSIONS)
    assert {target.api for target in targets.values()} == set(apis.names())


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_a_report_is_a_whole_run_and_names_no_machine(folder: Path) -> None:
    assert {path.name for path in folder.iterdir()} == {runs.FILE, "summary.md"}
    run = runs.read(folder / runs.FILE)
    assert run.verdict in ("conformant", "conformant with known deviations")
    assert run.count("undecided", "violated") == 0
    assert not re.search(r"(?<![\w/.])/(tmp|home|root|work|Users)/", (folder / runs.FILE).read_text("utf-8"))


def test_the_table_of_reports_names_every_folder() -> None:
    text = (REPORTS / "README.md").read_text("utf-8")
    patterns = [re.sub("<[^>]+>", "*", name) for name in re.findall(r"^\| `([^`]+)` \|", text, re.MULTILINE)]
    assert {path.name for path in FOLDERS} == {path.name for pattern in patterns for path in REPORTS.glob(pattern)}


def test_the_excerpt_in_the_readme_is_what_the_board_says() -> None:
    board = (REPORTS / "board.md").read_text("utf-8")
    readme = (ROOT / "README.md").read_text("utf-8").partition("### What was found")[2]
    rows = [re.split(r" \| ", line.strip("| "), maxsplit=1) for line in readme.splitlines() if line.startswith("| ")]
    excerpt = [row for row in rows if row[0] != "requirement" and re.match("(yes|no|unknown)", row[1])]
    assert len(excerpt) == 3
    for sentence, answers in excerpt:
        assert re.search(rf"MUST {re.escape(sentence)} `[\w.-]+` \| {re.escape(answers)} \|$", board, re.MULTILINE)
