"""Print the notifications as `dumpsys notification` does: two forms, redacted or not.

Nothing in a value is escaped, and WhatsApp's tag ends in a line break that breaks the header and
both keys in two (phone-screens.md 3 and 10.4).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from devices.simulated.contract import Notification, NotifiedMessage
from devices.simulated.system.notices import GROUP_KEY, Posted

OLDER, NEWER = "older", "newer"

_COLOR = "0xff21c063"
_REDACTED_TICKER = 16
_TEMPLATE = "android.app.Notification$"
_COMPAT = "androidx.core.app.NotificationCompat$"
_CHANNELS = (
    ("chat_history_backup@1", 2),
    ("other_notifications@1", 2),
    ("silent_notifications_3", 2),
    ("critical_app_alerts@1", 4),
    ("group_chat_defaults_2", 4),
    ("individual_chat_defaults_1", 4),
    ("failure_notifications@1", 3),
    ("media_playback@1", 2),
    ("sending_media@1", 2),
)


class NotificationDump:
    """One call of `dumpsys notification`."""

    def __init__(self, form: str = OLDER, *, is_redacted: bool = True) -> None:
        self._is_newer = form == NEWER
        self._is_redacted = is_redacted

    def print(self, posted: Sequence[Posted], at: datetime) -> str:
        """Return the whole dump: the list, then the sections that mention the app again."""
        lines = ["Current Notification Manager state:", "  Notification List:"]
        for one in posted:
            lines += self._record(one)
        lines += self._after(posted, at)
        return "\n".join(lines) + "\n"

    def _record(self, one: Posted) -> list[str]:
        notice = one.notice
        found = "true" if notice.shortcut else "false"
        when = _when_ms(one)
        return [
            f"    {self._header(one)}",
            f"      uid={one.uid} userId={one.user}",
            f"      opPkg={notice.package}",
            f"      icon=Icon(typ=RESOURCE pkg={notice.package} id=0x7f080317)",
            f"      flags={self._flags(one)}",
            *([f"      originalFlags={self._flags(one)}"] if self._is_newer else []),
            f"      pri={0 if notice.is_summary else 1}",
            f"      key={one.key}",
            "      seen=false",
            f"      groupKey={one.user}|{notice.package}|g:{GROUP_KEY}",
            "      notification=",
            *(f"            {row}" for row in self._body(one, when)),
            *(["      publicNotification=", "            None"] if self._is_newer else []),
            f"      mImportance={'LOW' if notice.is_summary else 'HIGH'}",
            "      mImportanceExplanation=app",
            f"      mGlobalSortKey=crtcl=0x0002:intrsv=1:grnk=0x{one.number:04x}",
            f"      mCreationTimeMs={_ms(one.created_at)}",
            f"      mUpdateTimeMs={_ms(one.updated_at)}",
            f"      shortcut={notice.shortcut or 'null'} found valid? {found}",
        ]

    def _header(self, one: Posted) -> str:
        notice = one.notice
        glue = ": " if self._is_newer else "appImportanceLocked=false: "
        importance = 2 if notice.is_summary else 4
        tag = "null" if notice.tag is None else notice.tag
        return (
            f"NotificationRecord(0x{_hash(one, 1):08x}: pkg={notice.package} user=UserHandle{{{one.user}}} "
            f"id={notice.id} tag={tag} importance={importance} key={one.key}{glue}"
            f"{self._short(one)})"
        )

    def _short(self, one: Posted) -> str:
        notice = one.notice
        actions = f" actions={len(notice.actions)}" if notice.actions else ""
        tick = " tick" if notice.ticker else ""
        sort = "" if notice.is_summary else f" sortKey={one.number % 1000:03d}"
        defaults = "0" if self._is_newer else "0x0"
        public = (
            " publicVersion=Notification(channel=null shortcut=null contentView=null vibrate=null "
            f"sound=null defaults={defaults} flags=0x0 color={_COLOR} category=msg vis=PRIVATE)"
            if self._is_newer
            else ""
        )
        return (
            f"Notification(channel={notice.channel} shortcut={notice.shortcut or 'null'} "
            f"contentView=null vibrate=null sound=null{tick} defaults={defaults} "
            f"flags={self._flags(one)} color={_COLOR} category=msg groupKey={GROUP_KEY}{sort}"
            f"{actions} vis=PRIVATE{public})"
        )

    def _flags(self, one: Posted) -> str:
        if not self._is_newer:
            return f"0x{one.flags:x}"
        return "GROUP_SUMMARY" if one.notice.is_summary else "ONLY_ALERT_ONCE"

    def _body(self, one: Posted, when: int) -> Iterable[str]:
        notice, intent = one.notice, f"PendingIntentRecord{{{_hash(one, 3):x} {one.notice.package}"
        yield "fullscreenIntent=null"
        yield f"contentIntent=PendingIntent{{{_hash(one, 2):x}: {intent} startActivity}}}}"
        yield f"deleteIntent=PendingIntent{{{_hash(one, 4):x}: {intent} broadcastIntent}}}}"
        yield f"number={notice.number}"
        yield "groupAlertBehavior=1"
        yield f"when={when}/{when}" if self._is_newer else f"when={when}"
        yield f"tickerText={self._ticker(notice.ticker)}"
        if self._is_newer:
            yield "vis=0"
        yield from ("contentView=null", "bigContentView=null", "headsUpContentView=null")
        yield f"color={_COLOR}"
        yield f"timeout={'PT72H' if self._is_newer else '0'}"
        if notice.actions:
            yield "actions={"
            for place, label in enumerate(notice.actions):
                hashed = f"{_hash(one, 5 + place):x}"
                yield f'    [{place}] "{label}" -> PendingIntent{{{hashed}: {intent} startService}}}}'
            yield "  }"
        yield "extras={"
        for row in self._extras(one):
            yield f"    {row}"
        yield "}"

    def _extras(self, one: Posted) -> Iterable[str]:
        """Yield the extras; a Bundle's order is that of its hashes, here it is made up."""
        notice = one.notice
        yield self._text("android.title", notice.title)
        if notice.is_group and not notice.is_summary:
            yield self._text("android.hiddenConversationTitle", notice.conversation_title)
        yield "android.reduced.images=Boolean (true)"
        yield from self._summary_lines(notice)
        yield self._text("android.conversationTitle", notice.conversation_title or None)
        yield "android.subText=null"
        style = "InboxStyle" if notice.is_summary else "MessagingStyle"
        yield f"android.template=String ({_TEMPLATE}{style})"
        yield "android.showChronometer=Boolean (false)"
        yield self._text("android.text", notice.text)
        yield "android.progress=Integer (0)"
        compat = f"{_COMPAT}{style}"
        yield f"androidx.core.app.extra.COMPAT_TEMPLATE={self._compat(compat)}"
        if not notice.is_summary:
            yield from self._messaging(one)
        app = f"ApplicationInfo{{{_hash(one, 9):x} {notice.package}}}"
        yield f"android.appInfo=ApplicationInfo ({app})"
        yield "android.showWhen=Boolean (true)"

    def _compat(self, name: str) -> str:
        return f"String [length={len(name)}]" if self._is_redacted else f"String ({name})"

    def _summary_lines(self, notice: Notification) -> Iterable[str]:
        if not notice.is_summary:
            return
        texts = [f"{message.sender}: {message.text}" for message in notice.messages]
        yield f"android.textLines=CharSequence[] ({len(texts)})"
        if not self._is_redacted:
            yield from (f"  [{place}] {text}" for place, text in enumerate(texts))

    def _messaging(self, one: Posted) -> Iterable[str]:
        notice = one.notice
        yield self._text("android.selfDisplayName", notice.self_name)
        yield "android.conversationUnreadMessageCount=Integer (0)"
        kind = "Bundle[]" if self._is_newer else "Parcelable[]"
        yield f"android.messages={kind} ({len(notice.messages)})"
        if not self._is_redacted:
            for place, message in enumerate(notice.messages):
                yield f"  [{place}] {_bundle(message, place)}"
        yield "android.messagingStyleUser=Bundle (Bundle[mParcelledData.dataSize=472])"
        person = f"android.app.Person@{_hash(one, 8):x}"
        yield f"android.messagingUser=Person ({person})"
        yield f"last_row_id=Long ({notice.last_row_id})"
        group = "true" if notice.is_group else "false"
        yield f"android.isGroupConversation=Boolean ({group})"

    def _text(self, name: str, value: str | None) -> str:
        if value is None:
            return f"{name}=null"
        if self._is_redacted:
            return f"{name}=String [length={len(value)}]"
        return f"{name}=String ({value})"

    def _ticker(self, ticker: str) -> str:
        if not ticker:
            return "null"
        is_cut = self._is_redacted and len(ticker) > _REDACTED_TICKER
        return ticker[:8] + "..." if is_cut else ticker

    def _after(self, posted: Sequence[Posted], at: datetime) -> Iterable[str]:
        """Yield the sections after the list; they name the app and its keys again."""
        packages = {one.notice.package: one.uid for one in posted}
        yield "  "
        yield "  mArchive=Archive (25 notifications)"
        yield f"  mEffectsSuppressors=[] at {at:%Y-%m-%d %H:%M:%S}"
        for package, uid in packages.items():
            yield f"      AppSettings: {package} ({uid}) importance=DEFAULT userSet=true"
            for channel, importance in _CHANNELS:
                yield (
                    f"        NotificationChannel{{mId='{channel}', mName=Meldin..., "
                    f"mDescription=, mImportance={importance}, mBypassDnd=false}}"
                )
        yield "  Group summaries:"
        for one in posted:
            if one.notice.is_summary:
                yield f"    0|{one.notice.package}|g:{GROUP_KEY} -> {one.key}"


def _bundle(message: NotifiedMessage, place: int) -> str:
    return (
        f"Bundle[{{extras=Bundle[{{}}], sender_person=android.app.Person@{11 + place:x}, "
        f"sender={message.sender}, text={message.text}, time={message.time_ms}}}]"
    )


def _when_ms(one: Posted) -> int:
    messages = one.notice.messages
    return messages[-1].time_ms if messages else _ms(one.updated_at)


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def _hash(one: Posted, salt: int) -> int:
    return (one.number * 2_654_435_761 + salt * 40_503) & 0x0FFFFFFF
