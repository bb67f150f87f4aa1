"""An authority of our own and a certificate of it for 127.0.0.1, and a reference server behind it."""

from __future__ import annotations

import datetime
import ipaddress
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from pytest_reportconformance.http.server import Reference, Server

NOW = datetime.datetime.now(datetime.UTC)
DAY = datetime.timedelta(days=1)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _certificate(subject: str, key: Any, issuer: str, issuer_key: Any, *extensions: tuple[Any, bool]) -> bytes:
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - DAY)
        .not_valid_after(NOW + DAY)
    )
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    return builder.sign(issuer_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def write(folder: Path) -> tuple[Path, Path]:
    """The authority's certificate, and one file with the server's certificate and key."""
    authority_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    constraints = (x509.BasicConstraints(ca=True, path_length=None), True)
    subject_key = x509.SubjectKeyIdentifier.from_public_key(authority_key.public_key())
    authority = _certificate("Test CA", authority_key, "Test CA", authority_key, constraints, (subject_key, False))
    host = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    issuer = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(subject_key)
    own = _certificate("127.0.0.1", key, "Test CA", authority_key, (host, False), (issuer, False))
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "ca.pem").write_bytes(authority)
    (folder / "server.pem").write_bytes(own + private)
    return folder / "ca.pem", folder / "server.pem"


@contextmanager
def secured(reference: Reference, certificate: Path) -> Iterator[str]:
    """Serve over TLS; the base URL."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with Server(reference) as server:
        listener = server._server
        listener.socket = context.wrap_socket(listener.socket, server_side=True, do_handshake_on_connect=False)
        yield server.url.replace("http://", "https://")
