"""An authority of one's own and the certificate of the server: made, renewed, and known by their fingerprints.

A client pins the authority, so the server's certificate can be renewed without telling anybody.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from app.domain.errors import BadInput

AUTHORITY_DAYS = 3650
SERVER_DAYS = 825
"""The longest that Apple's systems accept."""
RENEW_DAYS = 60
"""A certificate with less left is renewed."""
_EARLIER = timedelta(days=1)
"""Certificates begin a day back: the clocks of two PCs differ."""
LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate and its private key, both PEM."""

    certificate: bytes
    key: bytes = field(repr=False)


def make_authority(name: str, now: datetime) -> Issued:
    """Return a new authority that may sign servers and nothing that signs."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = _subject(f"Phoneshelf {name}"[:64])
    usage = _usage(signs=True)
    signed = (
        _builder(subject, subject, key.public_key())
        .not_valid_before(now - _EARLIER)
        .not_valid_after(now + timedelta(days=AUTHORITY_DAYS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    return Issued(_pem(signed), _key_pem(key))


def issue_server(authority: Issued, names: Sequence[str], now: datetime) -> Issued:
    """Return a certificate for a server that is reached by these host names and addresses, and on this PC itself.

    Raises:
        BadInput: A name is none.
    """
    wanted = all_names(names)
    issuer = x509.load_pem_x509_certificate(authority.certificate)
    issuer_key = serialization.load_pem_private_key(authority.key, None)
    if not isinstance(issuer_key, ec.EllipticCurvePrivateKey):
        raise BadInput("the key of the authority is not one that Phoneshelf made")
    key = ec.generate_private_key(ec.SECP256R1())
    until = min(now + timedelta(days=SERVER_DAYS), issuer.not_valid_after_utc)
    signed = (
        _builder(_subject(wanted[0][:64]), issuer.subject, key.public_key())
        .not_valid_before(now - _EARLIER)
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName([_general(name) for name in wanted]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False
        )
        .sign(issuer_key, hashes.SHA256())
    )  # fmt: skip
    return Issued(_pem(signed), _key_pem(key))


def is_renewal_due(certificate: bytes, names: Sequence[str], now: datetime) -> bool:
    """Tell whether a server's certificate ends soon or lacks one of these names.

    Raises:
        BadInput: A name is none.
    """
    soon = expires_at(certificate) - now < timedelta(days=RENEW_DAYS)
    return soon or not set(all_names(names)) <= set(names_of(certificate))


def fingerprint(certificate: bytes) -> str:
    """Return the SHA-256 of a certificate as people compare it: `AB:CD:...`."""
    return x509.load_pem_x509_certificate(certificate).fingerprint(hashes.SHA256()).hex(":").upper()


def without_key(pem: bytes) -> bytes:
    """Return the first certificate of a file that may hold more."""
    return _pem(x509.load_pem_x509_certificate(pem))


def expires_at(certificate: bytes) -> datetime:
    """Return when a certificate ends."""
    return x509.load_pem_x509_certificate(certificate).not_valid_after_utc


def names_of(certificate: bytes) -> tuple[str, ...]:
    """Return the host names and addresses that a certificate is for."""
    loaded = x509.load_pem_x509_certificate(certificate)
    found = loaded.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return tuple(str(one.value) for one in found)


def all_names(names: Sequence[str]) -> tuple[str, ...]:
    """Return names as a certificate holds them, each once, with those of this PC itself.

    Raises:
        BadInput: A name is none.
    """
    return tuple(dict.fromkeys(_normal(name) for name in (*names, *LOOPBACK)))


def _normal(name: str) -> str:
    try:
        return str(ipaddress.ip_address(name.strip()))
    except ValueError:
        pass
    try:
        host = name.strip().rstrip(".").lower()
        ascii_name = host if host.isascii() else host.encode("idna").decode("ascii")
        x509.DNSName(ascii_name)
    except ValueError as error:
        raise BadInput(f"{name!r} is no host name") from error
    if not ascii_name or any(character.isspace() or character in "/\\:@," for character in ascii_name):
        raise BadInput(f"{name!r} is no host name")
    return ascii_name


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _subject(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _builder(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs, key_cert_sign=signs, crl_sign=signs, content_commitment=False,
        key_encipherment=False, data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
