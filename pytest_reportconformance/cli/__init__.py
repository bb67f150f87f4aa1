"""The command `reportconformance`: one subcommand a file."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import NoReturn

from pytest_reportconformance import __version__
from pytest_reportconformance.judging.exit_codes import ExitCode
from pytest_reportconformance.register import apis


class Parser(argparse.ArgumentParser):
    """A parser whose usage errors have our exit code."""

    def error(self, message: str) -> NoReturn:
        """Say the usage and what was wrong."""
        self.print_usage(sys.stderr)
        self.exit(ExitCode.USAGE, f"{self.prog}: {message}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a subcommand; its exit code is ours."""
    parser = Parser(prog="reportconformance", description="Conformance of asynchronous report APIs.")
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for module in apis.modules(__name__):
        module.add(commands)
    options = parser.parse_args(arguments)
    code: int = options.run(options)
    return code


if __name__ == "__main__":
    sys.exit(main())
