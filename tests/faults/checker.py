"""Compares what phones really hold with the mirror, and what was asked with what went out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.cli.tally import Tally, count_chat, key_of, true_key
from app.domain.ids import ReplyId
from app.domain.reply import ON_THE_PHONE, Reason, Reply, ReplyState
from app.services.browsing import MessageRow
from tests.faults.crowd import Asked
from tests.faults.stage import Stage

_CERTAINLY_NOT = {ReplyState.FAILED, ReplyState.CANCELLED}
_OPEN = {ReplyState.QUEUED, ReplyState.CLAIMED, ReplyState.TYPING, ReplyState.SUBMITTED}


@dataclass(slots=True)
class Verdict:
    """What a storm did to the promises. All zero is the only good one."""

    lost: int = 0
    doubled: int = 0
    wrong_chat: int = 0
    out_of_order: int = 0
    unsettled: int = 0
    untold: int = 0
    messages: int = 0
    replies: Counter[str] = field(default_factory=Counter)
    gaps: int = 0
    flagged: int = 0
    """Chats that say that something is missing."""
    details: list[str] = field(default_factory=list)
    """Lines for people; made-up texts of made-up people."""

    @property
    def is_clean(self) -> bool:
        """Tell whether every promise was kept."""
        return not any((self.lost, self.doubled, self.wrong_chat, self.out_of_order, self.unsettled, self.untold))

    def line(self) -> str:
        """Return the one closing line."""
        return (
            f"lost {self.lost} doubled {self.doubled} wrong-chat {self.wrong_chat} "
            f"out-of-order {self.out_of_order} unsettled {self.unsettled} untold {self.untold}"
        )


async def check(stage: Stage, asked: dict[ReplyId, Asked], since: datetime) -> Verdict:
    """Return the verdict on the state of now."""
    verdict = Verdict()
    ours = {reply.id: reply for reply in await stage.program.browsing.list_outbox()}
    for address in stage.phones.addresses:
        truth = [chat for chat in await stage.ask(address, "truth") if chat["messages"]]
        await _check_mirror(stage, address, truth, since, verdict)
        mine = {uid: one for uid, one in asked.items() if one.address == address}
        _check_replies(truth, mine, ours, verdict)
        _check_quotes(truth, mine, ours, verdict)
        _check_drafts(stage, address, truth, verdict)
    verdict.replies = Counter(ours[uid].state.value if uid in ours else "missing" for uid in asked)
    return verdict


async def _check_mirror(
    stage: Stage, address: str, truth: list[dict[str, Any]], since: datetime, verdict: Verdict
) -> None:
    browsing = stage.program.browsing
    account = next(one for one in await browsing.list_accounts() if one.serial == address)
    chats = {chat.title: chat for chat in await browsing.list_chats(account.id)}
    for chat in truth:
        rows = []
        if chat["title"] in chats:
            verdict.flagged += chats[chat["title"]].has_gap or chats[chat["title"]].behind
            page = await browsing.list_messages(chats[chat["title"]].id, 1_000_000)
            rows = [row for row in page if row.order is not None and not row.gone]
            verdict.gaps += sum(row.gap_before for row in rows)
        tally = Tally(account.name)
        count_chat(tally, _as_last_seen(stage, address, chat["messages"], rows), rows, since)
        verdict.messages += tally.on_phone
        verdict.lost += tally.missing
        verdict.doubled += tally.doubled
        verdict.out_of_order += tally.out_of_order
        if tally.differences:
            verdict.details += [f"{account.name}, {chat['jid']}", *tally.differences]


def _as_last_seen(
    stage: Stage, address: str, truth: list[dict[str, Any]], rows: list[MessageRow]
) -> list[dict[str, Any]]:
    """Let an older message that was edited or deleted stand as it was: nothing on the phone tells of it from afar."""
    real = [m for m in truth if m["kind"] != "group_card"]
    if len(real) != len(rows):
        return truth
    seen = []
    for one, row in zip(real, rows, strict=True):
        forms = [one, *stage.earlier.get((address, one["id"]), ())]
        seen.append(next((form for form in forms if true_key(form) == key_of(row)), one))
    return seen


def _check_replies(
    truth: list[dict[str, Any]], asked: dict[ReplyId, Asked], ours: dict[ReplyId, Reply], verdict: Verdict
) -> None:
    bubbles = Counter(
        (chat["title"], m["text"]) for chat in truth for m in chat["messages"] if m["own"] and not m["by_hand"]
    )
    wanted = Counter((one.title, one.body) for one in asked.values())
    said = Counter((one.title, one.body) for uid, one in asked.items() if uid in ours and _is_out(ours[uid]))
    for key, count in bubbles.items():
        extra = count - wanted[key]
        if extra > 0 and any(body == key[1] for _, body in wanted):
            is_other_chat = wanted[key] == 0
            verdict.wrong_chat += extra if is_other_chat else 0
            verdict.doubled += 0 if is_other_chat else extra
            verdict.details.append(f"{'in a wrong chat' if is_other_chat else 'sent twice'}: {key[1]!r}")
    for uid, one in asked.items():
        state = ours[uid].state if uid in ours else None
        if state is None or state in _OPEN or state is ReplyState.UNKNOWN:
            verdict.unsettled += 1
            verdict.details.append(f"reply {uid} ({one.body!r}): {state} {ours[uid].reason if uid in ours else ''}")
    for key in wanted:
        if said[key] > bubbles[key]:
            verdict.lost += said[key] - bubbles[key]
            verdict.details.append(f"said to be sent, not on the phone: {key[1]!r}")
        certain = sum(1 for uid, one in asked.items() if (one.title, one.body) == key and _is_settled(ours.get(uid)))
        if certain == wanted[key] and bubbles[key] > said[key]:
            verdict.unsettled += bubbles[key] - said[key]
            verdict.details.append(f"said to have failed, and is on the phone: {key[1]!r}")


def _check_quotes(
    truth: list[dict[str, Any]], asked: dict[ReplyId, Asked], ours: dict[ReplyId, Reply], verdict: Verdict
) -> None:
    """What went out quotes what was asked for, or nothing where that is said; another quote is as a wrong chat.

    A quoted message may have been edited.
    """
    for uid, one in asked.items():
        if uid not in ours or one.body == "Ok" or ours[uid].file is not None:
            continue
        messages = next((chat["messages"] for chat in truth if chat["title"] == one.title), [])
        edited = {m["text"] for m in messages if m["edited"]}
        for bubble in (m for m in messages if m["own"] and not m["by_hand"] and m["text"] == one.body):
            shown = bubble["quote"]["text"] if bubble["quote"] else ""
            is_told = not shown and ours[uid].reason is Reason.QUOTE_LOST
            if shown != one.quote and not is_told and not (one.quote and shown in edited):
                verdict.wrong_chat += 1
                verdict.details.append(f"quotes {shown!r} and not {one.quote!r}: {one.body!r}")


def _check_drafts(stage: Stage, address: str, truth: list[dict[str, Any]], verdict: Verdict) -> None:
    """What a person left in an entry stands there again."""
    for chat in truth:
        left = stage.drafts.get((address, chat["jid"]), "")
        if chat["draft"] != left:
            verdict.lost += 1
            verdict.details.append(f"{chat['jid']}: in the entry {chat['draft']!r} and not {left!r}")


def _is_out(reply: Reply) -> bool:
    return reply.state in ON_THE_PHONE


def _is_settled(reply: Reply | None) -> bool:
    return reply is not None and (_is_out(reply) or reply.state in _CERTAINLY_NOT)
