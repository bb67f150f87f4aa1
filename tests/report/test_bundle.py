"""A bundle verifies offline; whatever changes in it is noticed."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path
from random import Random

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from pytest_reportconformance.cli import main
from pytest_reportconformance.report import bundle as bundles
from pytest_reportconformance.report.bundle import BrokenBundle
from pytest_reportconformance.report.stored import Stored

PLACES = 60


@pytest.fixture
def bundle(good: Stored, tmp_path: Path) -> Path:
    path = tmp_path / "good.zip"
    bundles.pack(good, path)
    return path


def write_key(folder: Path) -> tuple[Path, Path]:
    """A private key and its public key, as PEM files."""
    key = Ed25519PrivateKey.generate()
    private, public = folder / "private.pem", folder / "public.pem"
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    public.write_bytes(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return private, public


def resealed(path: Path, change: dict[str, bytes]) -> Path:
    """The same bundle with other files, by one who knows how to seal."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()} | change
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
        archive.comment = bundles.SEAL + b"0" * 64
    body = path.read_bytes()[: -bundles.SEAL_LENGTH]
    path.write_bytes(body + bundles.SEAL + hashlib.sha256(body).hexdigest().encode())
    return path


def test_bundle_and_verify(good: Stored, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "out.zip"
    assert main(["bundle", str(good.folder), str(path)]) == 0
    assert main(["verify", str(path)]) == 0
    assert "0 outcomes differ" in capsys.readouterr().out


def test_the_manifest_says_what_was_tested_and_how(bundle: Path) -> None:
    manifest = bundles.read(bundle).manifest
    assert {"suite", "specs", "target", "configuration", "started", "finished", "verdict", "files"} <= set(manifest)
    assert {"results.json", "target.har"} < set(manifest["files"])


def test_the_targets_answers_about_itself_are_in_it(bundle: Path) -> None:
    log = json.loads(bundles.read(bundle).files["target.har"])["log"]
    assert any("serverInfo" in entry["request"]["url"] for entry in log["entries"])


def test_any_flipped_byte_is_found(bundle: Path) -> None:
    data = bundle.read_bytes()
    places = [0, 1, 30, len(data) // 2, len(data) - 1, len(data) - bundles.SEAL_LENGTH - 1]
    for place in [*places, *Random(7).sample(range(len(data)), PLACES)]:
        changed = bytearray(data)
        changed[place] ^= 1
        bundle.write_bytes(bytes(changed))
        assert main(["verify", str(bundle)]) == 1, place


@pytest.mark.parametrize("size", [0, 10, 1000, -1])
def test_a_bundle_cut_short_is_found(bundle: Path, size: int) -> None:
    bundle.write_bytes(bundle.read_bytes()[:size])
    assert main(["verify", str(bundle)]) == 1


def test_a_changed_file_is_found_though_sealed_again(bundle: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record = bundles.read(bundle).files["results.json"].replace(b'"requests_sent": ', b'"requests_sent": 1')
    assert main(["verify", str(resealed(bundle, {"results.json": record}))]) == 1
    assert "results.json: digest " in capsys.readouterr().err


@pytest.mark.parametrize("name", ["more.txt", "../outside", "/etc/passwd", "a\\b"])
def test_a_file_beside_the_manifest_is_found(bundle: Path, name: str) -> None:
    with pytest.raises(BrokenBundle, match=r"not in the manifest|leads out of the bundle"):
        bundles.read(resealed(bundle, {name: b"x"}))


def test_an_outcome_that_the_transcripts_do_not_show_is_found(bad: Stored, tmp_path: Path) -> None:
    text = (bad.folder / "results.json").read_text(encoding="utf-8")
    forged = tmp_path / "forged"
    (forged / "transcripts").mkdir(parents=True)
    for file in bad.folder.rglob("*.har"):
        (forged / file.relative_to(bad.folder)).write_bytes(file.read_bytes())
    (forged / "results.json").write_text(text.replace('"outcome": "failed"', '"outcome": "passed"'), encoding="utf-8")
    assert main(["bundle", str(forged), str(tmp_path / "forged.zip")]) == 0
    assert main(["verify", str(tmp_path / "forged.zip")]) == 1


def test_a_signature_names_its_key(good: Stored, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    private, public = write_key(tmp_path)
    path = tmp_path / "signed.zip"
    assert main(["bundle", str(good.folder), str(path), "--sign", str(private)]) == 0
    assert main(["verify", str(path), "--public-key", str(public)]) == 0
    assert "signed by" in capsys.readouterr().out


def test_another_key_is_refused(good: Stored, bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    private, _ = write_key(tmp_path)
    _, other = write_key(tmp_path / "other")
    signed = tmp_path / "signed.zip"
    bundles.pack(good, signed, private)
    assert main(["verify", str(signed), "--public-key", str(other)]) == 1
    assert main(["verify", str(bundle), "--public-key", str(other)]) == 1


def test_a_manifest_that_was_not_signed_so_is_refused(good: Stored, tmp_path: Path) -> None:
    private, _ = write_key(tmp_path)
    signed = tmp_path / "signed.zip"
    bundles.pack(good, signed, private)
    manifest = json.dumps({**bundles.read(signed).manifest, "says": "another"}).encode()
    with pytest.raises(BrokenBundle, match="signature"):
        bundles.read(resealed(signed, {bundles.MANIFEST: manifest}))


def test_a_key_that_is_none_is_a_usage_error(good: Stored, tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_text("no key")
    assert main(["bundle", str(good.folder), str(tmp_path / "x.zip"), "--sign", str(tmp_path / "key.pem")]) == 4


def test_other_specs_cannot_judge(bundle: Path, capsys: pytest.CaptureFixture[str]) -> None:
    manifest = bundles.read(bundle).manifest
    manifest["specs"]["digest"] = "0" * 64
    assert main(["verify", str(resealed(bundle, {bundles.MANIFEST: json.dumps(manifest).encode()}))]) == 1
    assert "specs 0000000000000000" in capsys.readouterr().err
