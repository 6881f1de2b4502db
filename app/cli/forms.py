"""The JSON of phones, chats, messages and replies. Stable: fields are added, never renamed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from app.domain.attached import ReplyFile
from app.domain.errors import AnswerBlocked, ReplyRefused
from app.domain.filling import FillRequest
from app.domain.ids import AccountId, MessageId
from app.domain.message import Shown
from app.domain.phone import NEXT_STEP, PhoneStatus
from app.domain.policy import RULES, Policy
from app.domain.quoting import ReplyQuote
from app.domain.reply import Reply, ReplyState
from app.services.browsing import Chat, Hit, MessageRow, shown_text
from app.services.guarding import Obstacle, ObstacleKind
from app.services.importing import Import, ImportReport
from app.services.keeping import KeptState, KeptText
from app.services.restraining import Consent
from app.services.saving import Attachment
from app.store.accounts import Account


def phone_form(phone: PhoneStatus) -> dict[str, Any]:
    """Return a phone with its account."""
    return {
        "id": phone.account,
        "serial": phone.serial,
        "name": phone.name,
        "app": phone.app,
        "user": phone.user,
        "short": phone.badge.short,
        "colour": phone.badge.colour,
        "state": phone.state.value,
        "detail": phone.detail,
        "next_step": NEXT_STEP[phone.state],
        "since": moment(phone.since),
        "verified_until": moment(phone.verified_until),
        "queue": phone.queue,
        "health": asdict(phone.health) if phone.health else None,
    }


def chat_form(chat: Chat, gaps: int) -> dict[str, Any]:
    """Return a chat."""
    return {
        "id": chat.id,
        "account": chat.account,
        "title": chat.title,
        "number": chat.number,
        "kind": chat.kind,
        "unread": chat.unread,
        "last_at": moment(chat.last_at),
        "state": chat.state,
        "verified_until": moment(chat.verified_until),
        "gaps": gaps,
        "behind": chat.behind,
        "opened_at": moment(chat.opened_at),
        "archived": chat.archived,
    }


def fill_form(request: FillRequest) -> dict[str, Any]:
    """Return a wish to read a chat further back."""
    return {
        "id": request.id,
        "chat": request.chat,
        "since": request.since.isoformat() if request.since else None,
        "reached": request.reached.isoformat() if request.reached else None,
        "windows": request.windows,
        "added": request.added,
        "state": request.state.value,
        "author": request.author,
        "asked_at": moment(request.asked_at),
        "ended_at": moment(request.ended_at),
    }


def message_form(row: MessageRow, seq: int) -> dict[str, Any]:
    """Return a message; `seq` counts from 1 at the oldest."""
    content = row.content
    return {
        "seq": seq,
        "message": row.message,
        "direction": row.direction.value,
        "kind": content.kind.value,
        "text": content.text,
        "shown_at": row.shown_at,
        "state": row.state,
        "sender": content.sender,
        "author": row.author,
        "edited": content.edited,
        "reactions": list(content.reactions),
        "quoted": asdict(content.quoted) if content.quoted else None,
        "media": asdict(content.media) if content.media else None,
        "gap_before": row.gap_before,
    }


def attachment_form(one: Attachment) -> dict[str, Any]:
    """Return a message's file, or why it has none."""
    return {
        "message": one.message,
        "place": one.place,
        "chat": one.chat,
        "kind": one.entry.content.kind.value,
        "shown_at": shown_text(one.entry.shown),
        "state": one.state.value,
        "name": one.name,
        "size": one.size,
        "type": one.mime,
        "sha256": one.sha256,
        "check": one.verdict.value if one.verdict else None,
        "has_thumbnail": one.has_thumbnail,
    }


def reply_form(reply: Reply) -> dict[str, Any]:
    """Return a reply."""
    return {
        "id": reply.id,
        "account": reply.account,
        "chat": reply.chat,
        "text": reply.body,
        "file": _file_form(reply.file) if reply.file else None,
        "quote": _quote_form(reply.quote) if reply.quote else None,
        "author": reply.author,
        "state": reply.state.value,
        "reason": reply.reason.value if reply.reason else None,
        "queued_at": moment(reply.queued_at),
        "settled_at": moment(reply.settled_at),
        "not_before": moment(reply.not_before),
        "waits_until": moment(reply.wait.until) if reply.wait else None,
        "waits_for": reply.wait.reason.value if reply.wait else None,
        "on_this_pc": False,
        "overrides": [
            {"rule": one.rule.value, "author": one.author, "at": moment(one.at), "why": one.why}
            for one in reply.overrides
        ],
    }


_KEPT_STATES = {KeptState.WAITING: ReplyState.QUEUED, KeptState.WITHDRAWN: ReplyState.CANCELLED}


def kept_form(one: KeptText) -> dict[str, Any]:
    """Return a text that is kept on this PC, as a reply."""
    state = _KEPT_STATES.get(one.state, ReplyState.FAILED)
    reply = Reply(one.uid, AccountId(one.account), one.chat, one.body, one.author, state, one.at)
    return reply_form(reply) | {"on_this_pc": True, "kept": one.state.value, "why": one.words or None}


def _file_form(file: ReplyFile) -> dict[str, Any]:
    return {"name": file.name, "kind": file.kind.value, "type": file.mime, "size": file.size, "sha256": file.sha256}


def _quote_form(quote: ReplyQuote) -> dict[str, Any]:
    return {"message": quote.message, "direction": quote.direction.value, "text": quote.text}


def refusal_form(refusal: ReplyRefused) -> dict[str, Any]:
    """Return a reply that was never queued."""
    return {
        "id": None,
        "state": "refused",
        "reason": refusal.reason.value,
        "may_override": refusal.may_override.value if refusal.may_override else None,
        "says": RULES[refusal.reason].words,
    }


def blocked_form(
    blocked: AnswerBlocked, names: Mapping[int, str], unread: Mapping[MessageId, MessageRow]
) -> dict[str, Any]:
    """Return a reply that somebody has to look at first; it was never queued. No text of anybody is in it.

    Args:
        blocked: What stands in the way.
        names: The members' names by id.
        unread: The messages that it names.
    """
    obstacles: tuple[Obstacle, ...] = blocked.obstacles
    return {
        "id": None,
        "state": "blocked",
        "reason": obstacles[0].kind.value,
        "obstacles": [
            {
                "kind": one.kind.value,
                "author": names.get(one.agent) if one.agent is not None else None,
                "replies": [
                    {"id": r.id, "author": names.get(r.agent) if r.agent is not None else None, "at": moment(r.at)}
                    for r in one.replies
                ],
                "messages": [_unseen_form(message, unread.get(message)) for message in one.messages],
                "says": BLOCKED_WORDS[one.kind],
            }
            for one in obstacles
        ],
    }


BLOCKED_WORDS = {
    ObstacleKind.TYPING: {
        "en": "A colleague is writing an answer in this chat. Nothing was queued; wait, or send it anyway.",
        "nl": "Een collega schrijft in deze chat een antwoord. Er staat niets klaar; wacht, of verstuur toch.",
    },
    ObstacleKind.ANSWERED: {
        "en": "Somebody answered meanwhile. Nothing was queued; read it first, or send yours anyway.",
        "nl": "Iemand antwoordde intussen. Er staat niets klaar; lees dat eerst, of verstuur toch.",
    },
    ObstacleKind.UNREAD: {
        "en": "The customer wrote meanwhile. Nothing was queued; read it first, or send yours anyway.",
        "nl": "De klant schreef intussen. Er staat niets klaar; lees dat eerst, of verstuur toch.",
    },
}


def _unseen_form(message: MessageId, row: MessageRow | None) -> dict[str, Any]:
    sender = row.content.sender if row is not None else None
    return {"id": message, "author": sender, "at": moment(row.first_seen_at) if row is not None else None}


def policy_form(account: Account, policy: Policy) -> dict[str, Any]:
    """Return how an account sends."""
    return {
        "account": account.id,
        "name": account.name,
        "gap_s": policy.gap_s,
        "per_hour": policy.per_hour,
        "chars_per_s": policy.chars_per_s,
        "typing_cap_s": policy.typing_cap_s,
        "undo_s": policy.undo_s,
        "unanswered": policy.unanswered,
        "quiet": str(policy.quiet) if policy.quiet else None,
        "zone": account.zone or None,
        "reply_only": True,
    }


def consent_form(consent: Consent) -> dict[str, Any]:
    """Return a consent."""
    return {
        "id": consent.id,
        "chat": consent.chat,
        "title": consent.chat_title,
        "source": consent.source,
        "note": consent.note,
        "author": consent.author,
        "at": moment(consent.at),
    }


def report_form(report: ImportReport, *, is_trial: bool) -> dict[str, Any]:
    """Return what an import did or would do."""
    return {
        "import": report.id,
        "trial": is_trial,
        "chat": report.chat.id,
        "own_name": report.owner,
        "first_day": report.first_day.isoformat(),
        "last_day": report.last_day.isoformat(),
        "read": report.read,
        "known": report.known,
        "added": report.added,
        "completed": report.completed,
        "gaps_closed": report.gaps_closed,
        "not_placed": report.not_placed,
        "left_out": report.left_out,
    }


def import_form(one: Import) -> dict[str, Any]:
    """Return a recorded import."""
    return {
        "id": one.id,
        "chat": one.chat,
        "title": one.chat_title,
        "file": one.source,
        "author": one.author,
        "at": moment(one.at),
        **one.counts,
        "undone_by": one.undone_by,
        "undone_at": moment(one.undone_at),
    }


def hit_form(hit: Hit) -> dict[str, Any]:
    """Return a message that a search found."""
    day = date.fromisoformat(hit.shown_day) if hit.shown_day else None
    return {
        "message": hit.message,
        "chat": hit.chat,
        "title": hit.chat_title,
        "excerpt": hit.excerpt.replace("\u2068", "").replace("\u2069", ""),
        "direction": hit.direction,
        "shown_at": shown_text(Shown(hit.shown_minute, day)),
    }


def moment(value: datetime | None) -> str | None:
    """Return a time as ISO 8601 in UTC, whole seconds."""
    return value.replace(microsecond=0).isoformat().replace("+00:00", "Z") if value else None
