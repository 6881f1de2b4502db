"""`note`: what the team writes down beside a chat. It never goes to a phone."""

from __future__ import annotations

from typing import Annotated

import typer

from app.cli.beside import ChatArgument, note_form
from app.cli.common import HomeOption, JsonOption, opened, put_json, put_table, run, say
from app.cli.forms import moment
from app.cli.inbox import one_chat
from app.domain.ids import ChatId
from app.services.noting import Note

note = typer.Typer(help="Notes of the team on a chat; they never go to a phone.", no_args_is_help=True)


@note.command("add")
def add_note(
    chat: ChatArgument,
    text: Annotated[str, typer.Argument(help="The note; @login mentions a colleague of that number.")],
    uid: Annotated[str | None, typer.Option(help="Your own identity of it: a second time adds nothing.")] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Put a note on a chat."""

    async def work() -> Note:
        async with opened(home) as program:
            found = await one_chat(program, chat, by_part=False)
            return await program.noting.add(ChatId(found.id), text, uid)

    made = run(work)
    if as_json:
        put_json(note_form(made))
    else:
        say(f"Note {made.id} is kept. It is for the team only.")


@note.command("list")
def list_notes(chat: ChatArgument, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Show the notes of a chat, oldest first."""

    async def work() -> list[Note]:
        async with opened(home) as program:
            found = await one_chat(program, chat, by_part=False)
            return await program.noting.list_notes(ChatId(found.id))

    found = run(work)
    if as_json:
        put_json([note_form(one) for one in found])
        return
    put_table(
        ("id", "at", "author", "edited", "note"),
        [(n.id, moment(n.at), n.author, moment(n.edited_at), n.body) for n in found],
    )
