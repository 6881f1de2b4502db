"""Who may debug the phone: signatures over tokens, and the owner's answer to the dialog."""

from __future__ import annotations

import asyncio
import base64
import binascii
import os

TOKEN = 1
SIGNATURE = 2
RSAPUBLICKEY = 3

TOKEN_BYTES = 20
_KEY_WORDS = 64
_KEY_BYTES = 4 * _KEY_WORDS
_EXPONENT = 65537
_SHA1_PREFIX = bytes.fromhex("3021300906052b0e03021a05000414")


def new_token() -> bytes:
    """Return a token for the host to sign."""
    return os.urandom(TOKEN_BYTES)


def modulus_of(key: bytes) -> int | None:
    """Return the RSA modulus of a public key as adb sends it, or None when it is none."""
    try:
        blob = base64.b64decode(key.rstrip(b"\0").split(b" ", 1)[0], validate=True)
    except binascii.Error:
        return None
    if len(blob) < 8 + _KEY_BYTES or int.from_bytes(blob[:4], "little") != _KEY_WORDS:
        return None
    return int.from_bytes(blob[8 : 8 + _KEY_BYTES], "little")


def is_signed(token: bytes, signature: bytes, modulus: int) -> bool:
    """Tell whether a PKCS#1 v1.5 signature over the token (taken as a SHA-1 digest) holds."""
    if len(signature) != _KEY_BYTES:
        return False
    plain = pow(int.from_bytes(signature, "big"), _EXPONENT, modulus).to_bytes(_KEY_BYTES, "big")
    tail = b"\0" + _SHA1_PREFIX + token
    padding = b"\xff" * (_KEY_BYTES - 2 - len(tail))
    return plain == b"\0\1" + padding + tail


class Gatekeeper:
    """The keys a phone knows and the question it asks its owner.

    With `asks` false every host is let in without a key.
    """

    def __init__(self, asks: bool = False) -> None:
        self.asks = asks
        self.waiting = ""
        """The user@host of the key that the dialog on the phone is about, or ""."""
        self._known: set[int] = set()
        self._answer: asyncio.Future[bool] | None = None
        self._asked = 0

    def is_known(self, token: bytes, signature: bytes) -> bool:
        """Tell whether one of the known keys signed the token."""
        return any(is_signed(token, signature, modulus) for modulus in self._known)

    async def ask(self, key: bytes) -> bool:
        """Show the dialog for a key and wait for the owner's answer."""
        modulus = modulus_of(key)
        if modulus is None:
            return False
        self.deny()
        self._asked += 1
        question = self._asked
        name = key.rstrip(b"\0").partition(b" ")[2]
        self.waiting = name.decode("utf-8", "replace") or "unknown"
        answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._answer = answer
        try:
            is_allowed = await answer
        finally:
            if question == self._asked:
                self.waiting, self._answer = "", None
        if is_allowed:
            self._known.add(modulus)
        return is_allowed

    def allow(self) -> bool:
        """Answer the dialog with yes; false when none is open."""
        return self._reply(True)

    def deny(self) -> bool:
        """Answer the dialog with no; false when none is open."""
        return self._reply(False)

    def forget(self) -> None:
        """Forget every key and ask from now on."""
        self._known.clear()
        self.asks = True

    def _reply(self, is_allowed: bool) -> bool:
        if self._answer is None or self._answer.done():
            return False
        self._answer.set_result(is_allowed)
        return True
