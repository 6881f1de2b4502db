"""What a colleague is given to join: where the server is, who vouches for it, and a secret that works once."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime

from app.domain.errors import BadInput
from app.domain.server import Server
from app.domain.snags import Snag

_MARK = "phoneshelf1:"
_LONGEST = 20_000
_TORN = (
    "this is no whole invitation; nothing was changed. Copy all of it, from `phoneshelf1:` to its end, or scan the code"
)


@dataclass(frozen=True, slots=True)
class Invitation:
    """One invitation. The secrets are the first passwords of the logins, which joining replaces."""

    team: str
    hosts: tuple[tuple[str, int], ...]
    database: str
    ca: str = field(repr=False)
    """PEM of who vouches for the server."""
    name: str
    roles: tuple[str, ...]
    login: str
    secret: str = field(repr=False)
    until: datetime
    bridge: str = ""
    bridge_secret: str = field(default="", repr=False)

    @property
    def fingerprint(self) -> str:
        """Return the SHA-256 of who vouches, in pairs, to compare by ear; empty where this PC's own authorities do."""
        if not self.ca:
            return ""
        body = "".join(line for line in self.ca.splitlines() if not line.startswith("-----"))
        digest = hashlib.sha256(base64.b64decode(body)).hexdigest().upper()
        return ":".join(digest[i : i + 2] for i in range(0, len(digest), 2))

    def server(self) -> Server:
        """Return the way in with the first password."""
        return Server(self.hosts, self.database, self.login, self.secret, self.ca)

    def bridge_server(self) -> Server | None:
        """Return the way in of the bridge, where one is invited as well."""
        return Server(self.hosts, self.database, self.bridge, self.bridge_secret, self.ca) if self.bridge else None

    def text(self) -> str:
        """Return it as one word."""
        body = "".join(line for line in self.ca.splitlines() if not line.startswith("-----"))
        values = {
            "t": self.team, "h": [f"{host}:{port}" for host, port in self.hosts], "d": self.database, "c": body,
            "n": self.name, "r": list(self.roles), "l": self.login, "s": self.secret,
            "u": int(self.until.timestamp()), "b": self.bridge, "e": self.bridge_secret,
        }  # fmt: skip
        plain = json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()
        check = hashlib.sha256(plain).digest()[:4]
        return _MARK + base64.urlsafe_b64encode(check + plain).decode().rstrip("=")


def parse_invitation(text: str) -> Invitation:
    """Return the invitation that a text is; spaces and broken lines are passed over.

    Raises:
        BadInput: It is none, or not a whole one.
    """
    word = "".join(text.split())
    if not word.startswith(_MARK) or len(word) > _LONGEST:
        raise BadInput(_TORN).because(Snag.TORN)
    try:
        coded = word.removeprefix(_MARK)
        raw = base64.urlsafe_b64decode(coded + "=" * (-len(coded) % 4))
        if hashlib.sha256(raw[4:]).digest()[:4] != raw[:4]:
            raise BadInput(_TORN).because(Snag.TORN)
        values = json.loads(raw[4:])
        return Invitation(
            team=str(values["t"]),
            hosts=tuple(_address(one) for one in values["h"]),
            database=str(values["d"]),
            ca=_pem(str(values["c"])),
            name=str(values["n"]),
            roles=tuple(str(one) for one in values["r"]),
            login=str(values["l"]),
            secret=str(values["s"]),
            until=datetime.fromtimestamp(int(values["u"]), UTC),
            bridge=str(values["b"]),
            bridge_secret=str(values["e"]),
        )
    except (
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        RecursionError,
        OverflowError,
        OSError,
        binascii.Error,
    ) as error:
        raise BadInput(_TORN).because(Snag.TORN) from error


def _pem(body: str) -> str:
    if not body:
        return ""
    lines = [body[i : i + 64] for i in range(0, len(body), 64)]
    return "\n".join(["-----BEGIN CERTIFICATE-----", *lines, "-----END CERTIFICATE-----", ""])


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host:
        raise ValueError(text)
    return host, int(port)
