"""What states, reasons and kinds are called, and when things were: every sentence that more than one widget says."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from PySide6.QtCore import QDate, QDateTime, QLocale, Qt, QTime

from app.domain.message import Content, Direction, Kind, Shown, Tick
from app.domain.phone import PhoneState
from app.domain.reply import Reason, ReplyState, Wait
from app.services.browsing import MessageRow
from ui.words import isolate, mark, one_line, tr

PHONE_WORD: dict[PhoneState, str] = {
    PhoneState.STARTING: mark("starting"),
    PhoneState.READY: mark("ready"),
    PhoneState.UNPLUGGED: mark("unplugged"),
    PhoneState.UNAUTHORISED: mark("not authorised"),
    PhoneState.NOT_ANSWERING: mark("not answering"),
    PhoneState.LOCKED: mark("locked"),
    PhoneState.APP_MISSING: mark("no WhatsApp"),
    PhoneState.BLOCKED: mark("needs a person"),
    PhoneState.UNPREPARED: mark("not prepared"),
    PhoneState.NO_APPIUM: mark("no Appium"),
    PhoneState.READ_ONLY: mark("read-only"),
    PhoneState.IN_USE: mark("in somebody's hand"),
    PhoneState.RESTRICTED: mark("restricted"),
    PhoneState.STOPPED: mark("not driven"),
}

PHONE_STEP: dict[PhoneState, str] = {
    PhoneState.STARTING: mark("Wait a moment: the phone is being made ready."),
    PhoneState.READY: "",
    PhoneState.UNPLUGGED: mark("Check the cable or the network of the phone; work goes on by itself."),
    PhoneState.UNAUTHORISED: mark("Look at the phone and accept “Allow USB debugging”."),
    PhoneState.NOT_ANSWERING: mark("The program restarts its connection; if this stays, restart the phone."),
    PhoneState.LOCKED: mark("Unlock the phone and set its screen lock to none or swipe."),
    PhoneState.APP_MISSING: mark("Install and set up WhatsApp Business on the phone."),
    PhoneState.BLOCKED: mark("Look at the phone: a screen waits there that a person must answer."),
    PhoneState.READ_ONLY: mark(
        "The app on this phone looks otherwise than this program knows: nothing is typed, replies wait. "
        "Look whether something lies over it; if not, have the one who looks after the program see to it."
    ),
    PhoneState.IN_USE: mark("Somebody uses the phone by hand; work goes on a minute after they are done."),
    PhoneState.UNPREPARED: mark(
        "Files for the phone are missing on this PC: start Phoneshelf once by run.py while online, or install it anew."
    ),
    PhoneState.NO_APPIUM: mark(
        "Start the Appium server that the settings name, and see that it has UiAutomator2, adb and this phone."
    ),
    PhoneState.RESTRICTED: mark("WhatsApp restricts this account: read the notice on the phone. Nothing is sent."),
    PhoneState.STOPPED: mark("Nobody drives this phone: start “phoneshelf bridge” on the PC beside it."),
}

REASON: dict[Reason, str] = {
    Reason.PHONE_AWAY: mark("The phone was away. Check its cable, then send again."),
    Reason.PHONE_LOCKED: mark("The phone was locked. Unlock it, then send again."),
    Reason.SCREEN_NOT_RECOGNISED: mark("The phone showed a screen that is not known. Look at the phone."),
    Reason.WRONG_CHAT: mark("Another chat was open on the phone, so nothing was typed. Send again."),
    Reason.CHAT_NOT_FOUND: mark("The chat was not found on the phone. Look whether it is still there."),
    Reason.CHAT_AMBIGUOUS: mark("Several chats have this name. Give the contact a name of its own on the phone."),
    Reason.NOT_ON_APP: mark("This number is not on WhatsApp. Reach the customer in another way."),
    Reason.READ_ONLY: mark("Nobody can write in this chat (left, blocked, or announcements only)."),
    Reason.TEXT_NOT_ACCEPTED: mark("The phone did not take the text over exactly. Shorten or change it."),
    Reason.SOMEONE_ELSE_TYPING: mark("Somebody was typing on the phone itself. Send again when they are done."),
    Reason.NOT_CONFIRMED: mark("Send was pressed, but the phone did not show the message afterwards."),
    Reason.PROGRAM_STOPPED: mark("The program stopped while it was sending."),
    Reason.ACCOUNT_BLOCKED: mark("WhatsApp restricts this account. Read the notice on the phone."),
    Reason.SETTLED_BY_PERSON: mark("A colleague looked at the phone and said so."),
    Reason.TOO_LONG: mark("This text is too long for one message."),
    Reason.FIRST_CONTACT: mark("This customer has not written yet. Record a consent first (phoneshelf consent add)."),
    Reason.UNANSWERED: mark("The last messages to this customer are not answered yet. Wait, or ask a lead."),
    Reason.QUIET_HOURS: mark("This number keeps quiet hours; the reply goes when they end."),
    Reason.HOURLY_CEILING: mark("This number sent its most for one hour; the reply goes when there is room."),
    Reason.PACE: mark("One phone has one typist; the reply goes in its turn."),
    Reason.UNDO: mark("It can still be taken back."),
    Reason.BEHIND_OTHERS: mark("Earlier replies go first."),
    Reason.NEEDS_NUMBER: mark("A file goes only to a chat with one customer whose number is known."),
    Reason.FILE_MISSING: mark("The stored copy of this file is gone or damaged. Attach the file again."),
    Reason.FILE_NOT_PUSHED: mark("The phone did not take the file. Look whether it has room left."),
    Reason.FILE_NOT_OFFERED: mark("WhatsApp did not take the file for this chat; nothing was sent. Send it by hand."),
    Reason.SENT_BY_HAND: mark("Somebody sent these very words from the phone itself, so they were not sent again."),
    Reason.QUOTE_NOT_FOUND: mark("The message to quote was not found on the phone, or stands too far up."),
    Reason.QUOTE_AMBIGUOUS: mark("Several messages look like the one to quote, so none was quoted."),
    Reason.QUOTE_NOT_TAKEN: mark("WhatsApp did not quote that message. Send the reply without a quote, or by hand."),
    Reason.QUOTE_LOST: mark("It was sent, but the phone shows it without the quote."),
    Reason.LAYOUT_UNKNOWN: mark("The app on the phone looks otherwise than is known, so nothing is typed there now."),
}

REPLY_WORD: dict[ReplyState, str] = {
    ReplyState.QUEUED: mark("Waits for the phone"),
    ReplyState.CLAIMED: mark("The phone opens the chat"),
    ReplyState.TYPING: mark("The phone is typing"),
    ReplyState.SUBMITTED: mark("Sent, waiting to see it on the phone"),
    ReplyState.SENT: mark("Sent"),
    ReplyState.DELIVERED: mark("Delivered"),
    ReplyState.READ: mark("Read"),
    ReplyState.FAILED: mark("Not sent"),
    ReplyState.UNKNOWN: mark("Not known whether it was sent"),
    ReplyState.CANCELLED: mark("Taken back"),
}

TICK_WORD: dict[Tick, str] = {
    Tick.PENDING: mark("on its way"),
    Tick.SENT: mark("sent"),
    Tick.DELIVERED: mark("delivered"),
    Tick.READ: mark("read"),
    Tick.UNKNOWN: mark("state not known"),
}

KIND_WORD: dict[Kind, str] = {
    Kind.TEXT: "",
    Kind.PHOTO: mark("Photo"),
    Kind.VIDEO: mark("Video"),
    Kind.VOICE: mark("Voice message"),
    Kind.DOCUMENT: mark("Document"),
    Kind.STICKER: mark("Sticker"),
    Kind.LOCATION: mark("Location"),
    Kind.CONTACT: mark("Contact"),
    Kind.POLL: mark("Poll"),
    Kind.CALL: mark("Call"),
    Kind.VIEW_ONCE: mark("Photo or video to be seen once"),
    Kind.DELETED: mark("This message was deleted"),
    Kind.SYSTEM: "",
    Kind.UNKNOWN: mark("A kind of message that is not known here; look at the phone"),
}


def said(text: str) -> str:
    """Return a marked text in the language of the window."""
    return tr(text) if text else ""


def summary(content: Content) -> str:
    """Return a message in one line, without who wrote it."""
    word = said(KIND_WORD[content.kind])
    text = one_line(content.text[:300])
    if content.kind in (Kind.DELETED, Kind.VIEW_ONCE) or not text:
        name = one_line(content.media.name) if content.media else ""
        return f"{word}: {name}" if name and content.kind is Kind.DOCUMENT else word or text
    return text


def reply_line(row: MessageRow) -> str:
    """Return where a reply stands, with its reason."""
    if row.reply_state is None:
        return ""
    line = said(REPLY_WORD[row.reply_state])
    if row.reply_state is ReplyState.QUEUED:
        if row.reason is Reason.LAYOUT_UNKNOWN:
            return f"{line}. {said(REASON[row.reason])}"
        return f"{_until(row.wait, row.shown)} {_for(row.wait.reason)}" if row.wait else line
    return f"{line}. {said(REASON[row.reason])}" if row.reason else line


def _for(reason: Reason) -> str:
    """Return what a reply waits for. The sentence of a reply that failed would ask to send it again."""
    is_taken = reason is Reason.SOMEONE_ELSE_TYPING
    return tr("Somebody is typing on the phone itself.") if is_taken else said(REASON[reason])


def _until(wait: Wait, queued: Shown) -> str:
    """Return until when a reply waits; with the day where that is not the day on which it was queued."""
    then = local(wait.until)
    time = short_time(then.time())
    if queued.day is not None and then.date() != QDate(queued.day.year, queued.day.month, queued.day.day):
        time = f"{QLocale().toString(then.date(), 'd MMM')} {time}"
    return tr("Waits until %1.").replace("%1", time)


def row_line(row: MessageRow) -> str:
    """Return what a screen reader says of a message."""
    if row.content.kind is Kind.SYSTEM:
        return summary(row.content) or tr("A notice of the app")
    who = isolate(row.content.sender or "") if row.content.sender else ""
    if row.direction is Direction.OUT:
        who = isolate(row.author) if row.author else tr("We")
    parts = [who or tr("Customer"), summary(row.content), clock_text(row.shown)]
    if row.order is None:
        parts.append(reply_line(row))
    elif row.content.tick is not None:
        parts.append(said(TICK_WORD[row.content.tick]))
    if row.content.edited:
        parts.append(tr("edited"))
    if row.gone:
        parts.append(tr("no longer on the phone"))
    return ", ".join(part for part in parts if part)


# -- when ----------------------------------------------------------------------------------------


def clock_text(shown: Shown) -> str:
    """Return the minute that the phone showed."""
    if shown.minute is None:
        return ""
    return short_time(QTime(shown.minute // 60, shown.minute % 60))


def short_time(time: QTime) -> str:
    """Return a time as this language writes it."""
    return QLocale().toString(time, QLocale.FormatType.ShortFormat)


def local(moment: datetime) -> QDateTime:
    """Return a moment in the time of this PC."""
    return QDateTime.fromSecsSinceEpoch(int(moment.timestamp()))


def hour_minute(moment: datetime, now: datetime) -> str:
    """Return `14:02` for today, and with the day otherwise."""
    then = local(moment)
    time = short_time(then.time())
    if then.date() == local(now).date():
        return time
    return f"{QLocale().toString(then.date(), 'd MMM')} {time}"


def list_time(moment: datetime | None, now: datetime) -> str:
    """Return a chat's time for the list: the minute, yesterday, the weekday, the day."""
    if moment is None:
        return ""
    then, today = local(moment), local(now).date()
    days = then.date().daysTo(today)
    if days <= 0:
        return short_time(then.time())
    if days == 1:
        return tr("Yesterday")
    if days < 7:
        return QLocale().dayName(then.date().dayOfWeek(), QLocale.FormatType.ShortFormat)
    return QLocale().toString(then.date(), "d MMM" if then.date().year() == today.year() else "d MMM yyyy")


def whole_day(day: date) -> str:
    """Return a day in full, for a screen reader."""
    return QLocale().toString(QDate(day.year, day.month, day.day), QLocale.FormatType.LongFormat)


def short_day(day: str | None) -> str:
    """Return an ISO day in short, nothing where it is not known."""
    return QLocale().toString(QDate.fromString(day, Qt.DateFormat.ISODate), "d MMM yyyy") if day else ""


def day_line(day: date, today: date) -> str:
    """Return a day for the separator between messages."""
    if day == today:
        return tr("Today")
    if day == today - timedelta(days=1):
        return tr("Yesterday")
    form = "dddd d MMMM" if day.year == today.year else "dddd d MMMM yyyy"
    text = QLocale().toString(QDate(day.year, day.month, day.day), form)
    return text[:1].upper() + text[1:]


def summary_of_text(text: str) -> str:
    """Return a text in one short line."""
    line = one_line(text[:200])
    return line if len(line) <= 80 else line[:79] + "…"
