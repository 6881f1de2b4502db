"""The JSON of what a team keeps beside its chats, and arguments that its commands share."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from app.cli.forms import moment
from app.services.canning import CannedReply, Offer
from app.services.contacting import FoundContact, Known, MergePlan
from app.services.labelling import Label
from app.services.noting import Note
from app.services.opening import Hours, OpenNow, week_text

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


def contact_form(known: Known) -> dict[str, Any]:
    """Return a contact with its chats."""
    return {
        "id": known.card.id,
        "uid": known.card.uid,
        "parts": dict(known.card.parts),
        "revision": known.card.revision,
        "numbers": list(known.numbers),
        "chats": [
            {
                "chat": one.chat,
                "title": one.title,
                "account": one.account,
                "account_name": one.account_name,
                "number": one.number,
                "last_at": moment(one.last_at),
                "waiting_since": moment(one.waiting_since),
            }
            for one in known.chats
        ],
    }


def found_form(one: FoundContact) -> dict[str, Any]:
    """Return a customer that a search found."""
    return {"contact": one.contact, "name": one.name, "numbers": list(one.numbers), "chats": list(one.chats)}


def plan_form(plan: MergePlan, *, is_trial: bool) -> dict[str, Any]:
    """Return what a merge did or would do."""
    return {
        "trial": is_trial,
        "survivor": plan.survivor.id,
        "parts": [{"part": o.part, "value": o.value, "from": o.side.value, "lost": o.lost} for o in plan.parts],
        "added_numbers": list(plan.added_numbers),
        "undo_until": moment(plan.undo_until),
    }


def hours_form(found: Hours, now: OpenNow) -> dict[str, Any]:
    """Return when a number is answered."""
    level, calendar = found.level, found.calendar
    return {
        "account": found.account,
        "week": week_text(calendar) if calendar is not None else None,
        "zone": calendar.zone if calendar is not None else None,
        "holidays": [day.isoformat() for day in sorted(calendar.holidays)] if calendar is not None else [],
        "open": now.is_open,
        "open_until": moment(now.until),
        "opens_next": moment(now.opens),
        "first_minutes": level.first_minutes,
        "next_minutes": level.next_minutes,
        "resolution_minutes": level.resolution_minutes,
    }
