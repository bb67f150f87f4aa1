"""Files that people edit: any target.toml or file of waivers is read, or refused in one sentence that can be shown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from pytest_reportconformance.judging import waivers
from pytest_reportconformance.register import apis
from pytest_reportconformance.target import toml
from pytest_reportconformance.target.target import Target, TargetError

CASES = 400
SEED = 31
WAIVERS = """[waivers."jasperserver.cancel.*"]
reason = "not yet"
responsible = "team"
expires = 2027-01-31
link = "https://issues.example/1"
versions = ">=8.0,<=8.2"
"""
VALUES = (
    *("1", "-1", "0", "nan", "inf", "1e400", "9" * 5000, "true", '""', '"x"', '"\\u0000\\u001b[2J"', "'''\n'''", "[]"),
    *("{}", "[[]]", "{ a = 1 }", "2027-13-01", "2027-01-31", "07:32:00", '"env:NOT_SET"', '"file:/nowhere"', '"file:"'),
    *('"../../../etc/passwd"', '"http://u:p@h/"', '"http://[::1"', '"\u202e"', '"' + "x" * 100_000 + '"'),
    "[" * 3000 + "]" * 3000,
)
PIECES = (
    *(
        "[target]\n",
        "[identities]\n",
        "[identities.owner]\n",
        "[[reports]]\n",
        "[limits]\nanswer_seconds = 0\n",
        "=",
        "[",
    ),
    *("=", "[", "]", '"', "\x00", "\x1b[2J", "\ufeff", "a.b.c = 1\n", 'x = "', "# ", "\r", "\u202e", "{" * 2000),
)


def edited(chance: Random, text: str) -> bytes:
    """The text with another value, another key, a piece more or less, or bytes that are no UTF-8."""
    lines = text.splitlines(keepends=True)
    number = chance.randrange(len(lines))
    name, equals, _ = lines[number].partition("=")
    kind = chance.randrange(5)
    if kind == 0 and equals:
        lines[number] = f"{name}= {chance.choice(VALUES)}\n"
    elif kind == 1 and equals:
        lines[number] = f"{name.strip()}{chance.choice('_x.-')}{equals}{lines[number].partition('=')[2]}"
    elif kind == 2:
        del lines[number : number + chance.randrange(1, 5)]
    elif kind == 3:
        lines.insert(number, chance.choice(PIECES))
    else:
        place = chance.randrange(len(text))
        return text[:place].encode() + bytes([chance.randrange(256)]) + text[place:].encode()
    return "".join(lines).encode()


def refusal(read: Callable[[Path], Any], path: Path) -> str | None:
    """Why a file is refused; None if it is read."""
    try:
        read(path)
    except TargetError as error:
        return str(error)
    return None


@pytest.mark.parametrize("name", ["jasperserver", "akamai_reporting", "waivers"])
def test_an_edited_file_is_read_or_refused_in_one_sentence(name: str, tmp_path: Path) -> None:
    read: Callable[[Path], Any] = toml.read
    if name == "waivers":
        text, read = WAIVERS, lambda path: waivers.read(path, TargetError)
    else:
        text = apis.load(name).reference().target_toml("http://127.0.0.1:1")
    path = tmp_path / "edited.toml"
    refused = 0
    for number in range(CASES):
        path.write_bytes(edited(Random(SEED * 1_000_003 + number), text))
        found = refusal(read, path)
        if found is not None:
            refused += 1
            assert found.strip(), number
            assert [char for char in found if not char.isprintable()] == [], (number, found[:300])
            assert len(found) < 2000, number
    assert CASES // 4 < refused < CASES


def test_the_unedited_files_are_read(tmp_path: Path) -> None:
    path = tmp_path / "target.toml"
    for name in apis.names():
        path.write_text(apis.load(name).reference().target_toml("http://127.0.0.1:1"), encoding="utf-8")
        assert isinstance(toml.read(path), Target)
    path.write_text(WAIVERS, encoding="utf-8")
    assert [one.pattern for one in waivers.read(path, TargetError)] == ["jasperserver.cancel.*"]
