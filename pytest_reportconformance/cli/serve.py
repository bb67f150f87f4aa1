"""`reportconformance serve`: runs a reference server as a separate process."""

from __future__ import annotations

import argparse
import importlib
import signal
import sys
import threading
from math import inf
from pathlib import Path
from typing import Any

from pytest_reportconformance.cli import manual
from pytest_reportconformance.http.server import Reference, Server
from pytest_reportconformance.judging.exit_codes import ExitCode
from pytest_reportconformance.register import apis
from pytest_reportconformance.transcript.parsing import visible


class Unknown(Exception):
    """A mutant, an edition or a port that cannot be served."""


def add(commands: Any) -> None:
    """Add the subcommand."""
    parser = commands.add_parser(
        "serve",
        help="run a reference server on 127.0.0.1 until it is interrupted",
        description="Run a reference server on 127.0.0.1 until it is interrupted, then print how many requests it "
        "answered. Servers of genuine documents need the extra embedded.",
        **manual(
            {0: "the server was stopped by Ctrl-C or SIGTERM", 4: "wrong usage, or the port cannot be listened on"},
            (
                "reportconformance serve API --port 9101 --write-target t.toml",
                "serve, and describe the server for pytest --target t.toml",
            ),
            ("reportconformance serve API --edition 8.1.1", "behave like a version of the product"),
            (
                "reportconformance serve API --mutant mutants.py::LateCancel",
                "serve a deliberately faulty server",
            ),
        ),
    )
    parser.add_argument("api", choices=apis.names(), help="serve this API")
    parser.add_argument("--port", type=int, default=0, help="listen on this port (default: a free one)")
    parser.add_argument("--slow-seconds", type=_duration, metavar="SECONDS", help="let the slow report take this long")
    parser.add_argument("--write-target", type=Path, metavar="FILE", help="write a target.toml for this server")
    parser.add_argument("--mutant", metavar="FILE::NAME", help="serve a mutant (a deliberately faulty server)")
    parser.add_argument("--edition", metavar="VERSION", help="behave like this version of the vendor's product")
    parser.add_argument("--bare", action="store_true", help="start without reports, with one administrator")
    parser.add_argument(
        "--bind-sessions", action="store_true", help="show executions only to the session that started them"
    )
    parser.set_defaults(run=run)


def _duration(text: str) -> float:
    """A number of seconds above 0."""
    seconds = float(text)
    if not 0 < seconds < inf:
        raise argparse.ArgumentTypeError(f"found {text!r}; allowed: a number of seconds above 0")
    return seconds


def run(options: argparse.Namespace) -> int:
    """Serve until SIGINT or SIGTERM; then print a summary of the requests."""
    try:
        server = _server(options)
    except Unknown as error:
        print(visible(f"serve: {error}"), file=sys.stderr)
        return ExitCode.USAGE
    if options.write_target:
        options.write_target.write_text(server.reference.target_toml(server.url), encoding="utf-8")
    print(f"serving {options.api} at {server.url}", flush=True)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    stop.wait()
    server.close()
    print(server.reference.summary(), flush=True)
    return ExitCode.OK


def _server(options: argparse.Namespace) -> Server:
    try:
        reference = _reference(options)
    except (LookupError, TypeError, ValueError) as error:
        raise Unknown(f"these options are not for the server: {error}") from None
    try:
        return Server(reference, options.port)
    except (OSError, OverflowError) as error:
        raise Unknown(f"--port: {options.port} cannot be listened on ({error}): name another port") from None


def _reference(options: argparse.Namespace) -> Reference:
    given: dict[str, Any] = {}
    if options.slow_seconds is not None:
        given["slow_seconds"] = options.slow_seconds
    if options.bare:
        given["bare"] = True
    if options.bind_sessions:
        given["bind_sessions"] = True
    if options.mutant:
        made: Reference = _mutant(options.mutant)(**given)
        return made
    if options.edition:
        given["edition"] = options.edition
    return apis.load(options.api).reference(**given)


def _mutant(text: str) -> Any:
    file, _, name = text.partition("::")
    path = Path(file).resolve()
    if not path.is_file() or not name:
        raise Unknown(f"--mutant: found {text!r}; allowed: FILE::NAME, a class in an existing file")
    for folder in path.parents:
        if not (folder / "__init__.py").exists():
            sys.path.insert(0, str(folder))
            module = ".".join(path.with_suffix("").relative_to(folder).parts)
            found = getattr(_imported(module, file), name, None)
            break
    if not isinstance(found, type) or not hasattr(found, "target_toml"):
        raise Unknown(f"--mutant: {file} has no reference server {name!r}: name a class that extends one")
    return found


def _imported(module: str, file: str) -> Any:
    try:
        return importlib.import_module(module)
    except Exception as error:  # whatever a file of the user's does when it is imported
        raise Unknown(f"--mutant: {file} cannot be imported: {type(error).__name__}: {error}") from None
