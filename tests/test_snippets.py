"""Every snippet of Python in README.md and docs/ runs as it stands, beside the own.toml of the docs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests import console_snippets, snippets
from tests.hooks.test_command_line import results, run

PYTHON = list(snippets.of("python"))
OWN_TOML = next(one.text for one in snippets.of("toml") if one.text.startswith("[documents.") and '["own.' in one.text)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Path]:
    """One run of all snippets together."""
    folder = tmp_path_factory.mktemp("snippets")
    (folder / "specs").mkdir()
    (folder / "specs" / "own.toml").write_text(OWN_TOML, encoding="utf-8")
    for snippet in PYTHON:
        (folder / f"test_{snippet.name}.py").write_text(snippet.text, encoding="utf-8")
    return run(folder, "-W", "error", "-v", "--target", "embedded:jasperserver", "."), folder


@pytest.mark.parametrize("snippet", PYTHON, ids=lambda one: f"{one.page}-{one.number}")
def test_a_snippet_passes_and_skips_nothing(snippet: snippets.Snippet, played: tuple[Any, Path]) -> None:
    done, _ = played
    tests = re.findall(r"^def (test_\w+)", snippet.text, re.MULTILINE)
    assert tests, "a snippet without a test shows nothing"
    for name in tests:
        assert re.search(rf"test_{snippet.name}\.py::{name} PASSED", done.stdout), done.stdout


def test_the_run_of_the_snippets_is_reported(played: tuple[Any, Path]) -> None:
    done, folder = played
    assert done.returncode == 0, done.stdout
    record = results(folder)
    assert [(one["id"], one["outcome"]) for one in record["own_requirements"]] == [
        ("own.version.same-for-all", "passed")
    ]
    assert record["leftovers"] == []


def test_the_example_of_the_readme_says_without_a_target_what_it_needs(tmp_path: Path) -> None:
    (tmp_path / "test_readme.py").write_text(PYTHON[0].text, encoding="utf-8")
    done = run(tmp_path, "-W", "error")
    assert done.returncode == 1
    assert "needs a target: pytest --target target.toml, or pytest --target embedded:jasperserver" in done.stdout
    assert "1 error" in done.stdout
    assert "skipped" not in done.stdout


def test_every_reason_not_to_run_a_command_applies_to_one() -> None:
    every = [one for snippet in snippets.of("console") for one in console_snippets.commands(snippet.text)]
    for pattern in console_snippets.NOT_RUN:
        assert any(re.match(pattern, one) for one in every), pattern
    pages = {snippet.page for snippet in snippets.of("console")}
    assert set(console_snippets.PAGES_NOT_RUN) <= pages
    run = [one for page in pages for one in console_snippets.script(page)[0]]
    assert len(run) > len(every) / 2


@pytest.mark.parametrize(
    ("command", "run"),
    [
        ("pytest --target target.toml", f"pytest -p no:cacheprovider -k {console_snippets.ONE} --target target.toml"),
        ("reportconformance doctor t.toml", "reportconformance doctor t.toml || [ $? = 6 ]"),
        ("reportconformance init http://127.0.0.1:8080/jasperserver t", "reportconformance init http://h:1/j t"),
        ("reportconformance history nightly/", "reportconformance history nightly/"),
    ],
)
def test_a_real_server_is_replaced(command: str, run: str) -> None:
    assert console_snippets.replaced(command, {"url": "http://h:1/j"}) == run


def test_commands_are_read_without_comments_and_with_their_continued_lines() -> None:
    text = '# the owner\npytest --target "$URL" \\\n    --explore 500   # many steps\n\nls\n'
    assert list(console_snippets.commands(text)) == ['pytest --target "$URL" --explore 500', "ls"]
