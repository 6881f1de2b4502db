"""`contact`: who a customer is, on whichever of our numbers they wrote."""

from __future__ import annotations

from typing import Annotated

import typer

from app.cli.beside import ChatArgument, contact_form, found_form, plan_form
from app.cli.common import HomeOption, JsonOption, opened, put_json, put_table, run, say
from app.cli.forms import moment
from app.cli.inbox import one_chat
from app.domain.errors import BadInput
from app.domain.ids import ChatId
from app.main import Program
from app.services.contacting import FoundContact, Known, MergePlan, Side, StaleEdit

contact = typer.Typer(help="Customers: what is kept of them, and all their chats.", no_args_is_help=True)

TheirsOption = Annotated[
    list[str] | None, typer.Option("--theirs", help="A part of which B's value stays: name, field.company, ...")
]


@contact.command("show")
def show_contact(chat: ChatArgument, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Show the contact of a chat, with its other chats."""

    async def work() -> Known:
        async with opened(home) as program:
            return await program.contacting.open(await _id(program, chat))

    _put(run(work), as_json=as_json)


@contact.command("set")
def set_contact(
    chat: ChatArgument,
    field: Annotated[str, typer.Argument(help="name, company, language, remark, or a field of your own.")],
    value: Annotated[str, typer.Argument(help="Its value; '' removes it.")],
    seen: Annotated[int | None, typer.Option(help="The revision at which you read it; a later edit is kept.")] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Change one part of a contact."""

    async def work() -> Known:
        async with opened(home) as program:
            try:
                return await program.contacting.set_part(await _id(program, chat), field, value, seen)
            except StaleEdit as stale:
                raise BadInput(f"{stale}: {stale.stands!r}, revision {stale.revision}") from stale

    _put(run(work), as_json=as_json)


@contact.command("merge")
def merge_contacts(
    stays: Annotated[str, typer.Argument(metavar="A", help="A chat of the contact that stays.")],
    goes: Annotated[str, typer.Argument(metavar="B", help="A chat of the one that goes into it.")],
    theirs: TheirsOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would become of them.")] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Merge two contacts; it can be undone for 30 days. No message is moved."""
    choices = dict.fromkeys(theirs or (), Side.MERGED)

    async def work() -> MergePlan:
        async with opened(home) as program:
            way = program.contacting.plan_merge if dry_run else program.contacting.merge
            return await way(await _id(program, stays), await _id(program, goes), choices)

    plan = run(work)
    if as_json:
        put_json(plan_form(plan, is_trial=dry_run))
        return
    put_table(("part", "value", "given up"), [(one.part, one.value, one.lost) for one in plan.parts])
    added = ", ".join(plan.added_numbers) or "none"
    undo = f"`contact unmerge` undoes it until {moment(plan.undo_until)}"
    say(f"Numbers that it gets: {added}. {'Nothing was changed' if dry_run else undo}.")


@contact.command("unmerge")
def unmerge_contact(chat: ChatArgument, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Undo the last merge into the contact of a chat; what was changed since stays."""

    async def work() -> Known:
        async with opened(home) as program:
            return await program.contacting.undo_merge(await _id(program, chat))

    _put(run(work), as_json=as_json)


@contact.command("link")
def link_chat(
    chat: ChatArgument,
    to: Annotated[str, typer.Option(help="A chat of the contact that it belongs to; without it: one of its own.")] = "",
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a chat one of another contact, as of a customer with a new number; or one of its own again."""

    async def work() -> Known:
        async with opened(home) as program:
            found = await _id(program, chat)
            if to:
                return await program.contacting.link(found, await _id(program, to))
            return await program.contacting.unlink(found)

    _put(run(work), as_json=as_json)


@contact.command("find")
def find_contacts(
    text: Annotated[str, typer.Argument(help="A part of a name, a number in any form, or its last four digits.")],
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find customers by name or number."""

    async def work() -> list[FoundContact]:
        async with opened(home) as program:
            return await program.contacting.find(text)

    found = run(work)
    if as_json:
        put_json([found_form(one) for one in found])
        return
    rows = [(o.contact, o.name, ", ".join(o.numbers), ", ".join(str(c) for c in o.chats)) for o in found]
    put_table(("contact", "name", "numbers", "chats"), rows)


async def _id(program: Program, chat: str) -> ChatId:
    found = await one_chat(program, chat, by_part=False)
    if found.kind == "group":
        raise BadInput("a group is no contact; give the chat of a person")
    return ChatId(found.id)


def _put(known: Known, *, as_json: bool) -> None:
    if as_json:
        put_json(contact_form(known))
        return
    put_table(("part", "value"), [(name, value) for name, value in known.card.parts.items() if value])
    put_table(
        ("chat", "title", "our number", "number", "last", "waits since"),
        [(c.chat, c.title, c.account_name, c.number, moment(c.last_at), moment(c.waiting_since)) for c in known.chats],
    )
