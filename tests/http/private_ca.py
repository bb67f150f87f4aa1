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


def write(folder: Path, hosts: tuple[str, ...] = ()) -> tuple[Path, Path]:
    """The authority's certificate, and one file with certificate and key of a server on 127.0.0.1 and `hosts`.

    `client.pem` and `client.key` beside them are of the same authority.
    """
    authority_key, key, client_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(3))
    constraints = (x509.BasicConstraints(ca=True, path_length=None), True)
    subject_key = x509.SubjectKeyIdentifier.from_public_key(authority_key.public_key())
    authority = _certificate("Test CA", authority_key, "Test CA", authority_key, constraints, (subject_key, False))
    names = [x509.IPAddress(ipaddress.ip_address("127.0.0.1")), *(x509.DNSName(host) for host in hosts)]
    issuer = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(subject_key)
    host = x509.SubjectAlternativeName(names)
    own = _certificate("127.0.0.1", key, "Test CA", authority_key, (host, False), (issuer, False))
    client = _certificate("client", client_key, "Test CA", authority_key, (issuer, False))
    (folder / "ca.pem").write_bytes(authority)
    (folder / "server.pem").write_bytes(own + _private(key))
    (folder / "client.pem").write_bytes(client)
    (folder / "client.key").write_bytes(_private(client_key))
    return folder / "ca.pem", folder / "server.pem"


def _private(key: Any) -> bytes:
    text: bytes = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return text


@contextmanager
def secured(reference: Reference, certificate: Path, clients: Path | None = None) -> Iterator[str]:
    """Serve over TLS; the base URL. `clients` is the authority of the certificates that clients have to show."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    if clients is not None:
        context.load_verify_locations(clients)
        context.verify_mode = ssl.CERT_REQUIRED
    with Server(reference) as server:
        listener = server._server
        listener.socket = context.wrap_socket(listener.socket, server_side=True, do_handshake_on_connect=False)
        yield server.url.replace("http://", "https://")
