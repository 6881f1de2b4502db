"""`dumpsys notification` becomes NotificationSeen, one a chat. Values there are not escaped: cut only at safe places.

Both header styles and both extras styles are read, each by itself (phone-screens.md 3 and 10.4).
"""

from __future__ import annotations

import re

from app.domain.message import Content, Kind, Media
from app.domain.observation import NotificationSeen, NotifiedMessage
from devices.screens import words
from devices.screens.tree import APPS

_RECORD = re.compile(r"^[ \t]*NotificationRecord\(0x[0-9a-f]+: pkg=", re.MULTILINE)
_END = re.compile(r"^  (?=\S)[A-Z][^=\n]*:\s*$", re.MULTILINE)
_PACKAGE = re.compile(r"pkg=(\S+)")
_USER = re.compile(r"user=UserHandle\{(\d{1,9})\}")
_KEY = re.compile(r"^[ \t]+key=(.*?\|\d+)\s*$", re.MULTILINE | re.DOTALL)
_HEADER_KEY = re.compile(r"key=(\d+\|.*?\|\d+)(?=: Notification|appImportanceLocked|[:\s)]|$)", re.DOTALL)
_SHORTCUT = re.compile(r"shortcut=(\S+@(?:s\.whatsapp\.net|g\.us|lid|c\.us|newsletter|broadcast))")
_FLAGS = re.compile(r"flags=(\S+)")
_TEMPLATE = re.compile(r"android\.template=String \((.*?)\)")
_EXTRA = r"^[ \t]*{}=(?:Spannable)?String(?:Builder)? \((.*?)\)\s*$"
_ELEMENT = re.compile(r"^[ \t]*\[\d+\] ", re.MULTILINE)
_COUNT = re.compile(r"android\.messages=(?:Parcelable|Bundle)\[\] \((\d{1,9})\)")
_GROUP_SUMMARY_FLAG = 0x200


def parse_notifications(dump: str, package: str | None = None) -> list[NotificationSeen]:
    """Return the chats' notifications of WhatsApp, newest format or older, redacted or not.

    Summary records are left out: they repeat a text of their children.

    Args:
        dump: What `dumpsys notification [--noredact]` printed.
        package: Only this app's; None for both.
    """
    wanted = (package,) if package else APPS
    found: dict[str, NotificationSeen] = {}
    for record in _records(dump):
        header_package = _PACKAGE.search(record)
        if header_package is None or header_package[1] not in wanted or _is_summary(record):
            continue
        seen = _notification(record, header_package[1])
        if seen is not None:
            found[seen.key] = seen
    return list(found.values())


def _records(dump: str) -> list[str]:
    """Cut the list into records; what follows the list repeats old keys and is left out."""
    dump = dump.replace("\r\n", "\n")
    starts = [m.start() for m in _RECORD.finditer(dump)]
    records = []
    for index, start in enumerate(starts):
        stop = starts[index + 1] if index + 1 < len(starts) else len(dump)
        record = dump[start:stop]
        end = next((m for m in _END.finditer(record) if not _is_inside_value(record[: m.start()])), None)
        records.append(record[: end.start()] if end else record)
        if end:
            break
    return records


_VALUES: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = (
    (re.compile(r"=(?:Spannable)?String(?:Builder)? \("), re.compile(r"\)[ \t]*$", re.MULTILINE)),
    (re.compile(r"^[ \t]*\[\d+\] Bundle\[\{", re.MULTILINE), re.compile(r"\}\][ \t]*$", re.MULTILINE)),
    (
        re.compile(r"^[ \t]*tickerText=", re.MULTILINE),
        re.compile(r"^[ \t]*contentView=|^[ \t]*android\.", re.MULTILINE),
    ),
)


def _is_inside_value(before: str) -> bool:
    """Tell whether a text that somebody wrote is still open: its lines may look like headings of the dump."""
    for opens, closes in _VALUES:
        starts = list(opens.finditer(before))
        if starts and not closes.search(before, starts[-1].end()):
            return True
    return False


def _is_summary(record: str) -> bool:
    """Flags decide, in hexadecimal or by name; a record without messages is no chat either."""
    # Behind these words texts of people begin.
    head = re.split(r"tickerText=|extras=\{|android\.", record, maxsplit=1)[0]
    for flags in _FLAGS.findall(head):
        value = flags.rstrip(")")
        if "GROUP_SUMMARY" in value:
            return True
        if value.startswith("0x") and _hex(value) & _GROUP_SUMMARY_FLAG:
            return True
    template = _TEMPLATE.search(record)
    if template and "InboxStyle" in template[1]:
        return True
    return "android.messages=" not in record and not _ELEMENT.search(record)


def _hex(text: str) -> int:
    try:
        return int(text, 16)
    except ValueError:
        return 0


def _notification(record: str, package: str) -> NotificationSeen | None:
    shortcut = _SHORTCUT.search(record)
    jid = shortcut[1] if shortcut else ""
    title = _extra(record, r"android\.title")
    conversation = _extra(record, r"android\.conversationTitle")
    is_group = "android.isGroupConversation=Boolean (true)" in record or jid.endswith("@g.us")
    messages = _messages(record)
    count = _COUNT.search(record)
    key = _KEY.search(record) or _HEADER_KEY.search(record)
    user = _USER.search(record)
    return NotificationSeen(
        package=package,
        key=key[1].replace("\n", "") if key else f"{package}|{jid or title}",
        jid=jid,
        title=_group_title(conversation or title) if is_group else title,
        is_group=is_group,
        messages=tuple(messages),
        count=int(count[1]) if count else len(messages),
        is_redacted="android.title=String [length=" in record or (count is not None and int(count[1]) > len(messages)),
        user=int(user[1]) if user else 0,
    )


def _extra(record: str, name: str) -> str:
    match = re.search(_EXTRA.format(name), record, re.MULTILINE | re.DOTALL)
    return words.bare(match[1]) if match else ""


def _group_title(title: str) -> str:
    """Take the counter and the sender off "Group (2 messages): Sender" (10.4)."""
    return re.sub(r"\s*\(\d+[^()]*\)(?=$|:)", "", title, count=1)


def _messages(record: str) -> list[NotifiedMessage]:
    start = record.find("android.messages=")
    body = record[start:] if start >= 0 else record
    elements = [m.start() for m in _ELEMENT.finditer(body)]
    found = []
    for index, begin in enumerate(elements):
        stop = elements[index + 1] if index + 1 < len(elements) else len(body)
        message = _message(body[begin:stop])
        if message is not None:
            found.append(message)
    return found


_TIME = re.compile(r"(?:^|[{ ])time=(\d{10,14})(?=[,}])")


def _message(element: str) -> NotifiedMessage | None:
    """Read `[0] Bundle[{extras=…, sender=…, text=…, time=…}]` whose values are not escaped.

    The last `, time=` closes the text; the first `, text=` opens it.
    """
    # Where an element runs on into the next extra, its own end is the first line that closes the bundle.
    end = re.search(r"\}\]\s*(?=\n|$)", element)
    while (
        end
        and not _TIME.search(element[: end.end()])
        and (again := re.compile(r"\}\]\s*(?=\n|$)").search(element, end.end()))
    ):
        end = again
    inner = element[element.find("Bundle[{") + 8 : end.start() if end else len(element)]
    times = list(re.finditer(r"(?:^|, )time=(\d{10,14})(?=, |$)", inner))
    if not times or "Bundle[{" not in element:
        return None
    time = times[-1]
    text = _text_of(inner, time)
    sender = re.search(
        r"(?:^|, )sender=(.*?)(?=, (?:text|time|type|uri|extras|sender_person)=|$)",
        inner,
        re.DOTALL,
    )
    return NotifiedMessage(words.bare(sender[1]) if sender else "", _content(text), int(time[1]))


def _text_of(inner: str, time: re.Match[str]) -> str:
    """Return the text field: to the last `time=` when that follows it, else to the end or the next known field."""
    begin = re.search(r"(?:^|, )text=", inner)
    if begin is None:
        return ""
    if time.start() >= begin.end():
        others = inner[: begin.start() + 2] + inner[time.end() :]
        return _without_fields(inner[begin.end() : time.start()], others)
    rest = inner[begin.end() :]
    # Bundles print in hash order: here the text stands behind its time.
    later = re.search(r", (?:extras=Bundle|sender_person=android\.app\.Person|sender=)", rest)
    return rest[: later.start()] if later else rest


_LATER_FIELD = re.compile(
    r", (?:(sender)=[^\n]*|(sender_person)=android\.app\.Person@\w+|(extras)=Bundle\[.*\]|"
    r"(type)=(?:null|[\w.+-]+/[\w.+*-]+)|(uri)=(?:null|\S+://\S+))$"
)


def _without_fields(text: str, others: str) -> str:
    """Take fields off that stand between text and time; one that the element names elsewhere belongs to the text."""
    taken: set[str] = set()
    while (comma := text.rfind(", ")) >= 0:
        # The last field first; its value may hold commas, so try each comma from the right.
        found = None
        while comma >= 0 and (found := _LATER_FIELD.match(text, comma)) is None:
            comma = text.rfind(", ", 0, comma)
        if found is None:
            break
        name = str(found.lastgroup or next(g for g in found.groups() if g))
        if name in taken or re.search(rf"(?:^|, ){name}=", others):
            break
        taken.add(name)
        text = text[: found.start()]
    return text


def _content(text: str) -> Content:
    """Return text, or the kind of media that an emoji and its word stand for."""
    head, _, rest = text.partition(" ")
    kind = words.EMOJI_KINDS.get(head.rstrip("\ufe0f"))
    if kind is not None:
        known = words.MEDIA_PREVIEWS.get(kind, ())
        rest_folded = words.fold(re.sub(r"\s*\([\d:]+\)$", "", rest))
        if rest_folded in known:
            return Content(Kind(kind), media=Media())
        if kind in ("document", "location", "contact", "poll") and rest:
            return Content(Kind(kind), media=Media(name=words.bare(rest)))
    if words.fold(text).rstrip(".") in words.DELETED:
        return Content(Kind.DELETED)
    return Content(Kind.TEXT, text.strip("\u200e\u200f"))
