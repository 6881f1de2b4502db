"""`offline`: the copy of a team's chats on this PC, for a time without the server."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from app.cli.common import HomeOption, JsonOption, opened, put_json, run, say
from app.cli.forms import moment
from app.domain.errors import BadInput
from app.main import Apart, Program
from app.services.keeping import KeptState


def offline(
    forget: Annotated[
        bool, typer.Option("--forget", help="Delete the copy; `offline_days = 0` in settings.toml makes none again.")
    ] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Bring the copy of the team's chats on this PC up to date, and say what it holds and what waits on it."""

    async def work() -> dict[str, Any]:
        async with opened(home, may_read_copy=True) as program:
            apart = _apart_of(program)
            if forget:
                await apart.caching.forget()
            elif program.keeping is None:
                await apart.caching.refresh()
            copied = await apart.caching.describe()
            waiting = [one for one in await apart.kept.list_all() if one.state is KeptState.WAITING]
        return {
            "server": program.keeping is None,
            "complete_until": moment(copied.until),
            "chats": copied.chats,
            "waiting": len(waiting),
        }

    found = run(work)
    if as_json:
        put_json(found)
        return
    until = found["complete_until"]
    copy = f"The copy on this PC holds {found['chats']} chats, complete until {until}" if until else "There is no copy"
    say(f"{copy}. {found['waiting']} written without the server wait for it.")


def _apart_of(program: Program) -> Apart:
    if program.apart is None:
        raise BadInput("this profile belongs to no team: its chats are on this PC anyway")
    return program.apart
