"""The JSON of what a team keeps beside its chats, and arguments that its commands share."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from app.cli.forms import moment
from app.services.canning import CannedReply, Offer
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


def canned_form(one: CannedReply) -> dict[str, Any]:
    """Return a canned reply."""
    draft = one.draft
    return {
        "id": one.uid,
        "shortcut": draft.shortcut,
        "title": draft.title,
        "text": draft.body,
        "language": draft.language,
        "account": draft.account,
        "files": [{"sha256": file.sha256, "name": file.name} for file in draft.files],
        "changed_by": one.changed_by,
        "changed_at": moment(one.changed_at),
        "uses": one.uses,
        "last_used_at": moment(one.last_used_at),
        "removed_at": moment(one.removed_at),
    }


def offer_form(offer: Offer) -> dict[str, Any]:
    """Return a canned reply filled for a chat."""
    return {
        "id": offer.canned.uid,
        "variant": offer.variant,
        "text": offer.rendered.text,
        "missing": list(offer.rendered.missing),
        "to_fill": list(offer.rendered.to_fill),
        "may_be_sent": offer.may_be_sent,
        "chats_today": offer.chats_today,
    }
