"""Full-text search. What a person typed is words, never query syntax; `*word` is a part of a word."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.ids import ChatId, MessageId

_BEFORE, _AFTER = 8, 16
"""Words of an excerpt in front of the first hit, and in all."""
_OPEN, _CLOSE, _CUT = "\u2068", "\u2069", "\u2026"


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


_COLUMNS = "m.id, m.chat_id, c.title, m.shown_day, m.shown_minute, m.direction"
_IN_A_FILE = text(
    f"SELECT {_COLUMNS}, snippet(message_words, 0, char(8296), char(8297), '\u2026', 16) AS excerpt "  # noqa: S608
    "FROM message_words JOIN message m ON m.id = message_words.rowid JOIN chat c ON c.id = m.chat_id "
    "WHERE message_words MATCH :query AND NOT m.gone ORDER BY message_words.rowid DESC LIMIT :limit"
)
_PART_IN_A_FILE = text(
    f"SELECT {_COLUMNS}, m.text AS body FROM message m JOIN chat c ON c.id = m.chat_id "  # noqa: S608
    "WHERE m.text LIKE :part ESCAPE '\\' AND NOT m.gone ORDER BY m.id DESC LIMIT :limit"
)
_ON_A_SERVER = text("SELECT * FROM search_messages(:query, :part, :limit)")


def to_query(words: str) -> str:
    """Return an FTS5 query: every word must be there, the last one may be only begun."""
    parts = ["".join(c for c in word if c not in '"\x00') for word in words.split()]
    parts = [p for p in parts if any(c.isalnum() for c in p)]
    if not parts:
        return ""
    quoted = [f'"{p}"' for p in parts]
    return " ".join(quoted) + "*"


def to_tsquery(words: str) -> str:
    """Return PostgreSQL's form of the same: what was typed without a space between stands side by side."""
    parts = [run for word in words.split() if (run := plain(word).split())]
    if not parts:
        return ""
    last = f"'{parts[-1][-1]}':*"
    phrases = [[f"'{one}'" for one in run] for run in parts]
    phrases[-1][-1] = last
    return " & ".join(f"({' <-> '.join(run)})" for run in phrases)


def plain(body: str) -> str:
    """Return letters and digits in small, without accents; everything else is a space (as `plain` on the server)."""
    bare = (c for c in unicodedata.normalize("NFKD", body) if not unicodedata.combining(c))
    return "".join(c if c.isalnum() else " " for c in "".join(bare).lower())


async def search_messages(connection: AsyncConnection, words: str, limit: int = 50) -> list[Hit]:
    """Return messages that hold all words, newest first; none for a text without words.

    Args:
        connection: Where to read.
        words: What was typed. `*tie` finds what holds `tie` anywhere, three characters at least.
        limit: At most so many.
    """
    part = " ".join(plain(words[1:]).split()) if words.startswith("*") else ""
    if len(part) < 3:
        part = ""
    if connection.dialect.name == "postgresql":
        return await _on_a_server(connection, "" if part else to_tsquery(words), part, limit)
    if part:
        like = part.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        found = (await connection.execute(_PART_IN_A_FILE, {"part": f"%{like}%", "limit": limit})).mappings()
        return [_hit(dict(r), excerpt_of(r["body"], part)) for r in found]
    query = to_query(words)
    if not query:
        return []
    rows = (await connection.execute(_IN_A_FILE, {"query": query, "limit": limit})).mappings()
    return [_hit(dict(r), r["excerpt"]) for r in rows]


async def _on_a_server(connection: AsyncConnection, query: str, part: str, limit: int) -> list[Hit]:
    if not query and not part:
        return []
    values = {"query": query, "part": part, "limit": limit}
    rows = (await connection.execute(_ON_A_SERVER, values)).mappings()
    wanted = part or " ".join(
        one.strip("'") for one in query.replace(":*", "").replace("(", "").replace(")", "").split()
    )
    return [_hit(dict(r), excerpt_of(r["body"], wanted)) for r in rows]


def _hit(row: dict[str, object], excerpt: str) -> Hit:
    return Hit(excerpt=excerpt, **{_NAMES.get(key, key): row[key] for key in _KEPT})  # type: ignore[arg-type]


_KEPT = ("id", "chat_id", "title", "shown_day", "shown_minute", "direction")
_NAMES = {"id": "message", "chat_id": "chat", "title": "chat_title"}


def excerpt_of(body: str, wanted: str) -> str:
    """Return the words of a text around the first that begins as, or holds, a wanted one; such words are marked."""
    starts = plain(wanted).split()
    words = body.split()
    hits = [any(start in plain(word) for start in starts) for word in words]
    first = hits.index(True) if True in hits else 0
    begin = max(0, min(first - _BEFORE, len(words) - _AFTER))
    shown = [f"{_OPEN}{word}{_CLOSE}" if is_hit else word for word, is_hit in zip(words, hits, strict=True)]
    cut = shown[begin : begin + _AFTER]
    return (_CUT if begin else "") + " ".join(cut) + (_CUT if begin + _AFTER < len(words) else "")
