"""`label`: the team's own labels, and which chats have them."""

from __future__ import annotations

from typing import Annotated

import typer

from app.cli.beside import ChatArgument, label_form
from app.cli.common import HomeOption, JsonOption, opened, put_json, put_table, run, say
from app.cli.inbox import one_chat
from app.domain.ids import ChatId
from app.services.labelling import Label

label = typer.Typer(help="The team's own labels on chats.", no_args_is_help=True)

NameArgument = Annotated[str, typer.Argument(help="The name of a label; case does not matter.")]


@label.command("add")
def add_label(
    name: NameArgument,
    colour: Annotated[str | None, typer.Option(help="Such as #d32f2f; without it one is chosen.")] = None,
    uid: Annotated[str | None, typer.Option(help="Your own identity of it: a second time makes nothing.")] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a label."""

    async def work() -> Label:
        async with opened(home) as program:
            return await program.labelling.add(name, colour, uid)

    made = run(work)
    if as_json:
        put_json(label_form(made))
    else:
        say(f"Label {made.name} is made.")


@label.command("remove")
def remove_label(name: NameArgument, home: HomeOption = None) -> None:
    """Remove a label; which chats had it, and when, is kept."""

    async def work() -> Label:
        async with opened(home) as program:
            return await program.labelling.remove(name)

    say(f"Label {run(work).name} is removed; its history is kept.")


@label.command("list")
def list_labels(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """List the labels, and how many chats have each."""

    async def work() -> tuple[list[Label], list[str]]:
        async with opened(home) as program:
            by_chat = await program.labelling.labels_by_chat()
            return await program.labelling.list_labels(), [one.uid for on in by_chat.values() for one in on]

    found, used = run(work)
    if as_json:
        put_json([label_form(one) | {"chats": used.count(one.uid)} for one in found])
        return
    put_table(("name", "colour", "chats", "made by"), [(o.name, o.colour, used.count(o.uid), o.author) for o in found])


@label.command("set")
def set_label(chat: ChatArgument, name: NameArgument, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Put a label on a chat."""
    _move(chat, name, home, as_json=as_json, is_on=True)


@label.command("unset")
def unset_label(chat: ChatArgument, name: NameArgument, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Take a label off a chat."""
    _move(chat, name, home, as_json=as_json, is_on=False)


def _move(chat: str, name: str, home: HomeOption, *, as_json: bool, is_on: bool) -> None:
    async def work() -> tuple[bool, list[Label]]:
        async with opened(home) as program:
            found = ChatId((await one_chat(program, chat, by_part=False)).id)
            change = program.labelling.put if is_on else program.labelling.take
            return await change(found, name), await program.labelling.labels_of(found)

    is_new, left = run(work)
    if as_json:
        put_json([label_form(one) for one in left])
        return
    names = ", ".join(one.name for one in left) or "none"
    say(f"{'Done' if is_new else 'It was so already'}. Labels of this chat: {names}.")
