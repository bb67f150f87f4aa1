"""What is published: addresses and long description, the contents of the archives, pins, and one version everywhere."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hatchling.builders.sdist import SdistBuilder
from hatchling.builders.wheel import WheelBuilder

import hatch_build
from pytest_reportconformance import __version__, cli
from tests.tracked import ROOT, tracked

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
ADDRESS = "https://example.org/owner/suite"


@pytest.mark.parametrize(
    ("remote", "page"),
    [
        ("https://example.org/owner/suite.git", ADDRESS),
        ("https://user:word@example.org/owner/suite", ADDRESS),
        ("git@example.org:owner/suite.git", ADDRESS),
        ("ssh://git@example.org:7999/owner/suite.git", ADDRESS),
        ("ssh://git@example.org/owner/suite/", ADDRESS),
        ("/srv/git/suite.git", ""),
        ("../suite", ""),
        ("", ""),
    ],
)
def test_the_address_is_the_page_of_the_remote(remote: str, page: str) -> None:
    assert hatch_build.web(remote) == page


def test_a_variable_names_the_repository(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PROJECT_REPOSITORY_URL", ADDRESS)
    assert hatch_build.repository(tmp_path) == ADDRESS
    monkeypatch.setenv("PROJECT_REPOSITORY_URL", "somewhere")
    with pytest.raises(ValueError, match="PROJECT_REPOSITORY_URL: found 'somewhere'"):
        hatch_build.repository(tmp_path)
    monkeypatch.delenv("PROJECT_REPOSITORY_URL")
    assert hatch_build.repository(tmp_path) == ""


def described(address: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.setattr(hatch_build, "repository", lambda root: address)
    table: dict[str, Any] = {"version": __version__}
    hatch_build.Metadata(str(ROOT), {}).update(table)
    return table


def test_every_link_of_the_long_description_is_absolute(monkeypatch: pytest.MonkeyPatch) -> None:
    if (ROOT / "PKG-INFO").is_file():
        text = (ROOT / "PKG-INFO").read_text(encoding="utf-8")
        assert not [link for link in re.findall(r"\]\(([^)]+)\)", text) if not link.startswith(("https://", "#"))]
        return
    table = described(ADDRESS, monkeypatch)
    assert set(table["urls"]) == {"Repository", "Documentation", "Changelog", "Issues"}
    assert all(url.startswith(ADDRESS) for url in table["urls"].values())
    links = re.findall(r"\]\(([^)]+)\)", table["readme"]["text"])
    files = [link.removeprefix(f"{ADDRESS}/blob/v{__version__}/").partition("#")[0] for link in links]
    assert len(files) > 10
    assert all((ROOT / file).is_file() for file in files)


def test_without_an_address_a_link_to_a_file_is_text(monkeypatch: pytest.MonkeyPatch) -> None:
    assert hatch_build.absolute("see [a page](docs/a.md#b), [the web](https://a.example)", "", "1") == (
        "see a page, [the web](https://a.example)"
    )


def test_the_source_distribution_holds_every_file() -> None:
    packed = {file.distribution_path for file in SdistBuilder(str(ROOT)).recurse_included_files()}
    added = {"pyproject.toml", "PKG-INFO"}  # by the builder itself
    assert {path.as_posix() for path in tracked()} - packed <= added


def test_the_wheel_holds_what_messages_name_and_no_tests() -> None:
    builder = WheelBuilder(str(ROOT))
    packed = {file.distribution_path for file in builder.recurse_included_files()}
    for folder in ("specs", "pytest_reportconformance"):
        files = {path.as_posix() for path in tracked() if path.parts[0] == folder}
        assert files
        assert {
            file if folder == cli.__name__.partition(".")[0] else f"pytest_reportconformance/{file}" for file in files
        } <= packed
    assert {f"pytest_reportconformance/docs/{page.name}" for page in (ROOT / "docs").glob("*.md")} <= packed
    assert {path.partition("/")[0] for path in packed} == {"pytest_reportconformance"}
    assert not [path for path in packed if "/docs/generator" in path]


def test_one_version_everywhere(capsys: pytest.CaptureFixture[str]) -> None:
    assert PROJECT["version"] == __version__
    with pytest.raises(SystemExit) as raised:
        cli.main(["--version"])
    assert raised.value.code == 0
    assert capsys.readouterr().out == f"reportconformance {__version__}\n"
    assert re.search(rf"^version: {re.escape(__version__)}$", (ROOT / "CITATION.cff").read_text("utf-8"), re.MULTILINE)
