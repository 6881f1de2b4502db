"""`draft`: one's own answers on their way to being sent."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from app.cli.common import HomeOption, JsonOption, opened, put_json, put_table, run, say
from app.cli.forms import moment
from app.cli.inbox import one_chat
from app.domain.ids import ChatId
from app.main import Program
from app.services.keeping import KeptState

draft = typer.Typer(help="Your own drafts, which nobody else sees.", no_args_is_help=True)


@draft.command("list")
def list_drafts(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """List your drafts, the last changed first; also those that only this PC has."""

    async def work() -> list[dict[str, Any]]:
        async with opened(home, may_read_copy=True) as program:
            return await _forms(program)

    found = run(work)
    if as_json:
        put_json(found)
        return
    put_table(
        ("chat", "title", "changed", "", "text"),
        [(o["chat"], o["title"], o["changed_at"], "on this PC" if o["on_this_pc"] else "", o["text"]) for o in found],
    )


async def _forms(program: Program) -> list[dict[str, Any]]:
    kept = await program.apart.kept.list_all() if program.apart is not None else []
    here = {one.chat: one for one in kept if one.is_draft and one.state is KeptState.WAITING}
    forms = [_form(one.chat, one.title, one.body, moment(one.at), here=True) for one in here.values() if one.body]
    titles = {one.id: one.title for one in await program.browsing.list_chats()}
    for one in await program.drafting.list_mine():
        if one.chat not in here:
            forms.append(_form(one.chat, titles.get(one.chat, ""), one.body, moment(one.changed_at), here=False))
    return forms


def _form(chat: ChatId, title: str, text: str, changed_at: str | None, *, here: bool) -> dict[str, Any]:
    return {"chat": chat, "title": title, "text": text, "changed_at": changed_at, "on_this_pc": here}


@draft.command("set")
def set_draft(
    chat: Annotated[str, typer.Argument(help="Id, number or whole title of a chat.")],
    text: Annotated[str, typer.Argument(help="The text; '' throws the draft away.")],
    home: HomeOption = None,
) -> None:
    """Keep an answer as a draft; without the team's server, on this PC until it is back."""

    async def work() -> str:
        async with opened(home, may_read_copy=True) as program:
            found = await one_chat(program, chat, by_part=False)
            if program.keeping is not None:
                await program.keeping.save_draft(found.id, text)
                return f"Kept on this PC for {found.title}."
            rows = await program.browsing.list_messages(found.id, 1)
            seen = [row.message for row in rows if row.message is not None]
            saved = await program.drafting.save(found.id, text, last_seen=seen[-1] if seen else None)
        return f"{'Kept' if saved is not None else 'Thrown away'}: your draft for {found.title}."

    say(run(work))
