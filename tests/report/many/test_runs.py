"""Records that cannot be read end a command over many runs in one sentence that names the file."""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from pytest_reportconformance.cli import main
from tests.report.many.records import record, requirement, stored

ID = "jasperserver.run.must-hold"
COMMANDS = ("history", "board")


def refused(command: str, path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """What a command that reads this file says when it exits with 4."""
    arguments = [command, str(path), *(["--out", str(tmp_path / "site")] if command == "board" else [])]
    assert main(arguments) == 4
    output, error = capsys.readouterr()
    assert output == ""
    assert error.startswith(f"{command}: ")
    assert error.count("\n") == 1
    assert not (tmp_path / "site").exists()
    return error


EDITS: dict[str, tuple[Callable[[dict[str, Any]], Any], str]] = {
    "of an older format": (lambda one: one.update(format=0), "it has format 0, and this version reads format 1"),
    "of no format": (lambda one: one.pop("format"), "it has no format"),
    "without a verdict": (lambda one: one.pop("verdict"), "record: the member 'verdict' is missing"),
    "of an unknown verdict": (lambda one: one.update(verdict="fine"), "verdict: found fine; allowed: conformant, "),
    "of an unknown outcome": (
        lambda one: one["requirements"][0].update(outcome="green"),
        "requirements[0].outcome: found green; allowed: failed, ",
    ),
    "of a check with an unknown outcome": (
        lambda one: one["requirements"][0]["checks"][0].update(outcome="green"),
        "requirements[0].checks[0].outcome: found green",
    ),
    "with a number for a text": (
        lambda one: one["requirements"][0].update(says=7),
        "requirements[0].says: found a number; allowed: a string",
    ),
    "with an ID twice": (lambda one: one["requirements"].append(requirement(ID)), "an ID is there twice"),
    "at no time": (lambda one: one.update(started="yesterday"), "record.started: found yesterday; allowed: a time"),
    "without a time zone": (lambda one: one.update(started="2026-11-01T00:00:00"), "which has no time zone"),
    "of a negative duration": (lambda one: one.update(seconds=-1), "record.seconds: found a negative number"),
}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("edit", EDITS)
def test_a_foreign_record_is_named(command: str, edit: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change, says = EDITS[edit]
    one = record({ID: "passed"})
    change(one)
    folder = stored(tmp_path / "in", record({ID: "passed"}, day=2), one)
    text = refused(command, folder, tmp_path, capsys)
    assert f"{folder}/run-1/results.json" in text
    assert says in text


PLACES: dict[str, Callable[[Path], Any]] = {
    "missing": lambda path: None,
    "a link": lambda path: path.symlink_to("/etc/hostname"),
    "a pipe": os.mkfifo,
    "empty": lambda path: path.touch(),
    "a list": lambda path: path.write_text("[]"),
    "no JSON": lambda path: path.write_text("<html>"),
    "not UTF-8": lambda path: path.write_bytes(b'"\xff"'),
    "too deep": lambda path: path.write_text("[" * 100_000),
    "an empty folder": lambda path: path.mkdir(),
}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("kind", PLACES)
def test_what_is_no_record_is_named(
    command: str, kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "x.json"
    PLACES[kind](path)
    assert str(path) in refused(command, path, tmp_path, capsys)


VALUES: tuple[Any, ...] = (None, True, -1, 10**400, "", "\x1b[2J", "\ud800", "9" * 5000, "<script>", [], {}, [[]])


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of everything inside a JSON value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, one in inner for found in ((*path, key), *places(one, (*path, key)))]


@pytest.mark.parametrize("command", COMMANDS)
def test_any_value_anywhere_is_read_or_refused_in_a_sentence(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = record({ID: ("deviation", "slow-cancel"), "jasperserver.poll.should-end": "blocked"})
    codes = set()
    for number, path in enumerate(places(whole)):
        one = copy.deepcopy(whole)
        inner: Any = one
        for step in path[:-1]:
            inner = inner[step]
        inner[path[-1]] = Random(number).choice(VALUES)
        file = tmp_path / f"{number}.json"
        file.write_text(json.dumps(one), encoding="utf-8")
        code = main([command, str(file), *(["--out", str(tmp_path / "site")] if command == "board" else [])])
        output, error = capsys.readouterr()
        codes.add(code)
        assert code in (0, 4), (path, error)
        assert error.count("\n") == (1 if code else 0)
        assert all(char.isprintable() or char == "\n" for char in output + error), path
    assert codes == {0, 4}
