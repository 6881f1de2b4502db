"""`chats`, `messages`, `search`: the inbox on the command line."""

from __future__ import annotations

from typing import Annotated

import typer

from app.cli.badges import badge_cell, badge_form, badge_heading
from app.cli.common import HomeOption, JsonOption, opened, put_json, put_table, run, say
from app.cli.forms import chat_form, hit_form, message_form, moment
from app.domain.errors import BadInput
from app.main import Program
from app.services.browsing import Chat, MessageRow

_ALL = 10_000_000


def chats(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """List the chats, newest first."""

    async def work() -> None:
        async with opened(home, may_read_copy=True) as program:
            found = await program.browsing.list_chats()
            badges = await program.browsing.list_badges()
            gaps = {c.id: await _gaps(program, c) for c in found} if as_json else {}
        if as_json:
            put_json([chat_form(c, gaps[c.id]) | badge_form(badges, c.account) for c in found])
            return
        put_table(
            ("id", *badge_heading(badges), "number", "title", "unread", "last", "preview"),
            [(c.id, *badge_cell(badges, c.account, c.account_name), *_chat_line(c)) for c in found],
        )

    run(work)


def _chat_line(chat: Chat) -> tuple[object, ...]:
    return chat.number or "", chat.title, chat.unread or "", moment(chat.last_at) or "", chat.preview


async def _gaps(program: Program, chat: Chat) -> int:
    if not chat.has_gap:
        return 0
    rows = await program.browsing.list_messages(chat.id, _ALL)
    return max(1, sum(row.gap_before for row in rows))


def messages(
    chat: Annotated[str, typer.Argument(help="Id, number or title of a chat.")],
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the messages of a chat, oldest first."""

    async def work() -> None:
        async with opened(home, may_read_copy=True) as program:
            found = await one_chat(program, chat)
            rows = [r for r in await program.browsing.list_messages(found.id, _ALL) if r.order is not None]
            others = await program.contacting.other_chats(found.id)
        if as_json:
            put_json([message_form(row, seq) for seq, row in enumerate(rows, 1)])
            return
        put_table(("id", "when", "", "who", "text", "state"), [_line(row) for row in rows])
        for one in others:
            waits = f", waits for an answer since {moment(one.waiting_since)}" if one.waiting_since else ""
            say(f"This customer also wrote to {one.account_name}: chat {one.chat}, last {moment(one.last_at)}{waits}.")

    run(work)


def _line(row: MessageRow) -> tuple[object, ...]:
    content = row.content
    who = row.author or content.sender or ""
    text = content.text if content.kind == "text" else f"[{content.kind}] {content.text}"
    arrow = "\u2026" if row.gap_before else ("\u2190" if row.direction == "in" else "\u2192")
    return row.message, (row.shown_at or "").replace("T", " "), arrow, who, text, row.state


async def one_chat(program: Program, wanted: str, *, by_part: bool = True) -> Chat:
    """Return the one chat that a person means.

    Raises:
        BadInput: None is called so, or several are.
    """
    found = await program.browsing.find_chats(wanted, by_part=by_part)
    if not found:
        raise BadInput(f"no chat is called {wanted!r}; `phoneshelf chats` lists them")
    if len(found) > 1:
        raise BadInput(f"{wanted!r} may be any of the chats {', '.join(str(c.id) for c in found[:8])}; give the id")
    return found[0]


def search(
    words: Annotated[list[str], typer.Argument(help="Words that must all be in the message.")],
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find messages that hold all the words, newest first."""

    async def work() -> None:
        async with opened(home, may_read_copy=True) as program:
            hits = await program.browsing.search(" ".join(words))
        if as_json:
            put_json([hit_form(h) for h in hits])
            return
        put_table(
            ("chat", "title", "when", "text"), [(h.chat, h.chat_title, h.shown_day or "", h.excerpt) for h in hits]
        )

    run(work)
