"""`chat`, `inbox`, `presence`: who answers what, on the command line."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

import typer

from app.cli.badges import Badges, badge_cell, badge_form, badge_heading
from app.cli.common import HomeOption, JsonOption, opened, put_json, put_table, run, say
from app.cli.forms import moment
from app.cli.inbox import one_chat
from app.domain.errors import BadInput
from app.domain.ids import ChatId
from app.main import Program
from app.services.alerting import Alert
from app.services.attending import Presence
from app.services.handling import Handled, Preset, Priority
from app.services.opening import ServiceClock
from app.services.viewing import InboxRow, View

chat = typer.Typer(no_args_is_help=True, help="Take a chat, give it away, put it aside, be done with it.")

ChatArgument = Annotated[str, typer.Argument(metavar="CHAT", help="Id, number or whole title of a chat.")]


class Level(StrEnum):
    """How much a chat presses."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


class Here(StrEnum):
    """How somebody is there."""

    AVAILABLE = "available"
    BUSY = "busy"
    BREAK = "break"
    OFF = "off"


@chat.command("take")
def take(wanted: ChatArgument, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Own a chat, also one of somebody else."""
    _do(wanted, home, lambda program, one: program.handling.take(one), as_json=as_json)


@chat.command("assign")
def assign(
    wanted: ChatArgument,
    who: Annotated[str, typer.Argument(help="Login or name of a member.")],
    note: Annotated[str, typer.Option(help="One line that the next agent has to know.")] = "",
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Give a chat to a colleague."""

    async def give(program: Program, one: ChatId) -> Handled:
        return await program.handling.assign(one, (await program.handling.find_member(who)).id, note)

    _do(wanted, home, give, as_json=as_json)


@chat.command("release")
def release(wanted: ChatArgument, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Give a chat back to the team."""
    _do(wanted, home, lambda program, one: program.handling.unassign(one), as_json=as_json)


@chat.command("snooze")
def snooze(
    wanted: ChatArgument,
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%dT%H:%M"], metavar="YYYY-MM-DDTHH:MM", help="On its phone.")
    ] = None,
    preset: Annotated[Preset | None, typer.Option(help="A moment with a name.")] = None,
    until_reply: Annotated[bool, typer.Option("--until-reply", help="Until the customer writes.")] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Put a chat aside. A customer who writes wakes it in any case."""

    async def put_aside(program: Program, one: ChatId) -> Handled:
        named = [end for end in (until, preset, Preset.REPLY if until_reply else None) if end is not None]
        if len(named) != 1:
            raise BadInput("give one of --until, --preset and --until-reply")
        return await program.handling.snooze(one, named[0])

    _do(wanted, home, put_aside, as_json=as_json)


@chat.command("wake")
def wake(wanted: ChatArgument, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """End a snooze."""
    _do(wanted, home, lambda program, one: program.handling.wake(one), as_json=as_json)


@chat.command("done")
def done(wanted: ChatArgument, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Be done with a chat."""
    _do(wanted, home, lambda program, one: program.handling.done(one), as_json=as_json)


@chat.command("reopen")
def reopen(wanted: ChatArgument, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Take a done chat up again."""
    _do(wanted, home, lambda program, one: program.handling.reopen(one), as_json=as_json)


@chat.command("spam")
def spam(wanted: ChatArgument, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Call a chat spam."""
    _do(wanted, home, lambda program, one: program.handling.spam(one), as_json=as_json)


@chat.command("not-spam")
def not_spam(wanted: ChatArgument, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Take that back."""
    _do(wanted, home, lambda program, one: program.handling.not_spam(one), as_json=as_json)


@chat.command("priority")
def priority(
    wanted: ChatArgument,
    level: Annotated[Level, typer.Argument(help="How much it presses.")],
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say how much a chat presses."""
    _do(wanted, home, lambda program, one: program.handling.set_priority(one, Priority[level.name]), as_json=as_json)


def _do(wanted: str, home: Any, deed: Callable[[Program, ChatId], Awaitable[Handled]], *, as_json: bool) -> None:
    async def work() -> dict[str, Any]:
        async with opened(home) as program:
            found = await one_chat(program, wanted, by_part=False)
            handled = await deed(program, found.id)
            names = {member.id: member.name for member in await program.handling.list_members()}
        return _handled_form(handled, names)

    form = run(work)
    if as_json:
        put_json(form)
        return
    until = f" until {form['snoozed_until'] or 'the customer writes'}" if form["state"] == "snoozed" else ""
    say(f"{form['chat']}: {form['state']}{until}, {form['owner'] or 'nobody'} has it, priority {form['priority']}.")


def _handled_form(handled: Handled, names: dict[int, str]) -> dict[str, Any]:
    stand = handled.handling
    return {
        "chat": handled.chat,
        "state": stand.state.value,
        "owner": names.get(stand.assignee) if stand.assignee is not None else None,
        "waiting_since": moment(stand.waiting_since),
        "snoozed_until": moment(stand.snoozed_until),
        "priority": handled.priority.name.lower(),
        "case": stand.case.number if stand.case is not None else None,
    }


def inbox(
    view: Annotated[View, typer.Argument(help="Which chats.")] = View.TEAM,
    by_clock: Annotated[bool, typer.Option("--by-clock", help="The clock that runs out first on top.")] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show a view of the inbox: the newest first, those who wait by how long; with the clock that runs for each."""

    async def work() -> tuple[list[InboxRow], dict[View, int], Badges]:
        async with opened(home, may_read_copy=True) as program:
            listed = program.viewing.list_by_clock if by_clock else program.viewing.list_inbox
            return await listed(view), await program.viewing.count_inbox(), await program.browsing.list_badges()

    rows, counts, badges = run(work)
    if as_json:
        forms = [_row_form(row) | badge_form(badges, row.account) for row in rows]
        put_json({"view": view.value, "counts": counts, "chats": forms})
        return
    put_table(
        ("id", *badge_heading(badges), "title", "state", "owner", "waits since", "clock", "priority", "", "preview"),
        [(row.chat, *badge_cell(badges, row.account, row.account_name), *_line(row)) for row in rows],
    )
    say(", ".join(f"{name.value} {count}" for name, count in counts.items()))


def _line(row: InboxRow) -> tuple[object, ...]:
    marks = (
        ("owner away", row.is_left_alone),
        ("draft", row.has_draft),
        ("typing", row.others_type),
        ("looking", row.others and not row.others_type),
    )
    urgency = row.priority.name.lower() if row.priority else ""
    waits = moment(row.waiting_since) or ""
    said = " ".join(name for name, is_so in marks if is_so)
    return (
        row.title,
        row.state.value,
        row.owner_name,
        waits,
        _clock_text(row.clock),
        urgency,
        said,
        row.preview,
    )


def _clock_text(clock: ServiceClock | None) -> str:
    if clock is None:
        return ""
    stands = "paused" if clock.is_paused else moment(clock.due_at) or "not within two years"
    return f"{clock.kind.value} {stands} {clock.colour.value}"


def _clock_form(clock: ServiceClock | None) -> dict[str, Any] | None:
    if clock is None:
        return None
    return {
        "kind": clock.kind.value,
        "due_at": moment(clock.due_at),
        "colour": clock.colour.value,
        "is_paused": clock.is_paused,
    }


def _row_form(row: InboxRow) -> dict[str, Any]:
    return {
        "id": row.chat,
        "account": row.account,
        "title": row.title,
        "state": row.state.value,
        "owner": row.owner_name or None,
        "waiting_since": moment(row.waiting_since),
        "snoozed_until": moment(row.snoozed_until),
        "priority": row.priority.name.lower(),
        "last_at": moment(row.last_at),
        "unread": row.unread,
        "preview": row.preview,
        "others": row.others,
        "others_type": row.others_type,
        "has_draft": row.has_draft,
        "owner_away": row.is_left_alone,
        "clock": _clock_form(row.clock),
    }


def presence(
    state: Annotated[Here | None, typer.Argument(help="How you are there; left out: who is.")] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show who is there, or say how you are; without a window, what is said holds for a minute."""

    async def work() -> tuple[list[dict[str, Any]], list[Alert]]:
        async with opened(home) as program:
            if state is not None:
                await program.attending.sign_in(Presence.OFFLINE if state is Here.OFF else Presence(state.value))
            there = await program.attending.list_present()
            left = await program.alerting.list_alerts()
        return [{"name": one.name, "state": one.state.value, "since": moment(one.since)} for one in there], left

    found, left = run(work)
    if as_json:
        put_json(found)
        return
    put_table(("name", "state", "since"), [tuple(one.values()) for one in found])
    for one in left:
        say(f"{one.title} (chat {one.chat}) waits since {moment(one.waiting_since)} for {one.owner}, who is away.")
