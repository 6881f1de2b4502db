"""`history`: read a chat further back on the phone, follow how far it is, take the wish back."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from app.cli.common import HomeOption, JsonOption, opened, put_json, put_table, run, say
from app.cli.forms import fill_form, moment
from app.cli.inbox import one_chat
from app.domain.errors import BadInput
from app.domain.filling import OPEN_STATES, FillRequest, FillState
from app.domain.ids import ChatId
from app.main import Program
from app.runtime.tasks import stop

history = typer.Typer(no_args_is_help=True, help="Read chats further back than the mirror goes.")

_LOOK_S = 0.3
_WORDS = {
    FillState.WAITING: "waits: it goes on when the phone is free",
    FillState.RUNNING: "being read",
    FillState.DONE: "done",
    FillState.CANCELLED: "taken back; what was read is kept",
    FillState.STUCK: "stuck: the phone's rows did not join what is known; what was read is kept, a gap is shown",
}


@history.command("read")
def read(
    chat: Annotated[str, typer.Argument(help="Id, number or whole title of a chat.")],
    since: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="Read back to this day; else to the first message."
        ),
    ] = None,
    detach: Annotated[bool, typer.Option("--detach", help="Only leave the wish; do not wait for it.")] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Have a chat read back on the phone. Replies go first. Ctrl+C takes the wish back; what was read is kept.

    The chat is opened on the phone for it, so its customer sees blue ticks for what was not read yet.
    """

    async def work() -> FillRequest:
        day = since.date() if since else None
        if day is not None and day > datetime.now(UTC).astimezone().date():
            raise BadInput("--since is a day that is over")
        async with opened(home) as program:
            found = await one_chat(program, chat, by_part=False)
            request = await program.filling.ask(ChatId(found.id), day)
            return request if detach else await _follow(program, request)

    _put(run(work), as_json=as_json)


async def _follow(program: Program, request: FillRequest) -> FillRequest:
    """Show progress until it ends. Where nobody drives the phone, this process does meanwhile."""
    tasks = program.begin()
    shown = (-1, -1)
    try:
        while request.state in OPEN_STATES:
            await asyncio.sleep(_LOOK_S)
            request = await program.filling.get(request.id)
            if (request.windows, request.added) != shown:
                shown = (request.windows, request.added)
                sys.stderr.write(f"\r{_progress(request)}  ")
                sys.stderr.flush()
    except asyncio.CancelledError:
        await program.filling.cancel(request.id)
        say("Taken back; what was read is kept.")
        raise
    finally:
        sys.stderr.write("\n")
        await stop(*tasks)
    return request


def _progress(request: FillRequest) -> str:
    reached = f", back to {request.reached.isoformat()}" if request.reached else ""
    return f"{request.windows} windows read, {request.added} messages new{reached}"


@history.command("list")
def list_(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Show what was asked, and how far it came."""

    async def work() -> list[tuple[FillRequest, str]]:
        async with opened(home) as program:
            titles = {chat.id: chat.title for chat in await program.browsing.list_chats()}
            return [(one, titles.get(one.chat, "")) for one in await program.filling.list_requests()]

    found = run(work)
    if as_json:
        put_json([fill_form(one) for one, _ in found])
        return
    put_table(
        ("id", "chat", "back to", "reached", "windows", "new", "state", "by", "asked"),
        [_row(one, title) for one, title in found],
    )


def _row(one: FillRequest, title: str) -> tuple[Any, ...]:
    since = one.since.isoformat() if one.since else "first message"
    reached = one.reached.isoformat() if one.reached else ""
    return one.id, title, since, reached, one.windows, one.added, one.state.value, one.author, moment(one.asked_at)


@history.command("cancel")
def cancel(
    number: Annotated[int, typer.Argument(help="Id of a wish, as `history list` shows it.")],
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take a wish back; what was read is kept."""

    async def work() -> FillRequest:
        async with opened(home) as program:
            return await program.filling.cancel(number)

    _put(run(work), as_json=as_json)


def _put(request: FillRequest, *, as_json: bool) -> None:
    if as_json:
        put_json(fill_form(request))
    else:
        say(f"{request.id}: {_WORDS[request.state]}. {_progress(request)}.")
    if request.state is FillState.STUCK:
        raise typer.Exit(1)
