"""Passwords of the database: made here, and turned into what a server stores, so that none is ever sent in SQL.

RFC 5802 and RFC 7677; PostgreSQL stores such a verifier as it is when a role is made with it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

from app.domain.errors import BadInput

ITERATIONS = 4096
"""What PostgreSQL takes itself (RFC 7677: at least 4096)."""
SALT_BYTES = 16


def new_password() -> str:
    """Return 32 random bytes as ASCII, fit for a URL."""
    return secrets.token_urlsafe(32)


def scram_verifier(password: str, salt: bytes | None = None, iterations: int = ITERATIONS) -> str:
    """Return what `CREATE ROLE ... PASSWORD` is given in place of the password.

    Args:
        password: Printable ASCII: other characters would need SASLprep (RFC 4013), which is not here.
        salt: Only for tests; else 16 random bytes.
        iterations: Rounds of PBKDF2.

    Raises:
        BadInput: The password is empty or has another character.
    """
    if not password or not password.isascii() or not password.isprintable():
        raise BadInput("a password of the database is made of letters without accents, digits and signs")
    salt = secrets.token_bytes(SALT_BYTES) if salt is None else salt
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, iterations)
    client_key = hmac.digest(salted, b"Client Key", "sha256")
    server_key = hmac.digest(salted, b"Server Key", "sha256")
    stored, server = _base64(hashlib.sha256(client_key).digest()), _base64(server_key)
    return f"SCRAM-SHA-256${iterations}:{_base64(salt)}${stored}:{server}"


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
