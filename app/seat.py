"""This PC's seat at a team: where its database is, as whom it is asked, and the highest timeline it was seen on.

`team.toml` in the profile says it; the passwords lie in the keyring of the desktop, or, where there is none and
somebody said so, in a file that only this user reads.
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path

import keyring
import keyring.errors
from keyring.backends.fail import Keyring as NoKeyring

from app.domain.errors import BadInput, StoreFailed
from app.domain.server import Server
from app.domain.snags import Snag

SEAT, AUTHORITY, SECRETS, TIMELINE = "team.toml", "team-authority.pem", "team.secrets", "team.timeline"
_SERVICE = "phoneshelf"
_OLD, _SPARE = "#old", "#spare"
"""Beside a password: the one before it, while its change is not known to hold; one whose change was never seen."""


@dataclass(frozen=True, slots=True)
class Seat:
    """What a member's PC knows of the team."""

    team: str
    person: Server
    name: str
    """How the person is called."""
    roles: tuple[str, ...]
    bridge: Server | None = None
    """As whom this PC drives phones; None where it does not."""
    address: tuple[tuple[str, int], ...] = ()
    """How colleagues reach the server, where that is not how this PC does."""
    server_folder: str = ""
    """Where the team's server lies, if it runs on this PC."""
    run_as: str = ""
    """The user of this PC that it runs as; empty: who runs this program."""

    @property
    def role(self) -> str:
        """Return the one that says which rules may be set aside; the server says the same, and decides."""
        return next((role for role in ("admin", "lead") if role in self.roles), "agent")


def has_seat(home: Path) -> bool:
    """Tell whether this profile belongs to a team."""
    return (home / SEAT).is_file()


def load_seat(home: Path) -> Seat | None:
    """Return the profile's seat, None where it is one PC's own.

    Raises:
        BadInput: The file cannot be understood, or a password is not where it was put.
    """
    path = home / SEAT
    if not path.is_file():
        return None
    try:
        values = tomllib.loads(path.read_text("utf-8"))
        authority = home / AUTHORITY
        server = Server(
            tuple(_address(host) for host in values["hosts"]),
            values["database"],
            values["login"],
            "",
            authority.read_text("ascii") if authority.is_file() else "",
        )
        bridge = values.get("bridge")
        return Seat(
            team=values["team"],
            person=_with_secrets(home, server),
            name=values["name"],
            roles=tuple(values["roles"]),
            bridge=_with_secrets(home, replace(server, user=bridge)) if bridge else None,
            address=tuple(_address(host) for host in values.get("address", ())),
            server_folder=values.get("server_folder", ""),
            run_as=values.get("run_as", ""),
        )
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise BadInput(
            f"{SEAT} cannot be read ({type(error).__name__}); nothing was changed. Join again: `phoneshelf team join`"
        ) from error


def save_seat(home: Path, seat: Seat) -> None:
    """Write the seat down. Its passwords are kept already, so that no seat is ever without them."""
    person = seat.person
    if person.ca:
        _write(home / AUTHORITY, person.ca)
    lines: dict[str, object] = {
        "team": seat.team,
        "hosts": [f"{host}:{port}" for host, port in person.hosts],
        "database": person.database,
        "login": person.user,
        "name": seat.name,
        "roles": list(seat.roles),
    }
    if seat.bridge is not None:
        lines["bridge"] = seat.bridge.user
    if seat.address:
        lines["address"] = [f"{host}:{port}" for host, port in seat.address]
    lines |= {key: value for key, value in (("server_folder", seat.server_folder), ("run_as", seat.run_as)) if value}
    # JSON's strings, lists and booleans are TOML's as well.
    text = "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in lines.items())
    _write(home / SEAT, text)


class Keys:
    """Passwords of logins: in the desktop's keyring, or in a file of the profile where there is none."""

    def __init__(self, home: Path, *, in_file: bool) -> None:
        """Name a profile.

        Args:
            home: Its folder.
            in_file: Whether passwords may lie in a file where this PC has no keyring.
        """
        self._path = home / SECRETS
        self._in_file = in_file

    def keep(self, server: Server) -> None:
        """Keep the password of a login.

        Raises:
            BadInput: This PC has no keyring, and a file was not allowed.
        """
        self._put(_entry(server), server.password)

    def keep_both(self, server: Server, old: str) -> None:
        """Keep the new password of a login, and the old one until it is known which of them the server has.

        Raises:
            BadInput: This PC has no keyring, and a file was not allowed; the old one is kept.
        """
        # The old one first: cut off in between, it is there twice.
        self._put(_entry(server) + _OLD, old)
        self._put(_entry(server), server.password)

    def settle(self, server: Server, taken: str) -> None:
        """Put the password first that the server took.

        A new one that it took ends the old one. A new one that it refused is still kept: the change that was cut off
        may be under way on the server, and end later.

        Args:
            server: The way in, with both passwords.
            taken: The one of them that the server took.

        Raises:
            BadInput: The keyring does not open.
        """
        entry = _entry(server)
        is_second = taken != server.password
        was_changed = bool(self._get(entry + _OLD))
        if is_second:
            if was_changed:
                self._put(entry + _SPARE, server.password)
            self._put(entry, taken)
        if was_changed:
            self._put(entry + _OLD, "")
        if was_changed != is_second:
            # The spare one holds now, or an earlier change can end no more: this one came behind it.
            self._put(entry + _SPARE, "")

    def _put(self, name: str, password: str) -> None:
        try:
            keyring.set_password(_SERVICE, name, password)
        except keyring.errors.KeyringError as error:
            if not self._in_file:
                raise BadInput(
                    "this PC has no keyring for the password, so nothing was kept. Start the desktop's keyring, or "
                    "give --secrets-in-file: the password then lies in the profile, readable for you alone, not "
                    "encrypted"
                ).because(Snag.NO_KEYRING) from error
            known = json.loads(self._path.read_text("utf-8")) if self._path.is_file() else {}
            _write(self._path, json.dumps(known | {name: password}))

    def find(self, server: Server) -> str | None:
        """Return the password of a login, None where it is not kept.

        Raises:
            BadInput: The keyring does not open.
        """
        return self._get(_entry(server))

    def find_other(self, server: Server) -> str:
        """Return the password that holds if the first does not, empty where there is none."""
        return self._get(_entry(server) + _OLD) or self._get(_entry(server) + _SPARE) or ""

    def _get(self, name: str) -> str | None:
        if self._path.is_file():
            found = json.loads(self._path.read_text("utf-8")).get(name)
            if found:
                return str(found)
        try:
            return keyring.get_password(_SERVICE, name)
        except keyring.errors.NoKeyringError:
            return None
        except keyring.errors.KeyringError as error:
            raise BadInput(
                "the keyring of this PC does not open, so the team's database cannot be asked. Unlock it and "
                "start again"
            ).because(Snag.SHUT_KEYRING) from error


def has_keyring() -> bool:
    """Tell whether this PC has somewhere to keep passwords. Looking takes a moment: ask in a thread."""
    return not isinstance(keyring.get_keyring(), NoKeyring)


def _with_secrets(home: Path, server: Server) -> Server:
    keys = Keys(home, in_file=True)
    kept = keys.find(server)
    if kept is None:
        raise BadInput(
            f"the password of {server.user} is not kept on this PC any more. Ask for a new invitation and give it to "
            "`phoneshelf team join`"
        )
    return replace(server, password=kept, other_password=keys.find_other(server))


def timeline_guard(home: Path) -> Timelines:
    """Return what refuses a server that was left behind by a fail-over."""
    return Timelines(home / TIMELINE)


class Timelines:
    """The highest timeline that was seen of a server, kept over restarts (store.md 8)."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: dict[str, int] = json.loads(path.read_text("utf-8")) if path.is_file() else {}

    def __call__(self, seen: tuple[int, int]) -> None:
        """Take note of a server's identity.

        Raises:
            StoreFailed: It is an old primary: what is written there would be lost.
        """
        system, timeline = str(seen[0]), seen[1]
        if self._known and system not in self._known:
            raise StoreFailed(
                "this is another server than your team's; nothing was read or written. If it was moved on purpose, "
                "ask for a new invitation"
            )
        known = self._known.get(system, 0)
        if timeline < known:
            raise StoreFailed(
                f"this server stopped being the team's (it writes on timeline {timeline}, the team is on {known}); "
                "nothing was written. Whoever looks after it has to bring it back as a standby"
            )
        if timeline > known:
            self._known[system] = timeline
            _write(self._path, json.dumps(self._known))


def _entry(server: Server) -> str:
    host, port = server.hosts[0]
    return f"{server.user}@{server.database}@{host}:{port}"


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    return host.strip("[]"), int(port)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = path.with_name(path.name + ".new")
    beside.touch(mode=0o600)
    beside.chmod(0o600)
    beside.write_text(text, "utf-8")
    beside.replace(path)
