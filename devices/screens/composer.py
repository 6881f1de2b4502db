"""The screen between choosing files and sending them becomes a ComposerSeen (phone-screens.md 2.3)."""

from __future__ import annotations

from app.domain.observation import ComposerSeen
from devices.screens import words
from devices.screens.tree import Element, is_empty


def parse_composer(window: Element, ids: dict[str, Element]) -> ComposerSeen:
    """Return what the composer holds.

    Args:
        window: The app's window.
        ids: Its elements by local id.
    """
    send = ids.get("send")
    is_button = send is not None and send.clickable and not is_empty(send.bounds)
    return ComposerSeen(
        recipients=_recipients(window),
        caption=_caption(ids),
        files=max(1, len(window.all("media_thumb"))),
        send=send.bounds if send is not None and is_button else None,
    )


def _recipients(window: Element) -> tuple[str, ...]:
    """Return every name there: no capture shows whether a chip is the view with the id or one inside it."""
    inside = [one for chips in window.all("recipient_chips") for one in chips.walk()]
    # A view may repeat its text in its description: texts count where there are any.
    said = [words.bare(one.text) for one in inside if one.text] or [words.bare(one.desc) for one in inside]
    return tuple(name for name in said if name)


def _caption(ids: dict[str, Element]) -> str:
    """Return the caption; an empty field may report its hint, which the box around it has as its description."""
    field, box = ids.get("caption"), ids.get("caption_input")
    if field is None:
        return ""
    hints = {words.bare(field.desc), words.bare(box.desc) if box is not None else ""}
    return "" if words.bare(field.text) in hints else field.text
