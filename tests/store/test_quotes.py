"""What a reply quotes is kept with it, also beside replies of an older database and without the message."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from app.domain.ids import MessageId, ReplyId
from app.domain.message import Direction
from app.domain.quoting import ReplyQuote
from app.domain.reply import Reply, ReplyState
from app.store import replies
from app.store.engine import Store
from tests.fakes.clock import FakeClock
from tests.store.conftest import Desk


async def test_a_quote_comes_back_as_it_was_kept(desk: Desk) -> None:
    quote = ReplyQuote(MessageId(7), Direction.OUT, "two\nlines \U0001f44d", "Bo", cut=True)
    reply = Reply(ReplyId("q"), desk.account, desk.chat, "yes", "Eva", ReplyState.QUEUED, desk.clock.now(), quote=quote)
    async with desk.store.write() as unit:
        assert await replies.add_reply(unit, reply)
        assert not await replies.add_reply(unit, reply)
    await desk.queue("plain")
    assert (await desk.reply(ReplyId("q"))).quote == quote
    assert (await desk.reply(ReplyId("plain"))).quote is None


async def test_replies_of_an_older_database_quote_nothing(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", "app.store:migrations")
        config.attributes["connection"] = connection
        command.upgrade(config, "0007")
        connection.exec_driver_sql("INSERT INTO account (serial, package, name) VALUES ('S', 'com.whatsapp', 'Winkel')")
        connection.exec_driver_sql("INSERT INTO chat (account_id, title, title_key) VALUES (1, 'Otto', 'otto')")
        connection.exec_driver_sql(
            "INSERT INTO outbox (uid, account_id, chat_id, body, author, state, queued_at) "
            "VALUES ('r', 1, 1, 'hello', 'Eva', 'queued', '2026-08-18 11:33:00')"
        )
    engine.dispose()
    store = Store(path, FakeClock().now)
    await store.open()
    async with store.read() as connection:
        (reply,) = await replies.list_replies(connection)
    await store.close()
    assert (reply.body, reply.quote) == ("hello", None)
