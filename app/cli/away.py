"""A team's server that is away: the copy on this PC is read, what is written waits here, and both is said aloud."""

from __future__ import annotations

import asyncio
from datetime import datetime

from app.cli.saying import say
from app.domain.errors import LoginRefused, PhoneshelfError, ServerAway
from app.domain.ids import ReplyId
from app.main import Apart, Program, without_server
from app.services.keeping import KeptState, KeptText

HAND_OVER_S = 20.0
"""So long a command waits at most before it does its own work."""


async def enter(program: Program, *, may_read_copy: bool) -> Program:
    """Open the databases of a program and hand over what waits; where the server is away, return one on the copy.

    Args:
        program: The program of a profile.
        may_read_copy: Whether the copy will do.

    Raises:
        ServerAway: It will not, or there is none.
        LoginRefused: This person is let in no more; the copy was deleted.
    """
    apart = program.apart
    try:
        await program.open()
    except ServerAway as error:
        other = await read_copy(program, error) if may_read_copy else None
        if other is None:
            raise ServerAway(f"{error}{_host_hint(program)}{await _hint(apart, may_read_copy)}") from error
        return other
    except LoginRefused as error:
        raise LoginRefused(f"{error}{await _shut_out(apart)}") from error
    if apart is not None:
        apart.absence.end()
        if not apart.caching.is_wanted:
            await apart.caching.forget()
        await hand_over(apart)
    return program


async def read_copy(program: Program, error: ServerAway) -> Program | None:
    """Return the program on its copy, and say so; None where there is no copy."""
    apart = program.apart
    if program.seat is None or apart is None or not apart.caching.is_wanted:
        return None
    copied = await apart.caching.describe()
    if copied.until is None:
        return None
    other = without_server(program, program.seat, apart)
    await other.store.open()
    since = apart.absence.note(program.clock.now())
    say(
        f"phoneshelf: OFFLINE. {str(error).partition('. What was')[0]}.{_host_hint(program)}\n"
        f"phoneshelf: Away since {_time(since)} as far as this PC knows. What you see is the copy on this PC, complete "
        f"until {_time(copied.until)}; what came later is not in it.\n"
        "phoneshelf: Replies and drafts are kept here and handed to the team when the server is back."
    )
    return other


def _host_hint(program: Program) -> str:
    is_here = program.seat is not None and program.seat.server_folder
    return " The server is on this PC: `phoneshelf team host` starts it." if is_here else ""


async def _hint(apart: Apart | None, may_read_copy: bool) -> str:
    if apart is None or not apart.caching.is_wanted:
        return ""
    if may_read_copy:
        return " There is no copy of the chats on this PC; `phoneshelf offline` makes one while the server is there."
    works = " `chats`, `messages`, `search`, `inbox`, `outbox`, `reply` and `draft` work without it."
    return works if apart.caching.is_there else ""


async def _shut_out(apart: Apart | None) -> str:
    if apart is None:
        return ""
    said = " The copy of the chats on this PC was deleted." if await apart.caching.forget() else ""
    left = await apart.kept.list_all()
    return said + (f" {len(left)} texts written without the server are still in {apart.kept.label}." if left else "")


async def hand_over(apart: Apart) -> None:
    """Hand over what waits on this PC, and say what became of it."""
    if not apart.kept.is_there:
        return
    try:
        async with asyncio.timeout(HAND_OVER_S):
            done = await apart.handing.push()
        if done.handed:
            say(f"phoneshelf: {done.handed} written without the server, now handed to the team.")
        if done.taken_back:
            say(f"phoneshelf: {done.taken_back} withdrawn, certainly not sent.")
    except (PhoneshelfError, TimeoutError) as error:
        said = str(error) or "it took too long"
        say(f"phoneshelf: what was written without the server still waits on this PC: {said}")
    for one in await apart.handing.list_untold():
        say(f"phoneshelf: {given_back(one)}")
        await apart.kept.mark_told(one.uid)


def given_back(one: KeptText) -> str:
    """Return what became of a text that the server did not take."""
    what = "Your draft" if one.is_draft else "Your reply"
    head = f"{what} to {one.title} of {_time(one.at)} was not {'taken' if one.is_draft else 'sent'}: {one.words}."
    if one.state is KeptState.RETURNED:
        return f"{head} It is your draft in that chat now: `phoneshelf draft list`."
    return f"{head} Its text is on this PC: `phoneshelf outbox` shows it, `outbox --cancel {one.uid}` throws it away."


async def withdraw(program: Program, uid: str) -> str | None:
    """Take something back that is kept on this PC; return what is to be said, None where it is not kept here."""
    apart = program.apart
    state = await apart.kept.withdraw(ReplyId(uid)) if apart is not None else None
    if apart is None or state is None:
        return None
    if state is not KeptState.WITHDRAWN:
        return "Withdrawn: it was on this PC alone."
    if program.keeping is None:
        await apart.handing.push()
        if all(one.uid != uid for one in await apart.kept.list_all()):
            return "Withdrawn, also at the team's server, where it still waited there: `outbox` shows it."
    return "The server may have it already; it is taken back there, if it still waits by then, once the server is back."


def _time(at: datetime) -> str:
    return at.astimezone().strftime("%Y-%m-%d %H:%M")
