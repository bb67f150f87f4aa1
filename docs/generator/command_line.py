"""Pages of the command line: every command, every option of pytest, the marks, and the exit codes."""

from __future__ import annotations

import argparse
import ast
import inspect
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, cast

import pytest

from docs.generator import repository
from docs.generator.markdown import Page, code, prose, table
from pytest_reportconformance import cli, plugin
from pytest_reportconformance.judging import exit_codes
from pytest_reportconformance.judging.outcome_table import VERDICTS
from pytest_reportconformance.register import apis

WIDTH = 88
MARK = re.compile(r"^@pytest\.mark\.(.+?): (.+)$", re.MULTILINE)
PYTEST = {
    2: "Interrupted: by Ctrl-C or a signal.",
    3: "Internal error of pytest or of a plugin.",
    5: "No test was collected.",
}


def pages() -> Iterator[Page]:
    """The pages."""
    yield Page("reference/commands", commands())
    yield Page("reference/pytest-options", options())
    yield Page("reference/exit-codes", codes())


def commands() -> str:
    """Every command with its arguments."""
    parts = ["# Commands\n\nWhat `reportconformance COMMAND --help` prints.\n\n"]
    for name, says, parser in subcommands():
        parts += [f"## {name}\n\n", f"{prose(parser.description or sentence(says))}\n\n"]
        parts += [f"```text\n{usage(parser)}```\n\n", table(("argument", "meaning"), arguments(parser)), "\n"]
        parts += [f"```text\n{parser.epilog}\n```\n\n"] if parser.epilog else []
    return "".join(parts)


def subcommands() -> Iterator[tuple[str, str, argparse.ArgumentParser]]:
    """The name of each command, its line in the list of commands, and its parser; those inside a command follow it."""
    parser = argparse.ArgumentParser(prog="reportconformance")
    listed = parser.add_subparsers()
    for module in apis.modules(cli.__name__):
        module.add(listed)
    yield from _inside(listed, "")


def _inside(listed: Any, before: str) -> Iterator[tuple[str, str, argparse.ArgumentParser]]:
    says = {action.dest: action.help or "" for action in listed._get_subactions()}
    for name, parser in listed.choices.items():
        yield f"{before}{name}", says.get(name, ""), parser
        for action in parser._actions:
            if isinstance(action, argparse._SubParsersAction):
                yield from _inside(action, f"{before}{name} ")


def usage(parser: argparse.ArgumentParser) -> str:
    """The usage of a command, whatever the width of the terminal."""
    parser.formatter_class = lambda prog: argparse.HelpFormatter(prog, width=WIDTH)
    return parser.format_usage().removeprefix("usage: ")


def arguments(parser: argparse.ArgumentParser) -> Iterator[tuple[str, str]]:
    """A row for each argument and option."""
    for action in parser._actions:
        if action.dest != "help" and not isinstance(action, argparse._SubParsersAction):
            yield code(spelled(action)), prose(sentence((action.help or "") % {"default": action.default}))


def spelled(action: argparse.Action) -> str:
    """An argument as one writes it: `--port PORT`."""
    choices = f"{{{','.join(map(str, action.choices))}}}" if action.choices else ""
    dummy = action.metavar if isinstance(action.metavar, str) else choices or action.dest.upper()
    if not action.option_strings:
        return dummy if action.metavar or choices else action.dest
    names = ", ".join(action.option_strings)
    return names if action.nargs == 0 else f"{names} {dummy}"


def sentence(says: str) -> str:
    """A help text as a sentence."""
    says = says.strip()
    return f"{says[:1].upper()}{says[1:]}{'' if says.endswith('.') else '.'}"


class Options:
    """The options that the plugin adds to pytest: stands in for pytest's parser."""

    def __init__(self) -> None:
        self.found: list[tuple[str, dict[str, Any]]] = []
        plugin.pytest_addoption(cast(pytest.Parser, self))

    def getgroup(self, *_names: str) -> Options:
        """The group of options."""
        return self

    def addoption(self, name: str, **attributes: Any) -> None:
        """Keep an option."""
        self.found.append((name, attributes))


def marks(*without: str) -> list[tuple[str, str]]:
    """The name and the meaning of each mark that `pytest --markers` prints."""
    command = [sys.executable, "-m", "pytest", "-c", os.devnull, "--rootdir", ".", *without, "--markers"]
    printed = subprocess.run(command, cwd=repository.ROOT, capture_output=True, text=True, check=True).stdout
    return MARK.findall(printed)


def options() -> str:
    """The options and marks that the plugin adds to pytest."""
    rows = [
        (code(f"{name} {given.get('metavar', '')}".strip()), prose(sentence(given["help"])))
        for name, given in Options().found
    ]
    others = marks("-p", "no:reportconformance")
    own = [(code(name), prose(sentence(says))) for name, says in marks() if (name, says) not in others]
    return (
        "# Options of pytest\n\nWithout `--target` the plugin does nothing. pytest's own options work as usual.\n\n"
        + f"{table(('option', 'effect'), rows)}\n## Marks\n\n"
        + f"`-m must` selects the checks of MUST requirements.\n\n{table(('mark', 'meaning'), own)}"
    )


def codes() -> str:
    """Exit codes, and the verdicts that have them."""
    says = {member.value: meaning for member, meaning in meanings()} | PYTEST
    rows = []
    for number, meaning in sorted(says.items()):
        verdicts = ", ".join(code(one.name) for one in VERDICTS if one.exit_code == number)
        rows.append((str(number), verdicts, prose(meaning)))
    return (
        "# Exit codes\n\nA run of pytest with `--target`, and every command of `reportconformance`, end with one of "
        "these codes.\n[Outcomes and verdicts](../outcomes.md#verdicts) explains when a run has which verdict.\n\n"
        + table(("code", "verdict", "meaning"), rows)
    )


def meanings() -> Iterator[tuple[exit_codes.ExitCode, str]]:
    """Each exit code of the suite with the sentence below its definition."""
    tree = ast.parse(inspect.getsource(exit_codes.ExitCode))
    body = cast(ast.ClassDef, tree.body[0]).body
    for definition, below in pairwise(body):
        if isinstance(definition, ast.Assign) and isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant):
            name = cast(ast.Name, definition.targets[0]).id
            yield exit_codes.ExitCode[name], str(below.value.value)
