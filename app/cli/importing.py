"""`import`: exported chats into the mirror, what was imported, and taking it back."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from typer.core import TyperGroup

from app.cli.common import HomeOption, JsonOption, fail, opened, put_json, put_table, run, say
from app.cli.forms import import_form, moment, report_form
from app.cli.inbox import one_chat
from app.domain.ids import ChatId
from app.services.importing import Asked, DateOrder, Import, ImportReport, Undone

_LEAST = 2_000
"""Of fewer messages no progress is shown."""


class _ChatFirst(TyperGroup):
    """Lets `import CHAT FILE` stand for `import chat CHAT FILE`."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]
        """Put the command in front where none is named."""
        if args and args[0] not in self.commands and args[0] != "--help":
            args = ["chat", *args]
        return super().parse_args(ctx, args)


imports = typer.Typer(
    cls=_ChatFirst, no_args_is_help=True, help="Bring a chat that the app exported into the mirror: import CHAT FILE."
)


@imports.command("chat")
def import_chat(
    chat: Annotated[str, typer.Argument(help="Id, number or whole title of a chat.")],
    file: Annotated[Path, typer.Argument(help="The .txt or .zip that the app's Export chat made.")],
    me: Annotated[str | None, typer.Option(metavar="NAME", help="The number's own name in the file.")] = None,
    order: Annotated[DateOrder | None, typer.Option(help="How the file writes dates, where that is unclear.")] = None,
    zone: Annotated[str | None, typer.Option(help="Zone of the phone that exported, if another's.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add what a chat's exported file holds and the mirror lacks. Importing it again changes nothing."""
    progress = _Progress()

    async def work() -> ImportReport:
        async with opened(home) as program:
            found = await one_chat(program, chat, by_part=False)
            export = program.importing.read_file(file, order, progress)
            return await program.importing.import_chat(
                ChatId(found.id), export, file.name, Asked(me, zone, is_trial=dry_run), progress
            )

    report = run(work)
    if as_json:
        put_json(report_form(report, is_trial=dry_run))
        return
    _put_report(report, is_trial=dry_run)


class _Progress:
    """A line on standard error for what is large, a tenth at a time."""

    def __init__(self) -> None:
        self._last = ("", -1)

    def __call__(self, what: str, done: int, total: int) -> None:
        tenth = done * 10 // max(1, total)
        if total >= _LEAST and (what, tenth) != self._last:
            self._last = (what, tenth)
            sys.stderr.write(f"{what}: {tenth * 10} %\n")


def _put_report(report: ImportReport, *, is_trial: bool) -> None:
    put_table(
        ("what", "messages"),
        [
            ("read", report.read),
            ("known", report.known),
            ("added", report.added),
            ("completed", report.completed),
            ("gaps closed", report.gaps_closed),
            ("not placed", report.not_placed),
            ("notices left out", report.left_out),
        ],
    )
    own = report.owner or "nobody"
    say(f"{report.chat.title}: {report.first_day} to {report.last_day}; own messages are those of {own}.")
    if report.not_placed:
        say(
            f"{report.not_placed} messages have no certain place and were left out. Is it this chat's file, and was "
            "the phone that made it in the same zone (--zone)?"
        )
    if is_trial:
        say("This was a trial; nothing was changed.")
    elif report.id is None:
        say("Nothing new; nothing was changed.")
    else:
        say(f"Recorded as import {report.id}; `phoneshelf import undo {report.id}` takes it back.")


@imports.command("list")
def list_imports(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """List the imports, also those that were taken back."""

    async def work() -> list[Import]:
        async with opened(home) as program:
            return await program.importing.list_imports()

    found = run(work)
    if as_json:
        put_json([import_form(one) for one in found])
        return
    put_table(
        ("id", "chat", "title", "file", "by", "at", "added", "taken back"),
        [
            (i.id, i.chat, i.chat_title, i.source, i.author, moment(i.at), i.counts.get("added"), moment(i.undone_at))
            for i in found
        ],
    )


@imports.command("undo")
def undo_import(
    number: Annotated[int, typer.Argument(metavar="ID", help="The id that `import list` shows.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take an import back: what it added goes, except what the phone or another import showed since."""

    async def work() -> Undone:
        async with opened(home) as program:
            return (await program.importing.undo(number))[1]

    if not (yes or as_json or typer.confirm(f"Take import {number} back?", err=True)):
        fail("nothing was changed", 1)
    undone = run(work)
    if as_json:
        put_json({"import": number, "removed": undone.removed, "kept": undone.kept, "restored": undone.restored})
        return
    say(f"Taken back: {undone.removed} messages removed, {undone.kept} kept, {undone.restored} as they were before.")
