"""The JSON of what a team keeps beside its chats, and arguments that its commands share."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from app.cli.forms import moment
from app.services.labelling import Label
from app.services.noting import Note

ChatArgument = Annotated[str, typer.Argument(help="Id, number or whole title of a chat.")]


def note_form(one: Note) -> dict[str, Any]:
    """Return a note."""
    return {
        "id": one.id,
        "uid": one.uid,
        "chat": one.chat,
        "account": one.account,
        "author": one.author,
        "text": one.body,
        "at": moment(one.at),
        "edited_at": moment(one.edited_at),
    }


def label_form(one: Label) -> dict[str, Any]:
    """Return a label."""
    return {"id": one.id, "uid": one.uid, "name": one.name, "colour": one.colour, "author": one.author}
