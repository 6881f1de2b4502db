"""Full-text search. What a person typed is words, never query syntax."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.ids import ChatId, MessageId


@dataclass(frozen=True, slots=True)
class Hit:
    """One message that holds the words; `excerpt` marks them with U+2068 and U+2069."""

    message: MessageId
    chat: ChatId
    chat_title: str
    excerpt: str
    shown_day: str | None
    shown_minute: int | None
    direction: str


_SEARCH = text(
    "SELECT m.id, m.chat_id, c.title, m.shown_day, m.shown_minute, m.direction, "
    "snippet(message_words, 0, char(8296), char(8297), '\u2026', 16) AS excerpt "
    "FROM message_words JOIN message m ON m.id = message_words.rowid JOIN chat c ON c.id = m.chat_id "
    "WHERE message_words MATCH :query AND NOT m.gone ORDER BY message_words.rowid DESC LIMIT :limit"
)


def to_query(words: str) -> str:
    """Return an FTS5 query: every word must be there, the last one may be only begun."""
    parts = ["".join(c for c in word if c not in '"\x00') for word in words.split()]
    parts = [p for p in parts if any(c.isalnum() for c in p)]
    if not parts:
        return ""
    quoted = [f'"{p}"' for p in parts]
    return " ".join(quoted) + "*"


async def search_messages(connection: AsyncConnection, words: str, limit: int = 50) -> list[Hit]:
    """Return messages that hold all words, newest first; none for a text without words."""
    query = to_query(words)
    if not query:
        return []
    rows = (await connection.execute(_SEARCH, {"query": query, "limit": limit})).mappings()
    return [
        Hit(
            MessageId(r["id"]),
            ChatId(r["chat_id"]),
            r["title"],
            r["excerpt"],
            r["shown_day"],
            r["shown_minute"],
            r["direction"],
        )
        for r in rows
    ]
