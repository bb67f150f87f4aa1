"""`reportconformance verify`: verifies a bundle's digests, signature and outcomes."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import Any

from pytest_reportconformance.cli import judge, manual
from pytest_reportconformance.judging.exit_codes import ExitCode
from pytest_reportconformance.report import audit, rejudge, signing
from pytest_reportconformance.report import bundle as bundles
from pytest_reportconformance.report.bundle import BrokenBundle, Bundle, foreign_specs
from pytest_reportconformance.report.signing import NotInstalled
from pytest_reportconformance.report.stored import MALFORMED, NotAReport, Stored
from pytest_reportconformance.transcript.parsing import visible

MOST = 40
"""How many differences are printed."""


def add(commands: Any) -> None:
    """Add the subcommand."""
    parser = commands.add_parser(
        "verify",
        help="verify a bundle offline: digests, signature and every outcome",
        description=(
            "Verify a bundle offline: digests, signature, and all of the record that follows from the transcripts. "
            "What a bundle cannot show, such as who made it if it is not signed, is in docs/verify.md "
            "(reportconformance docs verify)."
        ),
        **manual(
            {
                0: "everything holds",
                1: "a digest, the signature, an outcome or the record differs",
                4: "wrong usage, KEY.pem is no key, or an extra is not installed",
            },
            ("reportconformance verify run.zip", "recompute digests and outcomes"),
            ("reportconformance verify run.zip --public-key vendor.pem", "require a signature by this key"),
        ),
    )
    parser.add_argument("archive", type=Path, metavar="BUNDLE.zip", help="verify this bundle")
    parser.add_argument("--public-key", type=Path, metavar="KEY.pem", help="require a signature by this key")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """0 if everything holds, else 1."""
    try:
        key = signing.public_key(options.public_key.read_bytes()) if options.public_key else None
    except (OSError, ValueError, NotInstalled) as error:
        print(f"verify: --public-key: {error}", file=sys.stderr)
        return ExitCode.USAGE
    try:
        bundle = bundles.read(options.archive)
        _check_signer(bundle, key)
        print(f"{options.archive}: {len(bundle.files)} files match the manifest, {_signed(bundle)}")
        return _judged(bundle)
    except (BrokenBundle, NotAReport) as error:
        print(visible(f"verify: {options.archive}: {error}"), file=sys.stderr)
        return ExitCode.FAILED
    except NotInstalled as error:
        print(f"verify: {error}", file=sys.stderr)
        return ExitCode.USAGE


def _check_signer(bundle: Bundle, key: str | None) -> None:
    if key is not None and bundle.signer != key:
        raise BrokenBundle(f"the bundle is {_signed(bundle)}; --public-key requires a signature by {key}")


def _signed(bundle: Bundle) -> str:
    return f"signed by {bundle.signer}" if bundle.signer else "not signed"


def _judged(bundle: Bundle) -> int:
    try:
        foreign = foreign_specs(bundle.manifest)
    except MALFORMED as error:
        raise BrokenBundle(f"{bundles.MANIFEST}: a member is missing or invalid: {error!r}") from None
    if foreign:
        raise BrokenBundle(f"{foreign}: verify it with the suite that created it")
    with tempfile.TemporaryDirectory() as folder:
        try:
            stored = bundle.unpack(Path(folder))
            again = rejudge.judge(stored)
            found = [*_copies(bundle, stored), *audit.differences(stored, again)]
        except NotAReport as error:
            raise BrokenBundle(str(error).replace(f"{folder}/", "")) from None
        except MALFORMED as error:
            raise BrokenBundle(f"results.json: not a record of this suite: {error!r}") from None
    print(judge.text(again))
    for line in found[:MOST]:
        print(visible(line))
    if found:
        print(f"{len(found)} differences between the record and what was recomputed")
    return ExitCode.FAILED if found or again.differences else ExitCode.OK


def _copies(bundle: Bundle, stored: Stored) -> list[str]:
    """What the manifest repeats of the record, and repeats wrongly."""
    names = [name for name in bundle.manifest if name not in ("format", "files")]
    return [
        f"{bundles.MANIFEST}: /{name}: it differs from results.json"
        for name in names
        if bundle.manifest[name] != stored.record.get(name)
    ]
