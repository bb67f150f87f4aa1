"""The exit codes of every command, the same as those of a pytest run: one place, so that no two files disagree."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """How a process ended. pytest adds 2 (interrupted), 3 (internal error) and 5 (no test collected)."""

    OK = 0
    """Conformant, or the command did what was asked."""

    FAILED = 1
    """Not conformant, or worse than before; of a command: something is left on the server, a bundle does not verify."""

    USAGE = 4
    """Wrong usage or configuration."""

    INCOMPLETE = 6
    """A MUST requirement could not be judged."""

    ERROR = 7
    """The target is unreachable or refused, or the suite failed."""
