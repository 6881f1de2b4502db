"""The verbs by which tests and the demo act as the people and servers around the app."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from devices.simulated.whatsapp.conversation import Conversation
from devices.simulated.whatsapp.customers import Customers
from devices.simulated.whatsapp.dialogs import Blocking, Dialogue, NotOnWhatsApp, Searching
from devices.simulated.whatsapp.filling import Filling, fill_media
from devices.simulated.whatsapp.links import SUFFIX
from devices.simulated.whatsapp.media_files import download_media
from devices.simulated.whatsapp.messaging import Messaging
from devices.simulated.whatsapp.model import KINDS, TICKS, Chat, Message, Quote
from devices.simulated.whatsapp.navigating import Navigating
from devices.simulated.whatsapp.pickers import MediaComposer
from devices.simulated.whatsapp.skins import skin_named
from devices.simulated.whatsapp.state import AppState

Args = dict[str, Any]
_MESSAGE_FIELDS = frozenset(
    {
        "name",
        "size",
        "info",
        "duration_s",
        "count",
        "link_title",
        "link_url",
        "is_forwarded",
        "is_edited",
        "is_downloaded",
        "picture",
        "status",
    }
)
_CHAT_FIELDS = frozenset(
    {
        "name",
        "about",
        "members",
        "is_pinned",
        "is_muted",
        "is_archived",
        "is_disappearing",
        "is_business",
        "is_online",
        "is_read_only",
        "is_media_private",
        "kind",
        "draft",
        "quoting",
        "unread",
        "photo_desc",
        "is_name_described",
    }
)


class Controls:
    """Acts from outside. A chat is named by `chat`: its jid, its number, or its exact title."""

    def __init__(self, state: AppState, messaging: Messaging, navigating: Navigating, customers: Customers) -> None:
        self._state = state
        self._messaging = messaging
        self._navigating = navigating
        self._customers = customers
        self._verbs: dict[str, Callable[[Args], object]] = {
            "customer_writes": self._customer_writes,
            "owner_types_by_hand": self._owner_types,
            "advance_ticks": self._advance_ticks,
            "edit": self._edit,
            "revoke": self._revoke,
            "react": self._react,
            "late_arrival": self._late_arrival,
            "add_chat": self._add_chat,
            "fill": self._fill,
            "truth": self._truth,
            "show": self._show,
            "settings": self._settings,
            "open_chat": self._open_chat,
            "download": self._download,
            "go_home": lambda _: self._navigating.go_home(),
            "typing": self._typing,
            "mute": self._mute,
            "live": self._live,
            "update_app": self._update_app,
        }

    def do(self, verb: str, args: Args) -> object:
        """Do one verb.

        Raises:
            KeyError: An unknown verb, chat or message.
        """
        return self._verbs[verb](args)

    def _chat(self, args: Args) -> Chat:
        name = str(args["chat"])
        chats = self._state.book.chats
        if name in chats:
            return chats[name]
        for chat in chats.values():
            if chat.title == name:
                return chat
        digits = "".join(char for char in name if char.isdigit())
        if "@" in name or not digits:
            return self._state.book.open(name if "@" in name else f"{name}{SUFFIX}")
        return self._state.book.open(digits + SUFFIX)

    def _message(self, args: Args) -> tuple[Chat, Message]:
        chat = self._chat(args)
        if "message" in args:
            return chat, chat.find(int(args["message"]))
        last = chat.last
        if last is None:
            raise KeyError(f"no message in {chat.jid}")
        return chat, last

    def _made(self, chat: Chat, args: Args, sender: str) -> Message:
        kind = str(args.get("kind", "text"))
        if kind not in KINDS:
            raise KeyError(f"no kind {kind!r}")
        message = self._state.new_message(chat, kind, sender, str(args.get("text", "")))
        if kind != "text":
            fill_media(message, self._state.random)
        for name in _MESSAGE_FIELDS & set(args):
            setattr(message, name, args[name])
        if "options" in args:
            message.options = tuple(args["options"])
        if "quote" in args:
            message.quote = Quote(str(args["quote"]["title"]), str(args["quote"]["text"]))
        if "at" in args:
            message.sent_at = datetime.fromisoformat(args["at"]).astimezone(message.sent_at.tzinfo)
        return message

    def _sender(self, chat: Chat, args: Args) -> str:
        who = str(args.get("sender", ""))
        if chat.kind != "group":
            return chat.jid
        for jid, name in chat.members.items():
            if who in {jid, name}:
                return jid
        if not who:
            return sorted(chat.members)[0]
        digits = "".join(char for char in who if char.isdigit())
        jid = digits + SUFFIX if digits else f"3160000{sum(map(ord, who)) % 10000:04}{SUFFIX}"
        chat.members[jid] = who
        return jid

    def _customer_writes(self, args: Args) -> object:
        chat = self._chat(args)
        if args.get("name") and args.get("kind", "text") == "text" and not chat.name:
            chat.name = str(args["name"])
            args = {key: value for key, value in args.items() if key != "name"}
        message = self._made(chat, args, self._sender(chat, args))
        return self._messaging.receive(chat, message).truth()

    def _owner_types(self, args: Args) -> object:
        chat = self._chat(args)
        message = self._made(chat, args, "")
        message.is_by_hand = True
        return self._messaging.send(chat, message).truth()

    def _late_arrival(self, args: Args) -> object:
        chat = self._chat(args)
        anchor = chat.find(int(args["before"])) if "before" in args else chat.last
        sender = "" if args.get("own") else self._sender(chat, args)
        message = self._made(chat, args, sender)
        if anchor is not None and "at" not in args:
            message.sent_at = anchor.sent_at - timedelta(seconds=1)
        before = anchor.id if anchor is not None else 0
        if sender:
            return self._messaging.receive(chat, message, before).truth()
        message.status = "delivered"
        chat.place(message, before)
        return message.truth()

    def _advance_ticks(self, args: Args) -> object:
        chat = self._chat(args)
        status = str(args.get("to", "read"))
        own = [message for message in chat.messages if message.is_own]
        if "message" in args:
            own = [chat.find(int(args["message"]))]
        for message in own:
            if TICKS.index(message.status or "pending") < TICKS.index(status):
                message.change(status=status)
        return len(own)

    def _edit(self, args: Args) -> object:
        chat, message = self._message(args)
        self._messaging.edit(chat, message, str(args["text"]))
        return message.truth()

    def _revoke(self, args: Args) -> object:
        chat, message = self._message(args)
        self._messaging.revoke(chat, message)
        return message.truth()

    def _react(self, args: Args) -> object:
        chat, message = self._message(args)
        by = "" if args.get("own") else self._sender(chat, args)
        self._messaging.react(chat, message, by, str(args.get("emoji", "👍")))
        return message.truth()

    def _add_chat(self, args: Args) -> object:
        chat = self._chat({"chat": args.get("jid") or args.get("number") or args["chat"]})
        if chat.jid == self._state.book.own_jid:
            chat.kind = "self"
        for name in _CHAT_FIELDS & set(args):
            setattr(chat, name, args[name])
        if "last_seen" in args:
            chat.last_seen = datetime.fromisoformat(args["last_seen"])
        if args.get("has_notice", True) and not chat.messages and chat.kind != "self":
            chat.messages.append(self._state.new_message(chat, "e2e", "system"))
            chat.messages[0].status = ""
        return chat.truth()

    def _fill(self, args: Args) -> object:
        filling = Filling(self._state, int(args.get("seed", 0)))
        chats = filling.fill(
            int(args.get("chats", 12)), int(args.get("messages", 30)), texts_only=bool(args.get("texts_only"))
        )
        for chat in chats[: int(args.get("unread_chats", 0))]:
            incoming = [message for message in chat.messages if message.sender]
            chat.unread = min(len(incoming), 1 + len(incoming) % 3)
        return [chat.jid for chat in chats]

    def _truth(self, args: Args) -> object:
        if "chat" in args:
            return self._chat(args).truth()
        return [chat.truth() for chat in self._state.book.chats.values()]

    def _show(self, args: Args) -> object:
        name = str(args.get("screen", ""))
        number = str(args.get("number", "+31 6 00000000"))
        state = self._state
        if name in {"", "none"}:
            state.dialog = None
        elif name == "searching":
            state.dialog = Searching()
        elif name == "not_on_whatsapp":
            state.dialog = NotOnWhatsApp(number, str(args.get("form", state.settings.dialog_form)))
        elif name == "dialog":
            state.dialog = Dialogue(str(args.get("text", "")), tuple(args.get("buttons", ("OK",))))
        elif name in {"banner", "tip"}:
            setattr(state.home, f"has_{name}", bool(args.get("on", True)))
        elif name == "attach_sheet" and state.conversation is not None:
            state.conversation.is_sheet_open = bool(args.get("on", True))
        else:
            state.dialog = Blocking.named(name, number)
        return True

    def _settings(self, args: Args) -> object:
        settings = self._state.settings
        for name, value in args.items():
            known = name if hasattr(settings, name) else f"is_{name}"
            if not hasattr(settings, known):
                raise KeyError(name)
            setattr(settings, known, value)
        composer = self._state.top
        if isinstance(composer, MediaComposer):
            composer.others = list(settings.extra_recipients)
        screen = self._state.conversation
        if screen is not None:
            screen.is_restricted = settings.is_restricted
        if not settings.is_offline:
            self._messaging.retry_pending()
        return True

    def _open_chat(self, args: Args) -> object:
        chat = self._chat(args)
        self._navigating.open_chat(chat, str(args.get("text", "")))
        screen = self._state.top
        if isinstance(screen, Conversation) and "offset" in args:
            screen.offset = int(args["offset"])
        return chat.jid

    def _download(self, args: Args) -> object:
        chat, message = self._message(args)
        download_media(message, self._state, chat)
        return message.truth()

    def _typing(self, args: Args) -> object:
        chat = self._chat(args)
        is_on = bool(args.get("on", True))
        attribute = "recording" if args.get("recording") else "typing"
        setattr(chat, attribute, self._sender(chat, args) if is_on else "")
        return is_on

    def _mute(self, args: Args) -> object:
        chat = self._chat(args)
        chat.is_muted = bool(args.get("on", True))
        return chat.is_muted

    def _update_app(self, args: Args) -> object:
        self._state.skin = skin_named(str(args["layout"]))
        return self._state.skin.name

    def _live(self, args: Args) -> object:
        self._customers.live(float(args.get("pause_s", 40.0)), bool(args.get("answers", True)))
        return True
