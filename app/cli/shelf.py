"""`phones`, `bridge`, `outbox`, `doctor`: the shelf and what drives it."""

from __future__ import annotations

import asyncio
import platform
import shutil
import sqlite3
from typing import Annotated, Any

import typer

from app.cli.away import withdraw
from app.cli.common import HomeOption, JsonOption, VerboseOption, opened, put_json, put_table, run, say
from app.cli.forms import kept_form, moment, phone_form, reply_form
from app.cli.hosting import keep_server
from app.cli.team import teaming_of
from app.domain.errors import AppiumMissing, BadInput, PhoneLost, PhoneRefused
from app.domain.ids import AccountId, ReplyId, Serial
from app.domain.phone import NEXT_STEP, PhoneState, PhoneStatus
from app.domain.reply import Reply
from app.main import Program, automation_files
from app.runtime.tasks import spawn, stop
from app.services.keeping import KeptState, KeptText
from app.settings import load_settings
from devices.adb.phone import AdbPhone
from devices.adb.server import adb_path
from devices.automation.appium import ask_status, is_loopback
from devices.automation.files import load_server_files
from devices.whatsapp.profiles import ScreenProfiles

phones = typer.Typer(help="The phones on the shelf.", invoke_without_command=True)

_APPS = ("com.whatsapp.w4b", "com.whatsapp")


@phones.callback()
def list_phones(context: typer.Context, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """List the phones with state and health."""
    if context.invoked_subcommand is not None:
        return

    async def work() -> None:
        async with opened(home) as program:
            found = await program.browsing.list_phones()
        if as_json:
            put_json([phone_form(p) for p in found])
            return
        put_table(("id", "name", "serial", "state", "battery", "verified", "next step"), [_line(p) for p in found])

    run(work)


def _line(phone: PhoneStatus) -> tuple[object, ...]:
    health = phone.health
    battery = f"{health.battery_percent} %" if health and health.battery_percent is not None else ""
    verified = phone.verified_until.astimezone().strftime("%H:%M") if phone.verified_until else ""
    state = phone.state.value + (f" ({phone.detail})" if phone.detail else "")
    return phone.account, phone.name, phone.serial, state, battery, verified, NEXT_STEP[phone.state]


@phones.command("add")
def add_phone(
    serial: Annotated[str, typer.Argument(help="What adb calls the phone: a USB serial, or HOST:PORT.")],
    app: Annotated[str, typer.Option(help="com.whatsapp.w4b or com.whatsapp.")] = "com.whatsapp.w4b",
    name: Annotated[str, typer.Option(help="What people call this number.")] = "",
    reading: Annotated[
        str,
        typer.Option(help="full: chats are opened to be read, customers see blue ticks; quiet: only for an answer."),
    ] = "full",
    user: Annotated[
        int,
        typer.Option(help="Android user whose app it is: 0 the owner; `adb shell pm list users` shows others.", min=0),
    ] = 0,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add a phone. It is driven from the next moment a bridge runs."""
    team: list[str] = []

    async def work() -> None:
        _check(serial, app, reading)
        async with opened(home) as program:
            await _refuse_second_app(program, serial, app, user)
            account = await program.watching.add_phone(serial, app, name or serial, reading, user)
            if program.seat is not None:
                team.append(program.seat.team)
                await teaming_of(program).join_number(account)
            reached = await asyncio.to_thread(_try_to_connect, program, serial)
            found = next(p for p in await program.browsing.list_phones() if p.account == account)
        if as_json:
            put_json(phone_form(found) | {"reached": reached})
        else:
            say(f"{found.name} is on the shelf. {_REACHED[reached]}")
            if team:
                say("Colleagues are put on it by `phoneshelf team numbers MEMBER` with all numbers that they are on.")

    run(work)


_REACHED = {
    "yes": "The phone answers. Start it with: phoneshelf bridge",
    "unauthorised": NEXT_STEP[PhoneState.UNAUTHORISED],
    "no": "The phone does not answer yet; the bridge goes on trying.",
}


def _check(serial: str, app: str, reading: str) -> None:
    if not serial.strip() or any(c.isspace() or c in "'\"`$;&|<>\\" for c in serial):
        raise BadInput("a serial has no spaces or signs of a shell; `adb devices` shows it")
    if app not in _APPS:
        raise BadInput(f"--app must be one of {', '.join(_APPS)}")
    if reading not in ("full", "quiet"):
        raise BadInput("--reading must be full or quiet")


async def _refuse_second_app(program: Program, serial: str, app: str, user: int) -> None:
    """Two sessions on one phone would fight for its one automation connection (phone-wire.md 3.1)."""
    here = [a for a in await program.browsing.list_accounts() if a.serial == serial]
    others = [f"{a.package} of user {a.user}" for a in here if (a.package, a.user) != (app, user)]
    if others:
        raise BadInput(f"{serial} is on the shelf already with {others[0]}; one app a phone for now")


def _try_to_connect(program: Program, serial: str) -> str:
    try:
        program.adb.start()
        phone = AdbPhone(program.adb, Serial(serial))
        phone.connect(timeout_s=12)
    except PhoneRefused:
        return "unauthorised"
    except PhoneLost:
        return "no"
    return {"device": "yes", "unauthorized": "unauthorised"}.get(phone.state(), "no")


@phones.command("set")
def set_phone(
    account: Annotated[int, typer.Argument(help="The id that `phones` shows.")],
    name: Annotated[str | None, typer.Option(help="What people call this number.")] = None,
    short: Annotated[str | None, typer.Option(help="Its badge, at most 12 characters; '' for none.")] = None,
    colour: Annotated[str | None, typer.Option(help="The badge's colour as #rrggbb; '' for none.")] = None,
    home: HomeOption = None,
) -> None:
    """Say how a number is called and told from others."""

    async def work() -> PhoneStatus:
        if name is None and short is None and colour is None:
            raise BadInput("say what to change: --name, --short or --colour")
        async with opened(home) as program:
            return await program.watching.set_look(AccountId(account), name, short, colour)

    found = run(work)
    say(" ".join(part for part in (found.name, found.badge.short, found.badge.colour) if part))


@phones.command("remove")
def remove_phone(
    account: Annotated[int, typer.Argument(help="The id that `phones` shows.")], home: HomeOption = None
) -> None:
    """Stop driving a phone. Its chats and messages stay in the database."""

    async def work() -> None:
        async with opened(home) as program:
            if not any(a.id == account for a in await program.browsing.list_accounts()):
                raise BadInput(f"there is no phone {account}; `phoneshelf phones` lists them")
            await program.watching.remove_phone(AccountId(account))
        say("Removed from the shelf; its history is kept.")

    run(work)


def bridge(
    for_s: Annotated[float | None, typer.Option("--for", help="Seconds to run; without it, until interrupted.")] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
    verbose: VerboseOption = False,
) -> None:
    """Drive the phones without a window."""

    async def work() -> None:
        await keep_server(load_settings(home))
        async with opened(home, verbose=verbose) as program:
            if not await program.browsing.list_accounts():
                raise BadInput("no phone is on the shelf; add one with: phoneshelf phones add SERIAL")
            await drive(program, for_s, quiet=as_json)
            found = await program.browsing.list_phones()
        if as_json:
            put_json([phone_form(p) for p in found])

    run(work)


async def drive(program: Program, for_s: float | None, *, quiet: bool) -> None:
    """Run the bridge for a while, or until interrupted, saying each change of a phone's state."""
    tasks = program.begin()
    if not quiet:
        tasks.append(spawn(_tell(program), "telling"))
    try:
        await asyncio.wait(tasks, timeout=for_s, return_when=asyncio.FIRST_COMPLETED)
    finally:
        await stop(*tasks)


async def _tell(program: Program) -> None:
    """Say each change of state, with the next step."""
    last: dict[int, Any] = {}
    while True:
        for phone in await program.browsing.list_phones():
            now = (phone.state, phone.detail)
            if last.get(phone.account) != now:
                last[phone.account] = now
                detail = f" ({phone.detail})" if phone.detail else ""
                step = f". {NEXT_STEP[phone.state]}" if NEXT_STEP[phone.state] else ""
                say(f"{phone.name}: {phone.state.value}{detail}{step}")
        await asyncio.sleep(0.5)


def outbox(
    settle: Annotated[str, typer.Option(help="Id of an unknown reply that you looked up on the phone.")] = "",
    sent: Annotated[bool | None, typer.Option("--sent/--not-sent", help="With --settle: what the phone shows.")] = None,
    cancel: Annotated[str, typer.Option(help="Id of a reply to take back.")] = "",
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the replies and what became of each; settle an unknown one, or take one back."""

    async def work() -> None:
        if settle and sent is None:
            raise BadInput("look at the phone first, then say --sent or --not-sent")
        async with opened(home, may_read_copy=not settle) as program:
            if settle and not await program.replying.settle_reply(ReplyId(settle), was_sent=bool(sent)):
                raise BadInput("that reply is not unknown; nothing was changed")
            if cancel:
                await _take_back(program, cancel)
            found = await program.browsing.list_outbox()
            kept = await program.apart.kept.list_all() if program.apart is not None else []
        here = [one for one in kept if not (one.is_draft and one.state is KeptState.WAITING)]
        if as_json:
            put_json([reply_form(r) for r in found] + [kept_form(one) for one in here])
            return
        put_table(
            ("id", "chat", "state", "reason", "waits until", "author", "text"),
            [_reply_line(reply) for reply in found] + [_kept_line(one) for one in here],
        )

    run(work)


async def _take_back(program: Program, uid: str) -> None:
    said = await withdraw(program, uid)
    if said is not None:
        say(said)
    elif not await program.replying.cancel_reply(ReplyId(uid)):
        raise BadInput("that reply waits no more; nothing was changed")


def _kept_line(one: KeptText) -> tuple[object, ...]:
    return one.uid, one.chat, f"on this PC: {one.state.value}", one.words, "", one.author, one.body


def _said(reply: Reply) -> str:
    if reply.quote is not None:
        return f"[quotes {reply.quote.message}] {reply.body}"
    return f"[{reply.file.name}] {reply.body}".rstrip() if reply.file is not None else reply.body


def _reply_line(reply: Reply) -> tuple[object, ...]:
    reason = reply.wait.reason if reply.wait else reply.reason
    until = moment(reply.wait.until) if reply.wait else ""
    return reply.id, reply.chat, reply.state.value, reason or "", until, reply.author, _said(reply)


def doctor(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Check this PC and the phones, and say what to do about what is wrong."""

    async def work() -> None:
        async with opened(home) as program:
            checks = await _examine(program)
        if as_json:
            put_json([{"check": n, "ok": ok, "says": text} for n, ok, text in checks])
        else:
            put_table(("check", "", "says"), [(n, "ok" if ok else "LOOK", text) for n, ok, text in checks])
        if not all(ok for _, ok, _ in checks):
            raise typer.Exit(1)

    run(work)


async def _examine(program: Program) -> list[tuple[str, bool, str]]:
    home = program.settings.home
    free = shutil.disk_usage(home).free
    checks = [
        ("python", True, f"{platform.python_version()} on {platform.system()}"),
        ("database", True, f"{program.settings.database.name}, SQLite {sqlite3.sqlite_version}"),
        ("disk", free > 500_000_000, f"{free // 1_000_000_000} GB free"),
        _adb_check(program),
        _files_check(program.settings.automation),
    ]
    profiles = ScreenProfiles(home / "screens")
    own = profiles.list_files()
    wrong = "; ".join(error.words[program.settings.language or "en"] for error in profiles.broken)
    checks.append(("screen profiles", not wrong, wrong or f"the built-in one and {len(own)} more"))
    if program.settings.automation:
        checks.append(await asyncio.to_thread(_appium_check, program.settings.automation))
    for phone in await program.browsing.list_phones():
        state = await asyncio.to_thread(_try_to_connect, program, phone.serial)
        checks.append((f"phone {phone.name}", state == "yes", _REACHED[state] if state != "yes" else "answers"))
    return checks


def _adb_check(program: Program) -> tuple[str, bool, str]:
    try:
        path = adb_path()
        program.adb.start()
    except PhoneLost as error:
        return "adb", False, str(error)
    return "adb", True, f"{path.name}, server on port {program.settings.adb_port}"


def _files_check(appium: str) -> tuple[str, bool, str]:
    try:
        files = load_server_files(*automation_files())
    except PhoneRefused as error:
        return "automation server", False, str(error)
    if files.server is None and appium:
        return "automation server", True, "not fetched: Appium installs its own on the phones"
    if files.server is None:
        return "automation server", False, "not fetched: run python3 run.py once where npm is installed"
    return "automation server", True, files.version


def _appium_check(url: str) -> tuple[str, bool, str]:
    """An Appium server asks for no password: on a network, whoever reaches it reads texts and drives the phones."""
    try:
        status = ask_status(url)
    except AppiumMissing as error:
        return "appium", False, f"{error}: start it, or empty `automation`"
    if not is_loopback(url) and url.lower().startswith("http:"):
        return "appium", False, f"{status.version}, plain http on a network: use 127.0.0.1 or https"
    return "appium", True, status.version
