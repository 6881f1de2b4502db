"""Identities, one type each, so that a chat is never passed where an account belongs."""

from typing import NewType

Serial = NewType("Serial", str)
"""What adb calls a phone: a USB serial or HOST:PORT."""
AccountId = NewType("AccountId", int)
ChatId = NewType("ChatId", int)
MessageId = NewType("MessageId", int)
ReplyId = NewType("ReplyId", str)
"""Made by the client, so that a retried insert stays one reply."""
