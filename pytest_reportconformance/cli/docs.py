"""`reportconformance docs`: prints the pages of the documentation that are part of the package."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from pytest_reportconformance.cli import manual
from pytest_reportconformance.judging.exit_codes import ExitCode
from pytest_reportconformance.register.strict_toml import choices
from pytest_reportconformance.transcript.parsing import visible

INDEX = "README"


def add(commands: Any) -> None:
    """Add the subcommand."""
    parser = commands.add_parser(
        "docs",
        help="list the pages of the documentation, or print one",
        description="List the pages of the documentation that came with this version, or print one as Markdown. A "
        "message that names docs/outcomes.md means the page 'outcomes'.",
        **manual(
            {0: "printed", 4: "there is no such page"},
            ("reportconformance docs", "list the pages"),
            ("reportconformance docs target-toml | less", "read the description of every key of target.toml"),
        ),
    )
    parser.add_argument("page", nargs="?", metavar="PAGE", help="print this page (default: list all)")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the list or the page; return the exit code."""
    known = pages()
    if not known:
        print("docs: this installation has no pages: install the package again", file=sys.stderr)
        return ExitCode.USAGE
    if options.page is None:
        width = max(map(len, known))
        print("\n".join(f"{name:{width}}  {title(path)}" for name, path in known.items()))
        return ExitCode.OK
    name = options.page.removeprefix("docs/").removesuffix(".md")
    if name not in known:
        says = f"docs: PAGE: found {options.page!r}; allowed: {choices(name, known)}"
        print(visible(says), file=sys.stderr)
        return ExitCode.USAGE
    print(known[name].read_text(encoding="utf-8"), end="")
    return ExitCode.OK


def folder() -> Path:
    """The folder of the pages: inside the package when installed from a wheel, beside it in a checkout."""
    package = Path(__file__).parents[1]
    installed = package / "docs"
    return installed if installed.is_dir() else package.parent / "docs"


def pages() -> dict[str, Path]:
    """The pages by name, sorted; the index is none."""
    return {path.stem: path for path in sorted(folder().glob("*.md")) if path.stem != INDEX}


def title(path: Path) -> str:
    """The first heading of a page."""
    return path.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ")
