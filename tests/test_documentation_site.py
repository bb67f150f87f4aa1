"""The pages that are made from the code hold all of it, and broken links of a site are found, without Sphinx."""

from __future__ import annotations

import argparse
import os
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from docs.generator import (
    command_line,
    fixtures,
    handwritten,
    links,
    markdown,
    operations,
    outcome_names,
    record_format,
    register_pages,
    repository,
    scenarios,
)
from docs.generator.markdown import Page
from pytest_reportconformance.judging.exit_codes import ExitCode
from pytest_reportconformance.judging.outcome_table import OUTCOMES
from pytest_reportconformance.register import register
from tests import openapi
from tests.mutation.kill_matrix import mutants

HERE = repository.names()


@pytest.fixture(scope="module")
def registers() -> list[Page]:
    return list(register_pages.pages())


def test_every_requirement_stands_on_one_page_with_its_sentence(registers: list[Page]) -> None:
    whole = "".join(page.text for page in registers)
    for api in HERE:
        for id, one in register.load(api).requirements.items():
            assert whole.count(f"\n({id})=\n") + whole.startswith(f"({id})=\n") == 1, id
            assert f"**{one.level}.** {markdown.prose(one.says)}" in whole, id


def test_every_mutant_and_every_deviation_stands_with_what_it_violates(registers: list[Page]) -> None:
    sections = dict(
        part.partition(")=\n")[::2]
        for page in registers
        for part in re.split(r"^\((?=[\w.-]+\)=$)", page.text, flags=re.M)
    )
    for api in HERE:
        for mutant in mutants(f"tests.{api}.mutants"):
            for id in mutant.kills:
                assert f"* `{mutant.__name__}`: " in sections[id], id
        for deviation in register.load(api).deviations.values():
            assert markdown.prose(deviation.instead) in sections[f"deviation-{deviation.id}"]
            for id in deviation.requirements:
                assert f"(#deviation-{deviation.id})" in sections[id], id


def test_every_link_to_a_name_has_its_target(registers: list[Page]) -> None:
    pages = [*registers, *operations.pages(), *record_format.pages(), *outcome_names.pages()]
    pages += [Page(api, scenarios.page(api, [])) for api in HERE]
    targets = {name for page in pages for name in re.findall(r"^\(([\w.-]+)\)=$", page.text, re.MULTILINE)}
    links = {name for page in pages for name in re.findall(r"\]\(#([\w.-]+)\)", page.text)}
    assert len(links) > 500
    assert links - targets == set()


def test_a_requirement_names_its_checks_and_the_scenarios_that_they_read(registers: list[Page]) -> None:
    (page,) = (page.text for page in registers if page.path == "register/jasperserver/cancel")
    section = page.partition("(jasperserver.cancel.unknown-id)=")[2].partition(")=")[0]
    assert "`test_cancel::test_" in section
    assert "[`deleted`](#scenario-jasperserver-deleted)" in section


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://h/r/0b1f6e7a-0000-4000-8000-000000000000/status/", "GET /r/{id}/status/"),
        ("http://h/r?reportURI=/reports/fast&from=2026-11-30T00%3A00%3A00", "GET /r?reportURI=/reports/fast&from=…"),
    ],
)
def test_steps_show_no_identifier_of_one_run(url: str, shown: str) -> None:
    exchange: Any = SimpleNamespace(request=SimpleNamespace(method="GET", url=url))
    assert scenarios.request(exchange) == shown


def test_every_operation_of_the_openapi_documents() -> None:
    text = "".join(page.text for page in operations.pages())
    for api in HERE:
        for name in openapi.OPERATION.findall(openapi.path(api).read_text(encoding="utf-8")):
            assert f"(operation-{api}-{name})=" in text


def test_every_command_option_and_exit_code() -> None:
    pages = {page.path: page.text for page in command_line.pages()}
    names = [name for name, _, _ in command_line.subcommands()]
    assert len(names) > 10
    assert all(f"\n## {name}\n" in pages["reference/commands"] for name in names)
    for option, _ in command_line.Options().found:
        assert f"`{option}" in pages["reference/pytest-options"]
    assert "| `requirement(id)` | The documented requirement" in pages["reference/pytest-options"]
    assert "parametrize" not in pages["reference/pytest-options"]
    assert all(f"| {code.value} | " in pages["reference/exit-codes"] for code in ExitCode)


def test_a_command_inside_a_command_is_listed() -> None:
    listed = argparse.ArgumentParser(prog="p").add_subparsers()
    inside = listed.add_parser("new", help="write a skeleton").add_subparsers()
    inside.add_parser("api", help="write that of an API").add_argument("name", help="name it")
    found = [(name, says) for name, says, _ in command_line._inside(listed, "")]
    assert found == [("new", "write a skeleton"), ("new api", "write that of an API")]


def test_every_outcome_and_every_member_of_the_record() -> None:
    (outcomes,), (record,) = outcome_names.pages(), record_format.pages()
    assert all(one.name in outcomes.text for one in OUTCOMES)
    assert "`requirements`" in record.text
    assert "[requirement](#record-requirement)" in record.text


def test_fixtures_are_read_from_what_pytest_prints() -> None:
    printed = """--- fixtures defined from _pytest.capture ---
capsys -- .../capture.py:1
    Not ours.

--- fixtures defined from pytest_reportconformance.x ---
target_url [session scope] -- ../x.py:3
    The base URL.

    A second paragraph.

own -- ../x.py:9
    One for each test.

"""
    found = [(one.name, one.scope, one.says) for one in fixtures.listed(printed)]
    assert found == [
        ("target_url", "session", "The base URL.\n\nA second paragraph."),
        ("own", "function", "One for each test."),
    ]


@pytest.mark.parametrize(
    ("path", "link", "becomes"),
    [
        ("README.md", "[a](docs/outcomes.md#failed)", "[a](outcomes.md#failed)"),
        ("docs/outcomes.md", "[a](../README.md)", "[a](overview.md)"),
        ("docs/outcomes.md", "[a](https://example.org/x)", "[a](https://example.org/x)"),
        ("docs/outcomes.md", "[a](#failed)", "[a](#failed)"),
    ],
)
def test_links_between_files_lead_to_pages(path: str, link: str, becomes: str) -> None:
    assert handwritten.linked(path, link) == becomes


def test_a_link_to_a_file_that_is_no_page_leads_to_the_repository_or_is_text() -> None:
    found = handwritten.linked("docs/continuous-integration.md", "[action](../action.yml)")
    assert found in ("action", f"[action]({handwritten.repository()}/action.yml)")


def test_a_link_to_a_file_that_is_not_there_is_refused() -> None:
    with pytest.raises(FileNotFoundError, match=r"docs/outcomes\.md: .*lost\.md"):
        handwritten.linked("docs/outcomes.md", "[a](lost.md)")


def test_every_page_by_hand_is_in_a_list_of_the_index() -> None:
    pages = {page.path: page.text for page in handwritten.pages(["reference/commands"])}
    listed = set(re.findall(r"^[\w/-]+$", pages["index"], re.MULTILINE))
    assert set(pages) - {"index"} <= listed
    assert "reference/commands" in listed


def test_a_file_in_the_index_that_is_no_page_is_in_no_list() -> None:
    text = handwritten.index("# A\n\n## B\n\n[one](outcomes.md) [other](../reports/README.md)\n", [])
    assert re.findall(r"^[\w/-]+$", text, re.MULTILINE) == ["outcomes"]


def test_commands_without_a_prompt_are_shown_as_commands() -> None:
    (tutorial,) = (page.text for page in handwritten.pages([]) if page.path == "tutorial")
    assert "```shell\n./scripts/demo\n```" in tutorial
    assert handwritten.COMMANDS.sub("", "```console\n$ ls\nfile\n") == "```console\n$ ls\nfile\n"


@pytest.mark.parametrize(
    ("html", "says"),
    [
        ('<a href="there.html#known">x</a>', ""),
        ('<a href="#own">x</a><p id="own">', ""),
        ('<a href="https://example.org/">x</a>', ""),
        ('<a href="there.html#lost">x</a>', "no such anchor"),
        ('<a href="lost.html">x</a>', "no such file"),
        ('<img src="lost.png">', "no such file"),
        ('<a href="folder/">x</a>', "leads to a folder"),
        ('<a href="../outside.html">x</a>', "leads out of the site"),
        ('<script src="https://example.org/x.js"></script>', "loaded from another host"),
    ],
)
def test_links_of_a_built_site_are_checked(tmp_path: Path, html: str, says: str) -> None:
    site = tmp_path / "site"
    (site / "folder").mkdir(parents=True)
    (tmp_path / "outside.html").touch()
    (site / "there.html").write_text('<h1 id="known">x</h1>', encoding="utf-8")
    (site / "page.html").write_text(html, encoding="utf-8")
    found = list(links.faults(site))
    assert len(found) == bool(says)
    assert says in "".join(found)


def test_text_is_written_as_it_reads() -> None:
    assert markdown.prose("the `a|b` of <x> in *y* [z]") == "the `a\\|b` of \\<x\\> in \\*y\\* \\[z\\]"
    assert markdown.table(("a",), []) == ""


def test_the_script_builds_what_the_generator_writes() -> None:
    script = repository.ROOT / "scripts" / "docs"
    assert os.access(script, os.X_OK)
    assert "--fail-on-warning" in script.read_text(encoding="utf-8")
