"""Read what an intent asks of the app: a number and a text, a file to share, or just to come to the front."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from devices.simulated.contract import Intent

SUFFIX = "@s.whatsapp.net"


@dataclass(frozen=True, slots=True)
class Asked:
    """`kind` is front, chat, share or unknown."""

    kind: str
    jid: str = ""
    text: str = ""
    stream: str = ""
    mime_type: str = ""


def file_path(uri: str) -> str:
    """Return the path that a file:// address names, by the phone's own name of the shared storage."""
    path = unquote(uri.removeprefix("file://"))
    return "/storage/emulated/0" + path.removeprefix("/sdcard") if path.startswith("/sdcard/") else path


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isdigit())


def asked(intent: Intent) -> Asked:
    """Return what an intent asks."""
    if intent.action.endswith((".SEND", ".SEND_MULTIPLE")):
        extras = intent.extras
        return Asked(
            "share",
            extras.get("jid", ""),
            extras.get("android.intent.extra.TEXT", ""),
            extras.get("android.intent.extra.STREAM", ""),
            intent.mime_type,
        )
    if not intent.data:
        return Asked("front")
    return _from_url(intent)


def _from_url(intent: Intent) -> Asked:
    parts = urlsplit(intent.data)
    query = parse_qs(parts.query, keep_blank_values=True)
    text = query.get("text", [intent.extras.get("sms_body", "")])[0]
    if parts.scheme in {"smsto", "sms"}:
        number = _digits(parts.path)
    elif parts.netloc in {"wa.me", "www.wa.me"}:
        number = _digits(parts.path.partition("?")[0])
    elif parts.netloc == "api.whatsapp.com" or parts.scheme in {"whatsapp", "whatsapp-business"}:
        number = _digits(query.get("phone", [""])[0])
    else:
        return Asked("unknown")
    return Asked("chat", number + SUFFIX if number else "", text)
