"""`reportconformance new`: writes the skeleton of a package that brings an API."""

from __future__ import annotations

import argparse
import keyword
import sys
from pathlib import Path
from typing import Any

from pytest_reportconformance import __version__
from pytest_reportconformance.cli import manual
from pytest_reportconformance.judging.exit_codes import ExitCode
from pytest_reportconformance.register import apis
from pytest_reportconformance.register.installed import NAME, RESERVED
from pytest_reportconformance.transcript.parsing import visible

SKELETON = Path(__file__).parent / "skeleton"


class Refused(Exception):
    """The skeleton cannot be written."""


def add(commands: Any) -> None:
    """Add the subcommand."""
    parser = commands.add_parser(
        "new",
        help="write the skeleton of a package that brings an API",
        description="Write the skeleton of a package that brings an API: requirements, scenarios, checks, a reference "
        "server, a mutant and tests. It is conformant as it is written.",
        **manual(
            {0: "the files are written", 4: "NAME is not allowed, or a file exists already"},
            ("mkdir acme; cd acme; reportconformance new api acme", "write the package into a new folder"),
            ("reportconformance new api acme packages/acme", "write it into packages/acme"),
        ),
    )
    parser.add_argument("what", choices=["api"], help="write this kind of package")
    parser.add_argument("name", metavar="NAME", help="name the API: lower-case letters, digits and underscores")
    parser.add_argument(
        "folder", nargs="?", type=Path, default=Path(), metavar="DIR", help="write to this folder (default: here)"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write the files; return the exit code."""
    try:
        written = write(options.name, options.folder)
    except Refused as error:
        print(visible(f"new: {error}"), file=sys.stderr)
        return ExitCode.USAGE
    print(f"wrote {len(written)} files to {options.folder.resolve()}")
    where = "." if options.folder == Path() else str(options.folder)
    print(f"next: pip install -e {where}, then: pytest --target embedded:{options.name}")
    return ExitCode.OK


def write(name: str, folder: Path) -> list[Path]:
    """Write the skeleton of an API to a folder. Raises Refused; then nothing is written."""
    _require_good(name)
    files = {folder / target: text for target, text in contents(name).items()}
    for path in files:
        if path.exists():
            raise Refused(f"{path} exists already: name an empty folder")
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return list(files)


def contents(name: str) -> dict[str, str]:
    """The text of each file of the skeleton, by its path."""
    package = f"{name}_conformance"
    found = {}
    for file in sorted(SKELETON.rglob("*.txt")):
        path = file.relative_to(SKELETON).with_suffix("").as_posix()
        path = path.replace("package/specs/", f"{package}/specs/{name}/").replace("package/", f"{package}/")
        path = ".gitignore" if path == "gitignore" else path
        text = file.read_text(encoding="utf-8")
        found[path] = text.replace("@NAME@", name).replace("@VERSION@", __version__)
    return found


def _require_good(name: str) -> None:
    """Raises Refused if no API can have that name."""
    if not NAME.fullmatch(name) or keyword.iskeyword(name):
        raise Refused(f"NAME: found {name!r}; allowed: a lower-case letter, then letters, digits and underscores")
    if name in RESERVED:
        raise Refused(f"NAME: found {name!r}, which is reserved; allowed: another name")
    if name in apis.names():
        raise Refused(f"NAME: found {name!r}, an API that an installed package brings; allowed: another name")
