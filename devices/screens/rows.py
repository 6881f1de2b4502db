"""One row of a conversation becomes a RowSeen. Direction: a `status` icon means own (phone-screens.md 0.3)."""

from __future__ import annotations

from app.domain.message import Content, Direction, Kind, Media, Quote, Shown, Tick
from app.domain.observation import Bounds, RowSeen
from app.domain.words import LearnedWords
from devices.screens import words
from devices.screens.days import parse_minute
from devices.screens.profile import Profile
from devices.screens.tree import Element, is_empty


def parse_row(
    row: Element, ids: dict[str, Element], area: Bounds, profile: Profile, *, is_scrollable: bool
) -> RowSeen | None:
    """Return what a row of the list says, or None when it is no message (divider, card, filler).

    Args:
        row: One child of the conversation's list.
        ids: Its elements by local id.
        area: The bounds of the list.
        profile: What the parts of a row are called.
        is_scrollable: Whether the list scrolls at all; rows of one that does not are whole.
    """
    bounds = row.bounds
    if not profile.cards.isdisjoint(ids) or is_empty(bounds):
        return None
    bubble = next((ids[name] for name in profile.bubbles if name in ids), None)
    if bubble is None:
        return _notice(bounds, ids, area, is_scrollable)
    quote_ids = ids["quoted_message_holder"].by_id() if "quoted_message_holder" in ids else {}
    own = ids
    if quote_ids:
        own = bubble.by_id(without=ids["quoted_message_holder"])
        own.update({k: v for k, v in ids.items() if k not in own and k not in quote_ids})
    place = bubble.bounds
    direction, by_side = _direction(own, place, area, is_mirrored=profile.is_mirrored)
    whole = "date" in own and (not is_scrollable or _is_whole(own, place, area))
    shown = Shown(parse_minute(own["date"].text) if "date" in own else None)
    tick_word = words.folded_tick(own["status"].desc) if "status" in own else ""
    tick = words.tick_of(tick_word, profile.words) if tick_word or direction is Direction.OUT else None
    content = _content(own, bubble, tick, quote_ids, profile)
    return RowSeen(
        direction,
        shown,
        content,
        whole,
        bounds,
        tick_word=tick_word,
        has_icon="icon" in own and content.kind in (Kind.TEXT, Kind.DELETED),
        by_side=by_side and whole,
        more_at=_more_places(own, profile.words) if content.cut and whole else (),
    )


def _notice(bounds: Bounds, ids: dict[str, Element], area: Bounds, is_scrollable: bool) -> RowSeen | None:
    """A row without a bubble: a call entry, or a system notice, which has a text and no time."""
    call = ids.get("call_log_title")
    info = call or ids.get("info")
    if info is None or not info.text:
        return None
    kind = Kind.CALL if call else Kind.SYSTEM
    whole = not is_scrollable or (info.bounds[1] > area[1] and info.bounds[3] < area[3])
    minute = parse_minute(ids["date"].text) if "date" in ids else None
    content = Content(kind, words.bare(info.text), media=_media(ids, kind, info))
    direction = Direction.OUT if "status" in ids else Direction.IN
    return RowSeen(direction, Shown(minute), content, whole, bounds)


def _direction(own: dict[str, Element], bubble: Bounds, area: Bounds, *, is_mirrored: bool) -> tuple[Direction, bool]:
    """Return whose message it is, and whether that is known by its side only although its status must be in view."""
    if "status" in own:
        return Direction.OUT, False
    left, right = bubble[0] - area[0], area[2] - bubble[2]
    if is_mirrored:
        left, right = right, left
    # The status stands beside the date: where that is whole in view, there is none.
    if "date" in own and (bubble[3] < area[3] or own["date"].bounds[3] < area[3]):
        return (Direction.OUT, True) if _is_on_our_side(left, right, area) else (Direction.IN, False)
    return (Direction.OUT, False) if right < left else (Direction.IN, False)


def _is_on_our_side(far: int, near: int, area: Bounds) -> bool:
    """Own bubbles stood within a twentieth of their edge in all captures, others a seventh away from it or more."""
    return near * 14 < area[2] - area[0] and far > near * 2


def _is_whole(own: dict[str, Element], bubble: Bounds, area: Bounds) -> bool:
    """Tell whether no edge of the list cuts the bubble; the date stands at its foot (phone-screens.md 0.3)."""
    if bubble[1] <= area[1]:
        return False
    return bubble[3] < area[3] or ("date" in own and own["date"].bounds[3] < area[3])


def _content(
    own: dict[str, Element], bubble: Element, tick: Tick | None, quote: dict[str, Element], profile: Profile
) -> Content:
    kind = _kind(own, bubble, profile)
    text, is_cut = _cut(_text(own, kind, profile), profile.words)
    if kind is Kind.TEXT and _is_deleted(own, text, profile.words):
        kind, text = Kind.DELETED, ""
    sender = own.get("name_in_group_tv")
    label = own.get("forward_label") or own.get("forwarded_label")
    return Content(
        kind=kind,
        text=text,
        tick=tick,
        sender=words.bare(sender.text or sender.desc).removeprefix("~").strip() if sender else None,
        edited="edit_label" in own,
        forwarded=label is not None or _has_forwarded_words(own),
        cut=is_cut,
        reactions=_reactions(own),
        quoted=_quote(quote),
        media=_media(own, kind, bubble),
    )


def _kind(own: dict[str, Element], bubble: Element, profile: Profile) -> Kind:
    if "web_page_preview_holder" in own:
        return Kind.TEXT
    found = next((rule.kind for rule in profile.rows if not rule.ids.isdisjoint(own)), Kind.UNKNOWN)
    if found is Kind.PHOTO and "info" in own and parse_minute(own["info"].text) is not None:
        return Kind.VIDEO
    if found is Kind.TEXT and "message_text" not in own and "date" in own:
        return Kind.TEXT if bubble.first("conversation_text_row") else Kind.UNKNOWN
    return found


def _text(own: dict[str, Element], kind: Kind, profile: Profile) -> str:
    names = profile.row_texts.get(kind, ())
    found = next((text for name in names if name in own and (text := own[name].text)), "")
    if not found and kind is Kind.TEXT:
        found = own["url"].text if "url" in own else own["title"].text if "title" in own else ""
    if not found and kind is Kind.VIEW_ONCE:
        found = next((e.desc for n, e in own.items() if n.startswith("view_once") and e.desc), "")
    return found.strip("\u200e\u200f") if kind is Kind.TEXT else words.bare(found)


def _cut(text: str, learned: LearnedWords) -> tuple[str, bool]:
    """Take the app's "\u2026 Read more" off a long text (phone-screens.md 10.2)."""
    head, dots, tail = text.rpartition("\u2026")
    said = words.fold(tail) if dots else ""
    if said and (said in words.READ_MORE or said in learned.read_more):
        return head.rstrip(), True
    return text, False


def _more_places(own: dict[str, Element], learned: LearnedWords) -> tuple[Bounds, ...]:
    """Return where "Read more" is: a link of its own, as other links in a text are, else on its last line [guess]."""
    text = own.get("message_text")
    if text is None:
        return ()
    links = [one for one in text.walk() if one != text and not is_empty(one.bounds)]
    told = {one: words.fold(one.desc or one.text) for one in links}
    named = [one.bounds for one in links if told[one] in words.READ_MORE or told[one] in learned.read_more]
    left, top, right, bottom = text.bounds
    if named or "date" not in own:
        return tuple(named[-1:])
    line = own["date"].bounds[3] - own["date"].bounds[1]
    foot = max(top, bottom - line)
    if any(one.bounds[3] > foot for one in links):
        # What else is a link there leads out of the app.
        return ()
    third = (right - left) // 3
    return tuple((left + third * n, foot, left + third * (n + 1), bottom) for n in (0, 1, 2))


def _is_deleted(own: dict[str, Element], text: str, learned: LearnedWords) -> bool:
    """Text alone is no proof; the ban icon beside it is the second sign, where the layout has one."""
    said = words.fold(text).rstrip(".")
    known = said in words.DELETED or said in learned.deleted
    if "icon" in own and "conversation_text_row" not in own:
        return known or len(text) < 60
    return known and "icon" in own


def _has_forwarded_words(own: dict[str, Element]) -> bool:
    return any(words.fold(e.text) in words.FORWARDED for n, e in own.items() if n.startswith("forward") and e.text)


def _reactions(own: dict[str, Element]) -> tuple[str, ...]:
    bubble = own.get("reactions_bubble_layout")
    if bubble is None:
        return ()
    texts = [words.bare(e.text) for e in bubble.walk() if e.text and not e.text.strip().isdigit()]
    if not texts and bubble.desc:
        texts = [word for word in bubble.desc.split() if not word.isascii() and not word[0].isalpha()]
    return tuple(dict.fromkeys(texts))


def _quote(ids: dict[str, Element]) -> Quote | None:
    if not ids:
        return None
    title, text = ids.get("quoted_title"), ids.get("quoted_text")
    return Quote(words.bare(title.text or title.desc) if title else "", words.bare(text.text) if text else "")


def _media(own: dict[str, Element], kind: Kind, bubble: Element) -> Media | None:
    if kind in (Kind.TEXT, Kind.DELETED, Kind.SYSTEM):
        return None
    title = own.get("title") if kind is Kind.DOCUMENT else None
    length = own.get("description") if kind is Kind.VOICE else own.get("info") if kind is Kind.VIDEO else None
    detail = own.get("call_log_subtitle") or own.get("place_address") or own.get("file_type")
    button = None if kind is Kind.VOICE else own.get("control_btn")
    size = own.get("file_size") or own.get("download_size")
    # The button says how much there is to download, or only that it may be tried again.
    size = size or (button if button and any(c.isdecimal() for c in button.text) else None)
    return Media(
        name=words.bare(title.text) if title else "",
        size=words.bare(size.text) if size else "",
        duration=words.bare(length.text) if length else "",
        description=words.bare(detail.text) if detail else words.bare(bubble.desc),
        is_absent=button is not None,
        count=_album_count(own),
    )


def _album_count(own: dict[str, Element]) -> int:
    """Count an album's pictures: four at most are drawn, the last with "+N" over it for those behind."""
    shown = sum(f"thumb_{place}" in own for place in range(4))
    more = own["more"].text.strip("\u200e\u200f +") if "more" in own else ""
    return shown + (int(more) - 1 if shown and more.isdecimal() and len(more) < 5 and int(more) else 0)
