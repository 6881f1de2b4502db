"""`team` and `audit`: several people on one database, who they are, and what they did that counts."""

from __future__ import annotations

import asyncio
import contextlib
import getpass
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import segno
import typer

from app import team_setup
from app.cli.common import HomeOption, JsonOption, opened, put_json, put_table, run, say
from app.domain.errors import BadInput, PhoneshelfError
from app.domain.invitation import Invitation
from app.domain.server import Server
from app.main import Program
from app.runtime.clock import SystemClock
from app.seat import Keys, Seat, load_seat
from app.services.founding import Founded
from app.services.hosting import PORT, Hosting, back_up, lan_address
from app.services.teaming import Member, Teaming
from app.settings import Settings, load_settings
from app.store.server.installing import install
from app.team_setup import Guest, Here, TeamSetup, parse_url, read_authority

team = typer.Typer(help="Several people, each at their own PC, on one PostgreSQL database.", no_args_is_help=True)
audit = typer.Typer(help="What was done that counts, in a log that shows where it was altered.", no_args_is_help=True)

InFile = Annotated[
    bool, typer.Option("--secrets-in-file", help="Without a keyring, keep passwords in a file that only you read.")
]
LoginArgument = Annotated[str, typer.Argument(help="A member: login or name.", metavar="MEMBER")]
_PASSWORD = "PHONESHELF_OWNER_PASSWORD"  # noqa: S105 - a name


@team.command("create")
def create(
    name: Annotated[str, typer.Argument(help="What the team is called.")],
    me: Annotated[str, typer.Option("--me", help="Your name, as colleagues see it.")],
    on: Annotated[
        str, typer.Option("--on", help="postgresql://LOGIN@HOST:PORT/DATABASE of the company's server.")
    ] = "",
    ca: Annotated[Path | None, typer.Option("--ca", help="PEM of who vouches for that server.")] = None,
    host: Annotated[bool, typer.Option("--host", help="Run a PostgreSQL on this PC instead.")] = False,
    address: Annotated[str, typer.Option(help="With --host: how colleagues reach this PC.")] = "",
    port: Annotated[int, typer.Option(help="With --host: its port.")] = PORT,
    folder: Annotated[Path | None, typer.Option(help="With --host: where the database lies.")] = None,
    run_as: Annotated[str, typer.Option(help="With --host, as root: the user that runs it.")] = "",
    secrets_in_file: InFile = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a team of this profile: its history moves to a PostgreSQL server, the old file stays.

    Cut off half-way, the same command goes on. The password of --on is asked for, or is PHONESHELF_OWNER_PASSWORD.
    """

    async def work() -> tuple[Founded, Seat]:
        setup = TeamSetup(load_settings(home))
        setup.refuse_seated()
        if host == bool(on):
            raise BadInput("say where: --on postgresql://LOGIN@HOST/DATABASE for a server, or --host for this PC")
        at = Here(address or lan_address(), port, folder, run_as) if host else ask_place(on, ca)
        return await setup.found(name, me, at, _progress(quiet=as_json), in_file=secrets_in_file)

    founded, seat = run(work)
    if as_json:
        put_json({"team": seat.team, "login": seat.person.user, "moved": founded.moved})
        return
    say(f"The team {seat.team} is made.")
    if founded.moved:
        count = founded.moved["message"]
        say(f"{count} messages were moved and compared row by row. The old file stays, and is not used any more.")
    say("Next: phoneshelf team invite NAME")


@team.command("invite")
def invite(
    name: Annotated[str, typer.Argument(help="Your colleague's name.")],
    role: Annotated[list[str] | None, typer.Option(help="agent, lead, admin or auditor; several are possible.")] = None,
    number: Annotated[
        list[str] | None, typer.Option(help="A number (id or name), with :read where they may not send; default: all.")
    ] = None,
    hours: Annotated[float, typer.Option(help="How long the invitation can be used.")] = 48.0,
    drives: Annotated[
        bool, typer.Option("--drives", help="Their PC may drive phones too; it then can read every chat.")
    ] = False,
    qr: Annotated[bool, typer.Option("--qr/--no-qr", help="Print it as a code to scan as well.")] = True,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print an invitation that works once. Who has it can join: hand it over in person or by a safe way."""

    async def work() -> Invitation:
        async with opened(home) as program:
            guest = Guest(name, role or ["agent"], number or [], hours, drives)
            return await team_setup.invite(teaming_of(program), seat_of(program), guest)

    made = run(work)
    if as_json:
        put_json({"invitation": made.text(), "login": made.login, "until": made.until.isoformat(),
                  "fingerprint": made.fingerprint})  # fmt: skip
        return
    if qr:
        segno.make(made.text(), error="l").terminal(out=sys.stderr, compact=True)
    sys.stdout.write(made.text() + "\n")
    say(f"For {made.name}, once, until {made.until.astimezone():%d-%m-%Y %H:%M}. On their PC: phoneshelf team join")
    if made.fingerprint:
        say(f"Server: {made.fingerprint[:23]}\u2026 (both of you should see the same)")


@team.command("join")
def join(
    invitation: Annotated[str, typer.Argument(help="The invitation; without it, it is asked for.")] = "",
    secrets_in_file: InFile = False,
    home: HomeOption = None,
) -> None:
    """Join a team: this profile then works on the team's database."""

    async def work() -> tuple[Invitation, Seat]:
        setup = TeamSetup(load_settings(home))
        setup.refuse_seated()
        text = invitation or await asyncio.to_thread(_ask, "Invitation: ")
        return await setup.join(text, in_file=secrets_in_file)

    made, seat = run(work)
    say(f"Welcome to {seat.team}, {seat.name}. Next: phoneshelf window")
    if made.fingerprint:
        say(f"Server: {made.fingerprint[:23]}\u2026")


@team.command("members")
def members(
    everybody: Annotated[bool, typer.Option("--all", help="Also those who were removed.")] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show who belongs to the team, in which role, on which numbers."""

    async def work() -> list[Member]:
        async with opened(home) as program:
            return await teaming_of(program).list_members(with_removed=everybody)

    found = run(work)
    if as_json:
        put_json([asdict(one) | {"invited_until": _iso(one.invited_until), "joined_at": _iso(one.joined_at),
                                 "removed_at": _iso(one.removed_at)} for one in found])  # fmt: skip
        return
    put_table(["login", "name", "roles", "numbers", "state"], [
        [one.login, one.name, ", ".join(one.roles),
         ", ".join(name + ("" if may_send else " (reads)") for _, name, may_send in one.numbers), _state(one)]
        for one in found
    ])  # fmt: skip


@team.command("remove")
def remove(login: LoginArgument, home: HomeOption = None) -> None:
    """Remove a member: their log-in ends at once, what they wrote stays."""

    async def work() -> Member:
        async with opened(home) as program:
            return await teaming_of(program).remove(login)

    say(f"{run(work).name} is no member any more.")


@team.command("numbers")
def numbers(
    login: LoginArgument,
    number: Annotated[list[str] | None, typer.Argument(help="Numbers, with :read where they may not send.")] = None,
    only_own: Annotated[
        bool | None, typer.Option("--only-own/--whole-team", help="Only chats that are theirs or nobody's.")
    ] = None,
    sees_numbers: Annotated[
        bool | None, typer.Option("--show-numbers/--hide-numbers", help="Of customers; hidden but for two digits.")
    ] = None,
    home: HomeOption = None,
) -> None:
    """Say on which numbers a member is, whether they see their colleagues' chats and the numbers of customers."""

    async def work() -> None:
        if not number and only_own is None and sees_numbers is None:
            raise BadInput("name the numbers, or say --only-own, --whole-team, --hide-numbers or --show-numbers")
        async with opened(home) as program:
            if number:
                await teaming_of(program).set_numbers(login, number)
            if only_own is not None:
                await teaming_of(program).set_only_own(login, flag=only_own)
            if sees_numbers is not None:
                await teaming_of(program).set_sees_numbers(login, flag=sees_numbers)

    run(work)


@team.command("rotate")
def rotate(secrets_in_file: InFile = False, home: HomeOption = None) -> None:
    """Give this PC's log-ins new passwords; the old ones stop working."""

    async def work() -> None:
        settings = load_settings(home)
        keys = Keys(settings.home, in_file=secrets_in_file)
        async with opened(home) as program:
            seat = seat_of(program)
            ways = [seat.person, *([seat.bridge] if seat.bridge is not None else [])]
            for store, server in zip(program.stores, ways, strict=True):
                way = Teaming(store, program.clock, server, seat.team)
                # What the server took last is the old one, wherever an earlier change of it was cut off.
                made = await way.rotate(partial(_keep, keys, server, store.password))
                keys.settle(replace(server, password=made, other_password=store.password), made)

    run(work)
    say("The passwords are new.")


def _keep(keys: Keys, server: Server, old: str, password: str) -> None:
    keys.keep_both(replace(server, password=password), old)


@team.command("upgrade")
def upgrade(
    on: Annotated[
        str, typer.Option("--on", help="postgresql://LOGIN@HOST/DATABASE of its owner; not on the host.")
    ] = "",
    ca: Annotated[Path | None, typer.Option("--ca", help="PEM of who vouches for that server.")] = None,
    backup: Annotated[Path | None, typer.Option(help="Folder of the backup that is made first.")] = None,
    home: HomeOption = None,
) -> None:
    """Bring the team's database up to this version, after a backup. Colleagues update their program first."""

    async def work() -> tuple[str | None, Path | None]:
        settings = load_settings(home)
        owner = await owner_of(settings, on, ca)
        kept = await back_up(owner, backup or settings.home / "backups", SystemClock(), must=True)
        return await install(owner), kept

    before, kept = run(work)
    say(f"The database stood at {before} and is up to date. Backup: {kept}")


@team.command("backup")
def backup(
    on: Annotated[
        str, typer.Option("--on", help="postgresql://LOGIN@HOST/DATABASE of its owner; not on the host.")
    ] = "",
    ca: Annotated[Path | None, typer.Option("--ca", help="PEM of who vouches for that server.")] = None,
    to: Annotated[Path | None, typer.Option(help="Folder of the backups.")] = None,
    home: HomeOption = None,
) -> None:
    """Write a backup now; of older ones 7 days, 4 weeks and 12 months stay."""

    async def work() -> Path | None:
        settings = load_settings(home)
        owner = await owner_of(settings, on, ca)
        return await back_up(owner, to or settings.home / "backups", SystemClock(), must=True)

    say(f"Backup: {run(work)}")


@audit.command("show")
def show(
    last: Annotated[int, typer.Option(help="How many entries.")] = 50,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the newest deeds: log-ins, sends, overrides, exports, changes of rights. Takes an admin or auditor."""

    async def work() -> list[Any]:
        async with opened(home) as program:
            return await teaming_of(program).list_audit(last)

    found = run(work)
    if as_json:
        put_json([asdict(one) | {"at": one.at.isoformat()} for one in found])
        return
    rows = [
        [one.id, f"{one.at.astimezone():%d-%m-%Y %H:%M:%S}", one.login, one.action, one.subject, one.details]
        for one in found
    ]
    put_table(["id", "at", "login", "did", "to", "details"], rows)


@audit.command("verify")
def verify(home: HomeOption = None) -> None:
    """Prove that no entry was altered or taken out. Exit 1 where one was. Takes an admin or auditor."""

    async def work() -> Any:
        async with opened(home) as program:
            return await teaming_of(program).check_audit()

    checked = run(work)
    if checked.first_wrong is None:
        say(f"{checked.entries} entries, all as they were written. The last one's mark: {checked.head[:16]}")
        return
    where = f"from entry {checked.first_wrong} on" if checked.first_wrong else "at its end"
    say(f"The log was altered {where}. Compare it with a backup.")
    raise typer.Exit(1)


def teaming_of(program: Program) -> Teaming:
    """Return what members do about members.

    Raises:
        BadInput: This profile belongs to no team.
    """
    seat = seat_of(program)
    return Teaming(program.store, program.clock, seat.person, seat.team)


@asynccontextmanager
async def at_work(program: Program) -> AsyncIterator[None]:
    """Enter into a team's audit log that somebody began and ended to work."""
    if program.seat is None:
        yield
        return
    await teaming_of(program).enter("log in")
    try:
        yield
    finally:
        # A server that is gone by then has the end of the connection in its own log.
        with contextlib.suppress(PhoneshelfError):
            await teaming_of(program).enter("log out")


def seat_of(program: Program) -> Seat:
    """Return the profile's seat.

    Raises:
        BadInput: This profile belongs to no team.
    """
    if program.seat is None:
        raise BadInput("this profile belongs to no team; make one with `phoneshelf team create`, or join one")
    return program.seat


def hosting_of(settings: Settings) -> Hosting:
    """Return the server that this profile hosts.

    Raises:
        BadInput: It hosts none.
    """
    seat = load_seat(settings.home)
    if seat is None or not seat.server_folder:
        raise BadInput("the team's server does not run on this PC; on another, give --on and its owner's login")
    return Hosting(Path(seat.server_folder), seat.run_as, Keys(settings.home, in_file=True), seat.person.hosts[0][1])


async def owner_of(settings: Settings, on: str, ca: Path | None) -> Server:
    """Return the way in as the owner of the database."""
    return ask_place(on, ca) if on else await hosting_of(settings).owner()


def ask_place(url: str, ca: Path | None) -> Server:
    """Return the server that a URL names, with its password, which is asked for.

    Raises:
        BadInput: It is none, or the file of the authority cannot be read.
    """
    server, authority = parse_url(url), read_authority(ca)
    password = os.environ.get(_PASSWORD) or getpass.getpass(f"Password of {server.user}: ")
    return replace(server, password=password, ca=authority)


def _progress(*, quiet: bool) -> Any:
    last = [""]

    def tell(what: str, done: int, total: int) -> None:
        line = f"{what}: {done} of {total}"
        if not quiet and line != last[0] and total:
            last[0] = line
            say(line)

    return tell


def _ask(prompt: str) -> str:
    sys.stderr.write(prompt)
    sys.stderr.flush()
    return sys.stdin.readline()


def _iso(moment: Any) -> str | None:
    return moment.isoformat() if moment is not None else None


def _state(member: Member) -> str:
    if member.removed_at is not None:
        return "removed"
    if member.joined_at is None:
        return "invited"
    limits = [("only own chats", member.only_own), ("numbers hidden", not member.sees_numbers)]
    return ", ".join(words for words, is_so in limits if is_so) or "member"
