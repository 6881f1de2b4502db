"""`media`: the files of messages, copies of them, and fetching them now."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from app.cli.common import HomeOption, JsonOption, fail, opened, put_json, put_table, run, say
from app.cli.forms import attachment_form
from app.cli.inbox import one_chat
from app.domain.errors import BadInput, PhoneLost
from app.domain.ids import ChatId, MessageId
from app.domain.media import LinkState
from app.main import Program
from app.runtime.phone_thread import OwnThread
from app.services.browsing import shown_text
from app.services.fetching import FetchReport
from app.services.saving import Attachment, Saved
from app.store.accounts import Account

media = typer.Typer(no_args_is_help=True, help="Files of messages: photos, videos, voice messages, documents.")
_WHY = {
    LinkState.LINKED: "stored",
    LinkState.NOT_YET: "not on the phone yet",
    LinkState.NOT_DOWNLOADED: "the phone has not downloaded it",
    LinkState.SEVERAL: "several fit: not guessed",
    LinkState.TOO_BIG: "too big (settings)",
    LinkState.LOST: "gone from the phone",
}


@media.command("list")
def list_media(
    chat: Annotated[str, typer.Argument(help="Id, number or title of a chat; all without it.")] = "",
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the files of messages, and the messages whose file is not here with the reason."""

    async def work() -> list[Attachment]:
        async with opened(home) as program:
            chat_id = ChatId((await one_chat(program, chat)).id) if chat else None
            return await program.saving.list_attachments(chat_id)

    found = run(work)
    if as_json:
        put_json([attachment_form(one) for one in found])
        return
    put_table(("message", "chat", "title", "when", "kind", "name", "size", "type", "state"), [_line(o) for o in found])


def _line(one: Attachment) -> tuple[object, ...]:
    when = (shown_text(one.entry.shown) or "").replace("T", " ")
    kind = one.entry.content.kind.value
    return one.message, one.chat, one.chat_title, when, kind, one.name, one.size, one.mime, _WHY[one.state]


@media.command("save")
def save_media(
    message: Annotated[int, typer.Argument(help="The message's id, as `media list` shows it.")],
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that is there.")],
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Copy a message's files into a folder. Never over another file; the ending is what the bytes really are."""

    async def work() -> list[Saved]:
        async with opened(home) as program:
            return await program.saving.save(MessageId(message), folder)

    saved = run(work)
    if as_json:
        put_json([{"path": str(one.path), "size": one.size, "type": one.mime} for one in saved])
        return
    for one in saved:
        say(f"{one.path.name}: {one.size} bytes, {one.mime}")


@media.command("fetch")
def fetch_media(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Fetch the files of the phones now, also while a bridge runs. Ctrl+C ends it; what came stays."""

    async def work() -> dict[str, FetchReport | str]:
        async with opened(home) as program:
            if not program.settings.media:
                raise BadInput("files are not copied: settings.toml says `media = false`")
            program.adb.start()
            return {a.name: await _fetch(program, a) for a in await program.browsing.list_accounts()}

    found = run(work)
    if as_json:
        put_json({name: _form(one) for name, one in found.items()})
    else:
        rows = [(name, *_form(one).values()) for name, one in found.items()]
        put_table(("phone", "on the phone", "messages", "files", "bytes", "without a file", "error"), rows)
    if any(isinstance(one, str) or one.is_full for one in found.values()):
        fail("not everything was fetched; `phoneshelf doctor` says what is wrong", 1)


async def _fetch(program: Program, account: Account) -> FetchReport | str:
    is_over = False
    thread = OwnThread(lambda: program.rack.new_phone(account), f"media-{account.serial}")
    try:
        return await program.fetching.fetch(thread, account, lambda: is_over, _tell)
    except PhoneLost as error:
        return str(error)
    finally:
        # Interrupted, the thread is within a file: it looks here before its next piece.
        is_over = True
        thread.close()


def _tell(done: int, total: int, size: int) -> None:
    sys.stderr.write(f"{done} of {total}, {size // 1000} kB\n")


def _form(one: FetchReport | str) -> dict[str, Any]:
    if isinstance(one, str):
        return {"listed": 0, "messages": 0, "files": 0, "bytes": 0, "without": {}, "error": one}
    without = {state.value: count for state, count in sorted(one.states.items())}
    error = "no room on this PC" if one.is_full else ""
    return {
        "listed": one.listed, "messages": one.linked, "files": one.files, "bytes": one.bytes, "without": without,
        "error": error,
    }  # fmt: skip
