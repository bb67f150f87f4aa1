"""Bundles: a conformance report as one file that can be verified offline.

Rule: the manifest holds the digest of every file and of the specs; the signature, if there is one, is over the
manifest; the archive's comment is the digest of every byte before it, so that every changed byte is detected.
"""

from __future__ import annotations

import hashlib
import io
import json
import lzma
import re
import stat
import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pytest_reportconformance import __version__
from pytest_reportconformance.register import register
from pytest_reportconformance.report.stored import MALFORMED, Stored, require_plain
from pytest_reportconformance.transcript import strict_json

MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
SEAL = b"sha256:"
SEAL_LENGTH = len(SEAL) + 64
FORMAT = 1
LARGEST = 512 * 1024**2
KNOWN = re.compile(
    r"(manifest\.json|manifest\.sig|results\.json|target\.har|transcripts/[\w\[\]-][\w.\[\]-]*\.har)", re.ASCII
)
"""The files that a bundle may have."""
PACKED = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, RuntimeError)
"""What an archive that is broken, encrypted or packed in another way raises."""
EPOCH = (1980, 1, 1, 0, 0, 0)


class BrokenBundle(Exception):
    """A bundle was modified or is not a bundle; the message gives the reason."""


@dataclass(frozen=True)
class Bundle:
    """A bundle whose digests hold: its manifest and its files by name. `signer` is the public key in hex, or None."""

    manifest: dict[str, Any]
    files: dict[str, bytes]
    signer: str | None

    def unpack(self, folder: Path) -> Stored:
        """Write the files below a folder and read the report there. Raises NotAReport."""
        for name, content in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return Stored.read(folder)


def pack(stored: Stored, path: Path, key: Path | None = None) -> dict[str, Any]:
    """Write a bundle, signed if a private key (PEM, ed25519) is given; returns the manifest.

    Raises OSError, NotAReport for a transcript that cannot be read, ValueError for a file that no bundle has and for
    an invalid key.
    """
    for one in stored.record["scenarios"]:
        stored.transcript(one["name"])
    contents = {file.relative_to(stored.folder).as_posix(): file.read_bytes() for file in _files(stored)}
    manifest = _manifest(stored.record, contents)
    text = json.dumps(manifest, indent=1, ensure_ascii=False).encode()
    members = {MANIFEST: text, **({SIGNATURE: _sign(text, key)} if key else {}), **contents}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, EPOCH), content, zipfile.ZIP_DEFLATED)
        archive.comment = SEAL + b"0" * 64
    body = buffer.getvalue()[:-SEAL_LENGTH]
    if path.is_symlink() or (path.exists() and not path.is_file()):
        raise OSError(f"{path} is a link or no regular file: nothing is written there")
    path.write_bytes(body + SEAL + hashlib.sha256(body).hexdigest().encode())
    return manifest


def read(path: Path) -> Bundle:
    """A bundle, every digest recomputed. Raises BrokenBundle."""
    try:
        if not path.is_file():
            raise BrokenBundle("it is not a file" if path.exists() else "no such file")
        if path.stat().st_size > LARGEST:
            raise BrokenBundle(f"it is larger than {LARGEST} bytes")
        data = path.read_bytes()
    except OSError as error:
        raise BrokenBundle(f"cannot read the bundle: {error}") from None
    body, seal = data[:-SEAL_LENGTH], data[-SEAL_LENGTH:]
    if seal != SEAL + hashlib.sha256(body).hexdigest().encode():
        raise BrokenBundle("the bundle was modified after it was created (digest mismatch)")
    members = _members(data)
    text, signature = members.pop(MANIFEST, b""), members.pop(SIGNATURE, None)
    try:
        manifest = strict_json.loads(text)
        wanted = {name: entry["sha256"] for name, entry in manifest["files"].items()}
    except MALFORMED:
        raise BrokenBundle(f"{MANIFEST} is missing or invalid: not a bundle of format {FORMAT}") from None
    _check_files(wanted, members)
    return Bundle(manifest, members, _signer(text, signature) if signature else None)


def foreign_specs(manifest: dict[str, Any]) -> str | None:
    """Why this suite cannot judge a bundle: its specs differ from those of the bundle; None if they are the same."""
    api, digest = manifest["specs"]["api"], manifest["specs"]["digest"]
    if api in register.api_names() and register.load(api).digest == digest:
        return None
    version = manifest["suite"]["version"]
    return f"the bundle was judged by specs {digest[:16]} of suite {version}, this is suite {__version__} with others"


def _files(stored: Stored) -> list[Path]:
    named = [path for path in (stored.folder / "results.json", stored.folder / "target.har") if path.exists()]
    found = [*named, *sorted((stored.folder / "transcripts").glob("*.har"))]
    for path in found:
        require_plain(path)
        if not KNOWN.fullmatch(path.relative_to(stored.folder).as_posix()):
            raise ValueError(f"{path}: a bundle has no file of this name")
    return found


def _manifest(record: dict[str, Any], contents: dict[str, bytes]) -> dict[str, Any]:
    digests = {name: {"sha256": _digest(content), "size": len(content)} for name, content in contents.items()}
    kept = ("suite", "specs", "target", "configuration", "started", "finished", "verdict", "says", "set", "options")
    return {"format": FORMAT, **{name: record[name] for name in kept}, "files": digests}


def _members(data: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(info.file_size for info in archive.infolist()) > LARGEST:
                raise BrokenBundle(f"the content is larger than {LARGEST} bytes")
            found: dict[str, bytes] = {}
            for info in archive.infolist():
                if _safe(info) in found:
                    raise BrokenBundle(f"the file {info.filename!r} is there twice")
                found[info.filename] = archive.read(info)
            return found
    except (*MALFORMED, *PACKED) as error:
        raise BrokenBundle(f"not a ZIP archive: {error}") from None


def _safe(info: zipfile.ZipInfo) -> str:
    name = info.filename
    parts = name.replace("\\", "/").split("/")
    if parts[0] in ("", "..") or ".." in parts or "\\" in name or ":" in name:
        raise BrokenBundle(f"the file name {name!r} leads out of the bundle")
    if stat.S_ISLNK(info.external_attr >> 16):
        raise BrokenBundle(f"{name!r} is a link")
    if not KNOWN.fullmatch(name):
        raise BrokenBundle(f"{name!r} is no file of a bundle: it is not in the manifest")
    return name


def _check_files(wanted: dict[str, str], members: dict[str, bytes]) -> None:
    for name in dict.fromkeys([*wanted, *members]):
        if name not in members:
            shown = name if name.isprintable() else repr(name)
            raise BrokenBundle(f"{shown}: the file is in the manifest but not in the bundle")
        if name not in wanted:
            raise BrokenBundle(f"{name}: the file is in the bundle but not in the manifest")
        if _digest(members[name]) != wanted[name]:
            raise BrokenBundle(f"{name}: digest {_digest(members[name])}, the manifest has {wanted[name]}")


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _sign(text: bytes, key: Path) -> bytes:
    from pytest_reportconformance.report import signing

    return json.dumps(signing.sign(text, key.read_bytes())).encode()


def _signer(text: bytes, signature: bytes) -> str:
    from pytest_reportconformance.report import signing

    try:
        return signing.verify(text, strict_json.loads(signature))
    except MALFORMED as error:
        raise BrokenBundle(f"{SIGNATURE}: not a signature of the manifest: {error}") from None
