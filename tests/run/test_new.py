"""`reportconformance new api`: what it writes is a package that is installed, conformant, and catches its mutant."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from pytest_reportconformance import cli
from pytest_reportconformance.cli import new
from tests.run.fresh_environment import environment, install, run

FIXTURES = """
import pytest

@pytest.fixture
def rows(submitted):
    return submitted["poll"].json()["rows"]
"""
OWN = """
def test_my_rows(rows, submitted):
    assert len(rows) == 2
    assert submitted["submit"].status_code == 201
"""
"""A fixture that the package brings, and a test of a user's own with it."""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    """An empty folder in which the command was run."""
    folder = tmp_path / "acme"
    folder.mkdir()
    monkeypatch.chdir(folder)
    assert cli.main(["new", "api", "acme"]) == 0
    assert "pip install -e ., then: pytest --target embedded:acme" in capsys.readouterr().out
    return folder


def test_it_runs_as_it_is_written(package: Path, tmp_path: Path) -> None:
    python = environment(tmp_path / "environment")
    install(package, python)
    judged = run(package, python, "-m", "pytest", "-p", "no:cacheprovider", "--target", "embedded:acme")
    assert "conformant: every judged requirement holds" in judged
    assert "3 passed" in judged
    assert "2 passed" in run(package, python, "-m", "pytest", "-p", "no:cacheprovider")
    (package / "acme_conformance" / "fixtures.py").write_text(FIXTURES, encoding="utf-8")
    (package / "test_own.py").write_text(OWN, encoding="utf-8")
    target = ("--target", "embedded:acme", "-n", "2", "-W", "error")
    assert "1 passed" in run(package, python, "-m", "pytest", "-p", "no:cacheprovider", *target, "test_own.py")
    says = f"import sys; from {cli.__name__} import main; sys.exit(main(['requirements', 'acme']))"
    assert run(package, python, "-c", says).count("MUST  1 check") == 3


def test_it_has_the_style_of_this_repository(package: Path) -> None:
    ruff = (sys.executable, "-m", "ruff")
    run(package, *ruff, "check", "--isolated", "--line-length=120", "--select=E,F,W,I,B,UP,SIM,C4,RUF,N", ".")
    run(package, *ruff, "format", "--isolated", "--line-length=120", "--check", ".")


@pytest.mark.parametrize("name", ["Acme", "2me", "ac-me", "", "class", "acme.b", "ácme", "../acme"])
def test_a_name_that_no_id_can_begin_with_is_refused(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["new", "api", name, str(tmp_path)]) == 4
    assert f"new: NAME: found {name!r}; allowed: a lower-case letter" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "why"), [("jasperserver", "an API that an installed package brings"), ("sets", "which is reserved")]
)
def test_a_name_that_is_taken_is_refused(
    name: str, why: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["new", "api", name, str(tmp_path)]) == 4
    assert why in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "pyproject.toml").write_text("mine", encoding="utf-8")
    assert cli.main(["new", "api", "acme", str(tmp_path)]) == 4
    assert "pyproject.toml exists already: name an empty folder" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["pyproject.toml"]


def test_a_folder_is_made_if_it_is_named(tmp_path: Path) -> None:
    assert cli.main(["new", "api", "acme", str(tmp_path / "a" / "b")]) == 0
    assert {path.relative_to(tmp_path / "a" / "b").as_posix() for path in (tmp_path / "a").rglob("*.*")} >= {
        *new.contents("acme")
    }
