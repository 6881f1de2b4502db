"""How each account sends, and the consents of customers who have not written: shown, changed, recorded."""

from __future__ import annotations

from typing import Any

from app.domain.errors import BadInput
from app.domain.ids import AccountId, ChatId
from app.domain.policy import Policy, change_policy
from app.store import accounts, chats, consents, replies
from app.store.accounts import Account
from app.store.consents import Consent
from app.store.engine import Store

__all__ = ["Consent", "Restraining"]
_LONGEST_SOURCE, _LONGEST_NOTE = 40, 2000


class Restraining:
    """Policies and consents."""

    def __init__(self, store: Store, author: str) -> None:
        self._store = store
        self._author = author

    async def find_account(self, wanted: str) -> Account:
        """Return the account of this id or name.

        Raises:
            BadInput: There is none, or several have the name.
        """
        async with self._store.read() as connection:
            known = await accounts.list_accounts(connection)
        found = [a for a in known if str(a.id) == wanted.strip()]
        found = found or [a for a in known if a.name.casefold() == wanted.strip().casefold()]
        if len(found) != 1:
            raise BadInput(f"{wanted!r} is not one phone; `phoneshelf phones` lists them with their ids")
        return found[0]

    async def set_policy(self, account: AccountId, **values: Any) -> Policy:
        """Change some values of an account's policy and return it; replies that wait are looked at again.

        Raises:
            BadInput: A value is out of its limits.
        """
        async with self._store.write() as unit:
            before = (await accounts.get_account(unit.connection, account)).policy
            try:
                policy = change_policy(before, **values)
            except ValueError as error:
                raise BadInput(str(error)) from error
            await accounts.set_policy(unit, account, policy)
            for waiting in (await replies.list_queue(unit.connection, account))[0]:
                await unit.touch("reply", waiting.id, waiting.chat)
        return policy

    async def add_consent(self, chat_id: ChatId, source: str, note: str) -> Consent:
        """Record that the customer of a chat agreed to be written to.

        Args:
            chat_id: The chat.
            source: Where it was given: e-mail, at the counter, a form.
            note: What was agreed, in words that can be shown to the customer later.

        Raises:
            BadInput: A part is missing or too long, or there is no such chat.
        """
        source, note = source.strip(), note.strip()
        if not source or not note:
            raise BadInput("a consent says where it was given and what was agreed")
        if len(source) > _LONGEST_SOURCE or len(note) > _LONGEST_NOTE:
            raise BadInput(f"the source has at most {_LONGEST_SOURCE} characters, the note {_LONGEST_NOTE}")
        async with self._store.write() as unit:
            if await chats.get_chat(unit.connection, chat_id) is None:
                raise BadInput(f"there is no chat {chat_id}")
            consent_id = await consents.add_consent(unit, chat_id, source, note, self._author)
            return (await consents.list_consents(unit.connection, consent_id))[0]

    async def list_consents(self) -> list[Consent]:
        """Return the consents that hold, oldest first."""
        async with self._store.read() as connection:
            return await consents.list_consents(connection)

    async def withdraw_consent(self, consent_id: int) -> bool:
        """Mark a consent as withdrawn, now and by whom; false when there is none that holds."""
        async with self._store.write() as unit:
            return await consents.withdraw_consent(unit, consent_id, self._author)
