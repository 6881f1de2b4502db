"""Made-up chats in a real database: every kind of row that a window must show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert, update

from app.domain.change import GapClosed, MessageAdded, MessageChanged
from app.domain.ids import AccountId, ChatId, MessageId
from app.domain.message import Content, Direction, Kind, Media, Origin, Quote, Shown, Tick
from app.domain.phone import PhoneState
from app.domain.reply import Reason, Reply, ReplyState
from app.services.browsing import Browsing
from app.services.replying import Replying
from app.services.watching import Watching
from app.settings import Settings
from app.store import chats, messages, replies, schema
from app.store.engine import Store
from ui.desk import Desk

NOW = datetime(2026, 11, 20, 14, 2, tzinfo=UTC)
DAY = date(2026, 11, 20)


class StillClock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()

    async def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@dataclass
class World:
    """A database with services, and hands that do what a phone would."""

    store: Store
    clock: StillClock
    desk: Desk
    watching: Watching
    checks: list[str]

    @classmethod
    async def make(cls, home: Path, **settings: object) -> World:
        clock, checks = StillClock(), []
        chosen = Settings(home=home, **{"agent": "Eva", "language": "en"} | settings)
        store = Store(chosen.database, clock.now)
        await store.open()
        desk = Desk(
            chosen, Browsing(store, clock), Replying(store, clock, "Eva"), clock.now, lambda: checks.append("check")
        )
        return cls(store, clock, desk, Watching(store, clock), checks)

    async def add_phone(self, name: str, state: PhoneState = PhoneState.READY) -> AccountId:
        account = await self.watching.add_phone(f"SIM-{name}", "com.whatsapp.w4b", name, "full")
        await self.watching.hold(account, "here")
        await self.watching.set_state(account, state)
        async with self.store.write() as unit:
            far = self.clock.now() + timedelta(days=1)
            await unit.connection.execute(
                update(schema.account).where(schema.account.c.id == account).values(lease_until=far, verified_until=NOW)
            )
            await unit.touch("account", account)
        return account

    async def add_chat(self, account: AccountId, title: str, minutes_ago: int = 0, **values: object) -> ChatId:
        kind = str(values.pop("kind", "person"))
        jid = values.pop("jid", None)
        async with self.store.write() as unit:
            chat = await chats.add_chat(unit, account, title, kind, str(jid) if jid else None)
            values.setdefault("last_at", self.clock.now() - timedelta(minutes=minutes_ago))
            values.setdefault("verified_until", NOW)
            await chats.change_chat(unit, chat, **values)
        return chat

    async def add(self, chat: ChatId, contents: Sequence[MessageAdded]) -> list[MessageId]:
        async with self.store.write() as unit:
            return await messages.apply_changes(unit, chat, list(contents))

    async def fill(self, chat: ChatId, texts: Sequence[str], day: date = DAY) -> None:
        """Put many texts into an empty chat at once, every third one ours."""
        rows = [
            {
                "chat_id": chat,
                "position": number << 20,
                "direction": "in" if number % 3 else "out",
                "kind": "text",
                "text": text,
                "shown_day": day.isoformat(),
                "shown_minute": number % 1440,
                "tick": None if number % 3 else "read",
                "reactions": [],
                "origin": "screen",
                "first_seen_at": NOW,
            }
            for number, text in enumerate(texts, 1)
        ]
        async with self.store.write() as unit:
            await unit.connection.execute(insert(schema.message), rows)
            await unit.touch("chat", chat, chat)

    async def say(self, chat: ChatId, *texts: str, own: bool = False, day: date = DAY, minute: int = 600) -> MessageId:
        """Put texts at the end of a chat, a minute apart."""
        after = await self.last(chat)
        found = []
        for number, text in enumerate(texts):
            found.append(message(text, own=own, day=day, minute=(minute + number) % 1440, after=after))
        return (await self.add(chat, found))[-1]

    async def last(self, chat: ChatId) -> MessageId | None:
        async with self.store.read() as connection:
            window = await messages.load_window(connection, chat, 1)
        return window.entries[-1].id if window.entries else None

    async def change(self, chat: ChatId, one: MessageId, content: Content, minute: int = 600) -> None:
        async with self.store.write() as unit:
            await messages.apply_changes(unit, chat, [MessageChanged(one, content, Shown(minute, DAY), Origin.SCREEN)])

    async def close_gap(self, chat: ChatId, one: MessageId) -> None:
        async with self.store.write() as unit:
            await messages.apply_changes(unit, chat, [GapClosed(one)])

    async def reply(self, chat: ChatId, body: str, state: ReplyState, reason: Reason | None = None) -> Reply:
        """Queue a reply and lead it to a state, as the phone's worker would."""
        made = await self.desk.replying.queue_reply(chat, body)
        way = [ReplyState.QUEUED, ReplyState.CLAIMED, ReplyState.TYPING, ReplyState.SUBMITTED]
        stops = way[1 : way.index(state) + 1] if state in way else way[1:] if state is ReplyState.UNKNOWN else []
        last = ReplyState.QUEUED
        for target in [*stops, *([state] if state not in way else [])]:
            values = {"reason": reason} if reason and target is state else {}
            async with self.store.write() as unit:
                assert await replies.move(unit, made.id, last, target, **values)
            last = target
        found = await self.desk.replying.get_reply(made.id)
        assert found is not None
        return found


def message(
    text: str = "",
    *,
    own: bool = False,
    day: date | None = DAY,
    minute: int | None = 600,
    after: MessageId | None = None,
    gap: bool = False,
    kind: Kind = Kind.TEXT,
    tick: Tick | None = None,
    **content: object,
) -> MessageAdded:
    """Return a message to be added."""
    direction = Direction.OUT if own else Direction.IN
    tick = tick or (Tick.READ if own else None)
    made = Content(kind, text, tick=tick, **content)  # type: ignore[arg-type]
    return MessageAdded(direction, Shown(minute, day), made, Origin.SCREEN, after, gap_before=gap)


KINDS = [
    message(kind=Kind.SYSTEM, text="Messages and calls are end-to-end encrypted.", minute=None, day=date(2026, 11, 18)),
    message("Goedemorgen! Is de fiets al klaar?", day=date(2026, 11, 18), minute=545),
    message("Bijna, vanmiddag om vier uur.", own=True, day=date(2026, 11, 18), minute=551),
    message("مرحبا، متى تفتحون اليوم؟ عندي سؤال حول الطلب رقم 48213", day=date(2026, 11, 19), minute=600),
    message("שלום, האם אפשר להחליף את המוצר?\nEn dit is gewoon Nederlands.", day=date(2026, 11, 19), minute=601),
    message("نعم، بالتأكيد", own=True, day=date(2026, 11, 19), minute=605, tick=Tick.DELIVERED),
    message(kind=Kind.PHOTO, text="Zo ziet hij eruit", minute=500, media=Media(description="Foto")),
    message(kind=Kind.VOICE, minute=501, media=Media(duration="0:27")),
    message(kind=Kind.DOCUMENT, own=True, minute=502, media=Media("Offerte 2026-118.pdf", "214 kB")),
    message(kind=Kind.VIDEO, minute=503, media=Media(duration="1:04", size="8 MB")),
    message(kind=Kind.LOCATION, minute=504, media=Media("Kerkstraat 12, Utrecht")),
    message(kind=Kind.CONTACT, minute=505, media=Media("Monteur Ad")),
    message(kind=Kind.POLL, text="Welke dag komt u?", minute=506),
    message(kind=Kind.CALL, minute=507, media=Media(description="Missed voice call")),
    message(kind=Kind.STICKER, minute=507),
    message(kind=Kind.VIEW_ONCE, minute=508),
    message(kind=Kind.DELETED, minute=509),
    message(kind=Kind.UNKNOWN, text="", minute=510),
    message("Deze is doorgestuurd", forwarded=True, minute=511),
    message(
        "Ja precies, die bedoel ik. Kan die ook in het blauw, met het grote zadel van de winkel in Zeist?",
        minute=512,
        quoted=Quote("You", "Bedoelt u de stadsfiets met acht versnellingen?"),
        reactions=("👍", "❤️"),
    ),
    message("Dat kan, in week 48 binnen.", own=True, edited=True, minute=520, reactions=("🙏",)),
    message("Hier ontbreekt iets voor", gap=True, minute=700),
    message("Lange tekst die op de telefoon is afgekapt en daar verder gaat", cut=True, minute=701),
    message("👍🎉", minute=702),
    message("<b>geen opmaak</b> &amp; https://example.org/track/48213", minute=703),
    message("Top, dank u wel!", minute=704),
]


async def furnish(world: World) -> dict[str, ChatId]:
    """Fill a world with two numbers and chats of every sort; return them by name."""
    shop = await world.add_phone("Winkel")
    works = await world.add_phone("Werkplaats", PhoneState.LOCKED)
    made = {
        "kinds": await world.add_chat(shop, "Sanne de Vries", 1, jid="31612345678@s.whatsapp.net", unread=2),
        "failed": await world.add_chat(works, "Mohamed El Amrani", 12, jid="31687654321@s.whatsapp.net"),
        "rtl": await world.add_chat(shop, "فاطمة بنعلي", 30, unread=1),
        "number": await world.add_chat(works, "+31 6 10003200", 200),
        "group": await world.add_chat(shop, "Bezorgers", 1500, kind="group"),
        "old": await world.add_chat(shop, "Chloé Martin-Lefebvre van der Heuvel tot Nieuwenhuis", 60 * 24 * 9),
    }
    for name in ("kinds",):
        after: MessageId | None = None
        for one in KINDS:
            after = (await world.add(made[name], [_behind(one, after)]))[-1]
    await world.say(made["failed"], "Is de reparatie van mijn wasmachine klaar?", minute=700)
    await world.reply(made["failed"], "Ja, u kunt hem morgen ophalen.", ReplyState.FAILED, Reason.PHONE_LOCKED)
    await world.reply(made["failed"], "De rekening komt per post.", ReplyState.UNKNOWN, Reason.NOT_CONFIRMED)
    await world.reply(made["failed"], "Groet, Eva", ReplyState.QUEUED)
    await world.say(made["rtl"], "مرحبا، متى تفتحون اليوم؟", minute=690)
    await world.say(made["number"], "Dank u", "Graag gedaan", own=True, minute=640)
    await world.add(made["group"], [message("Ik rijd nu weg", sender="Ad", minute=100), message("Oké", sender="Bo")])
    await world.say(made["old"], "Tot ziens", own=True, day=date(2026, 11, 11))
    return made


def _behind(one: MessageAdded, after: MessageId | None) -> MessageAdded:
    return MessageAdded(
        one.direction, one.shown, one.content, one.origin, after, one.time_ms, gap_before=one.gap_before
    )
