"""Draw the list of contacts behind the button for a new chat, as captured in the Business app."""

from __future__ import annotations

from dataclasses import dataclass

from devices.simulated.contract import Bounds, View
from devices.simulated.whatsapp.frames import backgrounds
from devices.simulated.whatsapp.layout import Look
from devices.simulated.whatsapp.metrics import text_width
from devices.simulated.whatsapp.model import Book, Chat
from devices.simulated.whatsapp.views import clipped, node

_ROW_DP = 68.3
_TEXTS = {
    "pt": "Contatos|\u200e{n} contatos|Novo grupo|Novo contato|Adicionar contato via QR code|Contatos no WhatsApp|"
    "Compartilhar link de convite|Ajuda com contatos|Conversar",
    "en": "Contacts|{n} contacts|New group|New contact|Add contact via QR code|Contacts on WhatsApp|"
    "Share invite link|Contacts help|Chat",
    "nl": "Contacten|\u200e{n} contacten|Groep|Nieuw contact|Contact toevoegen via QR-code|Contacten op WhatsApp|"
    "Uitnodigingslink delen|Hulp bij contacten|Chatten",
}


@dataclass(slots=True)
class ContactList:
    """People one can begin a chat with."""

    book: Book
    offset: int = 0
    snackbar: str = ""

    def scroll(self, pixels: int, look: Look) -> int:
        """Move the content down by some pixels (negative: up); return how far it went."""
        before = self.offset
        at = self._list_bounds(look)
        total = sum(row.bounds[3] for row in self._rows(look))
        self.offset = max(0, min(before - pixels, total - (at[3] - at[1])))
        return before - self.offset

    def draw(self, look: Look) -> View:
        """Return the window's root."""
        wide, top = look.width, look.status_bar
        at = (0, top, wide, look.bottom)
        bar = (0, top, wide, top + look.px(56))
        kids = [
            node("FrameLayout#wds_search_bar", bar, [self._toolbar(look, bar)]),
            node("@3FrameLayout#contact_list", (0, bar[3], wide, look.bottom), [self._list(look)]),
        ]
        layout = node("ViewGroup#contact_picker_layout", at, kids)
        parts: list[View] = [node("FrameLayout", at, [node("FrameLayout#fragment", at, [layout])])]
        if self.snackbar:
            parts.append(self._snackbar(look))
        content = node("FrameLayout#a:content", at, parts)
        bar_root = node("FrameLayout#action_bar_root", at, [content])
        body = node("LinearLayout", (0, 0, wide, look.bottom), [node("FrameLayout", at, [bar_root])])
        return node("FrameLayout", (0, 0, *look.display), [body, *backgrounds(look)])

    @staticmethod
    def _list_bounds(look: Look) -> Bounds:
        return (0, look.status_bar + look.px(56), look.width, look.bottom)

    @staticmethod
    def _texts(look: Look) -> list[str]:
        return _TEXTS.get(look.words.language, _TEXTS["en"]).split("|")

    def _people(self) -> list[Chat]:
        return sorted((chat for chat in self.book.chats.values() if chat.kind != "group"), key=lambda chat: chat.title)

    def _toolbar(self, look: Look, at: Bounds) -> View:
        px, words, texts = look.px, look.words, self._texts(look)
        top, right, bottom = at[1], at[2], at[3]
        menu = (right - px(40), top + px(4), right, bottom - px(4))
        search = (menu[0] - px(48), menu[1], menu[0], menu[3])
        tools = [
            node("Button#menuitem_search[cf]", search, desc=words("search")),
            node("ImageView#menuitem_overflow[cfl]", menu, desc=words("more_options")),
        ]
        count = texts[1].replace("{n}", str(len(self._people())))
        kids = [
            node("ImageButton[cf]", (0, top, px(48), bottom), (), "", words("back"), "back"),
            node("TextView", (px(52), top + px(8), px(52 + text_width(texts[0], 18)), top + px(30)), text=texts[0]),
            node("TextView", (px(52), top + px(30), px(52 + text_width(count, 13)), top + px(47)), text=count),
            node("LinearLayoutCompat", (search[0], top, right, bottom), tools),
        ]
        return node("ViewGroup#toolbar", at, kids)

    def _rows(self, look: Look) -> list[View]:
        px, texts = look.px, self._texts(look)
        group = _entry("FrameLayout[cl]", "Button", texts[2], look)
        new = _entry("FrameLayout[l]", "Button", texts[3], look, texts[4])
        title = (0, 0, look.width, px(35.7))
        label = node("TextView#header_textview", (px(16), px(12), look.width - px(16), px(31)), text=texts[5])
        rows = [
            node("FrameLayout", (0, 0, look.width, px(5.9))),
            group,
            new,
            node("LinearLayout[cl]", title, [node("ViewGroup#title", title, [label])]),
        ]
        rows.extend(_person(chat, look) for chat in self._people())
        rows.append(_entry("Button[cf]", "RelativeLayout", texts[6], look))
        helped = _entry("Button[cf]", "RelativeLayout", texts[7], look)
        helped.desc = texts[7]
        return [*rows, helped]

    def _list(self, look: Look) -> View:
        at = self._list_bounds(look)
        y = at[1] - self.offset
        shown = []
        for number, view in enumerate(self._rows(look)):
            row = clipped(view, at, at, y)
            # The first is only room over the rows; it is not in the tree.
            if row is not None and number:
                shown.append(row)
            y += view.bounds[3]
        is_long = y + self.offset > at[3]
        return node("ListView#a:list[fsl]" if is_long else "ListView#a:list[fl]", at, shown)

    def _snackbar(self, look: Look) -> View:
        px = look.px
        at = (0, look.bottom - px(67), look.width, look.bottom)
        box = (px(12), at[1], look.width - px(12), at[3])
        action = (box[2] - px(86), at[1] + px(10), box[2], at[3] - px(10))
        kids = [
            node("TextView#snackbar_text", (box[0], at[1], action[0], at[3]), text=self.snackbar),
            node("Button#snackbar_action[cf]", action, text=self._texts(look)[8]),
        ]
        return node("FrameLayout[f]", at, [node("LinearLayout", box, kids)])


def _entry(outer: str, inner: str, text: str, look: Look, second: str = "") -> View:
    px = look.px
    at = (0, 0, look.width, px(_ROW_DP))
    label = (px(72), px(23), px(72 + text_width(text, 16)), px(45))
    photo = node("ImageView#contactpicker_row_photo", (px(16), px(14), px(56), px(54)))
    kids = [
        node("FrameLayout#contact_selector", (0, 0, px(72), at[3]), [photo]),
        node("LinearLayout", label, [node("TextView#contactpicker_row_name", label, text=text)]),
    ]
    if second:
        place = (look.width - px(64), 0, look.width - px(16), at[3])
        kids.append(node("ImageButton#contactpicker_button_two[cf]", place, desc=second))
    flags = "[cf]" if inner == "Button" else ""
    return node(outer, at, [node(f"{inner}#header_footer_row{flags}", at, kids)])


def _person(chat: Chat, look: Look) -> View:
    px, words = look.px, look.words
    at = (0, 0, look.width, px(_ROW_DP))
    is_self = chat.kind == "self"
    title = f"{chat.title} {words('you_suffix')}" if is_self else chat.title
    status = words("self_status") if is_self else chat.about
    photo = (px(16), px(14), px(56), px(54))
    badge = (px(40), px(34), px(64), px(58))
    selector = [
        node("ImageView#contactpicker_row_photo[cf]", photo, desc=chat.title),
        node("FrameLayout#selection_check", badge),
    ]
    left, right, top = px(72), look.width - px(16), px(13 if status else 23)
    line = (left, top, right, top + px(22))
    name = (left, top, min(right, left + px(text_width(title, 16) + 1)), line[3])
    label = node("Button#contactpicker_row_name", name, text=title, desc="" if is_self else title)
    texts = [node("LinearLayout", line, [node("FrameLayout#contactpicker_row_name_fl", line, [label])])]
    if status:
        below = (left, line[3], min(right, left + px(text_width(status, 14) + 1)), line[3] + px(20))
        texts.append(node("TextView#contactpicker_row_status", below, text=status))
    kids = [
        node("FrameLayout#contact_selector[cf]", (0, 0, px(72), at[3]), selector),
        node("LinearLayout#contactpicker_text_container", (left, px(5), look.width, px(63)), texts),
    ]
    return node("RelativeLayout[cl]", at, kids, "", "", f"chat:{chat.jid}")
