"""The authority and what it signs."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from app.domain.errors import BadInput
from app.hosting import certificates
from app.hosting.certificates import Issued, is_renewal_due, issue_server, make_authority, names_of

NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture(scope="module")
def authority() -> Issued:
    return make_authority("shelf", NOW)


def shake_hands(client: ssl.SSLContext, server: Issued, name: str, folder: Path) -> None:
    """Let a client and a server with a certificate shake hands in memory; raise what the client finds wrong."""
    file = folder / "server.pem"
    file.write_bytes(server.certificate + server.key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends = [client.wrap_bio(back, there, server_hostname=name), context.wrap_bio(there, back, server_side=True)]
    while ends:
        for end in list(ends):
            try:
                end.do_handshake()
            except ssl.SSLWantReadError:
                continue
            ends.remove(end)


def strict(authority: Issued) -> ssl.SSLContext:
    """Return a client as Python 3.13 makes one."""
    context = ssl.create_default_context(cadata=authority.certificate.decode())
    context.verify_flags |= ssl.VERIFY_X509_STRICT | ssl.VERIFY_X509_PARTIAL_CHAIN
    return context


@pytest.mark.parametrize("name", ["shelf.example", "192.168.1.20", "localhost", "127.0.0.1", "xn--bro-hoa.example"])
def test_a_strict_client_that_pins_the_authority_trusts_each_name(authority: Issued, name: str, tmp_path: Path) -> None:
    server = issue_server(authority, ["Shelf.example", "192.168.1.20", "bür\u006f.example"], NOW)
    shake_hands(strict(authority), server, name, tmp_path)


def test_it_trusts_no_other_name_and_no_other_authority(authority: Issued, tmp_path: Path) -> None:
    server = issue_server(authority, ["shelf.example"], NOW)
    with pytest.raises(ssl.SSLCertVerificationError):
        shake_hands(strict(authority), server, "other.example", tmp_path)
    with pytest.raises(ssl.SSLCertVerificationError):
        shake_hands(strict(make_authority("shelf", NOW)), server, "shelf.example", tmp_path)


def test_a_renewed_certificate_is_trusted_by_who_pinned_before(authority: Issued, tmp_path: Path) -> None:
    pinned = strict(authority)
    first, second = (issue_server(authority, ["shelf.example"], NOW) for _ in range(2))
    shake_hands(pinned, first, "shelf.example", tmp_path)
    shake_hands(pinned, second, "shelf.example", tmp_path)
    assert certificates.fingerprint(first.certificate) != certificates.fingerprint(second.certificate)


def test_a_server_may_not_sign(authority: Issued, tmp_path: Path) -> None:
    server = issue_server(authority, ["shelf.example"], NOW)
    forged = issue_server(server, ["bank.example"], NOW)
    chain = Issued(forged.certificate + server.certificate, forged.key)
    with pytest.raises(ssl.SSLCertVerificationError):
        shake_hands(strict(authority), chain, "bank.example", tmp_path)


def test_lifetimes_and_when_to_renew(authority: Issued) -> None:
    server = issue_server(authority, ["shelf.example"], NOW)
    end = certificates.expires_at(server.certificate)
    assert certificates.expires_at(authority.certificate) == NOW + timedelta(days=3650)
    assert end == NOW + timedelta(days=825)
    assert not is_renewal_due(server.certificate, ["SHELF.example", "127.0.0.1"], NOW)
    assert is_renewal_due(server.certificate, ["shelf.example", "10.0.0.1"], NOW)
    assert not is_renewal_due(server.certificate, [], end - timedelta(days=60))
    assert is_renewal_due(server.certificate, [], end - timedelta(days=60) + timedelta(seconds=1))


def test_no_certificate_outlives_its_authority(authority: Issued) -> None:
    late = issue_server(authority, [], NOW + timedelta(days=3600))
    assert certificates.expires_at(late.certificate) == NOW + timedelta(days=3650)


def test_names_are_kept_once_with_this_pcs_own(authority: Issued) -> None:
    server = issue_server(authority, ["Shelf.", "shelf", "::0001", "192.168.1.20"], NOW)
    assert names_of(server.certificate) == ("shelf", "::1", "192.168.1.20", "localhost", "127.0.0.1")


@pytest.mark.parametrize("name", ["", " ", "a b", "http://shelf", "shelf:5432", "192.168.1.0/24", "x" * 300 + "\u00e9"])
def test_what_is_no_name_is_refused(authority: Issued, name: str) -> None:
    with pytest.raises(BadInput):
        issue_server(authority, [name], NOW)


def test_a_fingerprint_is_that_of_the_certificate_alone(authority: Issued) -> None:
    own = x509.load_pem_x509_certificate(authority.certificate)
    found = certificates.fingerprint(authority.certificate + authority.key)
    assert found.replace(":", "").lower() == own.fingerprint(own.signature_hash_algorithm).hex()  # type: ignore[arg-type]
    assert len(found) == 95
    assert certificates.without_key(authority.certificate + authority.key) == authority.certificate
    assert "KEY" not in repr(authority)
