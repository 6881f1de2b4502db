"""`canned`: the team's ready texts. They are filled here and sent by people, one customer at a time."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from app.cli.beside import canned_form, offer_form
from app.cli.common import HomeOption, JsonOption, fail, opened, put_json, put_table, run, say
from app.cli.inbox import one_chat
from app.cli.team import teaming_of
from app.domain.errors import BadInput
from app.domain.ids import AccountId, ChatId
from app.main import Program
from app.services.attaching import Attaching
from app.services.canned_files import read_table, write_table
from app.services.canning import CannedFile, CannedReply, Draft, Imported, Offer

canned = typer.Typer(help="The team's ready texts.", no_args_is_help=True)

ShortcutArgument = Annotated[str, typer.Argument(help="The shortcut, or the id that `canned list` shows.")]
TitleOption = Annotated[str | None, typer.Option(help="What it is called.")]
LanguageOption = Annotated[str | None, typer.Option(help="nl, en, or any.")]
NumberOption = Annotated[str | None, typer.Option("--account", help="Id or name of the phone it is for; else all.")]
FileOption = Annotated[list[Path] | None, typer.Option("--file", help="A file that goes with it; may be repeated.")]


@canned.command("list")
def list_canned(
    typed: Annotated[str, typer.Argument(help="What is typed after the /; without it all.")] = "",
    removed: Annotated[bool, typer.Option("--removed", help="Those that were removed.")] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """List canned replies, best first."""

    async def work() -> list[CannedReply]:
        async with opened(home) as program:
            if removed or not typed:
                return await program.canning.list_canned(removed=removed)
            return await program.canning.find(typed)

    found = run(work)
    if as_json:
        put_json([canned_form(one) for one in found])
        return
    rows = [(o.draft.shortcut, o.draft.title, o.draft.language, o.uses, o.draft.body, o.uid) for o in found]
    put_table(("shortcut", "title", "language", "uses", "text", "id"), rows)


@canned.command("add")
def add_canned(
    shortcut: Annotated[str, typer.Argument(help="One word.")],
    text: Annotated[str, typer.Argument(help="The text; a line --- stands between alternatives.")],
    title: TitleOption = None,
    language: LanguageOption = None,
    account: NumberOption = None,
    file: FileOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Keep a new canned reply."""

    async def work() -> CannedReply:
        async with opened(home) as program:
            on = await _account(program, account)
            files = _taken(program.attaching, file)
            return await program.canning.add(Draft(shortcut, title or "", text, language or "any", on, files))

    _put(run(work), "is kept", as_json=as_json)


@canned.command("edit")
def edit_canned(
    shortcut: ShortcutArgument,
    text: Annotated[str | None, typer.Option(help="Its new text.")] = None,
    name: Annotated[str | None, typer.Option("--shortcut", help="Its new shortcut.")] = None,
    title: TitleOption = None,
    language: LanguageOption = None,
    file: FileOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Change a canned reply; what is not named stays."""
    given: dict[str, Any] = {"body": text, "shortcut": name, "title": title, "language": language}
    changes = {key: value for key, value in given.items() if value is not None}

    async def work() -> CannedReply:
        async with opened(home) as program:
            files = {"files": _taken(program.attaching, file)} if file else {}
            if not changes and not files:
                raise BadInput("say what to change, such as --text or --title")
            found = await program.canning.get(shortcut)
            return await program.canning.edit(found, **changes, **files)

    _put(run(work), "is changed", as_json=as_json)


@canned.command("remove")
def remove_canned(
    shortcut: ShortcutArgument,
    undo: Annotated[bool, typer.Option("--undo", help="Bring the last removed of this shortcut back.")] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Remove a canned reply, or bring it back."""

    async def work() -> CannedReply:
        async with opened(home) as program:
            found = await program.canning.get(shortcut, removed=undo)
            return await (program.canning.restore(found) if undo else program.canning.remove(found))

    _put(run(work), "is back" if undo else "is removed; `--undo` brings it back", as_json=as_json)


@canned.command("show")
def show_canned(
    shortcut: ShortcutArgument,
    chat: Annotated[str, typer.Option(help="Id, number or whole title of the chat that it is filled for.")],
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Fill a canned reply for a chat. Exit 1 while something in it is to be filled by hand."""

    async def work() -> Offer:
        async with opened(home) as program:
            found = ChatId((await one_chat(program, chat, by_part=False)).id)
            return await program.canning.offer(await program.canning.get(shortcut, found), found)

    offer = run(work)
    if as_json:
        put_json(offer_form(offer))
    else:
        typer.echo(offer.rendered.text)
    if not offer.may_be_sent:
        names = ", ".join((*offer.rendered.missing, *offer.rendered.to_fill))
        fail(f"to be filled before it can be sent: {names}", 1)


@canned.command("export")
def export_canned(
    path: Annotated[Path, typer.Argument(help="The CSV file to write; it must not be there yet.")],
    home: HomeOption = None,
) -> None:
    """Write all canned replies into a table file, for a spreadsheet."""

    async def work() -> int:
        async with opened(home) as program:
            known = await program.canning.list_canned()
            _write_new(path, write_table(known, await _numbers(program)))
            if program.seat is not None:
                await teaming_of(program).enter("export", f"{len(known)} canned replies")
            return len(known)

    say(f"{run(work)} canned replies are written.")


@canned.command("import")
def import_canned(
    path: Annotated[Path, typer.Argument(help="A CSV file, as `canned export` writes it.")],
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take canned replies from a table file, all or none; known ones are changed to what it says."""

    async def work() -> Imported:
        async with opened(home) as program:
            drafts = read_table(read_small(path), await _numbers(program))
            return await program.canning.import_all(drafts)

    done = run(work)
    if as_json:
        put_json({"added": done.added, "changed": done.changed, "unchanged": done.unchanged})
    else:
        say(f"{done.added} new, {done.changed} changed, {done.unchanged} as they were.")


def read_small(path: Path, most: int = 5_000_000) -> bytes:
    """Return what a file of a person holds.

    Raises:
        BadInput: It cannot be read, or is too large.
    """
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
    except OSError as error:
        raise BadInput(f"the file cannot be read: {error.strerror}; nothing was changed") from error
    if len(data) > most:
        raise BadInput(f"the file is larger than {most // 1_000_000} MB; nothing was changed")
    return data


def _write_new(path: Path, data: bytes) -> None:
    try:
        with path.open("xb") as file:
            file.write(data)
    except FileExistsError as error:
        raise BadInput("that file is there already and was left as it is; give another name") from error
    except OSError as error:
        raise BadInput(f"the file cannot be written: {error.strerror}") from error


def _taken(attaching: Attaching, paths: list[Path] | None) -> tuple[CannedFile, ...]:
    kept = [attaching.take(path) for path in paths or ()]
    return tuple(CannedFile(one.sha256, one.name) for one in kept)


async def _account(program: Program, wanted: str | None) -> AccountId | None:
    return (await program.restraining.find_account(wanted)).id if wanted is not None else None


async def _numbers(program: Program) -> dict[AccountId, str]:
    return {one.id: one.name for one in await program.browsing.list_accounts()}


def _put(one: CannedReply, what: str, *, as_json: bool) -> None:
    if as_json:
        put_json(canned_form(one))
    else:
        say(f"/{one.draft.shortcut} {what}.")
