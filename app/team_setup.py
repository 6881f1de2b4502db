"""Makes a team of a profile, joins one, invites into it: what the window's wizard and the command line both do."""

from __future__ import annotations

import asyncio
import socket
import urllib.parse
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from app.domain.errors import BadInput, HostingFailed
from app.domain.invitation import Invitation, parse_invitation
from app.domain.server import Server
from app.domain.snags import Snag
from app.runtime.clock import SystemClock
from app.seat import Keys, Seat, has_keyring, has_seat, load_seat, save_seat
from app.services.founding import FOUNDER, Founded, Founding, Progress, Wishes, count_rows
from app.services.hosting import PORT, Hosting, why_not_here
from app.services.teaming import Teaming, join_team
from app.settings import Settings
from app.store.accounts import list_accounts
from app.store.engine import Store

_PROVED = " proved"


@dataclass(frozen=True, slots=True)
class Here:
    """A server that this PC runs itself."""

    address: str
    """How colleagues reach this PC."""
    port: int = PORT
    folder: Path | None = None
    """Where the database lies; None for the profile's own folder."""
    run_as: str = ""


@dataclass(frozen=True, slots=True)
class Guest:
    """Who is invited."""

    name: str
    roles: Sequence[str] = ("agent",)
    numbers: Sequence[str] = ()
    """Ids or names, with `:read` where they may not send; empty for all."""
    valid_h: float = 48.0
    drives: bool = False


class TeamSetup:
    """A profile on its way into a team."""

    def __init__(self, settings: Settings, seat: Seat | None = None) -> None:
        """Take a profile.

        Args:
            settings: Of the profile.
            seat: The one that it has, where that was read already.
        """
        self.settings = settings
        self.seat = seat
        self._clock = SystemClock()

    async def has_keyring(self) -> bool:
        """Tell whether this PC has somewhere to keep passwords."""
        return await asyncio.to_thread(has_keyring)

    async def why_not_here(self) -> HostingFailed | None:
        """Return why this PC cannot run a team's server and what helps; None where it can."""
        return await why_not_here()

    async def found(
        self, team: str, me: str, at: Server | Here, tell: Progress, *, in_file: bool
    ) -> tuple[Founded, Seat]:
        """Make a team of the profile, or go on where an earlier attempt was cut off; the old file is only read.

        Args:
            team: What it is called.
            me: How its founder is called.
            at: A server elsewhere as its owner, or one on this PC.
            tell: Told what is done, how much of it, and how much in all.
            in_file: Whether passwords may lie in a file where there is no keyring.

        Raises:
            BadInput: What was given cannot be used; `snag` names it where a person can do something.
            HostingFailed: PostgreSQL's programs, the disk or the port refuse.
            StoreFailed: The server cannot.
        """
        self.refuse_seated()
        keys = Keys(self.settings.home, in_file=in_file)
        owner = at if isinstance(at, Server) else await self._host(at, keys)
        wishes = Wishes(team, me, self.settings.author)
        source = await self._file()
        try:
            founded = await Founding(owner, self._clock, keys).found(wishes, source, tell)
        finally:
            if source is not None:
                await source.close()
        seat = Seat(team, founded.person, me, FOUNDER, founded.bridge)
        if isinstance(at, Here):
            seat = replace(
                seat, address=((at.address, at.port),), server_folder=str(self._folder(at)), run_as=at.run_as
            )
        save_seat(self.settings.home, seat)
        self.seat = seat
        return founded, seat

    async def join(self, text: str, *, in_file: bool) -> tuple[Invitation, Seat]:
        """Use an invitation: the profile then works on the team's database. Cut off, the same invitation goes on.

        Raises:
            BadInput: It is none, over, or was used; `snag` says which.
            StoreFailed: The server cannot be reached, or is not the one of the team.
        """
        self.refuse_seated()
        made = parse_invitation(text)
        self.settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        person, bridge = await join_team(made, self._clock, Keys(self.settings.home, in_file=in_file))
        seat = Seat(made.team, person, made.name, made.roles, bridge)
        save_seat(self.settings.home, seat)
        self.seat = seat
        return made, seat

    async def numbers(self) -> list[tuple[int, str]]:
        """Return id and name of the numbers of the team."""
        store = await self._opened()
        try:
            async with store.read() as connection:
                return [(one.id, one.name) for one in await list_accounts(connection)]
        finally:
            await store.close()

    async def invite(self, guest: Guest) -> Invitation:
        """Make an invitation that works once.

        Raises:
            BadInput: A value cannot be, or somebody of that name is a member.
            NotAllowed: Only an admin invites.
        """
        store = await self._opened()
        try:
            seat = self._seated()
            return await invite(Teaming(store, self._clock, seat.person, seat.team), seat, guest)
        finally:
            await store.close()

    def refuse_seated(self) -> None:
        """Refuse where the profile belongs to a team.

        Raises:
            BadInput: It does.
        """
        if has_seat(self.settings.home):
            raise BadInput(
                "this profile belongs to a team already, `phoneshelf team members` shows it; for another team use "
                "another profile: --home DIR"
            ).because(Snag.SEATED)

    async def _host(self, at: Here, keys: Keys) -> Server:
        return await Hosting(self._folder(at), at.run_as, keys, at.port).make([at.address, socket.gethostname()])

    def _folder(self, at: Here) -> Path:
        return at.folder or self.settings.home / "server"

    async def _file(self) -> Store | None:
        """Return the profile's own file, opened; None where there is none."""
        if not self.settings.database.is_file():
            return None
        source = Store(self.settings.database, self._clock.now)
        await source.open()
        return source

    async def count(self) -> int:
        """Return how many rows of the profile's file a move takes along."""
        source = await self._file()
        if source is None:
            return 0
        try:
            return await count_rows(source)
        finally:
            await source.close()

    async def _opened(self) -> Store:
        if self.seat is None:
            self.seat = await asyncio.to_thread(load_seat, self.settings.home)
        store = Store(self._seated().person, self._clock.now)
        await store.open()
        return store

    def _seated(self) -> Seat:
        if self.seat is None:
            raise BadInput("this profile belongs to no team; make one with `phoneshelf team create`, or join one")
        return self.seat


class Share:
    """How far a move is as a whole: each row counts when it was moved, and again when it was compared."""

    def __init__(self, rows: int, tell: Callable[[str, float], None]) -> None:
        """Take the rows of the file, and who is told table and share, 0 to 1."""
        self._rows = rows
        self._tell = tell
        self._done: dict[str, int] = {}

    def __call__(self, what: str, done: int, total: int) -> None:
        """Hear of one step."""
        if what != "indexes":
            self._done[what] = done
        share = sum(self._done.values()) / (2 * self._rows) if self._rows else 0.0
        self._tell(what.removesuffix(_PROVED), min(share, 1.0))


async def invite(teaming: Teaming, seat: Seat, guest: Guest) -> Invitation:
    """Make an invitation that names the server as colleagues reach it.

    Raises:
        BadInput: A value cannot be, or somebody of that name is a member.
        NotAllowed: Only an admin invites.
    """
    made = await teaming.invite(
        guest.name, list(guest.roles), list(guest.numbers), valid_h=guest.valid_h, drives=guest.drives
    )
    return replace(made, hosts=seat.address) if seat.address else made


def parse_url(url: str) -> Server:
    """Return the server that a URL names, without a password; one in it is refused, for it would stand in a history.

    Raises:
        BadInput: It is none.
    """
    try:
        parts = urllib.parse.urlsplit(url)
        hosts = parse_hosts(parts.netloc.rpartition("@")[2])
        login, database = urllib.parse.unquote(parts.username or ""), parts.path.strip("/")
    except (ValueError, BadInput) as error:
        raise BadInput(f"--on is postgresql://LOGIN@HOST:PORT/DATABASE: {error}") from error
    if parts.scheme not in ("postgresql", "postgres") or not login or not database:
        raise BadInput("--on is postgresql://LOGIN@HOST:PORT/DATABASE")
    if parts.password:
        raise BadInput(
            "no password in --on: it would stay in the shell's history. It is asked for, or PHONESHELF_OWNER_PASSWORD"
        )
    return Server(hosts, database, login, "")


def parse_hosts(text: str) -> tuple[tuple[str, int], ...]:
    """Return host and port of each address of a list with commas.

    Raises:
        BadInput: One is none.
    """
    made = []
    for one in text.replace(" ", "").split(","):
        host, colon, port = one.rpartition(":")
        host, port = (host, port) if colon else (one, "5432")
        if not host or not port.isdigit() or not 0 < int(port) < 65_536 or "/" in host or "@" in host:
            raise BadInput(f"{one!r} is no address; give HOST or HOST:PORT").because(Snag.PLACE)
        made.append((host, int(port)))
    return tuple(made)


def read_authority(path: Path | None) -> str:
    """Return the PEM of who vouches for a server; empty where none is named.

    Raises:
        BadInput: The file cannot be read.
    """
    try:
        text = path.read_text("ascii") if path is not None else ""
    except (OSError, ValueError) as error:
        raise BadInput(f"{path} cannot be read as PEM").because(Snag.AUTHORITY) from error
    if path is not None and "-----BEGIN CERTIFICATE-----" not in text:
        raise BadInput(f"{path} cannot be read as PEM").because(Snag.AUTHORITY)
    return text
