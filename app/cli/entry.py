"""`phoneshelf`: all commands, and the window when none is given."""

from __future__ import annotations

from typing import Annotated

import typer

from app.cli import (
    answering,
    canned,
    contacts,
    demo,
    drafts,
    handling,
    history,
    hosting,
    hours,
    importing,
    inbox,
    inspecting,
    labels,
    media,
    notes,
    offline,
    phone,
    restraint,
    rules,
    selftest,
    shelf,
    simulating,
    team,
    windowing,
)

app = typer.Typer(
    help="A team's own inbox on the WhatsApp Business phone that stays on the shelf.",
    invoke_without_command=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.add_typer(shelf.phones, name="phones")
app.add_typer(phone.phone, name="phone")
app.command("bridge")(shelf.bridge)
app.command("chats")(inbox.chats)
app.command("messages")(inbox.messages)
app.command("reply")(answering.reply)
app.command("outbox")(shelf.outbox)
app.add_typer(drafts.draft, name="draft")
app.command("offline")(offline.offline)
app.add_typer(restraint.policy, name="policy")
app.add_typer(restraint.consent, name="consent")
app.add_typer(importing.imports, name="import")
app.add_typer(media.media, name="media")
app.add_typer(history.history, name="history")
team.team.command("host")(hosting.host)
app.add_typer(team.team, name="team")
app.add_typer(team.audit, name="audit")
app.add_typer(notes.note, name="note")
app.add_typer(labels.label, name="label")
app.add_typer(canned.canned, name="canned")
app.add_typer(contacts.contact, name="contact")
app.add_typer(hours.hours, name="hours")
app.add_typer(rules.rules, name="rules")
app.command("search")(inbox.search)
app.add_typer(handling.chat, name="chat")
app.command("inbox")(handling.inbox)
app.command("presence")(handling.presence)
app.command("inspect")(inspecting.inspect)
app.command("doctor")(shelf.doctor)
app.command("window")(windowing.window)
app.command("demo")(demo.demo)
app.command("simulate")(simulating.simulate)


@app.callback()
def begin(
    context: typer.Context,
    self_test: Annotated[bool, typer.Option("--self-test", help="Check that this very program works here.")] = False,
) -> None:
    """A team's own inbox on the WhatsApp Business phone that stays on the shelf; without a command, its window."""
    if self_test:
        raise typer.Exit(selftest.self_test())
    if context.invoked_subcommand is None:
        windowing.window()


def main() -> None:
    """Run the command line."""
    app()
