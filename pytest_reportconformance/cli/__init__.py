"""The command `reportconformance`: one file per subcommand. What several subcommands share is here."""

from __future__ import annotations

import argparse
import shutil
import sys
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

from pytest_reportconformance import __version__
from pytest_reportconformance.judging.exit_codes import ExitCode
from pytest_reportconformance.register import apis
from pytest_reportconformance.register.entry_points import PackageError
from pytest_reportconformance.register.register import RegisterError
from pytest_reportconformance.run import standard_output
from pytest_reportconformance.transcript import files
from pytest_reportconformance.transcript.parsing import visible

INTERRUPTED = 2
"""As pytest has it."""

WIDTH = 80
CODES = {
    0: "done",
    INTERRUPTED: "interrupted",
    ExitCode.USAGE: "wrong usage",
    ExitCode.ERROR: "the suite failed, or the output cannot be written",
}
"""The exit codes that every command has."""


class Formatter(argparse.HelpFormatter):
    """Wraps the paragraphs of a text, and keeps the lines of those that are indented; at most 80 columns."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=min(WIDTH, shutil.get_terminal_size().columns) - 2)

    def add_argument(self, action: argparse.Action) -> None:
        """Leave room for the names of commands: argparse forgets that they are indented."""
        super().add_argument(action)
        if isinstance(action, argparse._SubParsersAction):
            self._action_max_length = max(map(len, action.choices)) + 4

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return "\n".join(
            line if line.startswith(" ") else textwrap.fill(indent + line, width, break_on_hyphens=False)
            for line in text.splitlines()
        )


def manual(codes: Mapping[int, str], *examples: tuple[str, str]) -> dict[str, Any]:
    """What the help of a command says below its options: its exit codes, and examples with what each does."""
    lines = ["exit codes:"]
    for code, says in sorted({**CODES, **codes}.items()):
        lines += textwrap.wrap(says, WIDTH - 4, initial_indent=f"  {code:d}  ", subsequent_indent=" " * 5)
    lines += ["", "examples:"]
    for command, says in examples:
        lines += [f"  {command}", *textwrap.wrap(says, WIDTH - 4, initial_indent=" " * 6, subsequent_indent=" " * 6)]
    return {"epilog": "\n".join(lines), "formatter_class": Formatter}


class Parser(argparse.ArgumentParser):
    """A parser that exits with our code for usage errors."""

    def error(self, message: str) -> NoReturn:
        """Print the usage and the fault, and exit."""
        self.print_usage(sys.stderr)
        self.exit(ExitCode.USAGE, f"{self.prog}: {message}\n")


def add_folder(parser: argparse.ArgumentParser) -> None:
    """The argument DIR: a conformance report."""
    parser.add_argument("folder", type=Path, metavar="DIR", help="read this conformance report (has results.json)")


def add_runs(parser: argparse.ArgumentParser) -> None:
    """The arguments DIR or FILE: the records of many runs."""
    says = "read this results.json, or every results.json in and below this folder"
    parser.add_argument("paths", nargs="+", type=Path, metavar="DIR|FILE", help=says)


def add_target(parser: argparse.ArgumentParser) -> None:
    """The argument TARGET: the server under test."""
    says = "use this server: a URL, a target.toml, 'embedded' (all reference servers) or 'embedded:<api>'"
    parser.add_argument("target", metavar="TARGET", help=says)


def add_target_api(parser: argparse.ArgumentParser) -> None:
    """The option --target-api."""
    says = "name the API of a URL (default: detected)"
    parser.add_argument("--target-api", metavar="API", help=says)


def add_live(parser: argparse.ArgumentParser) -> None:
    """The option --live."""
    parser.add_argument("--live", action="store_true", help="allow a target on a live service of the vendor")


def add_format(parser: argparse.ArgumentParser, formats: Iterable[str], default: str = "text") -> None:
    """The option --format."""
    allowed = list(formats)
    says = f"choose the output format: {', '.join(allowed)} (default: {default})"
    parser.add_argument("--format", choices=allowed, default=default, metavar="FORMAT", help=says)


def add_verbose(parser: argparse.ArgumentParser) -> None:
    """The option --verbose."""
    parser.add_argument("-v", "--verbose", action="store_true", help="log each action to standard error")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a subcommand; return its exit code."""
    parser = Parser(
        prog="reportconformance",
        description="Prepare conformance runs of asynchronous report APIs, and work with their reports.",
        epilog="Run a certification with: pytest --target TARGET. 'reportconformance COMMAND --help' describes a "
        "command "
        "with its exit codes and examples. 'reportconformance docs' lists the pages of the documentation; "
        "'reportconformance docs outcomes' (docs/outcomes.md) explains outcomes and exit codes.",
        formatter_class=Formatter,
    )
    parser.add_argument(
        "--version", action="version", version=f"%(prog)s {__version__}", help="print the version and exit"
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    try:
        for module in apis.modules(__name__):
            module.add(commands)
    except PackageError as error:
        return _fault(str(error), ExitCode.USAGE)
    try:
        output = standard_output.replaced()
    except standard_output.Closed as error:
        return _fault(str(error), ExitCode.USAGE)
    try:
        code = _run(parser, arguments)
    finally:
        standard_output.restored(output)
    if output.error is not None and code != ExitCode.FAILED:
        return _fault(f"standard output cannot be written: {output.error.strerror}", ExitCode.ERROR)
    return code


def _run(parser: Parser, arguments: Sequence[str] | None) -> int:
    """Run a subcommand; every error is one sentence, whatever raised it."""
    try:
        options = parser.parse_args(arguments)
        return int(options.run(options))
    except KeyboardInterrupt:
        return _fault("interrupted", INTERRUPTED)
    except (PackageError, RegisterError) as error:
        return _fault(str(error), ExitCode.USAGE)
    except (OSError, MemoryError) as error:
        return _fault(files.sentence(error), ExitCode.ERROR if files.exhausted(error) else ExitCode.USAGE)
    except Exception as error:  # a defect of the suite is no regression, and no usage error
        return _fault(f"error in the suite: {type(error).__name__}: {error}", ExitCode.ERROR)


def _fault(text: str, code: int) -> int:
    print(visible(f"reportconformance: {text}"), file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
