"""Files that others edited: whatever is in them, each offline command answers in a sentence, with 1 or 4."""

from __future__ import annotations

import io
import json
import os
import shutil
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from pytest_reportconformance.cli import main
from pytest_reportconformance.report import bundle as bundles
from pytest_reportconformance.report.renderings import FORMATS
from pytest_reportconformance.report.stored import Stored
from pytest_reportconformance.transcript.strict_json import MOST_LEVELS
from tests.report.test_bundle_edits import packed, places

CASES, PARTS = 150, 5
SEED = 1729
OPERATIONS = ("cancel", "delete")
CODES = (0, 1, 4, 6)
"""0 and 6 if a change has no effect: `judge` has the code of the verdict."""

DEEP: Any = []
for _ in range(MOST_LEVELS + 50):
    DEEP = [DEEP]
VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1.5, 10**15, 10**400, "", "x", "\x1b[2J\u202e\x9b", "\ud800", "../../x", [], {}),
    *([None], ["x"], [[]], {"x": None}, {"": {}}, "9" * 5000, "=1+1|`<script>", DEEP, "2026-13-99T99:99:99.000+00:00"),
)
TEXTS: tuple[bytes, ...] = (
    *(b"", b"\xef\xbb\xbf", b"\xff", b"\x00", b"\x1b[2J", b"NaN", b"-Infinity", b"1e999", b"{", b"[" * 5000, b"]}"),
    *(b'"a":1,"a":2,', b'"\\ud800"', b"\xe2\x80\xae", b"\n", b",,", b"\\"),
)


@pytest.fixture(scope="module")
def small(bad: Stored, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report with the requirements of few operations, and the transcripts that their checks read."""
    folder = tmp_path_factory.mktemp("strangers") / "small"
    (folder / "transcripts").mkdir(parents=True)
    record: dict[str, Any] = json.loads(json.dumps(bad.record))
    record["requirements"] = [one for one in record["requirements"] if one["operation"] in OPERATIONS]
    checks = [check for one in record["requirements"] for check in one["checks"]]
    needed = {key for check in checks for key in check["evidence"]["transcripts"]}
    record["scenarios"] = [one for one in record["scenarios"] if one["name"] in needed]
    record["options"]["partial"] = True
    del record["digests"]
    for name in ("target.har", *(one["transcript"] for one in record["scenarios"])):
        shutil.copy(bad.folder / name, folder / name)
    (folder / "results.json").write_text(json.dumps(record), encoding="utf-8")
    return folder


@pytest.fixture
def copy(small: Path, tmp_path: Path) -> Path:
    """A copy of it, to edit."""
    return Path(shutil.copytree(small, tmp_path / "copy"))


def archived(folder: Path, path: Path) -> Path:
    """A bundle of a folder, whatever is in it, with digests that hold."""
    files = [file for file in folder.rglob("*") if file.is_file() and file.suffix in (".har", ".json")]
    members = {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}
    try:
        record = json.loads(members["results.json"])
    except (ValueError, KeyError, RecursionError):
        record = {}
    return packed(members, record if isinstance(record, dict) else {}, path)


def calls(folder: Path, good: Path) -> list[list[str]]:
    """Every offline command over a folder; `good` is another report to compare with."""
    out = str(folder.parent / "out.zip")
    return [
        ["judge", str(folder)],
        ["judge", str(folder), "--format", "json"],
        *(["report", str(folder), "--format", name, "-o", "-"] for name in FORMATS),
        *(["diff", str(folder), str(good), "--format", name] for name in ("text", "markdown", "json")),
        ["diff", str(good), str(folder)],
        ["bundle", str(folder), out],
        ["verify", out],
    ]


def answered(arguments: list[str], capsys: pytest.CaptureFixture[str], codes: tuple[int, ...] = CODES) -> int:
    """The exit code of a command whose answer is a proper one."""
    code = main(arguments)
    output, error = capsys.readouterr()
    assert code in codes, (arguments, code, error)
    assert "Traceback" not in output + error
    assert len(error.splitlines()) == (0 if code in (0, 6) else len(error.splitlines()[:1])), error
    assert code != 4 or error.startswith(f"{arguments[0]}: "), error
    text = output.replace("\r\n", "\n") + error
    assert [char for char in text if not (char.isprintable() or char == "\n")] == [], arguments
    return code


def mutated(chance: Random, text: bytes) -> bytes:
    """A JSON text with one value changed, or one piece of the text."""
    if not text.strip() or chance.random() < 0.35:
        place = chance.randrange(len(text) + 1)
        return text[:place] + chance.choice(TEXTS) + text[place + chance.randrange(20) :]
    value = json.loads(text)
    path = chance.choice(places(value))
    place = value
    for step in path[:-1]:
        place = place[step]
    if chance.random() < 0.25:
        del place[path[-1]]
    else:
        place[path[-1]] = chance.choice(VALUES)
    return json.dumps(value).encode()


def mutated_line(chance: Random, text: bytes) -> bytes:
    """A transcript with one line changed: an entry, or what the file has at its end."""
    lines = text.splitlines(keepends=True)
    number = chance.randrange(1, len(lines))
    start, end = (b'],"_transcript":', b"}}\n") if number == len(lines) - 1 else (b"", b",\n")
    core = lines[number].removeprefix(start).strip().removesuffix(end.strip())
    lines[number] = start + mutated(chance, core) + end
    if number == len(lines) - 2:
        lines[number] = lines[number].removesuffix(b",\n") + b"\n"
    return b"".join(lines)


def edit(chance: Random, folder: Path) -> None:
    """Change one file of a report."""
    if chance.random() < 0.5:
        file = folder / "results.json"
        file.write_bytes(mutated(chance, file.read_bytes()))
        return
    file = chance.choice([folder / "target.har", *sorted((folder / "transcripts").iterdir())])
    file.write_bytes(mutated_line(chance, file.read_bytes()))


def test_an_unedited_report_is_judged_and_rendered(copy: Path, small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in calls(copy, small):
        answered(arguments, capsys, (0, 1))


@pytest.mark.sampled(0.4)
@pytest.mark.parametrize("part", range(PARTS))
def test_any_change_is_answered_in_a_sentence(
    small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], part: int
) -> None:
    codes: set[int] = set()
    for number in range(part, CASES, PARTS):
        chance = Random(SEED * 1_000_003 + number)
        folder = tmp_path / "copy"
        shutil.copytree(small, folder)
        edit(chance, folder)
        arguments = chance.choice(calls(folder, small))
        if arguments[0] == "verify":
            archived(folder, tmp_path / "out.zip")
        try:
            codes.add(answered(arguments, capsys, (1,) if arguments[0] == "verify" else CODES))
        except BaseException as error:
            raise AssertionError(f"case {number}: {arguments}") from error
        shutil.rmtree(folder)
    assert codes >= {0, 1, 4}


PLACES: dict[str, Callable[[Path], None]] = {
    "a link": lambda path: path.symlink_to("/etc/hostname"),
    "a link to nothing": lambda path: path.symlink_to("nothing"),
    "a link to a device": lambda path: path.symlink_to("/dev/zero"),
    "a pipe": os.mkfifo,
    "a folder": lambda path: path.mkdir(),
    "empty": lambda path: path.touch(),
}


@pytest.mark.parametrize("name", ["results.json", "transcripts/cancelled.har"])
@pytest.mark.parametrize("kind", PLACES)
def test_what_is_no_file_is_never_opened(
    kind: str, name: str, copy: Path, small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (copy / name).unlink()
    PLACES[kind](copy / name)
    for arguments in calls(copy, small)[:-1]:
        record = name == "results.json"
        code = answered(arguments, capsys, (4,) if record else (0, 1, 4))
        assert code == 4 or not (kind.startswith("a link") and arguments[0] == "bundle")


def test_a_folder_of_transcripts_behind_a_link_is_refused(
    copy: Path, small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(copy / "transcripts")
    (copy / "transcripts").symlink_to(small / "transcripts")
    assert answered(["judge", str(copy)], capsys) == 4
    assert answered(["report", str(copy)], capsys) == 4
    assert answered(["bundle", str(copy), str(copy / "x.zip")], capsys) == 4


def linked(archive: zipfile.ZipFile) -> None:
    """A member that is a symbolic link."""
    info = zipfile.ZipInfo("transcripts/x.har")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    archive.writestr(info, "/etc/passwd")


def twice(archive: zipfile.ZipFile) -> None:
    """Two members of one name."""
    archive.writestr("results.json", "{}")
    with pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("results.json", "{}")


MEMBERS: dict[str, Callable[[zipfile.ZipFile], None]] = {
    "no member": lambda archive: None,
    "an absolute path": lambda archive: archive.writestr("/tmp/x.har", "x"),
    "a path to the outside": lambda archive: archive.writestr("transcripts/../../x.har", "x"),
    "a path of Windows": lambda archive: archive.writestr("C:\\x.har", "x"),
    "control characters": lambda archive: archive.writestr("transcripts/\x1b[2J.har", "x"),
    "a folder": lambda archive: archive.writestr("transcripts/", ""),
    "a link": linked,
    "two of one name": twice,
    "a bomb": lambda archive: archive.writestr("results.json", bytes(bundles.LARGEST + 1)),
    "a manifest that is none": lambda archive: archive.writestr("manifest.json", "[]"),
    "a manifest without files": lambda archive: archive.writestr("manifest.json", '{"files":{}}'),
    "a manifest too deep": lambda archive: archive.writestr("manifest.json", "[" * 100_000),
    "a manifest of another type": lambda archive: archive.writestr("manifest.json", '{"files":{"results.json":1}}'),
}


def archive_with(fill: Callable[[zipfile.ZipFile], None], change: Callable[[bytes], bytes] = bytes) -> bytes:
    """An archive with a seal that holds."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        fill(archive)
        archive.comment = bundles.SEAL + b"0" * 64
    body = change(buffer.getvalue())[: -bundles.SEAL_LENGTH]
    return body + bundles.SEAL + bundles._digest(body).encode()


@pytest.mark.parametrize("name", MEMBERS)
def test_a_bundle_with_other_members_is_refused(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(archive_with(MEMBERS[name]))
    assert answered(["verify", str(path)], capsys) == 1


HEADS: dict[str, tuple[bytes, int, bytes]] = {
    "encrypted": (b"PK\x01\x02", 8, b"\x01\x00"),
    "packed in an unknown way": (b"PK\x01\x02", 10, b"\x63\x00"),
    "packed as LZMA, which it is not": (b"PK\x01\x02", 10, b"\x0e\x00"),
    "of another size": (b"PK\x01\x02", 24, b"\xff\xff\xff\x0f"),
    "of another digest": (b"PK\x01\x02", 16, b"\0\0\0\0"),
    "at another place": (b"PK\x01\x02", 42, b"\xff\xff\xff\x7f"),
    "with a broken extra field": (b"PK\x01\x02", 30, b"\x08\x00"),
}


@pytest.mark.parametrize("name", HEADS)
def test_a_member_with_a_broken_head_is_refused(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mark, offset, new = HEADS[name]

    def change(data: bytes) -> bytes:
        place = data.index(mark) + offset
        return data[:place] + new + data[place + len(new) :]

    path = tmp_path / "x.zip"
    path.write_bytes(archive_with(lambda archive: archive.writestr("results.json", "{}" * 99), change))
    assert answered(["verify", str(path)], capsys) == 1


@pytest.mark.parametrize("kind", [*PLACES, "missing", "random"])
def test_what_is_no_bundle_is_refused(kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "x.zip"
    if kind == "random":
        path.write_bytes(Random(SEED).randbytes(1000))
    elif kind != "missing":
        PLACES[kind](path)
    assert answered(["verify", str(path)], capsys) == 1


def test_manifests_of_any_types_are_refused(copy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with zipfile.ZipFile(archived(copy, tmp_path / "x.zip")) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    for number in range(60):
        text = mutated(Random(SEED + number), members[bundles.MANIFEST])

        def fill(archive: zipfile.ZipFile, text: bytes = text) -> None:
            for name, data in {**members, bundles.MANIFEST: text}.items():
                archive.writestr(name, data)

        (tmp_path / "y.zip").write_bytes(archive_with(fill))
        assert answered(["verify", str(tmp_path / "y.zip")], capsys) == 1
