"""The page of fixtures: what a test with `--target` can ask for, as pytest itself collects it."""

from __future__ import annotations

import inspect
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from docs.generator import repository
from docs.generator.markdown import Page, code, link, prose, table, target
from pytest_reportconformance.register import apis

PART = re.compile(r"^-+ fixtures defined from (\S+) -+$", re.MULTILINE)
FIXTURE = re.compile(r"^(\w+)(?: \[(\w+) scope\])? -- \S+\n((?:    .*\n|\n)*)", re.MULTILINE)


@dataclass(frozen=True)
class Fixture:
    """A fixture as `pytest --fixtures` lists it."""

    name: str
    scope: str
    says: str


def collected() -> dict[str, Fixture]:
    """The fixtures of the suite in a run against all reference servers, by name. Raises RuntimeError."""
    command = [sys.executable, "-m", "pytest", "-c", "/dev/null", "--rootdir", ".", "-p", "no:cacheprovider"]
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "test_own.py").touch()
        options = ["--target", "embedded", "--fixtures", "-v", "test_own.py"]
        path = os.pathsep.join([str(repository.ROOT), os.environ.get("PYTHONPATH", "")])
        environment = os.environ | {"PYTHONPATH": path}
        done = subprocess.run(
            [*command, *options], cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
    found = {one.name: one for one in listed(done.stdout)}
    if done.returncode or not found:
        raise RuntimeError(f"pytest --fixtures exited with {done.returncode}:\n{done.stdout}{done.stderr}")
    return found


def listed(printed: str) -> Iterator[Fixture]:
    """The fixtures of the suite in what `pytest --fixtures` prints."""
    parts = PART.split(printed)
    for module, content in zip(parts[1::2], parts[2::2], strict=True):
        if "reportconformance" in module:
            for name, scope, says in FIXTURE.findall(content):
                yield Fixture(name, scope or "function", inspect.cleandoc(says.strip("\n")))


def pages() -> Iterator[Page]:
    """The page: fixtures of any target, then the scenarios of each API."""
    known = collected()
    scenarios = {name: api for api in apis.names() for name in apis.scenarios(api)}
    parts = [
        "# Fixtures\n\nTests of your own can use these fixtures. They need `--target` and have the scope `session` "
        "unless they say otherwise.\n\n"
    ]
    for name in sorted(set(known) - set(scenarios)):
        parts.append(f"{target(f'fixture-{name}')}## {name}\n\n{scope(known[name])}{described(known[name].says)}\n")
    for api in repository.names():
        rows = [
            (link(f"scenario-{api}-{name}", code(name)), prose(one.says), ", ".join(map(code, one.params)))
            for name, one in apis.scenarios(api).items()
        ]
        parts.append(f"## Scenarios of {api}\n\n{table(('fixture', 'transcript of', 'variants'), rows)}\n")
    yield Page("reference/fixtures", "".join(parts))


def scope(fixture: Fixture) -> str:
    """The scope of a fixture, if it is not that of all others."""
    return "" if fixture.scope == "session" else f"Scope: {code(fixture.scope)}.\n\n"


def described(says: str) -> str:
    """A docstring: its paragraphs, or a list of its lines if they are indented."""
    paragraphs = says.split("\n\n")
    return "".join(
        f"```text\n{inspect.cleandoc(one)}\n```\n\n" if one.startswith(" ") else f"{prose(one)}\n\n"
        for one in paragraphs
    )
