"""Edits of a bundle, sealed again by one who knows the format: every one is refused, with the name of what differs."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from pytest_reportconformance.cli import main
from pytest_reportconformance.report import audit, digests, html_templates, rejudge, renderings
from pytest_reportconformance.report import bundle as bundles
from pytest_reportconformance.report.stored import MALFORMED, NotAReport, Stored

Edit = Callable[[dict[str, Any]], None]
POINTERS = """
format suite/name suite/version
specs/api specs/digest target/name
target/api target/url target/product
target/version target/edition target/identities
target/reports target/absent target/notes
configuration/identities configuration/reports configuration/limits
configuration/provision configuration/disposable configuration/headers
configuration/query started finished
seconds verdict says
exit_code options/partial options/strict
options/accept_deviations set trouble
counts/MUST counts/SHOULD counts/MAY
totals/requirements totals/checks requests_sent
executions_started longest_scenario/name longest_scenario/seconds
leftovers leaks warnings
waivers deviations/shown deviations/not_shown
scenarios/0/name scenarios/0/transcript scenarios/0/started
scenarios/0/seconds scenarios/0/requests scenarios/0/answering_seconds
scenarios/0/waiting_seconds scenarios/0/exclusive scenarios/0/ended
requirements/0/id requirements/0/level requirements/0/operation
requirements/0/says requirements/0/source/title requirements/0/source/section
requirements/0/source/url requirements/0/outcome requirements/0/reason
requirements/0/counts requirements/0/blocks requirements/0/checks/0/name
requirements/0/checks/0/outcome requirements/0/checks/0/reason requirements/0/checks/0/expected
requirements/0/checks/0/actual requirements/0/checks/0/answer requirements/0/checks/0/curl
requirements/0/checks/0/seconds
""".split()  # noqa: SIM905
"""One edit each: the value there becomes another of its kind."""


def other(value: Any) -> Any:
    """Another value of the same kind."""
    match value:
        case bool():
            return not value
        case int() | float():
            return value + 1
        case list():
            return [*value, "x"]
        case dict():
            return {**value, "x": 1}
    return f"{value or ''}x"


def edited(record: dict[str, Any], pointer: str) -> None:
    """Change the value at a pointer in place."""
    *path, last = [int(step) if step.isdigit() else step for step in pointer.split("/")]
    place: Any = record
    for step in path:
        place = place[step]
    place[last] = other(place[last])


def sealed(folder: Path, record: dict[str, Any], path: Path) -> Path:
    """A bundle of the folder's transcripts with this record."""
    members = {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in [folder / "target.har", *sorted((folder / "transcripts").glob("*.har"))]
    }
    return packed({"results.json": json.dumps(record).encode(), **members}, record, path)


def packed(members: dict[str, bytes], record: dict[str, Any], path: Path) -> Path:
    """Members with a manifest and a seal that hold."""
    names = ("suite", "specs", "target", "configuration", "started", "finished", "verdict", "says", "set", "options")
    files = {name: {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)} for name, data in members.items()}
    manifest = {"format": 1, **{name: record.get(name) for name in names}, "files": files}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in {bundles.MANIFEST: json.dumps(manifest).encode(), **members}.items():
            archive.writestr(name, data)
        archive.comment = bundles.SEAL + b"0" * 64
    body = buffer.getvalue()[: -bundles.SEAL_LENGTH]
    path.write_bytes(body + bundles.SEAL + hashlib.sha256(body).hexdigest().encode())
    return path


@pytest.fixture
def record(good: Stored) -> dict[str, Any]:
    """A copy of the record, to edit; its first requirement has a check."""
    found: dict[str, Any] = json.loads(json.dumps(good.record))
    return found


@pytest.fixture(scope="module")
def again(good: Stored) -> rejudge.Again:
    """What judging again found."""
    return rejudge.judge(good)


def test_a_bundle_that_was_not_edited_verifies(good: Stored, record: dict[str, Any], tmp_path: Path) -> None:
    assert main(["verify", str(sealed(good.folder, record, tmp_path / "x.zip"))]) == 0


def test_the_order_in_which_checks_were_judged_makes_no_difference(good: Stored, again: rejudge.Again) -> None:
    assert audit.differences(good, replace(again, judgements=again.judgements[::-1])) == []


def test_the_table_has_at_least_60_edits() -> None:
    assert len(set(POINTERS)) >= 60


@pytest.mark.sampled(0.2)
@pytest.mark.parametrize("pointer", POINTERS)
def test_an_edited_value_is_named(
    pointer: str,
    good: Stored,
    record: dict[str, Any],
    again: rejudge.Again,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    edited(record, pointer)
    if not pointer.startswith(("target/api", "format", "options", "leaks", "waivers", "scenarios", "requirements")):
        monkeypatch.setattr(rejudge, "judge", lambda stored: again)
    assert main(["verify", str(sealed(good.folder, record, tmp_path / "x.zip"))]) == 1
    output = "".join(capsys.readouterr())
    assert pointer.split("/")[0] in output or "results.json" in output
    assert "Traceback" not in output


def test_an_edited_transcript_is_named(
    good: Stored, record: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    members = {"target.har": (good.folder / "target.har").read_bytes()}
    for file in (good.folder / "transcripts").glob("*.har"):
        members[f"transcripts/{file.name}"] = file.read_bytes()
    members["transcripts/cancelled.har"] = members["transcripts/cancelled.har"].replace(b'"time":', b'"time":1', 1)
    path = packed({"results.json": json.dumps(record).encode(), **members}, record, tmp_path / "x.zip")
    assert main(["verify", str(path)]) == 1
    assert "transcripts/cancelled.har" in capsys.readouterr().out


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths of all members and elements of a JSON value."""
    steps: list[tuple[Any, Any]] = list(value.items()) if isinstance(value, dict) else []
    steps += enumerate(value) if isinstance(value, list) else []
    return [found for step, one in steps for found in [(*path, step), *places(one, (*path, step))]]


@pytest.mark.sampled(0.4)
@pytest.mark.parametrize("seed", range(6))
def test_random_changes_are_found_without_an_exception(good: Stored, again: rejudge.Again, seed: int) -> None:
    random, text = Random(seed), json.dumps(good.record)
    for path in random.sample([path for path in places(good.record) if path[0] != digests.DIGESTS], 15):
        record = json.loads(text)
        place = record
        for step in path[:-1]:
            place = place[step]
        match random.choice(("drop", "type", "change")):
            case "drop":
                del place[path[-1]]
            case "type":
                place[path[-1]] = [place[path[-1]]]
            case _:
                place[path[-1]] = other(place[path[-1]])
        changed = Stored(good.folder, record)
        try:
            found = audit.differences(changed, again)
        except MALFORMED:
            continue
        assert found, path


NO_RECORDS = ("", "null", "[]", "{}", '{"format":1}', '{"format":1,"format":1}', "[" * 100_000, "1e999", "\x00")


@pytest.mark.parametrize("text", NO_RECORDS)
@pytest.mark.parametrize("command", ["judge", "report", "bundle", "diff"])
def test_a_record_that_is_none_is_refused_in_a_sentence(
    command: str, text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "results.json").write_text(text, encoding="utf-8")
    more = {"bundle": [str(tmp_path / "x.zip")], "diff": [str(tmp_path)]}.get(command, [])
    assert main([command, str(tmp_path), *more]) == 4
    assert capsys.readouterr().err.startswith(f"{command}: ")


def test_a_record_behind_a_link_is_refused(good: Stored, tmp_path: Path) -> None:
    (tmp_path / "results.json").symlink_to(good.folder / "results.json")
    with pytest.raises(NotAReport, match="link"):
        Stored.read(tmp_path)


def test_nothing_is_written_through_a_link(good: Stored, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "elsewhere")
    assert main(["report", str(good.folder), "-o", str(link)]) == 4
    assert main(["bundle", str(good.folder), str(link)]) == 4
    assert not (tmp_path / "elsewhere").exists()


HOSTILE = "=1+1 <script>x</script> ](javascript:x) `|` \n\x1b[31m\u202e]]>&\"'"


def hostile(value: Any) -> Any:
    """A value with a hostile text before each reason, name and address."""
    if isinstance(value, list):
        return [hostile(one) for one in value]
    if not isinstance(value, dict):
        return value
    texts = ("says", "reason", "expected", "actual", "answer", "name", "title", "section", "url", "operation")
    return {key: HOSTILE + one if key in texts and isinstance(one, str) else hostile(one) for key, one in value.items()}


@pytest.mark.parametrize("name", ["html", "exchanges", "markdown", "junit", "csv", "badge"])
def test_hostile_texts_of_a_record_are_escaped(name: str, bad: Stored) -> None:
    record = {**hostile(bad.record), "scenarios": bad.record["scenarios"]}
    text = "".join(renderings.render(name, Stored(bad.folder, record)))
    text = text.replace(f"<script>{html_templates.read(html_templates.SCRIPT)}</script>", "")  # the page's own
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "<script>" not in re.sub("`[^`]*`", "", text).replace("\\<script", "") or name == "csv"
    assert 'href="javascript' not in text
    assert "\n=" not in text or name != "csv"
