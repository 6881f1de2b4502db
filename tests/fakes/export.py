"""Writes a phone's chat as the app's "Export chat" does, in the forms of several languages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from app.domain.exported import DateOrder, ExportedRow
from app.domain.message import Direction, Kind
from app.exports.parsing import parse_export
from app.exports.sides import find_owner, rows_of
from tests.fakes.chat import PhoneChat, Sent

CUSTOMER, SHOP = "Otto Bakker", "Winkel Vera"
_NAMES = {Kind.PHOTO: "IMG-20260818-WA0001.jpg", Kind.VOICE: "PTT-20260818-WA0001.opus"}
_IPHONE = {Kind.PHOTO: "00000001-PHOTO-2026-08-18-22-00-00.jpg", Kind.VOICE: "00000002-AUDIO-2026-08-18-22-00-00.opus"}


@dataclass(frozen=True)
class Form:
    """How one language and one kind of phone writes."""

    head: Callable[[datetime], str]
    order: DateOrder
    attached: str = "file attached"
    omitted: str = "<Media omitted>"
    deleted: str = "This message was deleted"
    edited: str = "This message was edited"
    bracketed: bool = False


def _half(at: datetime, am: str, pm: str, space: str) -> str:
    return f"{at.hour % 12 or 12}:{at:%M}{space}{pm if at.hour > 11 else am}"


ARABIC = str.maketrans("0123456789", "".join(chr(0x660 + n) for n in range(10)))
FORMS: dict[str, Form] = {
    "en-GB": Form(lambda at: f"{at:%d/%m/%Y, %H:%M} - ", DateOrder.DMY),
    "en-US": Form(lambda at: f"{at.month}/{at.day}/{at:%y}, {_half(at, 'AM', 'PM', chr(0x202F))} - ", DateOrder.MDY),
    "nl": Form(
        lambda at: f"{at:%d-%m-%Y %H:%M} - ", DateOrder.DMY, "bestand bijgevoegd", "<Media weggelaten>",
        "Dit bericht is verwijderd", "Dit bericht is bewerkt",
    ),
    "nl iPhone": Form(
        lambda at: f"[{at:%d-%m-%Y %H:%M:%S}] ", DateOrder.DMY, "bijgevoegd", "\u200eafbeelding weggelaten",
        "\u200eDit bericht is verwijderd.", "Dit bericht is bewerkt", bracketed=True,
    ),
    "de": Form(
        lambda at: f"{at:%d.%m.%y, %H:%M} - ", DateOrder.DMY, "Datei angehängt", "<Medien ausgeschlossen>",
        "Diese Nachricht wurde gelöscht.", "Diese Nachricht wurde bearbeitet.",
    ),
    "ar": Form(
        lambda at: f"\u200f{at.day}\u200f/{at.month}\u200f/{at:%Y}، {_half(at, 'ص', 'م', ' ')} - ".translate(ARABIC),
        DateOrder.DMY,
    ),
    "ko": Form(
        lambda at: f"{at.year}. {at.month}. {at.day}. {'오후' if at.hour > 11 else '오전'} "
        f"{at.hour % 12 or 12}:{at:%M} - ",
        DateOrder.YMD,
    ),
    "sv": Form(lambda at: f"{at:%Y-%m-%d %H:%M} - ", DateOrder.YMD),
}  # fmt: skip


def exported(sent: list[Sent], form: Form, *, with_files: bool = True, name: str = CUSTOMER) -> str:
    """Return the text of a file with these messages."""
    return "".join(_line(one, form, with_files, name) for one in sent)


def _line(one: Sent, form: Form, with_files: bool, name: str) -> str:
    head = form.head(one.at)
    if one.kind is Kind.SYSTEM:
        return f"{head}{name}: \u200e{one.text}\n" if form.bracketed else f"{head}{one.text}\n"
    who = SHOP if one.direction is Direction.OUT else name
    return f"{head}{who}: {_body(one, form, with_files)}\n"


def _body(one: Sent, form: Form, with_files: bool) -> str:
    if one.kind is Kind.DELETED:
        return form.deleted
    if one.kind in _NAMES:
        if not with_files:
            # An iPhone says what it left out.
            return form.omitted.replace("afbeelding", "audio") if one.kind is Kind.VOICE else form.omitted
        return f"\u200e<{form.attached}: {_IPHONE[one.kind]}>" if form.bracketed else (
            f"{_NAMES[one.kind]} ({form.attached})"
        )  # fmt: skip
    return f"{one.text} <{form.edited}>" if one.edited else one.text


def exported_rows(
    chat: PhoneChat, form: Form, *, with_files: bool = True, last: int | None = None
) -> tuple[tuple[ExportedRow, ...], bool]:
    """Return what the program reads of a chat that was exported, and whether it begins where the chat does."""
    sent = chat.sent if last is None else chat.sent[-last:]
    text = exported(sent, form, with_files=with_files)
    export = parse_export(text, order=form.order, latest=date(2030, 1, 1))
    owner = find_owner(export, CUSTOMER, SHOP if SHOP in export.names else None, is_group=False)
    return rows_of(export, owner, lambda day, minute: (day, minute), is_group=False), export.starts_chat
