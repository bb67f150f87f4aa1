"""README and docs match the code: every key and purpose, every option, every link, every TOML block."""

from __future__ import annotations

import argparse
import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from pytest_reportconformance import cli, plugin
from pytest_reportconformance.judging import waivers
from pytest_reportconformance.register import apis, own
from pytest_reportconformance.register.strict_toml import Table
from pytest_reportconformance.target import schemes
from pytest_reportconformance.target.target import IDENTITIES, Limits, Provision, TargetError
from pytest_reportconformance.target.toml import parse

DOCS = Path(__file__).parents[1] / "docs"
PAGES = [*sorted(DOCS.glob("*.md")), DOCS.parent / "README.md"]
REFERENCE = (DOCS / "target-toml.md").read_text(encoding="utf-8")
BUILT = ("dist/", "build/")
"""What scripts write: it is not there in a fresh clone."""
HEAD = (
    "api",
    "url",
    "name",
    "disposable",
    "product",
    "version",
    "edition",
    "ca_bundle",
    "cert",
    "key",
    "headers",
    "query",
    "live_hosts",
    "expendable",
)


def _name(page: Path) -> str:
    return page.relative_to(DOCS.parent).as_posix()


def section(title: str) -> str:
    """The text of target-toml.md below a heading."""
    return REFERENCE.partition(f"## {title}\n")[2].partition("\n## ")[0]


def named(text: str) -> set[str]:
    """The names in the first two columns of the tables of a text."""
    rows = [row.split("|")[1:3] for row in text.splitlines() if row.startswith("|")]
    return {name for row in rows for cell in row for name in re.findall(r"`([^`]+)`", cell)}


def keys_of(title: str) -> set[str]:
    """The keys in the first column of the tables of a section."""
    rows = [row.split("|")[1] for row in section(title).splitlines() if row.startswith("| `")]
    return {name for cell in rows for name in re.findall(r"`([^`]+)`", cell)}


def test_every_key_of_the_tables_and_no_other() -> None:
    assert keys_of("`[target]`") == set(HEAD)
    assert keys_of("`[identities.ROLE]`") == {
        *IDENTITIES,
        "auth",
        *(key for name in schemes.names() for key in schemes.find(name).keys),
    }
    assert keys_of("`[limits]`") == {field.name for field in fields(Limits)}
    assert keys_of("`[provision]`") == {field.name for field in fields(Provision)}
    assert keys_of("Waivers") == set(waivers.KEYS)


@pytest.mark.parametrize("key", HEAD)
def test_the_parser_knows_the_keys_of_target(key: str) -> None:
    table: dict[str, Any] = {"target": {"api": "jasperserver", "url": "http://127.0.0.1:1", key: 7}}
    with pytest.raises(TargetError) as raised:
        parse(Table("t.toml", "", table, TargetError), DOCS)
    assert "did you mean" not in str(raised.value)


@pytest.mark.parametrize("api", apis.names())
def test_every_purpose_and_each_of_its_keys(api: str) -> None:
    text = section(f"Reports: {api}")
    purposes = apis.load(api).purposes
    known = set(purposes) | {key for purpose in purposes.values() for key in purpose.keys}
    assert named(text) | set(re.findall(r"^`(\w+)` is required", text, re.MULTILINE)) == known
    for purpose in purposes.values():
        assert purpose.says in text
        for key in purpose.keys.values():
            assert key.says in text, f"target-toml.md lacks {key.says!r}"


def blocks(language: str) -> Iterator[Any]:
    for page in PAGES:
        for number, block in enumerate(re.findall(rf"```{language}\n(.*?)```", page.read_text("utf-8"), re.DOTALL)):
            yield pytest.param(block, id=f"{_name(page)}-{number}")


@pytest.mark.parametrize("block", list(blocks("toml")))
def test_toml_blocks_are_valid(block: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in re.findall(r"env:(\w+)", block):
        monkeypatch.setenv(name, "secret")
    for name in ("ca.pem", "client.pem", "client.key"):
        (tmp_path / name).write_text("", encoding="utf-8")
    values = tomllib.loads(block)
    if any(own.is_own(name) for name in values):
        (tmp_path / "own.toml").write_text(block, encoding="utf-8")
        assert own.read(tmp_path / "own.toml").requirements
        return
    whole = {"api": "jasperserver", "url": "http://127.0.0.1:1"} | values.pop("target", {})
    if "start" in str(values.get("reports")):
        whole["api"] = "akamai_reporting"
    parse(Table("t.toml", "", {"target": whole, **values}, TargetError), tmp_path)


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_links_have_a_target(page: Path) -> None:
    for link in re.findall(r"\]\(([^)]+)\)", page.read_text(encoding="utf-8")):
        file, _, anchor = link.partition("#")
        target = page if not file else page.parent / file
        assert target.is_file(), link
        headings = re.findall(r"^#+ (.+)$", target.read_text(encoding="utf-8"), re.MULTILINE)
        anchors = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
        assert not anchor or anchor in anchors, link


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_options_and_commands_exist(page: Path, capsys: Any) -> None:
    text = page.read_text(encoding="utf-8")
    known = (
        Path(plugin.__file__).read_text(encoding="utf-8")
        + "--junitxml --alluredir --deselect --collect-only --lf --max-warnings --fixtures"
        + "--tag --rm --volume --env --user --entrypoint"  # of docker
    )
    for command in sorted(set(re.findall(r"(?<!_)reportconformance ([a-z]+)", text))):
        with pytest.raises(SystemExit) as raised:
            cli.main([command, "--help"])
        assert raised.value.code == 0, command
        known += capsys.readouterr().out
    for option in set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", text)):
        assert option in known, option


def _help(capsys: Any, *command: str) -> str:
    with pytest.raises(SystemExit):
        cli.main([*command, "--help"])
    return " ".join(str(capsys.readouterr().out).split())


def test_one_option_has_one_description(capsys: Any) -> None:
    """Options that pytest and the commands share are described in the same words."""
    texts = " ".join(Path(plugin.__file__).read_text(encoding="utf-8").split())
    for command, option, says in (
        ("doctor", "--target-api", "name the API of a URL (default: detected)"),
        ("doctor", "--live", "allow a target on a live service of the vendor"),
    ):
        assert f"{says}" in _help(capsys, command), option
        assert says in texts, option


def test_help_texts_begin_with_a_verb() -> None:
    commands = argparse.ArgumentParser().add_subparsers()
    for module in apis.modules(cli.__name__):
        module.add(commands)
    texts = [action.help or "" for action in commands._get_subactions()]
    for parser in commands.choices.values():
        texts += [str(action.help) for action in parser._actions]
    nouns = [text for text in texts if re.match(r"(the|a|an|default|how|which|what|whether|folder|port)\b", text)]
    assert nouns == []


def test_the_index_names_every_page() -> None:
    index = (DOCS / "README.md").read_text(encoding="utf-8")
    assert [page.name for page in PAGES if page.name != "README.md" and f"({page.name})" not in index] == []


ELSEWHERE = {"rest_v2/reportExecutions", "conformance/<target name>/", "target.toml", "build/docs/html"}
"""What looks like a path of the repository and is a path of a server, of the user, or of what is built."""


def _paths(page: Path) -> Iterator[str]:
    """The paths that a page names in backticks: files of Python or TOML, and what has a slash."""
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for name in re.findall(r"`([\w.<>*…/-]+)`", text):
        if name not in ELSEWHERE and ("/" in name or name.endswith((".py", ".toml"))):
            yield name


@pytest.mark.parametrize("page", [DOCS.parent / "README.md", DOCS.parent / "CONTRIBUTING.md", DOCS / "how-it-works.md"])
def test_paths_exist(page: Path) -> None:
    """A part in angle brackets stands for any name; a path begins at the root, the package, or a folder of an API."""
    roots = ("", "pytest_reportconformance/", "pytest_reportconformance/*/", "specs/*/", "tests/*/")
    named = {name for name in _paths(page) if not name.startswith(BUILT)}
    patterns = {name: re.sub("<[^>]+>", "*", name.replace("…", "pytest_reportconformance/*")) for name in named}
    known = DOCS.parent
    lost = [name for name in named if not any(any(known.glob(root + patterns[name])) for root in roots)]
    assert len(named) > 4
    assert sorted(lost) == []


@pytest.mark.parametrize("name", [info.__name__.rpartition(".")[2] for info in apis.modules(cli.__name__)])
def test_the_help_of_a_command_is_complete_in_80_columns(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    with pytest.raises(SystemExit):
        cli.main([name, "--help"])
    text = capsys.readouterr().out
    assert [line for line in text.splitlines() if len(line) > 80] == []
    parts = [text.index(f"\n{part}:\n") for part in ("options", "exit codes", "examples")]
    assert parts == sorted(parts)
    assert text.startswith(f"usage: reportconformance {name} ")
    described = text.partition("\n\n")[2].partition("\n\n")[0]
    assert described.endswith(".")
    assert re.findall(r"^  ([0-7])  ", text[parts[1] : parts[2]], re.MULTILINE)[0] == "0"
    examples = re.findall(r"^  (\S.+)\n      \S", text[parts[2] :], re.MULTILINE)
    assert f"reportconformance {name}" in examples[0]


def test_docs_lists_every_page_and_prints_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["docs"]) == 0
    listed = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert listed == sorted(page.stem for page in DOCS.glob("*.md") if page.name != "README.md")
    for name in listed:
        assert cli.main(["docs", name]) == 0
        assert capsys.readouterr().out == (DOCS / f"{name}.md").read_text(encoding="utf-8")
    assert cli.main(["docs", "docs/outcomes.md"]) == 0


def test_an_unknown_page_is_one_sentence_with_the_nearest_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["docs", "target-tml"]) == 4
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert "docs: PAGE: found 'target-tml'" in err
    assert "did you mean 'target-toml'?" in err


def test_texts_that_name_a_page_name_the_command_that_prints_it() -> None:
    """Messages and help: the pages are not beside an installed package."""
    package = Path(cli.__file__).parents[1]
    found = 0
    for path in package.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        described = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if isinstance(node, (ast.Module, ast.ClassDef)) and node.body and isinstance(node.body[0], ast.Expr)
        }
        texts = [
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in described
        ]
        for text in texts:
            for name in re.findall(r"docs/([a-z-]+)\.md", text):
                assert f"reportconformance docs {name}" in text or path.name == "docs.py", path
                found += 1
    assert found > 5
