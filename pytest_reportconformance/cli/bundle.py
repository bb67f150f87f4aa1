"""`reportconformance bundle`: packs a conformance report into one file that anyone can verify."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from pytest_reportconformance.cli import add_folder, manual
from pytest_reportconformance.judging.exit_codes import ExitCode
from pytest_reportconformance.report import bundle
from pytest_reportconformance.report.signing import NotInstalled
from pytest_reportconformance.report.stored import MALFORMED, NotAReport, Stored
from pytest_reportconformance.transcript.parsing import visible


def add(commands: Any) -> None:
    """Add the subcommand."""
    parser = commands.add_parser(
        "bundle",
        help="pack a conformance report into one file that anyone can verify",
        description="Pack record and transcripts of a conformance report, with the digest of each file, into one "
        "archive. 'reportconformance verify' recomputes it offline.",
        **manual(
            {0: "the bundle is written", 4: "wrong usage, DIR is no conformance report, or KEY.pem is no key"},
            ("reportconformance bundle conformance/example run.zip", "pack a report"),
            (
                "reportconformance bundle conformance/example run.zip --sign key.pem",
                "pack and sign it; the extra signing is needed",
            ),
        ),
    )
    add_folder(parser)
    parser.add_argument("archive", type=Path, metavar="OUT.zip", help="write the bundle to this file")
    parser.add_argument("--sign", type=Path, metavar="KEY.pem", help="sign the manifest with this Ed25519 private key")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write the bundle and print its contents."""
    try:
        manifest = bundle.pack(Stored.read(options.folder), options.archive, options.sign)
    except (NotAReport, NotInstalled, *MALFORMED) as error:
        print(visible(f"bundle: {error}"), file=sys.stderr)
        return ExitCode.USAGE
    print(f"{options.archive}: {len(manifest['files'])} files, verdict {manifest['verdict']}")
    return ExitCode.OK
