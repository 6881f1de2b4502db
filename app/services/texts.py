"""Texts that a person gave, made fit to be kept, or refused with what to give instead."""

from __future__ import annotations

import uuid

from app.domain.errors import BadInput


def new_uid() -> str:
    """Return an identity for something that is made here, so that a retry doubles nothing."""
    return uuid.uuid4().hex


def clean(text: str, what: str, most: int, *, may_be_empty: bool = False) -> str:
    """Return a text as it is kept: without what no database takes, and without space around it.

    Raises:
        BadInput: It is empty, too long, or no text at all; nothing was changed.
    """
    plain = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if not plain and not may_be_empty:
        raise BadInput(f"{what} is empty; nothing was changed. Give at least one character")
    if len(plain) > most:
        raise BadInput(f"{what} has {len(plain)} characters, at most {most} are kept; nothing was changed. Shorten it")
    try:
        plain.encode("utf-8")
    except UnicodeEncodeError as error:
        raise BadInput(f"{what} holds bytes that are no characters; nothing was changed. Type it anew") from error
    return plain


def clean_line(text: str, what: str, most: int, *, may_be_empty: bool = False) -> str:
    """Return a text of one line; what is refused is as for `clean`."""
    return clean(" ".join(text.split()), what, most, may_be_empty=may_be_empty)


def clean_uid(uid: str | None) -> str:
    """Return the identity that a client made, or a new one.

    Raises:
        BadInput: It is none.
    """
    if uid is None:
        return new_uid()
    if not (0 < len(uid) <= 40 and uid.isascii() and uid.isprintable()):
        raise BadInput("an identity has 1 to 40 plain characters; nothing was changed")
    return uid
